"""报价: what paid work will cost, asked before it is done; the owner's yes or no is for one version and one sum.

domain.md SYS-06, K3 8. A quotation is never changed: a new version supersedes it and asks again.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from sqlite3 import Row

from db.store import Store, writing
from reception import cases, events, nonces, phone_tails, repair_facts
from reception.cases import Case
from reception.permissions import Actor, Role, permit
from reception.price_lines import MOST_LINES, Line, Wanted, english, reckon
from reception.refusal import Refused
from reception.rules import clock, money
from reception.wording import Words

STATES = {
    "quoted": Words("待业主答复", "Waits for the owner"),
    "agreed": Words("业主已同意", "Agreed"),
    "declined": Words("业主不同意", "Declined"),
    "superseded": Words("已被新报价代替", "Superseded"),
}
# How staff heard it; by these a member of staff vouches for the answer.
HEARD = {
    "face": Words("当面", "Face to face"),
    "paper": Words("签字", "Signed on paper"),
    "call": Words("电话", "By telephone"),
}
HOW = HEARD | {"phone": Words("手机页面", "On the phone page"), "kiosk": Words("自助机", "At the kiosk")}
# Signed and later: what was agreed then stands.
OVER = frozenset({"signed", "followed_up", "closed", "cancelled", "merged"})
_BY_ITSELF = {Role.KIOSK: "kiosk", Role.TOKEN_HOLDER: "phone"}


@dataclass(frozen=True, slots=True)
class Quotation:
    """One version of the price of a repair, with what the owner said to it."""

    id: int
    case_id: int
    version: int
    state: str
    made_at: str
    made_by: str
    answered_at: str | None
    answered_how: str | None
    seen_by: str | None
    lines: tuple[Line, ...]

    @property
    def total_fen(self) -> int:
        """The sum of the lines, in fen."""
        return sum(line.amount_fen for line in self.lines)


SELECT = (
    "SELECT quotations.id, case_id, version, state, made_at, maker.name AS made_by, answered_at, answered_how,"
    " witness.name AS seen_by FROM quotations"
    " JOIN staff AS maker ON maker.id = quotations.made_by LEFT JOIN staff AS witness ON witness.id = answer_seen_by"
)


def _quotation(store: Store, row: Row) -> Quotation:
    lines = store.rows(
        "SELECT price_item, kind, line.name, line.unit, quantity, price_fen, amount_fen, item.name, name_en"
        " FROM quotation_lines AS line LEFT JOIN price_items AS item ON item.code = line.price_item"
        " WHERE quotation_id = ? ORDER BY line.id",
        [row["id"]],
    )
    values = {key: row[key] for key in row.keys()}  # noqa: SIM118 (a row, whose iteration gives values)
    return Quotation(
        **values, lines=tuple(replace(Line(*line[:7]), name_en=english(line[2], line[7], line[8])) for line in lines)
    )


def of_case(store: Store, case_id: int) -> list[Quotation]:
    """Return every version, the newest first."""
    rows = store.rows(f"{SELECT} WHERE case_id = ? ORDER BY version DESC", [case_id])
    return [_quotation(store, row) for row in rows]


def latest(store: Store, case_id: int) -> Quotation | None:
    """Return the version that counts now: the one that waits for an answer, else the one agreed to, else the newest.

    None before the first, and once the newest was withdrawn.
    """
    order = "state = 'quoted' DESC, state = 'agreed' DESC, version DESC"
    row = store.row(f"{SELECT} WHERE case_id = ? ORDER BY {order} LIMIT 1", [case_id])
    return None if row is None or row["state"] == "superseded" else _quotation(store, row)


def agreed(store: Store, case_id: int) -> Quotation | None:
    """Return the version that the owner agreed to, or None: it stands until he agrees to another."""
    row = store.row(f"{SELECT} WHERE case_id = ? AND state = 'agreed'", [case_id])
    return None if row is None else _quotation(store, row)


def is_charged(store: Store, case_id: int) -> bool:
    """Whether the repair was charged, and that was not withdrawn."""
    return store.value("SELECT 1 FROM standing_charges WHERE case_id = ?", [case_id]) is not None


def is_asked(store: Store, case_id: int) -> bool:
    """Whether a price waits for the owner's answer."""
    return store.value("SELECT 1 FROM quotations WHERE case_id = ? AND state = 'quoted'", [case_id]) is not None


