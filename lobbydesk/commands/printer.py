"""`lobbydesk printer`: add, list, route, test and remove the printers of a centre; the test probes, prints and asks."""

import argparse
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from lobbydesk.home import add_home, store_path
from reception.devices import BUZZERS, CHINESE, ROUTED, WIDTHS

if TYPE_CHECKING:
    from db.store import Store

TEST_SECONDS = 60.0
KINDS = ", ".join(ROUTED)

# What to do about a refusal, where its name does not say it.
CURES = {
    "address_invalid": "write tcp://HOST[:9100], usb:/dev/usb/lp0, cups:QUEUE or folder:/PATH",
    "property_invalid": f"kinds of paper are {KINDS}; --after is 5 to 3600 seconds",
    "printer_name_invalid": "a name begins with a letter: a-z, 0-9 and -",
    "printer_in_use": "papers wait for it, or it is the one at the kiosk",
}

# Asked about the self-test, in its own order: the property, the question, and what may be answered.
QUESTIONS = (
    ("columns", "完整印在一行的最长标尺 The longest ruler that stands on one line", tuple(map(str, WIDTHS))),
    ("chinese", "清楚的汉字行 Clear rows of Chinese: A+B gbk, A gb2312, 都不清楚 none", CHINESE),
    ("native_qr", "二维码 1 印出来了吗 Is code 1 there? 1 是 yes, 0 否 no", ("1", "0")),
    ("cutter", "纸切断了吗 Was the paper cut? 1 是 yes, 0 否 no", ("1", "0")),
    ("buzzer", "蜂鸣器 Buzzer: none 没有, esc_b, esc_a", BUZZERS),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="add|list|test|route|remove")
    add = acts.add_parser("add", help="add a printer, or change its address")
    add.add_argument("name", help="its short name: a-z, 0-9, -")
    add.add_argument("address", help="tcp://HOST[:9100], usb:/dev/usb/lp0, cups:QUEUE or folder:/PATH")
    add.add_argument("--label", help="what staff read")
    add.add_argument("--fallback", help="the printer that takes over its papers when it stays in trouble")
    add.add_argument("--after", type=int, help="seconds of trouble until then (default 60)")
    add.add_argument("--route", action="append", default=[], metavar="KIND", help=f"a kind that goes there: {KINDS}")
    listing = acts.add_parser("list", help="list the printers, how they are, and what they get")
    test = acts.add_parser("test", help="probe a printer, print its self-test, and ask what came out")
    test.add_argument("name")
    test.add_argument("--no-questions", action="store_true", help="only probe and print")
    route = acts.add_parser("route", help="send a kind of paper to a printer")
    route.add_argument("kind", help=KINDS)
    route.add_argument("name", nargs="?", default="", help="nothing: to the front printer again")
    remove = acts.add_parser("remove", help="take a printer out of service")
    remove.add_argument("name")
    for one in (add, listing, test, route, remove):
        add_home(one)


def _now() -> datetime:
    return datetime.now(UTC)


def run(options: argparse.Namespace) -> int:
    """Do one act; 1 when it was refused, or the self-test was not confirmed."""
    from db.migrations import check
    from db.store import open_store
    from reception import SCHEMA
    from reception.refusal import Refused

    path = store_path(options.home)
    if not path.exists():
        print(
            f"there is no store in {options.home}: run `lobbydesk migrate` or `lobbydesk demo` first", file=sys.stderr
        )
        return 1
    store = open_store(path)
    try:
        check(store, [SCHEMA])
        acts = {"add": _add, "list": _list, "test": _test, "route": _route, "remove": _remove}
        return acts[options.act](store, path, options)
    except Refused as refused:
        cure = f" ({CURES[refused.code]})" if refused.code in CURES else ""
        print(f"refused: {refused.code.replace('_', ' ')}{cure}", file=sys.stderr)
        return 1
    except EOFError:
        print("\nno answer: the printer stays as it was set", file=sys.stderr)
        return 1
    finally:
        store.close()


