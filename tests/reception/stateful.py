"""What the stateful tests share: a store of their own, everybody of the centre, and refusals that change nothing."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine

from db.store import open_store
from reception.permissions import Actor, Role
from reception.refusal import Refused
from tests.conftest import Clock, actor

ROLES: list[Role] = [role for role in Role if role not in {Role.KIOSK, Role.TOKEN_HOLDER, Role.BOX}]


class Centre(RuleBasedStateMachine):
    """A centre of its own for every run, copied from `template`: a store to be set before the runs."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        path = self.folder / self.template.name
        shutil.copy(self.template, path)
        self.store = open_store(path)
        self.watch = sqlite3.connect(path)
        self.clock = Clock()
        self.staff = [actor(self.store, role) for role in ROLES]
        self.nos: list[str] = []

    def teardown(self) -> None:
        """Throw the store away."""
        self.watch.close()
        self.store.close()
        shutil.rmtree(self.folder)

    def by(self, role: Role) -> Actor:
        """Return whoever has this role."""
        return self.staff[ROLES.index(role)]

    def do(self, act: Callable[..., Any], *, now: datetime, **arguments: Any) -> None:
        """Do an act; a refusal must leave the store as it was."""
        version = self.watch.execute("PRAGMA data_version").fetchone()
        try:
            act(self.store, now=now, **arguments)
        except Refused as refused:
            # What was tried of a telephone is kept, whatever becomes of the act.
            if not act.__name__.endswith("_by_token"):
                assert self.watch.execute("PRAGMA data_version").fetchone() == version, (act.__name__, refused.code)


def stress(examples: int, steps: int) -> settings:
    """Return how a machine is run: the same runs every time, however long one takes."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
