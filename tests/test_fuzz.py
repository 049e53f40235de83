"""Bad input, by Hypothesis: whatever stands in a form, it is never a 5xx, and a 4xx leaves the store as it was."""

import io
import json
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.store import Store
from desk import appointments as appointment_views
from desk import complaints as complaint_views
from desk import handovers as handover_views
from desk import incidents as incident_views
from desk import inquiries as inquiry_views
from desk import officials as official_views
from desk import signing as signing_views
from desk import supervisions as supervision_views
from desk import visit_after as visit_after_views
from desk import visit_day as visit_day_views
from reception import case_filters, complaints, incidents, inquiries, known_faults, rooms, suggestions
from reception.permissions import KIOSK, Role
from reception.visits import check_in
from reception.work_orders import Order
from tests import owner_cases
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception import visitors
from tests.reception.after_life import AfterLife
from tests.reception.life import Life
from tests.reception.session_life import SessionLife
from tests.reception.sign_life import SignLife
from tests.reception.test_supervisions import Decisions
from tests.reception.visit_life import VisitLife

TABLES = (
    "visits",
    "tickets",
    "events",
    "print_jobs",
    "cases",
    "units",
    "residents",
    "former_residents",
    "imports",
    "price_items",
    "nonces",
    "sequences",
    "calls",
    "visit_ends",
    "names_spelt",
    "work_orders",
    "repairs",
    "feedback_notices",
    "follow_ups",
    "follow_up_claims",
    "survey_responses",
    "supervisions",
    "supervision_deadlines",
    "endorsements",
    "sign_deputies",
    "signing_news",
    "sign_steps",
    "resolutions",
    "common_issues",
    "oversight_findings",
    "visit_day_summaries",
    "endorsements",
    "sign_deputies",
    "signing_news",
    "sign_steps",
    "resolutions",
    "common_issues",
    "oversight_findings",
    "visit_day_summaries",
    "case_notes",
    "complaints",
    "complaint_replies",
    "case_escalations",
    "incidents",
    "incident_notices",
    "case_accused",
    "case_links",
    "inquiries",
    "inquiry_answers",
    "inquiry_promises",
    "inquiry_advice",
    "inquiry_consultations",
    "saved_answers",
    "suggestions",
    "phone_calls",
    "order_materials",
    "quotations",
    "quotation_lines",
    "charges",
    "charge_withdrawals",
    "payments",
    "closings_without_consent",
    "liability_decisions",
    "clocks",
    "deadlines",
    "printers",
    "paper_routes",
    "settings",
    "self_tests",
    "known_faults",
    "fault_households",
    "fault_expectations",
    "fault_tellings",
    "tellings",
    "appointments",
    "appointment_changes",
    "handovers",
    "officials",
    "identity_checks",
    "case_agents",
    "log_notes",
    "log_note_reads",
    "visit_days",
    "visit_day_slots",
    "visit_day_bookings",
    "visit_day_departments",
    "visit_day_meetings",
    "visit_day_changes",
    "resolutions",
    "day_checks",
    "rooms",
    "room_bookings",
    "visit_days",
    "visit_day_slots",
    "visit_day_bookings",
    "visit_day_changes",
)

SLIP = (
    "nonce",
    "worker",
    "arrived_at",
    "finished_at",
    "work_done",
    "labour",
    "liability",
    "part",
    "reason",
    "how",
    "note",
    "score",
    "told",
    "rechecked",
    "mat_name",
    "mat_quantity",
    "mat_unit",
    "mat_from",
    "price_item",
    "price_name",
    "price_quantity",
    "price_each",
    "price_agreed",
)

QUOTED = ("item", "quantity", "price", "name", "unit", "kind", "owner_material")
# Values that programs trip over, besides whatever Hypothesis finds.
TEXT = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "0",
            "-1",
            "1-1-101",
            "5678",
            "general",
            "repair",
            "A001",
            "W001",
            "1",
            "9" * 30,
            "null",
            "\x00",
            "\u202e",
            "𠮷䶮",
            "🙂" * 30,
            "x" * 600,
            "' OR 1=1 --",
            "{{7*7}}",
            "../../etc",
            "1e309",
            "１３８００００５６７８",
            "on",
            "BX20261123-001",
            "NaN",
            "\ufeff",
            "ﷺ" * 50,
        ]
    ),
    st.text(max_size=40),
)
SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@pytest.fixture
def order(store: Store, clock: Clock) -> Order:
    """A repair that is out with a worker."""
    return Life(store, clock).dispatched()


