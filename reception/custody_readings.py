"""Meters of a home in custody (RUL-26): readings are added, never changed; above the limit the owner is to be told.

“托管期间水表不超过5o，电表不超过20o” stands in the source: the o is how its degree sign (度) was scanned. Of water a
度 is a m3, of electricity a kWh, over the whole custody.
"""

from datetime import datetime
from typing import Final

from db.store import Store
from reception import cases, custody_facts, custody_tellings, events, nonces
from reception.custody_facts import METERS, SUBJECT, Custody
from reception.custody_use import first_as_signed, of, use
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, meters, numbers

# More are a slip of the pen; a meter read every week for years comes near it.
MOST: Final = 600
EXCHANGES: Final = 99


def parsed(text: str) -> int:
    """Return the hundredths of a reading as typed. Refuses `custody_reading_invalid`."""
    try:
        return meters.parse_reading(text)
    except ValueError:
        raise Refused("custody_reading_invalid") from None


def take(
    store: Store, *, no: str, nonce: str, water: str = "", electric: str = "", by: Actor, now: datetime
) -> Custody:
    """Write down what the meters of a home in custody show, one of them or both. The same nonce, the same readings.

    Refuses `custody_unknown`, `custody_not_now`, `custody_reading_missing`, `custody_reading_invalid`,
    `custody_reading_below` (than an earlier one: that is corrected first), `custody_readings_many`, nonces.
    """
    permit(by, "read_custody_meter")
    content = {"no": no, "water": water, "electric": electric}

    def make(at: datetime) -> int:
        custody = custody_facts.by_no(store, no)
        if custody.state != "active":
            raise Refused("custody_not_now")
        typed = {meter: parsed(text) for meter, text in (("water", water), ("electric", electric)) if text.strip()}
        if not typed:
            raise Refused("custody_reading_missing")
        add(store, custody, "during", typed, by=by, at=at)
        return custody.id

    return custody_facts.by_id(store, nonces.once(store, nonce, "read_custody_meter", content, now=now, make=make))


def add(store: Store, custody: Custody, part: str, typed: dict[str, int], *, by: Actor, at: datetime) -> None:
    """Write readings down inside an act. Refuses `custody_reading_below`, `custody_readings_many` (while it lasts)."""
    known = of(store, custody.id)
    # However many there are: it can always be ended.
    if part == "during" and len(known) >= MOST:
        raise Refused("custody_readings_many")
    stands = use(custody, known)
    for meter, value in typed.items():
        piece = stands[meter].last.piece if meter in stands else 0
        if meter in stands and stands[meter].last.value > value:
            raise Refused("custody_reading_below")
        _write(store, custody.id, meter, part, piece, value, by=by, at=at)
        if part != "first":
            events.record(store, "read_custody_meter", SUBJECT, custody.id, by=by, at=at, meter=meter, value=value)
    judge(store, custody, "", by=by, at=at)


def _write(
    store: Store,
    custody_id: int,
    meter: str,
    part: str,
    piece: int,
    value: int,
    *,
    corrects_id: int | None = None,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> None:
    store.execute(
        "INSERT INTO custody_readings (custody_id, meter, part, piece, value, corrects_id, reason, at, by_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [custody_id, meter, part, piece, value, corrects_id, reason, clock.to_text(at), by.id],
    )


def exchange(store: Store, *, no: str, nonce: str, meter: str, old: str, new: str, by: Actor, now: datetime) -> Custody:
    """A meter was exchanged (换表): what the `old` one showed last, the `new` one first. The same nonce, one exchange.

    Refuses `custody_unknown`, `custody_not_now`, `choice_unknown` (of a meter), `custody_reading_invalid`,
    `custody_reading_below` (the old one), `custody_readings_many`, nonces.
    """
    permit(by, "read_custody_meter")
    cases.choice(meter, METERS, code="choice_unknown")
    content = {"no": no, "meter": meter, "old": old, "new": new}

    def make(at: datetime) -> int:
        custody = custody_facts.by_no(store, no)
        if custody.state != "active":
            raise Refused("custody_not_now")
        ended, begun = parsed(old), parsed(new)
        add(store, custody, "during", {meter: ended}, by=by, at=at)
        piece = use(custody, of(store, custody.id))[meter].last.piece + 1
        if piece > EXCHANGES:
            raise Refused("custody_readings_many")
        _write(store, custody.id, meter, "during", piece, begun, by=by, at=at)
        events.record(
            store, "exchange_custody_meter", SUBJECT, custody.id, by=by, at=at,
            meter=meter, value=begun, was_value=ended,
        )  # fmt: skip
        store.touch("cases")
        return custody.id

    return custody_facts.by_id(store, nonces.once(store, nonce, "exchange_custody_meter", content, now=now, make=make))


def correct(
    store: Store, *, no: str, nonce: str, reading: str, value: str, reason: str, by: Actor, now: datetime
) -> Custody:
    """Put another reading in the place of a wrong one, with the reason; both stay. The same nonce, one correction.

    Refuses `custody_unknown`, `custody_not_now`, `custody_reading_unknown` (also one corrected already),
    `custody_reading_invalid`, `custody_reading_between` (it does not lie between its neighbours), `reason_missing`.
    """
    permit(by, "read_custody_meter")
    content = {"no": no, "reading": reading, "value": value, "reason": reason}

    def make(at: datetime) -> int:
        custody = custody_facts.by_no(store, no)
        if custody.state not in {"draft", "active"}:
            raise Refused("custody_not_now")
        known = [one for one in of(store, custody.id) if not one.corrected]
        wrong = next((one for one in known if one.id == numbers.whole(reading)), None)
        if wrong is None:
            raise Refused("custody_reading_unknown")
        right, said = parsed(value), cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        line = [one for one in known if (one.meter, one.piece) == (wrong.meter, wrong.piece)]
        if any((one.value > right) if one.root < wrong.root else (one.value < right) for one in line if one != wrong):
            raise Refused("custody_reading_between")
        _write(
            store, custody.id, wrong.meter, wrong.part, wrong.piece, right,
            corrects_id=wrong.id, reason=said, by=by, at=at,
        )  # fmt: skip
        events.record(
            store, "correct_custody_meter", SUBJECT, custody.id, by=by, at=at,
            meter=wrong.meter, value=right, was_value=wrong.value,
        )  # fmt: skip
        judge(store, custody, said, by=by, at=at)
        return custody.id

    return custody_facts.by_id(store, nonces.once(store, nonce, "correct_custody_meter", content, now=now, make=make))


def judge(store: Store, custody: Custody, corrected: str, *, by: Actor, at: datetime) -> None:
    """Hold the meters against their limits inside an act: what is above is to be told, what is not any more is dropped.

    `corrected`: why a reading was corrected that drops it; '' drops nothing.
    """
    found = of(store, custody.id)
    signed = first_as_signed(custody, found)
    for meter, one in use(custody, found).items():
        if one.over:
            custody_tellings.open_overuse(store, custody.id, meter, one.last.id, one.counted, by=by, at=at)
        # Where another reading stands than the owner signed for, he is told all the same.
        elif corrected and one.first == signed[meter]:
            custody_tellings.drop_overuse(store, custody.id, meter, corrected, by=by, at=at)
    store.touch("cases")
