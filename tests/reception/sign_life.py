"""Bookings led through their signatures by the acts themselves, for tests."""

from typing import Any

from db.store import Store, writing
from reception import booking_facts, cases, sign_deputies, sign_records, signing
from reception.cases import Case
from reception.permissions import BOX, Actor, Role
from reception.sign_records import Signature
from tests.conftest import Clock, actor
from tests.reception.visit_life import VisitLife

# Friday 18 December 2026, a working day.
BY_THEN = "2026-12-18"


class SignLife(VisitLife):
    """The acts of the sign-off; a second head, of security, signs beside the one of maintenance."""

    def __init__(self, store: Store, clock: Clock) -> None:
        super().__init__(store, clock)
        self.assistant = actor(store, Role.ASSISTANT)
        if not store.value("SELECT 1 FROM staff WHERE login = 'hejun'"):
            # By a row: a password's hash would be the slowest of each of these tests, and nobody logs in with it.
            with writing(store):
                store.execute(
                    "INSERT INTO staff (login, name, role, department, password_hash)"
                    " VALUES ('hejun', '何军', 'department_head', 'security', '')"
                )
        row = store.row("SELECT id FROM staff WHERE login = 'hejun'")
        assert row is not None
        self.security = Actor(Role.DEPARTMENT_HEAD, row["id"], "何军", "security")

    def under_review(self, **other: Any) -> Case:
        """Return a booking that is ready to be reviewed."""
        case = self.book(**other)
        with writing(self.store):
            self.store.execute(
                "UPDATE visit_day_bookings SET ownership = 'register', topic = 'parking' WHERE case_id = ?", [case.id]
            )
            if case.state == "booked":
                cases.move(self.store, case, "under_review", "submit", by=self.desk, at=self.now)
        return cases.whole(self.store, case.id)

    def reviewed(self, case: Case | None = None, **other: Any) -> Case:
        """Return a booking that is being signed; maintenance and security are responsible."""
        case = case or self.under_review()
        form: dict[str, Any] = {"topic": "parking", "departments": ["maintenance", "security"], "opinion": "建议受理"}
        form |= {"department": "maintenance", "deadline_on": BY_THEN, "by": self.head}
        form |= {"wording": str(booking_facts.details(self.store, case).wording)} | other
        return signing.pass_review(self.store, no=case.no, **form, now=self.now)

    def pending(self, case: Case, step: str = "", department: str | None = None) -> Signature:
        """Return what is still to be signed: of a step, or the first."""
        return next(
            one
            for one in sign_records.of_case(self.store, case.id)
            if one.state == "pending" and step in ("", one.step) and department in (None, one.department)
        )

    def sign(self, case: Case, by: Actor, step: str, of: str | None = None, **other: Any) -> Case:
        """Let somebody sign a step."""
        form = {"opinion": "同意接待", "department": "maintenance", "deadline_on": BY_THEN} | other
        asked = str(self.pending(case, step, of).id)
        return signing.sign(self.store, no=case.no, signature=asked, **form, by=by, now=self.now)

    def heads_signed(self, case: Case | None = None) -> Case:
        """Return a booking that only the manager is still to sign."""
        case = case or self.reviewed()
        self.sign(case, self.maintenance, "departments", "maintenance")
        self.sign(case, self.security, "departments", "security")
        return self.sign(case, self.head, "service_head")

    def signed(self, case: Case | None = None) -> Case:
        """Return a booking with every signature."""
        return self.sign(self.heads_signed(case), self.manager, "manager")

    def deputy(self, whose: str, deputy: str, by: Actor, **other: str) -> int:
        """Let somebody stand in, from today on."""
        self.count += 1
        form = {"from_on": self.clock().date().isoformat(), "until_on": "2026-12-31", "reason": "出差"}
        form |= {"nonce": f"deputy{self.count}"}
        return sign_deputies.name(self.store, whose=whose, deputy=deputy, **form | other, by=by, now=self.now)

    def watch(self) -> tuple[int, int]:
        """Let the box look."""
        return signing.signing_watch(self.store, by=BOX, now=self.now)