class Watch:
    """What the store holds, read again only after somebody wrote: most forms are refused, and write nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._mark: tuple[int, int] = (-1, -1)
        self._rows: list[list[tuple[Any, ...]]] = []

    def look(self) -> list[list[tuple[Any, ...]]]:
        """Return everything an act could have changed."""
        # The first moves with every commit of another connection, the second with whatever this one writes.
        mark = (self._store.value("PRAGMA data_version"), self._store.connection.total_changes)
        if mark != self._mark:
            self._mark = mark
            self._rows = [[tuple(row) for row in self._store.rows(f"SELECT * FROM {table}")] for table in TABLES]  # noqa: S608
        return self._rows


WATCHES: WeakKeyDictionary[Store, Watch] = WeakKeyDictionary()


def snapshot(store: Store) -> list[list[tuple[Any, ...]]]:
    """Return everything an act could have changed."""
    return WATCHES.setdefault(store, Watch(store)).look()


def check(client: FlaskClient, store: Store, path: str, fields: dict[str, str], headers: dict[str, str]) -> None:
    """Send a form and hold it to the promise."""
    before = snapshot(store)
    answer = client.post(path, data=fields, headers=SAME_ORIGIN | headers)
    assert answer.status_code < 500, (path, fields, answer.get_data(as_text=True)[:500])
    if answer.status_code >= 400:
        assert snapshot(store) == before, (path, fields)


def form(*names: str) -> st.SearchStrategy[dict[str, str]]:
    """Return forms with any of the fields missing and any value in the others."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, TEXT))


HEADERS = st.sampled_from([{}, {"HX-Request": "true"}])


@SETTINGS
@given(fields=form("line", "nonce", "name", "phone", "unit", "priority", "matter", "host"), headers=HEADERS)
def test_check_in(kiosk: FlaskClient, store: Store, fields: dict[str, str], headers: dict[str, str]) -> None:
    check(kiosk, store, "/check-in", fields, headers)


@SETTINGS
@given(
    fields=form(
        "building",
        "unit_no",
        "room",
        "phone",
        "skip",
        "matter",
        "above",
        "several",
        "toggle",
        "back",
        "size",
        "language",
    ),
    headers=HEADERS,
)
def test_register_steps(kiosk: FlaskClient, store: Store, fields: dict[str, str], headers: dict[str, str]) -> None:
    check(kiosk, store, "/register/repair/step", fields, headers)


@SETTINGS
@given(
    fields=form("nonce", "matter", "place", "urgency", "time", "unit", "phone", "direct", "back", "language"),
    headers=HEADERS,
)
def test_a_repair_at_the_kiosk(
    kiosk: FlaskClient, store: Store, fields: dict[str, str], headers: dict[str, str]
) -> None:
    check(kiosk, store, "/register/repair/step", fields, headers)
    check(kiosk, store, "/repair", fields, headers)


@SETTINGS
@given(
    fields=form("quotation", "total", "agree", "phone", "nonce", "score", "comment", "do"),
    headers=HEADERS,
    at_kiosk=st.booleans(),
)
def test_the_owner_s_word(
    kiosk: FlaskClient, store: Store, clock: Clock, fields: dict[str, str], headers: dict[str, str], at_kiosk: bool
) -> None:
    token = owner_cases.registered(store, clock, nonce="fuzz").token
    if at_kiosk:
        kiosk.set_cookie("at_kiosk", "1")
    for act in ("quote", "sign", "rate"):
        check(kiosk, store, f"/T/{token}/{act}", fields, headers)


