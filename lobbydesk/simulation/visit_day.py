"""A simulated visit day before its morning: announced, booked, reviewed and signed, each by the door of who does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from lobbydesk.simulation import signers
from lobbydesk.simulation.guests import Invited
from lobbydesk.simulation.house import SAME_ORIGIN, House
from lobbydesk.simulation.visitors import HOUR, MINUTE
from reception import privacy_notices, visit_day_calendar
from reception.permissions import BOX, Role

A_DAY = 24 * HOUR
# So many days before: the box announces it; people book it, one of them thinks better of it.
ANNOUNCED, BOOKED, WITHDRAWN = 10, 9, 7
MATTERS = (("parking", "地下车库车位被占"), ("cleaning", "楼道保洁次数"), ("noise", "装修噪音"), ("other", "加装电梯"))


@dataclass(slots=True)
class Guest:
    """An invited guest as the day finds him: his home as his owner's file has it, and his booking once it is made.

    `due` is when his time begins, in seconds after midnight; None as long as he has none.
    """

    invited: Invited
    name: str
    phone: str
    unit: str
    topic: str
    matter: str
    no: str = ""
    token: str = ""
    due: float | None = None
    ticket_no: str = ""
    was_missed: bool = False


def prepare(house: House, invited: Sequence[Invited], rng: Random) -> list[Guest]:
    """Bring a visit day to its morning; return its guests, who withdrew left out, who will walk in among them."""
    house.set_time(9 * HOUR - ANNOUNCED * A_DAY)
    visit_day_calendar.tick(house.store, by=BOX, now=house.clock())
    guests = _homes(house, invited, rng)
    for number, guest in enumerate(guests):
        house.set_time(9 * HOUR - BOOKED * A_DAY + number * 12 * MINUTE)
        if guest.invited.at is None:
            book(house, guest)
    house.set_time(15 * HOUR - WITHDRAWN * A_DAY)
    for guest in guests:
        if guest.invited.withdraws:
            house.staff_post(Role.RECEPTIONIST, f"/visit-day/{guest.no}/withdraw", {"reason": "电话里已经解决"})
    coming = [guest for guest in guests if not guest.invited.withdraws]
    signers.sign_all(house, [guest.no for guest in coming if guest.no])
    for guest in coming:
        guest.due = _due(house, guest)
    return coming


def _homes(house: House, invited: Sequence[Invited], rng: Random) -> list[Guest]:
    rows = house.store.rows(
        "SELECT name, phone, building || '-' || unit || '-' || room AS label FROM residents"
        " JOIN units ON units.id = unit_id"
        " WHERE relation = 'owner' ORDER BY residents.id"
    )
    homes = rng.sample(rows, len(invited))
    return [
        Guest(one, home["name"], home["phone"], home["label"], *rng.choice(MATTERS))
        for one, home in zip(invited, homes, strict=True)
    ]


def book(house: House, guest: Guest, **more: str) -> None:
    """Have a guest booked: by himself at the kiosk, or at the desk, who types what he says."""
    form = {"nonce": guest.invited.nonce, "unit": guest.unit, "phone": guest.phone, "topic": guest.topic}
    if guest.invited.at_kiosk:
        form |= {"notice": privacy_notices.label(house.store)}
        answer = house.kiosk.post("/visit-day", data=form, headers=SAME_ORIGIN)
        house.note(answer, "the kiosk's /visit-day", 303)
    else:
        form |= {"name": guest.name, "matter": guest.matter} | more
        house.staff_post(Role.RECEPTIONIST, "/visit-day", form)
    row = house.store.row(
        "SELECT cases.no, cases.token FROM cases JOIN visit_day_bookings ON case_id = cases.id"
        " JOIN nonces ON nonces.result = cases.id WHERE nonce = ?",
        [guest.invited.nonce],
    )
    if row is not None:
        guest.no, guest.token = row["no"], row["token"]


def _due(house: House, guest: Guest) -> float | None:
    starts: str | None = house.store.value(
        "SELECT starts FROM cases JOIN visit_day_bookings ON visit_day_bookings.case_id = cases.id"
        " JOIN visit_day_slots ON visit_day_slots.case_id = cases.id WHERE no = ?",
        [guest.no],
    )
    return int(starts[:2]) * HOUR + int(starts[3:]) * MINUTE if starts else None
