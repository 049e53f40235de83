"""巡查 of homes in custody (RUL-27): each week, and before and after heavy rain; in order, or a finding.

Which rounds are wanted is derived from the days (`rules/custody.py`); kept is what was made, once each. So no power cut
and no long standstill loses one: what nobody made in its time shows as missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from db.store import Store, writing
from reception import custody_facts, custody_tellings, events, nonces, patrols, rain_warnings
from reception.cases import Case
from reception.custody_facts import SUBJECT, Custody
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, custody
from reception.rules.custody import Wanted
from reception.site import site
from reception.wording import Words

KINDS = {
    custody.WEEK: Words("每周巡查", "Round of the week"),
    custody.BEFORE: Words("大雨前", "Before heavy rain"),
    custody.AFTER: Words("大雨后", "After heavy rain"),
}
STANDINGS = {
    "ok": Words("一切正常", "In order"),
    "finding": Words("发现问题", "Finding"),
    "due": Words("待巡查", "To walk"),
    "late": Words("已逾期", "Late"),
    "missed": Words("未巡查", "Missed"),
}
MADE_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Round:
    """A round of one home: of which kind, for which week or rain (a day), by which day, how it stands.

    `at` (UTC text) and `by_name` are of one that was made; `case_no` is the repair of its finding.
    """

    kind: str
    mark: str
    about: date
    due_on: date
    standing: str
    at: str | None = None
    by_name: str = ""
    case_no: str = ""

    @property
    def kind_words(self) -> Words:
        """Why the home is looked at."""
        return KINDS[self.kind]

    @property
    def standing_words(self) -> Words:
        """How it stands."""
        return STANDINGS[self.standing]


@dataclass(frozen=True, slots=True)
class ToWalk:
    """A home that is to be looked at now, and why; `marks` is what a press carries."""

    custody: Custody
    rounds: tuple[Round, ...]

    @property
    def marks(self) -> list[str]:
        """The rounds that one look makes."""
        return [one.mark for one in self.rounds]

    @property
    def due_on(self) -> date:
        """By which day it is to be looked at."""
        return min(one.due_on for one in self.rounds)

    @property
    def pressing(self) -> bool:
        """Whether it is late, or rain is the reason."""
        return any(one.standing == "late" or one.kind != custody.WEEK for one in self.rounds)


def to_walk(store: Store, *, by: Actor, now: datetime) -> list[ToWalk]:
    """Return the homes that are to be looked at now, rain and what is late first; none for whoever walks no rounds."""
    permit(by, "walk_custody")
    if not custody_facts.walks(store, by):
        return []
    day, rains = custody_facts.today(store, now), rain_warnings.of_late(store, now=now)
    found = []
    made, zone = _marks_made(store, day), site(store).zone
    for one in custody_facts.active(store):
        wanted = _open(one, rains, day, made.get(one.id, set()), zone)
        if wanted:
            found.append(ToWalk(one, wanted))
    return sorted(found, key=lambda home: (not home.pressing, home.due_on))


def _open(one: Custody, rains: Sequence[custody.Rain], day: date, made: set[str], zone: ZoneInfo) -> tuple[Round, ...]:
    begin = custody_facts.first_day(one, zone)
    wanted = [
        each
        for each in custody.wanted(begin, None, day, rains)
        if each.mark not in made and each.standing(day) != "missed"
    ]
    return tuple(_round(each, each.standing(day), rains) for each in wanted)


def _round(wanted: Wanted, standing: str, rains: Sequence[custody.Rain]) -> Round:
    rain_on = {one.id: one.rain_on for one in rains}
    about = wanted.week or rain_on[wanted.warning_id or 0]
    return Round(wanted.kind, wanted.mark, about, wanted.due_on, standing)


def _marks_made(store: Store, day: date) -> dict[int, set[str]]:
    """Return what was made for the homes in custody of what may still be wanted: this week's, and all around rain."""
    rows = store.rows(
        "SELECT custody_id, kind, coalesce(week, warning_id) AS about FROM custody_rounds"
        " JOIN custodies ON custodies.id = custody_id WHERE state = 'active'"
        " AND (kind <> 'week' OR week >= ?)",
        [custody.monday(day).isoformat()],
    )
    found: dict[int, set[str]] = {}
    for row in rows:
        found.setdefault(row["custody_id"], set()).add(f"{row['kind']}-{row['about']}")
    return found


