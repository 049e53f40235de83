"""Those who review and sign the bookings of a simulated visit day: customer service, the departments, the manager."""

from lobbydesk.simulation.house import House
from lobbydesk.simulation.visitors import HOUR
from reception import sign_ends, sign_records, signing
from reception.permissions import Role

A_DAY = 24 * HOUR
# So many days before the visit day: the review, then the rounds of the chain, one a day.
REVIEWED, SIGNED = 4, 3
OPINION, DEPARTMENT, DEADLINE = "同意接待，请工程维修部说明", "maintenance", "2026-12-18"
CHAIN = (Role.DEPARTMENT_HEAD, Role.SERVICE_HEAD, Role.MANAGER)


def sign_all(house: House, numbers: list[str]) -> None:
    """Review these bookings and have all of them signed, by everybody whose turn it is."""
    house.set_time(9 * HOUR - REVIEWED * A_DAY)
    said = {"opinion": OPINION, "department": DEPARTMENT, "deadline_on": DEADLINE}
    for no in numbers:
        who = house.member(Role.SERVICE_HEAD)
        signing.pass_review(
            house.store, no=no, wording="1", topic="other", departments=[DEPARTMENT], **said, by=who, now=house.clock()
        )
    for place, role in enumerate(CHAIN):
        house.set_time((10 + place) * HOUR - SIGNED * A_DAY)
        who = house.member(role)
        asked = sign_records.mine(house.store, by=who, now=house.clock())
        chosen = [(one.case.no, str(one.signature.id)) for one in asked]
        signing.sign_many(house.store, chosen=chosen, inherit=True, by=who, now=house.clock())


def admit(house: House, no: str) -> None:
    """The manager admits somebody who walked in."""
    said = {"opinion": OPINION, "department": DEPARTMENT, "deadline_on": DEADLINE}
    sign_ends.admit_walk_in(house.store, no=no, **said, by=house.member(Role.MANAGER), now=house.clock())