@SETTINGS
@given(
    fields=form("nonce", "unit", "phone", "topic", "slot", "another", "choosing", "back", "room", "name", "matter"),
    headers=HEADERS,
    at_kiosk=st.booleans(),
)
def test_booking_oneself(
    kiosk: FlaskClient, store: Store, clock: Clock, fields: dict[str, str], headers: dict[str, str], at_kiosk: bool
) -> None:
    ticket = check_in(store, line="visit-day", nonce="fuzz-j", by=KIOSK, now=clock())
    case = VisitLife(store, clock).book(nonce="fuzz-own")
    if at_kiosk:
        kiosk.set_cookie("at_kiosk", "1")
    home = {"building": "1", "unit_no": "1", "room": "101", "book": "1"}
    check(kiosk, store, "/register/visit-day/step", home | fields, headers)
    check(kiosk, store, "/visit-day", fields, headers)
    check(kiosk, store, f"/T/{ticket.token}/book", fields, headers)
    for act in ("change", "withdraw"):
        # A wrong end of the telephone is kept; nothing else is.
        before = store.rows("SELECT * FROM visit_day_bookings"), store.rows("SELECT * FROM visit_day_slots")
        answer = kiosk.post(f"/T/{case.token}/{act}", data=fields, headers=SAME_ORIGIN | headers)
        assert answer.status_code < 500, (act, fields)
        if answer.status_code >= 400:
            after = store.rows("SELECT * FROM visit_day_bookings"), store.rows("SELECT * FROM visit_day_slots")
            assert [[tuple(row) for row in rows] for rows in after] == [[tuple(row) for row in rows] for rows in before]


@SETTINGS
@given(fields=form("code"), headers=HEADERS)
def test_the_scanner(kiosk: FlaskClient, store: Store, fields: dict[str, str], headers: dict[str, str]) -> None:
    check(kiosk, store, "/scan", fields, headers)


@settings(SETTINGS, max_examples=20)
@given(
    fields=form(
        "holding", "ticket", "reason", "minutes", "no", "nonce", "opinion", "department", "due_on", "signed", "day",
        "starts", "who", "accompany",
    ),
    headers=HEADERS,
)  # fmt: skip
def test_the_session_of_the_visit_day(
    desk_app: Flask, kiosk: FlaskClient, store: Store, clock: Clock, fields: dict[str, str], headers: dict[str, str]
) -> None:
    client = client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())
    if store.value("SELECT 1 FROM visit_day_bookings") is None:
        made = SessionLife(store, clock, guests=2)
        made.at("10:00")
        made.check_in(made.guests[0])
        made.call()
        made.begin()
        made.check_in(made.guests[1])
    no = store.value("SELECT no FROM cases WHERE kind = 'visit-day' ORDER BY id LIMIT 1")
    acts = ("call", "recall", "missed", "begin", "take-back", "end", "extend", "back", "hold", "check-in", "nothing")
    for act in acts:
        check(client, store, f"/session/{act}", fields, headers)
    for act in ("decide", "read-back", "hand-over", "rebook", "history", "agenda", "agenda/print"):
        check(client, store, f"/session/{act}", fields | {"no": fields.get("no") or no}, headers)
    for path in ("/session", "/session/now", "/session/list", f"/session/guest/{no}", "/session/agenda"):
        assert client.get(path, query_string=fields).status_code < 500
    for path in ("/display/room", "/display/room/now", "/display/since", "/display"):
        assert kiosk.get(path, query_string=fields | {"room": "1"}).status_code < 500


@SETTINGS
@given(fields=form("nonce"), hazard=TEXT, headers=HEADERS)
def test_emergencies(
    kiosk: FlaskClient, store: Store, fields: dict[str, str], hazard: str, headers: dict[str, str]
) -> None:
    check(kiosk, store, "/emergency/gas", fields, headers)
    assert kiosk.get(f"/emergency/{hazard}").status_code < 500
    assert kiosk.get(f"/emergency/gas/{hazard}").status_code < 500


@SETTINGS
@given(fields=form("language", "back"))
def test_language(kiosk: FlaskClient, store: Store, fields: dict[str, str]) -> None:
    check(kiosk, store, "/language", fields, {})


@SETTINGS
@given(token=TEXT)
def test_any_code(kiosk: FlaskClient, token: str) -> None:
    for path in (f"/T/{token}", f"/T/{token}/state", f"/T/{token}/qr.svg", f"/register/{token}"):
        assert kiosk.get(path).status_code < 500


