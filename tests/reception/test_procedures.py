"""Procedures of a home, and the items of any case: copied, ticked, let go, asked before the end; the file follows."""

import sqlite3
from typing import Any

import pytest

from db import paper_care
from db.store import Store, writing
from reception import (
    SCHEMA,
    cases,
    checklists,
    estate,
    feedback,
    home_dates,
    procedure_facts,
    procedure_register,
    procedure_templates,
    procedures,
    reprints,
    residents,
)
from reception.permissions import KIOSK, Role
from reception.refusal import Refused
from tests.conftest import Clock, actor
from tests.reception.procedure_life import Procedures, words


@pytest.fixture
def made(store: Store, clock: Clock) -> Procedures:
    return Procedures(store, clock)


@pytest.mark.parametrize(
    ("variant", "more"),
    [
        ("move-in-owner", []),
        ("move-in-agent", ["代办人身份证", "委托书（业主签字）"]),
        ("move-in-company", ["单位证明", "经办人身份证明"]),
    ],
)
def test_who_comes_decides_what_he_brings(made: Procedures, variant: str, more: list[str]) -> None:
    """为业主办理入住服务规程: 委托办理另需委托人身份证及委托书，单位购买另需单位证明及个人身份证明."""
    case = made.begin(variant=variant)
    assert case.no.startswith("BL") and case.state == "open"
    tasks = made.tasks(case)
    own = ["业主身份证", "入住通知单（或交房确认书）", "房屋买卖契约（或购房合同）"]
    assert words(tasks, "documents") == own + more
    assert words(tasks, "keys") + words(tasks, "goods") == ["房屋钥匙", "《住户手册》", "房屋水电图", "装修须知"]
    assert all(task.state == "open" for task in tasks)


def test_it_ends_when_everything_required_is_done_and_the_home_s_file_follows(store: Store, made: Procedures) -> None:
    case = made.begin()
    store.execute("UPDATE units SET handover_on = NULL")
    made.tick_all(case, but=1)
    with pytest.raises(Refused, match="items_missing"):
        procedures.finish(store, no=case.no, channel="face", handover_on="2026-11-20", **made.also)
    assert [task.words.zh for task in checklists.lacking(store, case.id, "close")] == ["业主身份证"]
    made.tick_all(case)
    assert case.unit is not None
    for code, day in {"date_missing": "", "date_invalid": "x", "date_to_come": "2026-11-24"}.items():
        with pytest.raises(Refused, match=code):
            procedures.finish(store, no=case.no, channel="face", handover_on=day, **made.also)
    done = procedures.finish(store, no=case.no, channel="face", handover_on="2026-11-23", **made.also)
    assert done.state == "done" and done.closed_at
    dates = home_dates.of_home(store, case.unit.id)
    assert dates.handover_on == "2026-11-23" and case.no in dates.changes[0].reason
    assert [(one.name, one.code) for one in residents.of_home(store, case.unit, whole=True)][-1] == ("何晓梅", "owner")
    (notice,) = feedback.of_case(store, case.id)
    assert notice.text == "入住办理已办结"
    with pytest.raises(Refused, match="case_over"):
        made.tick_all(case)
    with pytest.raises(Refused, match="case_over"):
        checklists.untick(store, no=case.no, item=str(made.tasks(case)[0].id), **made.also)


def test_a_day_of_hand_over_that_is_known_stands(store: Store, made: Procedures) -> None:
    """The warranties hang on it: a head changes it and says why, no move-in does."""
    case = made.begin()
    assert case.unit is not None
    home_dates.change(
        store, unit="1-1-102", completion_on="2024-01-01", handover_on="2024-05-01", contract_end_on="",
        reason="按交房记录", **made.by(made.head),
    )  # fmt: skip
    made.tick_all(case)
    # Typed on a screen from before it was known.
    procedures.finish(store, no=case.no, channel="face", handover_on="2026-11-23", **made.also)
    dates = home_dates.of_home(store, case.unit.id)
    assert dates.handover_on == "2024-05-01" and {one.reason for one in dates.changes} == {"按交房记录"}
    assert residents.of_home(store, case.unit, whole=True)[-1].name == "何晓梅"


