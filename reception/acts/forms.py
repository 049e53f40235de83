"""Papers of A4 that are signed and filed: with what is known, and blank."""

from reception.roles import FRONT, HEADS, Role

MAY: dict[str, frozenset[Role]] = {
    "print_form": FRONT | HEADS,
    "see_visitor_register": FRONT | {Role.MANAGER},
}