@SETTINGS
@given(data=st.data(), headers=HEADERS)
def test_every_form_of_the_desk(
    desk_app: Flask, store: Store, clock: Clock, order: Order, data: st.DataObject, headers: dict[str, str]
) -> None:
    client = client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())
    check_in(store, line="general", nonce="fuzz", by=KIOSK, now=clock())
    front = actor(store, Role.RECEPTIONIST)
    complaint = complaints.register(
        store, nonce="fuzz-ts", name="李秀英", phone="13800005678", category="noise", facts="吵", by=front, now=clock()
    )
    visitors.one_of_each(store, by=front, now=clock())
    inquiry = inquiries.register(
        store,
        nonce="fuzz-inquiry",
        name="李秀英",
        phone="13800005678",
        category="fees",
        question="怎么交",
        way="promised",
        reply_due="明天 10:00",
        by=front,
        now=clock(),
    )
    suggestion = suggestions.register(store, nonce="fuzz-jy", topic="other", text="种树", by=front, now=clock())
    booking = VisitLife(store, clock).book(nonce="fuzz-jf")
    special = incidents.press(store, nonce="fuzz-zx", counter=None, by=front, now=clock())
    meeting = {"room": "meeting", "day": "2026-11-23", "from_": "14:00", "to": "15:00", "purpose": "会"}
    rooms.book(store, nonce="fuzz-room", **meeting, by=front, now=clock())
    known_faults.declare(store, nonce="fuzz-fault", area="estate", cause="water", what="停水", by=front, now=clock())
    forms = {
        "/queue/next": ("counter", "line", "holding", "ask", "reason", "practice"),
        **{
            f"/queue/{act}": ("counter", "holding", "line", "ask", "reason")
            for act in ("recall", "missed", "undo", "start", "complete", "transfer")
        },
        "/queue/send": ("counter", "holding", "target"),
        "/queue/park": ("counter", "holding", "reason"),
        "/queue/pick": ("counter", "ticket", "reason"),
        "/queue/unpark": ("ticket",),
        "/counter/pause": ("counter", "reason"),
        "/counter/open": ("counter",),
        "/counter/close": ("counter",),
        "/queue/restore": ("ticket",),
        "/queue/seat": ("counter",),
        "/queue/issue": ("line", "nonce"),
        "/repairs": (
            "nonce",
            "name",
            "phone",
            "unit",
            "category",
            "content",
            "place",
            "convenient_time",
            "urgency",
            "ticket",
            "dispatch",
        ),
        "/cases/BX20261123-001/feedback": ("about", "channel", "receiver", "text", "merged_too"),
        "/calls": (
            "nonce",
            "kind",
            "name",
            "phone",
            "unit",
            "category",
            "class",
            "severity",
            "content",
            "place",
            "urgency",
            "source",
            "asked_about",
            "way",
            "answer",
            "saved",
            "reply_due",
            "department",
            "expert",
            "topic",
            "outcome",
            "transfer_to",
            "rings",
        ),
        "/inquiries": (
            "nonce",
            "name",
            "phone",
            "unit",
            "category",
            "question",
            "way",
            "answer",
            "saved",
            "reply_due",
            "department",
            "expert",
            "print_note",
            "ticket",
        ),
        **{f"/inquiries/{inquiry.no}/{way}": names for way, (_, names) in inquiry_views.STEPS.items()},
        "/answers": ("nonce", "category", "question", "answer", "from"),
        "/answers/find": ("words",),
        "/answers/hints": ("words", "question"),
        "/answers/1/check": ("edition", "category", "question", "answer"),
        "/answers/1/retire": (),
        "/suggestions": ("nonce", "name", "phone", "unit", "topic", "text", "ticket"),
        f"/suggestions/{suggestion.no}/forward": ("department",),
        f"/suggestions/{suggestion.no}/answer": ("text", "channel", "board"),
        "/calls/export": ("day",),
        "/rooms": ("nonce", "room", "day", "from", "to", "purpose", "holder"),
        "/rooms/1/change": ("was", "room", "day", "from", "to"),
        "/rooms/1/cancel": ("reason",),
        "/rooms/1/end": (),
        f"/repairs/{order.case_no}/liability": ("liability", "part", "reason", "exclusion"),
        f"/repairs/{order.case_no}/liability/proposal": ("part", "exclusion", "reason"),
        **{
            f"/repairs/{order.case_no}/quotation{end}": ("nonce", "add", "drop", "find", *QUOTED)
            for end in ("", "/draft")
        },
        f"/repairs/{order.case_no}/quotation/1/answer": ("agree", "how"),
        f"/repairs/{order.case_no}/charge": (),
        f"/repairs/{order.case_no}/pay": ("nonce", "amount", "method"),
        f"/repairs/{order.case_no}/refund": ("nonce", "amount", "method", "reason"),
        f"/repairs/{order.case_no}/amend": (
            "name",
            "phone",
            "unit",
            "category",
            "content",
            "place",
            "urgency",
            "reason",
        ),
        f"/repairs/{order.case_no}/dispatch": ("to", "appointed_at"),
        f"/repairs/{order.case_no}/rework": ("reason",),
        f"/orders/{order.no}/papers": ("nonce",),
        f"/repairs/{order.case_no}/cancel": ("reason", "channel", "text"),
        f"/cases/{order.case_no}/note": ("text",),
        f"/cases/{order.case_no}/assign": ("owner",),
        f"/cases/{order.case_no}/merge": ("into",),
        f"/cases/{order.case_no}/link": ("other",),
        f"/cases/{order.case_no}/follow-up": ("method", "reached", "score", "comment"),
        f"/cases/{order.case_no}/close": (),
        f"/cases/{order.case_no}/hand-out": ("kind",),
        "/slips/find": ("code",),
        f"/slips/{order.no}/not-fixed": ("why",),
        f"/slips/{order.no}": SLIP,
        **{
            f"/orders/{order.no}/{step}": ("worker", "at_time", "reason", "note", "appointed_at")
            for step in ("accept", "arrive", "start", "suspend", "resume", "send-back", "reschedule", "recheck")
        },
        "/complaints": ("nonce", "name", "phone", "unit", "category", "severity", "facts", "wish", "ticket"),
        **{f"/complaints/{complaint.no}/{way}": names for way, (_, names) in complaint_views.STEPS.items()},
        f"/complaints/{complaint.no}/reply": ("text", "channel", "merged_too"),
        f"/follow-ups/{order.case_no}/call": (),
        f"/follow-ups/{order.case_no}/result": ("method", "comment", "press", "again_at"),
        f"/follow-ups/{order.case_no}/phone": ("phone",),
        f"/follow-ups/{order.case_no}/release": (),
        "/answers/1/read": (),
        "/special": ("nonce",),
        "/special/new": incident_views.ARRIVAL,
        **{f"/special/{special.no}/do/{way}": names for way, (_, names) in incident_views.STEPS.items()},
        f"/special/{special.no}/concerned": ("concerned",),
        "/visit-day": (
            *("nonce", "name", "phone", "unit", "matter", "ticket", "topic", "slot", "proof", "walk_in"),
            *("agent_name", "agent_phone", "power_seen", "owner_document"),
        ),
        **{f"/visit-day/{booking.no}/{step}": (*names, "slot") for step, (_, names) in visit_day_views.STEPS.items()},
        "/visit-days/1/bookings/export": (),
        "/search": ("query",),
        "/homes/residents": ("nonce", "unit", "name", "phone", "relation"),
        "/homes/residents/1/correct": ("unit", "name", "phone", "relation"),
        "/homes/residents/1/moved-out": ("unit",),
        "/persons": ("phone", "name", "unit", "reason"),
        "/persons/export": ("phone", "name", "unit", "reason"),
        "/persons/erase": ("phone", "name", "unit", "reason", "seal"),
        "/homes": ("unit",),
        "/homes/reveal": ("unit", "reveal_reason", "reveal_words"),
        "/homes/dates": ("unit", "completion_on", "handover_on", "contract_end_on", "reason", "seal"),
        **{f"/papers/1/{act}": ("nonce", "printer", "case") for act in ("reprint", "void", "came-out", "move")},
        "/printer/front/move-all": ("printer",),
        "/self-test": ("nonce", "desk_clock"),
        "/box/time": ("day", "time", "sure"),
        "/box/card": ("nonce",),
        "/box/clock": (),
        "/hand-numbers": ("line", "first", "last", "taken_at", "served", "nonce"),
        "/hand-numbers/slips": ("count", "nonce"),
        "/log/notes": ("nonce", "kind", "text"),
        "/log/notes/read": (),
        "/log/print": ("nonce", "day"),
        "/day/opening/comfort": ("skip", "reason"),
        "/day/closing/self-test": ("skip", "reason"),
        "/inside/left": ("ticket",),
        "/inside/host": ("counter", "holding", "host"),
        "/inside/reveal": ("reveal_reason", "reveal_words"),
        "/inside/print": ("nonce",),
        "/language": ("language", "back"),
        "/emergencies": ("nonce", "hazard", "place"),
        "/rings/1/take": (),
        "/faults": ("nonce", "area", "cause", "what", "what_en", "building", "unit", "expected_at", "case_no"),
        "/faults/hint": ("unit",),
        **{f"/faults/1/{act}": ("nonce", "unit", "phone", "join_nonce") for act in ("households", "join", "instead")},
        "/faults/1/expected": ("expected_at", "reason"),
        "/faults/1/attach": ("case_no",),
        "/faults/1/detach": ("case_no",),
        "/faults/1/tell": ("home", "entrance", "channel", "about"),
        "/faults/1/told/1": ("channel", "reached"),
        "/faults/1/untold/1": ("noted_at",),
        "/faults/1/reveal": ("reveal_reason", "reveal_words"),
        "/faults/1/hold": (),
        "/faults/1/restore": ("text",),
        "/faults/1/withdraw": ("reason",),
        "/emergencies/TF20261123-001/advance": (),
        "/told/1": ("here", "back"),
        "/appointments": (
            "nonce",
            "host",
            "expected_at",
            "name",
            "phone",
            "unit",
            "purpose",
            "bring",
            "place",
            "slip",
            "source",
            "ticket",
        ),
        "/appointments/check-in": ("who",),
        **{f"/appointments/YY20261123-001/{step}": names for step, (_, names) in appointment_views.STEPS.items()},
        "/handovers": ("nonce", "name", "phone", "sender", "to", "unit", "item", "pieces", "place", "ticket"),
        **{f"/handovers/WJ20261123-001/{step}": names for step, (_, names) in handover_views.STEPS.items()},
        "/officials": ("nonce", "name", "phone", "organisation", "matter", "counterpart", "ticket"),
        **{f"/officials/GW20261123-001/{step}": names for step, (_, names) in official_views.STEPS.items()},
        f"/cases/{complaint.no}/identity": ("nonce", "whose", "document", "matched", "note"),
        f"/cases/{complaint.no}/agent": ("name", "phone"),
        "/queue/identity": ("nonce", "ticket", "document", "matched", "note"),
    }
    for path, names in forms.items():
        check(client, store, path, data.draw(form(*names), label=path), headers)


