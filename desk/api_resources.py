"""What other systems may ask, each resource declared once: the routes, the checks and the OpenAPI document go by it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reception import api_months, api_readings
from reception.permissions import Actor
from web import health
from web.app import now, store

PATH: Final = "/api/v1"
TIME: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3})?Z"
NO: Final = r"[A-Z0-9-]{1,24}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One that a request may name once: `pattern` is the whole of what it may say, `kind` its type in the document."""

    pattern: str
    says: str
    kind: str = "string"
    default: str = ""

    def takes(self, text: str) -> bool:
        """Whether a value is well formed."""
        return re.fullmatch(self.pattern, text) is not None


LIMIT: Final = Parameter("[1-9][0-9]?|1[0-9]{2}|200", "How many at most, 1 to 200.", "integer", "50")
AFTER: Final = Parameter(api_readings.CURSOR.pattern, "Go on after this: `next` of the page before.")
CODE: Final = "[a-z][a-z0-9_-]{0,39}"


@dataclass(frozen=True, slots=True)
class Resource:
    """What is read at one path by whoever has the scope; `read` returns what is ready for JSON, None for a 404.

    `schema` names the shape in `api_schemas`.
    """

    name: str
    path: str
    scope: str
    schema: str
    says: str
    read: Callable[[Actor, Mapping[str, str], str], Any]
    parameters: Mapping[str, Parameter]


RESOURCES: Final = (
    Resource(
        "health",
        "/health",
        "health",
        "Health",
        "Whether the store can be read and written, and how the printers are, unnamed.",
        lambda by, asked, no: health.report(store, now(), stranger=True),
        {},
    ),
    Resource(
        "queue",
        "/queue",
        "queue",
        "Queue",
        "How the queue stands: by line who waits and how long a newcomer would, by counter whom it holds.",
        lambda by, asked, no: api_readings.queue(store(), by=by, now=now()),
        {},
    ),
    Resource(
        "tickets",
        "/tickets",
        "queue",
        "Tickets",
        "The tickets of today, in the order in which they were issued.",
        lambda by, asked, no: api_readings.tickets(store(), asked, by=by, now=now()),
        {
            "limit": LIMIT,
            "after": AFTER,
            "state": Parameter(CODE, "Those in this state alone."),
            "line": Parameter(CODE, "Those of this line of business alone."),
        },
    ),
    Resource(
        "cases",
        "/cases",
        "cases",
        "Cases",
        "The cases, in the order in which they last changed.",
        lambda by, asked, no: api_readings.cases(store(), asked, by=by),
        {
            "limit": LIMIT,
            "after": AFTER,
            "changed_since": Parameter(TIME, "Those that changed at this moment (UTC) or later."),
            "kind": Parameter(CODE, "Those of this kind alone."),
            "state": Parameter(CODE, "Those in this state alone."),
            "open": Parameter("true|false", "Those that are open, or those that are closed.", "boolean"),
        },
    ),
    Resource(
        "case",
        "/cases/{no}",
        "cases",
        "Case",
        "One case by its number.",
        lambda by, asked, no: api_readings.case(store(), no, by=by),
        {},
    ),
    Resource(
        "history",
        "/cases/{no}/events",
        "cases",
        "Events",
        "The states that a case went through, oldest first.",
        lambda by, asked, no: api_readings.history(store(), no, asked, by=by),
        {"limit": LIMIT, "after": Parameter("[0-9]{1,6}", "So many were read already.", "integer", "0")},
    ),
    Resource(
        "months",
        "/months",
        "figures",
        "Months",
        "The months whose report is frozen, the last first.",
        lambda by, asked, no: api_months.months(store(), by=by),
        {},
    ),
    Resource(
        "month",
        "/months/{no}",
        "figures",
        "MonthReport",
        "The figures of a frozen month (`2026-11`) as they were, and what later edits made of them.",
        lambda by, asked, no: api_months.month(store(), no, by=by),
        {},
    ),
)
