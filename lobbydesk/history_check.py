"""Whether the history still says what was sealed: what `lobbydesk check` finds of it."""

from db.store import Store
from reception import history_seals
from reception.wording import Words

NAME = Words("操作记录", "history")


def wrong(store: Store) -> tuple[Words | None, str]:
    """Return what is wrong with the seals over the history, and what to do; (None, '') where they hold."""
    found = history_seals.check(store)
    if found.wrong is None:
        return None, ""
    return (
        Words("操作记录在封存后被改动", "the history was changed after it was sealed"),
        f"seal {found.wrong} is the first that does not hold; compare journalctl -u lobbydesk-clocks -g 'history: seal'"
        " and an older backup",
    )
