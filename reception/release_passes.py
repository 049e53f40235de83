"""物品放行 (SYS-34, RUL-34, FLW-12): applied for at the desk, approved by somebody else, printed in two parts."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from db import paper_care
from db.store import Store
from reception import case_steps, cases, nonces, release_facts, spooling, tellings
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.release_facts import AGREED, KIND, PARTS, SERIES, TIES, today
from reception.release_settings import APPROVERS
from reception.rules import clock, numbers
from reception.rules.release_states import quantity, release
from reception.site import site
from reception.typed_days import typed_day

MOST_ITEMS: Final = 24
ITEM_LIMIT, PLATE_LIMIT = 60, 12
# A pass for next year is a slip of the pen.
AHEAD: Final = timedelta(days=30)

# Refuses `not_permitted`, `case_unknown`, `step_not_now`, `changed_meanwhile`.
_step = partial(case_steps.step, kind=KIND, life=release)


def apply(
    store: Store,
    *,
    nonce: str,
    unit: str,
    name: str = "",
    phone: str = "",
    tie: str,
    moving: str = "",
    owner_agreed: str = "",
    valid_on: str,
    plate: str = "",
    items: Iterable[tuple[str, str]],
    visit_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """Apply for an occupant to take goods out on a day; whoever may approve is told. The same nonce, the same case.

    `tie` says how he belongs to the home and by which document that was seen (`tenant-lease`); a tenant who moves house
    (`moving` "1") needs the owner's agreement (`owner_agreed`, of `AGREED`). `items` are lines as typed: name, number.
    Refuses `tie_unknown`, `owner_agreement_missing`, `release_day_invalid`, `release_day_past`, `release_day_too_far`,
    `release_items_missing`, `item_missing`, `item_count_bad`, `release_items_too_many`, and what `cases.complainant`,
    `cases.text` and `nonces` refuse.
    """
    permit(by, "apply_release")
    lines = [(one, count) for one, count in items if one.strip() or count.strip()]
    content: dict[str, Any] = {"unit": unit, "name": name, "phone": phone, "tie": tie, "moving": moving, "plate": plate}
    content |= {"agreed": owner_agreed, "on": valid_on, "items": lines, "visit": visit_id}

    def make(at: datetime) -> int:
        person = cases.complainant(store, name=name, phone=phone, unit=unit, by=by, unit_required=True)
        relation, document = _tie(tie)
        agreed = _agreed(relation, moving == "1", owner_agreed)
        day, things = _day(store, valid_on, at), _items(lines)
        vehicle = cases.text(plate, required=False, limit=PLATE_LIMIT).upper()
        case = cases.open_case(
            store,
            kind=KIND,
            series=SERIES,
            state="applied",
            person=person,
            visit_id=visit_id,
            department=by.department,
            by=by,
            at=at,
            category=str(int(moving == "1")),
        )
        store.execute(
            "INSERT INTO release_passes (case_id, token, relation, document, moving, owner_agreed, valid_on, plate,"
            " applied_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                case.id,
                numbers.new_token(secrets.token_bytes(16)),
                relation,
                document,
                int(moving == "1"),
                agreed,
                day.isoformat(),
                vehicle,
                by.id,
            ],
        )
        for position, (thing, count, word) in enumerate(things, start=1):
            store.execute(
                "INSERT INTO release_items (case_id, position, item, quantity, unit) VALUES (?, ?, ?, ?, ?)",
                [case.id, position, thing, count, word],
            )
        _ask_approvers(store, case, by=by, at=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "apply_release", content, now=now, make=make))


def _tie(text: str) -> tuple[str, str]:
    relation, _, document = text.partition("-")
    if document not in TIES.get(relation, ()):
        raise Refused("tie_unknown")
    return relation, document


def _agreed(relation: str, moves: bool, text: str) -> str:
    """Return how the owner agreed; a tenant does not move out behind his back."""
    if text and text not in AGREED:
        raise Refused("choice_unknown")
    if relation == "tenant" and moves and not text:
        raise Refused("owner_agreement_missing")
    return text


def _day(store: Store, text: str, at: datetime) -> date:
    day = typed_day(text, code="release_day_invalid")
    first = today(store, at)
    if day < first:
        raise Refused("release_day_past")
    if day > first + AHEAD:
        raise Refused("release_day_too_far")
    return day


def _items(lines: list[tuple[str, str]]) -> list[tuple[str, int, str]]:
    if not lines:
        raise Refused("release_items_missing")
    if len(lines) > MOST_ITEMS:
        raise Refused("release_items_too_many")
    try:
        return [(cases.text(one, missing="item_missing", limit=ITEM_LIMIT), *quantity(count)) for one, count in lines]
    except ValueError as error:
        raise Refused(str(error)) from None


def _ask_approvers(store: Store, case: Case, *, by: Actor, at: datetime) -> None:
    """Tell the heads that somebody waits at the desk; a colleague beside him sees it."""
    if site(store).release_approvers != "heads":
        return
    roles = APPROVERS["heads"][1]
    for row in store.rows("SELECT id, role FROM staff WHERE active = 1 AND unconfirmed = 0 ORDER BY id"):
        if row["role"] in roles:
            tellings.tell(store, case.id, row["id"], "release_asked", by=by, at=at)


def may_approve(store: Store, case: Case, by: Actor) -> bool:
    """Tell whether somebody may decide on a pass: by the centre's setting, and never whoever applied for it."""
    roles = APPROVERS[site(store).release_approvers][1]
    return by.role in roles and not by.unconfirmed and by.id != release_facts.details(store, case).applied_by


