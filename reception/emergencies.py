"""Emergencies (险情): never in the queue; a press rings at every desk, opens a case, and its slip prints at once."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import cases, duty, events, nonces, papers, rings, spooling
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rings import Ring
from reception.rules import clock
from reception.site import site
from reception.visits import Particulars
from reception.wording import Words

KIND = "emergency"
SERIES = "TF"
NAME = Words("险情", "Emergency")
DEPARTMENT = "maintenance"
HAZARDS = {code: name for code, name in rings.NAMES.items() if code not in {rings.HELP, rings.SECURITY}}
# What to do first, said before anything else. Whoever reads it may stand in danger: short, and in order.
FIRST_STEPS: dict[str, tuple[Words, ...]] = {
    "gas": (
        Words("马上离开，不要开关任何电器", "Leave now; touch no switch"),
        Words("不要在室内打电话", "Do not telephone indoors"),
        Words("到室外再打电话，并提醒邻居", "Call from outside, and warn your neighbours"),
    ),
    "water": (
        Words("关闭家里的总水阀", "Turn off the main valve at home"),
        Words("远离浸水的插座和电器", "Keep away from wet sockets and appliances"),
        Words("提醒楼下邻居", "Warn the neighbours below"),
    ),
    "lift": (
        Words("请里面的人不要扒门、不要跳", "Tell those inside: do not force the door, do not jump"),
        Words("按轿厢内的呼叫键，保持通话", "Press the call key in the lift, and stay on the line"),
        Words("在门外等候救援，不要自行施救", "Wait outside for the rescuers"),
    ),
    "fire": (
        Words("马上离开，拨打 119", "Leave now, call 119"),
        Words("走楼梯，不要乘电梯", "Take the stairs, never the lift"),
        Words("弯腰低姿，捂住口鼻", "Stay low, cover mouth and nose"),
    ),
    "injury": (
        Words("拨打 120", "Call 120"),
        Words("不要随意移动伤者", "Do not move the person"),
        Words("请旁边的人一起帮忙", "Ask people nearby to help"),
    ),
}
PHONES = {"fire": "119", "injury": "120"}
STATES = {
    "open": Words("刚接到", "Reported"),
    "contained": Words("已控制", "Contained"),
    "handled": Words("已处置", "Dealt with"),
    "reported": Words("已上报", "Report filed"),
    "archived": Words("已归档", "Archived"),
}
NEXT = {"open": "contained", "contained": "handled"}


@dataclass(frozen=True, slots=True)
class Emergency:
    """The details of an emergency; `ring` is None where the desk itself entered it."""

    hazard: str
    place: str
    ring: Ring | None

    @property
    def hazard_words(self) -> Words:
        """The danger as readers know it."""
        return HAZARDS[self.hazard]


def raise_alarm(store: Store, *, hazard: str, nonce: str, by: Actor, now: datetime) -> Ring:
    """Ring at every desk for a danger, open its case and print its slip; a repeat joins the ring nobody took yet.

    The same nonce presses once. Refuses `hazard_unknown`, `nobody_on_duty` in a centre without any staff.
    """
    permit(by, "ring")
    _known(hazard)

    def make(at: datetime) -> int:
        return _ring(store, hazard, by=by, at=at).id

    return rings.by_id(store, nonces.once(store, nonce, "raise_alarm", {"hazard": hazard}, now=now, make=make))


def _ring(store: Store, hazard: str, *, by: Actor, at: datetime) -> Ring:
    """Join the alarm that nobody took yet; one so old is of another danger, and this one gets a case of its own."""
    open_ring = store.row("SELECT id, at FROM rings WHERE kind = ? AND taken_at IS NULL", [hazard])
    if open_ring is not None and at - clock.from_text(open_ring["at"]) < rings.ANOTHER_AFTER:
        return rings.begin(store, hazard, None, by=by, at=at)
    case = _open(store, hazard, "", duty.answers_for_the_kiosk(store), by=by, at=at)
    if open_ring is None:
        return rings.begin(store, hazard, case.id, by=by, at=at)
    # The ring goes on at the desks for the new case; the old one stays open in the lists.
    return rings.renew(store, open_ring["id"], case.id, by=by, at=at)


def register(store: Store, *, nonce: str, hazard: str, place: str = "", by: Actor, now: datetime) -> Case:
    """Enter an emergency that was told at the desk or by telephone; whoever enters it holds it.

    The same nonce returns the same case. Refuses `hazard_unknown`, and what `cases.text` refuses.
    """
    permit(by, "register_emergency")
    _known(hazard)
    content = {"hazard": hazard, "place": place}

    def make(at: datetime) -> int:
        where = cases.text(place, required=False, limit=cases.SHORT_LIMIT)
        assert by.id is not None
        case = _open(store, hazard, where, by.id, by=by, at=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "register_emergency", content, now=now, make=make))


def _known(hazard: str) -> None:
    if hazard not in HAZARDS:
        raise Refused("hazard_unknown")


def _open(store: Store, hazard: str, place: str, owner: int, *, by: Actor, at: datetime) -> Case:
    case = cases.open_case(
        store,
        kind=KIND,
        series=SERIES,
        state="open",
        person=Particulars(),
        visit_id=None,
        department=DEPARTMENT,
        owner=owner,
        by=by,
        at=at,
        category=hazard,
    )
    store.execute("INSERT INTO emergencies (case_id, hazard, place) VALUES (?, ?, ?)", [case.id, hazard, place])
    spooling.enqueue(store, site(store), slip(store, case), ref=cases.ref(case), at=at)
    return case


def advance(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """Say that the danger is contained, then that it is dealt with. Refuses `case_unknown`, `nothing_next`."""
    permit(by, "advance_emergency")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if case.kind != KIND or case.state not in NEXT:
            raise Refused("nothing_next")
        state = NEXT[case.state]
        cases.move(store, case, state, f"emergency_{state}", by=by, at=events.moment(store, now))
        return cases.whole(store, case.id)


def details(store: Store, case: Case) -> Emergency:
    """Return what is known of the emergency."""
    row = store.row("SELECT hazard, place FROM emergencies WHERE case_id = ?", [case.id])
    assert row is not None
    ring_id = store.value("SELECT id FROM rings WHERE case_id = ?", [case.id])
    return Emergency(row["hazard"], row["place"], None if ring_id is None else rings.by_id(store, ring_id))


def rebuild(store: Store, case: Case, kind: str, part: str) -> papers.Paper:
    """Return the facts of the slip anew, from the records."""
    return slip(store, case)


def slip(store: Store, case: Case) -> papers.EmergencySlip:
    """Return the facts of the slip: for whoever runs to the place."""
    centre, emergency = site(store), details(store, case)
    return papers.EmergencySlip(
        **spooling.coded(centre, case.token, clock.from_text(case.received_at)),
        no=case.no,
        hazard=HAZARDS[emergency.hazard],
        place=emergency.place,
        steps=FIRST_STEPS[emergency.hazard],
        duty_phone=centre.duty,
    )
