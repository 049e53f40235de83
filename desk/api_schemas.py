"""The shapes of what other systems read and are told, as JSON Schema (draft 2020-12, as OpenAPI 3.1 takes it)."""

from typing import Any, Final

Schema = dict[str, Any]


def _object(**members: Schema) -> Schema:
    """Return the shape of an object that has all of these; one that is added later breaks nobody."""
    return {"type": "object", "required": list(members), "properties": members}


def _or_none(shape: Schema) -> Schema:
    return shape | {"type": [shape["type"], "null"]}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _page(of: str) -> Schema:
    return _object(items=_list({"$ref": f"#/components/schemas/{of}"}), next=_or_none(TEXT))


TEXT: Final[Schema] = {"type": "string"}
TIME: Final[Schema] = {"type": "string", "format": "date-time"}
FLAG: Final[Schema] = {"type": "boolean"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
WHOLE: Final[Schema] = {"type": "integer"}
MONTH: Final[Schema] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}
MINUTES: Final[Schema] = {
    "type": ["array", "null"],
    "items": COUNT,
    "minItems": 2,
    "maxItems": 2,
    "description": "From, to; null where nothing can be promised.",
}
TICKET_STATES: Final = ("waiting", "called", "serving", "parked", "missed", "completed", "cancelled", "expired")

SCHEMAS: Final[dict[str, Schema]] = {
    "Health": {
        "type": "object",
        "required": ["ok", "store"],
        "properties": {"ok": FLAG, "store": TEXT, "printers": _list(_object(state=TEXT))},
    },
    "Queue": _object(
        at=TIME,
        lines=_list(_object(line=TEXT, name=TEXT, name_en=TEXT, waiting=COUNT, wait_minutes=MINUTES)),
        counters=_list(_object(counter=TEXT, state=TEXT, ticket=_or_none(TEXT))),
    ),
    "Ticket": _object(
        no=TEXT,
        line=TEXT,
        state={"type": "string", "enum": list(TICKET_STATES)},
        counter=_or_none(TEXT),
        issued_at=TIME,
        called_at=_or_none(TIME),
        started_at=_or_none(TIME),
        ended_at=_or_none(TIME),
    ),
    "Tickets": _page("Ticket"),
    "Case": _object(
        no=TEXT, kind=TEXT, state=TEXT, department=TEXT, received_at=TIME, changed_at=TIME, closed_at=_or_none(TIME)
    ),
    "Cases": _page("Case"),
    "Event": _object(at=TIME, what=TEXT, from_state=_or_none(TEXT), state=TEXT),
    "Events": _page("Event"),
    "Month": _object(month=MONTH, frozen_at=TIME, issued_at=_or_none(TIME)),
    "Months": _object(items=_list({"$ref": "#/components/schemas/Month"})),
    "MonthReport": _object(
        month=MONTH,
        frozen_at=TIME,
        issued_at=_or_none(TIME),
        figures=_list(
            _object(
                figure=TEXT,
                section=TEXT,
                section_en=TEXT,
                name=TEXT,
                name_en=TEXT,
                definition=TEXT,
                unit=TEXT,
                value=_or_none(WHOLE),
                out_of=_or_none(WHOLE),
                few=FLAG | {"description": "Not shown: fewer than 5, or left out as well for the sake of a person."},
            )
        ),
        corrections=_list(_object(figure=TEXT, at=TIME, value=_or_none(WHOLE), out_of=_or_none(WHOLE))),
    ),
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "code"],
        "properties": {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "code": TEXT, "detail": TEXT},
    },
    "TicketCalled": _object(
        type={"const": "ticket.called"},
        timestamp=TIME,
        data=_object(ticket=TEXT, line=TEXT, counter=_or_none(TEXT), again=FLAG),
    ),
    "CaseChanged": _object(
        type={"const": "case.changed"},
        timestamp=TIME,
        data=_object(case=TEXT, kind=TEXT, from_state=_or_none(TEXT), state=TEXT),
    ),
}