def approve(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """Approve it; whoever holds it is told that it can be printed.

    Refuses as `_step`, `release_own`, `release_not_yours`, `release_expired`.
    """

    def change(case: Case, at: datetime) -> None:
        found = release_facts.details(store, case)
        if found.applied_by == by.id:
            raise Refused("release_own")
        if not may_approve(store, case, by):
            raise Refused("release_not_yours")
        _still_good(store, found, at)
        store.execute(
            "UPDATE release_passes SET approved_at = ?, approved_by = ? WHERE case_id = ? AND approved_by IS NULL",
            [clock.to_text(at), by.id, case.id],
        )
        tellings.seen_by_all(store, case.id, by=by, at=at)
        tellings.tell(store, case.id, case.owner_id, "release_approved", by=by, at=at)

    return _step(store, "approve", no, change, event="approve_release", permission="approve_release", by=by, now=now)


def print_pass(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """Print both parts, at the desk's printer; from then on the gate has it on its list. A second press prints nothing:
    it is printed again as a copy. Refuses as `_step`, `release_expired`, `printer_unknown` (the centre has none)."""

    def change(case: Case, at: datetime) -> None:
        _still_good(store, release_facts.details(store, case), at)
        tellings.seen(store, case.id, case.owner_id, by=by, at=at)
        for part in PARTS:
            job = spooling.enqueue(
                store,
                site(store),
                release_facts.slip(store, case, part, at),
                ref=cases.ref(case),
                part=part,
                at=at,
                printer=spooling.desk_printer(store),
            )
            if job is None:
                # The gate would wait for a paper that nobody holds.
                raise Refused("printer_unknown")

    return _step(store, "print", no, change, event="print_release", permission="print_release", by=by, now=now)


def refuse(store: Store, *, no: str, reason: str, by: Actor, now: datetime) -> Case:
    """Refuse it, or call it off before the goods are out: with the reason, and the pass is good for nothing.

    Refuses as `_step`, `reason_missing`, texts.
    """

    def change(case: Case, at: datetime) -> None:
        end(store, case, reason, by=by, at=at)
        tellings.tell(store, case.id, case.owner_id, "release_refused", by=by, at=at)

    return _step(store, "refuse", no, change, event="refuse_release", permission="refuse_release", by=by, now=now)


def end(store: Store, case: Case, reason: str, *, by: Actor, at: datetime) -> None:
    """Note inside an act why a pass is refused: nobody waits for it any more, and none of its papers comes out.

    Refuses `reason_missing`, and what `cases.text` refuses.
    """
    why = cases.text(reason, missing="reason_missing", limit=200)
    store.execute("UPDATE release_passes SET reason = ? WHERE case_id = ?", [why, case.id])
    let_go(store, case, by=by, at=at)


def let_go(store: Store, case: Case, *, by: Actor, at: datetime) -> None:
    """Let inside an act nobody wait for a pass any more, and none of its papers come out that did not yet."""
    if by.id is not None:
        # The close of the day sees nothing for anybody: whoever was told says himself that he knows.
        tellings.seen_by_all(store, case.id, by=by, at=at)
    for entry in paper_care.of_ref(store, cases.ref(case)):
        paper_care.void(store, entry.id, clock.to_text(at))


def _still_good(store: Store, found: release_facts.Pass, at: datetime) -> None:
    if found.valid_on < today(store, at):
        raise Refused("release_expired")
