"""Every route of both apps, called as every role and as nobody: the table below is the whole truth."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception.permissions import KIOSK, MAY, Actor, Role, may, permit
from reception.refusal import Refused
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of

STAFF = [role for role in Role if role not in {Role.KIOSK, Role.TOKEN_HOLDER, Role.BOX}]

# Desk: endpoint -> the act that its door asks for; None: every member of staff; "open": nobody need log in.
DESK: dict[str, str | None] = {
    "static": "open",
    "web.asset": "open",
    "web.htmx_script": "open",
    "health": "open",
    "language_0": "open",
    "language_1": "open",
    "login.show": "open",
    "login.enter": "open",
    "login.leave": None,
    "queue.home": None,
    "password.show": None,
    "box_backups.gap": None,
    "box_backups.read": "acknowledge_restoration",
    "box_backups.page": "back_up_to_stick",
    "box_backups.state": "back_up_to_stick",
    "box_backups.ask": "back_up_to_stick",
    "password.change": None,
    "queue.stream": None,
    "queue.waiting_list": "see_queue",
    "queue.counter": "see_queue",
    "queue.box": "see_queue",
    "queue.seat": "choose_counter",
    "queue.issue": "check_in",
    "queue.call_next": "call_next",
    "queue.recall": "recall",
    "queue.missed": "miss",
    "queue.undo": "undo_call",
    "queue.start": "start",
    "queue.complete": "complete",
    "queue.transfer": "transfer",
    "queue.restore": "restore",
    "queue.unpark": "park",
    "queue.park": "park",
    "queue.pick": "call_one",
    "queue.close_day": "close_day",
    "day_logs.page": "see_day_logs",
    "day_logs.export": "export_day_logs",
    "work_log.page": "see_log",
    "work_log.export": "export_log",
    "work_log.to_paper": "print_log",
    "work_log.note": "write_log_note",
    "work_log.read": "write_log_note",
    "day_checks.page": "check_day",
    "day_checks.tick": "check_day",
    "day_checks.strip": "check_day",
    "inside.page": "see_inside",
    "inside.listing": "see_inside",
    "inside.reveal": "reveal_inside",
    "inside.to_paper": "print_evacuation",
    "inside.left": "mark_left",
    "inside.to_host": "complete",
    "queue.send": "transfer",
    "queue.counter_state": "choose_counter",
    "case_list.export": "export_lists",
    "case_list.page": "see_cases",
    "board.page": "see_cases",
    "board.cards": "see_cases",
    "board.export": "export_lists",
    "workers.page": "see_workers",
    "workers.day": "see_workers",
    "homes.page": "see_home",
    "homes.look_up": "see_home",
    "homes.reveal": "see_home",
    "homes.change_dates": "change_home_dates",
    "figures.page": "see_figures",
    "figures.export": "export_lists",
    "workers.export": "export_lists",
    "workers.export_day": "export_lists",
    "homes.export": "export_lists",
    "residents.add": "keep_residents",
    "residents.correct": "keep_residents",
    "residents.move_out": "keep_residents",
    "due.export": "export_lists",
    "known_faults.export": "export_lists",
    "known_faults.export_homes": "export_lists",
    "paid_work.export_prices": "export_lists",
    "cases.page": "see_cases",
    "cases.reveal": "reveal",
    "cases.papers": "see_cases",
    "cases.hand_out": "print_for_owner",
    "follow_ups.page": "follow_up",
    "follow_ups.listing": "follow_up",
    "follow_ups.sheet": "follow_up",
    "follow_ups.export": "export_lists",
    "follow_ups.export_coverage": "export_lists",
    "follow_ups.call": "follow_up",
    "follow_ups.card": "follow_up",
    "follow_ups.result": "follow_up",
    "follow_ups.release": "follow_up",
    "follow_ups.phone": "follow_up",
    "follow_ups.read": "read_answers",
    "visit_session.page": "see_session",
    "visit_session.live": "see_session",
    "visit_session.listing": "see_session",
    "visit_session.call": "hold_session",
    "visit_session.press": "hold_session",
    "visit_session.extend": "hold_session",
    "visit_session.back": "hold_session",
    "visit_session.decide": "decide_in_visit",
    "visit_session.read_back": "decide_in_visit",
    "visit_session.signature": "decide_in_visit",
    "visit_session.hand_over": "hold_session",
    "visit_session.rebook": "hold_session",
    "visit_session.check_in": "check_in_visit_day",
    "visit_session.hold": "hold_session",
    "visit_session.guest": "hold_session",
    "visit_session.history": "hold_session",
    "visit_session.agenda": "read_agenda",
    "visit_session.settle": "arrange_visit_day",
    "visit_session.print_agenda": "read_agenda",
    "supervisions.page": "see_supervisions",
    "supervisions.export": "export_lists",
    "supervisions.new": "open_supervision",
    "supervisions.register": "open_supervision",
    "supervisions.one": "see_supervisions",
    "supervisions.go_on": "report_supervision",
    "supervisions.tell": "tell_supervision",
    "signing.form": "see_booking_form",
    "signing.reveal": "see_booking_form",
    "signing.go_on": "sign_booking",
    "signing.page": "see_booking_form",
    "signing.sign_many": "sign_booking",
    "signing.name_deputy": "name_sign_deputy",
    "signing.end_deputy": "name_sign_deputy",
    "visit_after.go_on": "decide_in_visit",
    "visit_after.summary": "see_visit_summary",
    "visit_after.write": "write_visit_summary",
    "visit_after.prevent": "prevent_common_issue",
    "visit_after.promises": "see_visit_summary",
    "visit_after.form": "see_visit_form",
    "visit_after.whole_form": "reveal",
    "visit_after.log": "see_oversight",
    "visit_after.note": "correct_oversight",
    "visit_after.correct": "correct_oversight",
    "feedback.give": "give_feedback",
    "due.page": "see_due",
    "due.listing": "see_due",
    "due.count": "see_due",
    "due.change": "change_deadline",
    "search.search": "search",
    "keys.page": None,
    "today.page": "see_cases",
    "today.listing": "see_cases",
    "scripts.counter": "see_queue",
    "practice.start": "practise",
    "practice.leave": "practise",
    "practice.visitors": "practise",
    "practice.papers": "practise",
    "practice.picture": "practise",
    "search.export": "export_lists",
    "papers.page": "see_printers",
    "papers.state": "see_printers",
    "papers.trouble_bar": "see_printers",
    "papers.roll": "see_printers",
    "papers.reprint": "reprint",
    "papers.void": "void_paper",
    "papers.give_up": "void_paper",
    "papers.came_out": "look_at_paper",
    "papers.move": "move_paper",
    "papers.move_all": "move_paper",
    "printers.setup": "manage_printers",
    "printers.add": "manage_printers",
    "printers.route": "manage_printers",
    "printers.rules": "manage_printers",
    "printers.setup_slip": "manage_printers",
    "printers.page": "manage_printers",
    "printers.test_state": "manage_printers",
    "printers.change": "manage_printers",
    "printers.test": "manage_printers",
    "printers.came_out": "manage_printers",
    "printers.retire": "manage_printers",
    "self_test.run": "self_test",
    "self_test.state": "see_printers",
    "hand_numbers.page": "print_hand_slips",
    "hand_numbers.slips": "print_hand_slips",
    "hand_numbers.enter": "enter_hand_numbers",
    "box.page": "see_box",
    "box.state": "see_box",
    "box.time_page": "set_time",
    "box.time_state": "set_time",
    "box.set_time": "set_time",
    "box.clock_is_right": "correct_clock",
    "box.card": "print_power_cut_card",
    "settings.home": "see_settings",
    "settings.group": "see_settings",
    "settings.change": "configure",
    "settings.try_reach": "configure",
    "settings.correct_clock": "correct_clock",
    "imports.page": "import_data",
    "imports.sample": "import_data",
    "imports.check": "import_data",
    "imports.checked": "import_data",
    "imports.apply": "import_data",
    "settings.export": "export_settings",
    "settings.listing": "see_settings",
    "settings.new": "configure",
    "settings.edit": "configure",
    "settings.save": "configure",
    "work_sign_in.revoke_all": "manage_staff",
    "work_photos.at_desk": "see_orders",
    "work_photos.small_at_desk": "see_orders",
    "rings.state": "see_rings",
    "rings.take": "take_ring",
    "known_faults.page": "see_faults",
    "known_faults.listing": "see_faults",
    "known_faults.bar": "see_faults",
    "known_faults.one": "see_faults",
    "known_faults.state": "see_faults",
    "known_faults.declare": "declare_fault",
    "known_faults.add": "join_fault",
    "known_faults.join": "join_fault",
    "known_faults.hint": "join_fault",
    "known_faults.instead": "join_fault",
    "known_faults.expected": "update_fault",
    "known_faults.attach": "attach_fault_case",
    "known_faults.tell": "tell_household",
    "known_faults.detach": "attach_fault_case",
    "known_faults.restore": "restore_fault",
    "known_faults.withdraw": "restore_fault",
    "known_faults.told": "tell_household",
    "known_faults.untold": "tell_household",
    "known_faults.hold": "hold_fault",
    "known_faults.reveal": "reveal_fault",
    "emergencies.new": "register_emergency",
    "emergencies.register": "register_emergency",
    "emergencies.advance": "advance_emergency",
    "repairs.new": "register_repair",
    "repairs.register": "register_repair",
    "repairs.amend": "amend_repair",
    "orders.dispatch": "dispatch_repair",
    "orders.move": "work_on_order",
    "orders.renew_papers": "renew_order_papers",
    "orders.rework": "rework_order",
    "orders.cancel": "cancel_repair",
    "slips.pile": "see_signature",
    "slips.find": "see_signature",
    "slips.page": "see_signature",
    "slips.hand_in": "see_signature",
    "slips.not_fixed": "work_on_order",
    "calls.new": "note_call",
    "calls.save": "note_call",
    "calls.page": "see_calls",
    "calls.export": "export_lists",
    "inquiries.new": "register_inquiry",
    "inquiries.register": "register_inquiry",
    "inquiries.move": "consult_expert",
    "answers.page": "see_answers",
    "answers.find": "see_answers",
    "answers.hints": "see_answers",
    "answers.propose": "propose_answer",
    "answers.check": "check_answers",
    "answers.retire": "check_answers",
    "suggestions.new": "register_suggestion",
    "suggestions.register": "register_suggestion",
    "suggestions.forward": "forward_suggestion",
    "suggestions.answer": "answer_suggestion",
    "suggestions.board": "see_cases",
    "case_care.note": "note_case",
    "case_care.assign": "assign_case",
    "case_care.merge": "merge_cases",
    "case_care.link": "merge_cases",
    "case_care.follow_up": "follow_up",
    "case_care.close": "close_case",
    "case_care.close_without_consent": "close_without_consent",
    "paid_work.propose": "decide_liability",
    "paid_work.decide": "decide_liability",
    "paid_work.quotation": "quote",
    "paid_work.draft": "quote",
    "paid_work.quote": "quote",
    "paid_work.answer": "answer_quotation",
    "paid_work.charge": "charge",
    "paid_work.pay": "take_payment",
    "paid_work.refund": "refund",
    "paid_work.withdraw": "withdraw_charge",
    "paid_work.prices": "see_prices",
    "incidents.page": "see_incidents",
    "incidents.press": "raise_incident",
    "incidents.live": "see_incidents",
    "incidents.new": "raise_incident",
    "incidents.register": "raise_incident",
    "incidents.card": "see_incidents",
    "incidents.sheet": "see_incidents",
    "incidents.move": "work_on_incident",
    "incidents.concerned": "work_on_incident",
    "complaints.new": "register_complaint",
    "complaints.register": "register_complaint",
    "complaints.move": "investigate_complaint",
    "complaints.reply": "reply_to_complaint",
    "complaints.seal": "hear_about_staff",
    "visit_days.page": "see_visit_days",
    "visit_days.one": "see_visit_days",
    "visit_days.notice": "see_visit_days",
    "visit_days.publish": "publish_visit_day",
    "visit_days.move": "move_visit_day",
    "visit_days.deputy": "name_deputy",
    "visit_days.seen": "see_visit_days",
    "visit_days.to_tell": "see_cases",
    "visit_days.tell": "give_feedback",
    "working_calendar.page": "see_calendar",
    "working_calendar.change": "change_calendar",
    "working_calendar.take_back": "change_calendar",
    "visit_day.new": "book_visit_day",
    "visit_day.book": "book_visit_day",
    "visit_day.move": "change_booking",
    "visit_day_bookings.page": "see_bookings",
    "visit_day_bookings.listing": "see_bookings",
    "visit_day_bookings.export": "export_bookings",
    "tellings.state": "see_tellings",
    "tellings.acknowledge": "acknowledge_telling",
    "appointments.page": "see_appointments",
    "appointments.listing": "see_appointments",
    "appointments.export": "export_lists",
    "appointments.new": "book_appointment",
    "appointments.book": "book_appointment",
    "appointments.check_in": "check_in_appointment",
    "appointments.move": "change_appointment",
    "handovers.new": "receive_handover",
    "handovers.receive": "receive_handover",
    "handovers.move": "deliver_handover",
    "officials.new": "receive_official",
    "officials.register": "receive_official",
    "officials.move": "hand_official",
    "identity.check": "check_identity",
    "identity.name_agent": "check_identity",
    "identity.check_visitor": "check_identity",
    "rooms.page": "see_rooms",
    "rooms.listing": "see_rooms",
    "rooms.week": "see_rooms",
    "rooms.week_listing": "see_rooms",
    "rooms.new": "book_room",
    "rooms.book": "book_room",
    "rooms.one": "see_rooms",
    "rooms.change": "book_room",
    "rooms.cancel": "book_room",
    "rooms.end": "book_room",
    "rooms.give_visit_day": "manage_rooms",
}
# The worker's phone has a door of its own: no session of the desk opens these (tests/desk/test_work.py walks them).
PHONE = {
    "work_sign_in.pin",
    "work_sign_in.unlock",
    "work_sign_in.lock",
    "work_sign_in.leave",
    "work_sign_in.phones",
    "work_sign_in.revoke",
    "work.orders",
    "work.by_code",
    "work.order",
    "work.owner_code",
    "work.do",
    "worker_quote.make",
    "worker_quote.answer",
    "work_photos.add",
    "work_photos.remove",
    "work_photos.on_phone",
    "work_photos.small_on_phone",
}
DESK |= dict.fromkeys(PHONE, "phone") | {"work_sign_in.show": "open", "work_sign_in.enter": "open"}
# Kiosk: what the touch screen does, and what the LAN and phones may reach.
KIOSK_ONLY = {
    "attract.home",
    "attract.waiting",
    "attract.printer",
    "attract.stream",
    "attract.reset",
    "attract.show",
    "attract.about",
    "attract.prices",
    "attract.floor_plan",
    "attract.help_wanted",
    "attract.help_state",
    "emergency.choose",
    "emergency.confirm",
    "emergency.alarm",
    "emergency.raised",
    "emergency.state",
    "scan.scan",
    "check_in.take_number",
    "check_in.priority",
    "faults.band",
    "faults.choose",
    "faults.begin",
    "faults.step",
    "faults.join",
    "faults.noted",
    "faults.known_already",
    "register.begin",
    "in_private.choose",
    "register.step",
    "repair.register",
    "repair.registered",
    "repair.state",
    "booking.register",
    "booking.registered",
    "booking.state",
    "language_0",
    "health",
}
LAN = {
    "visitor_page.page",
    "visitor_page.page_lower",
    "visitor_page.state",
    "visitor_page.qr",
    "visitor_page.cancel",
    "visitor_page.later",
    "visitor_page.leave",
    "case_page.quote",
    "case_page.sign",
    "case_page.rate",
    "booking.ask",
    "booking.book",
    "booking.withdraw",
    "booking.change",
    "visitor_page.box",
    "language_1",
    "display.display",
    "display.current",
    "display.room",
    "display.room_now",
    "faults.strip",
    "display.stream",
    "display.since",
    "display.spoken",
    "display.test_sound",
    "display.shown",
    "static",
    "web.asset",
    "web.htmx_script",
}
STREAMS = {"queue.stream", "attract.stream", "display.stream"}


def endpoints(app: Flask) -> dict[str, tuple[str, str]]:
    """Return endpoint -> (method, a path with harmless values)."""
    found = {}
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for name, value in {
            "<no>": "BX20260101-001",
            "<order_no>": "GD20260101-001",
            "<step>": "accept",
            "<way>": "investigate",
            "<inquiry_step>": "consult",
            "<token>": "A" * 26,
            "<code>": "repair",
            "<job_id>": "1",
            "<name>": "front",
            "<act>": "open",
            "<import_kind>": "units",
            "<file_form>": "csv",
            "<group_code>": "site",
            "<table_code>": "lines",
            "<key>": "repair",
            "<part>": "opening",
            "<item>": "comfort",
            "<int(max=999999999999999):call_id>": "1",
            "<int(max=999999999999999):answer_id>": "1",
            "<int(max=999999999999999):saved_id>": "1",
            "<int(max=999999999999999):quotation_id>": "1",
            "<hazard>": "gas",
            "<int(max=999999999999999):photo_id>": "1",
            "<int(max=999999999999999):device_id>": "1",
            "<login>": "zhaogang",
            "<day_id>": "1",
            "<ring_id>": "1",
            "<restoration>": "1",
            "<fault_id>": "1",
            "<household_id>": "1",
            "<resident_id>": "1",
            "<telling_id>": "1",
            "<int(max=999999999999999):room_booking>": "1",
            "<int(max=999999999999999):visit_day_id>": "1",
            "<appointment_step>": "change",
            "<handover_step>": "deliver",
            "<official_step>": "hand",
            "<booking_step>": "change",
            "<sign_step>": "agree",
            "<deputy_id>": "1",
            "<decision_step>": "decide",
            "<day>": "1",
            "<finding>": "1",
            "<path:filename>": "tokens.css",
        }.items():
            path = path.replace(name, value)
        assert "<" not in path, f"give {path} a value"
        found[rule.endpoint] = ("POST" if "POST" in (rule.methods or set()) else "GET", path)
    return found


def call(client: FlaskClient, method: str, path: str) -> int:
    """Call a route with the guard's header; return the status."""
    with client.open(path, method=method, headers=SAME_ORIGIN, data={} if method == "POST" else None) as answer:
        return answer.status_code