def test_a_lease_makes_no_owner_a_tenant(store: Store, made: Procedures) -> None:
    home = estate.find_unit(store, "1-1-102")
    lease = made.begin(template="lease", variant="lease-owner", from_on="2026-12-01", until_on="2027-11-30")
    residents.add(store, nonce="r", unit="1-1-102", name="何晓梅", phone="13700001234", relation="owner", **made.also)
    made.tick_all(lease)
    before = residents.of_home(store, home, whole=True)
    with pytest.raises(Refused, match="tenant_is_owner"):
        procedures.finish(store, no=lease.no, channel="face", **made.also)
    assert residents.of_home(store, home, whole=True) == before
    assert store.value("SELECT state FROM cases WHERE id = ?", [lease.id]) == "open"
    assert feedback.of_case(store, lease.id) == []
    procedures.withdraw(store, no=lease.no, reason="写错名字", channel="face", **made.also)
    with pytest.raises(Refused, match="tenant_is_owner"):
        made.begin(template="lease", variant="lease-owner", from_on="2026-12-01", until_on="2027-11-30")


def test_a_lease_adds_the_tenant_and_a_change_of_owner_lets_the_old_one_go(store: Store, made: Procedures) -> None:
    home = estate.find_unit(store, "1-1-102")
    with pytest.raises(Refused, match="dates_missing"):
        made.begin(template="lease", variant="lease-owner")
    with pytest.raises(Refused, match="dates_reversed"):
        made.begin(template="lease", variant="lease-owner", from_on="2027-01-01", until_on="2026-01-01")
    lease = made.begin(template="lease", variant="lease-owner", from_on="2026-12-01", until_on="2027-11-30")
    made.tick_all(lease)
    procedures.finish(store, no=lease.no, channel="face", **made.also)
    assert ("何晓梅", "tenant") in [(one.name, one.code) for one in residents.of_home(store, home, whole=True)]
    new = made.begin(template="transfer", variant="transfer-owner", name="钱新", phone="13711112222")
    made.tick_all(new)
    leaving = [str(one.id) for one in residents.of_home(store, home, whole=True)]
    procedures.finish(store, no=new.no, channel="face", leaving=leaving, **made.also)
    assert [(one.name, one.code) for one in residents.of_home(store, home, whole=True)] == [("钱新", "owner")]
    assert "何晓梅" in [one.name for one in residents.former(store, home, whole=True)]


def test_whoever_stands_in_the_file_already_is_not_put_there_twice(store: Store, made: Procedures) -> None:
    home = estate.find_unit(store, "1-1-102")
    residents.add(store, nonce="r", unit="1-1-102", name="何晓梅", phone="13700001234", relation="family", **made.also)
    case = made.begin()
    made.tick_all(case)
    procedures.finish(store, no=case.no, channel="face", handover_on="2026-11-23", **made.also)
    found = [one.code for one in residents.of_home(store, home, whole=True) if one.name == "何晓梅"]
    assert found == ["owner"]


def test_the_store_itself_ends_no_procedure_with_something_open(store: Store, made: Procedures) -> None:
    case = made.begin()
    with pytest.raises(sqlite3.IntegrityError, match="required item is open"), writing(store):
        store.execute("UPDATE cases SET state = 'done' WHERE id = ?", [case.id])


