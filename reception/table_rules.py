"""What a row of a list must keep to besides its columns: no waiting number loses its line, one administrator stays."""

from collections.abc import Callable
from typing import Any

from db.store import Store
from reception import care_tables, procedure_tables, room_lists, sign_chain, visit_day_fit
from reception.permissions import Role
from reception.refusal import Refused

# Of whom one always stays. Of those who hear complaints about us, too (one who is confirmed: `new_heads`), and not only
# while there is such a complaint: the refusal must not tell of it.
LAST = {
    Role.ADMINISTRATOR: "last_administrator",
    **dict.fromkeys((Role.SERVICE_HEAD, Role.MANAGER), "last_hearer"),
}


def nothing(store: Store, key: str, checked: dict[str, Any]) -> None:
    """No rule besides the columns."""


def _rule_lines(store: Store, key: str, checked: dict[str, Any]) -> None:
    taken = store.value("SELECT code FROM lines WHERE prefix = ? AND code <> ?", [checked["prefix"], key])
    if taken is not None:
        raise Refused("prefix_taken")
    hears = store.value("SELECT hears FROM lines WHERE code = ?", [key])
    if store.value("SELECT session FROM lines WHERE code = ?", [key]) and not checked["active"]:
        raise Refused("row_of_session")
    if hears is not None and not checked["active"]:
        # Whoever complains of one of us always finds somebody; and the answer is the same whether somebody waits.
        raise Refused("line_in_private")
    waiting = store.value(
        "SELECT 1 FROM tickets WHERE line = ? AND state IN ('waiting', 'called', 'serving', 'missed', 'parked')", [key]
    )
    if waiting and not checked["active"]:
        raise Refused("row_in_use")


def _rule_counters(store: Store, key: str, checked: dict[str, Any]) -> None:
    of_session = store.value("SELECT session FROM counters WHERE no = ?", [key])
    if of_session and (not checked["active"] or checked.get("lines")):
        # Whoever is admitted for the visit day always finds a room, and nobody else is sent there.
        raise Refused("row_of_session")
    held = store.value(
        "SELECT 1 FROM tickets WHERE (counter = ? AND state IN ('called', 'serving'))"
        " OR (for_counter = ? AND state = 'waiting')",
        [key, key],
    )
    if held and not checked["active"]:
        raise Refused("row_in_use")


def _rule_purposes(store: Store, key: str, checked: dict[str, Any]) -> None:
    parent = checked["parent"]
    if parent is None:
        lines = {row[0] for row in store.rows("SELECT DISTINCT line FROM purposes WHERE parent = ?", [key])}
        if lines - {checked["line"]}:
            raise Refused("purpose_below_itself")
        return
    above = store.row("SELECT line, parent FROM purposes WHERE code = ?", [parent])
    has_parts = store.value("SELECT 1 FROM purposes WHERE parent = ?", [key])
    # Two levels: a touch for the category, a touch for its part.
    if above is None or parent == key or above["parent"] is not None or has_parts or above["line"] != checked["line"]:
        raise Refused("purpose_below_itself")


def _rule_notices(store: Store, key: str, checked: dict[str, Any]) -> None:
    if checked["from_on"] > checked["until_on"]:
        raise Refused("dates_reversed")


def _rule_staff(store: Store, key: str, checked: dict[str, Any]) -> None:
    was = store.row("SELECT role, active FROM staff WHERE login = ?", [key])
    if was is None:
        return
    if checked["role"] != was["role"] or not checked["active"]:
        check_last(store, key)


def check_last(store: Store, login: str) -> None:
    """Refuse, with the code of `LAST`, to let the last one go that a centre cannot be without."""
    was = store.row("SELECT role, active, unconfirmed FROM staff WHERE login = ?", [login])
    if was is None or not was["active"] or was["role"] not in LAST:
        return
    others = "SELECT 1 FROM staff WHERE role = ? AND active = 1 AND unconfirmed = 0 AND login <> ?"
    if not was["unconfirmed"] and not store.value(others, [was["role"], login]):
        raise Refused(LAST[was["role"]])


def _rule_price_items(store: Store, key: str, checked: dict[str, Any]) -> None:
    """What the way of pricing does not use is dropped, so that no forgotten figure stands in the list."""
    if checked["pricing"] in {"negotiable", "free"}:
        checked["low_fen"] = None
    elif checked["low_fen"] is None:
        raise Refused("price_missing")
    if checked["pricing"] != "range":
        checked["high_fen"] = None
    elif checked["high_fen"] is None or checked["high_fen"] < checked["low_fen"]:
        raise Refused("price_range_invalid")
    if checked["material"] != "priced":
        checked["material_fen"] = None
    elif checked["material_fen"] is None:
        raise Refused("material_price_missing")


def _rule_warranty_rules(store: Store, key: str, checked: dict[str, Any]) -> None:
    """A part without any term is covered by nothing, and a term of nothing is none."""
    terms = ("completion_months", "handover_months", "completion_seasons", "handover_seasons")
    for term in terms:
        checked[term] = checked[term] or None
    if not any(checked[term] for term in terms):
        raise Refused("term_missing")


def _rule_dispatch_rules(store: Store, key: str, checked: dict[str, Any]) -> None:
    """Repairs go to those who repair, in the department that the rule names."""
    if checked["worker"] is None:
        return
    fit = store.value(
        "SELECT 1 FROM staff WHERE login = ? AND active = 1 AND department = ? AND role IN ('worker', 'team_leader')",
        [checked["worker"], checked["department"]],
    )
    if not fit:
        raise Refused("worker_unfit")


RULES: dict[str, Callable[[Store, str, dict[str, Any]], None]] = {
    "lines": _rule_lines,
    "counters": _rule_counters,
    "purposes": _rule_purposes,
    "notices": _rule_notices,
    "staff": _rule_staff,
    "price_items": _rule_price_items,
    "warranty_rules": _rule_warranty_rules,
    "dispatch_rules": _rule_dispatch_rules,
    "rooms": room_lists.rule,
    "consumables": care_tables.rule,
    "training_tasks": care_tables.rule_training,
    "visit_day_rules": visit_day_fit.rule,
    "sign_steps": sign_chain.check,
    "procedure_items": procedure_tables.item_rule,
    "procedure_variants": procedure_tables.variant_rule,
}
