"""Which cases a list shows: the filters as a form or an address gives them, checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from db.store import Store
from reception import (
    complaint_facts,
    emergencies,
    handover_facts,
    inquiry_facts,
    kinds,
    procedure_facts,
    procedure_templates,
    release_facts,
    repair_facts,
    seals,
    suggestion_facts,
    tour_facts,
)
from reception.case_deadlines import OVERDUE
from reception.permissions import Actor
from reception.refusal import Refused
from reception.rules import clock, people
from reception.wording import Words

OPEN, CLOSED, ALL = "open", "closed", "all"
SCOPES = {OPEN: Words("未办结", "Open"), CLOSED: Words("已结束", "Over"), ALL: Words("全部", "All")}
SORTS = {
    "newest": Words("最新在前", "Newest first"),
    "oldest": Words("最早在前", "Oldest first"),
    "deadline": Words("先到期在前", "Due first"),
}
# The fields of a form or an address.
FIELDS = (
    "kind",
    "scope",
    "state",
    "department",
    "owner",
    "worker",
    "category",
    "urgency",
    "liability",
    "source",
    "overdue",
    "from",
    "to",
    "only",
    "sort",
)
# What each kind is divided by, as a code: read where its own rows have it.
CATEGORISED: dict[str, str] = {
    "repair": "(SELECT category FROM repairs WHERE case_id = cases.id)",
    "complaint": "(SELECT category FROM complaints WHERE case_id = cases.id)",
    "inquiry": "(SELECT category FROM inquiries WHERE case_id = cases.id)",
    "suggestion": "(SELECT topic FROM suggestions WHERE case_id = cases.id)",
    "emergency": "(SELECT hazard FROM emergencies WHERE case_id = cases.id)",
    "procedure": "(SELECT template FROM procedures WHERE case_id = cases.id)",
    "release": "(SELECT CAST(moving AS TEXT) FROM release_passes WHERE case_id = cases.id)",
    "tour": "(SELECT CAST(level AS TEXT) FROM tours WHERE case_id = cases.id)",
    "handover": "(SELECT iif(to_staff_id IS NULL, 'home', 'staff') FROM handovers WHERE case_id = cases.id)",
}
_WHENS = " ".join(f"WHEN '{kind}' THEN {of_it}" for kind, of_it in CATEGORISED.items())
CATEGORY = f"CASE cases.kind {_WHENS} END"
_OF_THE_HOUSE: dict[str, dict[str, Words]] = {
    repair_facts.KIND: repair_facts.CATEGORIES,
    emergencies.KIND: emergencies.HAZARDS,
    release_facts.KIND: {str(moving): name for moving, name in release_facts.WHAT.items()},
    tour_facts.KIND: {str(level): name for level, name in tour_facts.LEVELS.items()},
    handover_facts.KIND: handover_facts.TO,
}
MINE, OUR_DEPARTMENT = "mine", "department"
_ONLY = {
    MINE: "(cases.owner_id = :me OR EXISTS (SELECT 1 FROM work_orders WHERE case_id = cases.id AND worker_id = :me"
    " AND state = 'live') OR EXISTS (SELECT 1 FROM complaints WHERE case_id = cases.id AND handler_id = :me)"
    " OR EXISTS (SELECT 1 FROM inquiries WHERE case_id = cases.id AND expert_id = :me)"
    " OR EXISTS (SELECT 1 FROM case_escalations WHERE case_id = cases.id AND to_id = :me"
    " AND case_escalations.round = cases.round))",
    OUR_DEPARTMENT: "cases.department = :me",
}
_OF_REPAIR = "SELECT 1 FROM repairs WHERE case_id = cases.id"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows; empty: not asked. `home` is the id of a unit and never comes from an address.

    `owner` and `worker` are logins, `received_from` and `received_to` days of the site. `only`: mine, or of my
    department.
    """

    kind: str = ""
    scope: str = OPEN
    states: tuple[str, ...] = ()
    department: str = ""
    owner: str = ""
    worker: str = ""
    category: str = ""
    urgency: str = ""
    liability: str = ""
    source: str = ""
    overdue: bool = False
    received_from: date | None = None
    received_to: date | None = None
    home: int | None = None
    only: str = ""
    sort: str = "newest"

    def with_home(self, unit_id: int) -> "Filter":
        """Return the same filter for one home."""
        return replace(self, home=unit_id)


def categories(store: Store, kind: str) -> dict[str, Words]:
    """Return what a kind of case is divided by; nothing where it is not."""
    of_the_centre = {
        complaint_facts.KIND: complaint_facts.all_classes,
        inquiry_facts.KIND: inquiry_facts.all_categories,
        suggestion_facts.KIND: suggestion_facts.all_topics,
        procedure_facts.KIND: procedure_templates.all_names,
    }
    if kind in of_the_centre:
        return of_the_centre[kind](store)
    return _OF_THE_HOUSE.get(kind, {})


