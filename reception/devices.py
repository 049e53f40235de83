"""The printers of the centre (接待设备): adding, changing, probing and testing them, and which papers each gets."""

import re
from datetime import datetime, timedelta
from typing import Any

from db import printers, spool
from db.printers import Printer
from db.store import Store, writing
from reception import events, papers, release, sequences, spooling
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import people
from reception.site import configure, site
from reception.wording import Words

NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
LABEL_LIMIT = 40
# Paper widths as printers have them: columns -> dots (printing.md, Numbers).
WIDTHS = {32: 384, 42: 512, 48: 576, 64: 832}
COLUMN_DOTS = 12
# Where the kernel and udev put printers. Other paths are for the command line on the box alone.
USB_FOLDERS = ("/dev/usb/", "/dev/lobbydesk/", "/dev/serial/")
CHINESE = ("gbk", "gb2312", "none")
BUZZERS = ("none", "esc_b", "esc_a")
CONFIRMS = ("gs_h", "gs_r", "none")
RANGES = {"dpi": (100, 600), "fallback_after": (5, 3600), "columns": (16, 96), "width_dots": (256, 1024)}
CHOICES = {"chinese": CHINESE, "buzzer": BUZZERS, "confirms": CONFIRMS}
FLAGS = ("native_qr", "cutter", "drawer", "answers")
# A printer that comes back after a week must not hand out seven mornings.
TEST_WANTED_FOR = timedelta(minutes=10)
# Kinds that a centre may send to a printer of their own: every paper, and what is asked for by hand at the desk.
ROUTED = (
    "ticket",
    "repair_receipt",
    "result_slip",
    "complaint_receipt",
    "private_receipt",
    "visit_day_slip",
    "decision_slip",
    "appointment_slip",
    "handover_slip",
    "inquiry_note",
    "materials_slip",
    "release_slip",
    "fee_notice",
    "emergency_slip",
    "fault_list",
    "supervision_slip",
    "reception_slip",
    "work_order",
    "payment_receipt",
    "hand_slip",
    "work_log",
    "evacuation_roll",
    "day_agenda",
    "power_cut_card",
    "setup_slip",
    spooling.AT_DESK,
)


def find(store: Store, name: str) -> Printer:
    """Return a printer. Refuses `printer_unknown`."""
    printer = printers.find(store, name)
    if printer is None:
        raise Refused("printer_unknown")
    return printer


def save(store: Store, *, name: str, properties: dict[str, str], by: Actor, now: datetime) -> None:
    """Add a printer, or change the properties named, as typed in a form.

    Refuses `printer_name_invalid`, `address_missing`, `address_invalid`, `address_taken`, `folder_on_the_box`,
    `property_invalid`, `width_invalid`, `printer_unknown` (of the fallback), `fallback_itself`, `text_too_long`,
    `text_invalid`.
    """
    permit(by, "manage_printers")
    if not NAME.fullmatch(name):
        raise Refused("printer_name_invalid")
    with writing(store):
        before = printers.find(store, name)
        if before is None and not properties.get("address"):
            raise Refused("address_missing")
        checked = {key: _checked(store, name, key, value.strip()) for key, value in properties.items()}
        if "address" in checked and (before is None or before.address != checked["address"]):
            _new_address(store, name, checked["address"], by)
        printers.save(store, name, **checked)
        after = find(store, name)
        if after.columns * COLUMN_DOTS > after.width_dots:
            raise Refused("width_invalid")
        if before is None or before.address != after.address:
            # Another device: what it answers, its worker finds out before anything else.
            printers.want_probe(store, name)
        if printers.find(store, site(store).front_printer) is None:
            configure(store, front_printer=name)
        _record(store, "change_printer", name, by=by, now=now, properties=sorted(checked))


