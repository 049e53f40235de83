"""房屋托管 (SYS-37, FRM-17, RUL-26): a vacant home is agreed on, signed for, and given back.

A subject of its own, no kind of case: it lasts for years, waits for nobody, has no clock, no receipt and no feedback,
and a person stands behind it only as the owner whom the file of the home names. What comes up in it (a finding) is a
repair like any other.

draft -> active -> ended; a draft that comes to nothing is withdrawn.
"""

from datetime import date, datetime, timedelta
from typing import Any, Final

from db.store import Store, writing
from reception import (
    cases,
    custody_facts,
    custody_readings,
    custody_tellings,
    custody_use,
    estate,
    events,
    nonces,
    sequences,
)
from reception.custody_facts import SERIES, SUBJECT, Custody
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.typed_days import typed_day

# Agreed longer ago, or for later, is a slip of the pen; and nobody agrees for longer.
BACK: Final = timedelta(days=366)
AHEAD: Final = timedelta(days=366)
LONGEST: Final = timedelta(days=3660)


def draft(
    store: Store,
    *,
    nonce: str,
    unit: str,
    from_on: str,
    until_on: str = "",
    keys: str,
    water: str,
    electric: str,
    water_limit: str = "",
    electric_limit: str = "",
    by: Actor,
    now: datetime,
) -> Custody:
    """Draw up the agreement for a home (`1-1-101`), with what its meters show. The same nonce, the same draft.

    `until_on` '' is open; `keys` "1" handed over, "0" not; a limit '' is the centre's (m3, kWh). Refuses
    `unit_invalid`, `unit_unknown`, `custody_owner_missing` (in the file of the home), `custody_days_invalid`,
    `custody_days_far`, `choice_unknown`, `custody_reading_invalid`, `custody_limit_invalid`, `custody_stands`, nonces.
    """
    permit(by, "agree_custody")
    content: dict[str, Any] = {"unit": unit, "from": from_on, "until": until_on, "keys": keys, "water": water}
    content |= {"electric": electric, "limits": [water_limit, electric_limit]}

    def make(at: datetime) -> int:
        home = estate.find_unit(store, unit.strip())
        if not custody_facts.owners(store, home, whole=False):
            raise Refused("custody_owner_missing")
        first, last = _days(store, from_on, until_on, at)
        if keys not in {"0", "1"}:
            raise Refused("choice_unknown")
        readings = {"water": custody_readings.parsed(water), "electric": custody_readings.parsed(electric)}
        centre = site(store)
        limits = [_limit(water_limit, centre.custody_water), _limit(electric_limit, centre.custody_electric)]
        no = sequences.case_no(store, SERIES, at)
        if not store.changed(
            "INSERT INTO custodies (no, unit_id, from_on, until_on, keys, water_limit, electric_limit, share,"
            " opened_at, opened_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [no, home.id, first, last, int(keys), *limits, centre.custody_share, clock.to_text(at), by.id],
        ):
            raise Refused("custody_stands")
        custody = custody_facts.by_no(store, no)
        events.record(store, "draft_custody", SUBJECT, custody.id, by=by, at=at, to_state="draft")
        custody_readings.add(store, custody, "first", readings, by=by, at=at)
        return custody.id

    return custody_facts.by_id(store, nonces.once(store, nonce, "draft_custody", content, now=now, make=make))


def _days(store: Store, from_on: str, until_on: str, at: datetime) -> tuple[str, str | None]:
    first = typed_day(from_on, code="custody_days_invalid")
    last = typed_day(until_on, code="custody_days_invalid") if until_on.strip() else None
    today = custody_facts.today(store, at)
    if not today - BACK <= first <= today + AHEAD or (last is not None and last - first > LONGEST):
        raise Refused("custody_days_far")
    if last is not None and last < max(first, today):
        raise Refused("custody_days_invalid")
    return first.isoformat(), last.isoformat() if last else None


def _limit(text: str, usual: int) -> int:
    if not text.strip():
        return usual * 100
    try:
        return custody_readings.parsed(text)
    except Refused:
        raise Refused("custody_limit_invalid") from None