def _add(store: "Store", path: Path, options: argparse.Namespace) -> int:
    from db.store import writing
    from reception import devices
    from reception.permissions import BOX

    given = {
        "address": options.address,
        "label": options.label,
        "fallback": options.fallback,
        "fallback_after": None if options.after is None else str(options.after),
    }
    now = _now()
    properties = {key: value for key, value in given.items() if value is not None}
    with writing(store):
        devices.save(store, name=options.name, properties=properties, by=BOX, now=now)
        for kind in options.route:
            devices.route(store, kind=kind, printer=options.name, by=BOX, now=now)
    print(f"added {options.name}; next: lobbydesk printer test {options.name} --home {options.home}")
    return 0


def _route(store: "Store", path: Path, options: argparse.Namespace) -> int:
    from reception import devices
    from reception.permissions import BOX

    devices.route(store, kind=options.kind, printer=options.name, by=BOX, now=_now())
    return 0


def _remove(store: "Store", path: Path, options: argparse.Namespace) -> int:
    from reception import devices
    from reception.permissions import BOX

    devices.retire(store, name=options.name, by=BOX, now=_now())
    return 0


def _list(store: "Store", path: Path, options: argparse.Namespace) -> int:
    from db import printers, spool
    from reception.site import site

    routes = printers.routes(store)
    print(f"{'name':12} {'state':10} {'address':32} what it is able to do; what it gets; what staff call it")
    for printer in printers.printers(store):
        kinds = [kind for kind, name in routes.items() if name == printer.name]
        if printer.name == site(store).front_printer:
            kinds.append("everything else" if routes else "every paper")
        print(
            f"{printer.name:12} {printer.condition:10} {printer.address:32} {printer.columns} columns,"
            f" {printer.width_dots} dots, Chinese {printer.chinese}, confirms {printer.confirms},"
            f" {spool.unsettled(store, printer.name)} waiting; {', '.join(kinds) or 'no paper'}; {printer.label}"
        )
    return 0


def _test(store: "Store", path: Path, options: argparse.Namespace) -> int:
    from db import printers
    from reception import devices
    from reception.permissions import BOX

    job = devices.probe_and_test(store, name=options.name, by=BOX, now=_now())
    state = _print(store, path, options.name, job)
    found = printers.find(store, options.name)
    assert found is not None
    print(
        f"{found.name}: {found.state}; answers {'yes' if found.answers else 'no'}, confirms {found.confirms}"
        f"{', ' + found.model if found.model else ''}; self-test {state}"
    )
    if state not in {"printed", "sent"}:
        print("the self-test did not come out, or nobody knows: look at the printer and try again", file=sys.stderr)
        return 1
    if not options.no_questions and sys.stdin.isatty():
        answers = {key: _ask(question, choices, getattr(found, key)) for key, question, choices in QUESTIONS}
        devices.what_came_out(store, name=options.name, answers=answers, by=BOX, now=_now())
        print("saved; print it once more to see whether it is right")
    return 0


def _print(store: "Store", path: Path, name: str, job: int) -> str:
    """Wait for the self-test's end; where no print service runs yet, be its worker meanwhile."""
    from db import paper_care, printers
    from printing.worker import Worker
    from reception.rules import clock

    printer = printers.find(store, name)
    worker = Worker(path, name, lambda ago: clock.to_text(_now() - timedelta(seconds=ago)))
    thread = threading.Thread(target=worker.run, name=f"print-{name}", daemon=True)
    if printer is not None and not printer.served:
        thread.start()
    said, deadline = "", time.monotonic() + TEST_SECONDS
    try:
        while time.monotonic() < deadline:
            entry, printer = paper_care.find(store, job), printers.find(store, name)
            assert entry is not None and printer is not None
            if entry.state not in {"queued", "sending"}:
                return entry.state
            if printer.state != said:
                said = printer.state
                print(f"{name}: {said}", flush=True)
            time.sleep(0.1)
        return "waits"
    finally:
        if thread.is_alive():
            worker.stop()
            thread.join(15)


def _ask(question: str, choices: tuple[str, ...], now: object) -> str:
    """Ask until the answer is one of the choices; Enter keeps what is set."""
    kept = str(int(now)) if isinstance(now, bool) else str(now)
    while True:
        answer = input(f"{question} [{'/'.join(choices)}, Enter: {kept}]: ").strip() or kept
        if answer in choices:
            return answer
