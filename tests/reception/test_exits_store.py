"""The store holds where an act does not: withdrawals, waivers, closings without consent; an older store comes along."""

# ruff: noqa: S608 (statements of constants)

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from db.migrations import migrate
from db.store import open_store, writing
from lobbydesk.home import store_path
from reception import SCHEMA, charges, quotations
from tests.reception.test_exits import Money, life

__all__ = ["life"]

WITHDRAW = "INSERT INTO charge_withdrawals (charge_id, reason, at, by_id) SELECT id, 'x', 'x', 1 FROM charges"
CHARGE = (
    "INSERT INTO charges (case_id, quotation_id, total_fen, at, by_id)"
    " SELECT case_id, quotation_id, total_fen, at, by_id FROM charges"
)
PAY = (
    "INSERT INTO payments (charge_id, no, kind, amount_fen, method, reason, at, by_id)"
    " SELECT id, 'N9', 'payment', 1, 'cash', '', 'x', 1 FROM charges"
)
WAIVE = (
    "INSERT INTO liability_decisions (case_id, liability, waived, proposed, reason, at, by_id)"
    " SELECT case_id, 'paid', 1, 'paid', 'x', 'x', 1 FROM repairs"
)


def _withdrawn(life: Money) -> None:
    case = life.prepaid()
    life.pay(case.no, back=True)
    charges.withdraw(life.store, no=case.no, reason="x", by=life.desk, now=life.now)


def _unpaid(life: Money) -> None:
    case = life.register()
    life.bear(case.no, "paid")
    life.quote(case.no)
    charges.charge(life.store, no=case.no, by=life.desk, now=life.now)


def _waived(life: Money) -> None:
    life.register()
    with writing(life.store):
        life.store.execute(WAIVE)


def _given_up(life: Money) -> None:
    order = life.finished()
    life.tell_result(order.case_no)
    life.give_up(order.case_no)


# Trigger -> what was done before, what must not be done then.
TRIGGERS: dict[str, tuple[Callable[[Money], object], str]] = {
    "charge_withdrawals_no_update": (_withdrawn, "UPDATE charge_withdrawals SET reason = 'y'"),
    "charge_withdrawals_when_nothing_is_held": (Money.prepaid, WITHDRAW),
    "charges_one_stands": (_unpaid, CHARGE),
    "payments_of_a_standing_charge": (_withdrawn, PAY),
    "cases_end_uncharged": (_unpaid, "UPDATE cases SET state = 'merged', closed_at = 'x'"),
    "repairs_waived_only_where_it_must_be": (_waived, "UPDATE repairs SET liability = 'paid', waived = 1"),
    "closings_without_consent_no_update": (_given_up, "UPDATE closings_without_consent SET reason = 'y'"),
}
# Those that stand for one of an earlier schema, which has its own test.
RENEWED = {
    "charges_no_update",
    "charges_only_for_agreed_paid_work",
    "quotations_stand_once_charged",
    "payments_no_update",
    "payments_within_the_charge",
    "repairs_liability_by_decision",
    "work_orders_no_paid_work_without_consent",
    "repairs_not_paid_after_the_start",
    "repairs_charged_stay_paid",
    "repairs_end_signed",
}


def test_every_trigger_of_the_schema_stands_in_a_table() -> None:
    text = (SCHEMA / "0020_exits.sql").read_text(encoding="utf-8")
    assert set(re.findall(r"^CREATE TRIGGER (\w+)", text, re.M)) == set(TRIGGERS) | RENEWED


@pytest.mark.parametrize("name", TRIGGERS)
def test_the_store_aborts_what_no_act_may_do_and_without_its_trigger_it_happens(life: Money, name: str) -> None:
    before, sql = TRIGGERS[name]
    before(life)
    with pytest.raises(sqlite3.IntegrityError), writing(life.store):
        life.store.execute(sql)
    with writing(life.store):
        life.store.execute(f"DROP TRIGGER {name}")
        assert life.store.changed(sql)


