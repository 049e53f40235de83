"""The company's own systems: who lets them in, what they read, and who tells them."""

from reception.roles import Role

MAY: dict[str, frozenset[Role]] = {
    # Whoever keeps the box answers for what leaves it.
    "manage_api": frozenset({Role.ADMINISTRATOR}),
    "read_api": frozenset({Role.TOKEN_HOLDER}),
    "deliver_webhooks": frozenset({Role.BOX}),
}
