"""The fuzz run's centre: the demo's, with matters of every kind in many states, each of another person of `people`."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from db.migrations import migrate
from db.store import Store, open_store, writing
from lobbydesk import demo_centre
from lobbydesk.home import store_path
from reception import (
    SCHEMA,
    acceptance,
    appointments,
    cases,
    complaint_steps,
    complaints,
    consents,
    custody,
    custody_readings,
    emergencies,
    follow_ups,
    handovers,
    incidents,
    inquiries,
    inspection_defects,
    inspections,
    known_faults,
    officials,
    phone_calls,
    procedures,
    queue,
    rain_warnings,
    release_passes,
    rooms,
    suggestions,
    tours,
    visits,
    worker_devices,
)
from reception.permissions import BOX, KIOSK, Actor, Role
from tests.conftest import Clock, actor
from tests.fuzz.people import Person
from tests.reception.after_life import AfterLife
from tests.reception.life import Life
from tests.reception.session_life import SessionLife
from tests.reception.sign_life import SignLife
from tests.reception.test_complaints import Complaints
from tests.reception.test_supervisions import Decisions

PEOPLE = 60
PIN = "258036"


class Centre:
    """Lays the matters, each a little after the one before."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.desk, self.head = actor(store, Role.RECEPTIONIST), actor(store, Role.SERVICE_HEAD)
        self.manager = actor(store, Role.MANAGER)
        self._next = self._people()
        self._count = 0

    def _people(self) -> Iterator[Person]:
        """Settle them, each in a home of his own; then give them out one by one."""
        everybody = [Person(number) for number in range(1, PEOPLE + 1)]
        with writing(self.store):
            for one in everybody:
                home = self.store.insert(
                    "INSERT INTO units (building, unit, room, completion_on, handover_on) VALUES (?, ?, ?, ?, ?)",
                    [*one.home, "2025-05-20", "2025-09-01"],
                )
                resident_id = self.store.insert(
                    "INSERT INTO residents (unit_id, name, phone, relation) VALUES (?, ?, ?, 'owner')",
                    [home, one.name, one.phone],
                )
                consents.keep(self.store, "residents", resident_id, by=BOX, at=self.clock(), source="import")
        return iter(everybody)

    def who(self) -> dict[str, Any]:
        """Return the next person, as forms name him."""
        self.last = next(self._next)
        return {"name": self.last.name, "phone": self.last.phone, "unit": self.last.unit}

    def said(self, field: str) -> dict[str, Any]:
        """Return the next person, and in this field his words."""
        return self.who() | {field: self.last.words}

    def also(self, by: Actor | None = None) -> dict[str, Any]:
        """By whom and when; and a nonce."""
        self._count += 1
        return {"by": by or self.desk, "now": self.clock.forward(seconds=20)}

    @property
    def nonce(self) -> str:
        return f"centre{self._count}"

    def repairs(self) -> None:
        """Repairs from the receipt to the signature, paid and free."""
        life = Life(self.store, self.clock)
        life.register(**self.said("content"))
        life.register(**self.said("content"), urgency="urgent")
        life.dispatched(**self.said("content"))
        life.on_site(**self.said("content"), liability="paid")
        life.finished(**self.said("content"))
        life.signed(**self.said("content"))
        told = life.signed(**self.said("content"))
        life.tell(cases.whole(self.store, told.case_id))
        rated = life.signed(**self.said("content"))
        life.tell(cases.whole(self.store, rated.case_id))
        token = cases.whole(self.store, rated.case_id).token
        words, now = self.last.words, self.clock.forward(seconds=9)
        follow_ups.answer(self.store, token=token, score="4", comment=words, by=KIOSK, now=now)
        acceptance.sign(self.store, order_no=life.finished(**self.said("content")).no, how="paper", **self.also())

    def complaints(self) -> None:
        """Complaints, one of them about a member of staff, sealed to the heads."""
        made = Complaints(self.store, self.clock)
        made.receive(**self.said("facts"))
        one = made.receive(**self.said("facts"))
        complaint_steps.assign(self.store, no=one.no, handler="zhaoqiang", **self.also())
        made.replied(**self.said("facts"))
        sealed: dict[str, Any] = {
            "category": "service",
            "wish": "道歉",
            "hears": "service_head",
            "accused": ["liuyang"],
        }
        complaints.register(self.store, nonce="sealed", **self.said("facts"), **sealed, **self.also(self.head))
        sealed |= {"hears": "manager", "accused": ["chenjing"]}
        complaints.register(self.store, nonce="sealed2", **self.said("facts"), **sealed, **self.also(self.manager))

    def visit_day(self) -> None:
        """Bookings of the visit day, before and after their signatures, met and decided."""
        made = SignLife(self.store, self.clock)
        made.count = 100
        made.book(**self.who(), matter=self.last.words)
        for step in ("under_review", "reviewed", "heads_signed", "signed"):
            case = made.under_review(**self.who(), matter=self.last.words)
            if step != "under_review":
                made.reviewed(case)
            if step in ("heads_signed", "signed"):
                getattr(made, step)(case)
        after = AfterLife(self.store, self.clock)
        after.count = 200
        for step in ("admitted", "met", "supervised", "fed_back"):
            getattr(after, step)(after.book(**self.who(), matter=self.last.words))

    def visitors(self) -> None:
        """Appointments, papers, officials, questions, suggestions and calls."""
        for host in ("zhaoqiang", "chenjing"):
            appointments.book(
                self.store, nonce=f"yy{host}", host=host, expected_at="23:00", **self.who(),
                purpose=self.last.words, **self.also(),
            )  # fmt: skip
        person = self.who() | {"unit": ""}
        handovers.receive(
            self.store, nonce="wj", **person, to="zhaoqiang", item=self.last.words, place="柜", **self.also()
        )
        person = self.who()
        del person["unit"]
        officials.register(
            self.store, nonce="gw", **person, organisation="街道办", matter=self.last.words, **self.also()
        )
        procedures.begin(
            self.store, nonce="bl", template="move-in", variant="move-in-owner", **self.who(),
            remark=self.last.words, **self.also(),
        )  # fmt: skip
        home = inspections.open_inspection(self.store, nonce="ys", **self.who(), remark=self.last.words, **self.also())
        inspections.read(
            self.store, no=home.no, readings={"water": "3"}, reason=self.last.words, confirmed="1", **self.also()
        )
        inspection_defects.add(
            self.store, nonce="zl", no=home.no, category="door", place=self.last.words, content=self.last.words,
            **self.also(),
        )  # fmt: skip
        asked = release_passes.apply(
            self.store, nonce="fx", **self.who(), tie="owner-deed", valid_on=f"{self.clock():%Y-%m-%d}",
            items=[(self.last.words, "2箱")], plate="京A12345", **self.also(),
        )  # fmt: skip
        person = self.who()
        del person["unit"]
        tours.register(
            self.store, nonce="cg", **person, organisation=self.last.words[:20], level="2",
            way="booked", day=f"{self.clock() + timedelta(days=3):%Y-%m-%d}", from_="09:30", to="11:00", people="8",
            places="大堂", guests=self.last.name, plates="沪A12345", **self.also(),
        )  # fmt: skip
        release_passes.approve(self.store, no=asked.no, **self.also(self.manager))
        release_passes.print_pass(self.store, no=asked.no, **self.also())
        for way, due in (("promised", "明天 10:00"), ("at_once", "")):
            inquiries.register(
                self.store, nonce=f"zx{way}", **self.who(), category="fees", question=self.last.words, way=way,
                answer="" if due else "每季度第一个月", reply_due=due, **self.also(),
            )  # fmt: skip
        suggestions.register(self.store, nonce="jy", **self.who(), topic="other", text=self.last.words, **self.also())
        self.who()
        phone_calls.note(
            self.store, nonce="ld", outcome="wrong_number", phone=self.last.phone, note=self.last.words, **self.also()
        )

    def in_custody(self) -> None:
        """Homes in custody: one to be signed, one above its limit, and heavy rain."""
        day = f"{self.clock():%Y-%m-%d}"
        for number in range(2):
            one = custody.draft(
                self.store, nonce=f"tg{number}", unit=self.who()["unit"], from_on=day, keys="1", water="7",
                electric="80", **self.also(),
            )  # fmt: skip
        custody.sign(self.store, no=one.no, signed="1", **self.also())
        custody_readings.take(self.store, no=one.no, nonce="tg", water="90", **self.also())
        rain_warnings.declare(self.store, rain_on=day, nonce="rain", **self.also())

    def the_house(self) -> None:
        """What happens in the house: an alarm, an incident, a known fault, a room, a supervision."""
        emergencies.raise_alarm(self.store, hazard="gas", nonce="ring", by=KIOSK, now=self.clock.forward(seconds=9))
        emergencies.register(self.store, nonce="tf", hazard="gas", place="1号楼大厅", **self.also())
        incidents.press(self.store, nonce="p", counter=None, **self.also())
        fault = known_faults.declare(self.store, nonce="f", area="estate", cause="water", what="停水", **self.also())
        for number in range(2):
            known_faults.add_household(
                self.store, nonce=f"f{number}", fault_id=str(fault.id), unit=self.who()["unit"],
                phone=self.last.phone, **self.also(),
            )  # fmt: skip
        rooms.book(
            self.store, nonce="room", room="meeting", day=f"{self.clock():%Y-%m-%d}", from_="21:00", to="22:00",
            purpose="周例会", **self.also(),
        )  # fmt: skip
        Decisions(self.store, self.clock).open()

    def the_queue(self) -> None:
        """Numbers: waiting, called, being served, of people who said who they are."""
        for number, line in enumerate(("general", "repair", "complaint", "general", "visit-day", "repair")):
            visits.check_in(
                self.store, line=line, nonce=f"t{number}", **self.who(), by=KIOSK, now=self.clock.forward(seconds=7)
            )
        queue.call_next(self.store, counter="1", **self.also())
        queue.call_next(self.store, counter="2", **self.also(self.head))
        ticket = self.store.row("SELECT no FROM tickets WHERE counter = '1'")
        assert ticket is not None
        queue.start(self.store, counter="1", holding=ticket["no"], **self.also())


