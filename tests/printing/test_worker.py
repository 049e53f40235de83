"""The print worker's promises: a paper is printed once, and called printed only when the printer said so."""

import logging
import socket
import threading
from collections.abc import Callable

import pytest

from db import printers, pulse, spool
from db.store import StoreBusy
from lobbydesk.home import store_path
from printing import documents
from printing.devices import ConnectionLost
from printing.devices.conversation import Conversation
from printing.virtual import VirtualPrinter
from printing.worker import Busy, Worker
from reception import papers
from tests.printing.running import AT, Front, Working, until
from tests.printing.samples import profile, sample


def test_a_ticket_is_printed_once(front: Front) -> None:
    with Working(front.home):
        ticket = front.take_ticket()
        front.until_paper(ticket, "printed")
        front.until_state("ready")
    (text,) = front.settled()
    assert ticket.no in text.split("\n")
    assert front.times_sent(ticket) == 1
    assert front.device.errors == []


def test_papers_come_in_the_order_they_were_queued(front: Front) -> None:
    tickets = [front.take_ticket() for _ in range(5)]
    with Working(front.home):
        front.until_paper(tickets[-1], "printed")
    texts = front.settled()
    assert [ticket.no in text.split("\n") for ticket, text in zip(tickets, texts, strict=True)] == [True] * 5


def test_a_pulse_wakes_it(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    wait = pulse.Listener.wait
    monkeypatch.setattr(pulse.Listener, "wait", lambda self, seconds: wait(self, 60))
    with Working(front.home):
        front.until_state("ready")
        front.until_paper(front.take_ticket(), "printed")


def test_the_printer_s_properties_shape_the_paper(front: Front) -> None:
    front.set(width_dots=384, columns=32, chinese="none", native_qr=0, cutter=0)
    ticket = front.take_ticket()
    with Working(front.home):
        front.until_paper(ticket, "printed")
    row = front.store.row("SELECT id, facts, length_mm FROM print_jobs")
    assert row is not None and row["length_mm"] > 50
    paper = papers.from_json("ticket", row["facts"])
    expected = documents.build(paper, profile(384, "none", native_qr=False, cutter=False), job_id=row["id"])
    assert expected in front.device.received[-1]


def test_a_reprint_is_marked(front: Front) -> None:
    facts = papers.to_json(sample("ticket"))
    spool.enqueue(front.store, printer="front", kind="ticket", ref="ticket:9", facts=facts, at=AT, copy_no=2)
    with Working(front.home):
        until(lambda: spool.paper_state(front.store, "ticket:9") == "printed", "the copy printed")
    assert "补打 2 / COPY 2" in front.settled()[0]


@pytest.mark.parametrize(("confirms", "device", "ends"), [("gs_r", "gs_r", "printed"), ("none", "none", "sent")])
def test_other_ways_to_confirm(front: Front, confirms: str, device: str, ends: str) -> None:
    with VirtualPrinter(None, confirm=device) as other:  # type: ignore[arg-type]
        mine = Front(front.home, front.store, other)
        mine.set(confirms=confirms)
        ticket = mine.take_ticket()
        with Working(mine.home):
            mine.until_paper(ticket, ends)
            until(lambda: len(other.papers) == 1, "one paper")
        assert len(mine.settled()) == 1


def test_a_printer_that_does_not_know_the_question_leaves_a_doubt_although_it_cut(front: Front) -> None:
    with VirtualPrinter(None, confirm="gs_r") as clone:
        mine = Front(front.home, front.store, clone)
        ticket = mine.take_ticket()
        with Working(mine.home):
            mine.until_paper(ticket, "uncertain")
            assert mine.error(ticket) == "unconfirmed_ready"
            second = mine.take_ticket()
            mine.until_paper(second, "uncertain")
        assert len(mine.settled()) == 2
        assert (mine.times_sent(ticket), mine.times_sent(second)) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "facts", "reason"),
    [("ticket", '{"no": "SECRET"}', "TypeError"), ("poster", '{"no": "SECRET"}', "KeyError")],
)
def test_a_paper_that_can_never_print_fails_and_the_next_one_prints(
    front: Front, caplog: pytest.LogCaptureFixture, kind: str, facts: str, reason: str
) -> None:
    broken = spool.enqueue(front.store, printer="front", kind=kind, ref="broken", facts=facts, at=AT)
    ticket = front.take_ticket()
    with caplog.at_level(logging.DEBUG), Working(front.home):
        front.until_paper(ticket, "printed")
    row = front.store.row("SELECT state, error, ended_at FROM print_jobs WHERE id = ?", [broken])
    assert row is not None
    assert tuple(row) == ("failed", reason, AT)
    assert len(front.settled()) == 1
    assert str(broken) in caplog.text
    assert "SECRET" not in caplog.text