def test_the_tables_name_every_route(desk_app: Flask, kiosk_app: Flask) -> None:
    assert set(endpoints(desk_app)) == set(DESK)
    assert set(endpoints(kiosk_app)) == KIOSK_ONLY | LAN


def test_what_the_lan_reaches_lies_under_its_three_paths(kiosk_app: Flask) -> None:
    for endpoint in LAN:
        _, path = endpoints(kiosk_app)[endpoint]
        assert path.lower().startswith(("/t/", "/display", "/assets/")), path


@pytest.mark.parametrize("role", [*STAFF, None])
def test_every_desk_route_as_every_role_and_as_nobody(
    desk_app: Flask, store: Store, clock: Clock, role: Role | None
) -> None:
    for endpoint, (method, path) in endpoints(desk_app).items():
        if endpoint in STREAMS or endpoint == "login.leave":
            continue
        who = actor(store, role) if role else None
        client = client_of(desk_app, store, who, clock()) if who else desk_app.test_client()
        status = call(client, method, path)
        act = DESK[endpoint]
        if act == "open":
            assert status < 500 and status not in {401, 403}, (endpoint, status)
        elif who is None or act == "phone":
            assert status == 303, (endpoint, status)
        elif act is None or may(who, act):
            assert status < 500 and status != 403, (endpoint, role, status)
        else:
            assert status == 403, (endpoint, role, status)


