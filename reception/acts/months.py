"""The report of a month, and how the centre stands today."""

from reception.roles import Role

MAY: dict[str, frozenset[Role]] = {
    "see_month_report": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "freeze_month": frozenset({Role.BOX}),
    "check_month": frozenset({Role.BOX, Role.SERVICE_HEAD, Role.MANAGER}),
    "issue_month_report": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "export_month_report": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "see_centre_now": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
}