def test_nothing_of_a_person_reaches_the_log(front: Front, caplog: pytest.LogCaptureFixture) -> None:
    front.device.fault = "reset"
    facts = papers.to_json(sample("repair_receipt", name="欧阳文静", phone="13812345678"))
    with caplog.at_level(logging.DEBUG), Working(front.home):
        spool.enqueue(front.store, printer="front", kind="repair_receipt", ref="r", facts=facts, at=AT)
        until(lambda: spool.paper_state(front.store, "r") == "uncertain", "receipt uncertain")
    assert "欧阳" not in caplog.text
    assert "13812345678" not in caplog.text


def test_a_paper_of_which_nothing_was_sent_goes_back_and_prints_later(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = Conversation.send
    lost: list[bool] = []

    def lose_once(self: Conversation, data: bytes, *, patient: Callable[[float], bool]) -> None:
        if not lost:
            lost.append(True)
            raise ConnectionLost(0)
        send(self, data, patient=patient)

    monkeypatch.setattr(Conversation, "send", lose_once)
    with Working(front.home):
        ticket = front.take_ticket()
        front.until_paper(ticket, "printed")
    assert lost
    assert len(front.settled()) == 1


def test_a_printer_that_ends_idle_connections_is_called_again(front: Front) -> None:
    with Working(front.home):
        front.until_paper(front.take_ticket(), "printed")
        front.device.fault = "refuse"
        front.device.fault = "none"
        ticket = front.take_ticket()
        front.until_paper(ticket, "printed")
        assert front.times_sent(ticket) == 1
    assert len(front.settled()) == 2


def test_a_second_worker_for_the_same_printer_is_refused(front: Front) -> None:
    second = Worker(store_path(front.home), "front", lambda _: AT)
    with Working(front.home):
        front.until_state("ready")
        with pytest.raises(Busy, match="front"):
            second.run()
        front.until_paper(front.take_ticket(), "printed")
    threading.Timer(0.1, second.stop).start()
    second.run()


def test_what_the_last_worker_was_sending_is_in_doubt(front: Front) -> None:
    ticket = front.take_ticket()
    assert spool.claim(front.store, "front", AT) is not None
    with Working(front.home):
        front.until_paper(ticket, "uncertain")
        front.until_paper(front.take_ticket(), "printed")
    assert front.error(ticket) == "interrupted"
    assert front.times_sent(ticket) == 0


@pytest.mark.parametrize("fault", ["none", "refuse", "mute", "paper-out"])
def test_it_ends_promptly_when_told_to(front: Front, fault: str) -> None:
    front.device.fault = fault  # type: ignore[assignment]
    with Working(front.home) as working:
        until(lambda: front.state != "unknown", "a first look")
        assert working.stop() < 4


def test_it_ends_promptly_also_while_a_paper_hangs(front: Front) -> None:
    front.set(chinese="none")
    front.device.fault = "slow"
    ticket = front.take_ticket()
    with Working(front.home) as working:
        front.until_first_byte()
        front.device.fault = "paper-out"
        front.until_state("paper_out")
        assert working.stop() < 4
    assert (front.paper_state(ticket), front.error(ticket)) == ("uncertain", "stopped")


class LateAnswers(threading.Thread):
    """A printer that is ready at once, and answers the first GS r only when the second paper has come."""

    def __init__(self) -> None:
        super().__init__(name="late", daemon=True)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.requests = 0

    def run(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            with wire:
                self._talk(wire)

    def _talk(self, wire: socket.socket) -> None:
        owed = 0
        while said := wire.recv(65536):
            for _ in range(said.count(b"\x10\x04")):
                wire.sendall(b"\x12")
            for _ in range(said.count(b"\x1dr\x01")):
                self.requests += 1
                owed += 1
                if owed > 1:
                    wire.sendall(b"\x00")

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def test_a_late_answer_confirms_no_other_paper(front: Front) -> None:
    late = LateAnswers()
    late.start()
    printers.save(front.store, "front", address=f"tcp://127.0.0.1:{late.port}")
    front.set(confirms="gs_r")
    first = front.take_ticket()
    second = front.take_ticket()
    with Working(front.home):
        front.until_paper(first, "uncertain")
        until(lambda: front.paper_state(second) in {"printed", "uncertain"}, "second paper settled")
    late.close()
    late.join(2)
    assert late.requests == 2
    assert front.paper_state(second) == "uncertain"


def test_a_busy_store_does_not_end_it(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    settle = spool.settle
    times: list[bool] = []

    def busy_once(*arguments: object, **more: object) -> bool:
        if not times:
            times.append(True)
            raise StoreBusy("another act of this process holds the store")
        return settle(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(spool, "settle", busy_once)
    ticket = front.take_ticket()
    with Working(front.home) as working:
        until(lambda: times and (not working.alive or front.paper_state(ticket) != "sending"), "settled or dead")
        assert working.alive
        front.until_paper(ticket, "printed")
