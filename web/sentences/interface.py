"""Sentences about the interface for other systems: keys and subscriptions."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "system_name_invalid": _l("Please say which system it is, in at most 60 characters."),
    "scopes_missing": _l("Please choose at least one thing that it may read."),
    "expiry_invalid": _l("Please choose the last day of the key: from today to two years on."),
    "tokens_full": _l("There are twenty keys already. Take back one that nobody uses."),
    "token_unknown": _l("This key was taken back already."),
    "webhook_url_invalid": _l(
        "Please write the whole address, such as http://192.168.1.20:8080/lobby, without a name or password in it."
    ),
    "webhook_not_lan": _l(
        "This address is not in the local network (10…, 172.16–31…, 192.168…, fd…): the box sends nowhere else."
    ),
    "webhook_to_printer": _l("This is the address of a printer. Please write that of the other system."),
    "webhook_kinds_missing": _l("Please choose at least one thing that it is told."),
    "webhooks_full": _l("Eight systems are told already. End one of them first."),
    "webhook_unknown": _l("This system is told nothing any more."),
    "message_gone": _l("This message was taken, or passed over already."),
}