def test_one_of_a_kind_for_a_home_and_a_double_press_is_one(store: Store, made: Procedures) -> None:
    case = made.begin(nonce="same")
    assert made.begin(nonce="same").no == case.no
    with pytest.raises(Refused, match="procedure_running"):
        made.begin()
    with pytest.raises(Refused, match="reason_missing"):
        procedures.withdraw(store, no=case.no, reason="", channel="face", **made.also)
    gone = procedures.withdraw(store, no=case.no, reason="改天再来", channel="face", **made.also)
    assert gone.state == "withdrawn" and feedback.of_case(store, case.id)[0].text == "入住办理已撤销：改天再来"
    assert made.begin().no != case.no
    with pytest.raises(Refused, match="step_not_now"):
        procedures.finish(store, no=case.no, channel="face", handover_on="2026-11-23", **made.also)


def test_bad_choices(store: Store, made: Procedures) -> None:
    for code, said in {
        "procedure_unknown": {"template": "x"},
        "variant_unknown": {"variant": "lease-owner"},
        "unit_unknown": {"unit": "9-9-999"},
        "phone_missing": {"phone": ""},
        "id_number": {"remark": "11010519491231002X"},
    }.items():
        with pytest.raises(Refused, match=code):
            made.begin(**said)
    assert not store.value("SELECT count(*) FROM cases WHERE kind = 'procedure'")
    case, other = made.begin(), made.begin(unit="1-1-101")
    theirs = str(made.tasks(other)[0].id)
    for code, items in {"item_not_chosen": [], "item_unknown": ["x"]}.items():
        with pytest.raises(Refused, match=code):
            checklists.tick(store, no=case.no, items=items, **made.also)
    with pytest.raises(Refused, match="item_unknown"):
        checklists.tick(store, no=case.no, items=[theirs], **made.also)
    with pytest.raises(Refused, match="case_unknown"):
        checklists.tick(store, no="BL20260101-009", items=["1"], **made.also)
    assert all(task.state == "open" for task in made.tasks(case) + made.tasks(other))


def test_what_is_missing_prints_and_nothing_when_all_is_there(store: Store, made: Procedures) -> None:
    case = made.begin()
    first, *_rest = made.tasks(case)
    checklists.tick(store, no=case.no, items=[str(first.id)], note="原件", **made.also)
    for _ in range(2):
        procedures.print_missing(store, nonce="m", no=case.no, **made.also)
    (entry,) = paper_care.of_ref(store, cases.ref(case))
    slip = procedure_facts.missing_slip(store, case, made.clock())
    assert "业主身份证" not in [one.zh for one in slip.documents] and len(slip.documents) == 2
    assert slip.no == case.no
    assert reprints.reprintable(store, [entry]) == {entry.id}
    # He comes again, and something still lacks.
    made.clock.forward(minutes=30)
    procedures.print_missing(store, nonce="m1", no=case.no, **(made.also | {"now": made.clock()}))
    assert [each.part for each in paper_care.of_ref(store, cases.ref(case))] == ["1", "2"]
    made.tick_all(case)
    with pytest.raises(Refused, match="nothing_missing"):
        procedures.print_missing(store, nonce="m2", no=case.no, **made.also)


def test_anybody_has_the_list_of_what_to_bring_printed(store: Store, made: Procedures) -> None:
    said: dict[str, Any] = {"template": "lease", "variant": "lease-agent", "by": KIOSK, "now": made.clock()}
    job = procedures.print_list(store, nonce="k", **said)
    assert procedures.print_list(store, nonce="k", **said) == job
    facts = store.value("SELECT facts FROM print_jobs WHERE id = ?", [job])
    assert "租赁合同" in facts and "委托书（业主签字）" in facts and "业主、承租人签字" not in facts
    store.execute("UPDATE procedure_templates SET public = 0 WHERE code = 'lease'")
    with pytest.raises(Refused, match="procedure_unknown"):
        procedures.print_list(store, nonce="k2", **said)
    procedures.print_list(store, nonce="k3", **{**said, "by": made.desk}, desk=True)


