"""What the tests of passes for goods share: one applied for, approved, printed, and the people who do it."""

from typing import Any

from db.store import Store
from reception import release_facts, release_gate, release_passes
from reception.cases import Case
from reception.permissions import Actor, Role
from tests.conftest import Clock, actor

ITEMS = [("冰箱", "1台"), ("纸箱", "20箱"), ("Maria 的琴", "")]


class Passes:
    """Applies for passes of today, each act a minute after the one before. The guard of the demo is of security."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self._made = store, clock, 0
        self.desk = actor(store, Role.RECEPTIONIST)
        self.assistant = actor(store, Role.ASSISTANT)
        self.head = actor(store, Role.SERVICE_HEAD)
        self.manager = actor(store, Role.MANAGER)
        row = store.row("SELECT id, name, department FROM staff WHERE login = 'wuhao'")
        assert row is not None
        self.guard = Actor(Role.WORKER, *row)

    def by(self, who: Actor) -> dict[str, Any]:
        """By whom and when."""
        return {"by": who, "now": self.clock.forward(minutes=1)}

    def apply(self, **said: Any) -> Case:
        """Apply at the desk for an owner who takes three things out today."""
        self._made += 1
        form: dict[str, Any] = {
            "unit": "1-1-101",
            "name": "钱多多",
            "phone": "13911112222",
            "tie": "owner-deed",
            "moving": "0",
            "valid_on": "2026-11-23",
            "items": ITEMS,
            **self.by(self.desk),
        }
        return release_passes.apply(self.store, nonce=f"p{self._made}", **{**form, **said})

    def approved(self, **said: Any) -> Case:
        """One that the head of service approved."""
        return release_passes.approve(self.store, no=self.apply(**said).no, **self.by(self.head))

    def printed(self, **said: Any) -> Case:
        """One whose pass is out."""
        return release_passes.print_pass(self.store, no=self.approved(**said).no, **self.by(self.desk))

    def code(self, case: Case) -> str:
        """The code on its pass."""
        return release_facts.details(self.store, case).token

    def let_out(self, case: Case, **said: Any) -> Case:
        """Let all of it out at the gate."""
        self._made += 1
        form: dict[str, Any] = {"code": self.code(case), "went": ["1", "2", "3"], **self.by(self.guard)}
        return release_gate.let_out(self.store, nonce=f"o{self._made}", **{**form, **said})

    def state(self, case: Case) -> str:
        """How it stands in the store."""
        return str(self.store.value("SELECT state FROM cases WHERE id = ?", [case.id]))
