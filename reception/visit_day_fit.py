"""What rules and settings of the visit day must hold together: hours with a slot, a slot to book, a day that can be."""

from datetime import time
from typing import Any

from db.store import Store
from reception.refusal import Refused
from reception.rules import visit_days as rules
from reception.site import site

_SATURDAY = 5


def rule(store: Store, key: str, checked: dict[str, Any]) -> None:
    """What a rule keeps to by itself. Refuses `row_exists` (one such weekday of the month) and `hours_reversed`."""
    same = store.value(
        "SELECT id FROM visit_day_rules WHERE nth = ? AND weekday = ?", [checked["nth"], checked["weekday"]]
    )
    if same is not None and str(same) != key:
        raise Refused("row_exists")
    if checked["closes"] <= checked["opens"]:
        raise Refused("hours_reversed")


def check(store: Store) -> None:
    """See inside an act that every rule in use can be kept with the settings as they stand.

    Refuses `visit_hours_too_short` (they hold no slot), `slack_leaves_none` (no slot is left to book) and
    `visit_rule_never` (a day of the weekend that may roll to no other weekday).
    """
    centre = site(store)
    kept = rules.slack_places(centre.visit_day_slack)
    for rule in store.rows("SELECT * FROM visit_day_rules WHERE active = 1"):
        hours = (time.fromisoformat(rule["opens"]), time.fromisoformat(rule["closes"]))
        try:
            slots = rules.slots(*hours, centre.visit_day_slot_minutes)
        except ValueError:
            raise Refused("visit_hours_too_short") from None
        if kept >= set(range(1, len(slots) + 1)):
            raise Refused("slack_leaves_none")
        if rule["weekday"] >= _SATURDAY and centre.visit_day_roll == rules.RollPolicy.NEXT_SAME_WEEKDAY:
            raise Refused("visit_rule_never")