def test_an_older_store_keeps_its_money_and_gets_its_consent_back(tmp_path: Path) -> None:
    """A store of before: one repair with money in and back, one whose raise ended the consent that work began by."""
    earlier, path = tmp_path / "schema", store_path(tmp_path)
    earlier.mkdir()
    for file in SCHEMA.glob("*.sql"):
        if file.name < "0020":
            (earlier / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    migrate(path, [earlier])
    old = open_store(path)
    with writing(old):
        for sql in OLD_STORE:
            old.execute(sql)
    old.close()
    migrate(path, [SCHEMA])
    new = open_store(path)
    assert charges.of_case(new, 1).held_fen == 5500 and charges.of_case(new, 1).due_fen == 0
    kept = quotations.agreed(new, 2)
    assert kept is not None and kept.version == 1
    assert new.rows("PRAGMA foreign_key_check") == []
    new.close()


_CASE = (
    "INSERT INTO cases (id, no, token, kind, state, name, phone, owner_id, department, received_at, changed_at)"
    " VALUES ({0}, 'BX{0}', '{1}', 'repair', 'registered', 'x', '1', 1, 'm', 'x', 'x')"
)
_QUOTE = (
    "INSERT INTO quotations (id, case_id, version, state, made_at, made_by, answered_at, answered_how, answer_seen_by)"
    " VALUES ({}, {}, {}, '{}', 'x', 1, {})"
)
OLD_STORE = [
    "INSERT INTO departments (code, name, name_en) VALUES ('m', 'm', 'm')",
    "INSERT INTO staff (id, login, name, role, department, password_hash) VALUES (1, 'a', 'a', 'manager', 'm', 'x')",
    "INSERT INTO staff (id, login, name, role, department, password_hash) VALUES (2, 'b', 'b', 'worker', 'm', 'x')",
    *(
        sql
        for one in (1, 2)
        for sql in (
            _CASE.format(one, str(one) * 26),
            "INSERT INTO repairs (case_id, category, content, place, convenient_time, urgency)"
            f" VALUES ({one}, 'water', 'x', '', '', 'ordinary')",
            "INSERT INTO liability_decisions (case_id, liability, proposed, reason, at, by_id)"
            f" VALUES ({one}, 'paid', 'paid', 'x', 'x', 1)",
            f"UPDATE repairs SET liability = 'paid' WHERE case_id = {one}",
            _QUOTE.format(one, one, 1, "quoted", "NULL, NULL, NULL"),
            "INSERT INTO quotation_lines (quotation_id, kind, name, unit, quantity, price_fen, amount_fen)"
            f" VALUES ({one}, 'labour', 'x', '', 100, 7500, 7500)",
            "UPDATE quotations SET state = 'agreed', answered_at = 'x', answered_how = 'face', answer_seen_by = 1"
            f" WHERE id = {one}",
        )
    ),
    "INSERT INTO charges (id, case_id, quotation_id, total_fen, at, by_id) VALUES (1, 1, 1, 7500, 'x', 1)",
    "INSERT INTO payments (charge_id, no, kind, amount_fen, method, reason, at, by_id)"
    " VALUES (1, 'YS1', 'payment', 7500, 'cash', '', 'x', 1)",
    "INSERT INTO payments (charge_id, no, kind, amount_fen, method, reason, at, by_id)"
    " VALUES (1, 'YS2', 'refund', 2000, 'cash', 'x', 'x', 1)",
    "INSERT INTO work_orders (case_id, no, token, department, worker_id, dispatched_at, dispatched_by, accepted_at,"
    f" arrived_at, started_at) VALUES (2, 'GD1', '{'3' * 26}', 'm', 2, 'x', 1, 'x', 'x', 'x')",
    "UPDATE quotations SET state = 'superseded' WHERE id = 2",
    _QUOTE.format(3, 2, 2, "quoted", "NULL, NULL, NULL"),
]