def add(store: Store, *, name: str, properties: dict[str, str], by: Actor, now: datetime) -> None:
    """Add a printer of a new name, probe it and print its long self-test. Refuses `printer_exists`, and as `save`."""
    permit(by, "manage_printers")
    with writing(store):
        if printers.find(store, name) is not None:
            raise Refused("printer_exists")
        save(store, name=name, properties=properties, by=by, now=now)
        probe_and_test(store, name=name, by=by, now=now)


def retire(store: Store, *, name: str, by: Actor, now: datetime) -> None:
    """Take a printer out of service.

    Refuses `printer_unknown`, and `printer_in_use` while papers wait for it or it is the one at the kiosk.
    """
    permit(by, "manage_printers")
    with writing(store):
        printer = find(store, name)
        if spool.unsettled(store, name) or site(store).front_printer == printer.name:
            raise Refused("printer_in_use")
        printers.retire(store, name)
        _record(store, "retire_printer", name, by=by, now=now)


def in_use(store: Store, every: list[Printer]) -> set[str]:
    """Return the names of those printers that papers come to, or whose papers wait: their trouble is everybody's."""
    return (
        {site(store).front_printer}
        | set(printers.routes(store).values())
        | {printer.fallback for printer in every if printer.fallback}
        | {printer.name for printer in every if spool.unsettled(store, printer.name)}
    )


def _new_address(store: Store, name: str, address: str, by: Actor) -> None:
    """Refuse an address that another printer has, and paths that are for the command line on the box alone."""
    kind, place = printers.parse_address(address)
    if kind != "folder" and any(other.address == address for other in printers.printers(store) if other.name != name):
        raise Refused("address_taken")
    if by.role is Role.BOX:
        return
    if kind == "folder":
        raise Refused("folder_on_the_box")
    if kind == "usb" and (not place.startswith(USB_FOLDERS) or ".." in place):
        raise Refused("address_invalid")


def _checked(store: Store, name: str, key: str, value: str) -> Any:
    if key == "label":
        return _text(value)
    if key == "address":
        try:
            printers.parse_address(value)
        except ValueError as error:
            raise Refused(str(error)) from None
        return value
    if key == "fallback":
        if value == name:
            raise Refused("fallback_itself")
        return find(store, value).name if value else None
    if key in CHOICES and value in CHOICES[key]:
        return value
    if key in FLAGS and value in {"0", "1"}:
        return int(value)
    if key in RANGES:
        return _number(value, *RANGES[key])
    raise Refused("property_invalid")


def _text(value: str) -> str:
    try:
        return people.clean_text(value, limit=LABEL_LIMIT)
    except ValueError as error:
        raise Refused(str(error)) from None


def _number(value: str, least: int, most: int) -> int:
    if value.isascii() and value.isdigit() and len(value) < 6 and least <= int(value) <= most:
        return int(value)
    raise Refused("property_invalid")


def what_came_out(store: Store, *, name: str, answers: dict[str, str], by: Actor, now: datetime) -> None:
    """Set a printer's properties by what somebody saw on its self-test: the longest line, the readable rows, the code.

    `answers`: `columns` (32, 42, 48, 64), `chinese`, `native_qr`, `cutter`, `buzzer`. Refuses as `save`.
    """
    permit(by, "manage_printers")
    columns = _number(answers.get("columns", ""), 16, 96)
    if columns not in WIDTHS:
        raise Refused("property_invalid")
    seen = {key: answers[key] for key in ("chinese", "native_qr", "cutter", "buzzer") if key in answers}
    save(
        store,
        name=name,
        properties=seen | {"columns": str(columns), "width_dots": str(WIDTHS[columns])},
        by=by,
        now=now,
    )


def route(store: Store, *, kind: str, printer: str, by: Actor, now: datetime) -> None:
    """Send a kind of paper to a printer ('' for the front printer). Refuses `property_invalid`, `printer_unknown`."""
    permit(by, "manage_printers")
    if kind not in ROUTED:
        raise Refused("property_invalid")
    with writing(store):
        printers.route(store, kind, find(store, printer).name if printer else None)
        _record(store, "route_papers", printer or site(store).front_printer, by=by, now=now, kind=kind)