@SETTINGS
@given(data=st.data(), headers=HEADERS)
def test_every_form_that_sets_up_printers(
    desk_app: Flask, store: Store, clock: Clock, data: st.DataObject, headers: dict[str, str]
) -> None:
    client = client_of(desk_app, store, actor(store, Role.ADMINISTRATOR), clock())
    properties = (
        "label",
        "address",
        "fallback",
        "fallback_after",
        "dpi",
        "columns",
        "width_dots",
        "chinese",
        "confirms",
    )
    forms = {
        "/printers/setup": ("name", "label", "address"),
        "/printers/routes": ("kind", "printer"),
        "/printers/rules": ("ticket_stale_minutes", "print_payload_hours", "paper_english", "front_printer"),
        "/printers/setup-slip": (),
        "/printer/front": properties,
        "/printer/front/test": (),
        "/printer/front/came-out": ("columns", "chinese", "native_qr", "cutter", "buzzer"),
    }
    for path, names in forms.items():
        check(client, store, path, data.draw(form(*names), label=path), headers)


@SETTINGS
@given(data=st.data(), headers=HEADERS, file=st.one_of(st.binary(max_size=200), TEXT.map(str.encode)))
def test_every_form_that_takes_data_in_and_out(
    desk_app: Flask, store: Store, clock: Clock, data: st.DataObject, headers: dict[str, str], file: bytes
) -> None:
    client = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    for path, names in {
        "/settings/import": ("kind", "file"),
        "/settings/import/apply": ("kind", "sha256", "nonce"),
        "/settings/list/lines/export": ("kind",),
        "/cases/export": ("kind",),
        "/follow-ups/export": (),
        "/follow-ups/coverage/export": ("month",),
        "/supervisions/export": ("show", "month"),
    }.items():
        check(client, store, path, data.draw(form(*names), label=path), headers)
    for kind in ("units", "residents", "cases", "prices", "calendar"):
        before = snapshot(store)
        sent: dict[str, Any] = {"kind": kind, "file": (io.BytesIO(file), "x.csv")}
        answer = client.post("/settings/import", data=sent, headers=SAME_ORIGIN | headers)
        assert answer.status_code < 500 and snapshot(store) == before
        assert client.get("/settings/import/checked").status_code < 500


