"""One person's rights (PIPL 45-47): what is kept of him shown, taken out, and erased. Each is written down.

Staff are no persons here: their names stand in the history of what they did.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Final

from db.store import Store, writing
from reception import (
    erasure,
    erasure_replay,
    estate,
    events,
    person_dossier,
    person_holds,
    person_reach,
    person_words,
    reveals,
    withdrawals,
)
from reception.permissions import Actor, permit
from reception.person_dossier import Part
from reception.person_holds import Hold
from reception.person_reach import Reach
from reception.person_rows import Found, Person, alike, find, plain_name
from reception.refusal import Refused
from reception.rules import clock, people
from reception.visits import NAME_LIMIT
from reception.wording import Words

SUBJECT: Final = "person"
# Of this process: after a restart one looks again.
_SEALING: Final = secrets.token_bytes(32)
SALT: Final = 16
REASONS: Final = reveals.OF_RIGHTS

# What an erasure tells of, by table; what is counted under no name of its own is "in other records".
TITLES: Final = person_words.TABLES | {
    "print_jobs": Words("票据内容", "Content of papers"),
    "nonces": Words("表单提交记录", "Records of forms sent"),
}


@dataclass(frozen=True, slots=True)
class Dossier:
    """What one reader may know of what is kept of a person.

    `more`: there is something for the manager; `mentions`: rows of others in which he is named; `seal`: of all that
    there is, so that nothing is erased but what was there when he looked; `agreed`: something stands on his consent.
    """

    person: Person
    parts: tuple[Part, ...]
    more: bool
    mentions: int
    papers: int
    holds: tuple[Hold, ...]
    seal: str
    agreed: bool

    @property
    def empty(self) -> bool:
        """Whether nothing is kept that the reader may know of."""
        return not self.parts and not self.more and not self.mentions

    @property
    def telephones(self) -> tuple[str, ...]:
        """Every telephone in what is shown.

        Two may be two persons: anybody can say another's name and home, and ask for `himself` afterwards.
        """
        said = (cell for part in self.parts for row in part.rows for cell in row)
        return tuple(sorted({cell.text for cell in said if cell.label == person_words.COLUMNS["phone"]}))


def asked(phone: str, name: str, unit: str, reason: str) -> Person:
    """Return who is meant by what was typed.

    Refuses `reason_unknown`, `phone_invalid`, `unit_invalid`, `text_invalid`, `text_too_long`, and `person_too_vague`
    (neither a telephone nor a name).
    """
    _why(reason)
    try:
        number = people.clean_phone(phone) if phone.strip() else None
        called = people.clean_text(name, limit=NAME_LIMIT) or None
        home = "-".join(people.parse_unit(people.plain_unit(unit.strip()))) if unit.strip() else None
    except ValueError as error:
        raise Refused(str(error)) from None
    if number is None and called is None:
        raise Refused("person_too_vague")
    return Person(number, called, home)


def _why(reason: str) -> None:
    if reason not in REASONS:
        raise Refused("reason_unknown")


def candidates(store: Store, person: Person, *, reason: str, by: Actor, now: datetime) -> list[Person]:
    """Return the persons who may be meant, each with all that tells him apart: two share a telephone, or a name.

    That several were shown is written down. Told by rows that are open to the reader: a name that stands in a sealed
    matter alone is not said. Refuses `reason_unknown`, `not_permitted`.
    """
    permit(by, "see_persons")
    _why(reason)
    with writing(store):
        meant = _meant(store, person, by)
        if len(meant) > 1:
            at = events.moment(store, now)
            reveals.note(store, "find_person", SUBJECT, 0, reason=reason, by=by, at=at, people=len(meant))
    return meant


def _meant(store: Store, person: Person, by: Actor) -> list[Person]:
    if person.phone is not None:
        rows = _open_rows(store, {person.phone}, set(), by)
        names = {plain_name(row["name"]): row["name"] for row in rows if row["name"]}
        if person.name is not None and plain_name(person.name) in names:
            return [person]
        return [Person(person.phone, name, person.unit) for _plain, name in sorted(names.items())] or [person]
    assert person.name is not None
    if person.unit is not None:
        return [person]
    rows = _open_rows(store, set(), {plain_name(person.name)}, by)
    phones = {row["phone"] for row in rows} - {""}
    homes = {row["home"] for row in rows if row["home"] and not row["phone"]}
    units = [unit.label for home in sorted(homes) if (unit := estate.unit_by_id(store, home)) and unit.building]
    meant = [Person(phone, person.name, None) for phone in sorted(phones)]
    return meant + [Person(None, person.name, unit) for unit in units] or [person]


def _open_rows(store: Store, phones: set[str], names: set[str], by: Actor) -> list[Row]:
    rows = alike(store, phones, names)
    of_case = {"cases", "case_agents"}
    found = Found(rows={
        "cases": [row["id"] for row in rows if row["source"] in of_case],
        "visits": [row["id"] for row in rows if row["source"] == "visits"],
    })  # fmt: skip
    reach = person_reach.of(store, found, by=by)
    return [
        row
        for row in rows
        if (row["source"] not in of_case or row["id"] in reach.cases)
        and (row["source"] != "visits" or row["id"] in reach.visits)
    ]


def look_up(store: Store, person: Person, *, reason: str, by: Actor, now: datetime) -> Dossier:
    """Return what is kept of a person; that it was read, why, and of which matters, is written down.

    What is sealed from the reader is left out. Refuses `not_permitted`, `reason_unknown`, `unit_unknown`.
    """
    permit(by, "see_persons")
    with writing(store):
        found, reach = _found(store, person, by)
        _record(store, "see_person", reach, reason, by=by, at=events.moment(store, now))
    return _dossier(store, person, found, reach, by)


def withdraw(store: Store, person: Person, *, reason: str, sure: str, by: Actor, now: datetime) -> Dossier:
    """He takes back what he agreed to, wherever it was; return what is kept of him. He waits to be erased.

    What is sealed from the reader stays as it is. Refuses as `look_up`, `withdrawal_unsure`, `nothing_agreed`.
    """
    permit(by, "see_persons")
    with writing(store):
        found, reach = _found(store, person, by)
        at = events.moment(store, now)
        withdrawals.mark(store, person_dossier.known(found, reach), sure=sure, by=by, at=at)
        _record(store, "withdraw_consent", reach, reason, by=by, at=at)
        store.touch("cases")
    return _dossier(store, person, found, reach, by)


def export(store: Store, person: Person, *, reason: str, by: Actor, now: datetime) -> bytes:
    """Return the same as JSON, with the pictures in it (PIPL 45: to be handed over or carried elsewhere); written down.

    Times are UTC as the store keeps them. Refuses as `look_up`.
    """
    permit(by, "export_person")
    with writing(store):
        found, reach = _found(store, person, by)
        at = events.moment(store, now)
        _record(store, "export_person", reach, reason, by=by, at=at)
        told = person_dossier.everything(store, found, reach)
    whole = {"person": {"phone": person.phone, "name": person.name, "home": person.unit}, "at": clock.to_text(at)}
    return json.dumps(whole | told | {"more": reach.told}, ensure_ascii=False, indent=1).encode()


def erase(store: Store, person: Person, *, seal: str, reason: str, by: Actor, now: datetime) -> dict[str, int]:
    """Erase a person everywhere (PIPL 47); return the rows changed by table. What was erased stays erased.

    His name, telephone and homes, the words of his matters, pictures, papers that wait; struck out of what others
    wrote. What is counted stays. Refuses `person_changed` (more is known of him than was shown), `person_held` (a
    matter is open, or must be kept: `Dossier.holds`), `person_for_manager`, `person_for_another`, `nobody_found`.
    """
    permit(by, "erase_person")
    try:
        with erasure_replay.noted(store) as note, writing(store):
            found, reach = _found(store, person, by)
            if not found.rows and not erasure.mentions(store, found):
                raise Refused("nobody_found")
            person_reach.may_erase(store, reach, by=by)
            if person_holds.of(store, found):
                raise Refused("person_held")
            if not hmac.compare_digest(seal.encode(), _seal(found, seal[:SALT]).encode()):
                raise Refused("person_changed")
            at = events.moment(store, now)
            note(person, at)
            counts = erasure.wipe(store, person, at=at)
            events.record(store, "erase_person", SUBJECT, 0, by=by, at=at, reason=reason, rows=counts)
    except OSError as error:
        raise Refused("erasure_not_noted") from error
    erasure.scrub(store, found)
    return counts


def _found(store: Store, person: Person, by: Actor) -> tuple[Found, Reach]:
    if person.unit is not None:
        estate.find_unit(store, person.unit)
    found = find(store, person)
    return found, person_reach.of(store, found, by=by)


def _record(store: Store, what: str, reach: Reach, reason: str, *, by: Actor, at: datetime) -> None:
    _why(reason)
    # By the ids of what was read: who it was is to be found from there, and from nowhere once he is erased.
    reveals.note(
        store, what, SUBJECT, 0, reason=reason, by=by, at=at, cases=list(reach.cases), visits=list(reach.visits)
    )


def _dossier(store: Store, person: Person, found: Found, reach: Reach, by: Actor) -> Dossier:
    holds, grounds = person_holds.of(store, found), person_dossier.grounds(store, found, reach)
    return Dossier(
        person=person,
        parts=person_dossier.parts(store, found, reach, grounds),
        more=reach.told,
        mentions=erasure.mentions(store, found, person_reach.open_cases(by)),
        papers=person_dossier.papers(store, reach),
        holds=tuple(hold for hold in holds if _may_know(hold, reach)),
        seal=_seal(found, secrets.token_hex(SALT // 2)),
        agreed=person_dossier.agreed(grounds),
    )


def _may_know(hold: Hold, reach: Reach) -> bool:
    return hold.case_id not in reach.hidden and (hold.visit_id is None or hold.visit_id in reach.visits)


def _seal(found: Found, salt: str) -> str:
    # Each time another: of a plain hash one could try out whether there is more than was shown.
    told = json.dumps([salt, *((table, sorted(ids)) for table, ids in sorted(found.rows.items()))])
    return salt + hmac.new(_SEALING, told.encode(), hashlib.sha256).hexdigest()