def sign(store: Store, *, no: str, signed: str, by: Actor, now: datetime) -> Custody:
    """Both sides signed the agreement before the eyes of this member of staff (`signed` "1"): the custody runs.

    Refuses `custody_unknown`, `custody_unsigned`, `custody_not_now`.
    """
    permit(by, "agree_custody")
    if signed != "1":
        raise Refused("custody_unsigned")
    with writing(store):
        custody, at = custody_facts.by_no(store, no), events.moment(store, now)
        if not store.changed(
            "UPDATE custodies SET state = 'active', signed_at = ?, signed_by = ? WHERE id = ? AND state = 'draft'",
            [clock.to_text(at), by.id, custody.id],
        ):
            raise Refused("custody_not_now")
        return _moved(store, custody, "sign_custody", "active", by, at)


def withdraw(store: Store, *, no: str, reason: str, by: Actor, now: datetime) -> Custody:
    """A draft comes to nothing. Refuses `custody_unknown`, `custody_not_now`, `reason_missing`, texts."""
    permit(by, "agree_custody")
    said = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
    with writing(store):
        custody, at = custody_facts.by_no(store, no), events.moment(store, now)
        if not store.changed(
            "UPDATE custodies SET state = 'withdrawn', closed_at = ?, closed_by = ?, reason = ?"
            " WHERE id = ? AND state = 'draft'",
            [clock.to_text(at), by.id, said, custody.id],
        ):
            raise Refused("custody_not_now")
        return _moved(store, custody, "withdraw_custody", "withdrawn", by, at)


def end(
    store: Store,
    *,
    no: str,
    water: str,
    electric: str,
    keys_back: str = "",
    signed: str = "",
    stated: str = "",
    by: Actor,
    now: datetime,
) -> Custody:
    """Give a home back: what its meters show, its keys, the owner's signature under both, on the agreement.

    `keys_back`, `signed`, `stated` (that more was used than agreed stands on the paper) are "1". Refuses
    `custody_unknown`, `custody_not_now`, `custody_untold` (he does not know everything yet), `custody_reading_invalid`,
    `custody_reading_below`, `custody_keys_out`, `custody_unsigned`, `custody_overuse_unstated`.
    """
    permit(by, "end_custody")
    with writing(store):
        custody, at = custody_facts.by_no(store, no), events.moment(store, now)
        if custody.state != "active":
            raise Refused("custody_not_now")
        if custody_tellings.any_open(store, custody.id):
            raise Refused("custody_untold")
        last = {"water": custody_readings.parsed(water), "electric": custody_readings.parsed(electric)}
        if custody.keys and keys_back != "1":
            raise Refused("custody_keys_out")
        if signed != "1":
            raise Refused("custody_unsigned")
        custody_readings.add(store, custody, "last", last, by=by, at=at)
        used = custody_use.use(custody, custody_use.of(store, custody.id))
        if any(one.over for one in used.values()) and stated != "1":
            raise Refused("custody_overuse_unstated")
        custody_tellings.told_at_the_end(store, custody.id, "结束托管，业主签字确认", by=by, at=at)
        if not store.changed(
            "UPDATE custodies SET state = 'ended', closed_at = ?, closed_by = ?, ended_on = ?, keys_back = ?"
            " WHERE id = ? AND state = 'active'",
            [
                clock.to_text(at),
                by.id,
                custody_facts.today(store, at).isoformat(),
                int(custody.keys),
                custody.id,
            ],
        ):
            raise Refused("custody_not_now")
        return _moved(store, custody, "end_custody", "ended", by, at)


def _moved(store: Store, custody: Custody, what: str, to: str, by: Actor, at: datetime) -> Custody:
    events.record(store, what, SUBJECT, custody.id, by=by, at=at, from_state=custody.state, to_state=to)
    store.touch("cases")
    return custody_facts.by_id(store, custody.id)


def over(custody: Custody, today: date) -> bool:
    """Tell whether its agreed last day is behind us, and nobody ended it."""
    return custody.state == "active" and custody.until_on is not None and custody.until_on < today.isoformat()
