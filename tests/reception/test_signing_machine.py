"""Whatever anybody does to bookings that are signed, by any chain: nobody is admitted short of a signature.

No signature is changed or lost, none is made for another who did not ask for it, and a refusal changes nothing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from lobbydesk.home import store_path
from reception import sign_deputies, signing, tables
from reception.permissions import BOX
from reception.refusal import Refused
from reception.table_columns import TABLES
from tests.reception.sign_life import SignLife
from tests.reception.stateful import Centre, stress

PAST = "('admitted', 'scheduled', 'checked_in', 'met')"
NEVER = {
    "admitted while a signature of this wording is missing or does not count": (
        f"SELECT no FROM cases JOIN visit_day_bookings AS booked ON case_id = cases.id WHERE cases.state IN {PAST}"  # noqa: S608
        " AND (EXISTS (SELECT 1 FROM endorsements AS one WHERE one.case_id = cases.id AND one.state <> 'agreed'"
        " AND one.round = (SELECT max(round) FROM endorsements WHERE case_id = cases.id))"
        " OR NOT EXISTS (SELECT 1 FROM endorsements AS one WHERE one.case_id = cases.id AND one.step = 'manager'"
        " AND one.state = 'agreed' AND one.wording = booked.wording))"
    ),
    "a signature that counts under other words": (
        "SELECT id FROM endorsements JOIN visit_day_bookings AS booked USING (case_id)"
        " WHERE state IN ('agreed', 'pending') AND endorsements.wording <> booked.wording"
    ),
    "RUL-06 a signature without opinion, department or deadline": (
        "SELECT id FROM endorsements WHERE state = 'agreed' AND (coalesce(opinion, '') = ''"
        " OR handling_department IS NULL OR deadline_on <= substr(signed_at, 1, 10))"
    ),
    "K3.6 made by one hand for another": (
        "SELECT endorsements.id FROM endorsements JOIN staff AS signer ON signer.id = signed_by WHERE signed_at IS NOT"
        " NULL AND NOT (signed_by = signed_for OR (on_paper = 1 AND on_behalf = 0 AND signer.role IN ('receptionist',"
        " 'assistant', 'service_head')) OR (on_behalf = 1 AND on_paper = 0 AND EXISTS (SELECT 1 FROM sign_deputies"
        " WHERE for_id = signed_for AND deputy_id = signed_by AND from_at <= signed_at AND until_at > signed_at"
        " AND by_id <> deputy_id)))"
    ),
    "K3.6 one who saw a paper and signs beside it": (
        "SELECT one.id FROM endorsements AS one JOIN endorsements AS other USING (case_id, round)"
        " WHERE one.on_paper = 1 AND other.on_paper = 0 AND one.signed_by = other.signed_by"
    ),
    "somebody signed before those before him": (
        "SELECT late.id FROM endorsements AS late JOIN endorsements AS early USING (case_id, round)"
        " WHERE late.position > early.position AND late.signed_at IS NOT NULL"
        " AND (early.signed_at IS NULL OR early.signed_at > late.signed_at)"
    ),
    "asked while nobody may sign": (
        "SELECT endorsements.id FROM endorsements JOIN cases ON cases.id = case_id"
        " WHERE endorsements.state = 'pending' AND cases.state <> 'signing'"
    ),
    "not admitted and he was not told, or nobody handles it": (
        "SELECT no FROM cases WHERE state = 'not_admitted' AND (NOT EXISTS (SELECT 1 FROM feedback_notices"
        " WHERE case_id = cases.id AND about = 'result') OR NOT EXISTS (SELECT 1 FROM cases AS new"
        " WHERE new.spawned_from = cases.id) OR EXISTS (SELECT 1 FROM visit_day_slots WHERE case_id = cases.id))"
    ),
}
SIGNED = (
    "SELECT id, case_id, wording, round, step, department, opinion, handling_department, deadline_on, signed_for,"
    " signed_by, on_behalf, on_paper, signed_at, state FROM endorsements WHERE signed_at IS NOT NULL"
)
LOGINS = ("liuyang", "chenjing", "zhaoqiang", "hejun", "zhouming", "sunlei")


@pytest.fixture(scope="module", autouse=True)
def _home(seeded: Path) -> None:
    Signed.template = store_path(seeded)


class Signed(Centre):
    """Two bookings and one who walked in, everybody at once, any chain, and time that passes."""

    @initialize(reviewed=st.integers(0, 2))
    def begin(self, reviewed: int = 0) -> None:
        """All of them wait for the review, or some are past it."""
        self.made = SignLife(self.store, self.clock)
        self.staff.append(self.made.security)
        self.nos = [self.made.under_review().no for _ in range(3)]
        self.ids = [self.store.value("SELECT id FROM cases WHERE no = ?", [no]) for no in self.nos]
        self.store.execute("UPDATE visit_day_bookings SET walk_in = 1 WHERE case_id = ?", [self.ids[2]])
        self.kept: dict[int, tuple[Any, ...]] = {}
        self.count = 0
        for place in range(reviewed):
            self.review(place, 2, 7, True)

    def attempt(self, act: Callable[..., Any], who: int, **said: Any) -> None:
        self.count += 1
        self.do(act, now=self.clock.forward(minutes=3), by=self.staff[who % len(self.staff)], **said)

    def rows(self, place: int) -> list[str]:
        """Return the ids of all that a booking was ever asked for, what is pending last."""
        found = self.store.rows(
            "SELECT id FROM endorsements WHERE case_id = ? ORDER BY state = 'pending', position DESC, id",
            [self.ids[place]],
        )
        return [str(row[0]) for row in found] or ["0"]

    def said(self, days: int) -> dict[str, str]:
        """Return what a signature says; now and then a deadline that is none."""
        on = "2027-03-05" if days else self.clock().date().isoformat()
        return {"opinion": "同意", "department": "service", "deadline_on": on}

    @rule(place=st.integers(0, 2), who=st.sampled_from([1, 2, 2, 0]), days=st.integers(0, 9), both=st.booleans())
    def review(self, place: int, who: int, days: int, both: bool) -> None:
        wording = self.store.value("SELECT wording FROM visit_day_bookings WHERE case_id = ?", [self.ids[place]])
        departments = ["maintenance", "security"] if both else ["maintenance"]
        self.attempt(signing.pass_review, who, no=self.nos[place], wording=str(wording), topic="parking",
                     departments=departments, **self.said(days))  # fmt: skip

    @rule(place=st.integers(0, 2), who=st.integers(0, 9), back=st.integers(1, 6), days=st.integers(0, 9))
    def sign(self, place: int, who: int, back: int, days: int) -> None:
        rows = self.rows(place)
        self.attempt(signing.sign, who, no=self.nos[place], signature=rows[-min(back, len(rows))], **self.said(days))

    @rule(place=st.integers(0, 1), many=st.integers(1, 6))
    def everybody_whose_turn_it_is_signs(self, place: int, many: int) -> None:
        """Without it few runs come to the end of a chain."""
        for _ in range(many):
            for who in range(len(self.staff)):
                self.attempt(signing.sign, who, no=self.nos[place], signature=self.rows(place)[-1], **self.said(7))

    @rule(place=st.integers(0, 1), back=st.integers(1, 6), disagrees=st.booleans())
    def everybody_tries(self, place: int, back: int, disagrees: bool) -> None:
        """Out of turn, too; without it few runs find the one who may."""
        rows = self.rows(place)
        row = rows[-min(back, len(rows))]
        for who in range(len(self.staff)):
            if disagrees and back == 1:
                self.attempt(signing.disagree, who, no=self.nos[place], signature=row, reason="先答复")
            else:
                self.attempt(signing.sign, who, no=self.nos[place], signature=row, **self.said(7))

    @rule(place=st.integers(0, 1), whose=st.sampled_from(["zhaoqiang", "hejun", "chenjing"]))
    def everybody_saw_a_paper(self, place: int, whose: str) -> None:
        for who in (1, 2, 0):
            self.attempt(signing.sign_on_paper, who, no=self.nos[place], signature=self.rows(place)[-1], whose=whose,
                         agrees=True, **self.said(7))  # fmt: skip

    @rule(place=st.integers(0, 1), who=st.integers(0, 9), back=st.integers(1, 9))
    def agree_with_what_stands(self, place: int, who: int, back: int) -> None:
        rows = self.rows(place)
        inherits = rows[-min(back, len(rows))]
        self.attempt(signing.sign, who, no=self.nos[place], signature=rows[-1], inherits=inherits)

    @rule(who=st.integers(0, 9), inherit=st.booleans())
    def sign_many(self, who: int, inherit: bool) -> None:
        chosen = [(no, self.rows(place)[-1]) for place, no in enumerate(self.nos)]
        try:
            by = self.staff[who % len(self.staff)]
            done = signing.sign_many(self.store, chosen=chosen, inherit=inherit, **self.said(7), by=by,
                                     now=self.clock.forward(minutes=3))  # fmt: skip
        except Refused:
            return
        for no, code in done:
            gave = self.store.value(
                "SELECT count(*) FROM endorsements JOIN cases ON cases.id = case_id WHERE no = ? AND signed_by = ?"
                " AND signed_at = (SELECT max(at) FROM events)",
                [no, by.id],
            )
            assert bool(gave) >= (code == "")

    @rule(place=st.integers(0, 2), who=st.integers(0, 9), reason=st.sampled_from(["先答复", ""]))
    def disagree(self, place: int, who: int, reason: str) -> None:
        self.attempt(signing.disagree, who, no=self.nos[place], signature=self.rows(place)[-1], reason=reason)

    @rule(place=st.integers(0, 2), who=st.integers(0, 2), whose=st.sampled_from(LOGINS), agrees=st.booleans())
    def paper(self, place: int, who: int, whose: str, agrees: bool) -> None:
        self.attempt(signing.sign_on_paper, who, no=self.nos[place], signature=self.rows(place)[-1], whose=whose,
                     agrees=agrees or whose != "hejun", **self.said(7))  # fmt: skip

    @rule(place=st.integers(0, 2), matter=st.sampled_from(["车位", "门禁", "地下车库车位"]))
    def reword(self, place: int, matter: str) -> None:
        self.attempt(signing.reword, 0, no=self.nos[place], matter=matter, reason="更正")

    @rule(place=st.integers(0, 2), matter=st.sampled_from(["车位", "门禁"]))
    def prepare(self, place: int, matter: str) -> None:
        self.attempt(signing.prepare, 0, no=self.nos[place], matter=matter, topic="parking")

    @rule(who=st.integers(0, 9), whose=st.sampled_from(["", *LOGINS]), deputy=st.sampled_from(LOGINS))
    def name_a_deputy(self, who: int, whose: str, deputy: str) -> None:
        day = self.clock().date().isoformat()
        self.attempt(sign_deputies.name, who, nonce=f"d{self.count}", whose=whose, deputy=deputy, from_on=day,
                     until_on=day, reason="外出")  # fmt: skip

    @rule(who=st.integers(0, 9), deputy=st.integers(1, 3))
    def end_a_deputy(self, who: int, deputy: int) -> None:
        self.attempt(sign_deputies.end, who, deputy_id=str(deputy))

    @rule(step=st.sampled_from(["review", "departments", "supervisor", "service_head", "manager"]),
          position=st.integers(1, 5), active=st.booleans())  # fmt: skip
    def another_chain(self, step: str, position: int, active: bool) -> None:
        signer = "liuyang" if step == "supervisor" else ""
        values: dict[str, Any] = {"position": str(position), "active": str(int(active)), "signer": signer}
        self.attempt(tables.save, 6, table=TABLES["sign_steps"], key=step, values=values)

    @rule(who=st.sampled_from([6, 6, 2, 1]), place=st.sampled_from([2, 2, 0]))
    def admit_walk_in(self, who: int, place: int) -> None:
        self.attempt(signing.admit_walk_in, who, no=self.nos[place], **self.said(7))

    @rule(place=st.integers(0, 2), who=st.sampled_from([6, 2, 1, 0]), wanted=st.integers(0, 3))
    def refuse(self, place: int, who: int, wanted: int) -> None:
        if wanted == 0:  # seldom: it is over then
            self.attempt(signing.refuse, who, no=self.nos[place], nonce=f"r{self.count}", reason="先答复",
                         channel="phone", becomes="complaint", category="parking")  # fmt: skip

    @rule(hours=st.sampled_from([1, 3, 20]))
    def time_passes(self, hours: int) -> None:
        self.clock.forward(hours=hours)
        self.do(signing.signing_watch, now=self.clock(), by=BOX)

    @invariant()
    def nothing_is_broken(self) -> None:
        """None of the queries finds anything; what was signed is as it was, or void."""
        for name, query in NEVER.items():
            assert not self.store.rows(query), name
        found = {row["id"]: tuple(row) for row in self.store.rows(SIGNED)}
        for key, was in self.kept.items():
            assert found[key][:-1] == was[:-1] and found[key][-1] in (was[-1], "void"), key
        self.kept = found
        for case_id in self.ids:
            self.admitted_by_all(case_id)

    def admitted_by_all(self, case_id: int) -> None:
        """Whoever is admitted has a signature of each step that its chain had, seen without asking the store's own."""
        state = self.store.value("SELECT state FROM cases WHERE id = ?", [case_id])
        if state != "admitted":
            return
        rows = self.store.rows(
            "SELECT step, state, wording FROM endorsements WHERE case_id = ?1"
            " AND round = (SELECT max(round) FROM endorsements WHERE case_id = ?1)",
            [case_id],
        )
        wording = self.store.value("SELECT wording FROM visit_day_bookings WHERE case_id = ?", [case_id])
        assert {(row["state"], row["wording"]) for row in rows} == {("agreed", wording)}
        walk_in = case_id == self.ids[2]
        assert [row["step"] for row in rows].count("manager") == 1 and (not walk_in or len(rows) == 1)


def test_nobody_is_admitted_short_of_a_signature() -> None:
    run_state_machine_as_test(Signed, settings=stress(30, 30))


def test_a_chain_runs_to_its_end_in_it() -> None:
    """The machine does reach what it watches: a booking admitted, one by a deputy, one walked in."""
    machine = Signed()
    try:
        machine.begin()
        machine.review(0, 2, 7, True)
        machine.everybody_whose_turn_it_is_signs(0, 6)
        machine.admit_walk_in(6, 2)
        machine.nothing_is_broken()
        states = [machine.store.value("SELECT state FROM cases WHERE no = ?", [no]) for no in machine.nos]
        assert states == ["admitted", "under_review", "admitted"]
    finally:
        machine.teardown()