@SETTINGS
@given(fields=form("clock", "due_at", "reason", "was"), clock_code=st.sampled_from(["response", ""]), headers=HEADERS)
def test_changing_a_deadline(
    desk_app: Flask, store: Store, clock: Clock, fields: dict[str, str], clock_code: str, headers: dict[str, str]
) -> None:
    client = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    check(client, store, "/cases/BX20261123-001/deadline", fields | {"clock": clock_code}, headers)


@SETTINGS
@given(data=st.data(), headers=HEADERS)
def test_every_form_of_supervision(
    desk_app: Flask, store: Store, clock: Clock, data: st.DataObject, headers: dict[str, str]
) -> None:
    client = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    one = Decisions(store, clock).open(nonce="fuzz")
    names = ("nonce", "matter", "opinion", "department", "due_on", "charge", "decided_by", "case_no")
    check(client, store, "/supervisions", data.draw(form(*names)), headers)
    known = {"department": "maintenance", "matter": "x", "opinion": "x"}
    check(client, store, "/supervisions", data.draw(form(*names)) | known, headers)
    for way, (_, fields) in supervision_views.STEPS.items():
        check(client, store, f"/supervisions/{one.no}/{way}", data.draw(form(*fields), label=way), headers)
    check(client, store, f"/supervisions/{one.no}/tell", data.draw(form("text", "channel", "merged_too")), headers)


