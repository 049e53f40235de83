"""What the tests of procedures share: one made in the usual way, and what another kind does with the mechanism."""

from datetime import timedelta
from typing import Any

from db.store import Store, writing
from reception import cases, checklists, procedures, tables
from reception.cases import Case
from reception.permissions import Actor, Role
from reception.procedure_tables import ITEMS, TEMPLATES
from reception.visits import Particulars
from tests.conftest import Clock, actor

OWNER = {"name": "何晓梅", "phone": "13700001234", "unit": "1-1-102"}


class Procedures:
    """Makes procedures in the usual way."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.desk, self.head = actor(store, Role.RECEPTIONIST), actor(store, Role.SERVICE_HEAD)
        self._made = 0

    @property
    def also(self) -> dict[str, Any]:
        return self.by(self.desk)

    def by(self, who: Actor) -> dict[str, Any]:
        return {"by": who, "now": self.clock()}

    def begin(self, **said: Any) -> Case:
        self._made += 1
        form = {"nonce": f"p{self._made}", "template": "move-in", "variant": "move-in-owner", **OWNER, **self.also}
        return procedures.begin(self.store, **{**form, **said})

    def tasks(self, case: Case) -> list[checklists.Task]:
        return checklists.of_case(self.store, case.id)

    def tick_all(self, case: Case, but: int = 0) -> None:
        items = [str(task.id) for task in self.tasks(case) if task.lacking][but:]
        checklists.tick(self.store, no=case.no, items=items, **self.also)


class Toured(Procedures):
    """What another kind does with the mechanism: timed items of departments, before an agreed time."""

    def open(self) -> tuple[Case, Any]:
        store, admin = self.store, self.by(actor(self.store, Role.ADMINISTRATOR))
        tables.save(
            store, table=TEMPLATES, key="", **admin,
            values={"code": "tour-one", "name": "一类参观", "name_en": "Tour", "serves": "procedure", "effect": "none",
                    "active": "1"},
        )  # fmt: skip
        for text, minutes, gate, department in (
            ("开启空调", "-120", "start", "maintenance"),
            ("检查逃生通道", "-60", "start", "maintenance"),
            ("客服人员到岗", "-15", "close", "service"),
            ("前一天准备", "-1440", "close", "service"),
            ("清点人数", "", "close", ""),
        ):
            tables.save(
                store, table=ITEMS, key="", **admin,
                values={"template": "tour-one", "section": "tasks", "text": text, "required": "1", "gate": gate,
                        "offset_minutes": minutes, "department": department, "active": "1"},
            )  # fmt: skip
        agreed = self.clock() + timedelta(days=1)
        with writing(store):
            case = cases.open_case(
                store, kind="procedure", series="BL", state="open", person=Particulars("", "", None), visit_id=None,
                department=self.desk.department, by=self.desk, at=self.clock(),
            )  # fmt: skip
            checklists.begin(store, case, "tour-one", None, anchor=agreed)
        return case, agreed


def words(tasks: list[checklists.Task], part: str) -> list[str]:
    return [task.words.zh for task in tasks if task.section == part]
