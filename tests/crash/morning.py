"""A morning at the front desk, act after act: what the crash tests do, and what somebody outside may then rely on."""

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from db import spool
from db.store import Store
from reception import absence, acceptance, queue, repairs, reprints, sign_chain, signing, visits
from reception.permissions import KIOSK, Actor, Role
from reception.refusal import Refused

Ack = dict[str, Any]

START = datetime(2026, 11, 23, 2, 24, tzinfo=UTC)
LINES = ("repair", "complaint", "visit-day", "general")
COUNTERS = ("1", "2", "3")
# How often each act comes, about.
ACTS = {
    "check_in": 26,
    "call": 18,
    "mark_ticket": 12,
    "dispatch": 8,
    "sign_booking": 14,
    "sign_work": 7,
    "print": 22,
    "reprint": 7,
    "mark_paper": 9,
}


class Morning:
    """A morning at the front desk, one act after the other; the same seed gives the same order of acts."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.chance = random.Random(seed)
        self.seed = seed
        self.done = 0
        self.sending: int | None = None
        self.receptionist = self._staff("role", Role.RECEPTIONIST)

    def _staff(self, column: str, value: Any) -> Actor:
        row = self.store.row(f"SELECT id, name, role, department FROM staff WHERE {column} = ?", [value])  # noqa: S608
        assert row is not None
        return Actor(Role(row["role"]), row["id"], row["name"], row["department"])

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.done)

    @property
    def at(self) -> str:
        """The moment as the store writes it."""
        return f"{self.now:%Y-%m-%dT%H:%M:%S}.000Z"

    @property
    def nonce(self) -> str:
        return f"morning-{self.seed}-{self.done}"

    def act(self) -> Ack:
        """Do the next act, one transaction; return its acknowledgement. Nothing there for it: a check-in."""
        self.done += 1
        kind = self.chance.choices(list(ACTS), weights=list(ACTS.values()))[0]
        done: Ack | None = getattr(self, kind)()
        return self.check_in() if done is None else done

    def check_in(self) -> Ack:
        line = self.chance.choice(LINES)
        ticket = visits.check_in(self.store, line=line, nonce=self.nonce, by=KIOSK, now=self.now)
        return {"act": "check_in", "no": ticket.no, "token": ticket.token}

    def call(self) -> Ack | None:
        if not self.store.value("SELECT 1 FROM tickets WHERE state = 'waiting'"):
            return None
        counter = self.chance.choice(COUNTERS)
        ticket = queue.call_next(self.store, counter=counter, by=self.receptionist, now=self.now)
        assert ticket is not None
        return {"act": "call", "no": ticket.no, "counter": counter}

    def mark_ticket(self) -> Ack | None:
        """What the counter notes of whom it called: he sat down, he did not come, he is done."""
        row = self.store.row(
            "SELECT no, counter, state FROM tickets WHERE state IN ('called', 'serving') ORDER BY called_at, id LIMIT 1"
        )
        if row is None:
            return None
        mark = "complete" if row["state"] == "serving" else self.chance.choice(("start", "start", "miss"))
        do = {"start": queue.start, "miss": absence.miss, "complete": queue.complete}[mark]
        do(self.store, counter=row["counter"], holding=row["no"], by=self.receptionist, now=self.now)
        return {"act": "mark_ticket", "no": row["no"], "mark": mark}

    def dispatch(self) -> Ack:
        case = repairs.register(
            self.store,
            nonce=self.nonce,
            name="欧阳文静",
            phone="13800005678",
            unit="1-1-101",
            category="water",
            content="厨房水管漏水",
            urgency="urgent",
            dispatch=True,
            by=self.receptionist,
            now=self.now,
        )
        order_no = repairs.details(self.store, case).work_order_no
        return {"act": "dispatch", "no": case.no, "token": case.token, "order_no": order_no}

    def sign_booking(self) -> Ack | None:
        """The next signature of the chain of a booking for the visit day; the last one admits it."""
        row = self.store.row(
            "SELECT cases.no, endorsements.id, step, endorsements.department FROM endorsements"
            " JOIN cases ON cases.id = case_id WHERE endorsements.state = 'pending'"
            " ORDER BY case_id, position, +endorsements.id"
        )
        if row is None:
            return None
        signer = self._staff("id", sign_chain.signers(self.store, row["step"], row["department"])[0])
        case = signing.sign(
            self.store,
            no=row["no"],
            signature=str(row["id"]),
            opinion="同意接待",
            department="maintenance",
            deadline_on="2026-12-18",
            by=signer,
            now=self.now,
        )
        return {"act": "sign_booking", "no": row["no"], "signature": row["id"], "admits": case.state == "admitted"}

    def sign_work(self) -> Ack | None:
        """The owner's signature on the slip of finished work, as the desk saw it."""
        order_no = self.store.value(
            "SELECT work_orders.no FROM work_orders JOIN cases ON cases.id = case_id"
            " WHERE work_orders.state = 'live' AND cases.state = 'finished' ORDER BY work_orders.id"
        )
        if order_no is None:
            return None
        acceptance.sign(
            self.store, order_no=order_no, how="paper", nonce=self.nonce, by=self.receptionist, now=self.now
        )
        return {"act": "sign_work", "order_no": order_no}

    def print(self) -> Ack | None:
        """What the print worker marks: `sending` before the first byte, then what became of the paper."""
        at = self.at
        if self.sending is None:
            job = spool.claim(self.store, "front", at)
            if job is None:
                return None
            self.sending = job.id
            return {"act": "print", "job": job.id, "state": "sending"}
        job_id, self.sending = self.sending, None
        outcome: spool.Outcome = "printed" if self.chance.random() < 0.7 else "uncertain"
        assert spool.settle(self.store, job_id, outcome, at)
        return {"act": "print", "job": job_id, "state": outcome}

    def reprint(self) -> Ack | None:
        for row in self.store.rows(
            "SELECT id FROM print_jobs WHERE kind = 'repair_receipt' AND state IN ('printed', 'uncertain')"
            " ORDER BY id DESC"
        ):
            # Refused, and nothing written, while its copy waits for the printer.
            with suppress(Refused):
                job = reprints.reprint(
                    self.store, job_id=str(row["id"]), nonce=self.nonce, by=self.receptionist, now=self.now
                )
                return {"act": "reprint", "job": job}
        return None

    def mark_paper(self) -> Ack | None:
        """The word of the desk on a paper: one in doubt came out after all, one that waits shall not."""
        job = self.store.value("SELECT min(id) FROM print_jobs WHERE state = 'uncertain' AND looked_at IS NULL")
        if job is not None:
            reprints.came_out(self.store, job_id=str(job), by=self.receptionist, now=self.now)
            return {"act": "mark_paper", "job": job, "mark": "paper_came_out"}
        job = self.store.value("SELECT max(id) FROM print_jobs WHERE state = 'queued' AND kind <> 'ticket'")
        if job is None:
            return None
        reprints.void(self.store, job_id=str(job), by=self.receptionist, now=self.now)
        return {"act": "mark_paper", "job": job, "mark": "void_paper"}