def parse(store: Store, values: Mapping[str, Sequence[str]]) -> Filter:
    """Return the filter that these fields mean (each a list, as addresses have them; `state` may have several).

    Refuses `choice_unknown`, `department_unknown`, `staff_unknown`, `worker_unknown`, `flag_invalid`, `date_invalid`,
    `dates_reversed`.
    """

    def one(name: str) -> str:
        return (list(values.get(name, ())) or [""])[0].strip()

    kind = _choice(one("kind"), kinds.KINDS)
    of_kind = [kinds.KINDS[kind]] if kind else list(kinds.KINDS.values())
    states = tuple(value for value in dict.fromkeys(values.get("state", ())) if value)
    for state in states:
        _choice(state, {code for entry in of_kind for code in entry.states})
    first, last = _day(one("from")), _day(one("to"))
    if first and last and first > last:
        raise Refused("dates_reversed")
    try:
        overdue = people.parse_flag(one("overdue"))
    except ValueError as error:
        raise Refused(str(error)) from None
    return Filter(
        kind=kind,
        scope=_scope(store, _choice(one("scope"), SCOPES) or OPEN, states),
        states=states,
        department=_known(store, one("department"), "departments", "code", "department_unknown"),
        owner=_known(store, one("owner"), "staff", "login", "staff_unknown"),
        worker=_known(store, one("worker"), "staff", "login", "worker_unknown"),
        category=_choice(one("category"), categories(store, kind)),
        urgency=_choice(one("urgency"), repair_facts.URGENCIES),
        liability=_choice(one("liability"), repair_facts.LIABILITIES),
        source=_choice(one("source"), repair_facts.SOURCES),
        overdue=overdue,
        received_from=first,
        received_to=last,
        only=_choice(one("only"), {MINE, OUR_DEPARTMENT}),
        sort=_choice(one("sort"), SORTS) or "newest",
    )


def _choice(value: str, choices: Mapping[str, object] | set[str]) -> str:
    if value and value not in choices:
        raise Refused("choice_unknown")
    return value


def _scope(store: Store, asked: str, states: tuple[str, ...]) -> str:
    """Return which cases to look through: a state that is asked for says by itself whether its cases are over."""
    if not states:
        return asked
    marks = ",".join("?" * len(states))
    over = store.value(f"SELECT 1 FROM case_states WHERE terminal = 1 AND state IN ({marks})", states)  # noqa: S608
    return ALL if over else OPEN


def _known(store: Store, value: str, table: str, column: str, code: str) -> str:
    if value and store.value(f"SELECT 1 FROM {table} WHERE {column} = ?", [value]) is None:  # noqa: S608
        raise Refused(code)
    return value


def _day(text: str) -> date | None:
    try:
        # The years whose days have a begin and an end in every zone.
        day = date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("date_invalid") from None
    if day and not (len(text) == 10 and 1900 <= day.year <= 2200):
        raise Refused("date_invalid")
    return day


def day_begins(day: date, zone: ZoneInfo) -> str:
    """Return the moment, as the store writes it, at which a day of the site begins."""
    return clock.to_text(datetime.combine(day, time(), zone).astimezone(UTC))


def conditions(
    wanted: Filter, *, by: Actor, own: str | None, now: str, zone: ZoneInfo
) -> tuple[list[str], dict[str, object]]:
    """Return the filter as conditions on `cases`, with their parameters; `own` limits it to one department, and what is
    sealed from the reader is left out.

    `now` is the moment, as the store writes it, by which a case counts as overdue.
    """
    since = day_begins(wanted.received_from, zone) if wanted.received_from else None
    until = day_begins(wanted.received_to + timedelta(days=1), zone) if wanted.received_to else None
    me = {MINE: by.id, OUR_DEPARTMENT: by.department}.get(wanted.only)
    # Name of the parameter, its value, the condition that it asks for.
    asked = [
        ("own", own, "cases.department = :own"),
        ("department", wanted.department, "cases.department = :department"),
        ("owner", wanted.owner, "cases.owner_id = (SELECT id FROM staff WHERE login = :owner)"),
        (
            "worker",
            wanted.worker,
            "(SELECT iif(state IN ('live', 'done'), worker_id, NULL) FROM work_orders WHERE case_id = cases.id"
            " ORDER BY id DESC LIMIT 1) = (SELECT id FROM staff WHERE login = :worker) AND cases.state <> 'rework'",
        ),
        ("category", wanted.category, f"{CATEGORISED.get(wanted.kind, '')} = :category"),
        ("urgency", wanted.urgency, f"EXISTS ({_OF_REPAIR} AND urgency = :urgency)"),
        ("liability", wanted.liability, f"EXISTS ({_OF_REPAIR} AND bears = :liability)"),
        ("source", wanted.source, "cases.source = :source"),
        ("since", since, "cases.received_at >= :since"),
        ("until", until, "cases.received_at < :until"),
        ("home", wanted.home, "cases.unit_id = :home"),
        ("me", me, _ONLY.get(wanted.only, "")),
        ("now", now if wanted.overdue else None, OVERDUE),
    ]
    kept = [(name, value, test) for name, value, test in asked if value not in ("", None)]
    parameters: dict[str, object] = {name: value for name, value, _ in kept}
    states = {f"state{number}": state for number, state in enumerate(wanted.states)}
    of_kind = {f"kind{number}": kind for number, kind in enumerate([wanted.kind] if wanted.kind else kinds.KINDS)}
    found = [test for _, _, test in kept] + [f"cases.kind IN ({','.join(f':{name}' for name in of_kind)})"]
    found.append(seals.open_to(by))
    if states:
        found.append(f"cases.state IN ({','.join(f':{name}' for name in states)})")
    if wanted.scope != ALL:
        found.append(f"cases.closed_at IS {'NULL' if wanted.scope == OPEN else 'NOT NULL'}")
    return found, parameters | states | of_kind
