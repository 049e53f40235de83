"""Homes in custody (房屋托管): agreements, meters, rounds, and what the owner is told."""

from reception.roles import FRONT, HEADS, Role

MAY: dict[str, frozenset[Role]] = {
    "see_custody": FRONT | {Role.MANAGER},
    "agree_custody": FRONT | {Role.MANAGER},
    "end_custody": FRONT | {Role.MANAGER},
    "read_custody_meter": FRONT | {Role.MANAGER},
    "tell_custody": FRONT | {Role.MANAGER},
    "warn_of_rain": FRONT | {Role.MANAGER},
    # Which departments' the centre decides (`custody_settings`).
    "walk_custody": FRONT | HEADS | {Role.WORKER},
}