def make(store: Store, *, nonce: str, no: str, lines: Sequence[Wanted], by: Actor, now: datetime) -> Quotation:
    """Quote a price for a repair: a version that waits is superseded; one agreed to stands until he agrees to this.

    The same nonce returns the same quotation. Refuses `case_unknown` (to a worker: no live order of his),
    `not_paid_work`, `charged_already`, `case_over`, `lines_missing`, `lines_too_many`, and what `reckon` refuses.
    """
    permit(by, "quote")
    content = {"case": no, "lines": [asdict(line) for line in lines]}

    def make_version(at: datetime) -> int:
        case = case_of(store, no, by=by)
        _still_open(store, case, {"paid"})
        if not lines:
            raise Refused("lines_missing")
        if len(lines) > MOST_LINES:
            raise Refused("lines_too_many")
        found = reckon(store, lines)
        if sum(line.amount_fen for line in found) > money.LARGEST:
            raise Refused("money_too_large")
        _supersede(store, case.id, "quoted")
        version = 1 + (store.value("SELECT max(version) FROM quotations WHERE case_id = ?", [case.id]) or 0)
        quotation_id = store.insert(
            "INSERT INTO quotations (case_id, version, made_at, made_by) VALUES (?, ?, ?, ?)",
            [case.id, version, clock.to_text(at), by.id],
        )
        store.connection.executemany(
            "INSERT INTO quotation_lines (quotation_id, price_item, kind, name, unit, quantity, price_fen, amount_fen)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    quotation_id,
                    one.price_item,
                    one.kind,
                    one.name,
                    one.unit,
                    one.quantity,
                    one.price_fen,
                    one.amount_fen,
                )
                for one in found
            ],
        )
        events.record(store, "quote", "case", case.id, by=by, at=at, quotation=quotation_id, version=version)
        store.touch("cases")
        return quotation_id

    return by_id(store, nonces.once(store, nonce, "quote", content, now=now, make=make_version))


def answer(store: Store, *, no: str, quotation_id: int, agree: bool, how: str, by: Actor, now: datetime) -> Quotation:
    """Record what the owner said to this very version, as a member of staff saw or heard it.

    The same answer again changes nothing. Refuses `case_unknown`, `answer_unknown` (how), `quotation_unknown`,
    `quotation_superseded`, `quotation_answered`, `not_paid_work`, `case_over`.
    """
    permit(by, "answer_quotation")
    cases.choice(how, HEARD, code="answer_unknown")
    with writing(store):
        return _answer(store, case_of(store, no, by=by), quotation_id, agree, how, by=by, now=now)


def make_agreed(store: Store, *, nonce: str, no: str, lines: Sequence[Wanted], by: Actor, now: datetime) -> Quotation:
    """Quote a price to an owner who stands at the desk and says yes: both, or neither. Refuses what the two refuse."""
    with writing(store):
        made = make(store, nonce=nonce, no=no, lines=lines, by=by, now=now)
        return answer(store, no=no, quotation_id=made.id, agree=True, how="face", by=by, now=now)


def answer_by_token(
    store: Store,
    *,
    token: str,
    quotation_id: int,
    total_fen: int,
    agree: bool,
    phone_tail: str,
    by: Actor,
    now: datetime,
) -> Quotation:
    """Record what the owner himself said, on his phone or at the kiosk, to the version and the sum he was shown.

    Refuses `code_unknown` (a worker's code is no owner's), `tail_wrong`, `tail_locked`,
    `quotation_unknown`, `quotation_superseded`, `quotation_changed` (another sum), `quotation_answered`,
    `not_paid_work`, `case_over`.
    """
    permit(by, "answer_own_quotation")
    case = cases.by_token(store, token)
    phone_tails.prove(store, case.id, phone_tail, by=by, now=now)
    with writing(store):
        case = cases.whole(store, case.id)
        shown = _of(store, case, quotation_id)
        if shown.total_fen != total_fen:
            raise Refused("quotation_changed")
        return _answer(store, case, quotation_id, agree, _BY_ITSELF[by.role], by=by, now=now)


