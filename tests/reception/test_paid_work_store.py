"""The store holds where an act does not: each trigger and constraint of paid work, and what breaks without it."""

# ruff: noqa: S608 (statements of constants)

import sqlite3
from collections.abc import Callable

import pytest

from db.store import Store, writing
from reception import charges
from reception.permissions import Actor
from tests.conftest import MORNING
from tests.reception.test_paid_work import agreed, begin, decided, opened, quoted

SELECT_CASE = "SELECT id FROM cases WHERE kind = 'repair'"


def _quote_row(state: str, version: int = 1) -> str:
    return (
        f"INSERT INTO quotations (case_id, version, state, made_at, made_by, answered_at, answered_how, answer_seen_by)"
        f" SELECT ({SELECT_CASE}), {version}, '{state}', 'x', 1, 'x', 'face', 1"
    )


LINE = (
    "INSERT INTO quotation_lines (quotation_id, kind, name, unit, quantity, price_fen, amount_fen)"
    " SELECT max(id), 'labour', 'x', '', 100, 15000, 15000 FROM quotations"
)
CHARGE = (
    "INSERT INTO charges (case_id, quotation_id, total_fen, at, by_id)"
    f" SELECT ({SELECT_CASE}), max(id), 15000, 'x', 1 FROM quotations"
)
PAY = (
    "INSERT INTO payments (charge_id, no, kind, amount_fen, method, reason, at, by_id)"
    " SELECT id, 'N9', '{kind}', {fen}, 'cash', 'x', 'x', 1 FROM charges"
)
TO_PAID = f"UPDATE repairs SET liability = 'paid' WHERE case_id = ({SELECT_CASE})"


def _quoted_line(store: Store, staff: Actor) -> None:
    quoted(store, staff, decided(store, staff))


def _charged(store: Store, staff: Actor) -> None:
    charges.charge(store, no=agreed(store, staff).no, by=staff, now=MORNING)


def _paid(store: Store, staff: Actor) -> None:
    case = agreed(store, staff)
    charges.pay(store, nonce="p", no=case.no, amount_fen=5000, method="cash", by=staff, now=MORNING)


def _arrived(store: Store, staff: Actor) -> None:
    begin(store, decided(store, staff), started=False)


def _began_free(store: Store, staff: Actor) -> None:
    case = opened(store, staff, unit="5-1-101")
    begin(store, case)
    with writing(store):
        store.execute(
            "INSERT INTO liability_decisions (case_id, liability, proposed, reason, at, by_id)"
            " VALUES (?, 'paid', 'paid', 'x', 'x', 1)",
            [case.id],
        )


def _free_decided(store: Store, staff: Actor) -> None:
    _charged(store, staff)
    with writing(store):
        store.execute(
            "INSERT INTO liability_decisions (case_id, liability, proposed, reason, at, by_id)"
            f" SELECT ({SELECT_CASE}), 'warranty', 'paid', 'x', 'x', 1"
        )


def _agreed_only(store: Store, staff: Actor) -> None:
    agreed(store, staff)


def _paid_decided(store: Store, staff: Actor) -> None:
    decided(store, staff)


def _free_quoted(store: Store, staff: Actor) -> None:
    """A warranty repair with an agreed quote, which the acts never leave."""
    opened(store, staff, unit="1-1-101")
    with writing(store):
        store.execute(_quote_row("quoted"))
        store.execute(LINE)
        store.execute("UPDATE quotations SET state = 'agreed'")


# Trigger -> what was done before, what must not be done, what the store says.
TRIGGERS: dict[str, list[tuple[Callable[[Store, Actor], None], list[str]]]] = {
    "quotation_lines_no_update": [(_quoted_line, ["UPDATE quotation_lines SET name = 'y'"])],
    "quotation_lines_no_delete": [(_quoted_line, ["DELETE FROM quotation_lines"])],
    "quotation_lines_before_the_answer": [(_agreed_only, [LINE])],
    "charges_no_update": [(_charged, ["UPDATE charges SET total_fen = 1"])],
    "charges_only_for_agreed_paid_work": [
        (_free_quoted, [CHARGE]),
        (_quoted_line, [CHARGE]),
        (_agreed_only, [CHARGE.replace("15000", "15001")]),
    ],
    "quotations_stand_once_charged": [(_charged, ["UPDATE quotations SET state = 'superseded'"])],
    "payments_no_update": [(_paid, ["UPDATE payments SET amount_fen = 1"])],
    "payments_within_the_charge": [
        (_paid, [PAY.format(kind="payment", fen=10001)]),
        (_paid, [PAY.format(kind="refund", fen=5001)]),
    ],
    "work_orders_no_paid_work_without_consent": [(_arrived, ["UPDATE work_orders SET started_at = arrived_at"])],
    "repairs_not_paid_after_the_start": [(_began_free, [TO_PAID])],
    "repairs_charged_stay_paid": [(_free_decided, ["UPDATE repairs SET liability = 'warranty'"])],
}
CASES = [(name, number) for name, ways in TRIGGERS.items() for number in range(len(ways))]


def test_every_trigger_of_the_schema_stands_in_the_table(store: Store) -> None:
    from reception import SCHEMA

    text = (SCHEMA / "0011_paid_work.sql").read_text(encoding="utf-8")
    assert {line.split()[2] for line in text.splitlines() if line.startswith("CREATE TRIGGER")} == set(TRIGGERS)


@pytest.mark.parametrize(("name", "number"), CASES)
def test_the_store_aborts_what_no_act_may_do_and_without_its_trigger_it_happens(
    store: Store, receptionist: Actor, name: str, number: int
) -> None:
    before, statements = TRIGGERS[name][number]
    before(store, receptionist)
    for sql in statements:
        with pytest.raises(sqlite3.IntegrityError), writing(store):
            store.execute(sql)
    with writing(store):
        store.execute(f"DROP TRIGGER {name}")
        for sql in statements:
            assert store.changed(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE repairs SET liability = 'paid'",  # nobody decided it
        _quote_row("agreed", 2).replace("'x', 'face', 1", "NULL, NULL, NULL"),  # without how and when
        _quote_row("agreed", 2).replace("'face', 1", "'face', NULL"),  # nobody saw it
        LINE.replace("15000, 15000", "15000, 14999"),  # no sum of its line
    ],
)
def test_what_the_store_never_holds(store: Store, receptionist: Actor, sql: str) -> None:
    opened(store, receptionist)
    with writing(store):
        store.execute(_quote_row("quoted"))
    with pytest.raises(sqlite3.IntegrityError), writing(store):
        store.execute(sql)


def test_one_open_quote_a_case(store: Store, receptionist: Actor) -> None:
    opened(store, receptionist)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), writing(store):
        store.execute(_quote_row("quoted"))
        store.execute(_quote_row("quoted", 2))
