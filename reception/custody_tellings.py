"""What the owner of a home in custody has to be told (“发现问题及时处理并通知业主”, RUL-27): to do until he was.

A meter above its limit, and every finding of a round. It stays among the to-dos until somebody notes how he was told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.store import Store, writing
from reception import cases, custody_facts, events, seals
from reception.custody_facts import SUBJECT, Custody
from reception.estate import Unit
from reception.feedback import CHANNELS
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.wording import Words

WHATS = {
    "water": Words("用水超限", "Water above the limit"),
    "electric": Words("用电超限", "Electricity above the limit"),
    "finding": Words("巡查发现问题", "Found on a round"),
}
CORRECTED = "corrected"
HOW = CHANNELS | {CORRECTED: Words("读数已更正", "Reading corrected")}
MOST: Final = 200
# The last one that stands: no other was put in its place.
_LATEST: Final = (
    "(SELECT id FROM custody_readings AS read WHERE read.custody_id = custody_tellings.custody_id AND meter = what"
    " AND NOT EXISTS (SELECT 1 FROM custody_readings WHERE corrects_id = read.id)"
    " ORDER BY piece DESC, value DESC, id DESC LIMIT 1)"
)


@dataclass(frozen=True, slots=True)
class Telling:
    """What is to be told, or was: of a finding with the number of its repair where the reader may see that.

    `told_at` (UTC text) None: still to do.
    """

    id: int
    no: str
    unit: Unit
    code: str
    case_no: str
    opened_at: str
    told_at: str | None
    told_name: str
    channel: str | None
    note: str

    @property
    def what(self) -> Words:
        """What it is about."""
        return WHATS[self.code]

    @property
    def how(self) -> Words | None:
        """By which way he was told."""
        return HOW[self.channel] if self.channel else None


def _found(store: Store, where: str, values: list[object], by: Actor) -> tuple[Telling, ...]:
    rows = store.rows(
        "SELECT custody_tellings.*, custodies.no, custodies.unit_id, building, units.unit, room,"  # noqa: S608
        " coalesce(staff.name, '') AS told_name, coalesce(cases.no, '') AS case_no FROM custody_tellings"
        " JOIN custodies ON custodies.id = custody_id JOIN units ON units.id = custodies.unit_id"
        " LEFT JOIN staff ON staff.id = told_by"
        f" LEFT JOIN cases ON cases.id = custody_tellings.case_id AND {seals.open_to(by)} WHERE {where}",
        values,
    )
    names = ("id", "no", "case_no", "opened_at", "told_at", "told_name", "channel", "note")
    return tuple(
        Telling(
            **{name: row[name] for name in names},
            code=row["what"],
            unit=Unit(row["unit_id"], row["building"], row["unit"], row["room"]),
        )
        for row in rows
    )


def of(store: Store, custody: Custody, *, by: Actor) -> tuple[Telling, ...]:
    """Return what the owner of a home was told, or is to be told: that first, then the last told."""
    permit(by, "see_custody")
    where = "custody_id = ? ORDER BY told_at IS NOT NULL, told_at DESC, custody_tellings.id DESC LIMIT ?"
    return _found(store, where, [custody.id, MOST], by)


def to_do(store: Store, *, most: int = MOST, by: Actor) -> tuple[Telling, ...]:
    """Return what owners are still to be told, the oldest first."""
    permit(by, "see_custody")
    return _found(store, "told_at IS NULL ORDER BY opened_at, custody_tellings.id LIMIT ?", [most], by)


def count(store: Store, *, by: Actor) -> int:
    """Return how many there are."""
    permit(by, "see_custody")
    number: int = store.value("SELECT count(*) FROM custody_tellings WHERE told_at IS NULL")
    return number


def any_open(store: Store, custody_id: int) -> bool:
    """Tell inside an act whether the owner does not know everything yet."""
    return bool(store.value("SELECT 1 FROM custody_tellings WHERE custody_id = ? AND told_at IS NULL", [custody_id]))


def tell(store: Store, *, no: str, telling: str, channel: str, note: str, by: Actor, now: datetime) -> Custody:
    """Note that the owner was told, by which way, and what was found or said. Once.

    Refuses `custody_unknown`, `channel_unknown`, `custody_note_missing`, `custody_told` (somebody told him, or no such
    thing is to be told), texts.
    """
    permit(by, "tell_custody")
    cases.choice(channel, CHANNELS, code="channel_unknown")
    said = cases.text(note, missing="custody_note_missing", limit=200)
    with writing(store):
        custody, at = custody_facts.by_no(store, no), events.moment(store, now)
        chosen = numbers.whole(telling)
        if not store.changed(
            "UPDATE custody_tellings SET told_at = ?, told_by = ?, channel = ?, note = ?,"  # noqa: S608
            # Of a meter he is told how it stands now.
            f" reading_id = iif(reading_id IS NULL, NULL, {_LATEST})"
            " WHERE id = ? AND custody_id = ? AND told_at IS NULL",
            [clock.to_text(at), by.id, channel, said, chosen, custody.id],
        ):
            raise Refused("custody_told")
        events.record(store, "tell_custody", SUBJECT, custody.id, by=by, at=at, telling=chosen, channel=channel)
        store.touch("cases")
        return custody


def open_finding(store: Store, custody_id: int, case_id: int, *, at: datetime) -> None:
    """Put down inside an act that the owner is to be told of a finding."""
    store.execute(
        "INSERT INTO custody_tellings (custody_id, what, case_id, opened_at) VALUES (?, 'finding', ?, ?)",
        [custody_id, case_id, clock.to_text(at)],
    )


def open_overuse(
    store: Store, custody_id: int, meter: str, reading_id: int, counted: Mapping[int, int], *, by: Actor, at: datetime
) -> None:
    """Put down inside an act that a meter is above its limit: once while nobody told the owner, and anew where it
    counted on since he was told. `counted`: what was used until each reading that stands."""
    told = store.rows(
        "SELECT reading_id FROM custody_tellings WHERE custody_id = ? AND what = ? AND channel <> ?",
        [custody_id, meter, CORRECTED],
    )
    if any(counted.get(row["reading_id"], -1) >= counted[reading_id] for row in told):
        return
    if store.changed(
        "INSERT INTO custody_tellings (custody_id, what, reading_id, opened_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [custody_id, meter, reading_id, clock.to_text(at)],
    ):
        events.record(store, "custody_overuse", SUBJECT, custody_id, by=by, at=at, meter=meter)


def drop_overuse(store: Store, custody_id: int, meter: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Let inside an act nobody be told of a meter that is not above its limit: its reading was wrong."""
    store.execute(
        "UPDATE custody_tellings SET told_at = ?, told_by = ?, channel = ?, note = ?"
        " WHERE custody_id = ? AND what = ? AND told_at IS NULL",
        [clock.to_text(at), by.id, CORRECTED, reason, custody_id, meter],
    )


def told_at_the_end(store: Store, custody_id: int, note: str, *, by: Actor, at: datetime) -> None:
    """Note inside the act that ends it that the owner saw the overuse on the paper that he signed."""
    store.execute(
        "UPDATE custody_tellings SET told_at = ?, told_by = ?, channel = 'paper', note = ?"
        " WHERE custody_id = ? AND what <> 'finding' AND told_at IS NULL",
        [clock.to_text(at), by.id, note, custody_id],
    )