def test_streams_and_logout_ask_for_a_session(desk_app: Flask) -> None:
    assert call(desk_app.test_client(), "GET", "/events") == 303
    assert call(desk_app.test_client(), "POST", "/logout") == 303


@pytest.mark.parametrize("app_name", ["kiosk", "desk"])
def test_no_route_that_changes_anything_accepts_a_foreign_origin(
    kiosk_app: Flask, desk_app: Flask, store: Store, clock: Clock, app_name: str
) -> None:
    app = kiosk_app if app_name == "kiosk" else desk_app
    client = (
        client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock()) if app is desk_app else app.test_client()
    )
    for method, path in endpoints(app).values():
        if method == "POST":
            assert client.post(path, headers={"Origin": "http://evil.example"}).status_code == 403, path
            assert client.post(path).status_code == 403, path


@pytest.mark.parametrize("act", sorted(MAY))
def test_the_table_is_asked_for_every_act(act: str) -> None:
    for role in Role:
        if role in MAY[act]:
            permit(Actor(role), act)
        else:
            with pytest.raises(Refused, match="not_permitted"):
                permit(Actor(role), act)


@pytest.mark.parametrize("role", [Role.WORKER, Role.ADMINISTRATOR, Role.TOKEN_HOLDER])
def test_the_acts_themselves_refuse(store: Store, clock: Clock, role: Role) -> None:
    """Not the views alone: whoever calls an act from anywhere is asked."""
    from reception import queue

    check_in(store, line="general", nonce="n", by=KIOSK, now=clock())
    with pytest.raises(Refused, match="not_permitted"):
        check_in(store, line="general", nonce="m", by=actor(store, role), now=clock())
    with pytest.raises(Refused, match="not_permitted"):
        queue.call_next(store, counter="1", by=actor(store, role), now=clock())


