"""What the tests of tours share: one registered in the usual way, and taken from step to step."""

from typing import Any

from db.store import Store
from reception import cases, checklists, tour_steps, tours
from reception.cases import Case
from reception.checklists import Task
from reception.permissions import Actor, Role
from tests.conftest import Clock, actor

CONTACT = {"name": "欧阳静", "phone": "13700004321"}
# The centre of the tests is open from 08:30 to 12:00 and from 13:30 to 17:30; now it is Monday, 10:24.
TOUR = {
    "organisation": "市房协考察团",
    **CONTACT,
    "level": "1",
    "way": "booked",
    "day": "2026-11-25",
    "from_": "09:30",
    "to": "11:00",
    "people": "12",
    "places": "大堂—展厅—会议室",
    "plates": "沪A12345，沪B88888",
    "guests": "张会长\n李秘书长",
}


class Tours:
    """Makes tours in the usual way."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.desk, self.head = actor(store, Role.RECEPTIONIST), actor(store, Role.SERVICE_HEAD)
        self.manager = actor(store, Role.MANAGER)
        self._made = 0

    def by(self, who: Actor) -> dict[str, Any]:
        return {"by": who, "now": self.clock()}

    @property
    def also(self) -> dict[str, Any]:
        return self.by(self.desk)

    def register(self, **said: Any) -> Case:
        self._made += 1
        return tours.register(self.store, **{"nonce": f"t{self._made}", **TOUR, **self.also, **said})

    def change(self, case: Case, **said: Any) -> Case:
        self._made += 1
        names = ("day", "from_", "to", "people", "places", "plates", "guests")
        form = {name: TOUR[name] for name in names} | {"was": tours.stamp(self.store, self.now(case))}
        return tours.change(self.store, **{"nonce": f"t{self._made}", "no": case.no, **form, **self.also, **said})

    def now(self, case: Case) -> Case:
        return cases.whole(self.store, case.id)

    def tasks(self, case: Case, *gates: str) -> list[Task]:
        return [task for task in checklists.of_case(self.store, case.id) if not gates or task.gate in gates]

    def tick(self, case: Case, *gates: str, but: int = 0) -> None:
        """Tick what is required before these steps, but for so many."""
        open_ones = [str(task.id) for task in self.tasks(case, *gates) if task.lacking]
        wanted = open_ones[: len(open_ones) - but]
        if wanted:
            checklists.tick(self.store, no=case.no, items=wanted, **self.by(self.head))

    def prepared(self, **said: Any) -> Case:
        case = self.register(**said)
        self.tick(case, "prepare")
        return tour_steps.prepare(self.store, no=case.no, **self.also)

    def checked(self, **said: Any) -> Case:
        case = self.prepared(**said)
        self.tick(case, "check")
        return tour_steps.check(self.store, no=case.no, **self.also)

    def on_its_day(self) -> None:
        self.clock.forward(days=2, minutes=-54)

    def started(self, **said: Any) -> Case:
        case = self.checked(**said)
        self.on_its_day()
        self.tick(case, "start")
        return tour_steps.start(self.store, no=case.no, **self.also)

    def reviewed(self, **said: Any) -> Case:
        case = self.started(**said)
        self.clock.forward(hours=2)
        self.tick(case, "restore")
        tour_steps.restore(self.store, no=case.no, **self.also)
        return tour_steps.review(self.store, no=case.no, well="引导有序", better="展厅空调开得偏晚", **self.also)
