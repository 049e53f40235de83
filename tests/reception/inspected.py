"""What the tests of inspections share: a home inspected in the usual way, its defects put right by the worker."""

from typing import Any

from db.store import Store
from reception import (
    cases,
    checklists,
    inspection_defects,
    inspection_ends,
    inspection_facts,
    inspections,
    order_steps,
    work_orders,
)
from reception.cases import Case
from reception.inspection_facts import Defect, Inspection
from reception.permissions import Actor, Role
from tests.conftest import Clock, actor

HOME: dict[str, Any] = {"unit": "1-1-102", "name": "何晓梅", "phone": "13700001234"}
METERS = {"water": "12", "electric": "345.6", "gas": "0.08"}


class Inspected:
    """Inspects homes, each act a minute after the one before."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self._made = store, clock, 0
        self.desk = actor(store, Role.RECEPTIONIST)
        self.head = actor(store, Role.SERVICE_HEAD)
        self.leader = actor(store, Role.TEAM_LEADER)
        self.worker = actor(store, Role.WORKER)

    def by(self, who: Actor | None = None) -> dict[str, Any]:
        """By whom (the desk) and when."""
        return {"by": who or self.desk, "now": self.clock.forward(minutes=1)}

    def open(self, **said: Any) -> Case:
        """Agree on one for tomorrow."""
        self._made += 1
        form = {"nonce": f"i{self._made}", **HOME, "developer": "安居置业", "agreed_at": "明天 9:30", **self.by()}
        return inspections.open_inspection(self.store, **{**form, **said})

    def read(self, case: Case, **said: Any) -> Case:
        """Enter all three meters."""
        form: dict[str, Any] = {"readings": METERS, "confirmed": "1", **self.by()}
        return inspections.read(self.store, no=case.no, **{**form, **said})

    def tick(self, case: Case) -> None:
        """Tick every item."""
        items = [str(task.id) for task in checklists.of_case(self.store, case.id) if task.state == "open"]
        checklists.tick(self.store, no=case.no, items=items, **self.by())

    def defect(self, case: Case, **said: Any) -> Defect:
        """Write a defect down; return it."""
        self._made += 1
        form = {"nonce": f"d{self._made}", "category": "water", "place": "厨房", "content": "水龙头漏水", **self.by()}
        inspection_defects.add(self.store, no=case.no, **{**form, **said})
        return inspection_facts.defects(self.store, case.id)[-1]

    def inspect(self, case: Case) -> Case:
        """It was looked at to the end."""
        return inspections.inspect(self.store, no=case.no, inspector="zhaogang", **self.by())

    def inspected(self, defects: int = 0) -> Case:
        """One that was looked at, with so many defects."""
        case = self.open()
        self.read(case)
        self.tick(case)
        for number in range(defects):
            self.defect(case, place=f"房间{number + 1}")
        return self.inspect(case)

    def repair(self, defect: Defect, *, check: bool = True) -> None:
        """The worker puts it right; the leader checks it."""
        order = work_orders.find(self.store, defect.order_no)
        if order.worker_id is None:
            order_steps.accept(self.store, order_no=order.no, worker="zhaogang", **self.by())
        order_steps.arrive(self.store, order_no=order.no, **self.by())
        order_steps.finish(self.store, order_no=order.no, work_done="更换阀芯", **self.by())
        if check:
            no = self.store.value("SELECT no FROM cases WHERE kind = 'inspection' ORDER BY id DESC LIMIT 1")
            inspection_defects.check(self.store, no=no, defect=str(defect.id), **self.by(self.leader))

    def rechecked(self, defects: int = 1) -> Case:
        """One whose defects are all put right and checked."""
        case = self.inspected(defects)
        for defect in self.details(case).defects:
            self.repair(defect)
        return inspections.pass_check(self.store, no=case.no, **self.by(self.leader))

    def reappointed(self, **said: Any) -> Case:
        """One whose owner comes again the day after tomorrow."""
        form = {"agreed_at": "后天 15:00", "channel": "phone", **self.by()}
        return inspections.reappoint(self.store, no=self.rechecked().no, **{**form, **said})

    def accept(self, case: Case, **said: Any) -> Case:
        """The owner signed."""
        return inspection_ends.accept(self.store, no=case.no, **{"signed": "1", "channel": "face", **self.by(), **said})

    def details(self, case: Case) -> Inspection:
        """Its details."""
        return inspection_facts.details(self.store, case)

    def state(self, case: Case) -> str:
        """How it stands in the store."""
        return str(self.store.value("SELECT state FROM cases WHERE id = ?", [case.id]))

    def store_case(self, no: str) -> Case:
        """The case of a number."""
        return cases.whole(self.store, self.store.value("SELECT id FROM cases WHERE no = ?", [no]))
