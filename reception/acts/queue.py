"""The queue: numbers, calls, counters, the ring at the desk."""

from reception.roles import CALLERS, FRONT, HEADS, Role

MAY: dict[str, frozenset[Role]] = {
    "check_in": FRONT | {Role.KIOSK},
    # Whoever holds a number books for his own home on his phone, by his whole telephone number.
    "recognise_resident": FRONT | {Role.KIOSK, Role.TOKEN_HOLDER},
    "see_queue": FRONT | {Role.MANAGER},
    "choose_counter": CALLERS,
    "call_next": CALLERS,
    "recall": CALLERS,
    "miss": CALLERS,
    "restore": CALLERS,
    "call_one": CALLERS,
    "park": CALLERS,
    "show_ticket": frozenset({Role.KIOSK}),
    "prioritise": frozenset({Role.KIOSK}) | FRONT,
    "cancel_ticket": frozenset({Role.TOKEN_HOLDER, Role.KIOSK}) | FRONT,
    "postpone_ticket": frozenset({Role.TOKEN_HOLDER, Role.KIOSK}) | FRONT,
    "undo_call": CALLERS,
    "start": CALLERS,
    "complete": CALLERS,
    "transfer": CALLERS,
    "ring": frozenset({Role.KIOSK}),
    "take_ring": FRONT | HEADS,
    "see_rings": FRONT | HEADS,
    "see_tellings": FRONT | HEADS,
    "acknowledge_telling": FRONT | HEADS,
}
