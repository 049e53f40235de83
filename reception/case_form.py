"""What the forms of all kinds of case have at their head; an empty one is the blank form, to write on by hand."""

from dataclasses import dataclass
from typing import Final

from db.store import Store
from reception import feedback, follow_ups, repair_facts
from reception.cases import Case
from reception.wording import Words

NOTHING = Words("", "")


@dataclass(frozen=True, slots=True)
class Head:
    """Who raised a case, when, through which door, who took it in; `whole`: with name and telephone.

    `received_at` is UTC text, '' on a blank form; `recorder` is '' where the person did it himself.
    """

    no: str = ""
    received_at: str = ""
    name: str = ""
    phone: str = ""
    home: str = ""
    door: Words = NOTHING
    recorder: str = ""
    department: Words = NOTHING
    holder: str = ""
    closed_at: str = ""
    whole: bool = True


BLANK: Final = Head()


@dataclass(frozen=True, slots=True)
class Told:
    """What the person was told, when (UTC text), by whom, by which way."""

    at: str
    by_name: str
    channel: Words
    text: str


@dataclass(frozen=True, slots=True)
class Rated:
    """What he said of it: his points in words, by which way, to whom ('' where he answered himself)."""

    at: str
    by_name: str
    way: Words
    score: Words
    comment: str


def head(store: Store, case: Case) -> Head:
    """Return the head of a case's form; masked as the case is."""
    recorder = store.value(
        "SELECT staff.name FROM events LEFT JOIN staff ON staff.id = by_id WHERE subject = 'case' AND subject_id = ?"
        " ORDER BY events.id LIMIT 1",
        [case.id],
    )
    return Head(
        no=case.no,
        received_at=case.received_at,
        name=case.name,
        phone=case.phone,
        home=case.unit.label if case.unit else "",
        door=repair_facts.SOURCES.get(case.source, NOTHING),
        recorder=recorder or "",
        department=case.department_name,
        holder=case.owner_name,
        closed_at=case.closed_at or "",
        whole=case.whole,
    )


def told(store: Store, case: Case) -> tuple[Told, ...]:
    """Return all that the person was told, oldest first."""
    found = feedback.of_case(store, case.id)
    return tuple(Told(one.at, one.by_name, feedback.CHANNELS[one.channel], one.text) for one in found)


def rated(store: Store, case: Case) -> tuple[Rated, ...]:
    """Return how content he was, asked by us or of his own, oldest first; attempts that brought no answer are none."""
    asked = [
        Rated(one.at, one.by_name, follow_ups.METHODS[one.method], follow_ups.SCORES[one.score], one.comment)
        for one in follow_ups.of_case(store, case.id)
        if one.score is not None
    ]
    own = [
        Rated(one.at, "", follow_ups.CHANNELS[one.channel], follow_ups.SCORES[one.score], one.comment)
        for one in follow_ups.own_answers(store, case.id)
    ]
    return tuple(sorted(asked + own, key=lambda one: one.at))
