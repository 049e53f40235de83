"""培训 (SYS-50): the practice script of new staff, and who passed what of it when.

What was done is counted in the store of practice, by its own history; that a task was passed is kept in the real one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import events, training_acts
from reception.permissions import FRONT, Actor, permit
from reception.rules import clock
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Task:
    """A task of the script for one person: `done` of `times` in practice, `passed_at` when passed ('': not)."""

    code: str
    name: Words
    how: Words
    times: int
    done: int
    passed_at: str

    @property
    def passed(self) -> bool:
        """Whether he has done it as often as it asks."""
        return bool(self.passed_at) or self.done >= self.times


@dataclass(frozen=True, slots=True)
class Pass:
    """What somebody passed, as the task stood then, and when (UTC text)."""

    name: Words
    times: int
    at: str


@dataclass(frozen=True, slots=True)
class Trainee:
    """One of those who receive visitors: what he passed, oldest first, and what of the present script he has not."""

    name: str
    passes: list[Pass]
    lacking: list[Words]

    @property
    def complete(self) -> bool:
        """Whether he passed all of the script."""
        return not self.lacking


def script(store: Store, *, practising: bool, by: Actor) -> list[Task]:
    """Return the script as it stands for this person, in order. Refuses `not_permitted`.

    `practising`: this is a store of practice, whose history counts; what is done in earnest is no practice.
    """
    permit(by, "see_training")
    done = training_acts.done(store, by.id) if practising else {}
    return [
        Task(
            row["code"],
            Words(row["name"], row["name_en"]),
            Words(row["how"], row["how_en"]),
            row["times"],
            done.get(row["act"], 0),
            row["passed_at"],
        )
        for row in store.rows(
            "SELECT training_tasks.*, coalesce((SELECT at FROM training_passes WHERE task = code AND staff_id = ?), '')"
            " AS passed_at FROM training_tasks WHERE active = 1 ORDER BY position, code LIMIT 100",
            [by.id],
        )
    ]


def note(store: Store, *, tasks: Sequence[str], by: Actor, now: datetime) -> list[str]:
    """Keep that this person passed these tasks; return those that are new. A task is passed once.

    Only what did not come from a form may be given here: the desk reads it in the history of practice. Refuses
    `not_permitted`.
    """
    permit(by, "practise")
    with writing(store):
        at = events.moment(store, now)
        new = [
            task
            for task in tasks
            if store.changed(
                "INSERT INTO training_passes (task, staff_id, name, name_en, times, at)"
                " SELECT code, staff.id, training_tasks.name, name_en, times, ? FROM training_tasks, staff"
                " WHERE code = ? AND staff.id = ? AND staff.active = 1 ON CONFLICT (staff_id, task) DO NOTHING",
                [clock.to_text(at), task, by.id],
            )
        ]
        if new:
            events.record(store, "pass_training", "staff", by.id or 0, by=by, at=at, tasks=new)
        return new


def trainees(store: Store, *, by: Actor) -> list[Trainee]:
    """Return everybody who receives visitors and what he passed, to their head. Refuses `not_permitted`."""
    permit(by, "see_trainees")
    tasks = store.rows("SELECT code, name, name_en FROM training_tasks WHERE active = 1 ORDER BY position, code")
    passes = store.rows("SELECT * FROM training_passes ORDER BY at, id")
    marks = ",".join("?" * len(FRONT))
    staff = store.rows(
        f"SELECT id, name FROM staff WHERE active = 1 AND role IN ({marks}) ORDER BY name, id",  # noqa: S608
        sorted(map(str, FRONT)),
    )
    found = []
    for one in staff:
        his = [row for row in passes if row["staff_id"] == one["id"]]
        codes = {row["task"] for row in his}
        found.append(
            Trainee(
                one["name"],
                [Pass(Words(row["name"], row["name_en"]), row["times"], row["at"]) for row in his],
                [Words(task["name"], task["name_en"]) for task in tasks if task["code"] not in codes],
            )
        )
    return found
