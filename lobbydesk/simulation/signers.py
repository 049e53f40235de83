"""Those who review and sign the bookings of a simulated visit day: customer service, the departments, the manager."""

import re

from lobbydesk.simulation.house import House
from lobbydesk.simulation.visitors import HOUR
from reception.permissions import Role

A_DAY = 24 * HOUR
# So many days before the visit day: the review, then the rounds of the chain within a day.
REVIEWED, SIGNED = 4, 3
SAID = {"opinion": "同意接待，请工程维修部说明", "department": "maintenance", "deadline_on": "2026-12-18"}
CHAIN = (Role.DEPARTMENT_HEAD, Role.SERVICE_HEAD, Role.MANAGER)
ASKED = re.compile(r'name="chosen" value="([^":]+):([0-9]+)"')


def sign_all(house: House, numbers: list[str]) -> None:
    """Review these bookings and have all of them signed by everybody whose turn it is; one is sent back before."""
    house.set_time(9 * HOUR - REVIEWED * A_DAY)
    for no in numbers:
        _review(house, no)
    house.set_time(9 * HOUR - SIGNED * A_DAY)
    _send_back(house, numbers[0])
    _review(house, numbers[0])
    for place, role in enumerate(CHAIN, start=10):
        house.set_time(place * HOUR - SIGNED * A_DAY)
        asked = ASKED.findall(house.staff_get(role, "/signatures"))
        if {no for no, _ in asked} != set(numbers):
            house.unexpected.append(f"{role} is asked to sign {len(asked)} of {len(numbers)}")
        chosen = [f"{no}:{signature}" for no, signature in asked]
        house.staff_post(role, "/signatures", {"chosen": chosen, "inherit": "1"}, 200)


def _review(house: House, no: str) -> None:
    form = {"wording": "1", "topic": "other", "departments": ["maintenance"], **SAID}
    house.staff_post(Role.SERVICE_HEAD, f"/visit-day/{no}/sign/review", form)


def _send_back(house: House, no: str) -> None:
    """A head disagrees: it goes back to customer service, and round again."""
    asked = dict(ASKED.findall(house.staff_get(Role.DEPARTMENT_HEAD, "/signatures")))
    form = {"signature": asked.get(no, ""), "reason": "先由客服说明已派工的情况"}
    house.staff_post(Role.DEPARTMENT_HEAD, f"/visit-day/{no}/sign/disagree", form)


def admit(house: House, no: str) -> None:
    """The manager admits somebody who walked in: his signature is the whole chain."""
    house.staff_post(Role.MANAGER, f"/visit-day/{no}/sign/walk-in", SAID)
