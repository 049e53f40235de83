"""Whatever anybody does to repairs, in whatever order: no invariant of K3 breaks, a refusal changes nothing, and
however they stand in the end, each has an honest way out."""

import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from db.store import open_store
from lobbydesk.home import store_path
from reception import (
    acceptance,
    case_care,
    case_links,
    charges,
    fault_cases,
    fault_ends,
    fault_records,
    feedback,
    follow_ups,
    known_faults,
    liability,
    order_steps,
    quotations,
    repairs,
    slips,
    without_consent,
    work_orders,
)
from reception.permissions import KIOSK, TOKEN_HOLDER, Actor, Role
from reception.price_lines import Wanted
from reception.rules.repair_states import STEPS, TERMINAL
from tests.conftest import Clock
from tests.reception.life import Life
from tests.reception.never import NEVER
from tests.reception.stateful import ROLES, Centre, stress
from tests.reception.ways_out import LATER, WayOut


@pytest.fixture(scope="module", autouse=True)
def _home(seeded: Path) -> None:
    Repairs.template = store_path(seeded)


class Repairs(Centre):
    """Up to three repairs of one home, and everybody in the centre at once."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life(self.store, self.clock)
        self.willing: tuple[bool, ...] = ()
        self.count = 0

    def teardown(self) -> None:
        """Whatever is open has a way out; then throw the store away."""
        try:
            # A run that broke already is not looked at any further.
            if sys.exc_info()[0] is None:
                self.every_repair_has_a_way_out()
        finally:
            super().teardown()

    def every_repair_has_a_way_out(self) -> None:
        """Liveness: a few permitted acts end each, honestly, for an owner who goes along and for one who does not."""
        for no, willing in zip(self.nos, self.willing, strict=False):
            WayOut(self.life, self.store.value("SELECT id FROM cases WHERE no = ?", [no]), willing=willing).walk()
        self.nothing_breaks()

    def attempt(self, act: Callable[..., Any], **arguments: Any) -> None:
        """Do an act; a refusal must leave the store as it was."""
        self.do(act, now=self.life.now, **arguments)

    def no(self, place: int) -> str:
        """Return the number of one of the repairs."""
        return self.nos[place % len(self.nos)]

    def order_no(self, place: int) -> str:
        """Return the number of a repair's newest order, or one that does not exist."""
        orders = work_orders.of_case(
            self.store, self.store.value("SELECT id FROM cases WHERE no = ?", [self.no(place)])
        )
        return orders[-1].no if orders else "GD20260101-999"

    @initialize(
        unit=st.sampled_from(["1-1-101", "3-2-302"]),
        category=st.sampled_from(["water", "public"]),
        depths=st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12)),
        bears=st.sampled_from(["", "warranty", "paid", "common"]),
        willing=st.tuples(st.booleans(), st.booleans(), st.booleans()),
        prepaid=st.booleans(),
    )
    def begin(
        self, unit: str, category: str, depths: tuple[int, ...], bears: str, willing: tuple[bool, ...], prepaid: bool
    ) -> None:
        """Three repairs from the desk and by telephone, each already somewhere on its way."""
        self.willing = willing
        tail = self.store.value(
            "SELECT phone_tail FROM residents JOIN units ON units.id = unit_id"
            " WHERE building || '-' || unit || '-' || room = ? AND relation = 'owner'",
            [unit],
        )
        self.nos.append(self.life.register(unit=unit, phone=tail, category=category).no)
        self.nos.append(self.life.register(unit=unit, name="", phone="", source="phone", convenient_time="").no)
        self.nos.append(self.life.register(unit=unit, phone=tail, category="door").no)
        if bears:
            self.decide(2, Role.RECEPTIONIST, bears)
        if prepaid:
            self.prepay(2, True, False)
        for place, steps in enumerate(depths):
            self.go_on(place, steps)

    @rule(place=st.integers(0, 2), steps=st.integers(1, 4))
    def go_on(self, place: int, steps: int) -> None:
        """What would happen next if all went well: without it few runs come to the end of a repair."""
        for _ in range(steps):
            case_id, state = self.store.execute("SELECT id, state FROM cases WHERE no = ?", [self.no(place)]).fetchone()
            order, life = self.order_no(place), self.life
            bears = self.store.value("SELECT liability FROM repairs WHERE case_id = ?", [case_id])
            if state in {"registered", "returned", "rework"}:
                blank = dict.fromkeys(("unit", "category", "content", "place"), "")
                person = {"name": "张建国", "phone": "13800005678", "convenient_time": "下午"}
                self.attempt(repairs.amend, no=self.no(place), **blank, **person, by=life.desk)
                planned = self.store.value("SELECT urgency FROM repairs WHERE case_id = ?", [case_id]) == "planned"
                agreed = LATER if planned else ""
                self.attempt(
                    work_orders.dispatch, no=self.no(place), worker="zhaogang", appointed_at=agreed, by=life.desk
                )
            elif state == "dispatched":
                self.attempt(order_steps.accept, order_no=order, by=life.worker)
            elif state == "accepted":
                self.attempt(order_steps.arrive, order_no=order, by=life.worker)
            elif state == "suspended":
                self.attempt(order_steps.resume, order_no=order, by=life.worker)
            elif state == "on_site":
                if bears == "paid":
                    self.quote(place, Role.WORKER, 20)
                    self.answer(place, True, True, 0)
                self.attempt(order_steps.start, order_no=order, by=life.worker)
                self.attempt(order_steps.finish, order_no=order, work_done="更换", by=life.worker)
            elif state in {"finished", "rechecked"} and bears == "undetermined":
                self.attempt(
                    liability.decide, no=self.no(place), liability="warranty", part="", reason="现场", by=life.desk
                )
            elif state == "finished" and bears == "warranty":
                self.attempt(acceptance.recheck, order_no=order, by=life.desk)
            elif state in {"finished", "rechecked"}:
                self.attempt(acceptance.sign, order_no=order, how="paper", by=life.desk)
            elif state == "signed":
                self.money(place, 3000, False)
                self.tell(place, "result", False)
                self.follow_up(place, Role.SERVICE_HEAD, "5", True)
            elif state == "followed_up":
                self.close(place, Role.RECEPTIONIST)

    @rule(place=st.integers(0, 2), who=st.sampled_from(ROLES), to=st.sampled_from(["", "zhaogang", "sunlei"]))
    def dispatch(self, place: int, who: Role, to: str) -> None:
        """Send it out."""
        self.attempt(work_orders.dispatch, no=self.no(place), worker=to, by=self.by(who))

    @rule(
        place=st.integers(0, 2),
        who=st.sampled_from([Role.WORKER, Role.RECEPTIONIST, Role.TEAM_LEADER, Role.MANAGER, Role.DEPARTMENT_HEAD]),
        step=st.sampled_from(["accept", "arrive", "start", "suspend", "resume", "send_back", "recheck", "reschedule"]),
    )
    def walk(self, place: int, who: Role, step: str) -> None:
        """Do a step of the order."""
        also: dict[str, Any] = {
            "suspend": {"reason": "material"},
            "send_back": {"reason": "other_trade"},
            "reschedule": {"appointed_at": "2027-01-04T10:00", "reason": "业主要求"},
        }.get(step, {})
        act = acceptance.recheck if step == "recheck" else getattr(order_steps, step)
        self.attempt(act, order_no=self.order_no(place), by=self.by(who), **also)

    @rule(place=st.integers(0, 2), who=st.sampled_from([Role.WORKER, Role.RECEPTIONIST]))
    def finish(self, place: int, who: Role) -> None:
        """Say that it is repaired."""
        self.attempt(
            order_steps.finish,
            order_no=self.order_no(place),
            work_done="更换",
            materials=[("阀芯", 100, "个", "house")],
            by=self.by(who),
        )

    @rule(
        place=st.integers(0, 2),
        who=st.sampled_from([Role.RECEPTIONIST, Role.TEAM_LEADER, Role.WORKER]),
        how=st.sampled_from(["paper", "owner_absent", "common_area"]),
        note=st.sampled_from(["", "电话确认"]),
    )
    def sign(self, place: int, who: Role, how: str, note: str) -> None:
        """Record the owner's signature, or why not."""
        self.attempt(acceptance.sign, order_no=self.order_no(place), how=how, note=note, by=self.by(who))

    @rule(
        place=st.integers(0, 2), by=st.sampled_from([KIOSK, TOKEN_HOLDER]), right=st.booleans(), score=st.integers(0, 5)
    )
    def owner(self, place: int, by: Actor, right: bool, score: int) -> None:
        """The owner signs, rates, or both."""
        token = self.store.value("SELECT token FROM cases WHERE no = ?", [self.no(place)])
        tail = self.store.value("SELECT phone_tail FROM cases WHERE no = ?", [self.no(place)]) if right else "0000"
        self.attempt(acceptance.sign_by_token, token=token, phone_tail=tail, by=by)
        self.attempt(follow_ups.answer, token=token, score=str(score), by=by)

    @rule(
        place=st.integers(0, 2),
        who=st.sampled_from([Role.RECEPTIONIST, Role.TEAM_LEADER, Role.WORKER]),
        bears=st.sampled_from(["undetermined", "warranty", "paid", "common", "waived"]),
    )
    def decide(self, place: int, who: Role, bears: str) -> None:
        """Decide who bears it."""
        self.attempt(liability.decide, no=self.no(place), liability=bears, part="", reason="现场", by=self.by(who))

    @rule(place=st.integers(0, 2), who=st.sampled_from([Role.RECEPTIONIST, Role.WORKER]), price=st.integers(1, 500))
    def quote(self, place: int, who: Role, price: int) -> None:
        """Quote a price."""
        self.count += 1
        line = Wanted(name="人工", unit="次", quantity="1.5", price=str(price))
        self.attempt(quotations.make, nonce=f"q{self.count}", no=self.no(place), lines=[line], by=self.by(who))

    @rule(place=st.integers(0, 2), agree=st.booleans(), on_phone=st.booleans(), behind=st.integers(0, 1))
    def answer(self, place: int, agree: bool, on_phone: bool, behind: int) -> None:
        """Agree to a quotation, the newest or one before."""
        case_id = self.store.value("SELECT id FROM cases WHERE no = ?", [self.no(place)])
        every = quotations.of_case(self.store, case_id)
        if len(every) <= behind:
            return
        one = every[behind]
        if on_phone:
            row = self.store.row("SELECT token, phone_tail FROM cases WHERE id = ?", [case_id])
            assert row is not None
            self.attempt(
                quotations.answer_by_token,
                token=row["token"],
                quotation_id=one.id,
                total_fen=one.total_fen,
                agree=agree,
                phone_tail=row["phone_tail"],
                by=TOKEN_HOLDER,
            )
        else:
            self.attempt(
                quotations.answer, no=self.no(place), quotation_id=one.id, agree=agree, how="face", by=self.life.desk
            )

    @rule(place=st.integers(0, 2), fen=st.sampled_from([100, 3000, 15000]), back=st.booleans())
    def money(self, place: int, fen: int, back: bool) -> None:
        """Take money, or give it back."""
        self.count += 1
        also: dict[str, Any] = {"reason": "少做"} if back else {}
        self.attempt(
            charges.refund if back else charges.pay,
            nonce=f"m{self.count}",
            no=self.no(place),
            amount_fen=fen,
            method="cash",
            by=self.life.desk,
            **also,
        )

    @rule(place=st.integers(0, 2), urgency=st.sampled_from(["urgent", "ordinary", "planned"]))
    def hurry(self, place: int, urgency: str) -> None:
        """It is more urgent than was thought, or less."""
        blank = dict.fromkeys(("name", "phone", "unit", "category", "content", "place", "convenient_time"), "")
        self.attempt(repairs.amend, no=self.no(place), **blank, urgency=urgency, reason="业主又来电", by=self.life.desk)

    @rule(place=st.integers(0, 2), paid=st.booleans(), back=st.booleans())
    def prepay(self, place: int, paid: bool, back: bool) -> None:
        """Paid work from the first: agree on a price, have it charged, pay it all, and get it all back."""
        no = self.no(place)
        self.decide(place, Role.RECEPTIONIST, "paid")
        self.quote(place, Role.RECEPTIONIST, 20)
        self.answer(place, True, False, 0)
        self.attempt(charges.charge, no=no, by=self.life.desk)
        if paid:
            self.money(place, 3000, False)
        if paid and back:
            self.money(place, 3000, True)

    @rule(place=st.integers(0, 2), priced=st.booleans(), raised=st.booleans())
    def begin_work(self, place: int, priced: bool, raised: bool) -> None:
        """Somebody begins, for a price agreed to or before anybody decided; then perhaps it will cost more."""
        if priced:
            self.decide(place, Role.RECEPTIONIST, "paid")
            self.quote(place, Role.RECEPTIONIST, 20)
            self.answer(place, True, False, 0)
        for _ in range(3):
            if self.store.value("SELECT state FROM cases WHERE no = ?", [self.no(place)]) != "on_site":
                self.go_on(place, 1)
        self.attempt(order_steps.start, order_no=self.order_no(place), by=self.life.worker)
        if raised:
            self.quote(place, Role.WORKER, 60)

    @rule(place=st.integers(0, 2))
    def withdraw(self, place: int) -> None:
        """Take back what was charged."""
        self.attempt(charges.withdraw, no=self.no(place), reason="改项目", by=self.life.desk)

    @rule(place=st.integers(0, 2), who=st.sampled_from([Role.MANAGER, Role.SERVICE_HEAD]), seldom=st.integers(0, 3))
    def give_up(self, place: int, who: Role, seldom: int) -> None:
        """Close it without consent; not so often that nothing else happens."""
        if not seldom:
            self.attempt(without_consent.close, no=self.no(place), reason="业主拒签", by=self.by(who))

    @rule(place=st.integers(0, 2), about=st.sampled_from(["progress", "result"]), merged=st.booleans())
    def tell(self, place: int, about: str, merged: bool) -> None:
        """Tell the person."""
        self.attempt(
            feedback.give,
            no=self.no(place),
            about=about,
            channel="phone",
            text="已处理",
            merged_too=merged,
            by=self.life.desk,
        )

    @rule(
        place=st.integers(0, 2),
        who=st.sampled_from([Role.RECEPTIONIST, Role.TEAM_LEADER, Role.SERVICE_HEAD]),
        score=st.sampled_from(["", "1", "3", "5"]),
        reached=st.booleans(),
    )
    def follow_up(self, place: int, who: Role, score: str, reached: bool) -> None:
        """Follow up."""
        self.attempt(
            follow_ups.record,
            no=self.no(place),
            method="phone",
            reached="1" if reached else "0",
            score=score,
            by=self.by(who),
        )

    @rule(place=st.integers(0, 2), who=st.sampled_from(ROLES))
    def close(self, place: int, who: Role) -> None:
        """File it."""
        self.attempt(case_care.close, no=self.no(place), by=self.by(who))

    @rule(place=st.integers(0, 2))
    def rework(self, place: int) -> None:
        """Open it again."""
        self.attempt(acceptance.rework, no=self.no(place), reason="又漏了", by=self.life.head)

    @rule(place=st.integers(0, 2), seldom=st.integers(0, 9))
    def cancel(self, place: int, seldom: int) -> None:
        """Cancel it; not so often that nothing else happens."""
        if seldom:
            return
        self.attempt(
            acceptance.cancel, no=self.no(place), reason="owner_wish", channel="phone", text="已取消", by=self.life.desk
        )

    @rule(place=st.integers(0, 2), into=st.integers(0, 2), seldom=st.integers(0, 9))
    def merge(self, place: int, into: int, seldom: int) -> None:
        """Merge it into another; not so often that nothing else happens."""
        if seldom:
            return
        self.attempt(case_links.merge, no=self.no(place), into=self.no(into), by=self.life.desk)

    @rule(place=st.integers(0, 2), what=st.sampled_from(["attach", "attach", "detach", "over", "withdraw"]))
    def fault(self, place: int, what: str) -> None:
        """Put it under a known fault, take it out, end the fault and tell its homes or miss them."""
        found = fault_records.unclosed(self.store)
        if not found:
            self.count += 1
            form = {"nonce": f"f{self.count}", "area": "estate", "cause": "water", "what": "停水"}
            self.attempt(known_faults.declare, **form, by=self.life.desk)
            return
        one = {"fault_id": str(found[0].id), "by": self.life.desk}
        if what in {"attach", "detach"}:
            act = known_faults.attach_case if what == "attach" else fault_cases.detach
            self.attempt(act, case_no=self.no(place), **one)
        elif found[0].state == "open":
            also = {"text": ""} if what == "over" else {"reason": "误报"}
            self.attempt(fault_ends.restore if what == "over" else fault_ends.withdraw, **also, **one)
        else:
            tell = fault_ends.not_reached if place == 2 else fault_ends.told
            for home in fault_records.of_list(self.store, found[0], whole=True):
                self.attempt(tell, household_id=str(home.id), channel="phone", **one)

    @rule(
        place=st.integers(0, 2),
        bears=st.sampled_from(["", "warranty", "paid", "common"]),
        priced=st.booleans(),
        score=st.sampled_from(["", "2", "5"]),
    )
    def slip(self, place: int, bears: str, priced: bool, score: str) -> None:
        """A signed slip comes back."""
        self.count += 1
        self.attempt(
            slips.hand_in,
            nonce=f"s{self.count}",
            order_no=self.order_no(place),
            slip=slips.Slip(
                worker="zhaogang",
                work_done="更换",
                liability=bears,
                reason="现场" if bears else "",
                lines=(Wanted(name="人工", unit="次", price="50"),) if priced else (),
                price_agreed=priced,
                rechecked=True,
                score=score,
                told=True,
            ),
            by=self.life.desk,
        )

    @invariant()
    def nothing_breaks(self) -> None:
        """No query of `NEVER` finds anything, and every step of history is one of the table."""
        for name, sql in NEVER.items():
            assert self.store.rows(sql) == [], name
        for row in self.store.rows(
            "SELECT what, from_state, to_state FROM events JOIN cases ON cases.id = subject_id"
            " WHERE subject = 'case' AND kind = 'repair' AND from_state IS NOT NULL"
        ):
            step = STEPS[row["what"]]
            assert row["from_state"] in step.before
            assert row["to_state"] == (step.after or row["to_state"])
        ended = self.store.value("SELECT count(*) FROM cases WHERE closed_at IS NOT NULL")
        assert ended == self.store.value(
            f"SELECT count(*) FROM cases WHERE state IN ({','.join('?' * len(TERMINAL))})",  # noqa: S608
            list(TERMINAL),
        )


