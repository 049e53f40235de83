"""Notices, accounts made public and events of the estate; and what staff find on their rounds."""

from reception.roles import FRONT, HEADS, Role

MAY: dict[str, frozenset[Role]] = {
    "see_announcements": FRONT | HEADS,
    "write_announcement": FRONT | HEADS,
    # Apart from writing: what stands on the wall is answered for by a head.
    "publish_announcement": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    # Whoever walks the grounds.
    "report_finding": FRONT | HEADS | {Role.WORKER},
}