def of_custody(store: Store, one: Custody, *, by: Actor, now: datetime) -> tuple[Round, ...]:
    """Return the rounds of a custody, the newest first: made, due, and missed of the last year."""
    permit(by, "see_custody")
    if one.signed_at is None:
        return ()
    rows = store.rows(
        "SELECT kind, coalesce(week, warning_id) AS about, coalesce(week, rain_on) AS day, result, custody_rounds.at,"
        " staff.name, repaired.no FROM custody_rounds JOIN staff ON staff.id = by_id"
        " LEFT JOIN rain_warnings ON rain_warnings.id = warning_id"
        # Repairs are never sealed.
        " LEFT JOIN (SELECT cases.id, cases.no FROM repairs JOIN cases ON cases.id = repairs.case_id) AS repaired"
        " ON repaired.id = custody_rounds.case_id"
        " WHERE custody_id = ? ORDER BY custody_rounds.id DESC LIMIT ?",
        [one.id, MADE_SHOWN],
    )
    made = [
        Round(
            row["kind"],
            f"{row['kind']}-{row['about']}",
            date.fromisoformat(row["day"]),
            date.fromisoformat(row["day"]),
            row["result"],
            row["at"],
            row["name"],
            row["no"] or "",
        )
        for row in rows
    ]
    day, rains = custody_facts.today(store, now), rain_warnings.of_late(store, now=now)
    ended = date.fromisoformat(one.ended_on) if one.ended_on else None
    known = {each.mark for each in made}
    open_ = [
        _round(each, "missed" if ended else each.standing(day), rains)
        for each in custody.wanted(custody_facts.first_day(one, site(store).zone), ended, day, rains)
        if each.mark not in known
    ]
    return tuple(sorted(made + open_, key=lambda each: (each.about, each.kind), reverse=True))


def walk(store: Store, *, no: str, marks: Sequence[str], nonce: str, by: Actor, now: datetime) -> Custody:
    """Somebody looked at a home in custody: everything is in order. The same nonce, one look.

    `marks` are the rounds that the screen showed (`Round.mark`). Refuses `custody_unknown` (also to whoever walks no
    rounds), `custody_round_none`, `custody_round_over` (made meanwhile, or not to be made any more), nonces.
    """
    permit(by, "walk_custody")
    content = {"no": no, "marks": sorted(marks), "by": by.id}

    def make(at: datetime) -> int:
        one = reach(store, no, by=by)
        _make(store, one, marks, None, by=by, at=at)
        return one.id

    return custody_facts.by_id(store, nonces.once(store, nonce, "walk_custody", content, now=now, make=make))


def report(
    store: Store,
    *,
    no: str,
    marks: Sequence[str],
    nonce: str,
    category: str,
    place: str,
    content: str,
    urgency: str,
    data: bytes = b"",
    by: Actor,
    now: datetime,
) -> Case:
    """Something was found at a home in custody, inside or outside: a repair of that home with its work order, the round
    made by it, and the owner to be told, in one act. Also between rounds (no `marks`, or none of them open any more).
    The same nonce reports it once.

    Refuses `custody_unknown`, `custody_not_now`, and what `patrols.report` refuses.
    """
    permit(by, "walk_custody")
    one = reach(store, no, by=by)

    def also(case: Case, at: datetime) -> None:
        # As it stands now: it may have ended since.
        if custody_facts.by_id(store, one.id).state != "active":
            raise Refused("custody_not_now")
        # Somebody else may have made a round meanwhile, or its week is over: what was found is reported all the same.
        still = _open_marks(store, one, at)
        left = [mark for mark in marks if mark in still]
        if left:
            _make(store, one, left, case.id, by=by, at=at)
        else:
            events.record(store, "walk_custody", SUBJECT, one.id, by=by, at=at, to_state="finding")
        custody_tellings.open_finding(store, one.id, case.id, at=at)

    at_home = patrols.AtHome(one.unit.label, f"{one.no} {' '.join(sorted(marks))}", also)
    return patrols.report(
        store,
        nonce=nonce,
        category=category,
        place=place,
        content=content,
        urgency=urgency,
        data=data,
        at_home=at_home,
        by=by,
        now=now,
    )


def reach(store: Store, no: str, *, by: Actor) -> Custody:
    """Return a home that somebody walks to. Refuses `custody_unknown`, also to whoever walks no rounds."""
    # Of an empty home not even that there is one.
    if not custody_facts.walks(store, by):
        raise Refused("custody_unknown")
    return custody_facts.by_no(store, no)


def _open_marks(store: Store, one: Custody, at: datetime) -> set[str]:
    """Return the marks of the rounds of a home that are to be made now."""
    if one.state != "active":
        return set()
    rains, day = rain_warnings.of_late(store, now=at), custody_facts.today(store, at)
    made = _marks_made(store, day).get(one.id, set())
    return {each.mark for each in _open(one, rains, day, made, site(store).zone)}


def _make(store: Store, one: Custody, marks: Sequence[str], case_id: int | None, *, by: Actor, at: datetime) -> None:
    """Write inside an act that these rounds were made by one look."""
    with writing(store):
        is_open = _open_marks(store, one, at)
        if not marks:
            raise Refused("custody_round_none")
        result = "ok" if case_id is None else "finding"
        for mark in dict.fromkeys(marks):
            if mark not in is_open:
                raise Refused("custody_round_over")
            kind, _, about = mark.partition("-")
            week, warning = (about, None) if kind == custody.WEEK else (None, int(about))
            if not store.changed(
                "INSERT INTO custody_rounds (custody_id, kind, week, warning_id, result, case_id, at, by_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [one.id, kind, week, warning, result, case_id, clock.to_text(at), by.id],
            ):
                raise Refused("custody_round_over")
            events.record(store, "walk_custody", SUBJECT, one.id, by=by, at=at, to_state=result, round=mark)
        store.touch("cases")
