"""Finding cases by what people have at hand: a number, a ticket, a home, the end of a telephone number."""

from db.store import Store
from reception import cases, estate
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import numbers, people


def search(store: Store, query: str, *, by: Actor) -> list[Case]:
    """Return cases by number, ticket number, unit (`1-1-101`) or the last four digits of a phone, newest first.

    Refuses `query_invalid` for anything else, and `not_permitted`.
    """
    permit(by, "search")
    wanted = (
        people.clean_text(query, limit=cases.SHORT_LIMIT)
        if query.isprintable() and len(query) <= cases.SHORT_LIMIT
        else ""
    )
    if len(wanted) == 4 and wanted.isascii() and wanted.isdigit():
        condition, value = "cases.phone_tail = ?", wanted
    elif wanted.count("-") == 2 and wanted[:1].isdigit():
        condition, value = "cases.unit_id = ?", str(estate.find_unit(store, wanted).id)
    elif len(wanted) >= 4 and wanted[:2].isascii() and wanted[:2].isalpha() and wanted[2:3].isdigit():
        condition, value = "cases.no = ?", wanted.upper()
    elif numbers.parse_ticket_no(wanted.upper()) is not None:
        condition, value = (
            "cases.visit_id = (SELECT visit_id FROM tickets WHERE no = ? ORDER BY id DESC LIMIT 1)",
            wanted.upper(),
        )
    else:
        raise Refused("query_invalid")
    rows = store.rows(f"{cases.SELECT} WHERE {condition} ORDER BY cases.id DESC LIMIT ?", [value, cases.PAGE])
    return [cases.from_row(row, whole=row["owner_id"] == by.id) for row in rows]
