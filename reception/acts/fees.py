"""Fee notices and reminders: no money is taken, so that whoever speaks to the owner may note what he heard."""

from reception.roles import FRONT, Role

MAY: dict[str, frozenset[Role]] = {
    "see_fees": FRONT | {Role.MANAGER},
    "print_fee_notice": FRONT | {Role.MANAGER},
    "call_about_fees": FRONT | {Role.MANAGER},
    "settle_fee": FRONT | {Role.MANAGER},
    # What nobody owes, and what was noted by mistake: a head's word.
    "correct_fee": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "export_fees": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
}
