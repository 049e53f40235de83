"""A centre in which there is something of everybody's that others may not know of: for the walks with foreign ids."""

import io
from dataclasses import dataclass

from PIL import Image

from db.store import Store, writing
from desk import (
    appointments,
    checklists,
    complaints,
    handovers,
    incidents,
    inquiries,
    inspections,
    officials,
    orders,
    procedures,
    release_passes,
    signing,
    supervisions,
    tours,
    visit_after,
    visit_day,
    work,
)
from reception import incidents as incident_acts
from reception import photos, tellings, work_orders
from reception import supervisions as supervision_acts
from reception.complaints import register as complain
from reception.permissions import Actor, Role
from tests.conftest import Clock, actor
from tests.reception.life import Life, staff

# Nobody of the demo has these: where one stands in an answer, something was told.
NAME, PHONE, WORDS = "欧阳异客", "13977770001", "墙后异响"
OWN = frozenset({Role.DEPARTMENT_HEAD, Role.TEAM_LEADER, Role.WORKER})
EVERYBODY = frozenset(role for role in Role if role not in {Role.KIOSK, Role.TOKEN_HOLDER, Role.BOX})
HEARERS = {Role.SERVICE_HEAD, Role.MANAGER}
# What stands for a step in an address: every one that there is.
STEPS = {
    "<way>": [*complaints.STEPS, *supervisions.STEPS, *incidents.STEPS],
    "<step>": list(orders.STEPS),
    "<act>": list(work.ACTS),
    "<inquiry_step>": list(inquiries.STEPS),
    "<appointment_step>": list(appointments.STEPS),
    "<handover_step>": list(handovers.STEPS),
    "<official_step>": list(officials.STEPS),
    "<inspection_step>": list(inspections.STEPS),
    "<procedure_step>": list(procedures.STEPS),
    "<tour_step>": list(tours.STEPS),
    "<tour_sheet>": list(tours.SHEETS),
    "<item_step>": list(checklists.STEPS),
    "<sign_step>": list(signing.STEPS),
    "<release_step>": list(release_passes.STEPS),
    "<decision_step>": list(visit_after.WAYS),
    "<booking_step>": list(visit_day.STEPS),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with a number of its own: in which places of an address it stands, and for whom it does not exist."""

    name: str
    place: str
    key: str
    ghost: str
    shut: frozenset[Role]


def things(store: Store, clock: Clock) -> list[Thing]:
    """Bring them about, by the acts themselves. Those who see only their own department are of maintenance."""
    life = Life(store, clock)
    with writing(store):
        store.execute("UPDATE staff SET department = 'maintenance' WHERE role IN ('worker', 'team_leader')")
    guard = staff(store, "qianwei", Role.WORKER, "security")
    person = {"name": NAME, "phone": PHONE, "content": WORDS}
    case = life.register(category="safety", place="门岗", **person)
    work_orders.dispatch(store, no=case.no, worker="qianwei", department="", by=life.desk, now=life.now)
    order = work_orders.live(store, case.id)
    assert order is not None
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "JPEG")
    photo = photos.add(
        store, order_no=order.no, stage="before", data=picture.getvalue(), nonce="p", by=guard, now=life.now
    )
    head = actor(store, Role.SERVICE_HEAD)
    said = {"category": "service", "facts": WORDS, "name": NAME, "phone": PHONE, "wish": WORDS}
    sealed = complain(store, nonce="s", hears="service_head", accused=["wanglin"], by=head, now=life.now, **said)  # type: ignore[arg-type]
    watched = supervision_acts.open_(
        store, nonce="w", matter=WORDS, opinion=WORDS, department="service", due_on="2026-11-30", charge="chenjing",
        case_no=sealed.no, by=actor(store, Role.MANAGER), now=life.now,
    )  # fmt: skip
    pressed = incident_acts.press(store, nonce="i", counter=None, by=actor(store, Role.MANAGER), now=life.now)
    told = _telling(store, sealed.id, head, life)
    paper = store.value("SELECT id FROM print_jobs WHERE ref = ?", [f"case:{sealed.id}"])
    mine = OWN | {Role.ADMINISTRATOR}
    outside = EVERYBODY - HEARERS
    return [
        Thing("a case of another department", "<no>", case.no, "BX20261123-998", mine),
        Thing("a sealed case", "<no>", sealed.no, "ZJ20261123-998", outside),
        Thing("the supervision of a sealed case", "<no>", watched.no, "DM20261123-998", outside),
        Thing("an incident", "<no>", pressed.no, "TX20261123-998", outside),
        Thing("an order of another department", "<order_no>", order.no, "GD20261123-998", mine),
        Thing("a photo of it", "photo_id>", str(photo), "99999", mine),
        Thing("what another was told", "<telling_id>", str(told), "99999", outside),
        Thing("a paper of a sealed case", "<job_id>", str(paper), "99999", outside),
    ]


def _telling(store: Store, case_id: int, head: Actor, life: Life) -> int:
    with writing(store):
        tellings.tell(store, case_id, head.id or 0, next(iter(tellings.WORDS)), by=life.desk, at=life.now)
    return int(store.value("SELECT max(id) FROM tellings"))