def test_no_order_of_acts_breaks_an_invariant() -> None:
    run_state_machine_as_test(Repairs, settings=stress(100, 30))


BREAKS = {
    "cases_closed_only_when_answered": ("UPDATE cases SET state = 'closed', closed_at = '2026' WHERE id = ?", "K3.10"),
    "clocks_move_with_a_reason": ("UPDATE clocks SET due_at = '2030' WHERE case_id = ?", "K3.13"),
    "repairs_liability_by_decision": ("UPDATE repairs SET liability = 'common' WHERE case_id = ?", "K3.9"),
    "follow_ups_by_somebody_else": (
        "INSERT INTO follow_ups (case_id, round, method, reached, score, comment, at, by_id)"
        " SELECT case_id, 0, 'phone', 1, 5, '', '2999', worker_id FROM work_orders WHERE case_id = ?",
        "K3.11",
    ),
}


@pytest.mark.parametrize("trigger", BREAKS)
def test_the_watch_sees_what_it_is_for(seeded: Path, tmp_path: Path, trigger: str) -> None:
    """A query that can find nothing would prove nothing: break what it watches, and it must say so."""
    path = tmp_path / "store.db"
    shutil.copy(store_path(seeded), path)
    sql, name = BREAKS[trigger]
    with closing(open_store(path)) as store:
        order = Life(store, Clock()).signed()
        with pytest.raises(sqlite3.IntegrityError):
            store.execute(sql, [order.case_id])
        store.execute(f"DROP TRIGGER {trigger}")
        store.execute(sql, [order.case_id])
        found = [known for known, query in NEVER.items() if store.rows(query)]
        assert any(known.startswith(name) for known in found), found