def set_rules(store: Store, *, rules: dict[str, str], by: Actor, now: datetime) -> None:
    """Set what holds for papers everywhere: minutes until a ticket is stale (0: never), hours that facts are kept,
    English beside the Chinese, the printer of the kiosk. Refuses `property_invalid`, `printer_unknown`."""
    permit(by, "manage_printers")
    with writing(store):
        configure(
            store,
            ticket_stale_minutes=_number(rules.get("ticket_stale_minutes", ""), 0, 240),
            print_payload_hours=_number(rules.get("print_payload_hours", ""), 1, 720),
            paper_english=rules.get("paper_english") == "1",
            front_printer=find(store, rules.get("front_printer", "")).name,
        )
        _record(store, "set_paper_rules", site(store).front_printer, by=by, now=now)


def probe_and_test(store: Store, *, name: str, by: Actor, now: datetime) -> int:
    """Let the printer's worker find out what it answers, and print the long self-test; return its job id."""
    permit(by, "manage_printers")
    with writing(store):
        printers.want_probe(store, name)
        return test_page(store, find(store, name), f"printer_test:{_count(store)}", whole=True, now=now)


def test_page(store: Store, printer: Printer, ref: str, *, whole: bool, now: datetime) -> int:
    """Queue a self-test on this very printer, within an act; return its job id."""
    centre, at = site(store), events.moment(store, now)
    shown = ("address", "model", "width_dots", "columns", "dpi", "chinese", "native_qr", "cutter", "buzzer", "confirms")
    paper = papers.SelfTest(
        **spooling.heading(centre, at),
        **{key: getattr(printer, key) for key in shown},
        whole=whole,
        printer=printer.label,
        url=centre.kiosk_url.upper(),
    )
    job = spooling.enqueue(
        store,
        centre,
        paper,
        ref=ref,
        part=printer.name,
        at=at,
        now=now,
        printer=printer.name,
        pinned=True,
        stale_after=TEST_WANTED_FOR,
    )
    assert job is not None
    return job


def setup_slip(store: Store, *, by: Actor, now: datetime) -> int:
    """Queue the slip that says where everything is; return its job id. Refuses `printer_unknown`."""
    permit(by, "manage_printers")
    with writing(store):
        centre, at = site(store), events.moment(store, now)
        paper = setup_facts(store, now=now)
        job = spooling.enqueue(store, centre, paper, ref=f"setup_slip:{_count(store)}", at=at)
        if job is None:
            raise Refused("printer_unknown")
        _record(store, "print_setup_slip", centre.front_printer, by=by, now=now, job=job)
        return job


def setup_facts(store: Store, *, now: datetime, login: str = "", code: str = "", address: str = "") -> papers.SetupSlip:
    """Return what the slip says of this box; with the first administrator's code it is a secret, and never spooled."""
    centre = site(store)
    return papers.SetupSlip(
        **spooling.heading(centre, events.moment(store, now)),
        version=release.version(),
        kiosk_url=centre.kiosk_url,
        desk_url=centre.desk_url,
        display_url=f"{centre.kiosk_url}/display",
        public_url=centre.public_url,
        fingerprint=centre.tls_fingerprint,
        desk_phone=centre.phone,
        printers=tuple(Words(printer.label, printer.address) for printer in printers.printers(store)),
        login=login,
        code=code,
        address=address,
    )


def _count(store: Store) -> int:
    return sequences.take(store, "printer_test")


def _record(store: Store, what: str, printer: str, *, by: Actor, now: datetime, **detail: Any) -> None:
    # A printer has a name and no number: the history of all of them stands under one subject.
    events.record(store, what, "printer", 0, by=by, at=events.moment(store, now), printer=printer, **detail)