@SETTINGS
@given(data=st.data(), headers=HEADERS)
def test_every_form_of_the_signatures(
    desk_app: Flask, store: Store, clock: Clock, data: st.DataObject, headers: dict[str, str]
) -> None:
    made = SignLife(store, clock)
    no = store.value("SELECT no FROM cases WHERE kind = 'visit-day'") or made.under_review().no
    for who in (made.head, made.manager, made.desk):
        client = client_of(desk_app, store, who, clock())
        for step, (_, fields) in signing_views.STEPS.items():
            names = (*fields, "departments", "agrees")
            check(client, store, f"/visit-day/{no}/sign/{step}", data.draw(form(*names), label=step), headers)
        check(client, store, "/signatures/deputies", data.draw(form(*DEPUTY)), headers)
        check(client, store, "/signatures", data.draw(form("chosen", "inherit", *DEPUTY)), headers)


DEPUTY = ("nonce", "whose", "deputy", "from_on", "until_on", "reason", "opinion", "department", "deadline_on")


@SETTINGS
@given(data=st.data(), value=TEXT, headers=HEADERS)
def test_every_form_after_the_visit_day(
    desk_app: Flask, store: Store, clock: Clock, data: st.DataObject, value: str, headers: dict[str, str]
) -> None:
    client = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    no = store.value("SELECT no FROM cases WHERE kind = 'visit-day'") or AfterLife(store, clock).supervised().no
    for way, (_, names) in visit_after_views.WAYS.items():
        known = {"department": "maintenance", "opinion": "x", "reason": "x"} if data.draw(st.booleans()) else {}
        check(client, store, f"/visit-matters/{no}/{way}", data.draw(form(*names), label=way) | known, headers)
    for path, names in {
        "/visit-days/1/summary": ("remarks",),
        "/visit-days/1/common-issues": ("nonce", "topic", "action", "owner", "due_on"),
        "/oversight": ("nonce", "day", "text"),
        "/oversight/1/correct": ("correction",),
        f"/cases/{no}/visit-form": (),
    }.items():
        check(client, store, path, data.draw(form(*names), label=path), headers)
    for path in (f"/visit-days/{value}/summary", f"/visit-days/{value}/promises", f"/cases/{value}/visit-form"):
        assert client.get(path).status_code < 500
    assert client.get("/oversight", query_string={"since": value, "until": value}).status_code < 500
    assert client.post(f"/oversight/{value}/correct", data={}, headers=SAME_ORIGIN).status_code < 500
    assert client.get(f"/visit-days/{'9' * 30}/summary").status_code == 404