def build(home: Path, *, visit_day: bool = False) -> Clock:
    """Make the centre in `home`; return its clock. On the `visit_day` guests are here, and one is being received."""
    migrate(store_path(home), [SCHEMA])
    store, clock = open_store(store_path(home), synchronous="NORMAL"), Clock()
    demo_centre.seed(store, home)
    demo_centre.open_doors(store, kiosk_port=8600, printer_port=9100)
    made = Centre(store, clock)
    for part in (made.repairs, made.complaints, made.visit_day, made.visitors, made.in_custody, made.the_house):
        part()
    if visit_day:
        session = SessionLife(store, clock)
        session.count = 300
        guests = [session.admitted(session.book(**made.who(), matter=made.last.words)) for _ in range(3)]
        session.at("10:00")
        session.check_in(guests[0])
        session.call()
        session.begin()
        session.check_in(guests[1])
    made.the_queue()
    # The second head of a department is laid without a password.
    store.execute("UPDATE staff SET password_hash = (SELECT password_hash FROM staff LIMIT 1) WHERE password_hash = ''")
    store.close()
    return clock


def log_ins(home: Path) -> dict[str, list[list[tuple[str, str]]]]:
    """Return, by endpoint, forms of those who come in: whoever tries at random never does."""
    import json

    password = json.loads((home / "login.json").read_text(encoding="utf-8"))["password"]
    named = [[("name", login), ("password", password)] for login in ("liuyang", "zhaogang")]
    pins = [("pin", PIN), ("again", PIN)]
    return {
        "login.enter": named,
        "login.unlock": [[("who", "liuyang"), ("password", password), ("back", "/today")]],
        "work_sign_in.enter": [[*form, *pins] for form in named],
        "work_sign_in.unlock": [[("pin", PIN)]],
        "password.change": [[("old", password), ("new", "Lamp-on-the-9th-step")]],
    }


def sign_in_phone(store: Store, home: Path, login: str, clock: Clock) -> tuple[str, str]:
    """Sign the phone of a worker in; return its keys."""
    import json

    password = json.loads((home / "login.json").read_text(encoding="utf-8"))["password"]
    return worker_devices.sign_in(store, name=login, password=password, pin=PIN, again=PIN, now=clock())[:2]


def process_folder() -> Path:
    """Where runs keep their stores: in memory where there is such a place, for nothing here need outlive the run."""
    memory = Path("/dev/shm")
    return memory if os.access(memory, os.W_OK) else Path()
