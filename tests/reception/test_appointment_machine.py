"""Whatever anybody does to appointments, in whatever order: none changes privately, no host's time is given twice."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from lobbydesk.home import store_path
from reception import acknowledgements, appointment_arrivals, appointments, case_care, closing
from reception.permissions import BOX, KIOSK
from tests.reception.stateful import Centre, stress

TIMES = st.sampled_from(["", "11:20", "14:00", "明天 11:00", "明天 11:10", "明天 11:20", "x"])
HOSTS = st.sampled_from(["", "", "zhaoqiang", "chenjing", "zhaogang"])
REASONS = st.sampled_from(["开会", "开会", "开会", ""])
CHANNELS = st.sampled_from(["phone", "phone", "phone", ""])
# What must never be found, each a query that returns what breaks it.
NEVER = {
    "RUL-19 a change without a reason, or one too few": (
        "SELECT case_id FROM appointments WHERE edition - 1 <> (SELECT count(*) FROM appointment_changes AS made"
        " WHERE made.case_id = appointments.case_id)"
    ),
    "RUL-19 a change that the visitor was not told": (
        "SELECT case_id FROM appointment_changes AS made WHERE NOT EXISTS (SELECT 1 FROM feedback_notices"
        " WHERE feedback_notices.case_id = made.case_id AND feedback_notices.at = made.at)"
    ),
    "RUL-19 a change that neither its host did nor was told": (
        "SELECT case_id FROM appointment_changes AS made WHERE NOT EXISTS (SELECT 1 FROM tellings WHERE"
        " tellings.case_id = made.case_id AND tellings.at = made.at AND what = 'changed') AND NOT EXISTS (SELECT 1"
        " FROM events WHERE subject = 'case' AND subject_id = made.case_id AND events.at = made.at"
        " AND what = 'confirm_appointment' AND events.by_id = made.by_id)"
    ),
    "cancelled and not told": (
        "SELECT no FROM cases WHERE kind = 'appointment' AND state = 'cancelled' AND NOT EXISTS (SELECT 1 FROM"
        " feedback_notices WHERE case_id = cases.id AND about = 'result')"
    ),
    "a host's time given twice": (
        "SELECT one.case_id FROM appointments AS one JOIN appointments AS other ON other.host_id = one.host_id"
        " AND other.case_id > one.case_id WHERE one.live = 1 AND other.live = 1"
        " AND abs(julianday(one.expected_at) - julianday(other.expected_at)) * 1440 < 29.9"
    ),
    "live and over, or over and live": (
        "SELECT no FROM cases JOIN appointments ON case_id = cases.id WHERE live <> (closed_at IS NULL)"
    ),
    "here without a ticket": "SELECT no FROM cases JOIN appointments ON case_id = cases.id"
    " WHERE state = 'arrived' AND ticket_id IS NULL",
    "two tickets of one arrangement": (
        "SELECT ticket_id FROM appointments WHERE ticket_id IS NOT NULL GROUP BY ticket_id HAVING count(*) > 1"
    ),
    "a ticket of no appointment": (
        "SELECT no FROM tickets WHERE due_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM appointments"
        " WHERE ticket_id = tickets.id)"
    ),
    "it lies in another department than its host's": (
        "SELECT no FROM cases JOIN appointments ON case_id = cases.id JOIN staff ON staff.id = host_id"
        " WHERE cases.department <> staff.department"
    ),
    "missed, and its host was not asked to call": (
        "SELECT no FROM cases WHERE kind = 'appointment' AND state = 'no_show' AND NOT EXISTS (SELECT 1 FROM tellings"
        " JOIN appointments ON appointments.case_id = tellings.case_id AND host_id = staff_id"
        " WHERE tellings.case_id = cases.id AND what = 'missed')"
    ),
}


@pytest.fixture(scope="module", autouse=True)
def _home(seeded: Path) -> None:
    Appointments.template = store_path(seeded)


class Appointments(Centre):
    """Three appointments of two hosts, and everybody in the centre at once."""

    def attempt(self, act: Callable[..., Any], place: int, who: int, **arguments: Any) -> None:
        """Do an act; a refusal must leave the store as it was."""
        by = self.staff[who % len(self.staff)]
        self.do(act, now=self.clock.forward(minutes=3), no=self.nos[place], by=by, **arguments)

    @initialize(hosts=st.tuples(*[st.sampled_from(["zhaoqiang", "chenjing"])] * 3))
    def begin(self, hosts: tuple[str, ...]) -> None:
        """Three from the desk, half an hour apart."""
        for number, host in enumerate(hosts):
            case = appointments.book(
                self.store,
                nonce=f"m{number}",
                host=host,
                expected_at=("11:00", "11:30", "明天 11:00")[number],
                name="钱多多",
                phone=f"1391111222{number}",
                purpose="装修",
                slip="1",
                by=self.staff[0],
                now=self.clock.forward(minutes=1),
            )
            self.nos.append(case.no)

    @rule(place=st.integers(0, 2), who=st.integers(0, 7), time=TIMES, host=HOSTS, reason=REASONS, channel=CHANNELS)
    def change(self, place: int, who: int, time: str, host: str, reason: str, channel: str) -> None:
        said = {"expected_at": time, "host": host, "reason": reason, "channel": channel}
        self.attempt(appointments.change, place, who, **said)

    @rule(place=st.integers(0, 2), who=st.integers(0, 7), reason=REASONS, channel=CHANNELS)
    def cancel(self, place: int, who: int, reason: str, channel: str) -> None:
        self.attempt(appointments.cancel, place, who, reason=reason, channel=channel)

    @rule(place=st.integers(0, 2), who=st.integers(0, 7))
    def finish(self, place: int, who: int) -> None:
        self.attempt(appointments.finish, place, who)

    @rule(place=st.integers(0, 2), who=st.integers(0, 7))
    def arrive(self, place: int, who: int) -> None:
        self.attempt(appointment_arrivals.arrive, place, who)

    @rule(place=st.integers(0, 2))
    def scan(self, place: int) -> None:
        token = self.store.value("SELECT token FROM cases WHERE no = ?", [self.nos[place]])
        self.do(appointment_arrivals.shown, now=self.clock.forward(minutes=1), token=token, by=KIOSK)

    @rule(who=st.integers(0, 7), telling=st.integers(1, 9))
    def acknowledge(self, who: int, telling: int) -> None:
        by, now = self.staff[who % len(self.staff)], self.clock.forward(minutes=1)
        self.do(acknowledgements.acknowledge, now=now, telling_id=str(telling), by=by)

    @rule(place=st.integers(0, 2), who=st.sampled_from([2, 6]), owner=st.sampled_from(["wanglin", "chenjing"]))
    def give_to_another_holder(self, place: int, who: int, owner: str) -> None:
        self.attempt(case_care.assign, place, who, owner=owner)

    @rule(hours=st.sampled_from([1, 8]))
    def close(self, hours: int) -> None:
        now = self.clock.forward(hours=hours)
        self.do(closing.close_day, now=now, day=date(2026, 11, 23), by=BOX)

    @invariant()
    def nothing_is_broken(self) -> None:
        """None of the queries finds anything."""
        for name, query in NEVER.items():
            assert not self.store.rows(query), name


def test_no_order_of_acts_changes_an_appointment_privately() -> None:
    run_state_machine_as_test(Appointments, settings=stress(40, 20))
