"""Calls (来电, SYS-13, FLW-05): every call that was noted, what it became, to whom it was put through, how it rang."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from db.store import Store
from reception import cases, consents, events, nonces, seals
from reception.case_filters import day_begins
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, local_times, numbers, people
from reception.rules.masking import mask_phone
from reception.site import site
from reception.wording import Words

PAGE: Final = 200
MOST_OF_A_DAY: Final = 5000
# RUL-16: within three rings.
IN_TIME: Final = 3
MOST_RINGS: Final = 30
NAME_OF_CASE = Words("已立事项", "A case")
OUTCOMES = {
    "information": Words("当场解答，不立事项", "Answered, nothing to follow"),
    "transferred": Words("已转接", "Put through"),
    "wrong_number": Words("打错电话", "Wrong number"),
    "silent": Words("无人应答或中断", "Nobody there, cut off"),
    "other": Words("其他", "Other"),
}


@dataclass(frozen=True, slots=True)
class PhoneCall:
    """A call. `case_no` and `kind` are empty for one that led to no case; `phone` is whole only to whoever noted it.

    `rings` None: nobody counted.
    """

    id: int
    at: str
    case_no: str
    kind: str
    outcome: str
    phone: str
    transfer_to: str
    note: str
    rings: int | None
    by_name: str


def rings_of(text: str) -> int | None:
    """Return how often it rang as typed; None where nobody counted. Refuses `rings_invalid`."""
    clean = text.strip()
    if not clean:
        return None
    found = numbers.whole(clean)
    if found is None or not 1 <= found <= MOST_RINGS:
        raise Refused("rings_invalid")
    return found


def note(
    store: Store,
    *,
    nonce: str,
    case: Callable[[str, datetime], Case] | None = None,
    said: Mapping[str, str] | None = None,
    outcome: str = "",
    phone: str = "",
    transfer_to: str = "",
    note: str = "",
    rings: str = "",
    by: Actor,
    now: datetime,
) -> Case | None:
    """Note a call, and what it became: the case that `case` opens, with the nonce and at the moment it is given, or
    an outcome.

    `said` is what that case is made from, so that the same nonce with other words is refused. Call and case are one
    act. Refuses `rings_invalid`, `outcome_unknown`, `transfer_missing`, texts and telephones, what `case` and `nonces`
    refuse.
    """
    permit(by, "note_call")
    content = {
        "said": dict(said or {}),
        "outcome": outcome,
        "phone": phone,
        "to": transfer_to,
        "note": note,
        "rings": rings,
    }

    def make(at: datetime) -> int:
        counted = rings_of(rings)
        to = cases.text(transfer_to, required=False, limit=cases.SHORT_LIMIT)
        opened, caller, remark, what = None, "", "", None
        if case is not None:
            opened = case(hashlib.sha256(nonce.encode()).hexdigest(), at)
        else:
            what = cases.choice(outcome, OUTCOMES, code="outcome_unknown")
            caller, remark = _phone(phone), cases.text(note, required=False)
            if what == "transferred" and not to:
                raise Refused("transfer_missing")
        call_id = store.insert(
            "INSERT INTO phone_calls (at, case_id, outcome, phone, transfer_to, note, rings, by_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [clock.to_text(at), opened.id if opened else None, what, caller, to, remark, counted, by.id],
        )
        if caller:
            consents.keep(store, "phone_calls", call_id, by=by, at=at, source="phone")
        events.record(store, "note_call", "call", call_id, by=by, at=at)
        store.touch("cases")
        return call_id

    call_id = nonces.once(store, nonce, "note_call", content, now=now, make=make)
    case_id = store.value("SELECT case_id FROM phone_calls WHERE id = ?", [call_id])
    return cases.whole(store, case_id) if case_id else None


def _phone(text: str) -> str:
    try:
        return people.clean_phone(text) if text.strip() else ""
    except ValueError as error:
        raise Refused(str(error)) from None


def _own(by: Actor) -> str | None:
    return by.department if by.role in cases.OF_OWN_DEPARTMENT else None


def of_day(store: Store, day: date, *, by: Actor) -> list[PhoneCall]:
    """Return the calls of a day of the site within the reader's reach, newest first, at most PAGE.

    Refuses `not_permitted`.
    """
    permit(by, "see_calls")
    zone = site(store).zone
    rows = store.rows(
        "SELECT phone_calls.*, coalesce(cases.no, '') AS case_no, coalesce(cases.kind, '') AS kind,"  # noqa: S608
        " coalesce(cases.phone, phone_calls.phone) AS caller, cases.owner_id, staff.name AS by_name"
        " FROM phone_calls JOIN staff ON staff.id = by_id LEFT JOIN cases ON cases.id = case_id"
        " WHERE phone_calls.at >= :begin AND phone_calls.at < :end"
        # As the case that it became.
        f" AND (case_id IS NULL OR ({seals.open_to(by)} AND (:own IS NULL OR cases.department = :own)))"
        " ORDER BY phone_calls.at DESC, phone_calls.id DESC LIMIT :page",
        {
            "begin": day_begins(day, zone),
            "end": day_begins(day + timedelta(days=1), zone),
            "own": _own(by),
            "page": PAGE,
        },
    )
    return [
        PhoneCall(
            row["id"],
            row["at"],
            row["case_no"],
            row["kind"],
            row["outcome"] or "",
            row["caller"] if by.id == (row["owner_id"] or row["by_id"]) else mask_phone(row["caller"]),
            row["transfer_to"],
            row["note"],
            row["rings"],
            row["by_name"],
        )
        for row in rows
    ]


def without_case(store: Store, *, since: str, until: str) -> list[tuple[int, str, Words, int]]:
    """Return the calls between two moments that led to no case, for the log: id, when, what became of it, by whom."""
    rows = store.rows(
        "SELECT id, at, outcome, by_id FROM phone_calls WHERE at >= ? AND at < ? AND case_id IS NULL"
        " ORDER BY id LIMIT ?",
        [since, until, MOST_OF_A_DAY],
    )
    return [(row["id"], row["at"], OUTCOMES[row["outcome"]], row["by_id"]) for row in rows]


def of_case(store: Store, case_id: int) -> tuple[str, int | None] | None:
    """Return of the call that a case came by to whom it was put through, and how it rang; None without a call."""
    row = store.row("SELECT transfer_to, rings FROM phone_calls WHERE case_id = ?", [case_id])
    return None if row is None else (row["transfer_to"], row["rings"])


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the calls as a table. Rows are what `rows` gives."""
    return [
        ("at", Words("时间", "At")),
        ("what", Words("结果", "Became")),
        ("no", Words("编号", "Case")),
        ("phone", Words("来电号码", "Caller")),
        ("to", Words("转接", "Put through to")),
        ("rings", Words("响铃", "Rings")),
        ("note", Words("备注", "Note")),
        ("by", Words("接听人", "Answered by")),
    ]


def rows(store: Store, listed: list[PhoneCall]) -> list[dict[str, str | Words]]:
    """Return calls as rows of a table, masked as the list is; times of the site."""
    zone = site(store).zone
    return [
        {
            "at": local_times.written(clock.from_text(one.at), zone=zone),
            "what": OUTCOMES.get(one.outcome, NAME_OF_CASE),
            "no": one.case_no,
            "phone": one.phone,
            "to": one.transfer_to,
            "rings": "" if one.rings is None else str(one.rings),
            "note": one.note,
            "by": one.by_name,
        }
        for one in listed
    ]
