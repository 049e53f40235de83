"""The printer is unplugged and plugged in again while two hundred people take numbers: every number has its paper."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from db.store import open_store
from lobbydesk.home import store_path
from printing.interpreter import interpret_all
from tests.demo import Demo, until

VISITORS = 200
LINES = ("repair", "complaint", "general", "visit-day")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A demo whose stale-ticket rule is off, set as the person who keeps the box sets it."""
    running = Demo(tmp_path / "home").start()
    try:
        (admin,) = [one for one in json.loads((running.home / "staff.json").read_text()) if one["name"] == "admin"]
        assert running.post("desk", "/login", name="admin", password=admin["password"])[0] == 303
        rules = {
            "ticket_stale_minutes": "0",
            "print_payload_hours": "24",
            "paper_english": "1",
            "front_printer": "front",
        }
        assert running.post("desk", "/printers/rules", **rules)[0] == 204
        yield running
    finally:
        running.stop()


def unplug_and_plug(demo: Demo, stop: threading.Event) -> None:
    """Pull the cable while papers come out one behind the other, and put it back; every third time the power goes."""
    turns = 0
    while not stop.is_set():
        out, deadline = len(demo.papers()), time.monotonic() + 3
        while len(demo.papers()) < out + 3 and time.monotonic() < deadline and not stop.is_set():
            time.sleep(0.002)
        turns += 1
        demo.post("paper", "/fault", fault="power-cycle" if turns % 3 == 0 else "refuse")
        stop.wait(0.2)
        demo.post("paper", "/fault", fault="none")


def on_paper(demo: Demo) -> tuple[Counter[str], Counter[str]]:
    """Read every piece of paper: tokens of codes without a mark, and of those on a piece marked 补打."""
    plain: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    for picture in demo.papers():
        (piece, *_), _ = interpret_all(picture.with_suffix(".bin").read_bytes())
        if "以上作废" in piece.text:
            # The scrap that a torn paper was cut off with: staff throw it away.
            continue
        with Image.open(picture) as image:
            codes = [code.text.rpartition("/")[2] for code in zxingcpp.read_barcodes(image.convert("L"))]
        (marked if "补打" in piece.text else plain).update(codes)
    return plain, marked


def test_two_hundred_numbers_two_hundred_papers_no_unmarked_double(demo: Demo) -> None:
    stop = threading.Event()
    hand = threading.Thread(target=unplug_and_plug, args=(demo, stop))
    hand.start()
    places = []
    try:
        for number in range(VISITORS):
            places.append(demo.check_in(LINES[number % len(LINES)], f"visitor-{number}"))
            time.sleep(0.05)
    finally:
        stop.set()
        hand.join()
    demo.post("paper", "/fault", fault="none")
    tokens = {place.rpartition("/")[2] for place in places}
    assert len(tokens) == VISITORS
    demo.log_in()
    with closing(open_store(store_path(demo.home))) as store:
        until(lambda: not store.value("SELECT count(*) FROM print_jobs WHERE state IN ('queued', 'sending')"), 60)
        assert store.value("SELECT count(DISTINCT no) FROM tickets") == VISITORS
        doubts = store.rows(
            "SELECT print_jobs.id, token FROM print_jobs JOIN tickets ON print_jobs.ref = 'ticket:' || tickets.id"
            " WHERE print_jobs.state = 'uncertain'"
        )
        # Staff look at each doubtful one: it lies there, or it is printed again.
        plain, _ = on_paper(demo)
        for job_id, token in doubts:
            act = "came-out" if plain[token] else "reprint"
            assert demo.post("desk", f"/papers/{job_id}/{act}", nonce=f"{act}-{job_id}")[0] == 204
        until(lambda: not store.value("SELECT count(*) FROM print_jobs WHERE state IN ('queued', 'sending')"), 60)
        left = store.value("SELECT count(*) FROM print_jobs WHERE state NOT IN ('printed', 'uncertain')")
        assert left == 0
    plain, marked = on_paper(demo)
    print(f"{len(doubts)} doubtful, {marked.total()} of them printed again")
    assert plain.total() + marked.total() == VISITORS
    assert set(plain) | set(marked) == tokens
    assert max((plain + marked).values()) == 1, "no double, marked or not"