def test_the_register_tells_what_each_home_had_done(store: Store, made: Procedures) -> None:
    case = made.begin()
    lease = made.begin(template="lease", variant="lease-owner", from_on="2026-12-01", until_on="2027-11-30")
    (entry,) = procedure_register.listed(store, template="lease", by=made.desk)
    assert (entry.no, entry.name, entry.from_on, entry.until_on) == (lease.no, "何**", "2026-12-01", "2027-11-30")
    assert [one.no for one in procedure_register.listed(store, by=made.desk)] == [lease.no, case.no]
    procedures.withdraw(store, no=lease.no, reason="不租了", channel="phone", **made.also)
    assert [one.no for one in procedure_register.listed(store, show="withdrawn", by=made.desk)] == [lease.no]
    with pytest.raises(Refused, match="choice_unknown"):
        procedure_register.listed(store, show="x", by=made.desk)
    # A head of another department sees nothing of it.
    assert procedure_register.listed(store, show="all", by=actor(store, Role.DEPARTMENT_HEAD)) == []


@pytest.mark.parametrize(
    ("variant", "asks"),
    {
        "bring-release-owner": {"来人身份证", "物品清单（品名、数量）"},
        "bring-release-tenant": {
            "来人身份证", "物品清单（品名、数量）", "业主书面同意", "租赁合同", "物业费等费用已结清"
        },
        "bring-fees-home": {"收费通知单（如已收到）", "房号（楼、单元、室）", "通知单所列费用"},
        "bring-fees-company": {
            "收费通知单（如已收到）", "房号（楼、单元、室）", "通知单所列费用", "开票信息（单位名称、税号）"
        },
        "bring-inspection-agent": {"业主身份证", "交房确认书", "代办人身份证", "委托书（业主签字）"},
        "bring-custody-owner": {"业主身份证", "房产证或购房合同", "房屋钥匙"},
    }.items(),
)  # fmt: skip
def test_what_opens_no_procedure_has_its_list_too(store: Store, made: Procedures, variant: str, asks: set[str]) -> None:
    template = variant.rpartition("-")[0]
    assert template in procedure_templates.listed(store, public=True)
    parts = procedure_templates.asked(procedure_templates.items(store, template, variant))
    assert {item.words.zh for of_it in parts.values() for item in of_it} == asks
    procedures.print_list(store, nonce="k", template=template, variant=variant, by=KIOSK, now=made.clock())
    # It is no procedure: none begins with it.
    assert template not in procedure_templates.offered(store)
    with pytest.raises(Refused, match="procedure_unknown"):
        made.begin(template=template, variant=variant)


def test_an_inspection_begins_as_before(store: Store) -> None:
    assert list(procedure_templates.offered(store, serves="inspection")) == ["home-inspection"]
    assert {item.section for item in procedure_templates.items(store, "home-inspection", None)} == {"checks"}
    assert "home-inspection" not in procedure_templates.listed(store)


def test_a_code_that_the_centre_made_itself_stays_as_it_is(store: Store) -> None:
    store.execute("DELETE FROM procedure_items WHERE template IN ('bring-fees', 'bring-custody')")
    store.execute("DELETE FROM procedure_variants WHERE template IN ('bring-fees', 'bring-custody')")
    store.execute("DELETE FROM procedure_templates WHERE code = 'bring-custody'")
    store.execute("UPDATE procedure_templates SET serves = 'procedure', name = '交费' WHERE code = 'bring-fees'")
    store.execute(
        "INSERT INTO procedure_variants (code, template, name, name_en)"
        " VALUES ('bring-custody-agent', 'lease', '甲', 'A')"
    )
    for statement in (SCHEMA / "0074_materials.sql").read_text().split(";\n"):
        store.execute(statement)
    assert procedure_templates.items(store, "bring-fees", None) == []
    assert list(procedure_templates.variants(store, "bring-custody")) == ["bring-custody-owner"]
    assert len(procedure_templates.items(store, "bring-custody", "bring-custody-agent")) == 3