def test_login_gives_a_new_key_each_time_and_logout_ends_it(
    desk_app: Flask, seeded: object, store: Store, clock: Clock
) -> None:
    import json
    from pathlib import Path

    assert isinstance(seeded, Path)
    login = json.loads((seeded / "login.json").read_text())
    client = desk_app.test_client()
    keys = set()
    for _ in range(2):
        assert client.post("/login", data=login, headers=SAME_ORIGIN).status_code == 303
        cookie = client.get_cookie("desk")
        assert cookie is not None and cookie.http_only and cookie.same_site == "Strict"
        keys.add(cookie.value)
    assert len(keys) == 2
    assert client.get("/").status_code == 200
    client.post("/logout", headers=SAME_ORIGIN)
    client.set_cookie("desk", keys.pop())
    client.post("/logout", headers=SAME_ORIGIN)
    client.set_cookie("desk", keys.pop() if keys else "x")
    assert store.value("SELECT count(*) FROM sessions") <= 1


def test_a_session_dies_after_a_quarter_of_an_hour(desk: FlaskClient, clock: Clock) -> None:
    for _ in range(4):
        clock.forward(minutes=14)
        assert desk.get("/").status_code == 200
    clock.forward(minutes=16)
    assert desk.get("/").status_code == 303


def test_wrong_logins_say_the_same_and_are_throttled_across_restarts(
    desk_app: Flask, store: Store, clock: Clock
) -> None:
    client = desk_app.test_client()

    def attempt(name: str) -> tuple[int, bytes]:
        answer = client.post("/login", data={"name": name, "password": "wrong"}, headers=SAME_ORIGIN)
        return answer.status_code, answer.data.replace(name.encode(), b"")

    assert attempt("wanglin") == attempt("nobody-here")
    for _ in range(4):
        attempt("wanglin")
    assert attempt("wanglin")[0] == 429
    clock.forward(minutes=2)
    assert attempt("wanglin")[0] == 422