def _answer(
    store: Store, case: Case, quotation_id: int, agree: bool, how: str, *, by: Actor, now: datetime
) -> Quotation:
    shown, state = _of(store, case, quotation_id), "agreed" if agree else "declined"
    if shown.state == state:
        return shown
    if shown.state == "superseded":
        raise Refused("quotation_superseded")
    if shown.state != "quoted":
        raise Refused("quotation_answered")
    # A yes given ahead stays good while it is undetermined: without one, work that begins now can never be paid.
    _still_open(store, case, {"paid", "undetermined"})
    at = events.moment(store, now)
    if agree:
        _supersede(store, case.id, "agreed")
    changed = store.changed(
        "UPDATE quotations SET state = ?, answered_at = ?, answered_how = ?, answer_seen_by = ?"
        " WHERE id = ? AND state = 'quoted'",
        [state, clock.to_text(at), how, by.id, quotation_id],
    )
    if not changed:
        raise Refused("changed_meanwhile")
    what = "quote_agreed" if agree else "quote_declined"
    events.record(store, what, "case", case.id, by=by, at=at, quotation=quotation_id, version=shown.version, how=how)
    store.touch("cases")
    return _of(store, case, quotation_id)


def withdraw(store: Store, case_id: int, *, by: Actor, at: datetime) -> None:
    """Take back what was quoted, inside the act that makes the repair free: nobody is to agree to it any more."""
    if _supersede(store, case_id, "quoted", "agreed"):
        events.record(store, "quote_withdrawn", "case", case_id, by=by, at=at)


def lapse(store: Store, case_id: int, *, by: Actor, at: datetime) -> None:
    """Ask no more, inside the act that ends the work: what was agreed before stands."""
    if _supersede(store, case_id, "quoted"):
        events.record(store, "quote_withdrawn", "case", case_id, by=by, at=at)


def _supersede(store: Store, case_id: int, *states: str) -> bool:
    marks = ",".join("?" * len(states))
    sql = f"UPDATE quotations SET state = 'superseded' WHERE case_id = ? AND state IN ({marks})"  # noqa: S608
    return store.changed(sql, [case_id, *states])


def by_id(store: Store, quotation_id: int) -> Quotation:
    """Return one version, of whatever repair. Refuses `quotation_unknown`."""
    row = store.row(f"{SELECT} WHERE quotations.id = ?", [quotation_id])
    if row is None:
        raise Refused("quotation_unknown")
    return _quotation(store, row)


def _of(store: Store, case: Case, quotation_id: int) -> Quotation:
    found = by_id(store, quotation_id)
    if found.case_id != case.id:
        raise Refused("quotation_unknown")
    return found


def case_of(store: Store, no: str, *, by: Actor) -> Case:
    """Return the case whole, for the act that quotes it: to a worker only where the live order is his.

    Refuses `case_unknown`, `not_permitted`.
    """
    if by.role is not Role.WORKER:
        return cases.whole(store, cases.find(store, no, by=by).id)
    case_id = store.value(
        "SELECT cases.id FROM cases JOIN work_orders ON work_orders.case_id = cases.id"
        " WHERE cases.no = ? AND work_orders.state = 'live' AND work_orders.worker_id = ?",
        [no.strip().upper(), by.id],
    )
    if case_id is None:
        raise Refused("case_unknown")
    return cases.whole(store, case_id)


def _still_open(store: Store, case: Case, liabilities: set[str]) -> None:
    if repair_facts.liability(store, case.id) not in liabilities:
        raise Refused("not_paid_work")
    if is_charged(store, case.id):
        raise Refused("charged_already")
    if case.state in OVER or case.closed_at is not None:
        raise Refused("case_over")


def consent(quotation: Quotation) -> Words:
    """Return how the owner agreed, for the work order: `业主已同意（当面）`."""
    how = HOW[quotation.answered_how or "face"]
    return Words(f"业主已同意（{how.zh}）", f"Agreed ({how.en.lower()})")