@SETTINGS
@given(data=st.data(), value=TEXT)
def test_every_form_of_the_worker_s_phone(
    desk_app: Flask, home: Path, store: Store, clock: Clock, data: st.DataObject, value: str
) -> None:
    client = desk_app.test_client()
    no = store.value("SELECT no FROM work_orders") or Life(store, clock).dispatched().no
    form_of_door = {"name": "zhaogang", "pin": "2580", "again": "2580"}
    form_of_door["password"] = json.loads((home / "login.json").read_text())["password"]
    check(client, store, "/work/sign-in", data.draw(form("name", "password", "pin", "again", "next")), {})
    clock.forward(minutes=2)
    store.execute("UPDATE staff SET failures = 0")
    assert client.post("/work/sign-in", data=form_of_door, headers=SAME_ORIGIN).status_code == 303
    forms = {
        **{f"/work/o/{no}/{act}": ("nonce",) for act in ("accept", "arrive", "start", "resume")},
        f"/work/o/{no}/suspend": ("nonce", "reason", "note"),
        f"/work/o/{no}/send_back": ("nonce", "reason"),
        f"/work/o/{no}/reschedule": ("nonce", "appointed_at", "reason"),
        f"/work/o/{no}/quote": ("nonce", "item", "item_quantity", "item_price", "kind", "name", "unit", "price"),
        f"/work/o/{no}/answer": ("quotation", "agree"),
        f"/work/o/{no}/photos": ("nonce", "stage", "photo"),
        f"/work/o/{no}/finish": ("nonce", "work_done", "labour_minutes", "material", "quantity", "unit", "supplied_by"),
    }
    for path, names in forms.items():
        check(client, store, path, data.draw(form(*names), label=path), {})
    for path in (f"/work/o/{value}", f"/work/q/{value}", f"/work/pin?next={value}", f"/work/photos/{value}"):
        assert client.get(path).status_code < 500
    assert client.post(f"/work/o/{value}/{value}", data={"nonce": value}, headers=SAME_ORIGIN).status_code < 500


@SETTINGS
@given(fields=form("test", "display"))
def test_a_display_s_word(kiosk: FlaskClient, store: Store, fields: dict[str, str]) -> None:
    check(kiosk, store, "/display/shown", fields, {})


@SETTINGS
@given(value=TEXT)
def test_every_address_of_the_desk(desk: FlaskClient, value: str) -> None:
    for path in ("/cases", "/repairs/new", "/complaints/new", "/visit-day/new"):
        assert desk.get(path, query_string={"kind": value, "ticket": value}).status_code < 500
    for name in ("day", "mine", "here"):
        assert desk.get("/appointments", query_string={name: value}).status_code < 500
    assert desk.get("/due", query_string={"show": "all", "department": value, "person": value}).status_code < 500
    for name in (*case_filters.FIELDS, "page"):
        assert desk.get("/cases", query_string={name: value, "kind": "repair"}).status_code < 500
    for name in ("department", "worker", "category"):
        assert desk.get("/board", query_string={name: value}).status_code < 500
        assert desk.get("/board/cards", query_string={name: value}).status_code < 500
    assert desk.get(f"/workers/{value}").status_code < 500
    assert desk.get("/figures", query_string={"month": value, "department": value}).status_code < 500
    assert desk.get(f"/cases/{value}").status_code < 500
    for act in (
        f"/cases/{value}/reveal",
        f"/repairs/{value}/dispatch",
        f"/papers/{value}/reprint",
        f"/papers/{value}/void",
        f"/printer/{value}/move-all",
        f"/printer/{value}/test",
        f"/printer/{value}/came-out",
    ):
        assert desk.post(act, headers=SAME_ORIGIN).status_code < 500


def test_oversized_and_broken_bodies(kiosk: FlaskClient, store: Store) -> None:
    before = snapshot(store)
    assert kiosk.post("/check-in", data={"name": "x" * 70_000}, headers=SAME_ORIGIN).status_code == 413
    many = "&".join(f"a{n}=1" for n in range(2000))
    kind = "application/x-www-form-urlencoded"
    for body, content_type in (
        (many, kind),
        ("%ff%fe=%zz", kind),
        ("{", "application/json"),
        ("--x", "multipart/form-data; boundary=x"),
        ("", ""),
    ):
        answer = kiosk.post("/check-in", data=body, headers=SAME_ORIGIN, content_type=content_type)
        assert 400 <= answer.status_code < 500, content_type
    assert snapshot(store) == before
