"""A procedure of a home (办理事项, SYS-35, SYS-38): what it is, for whom, its items; the slip of what to bring."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.store import Store
from reception import checklists, events, papers, procedure_templates, spooling
from reception.cases import Case
from reception.checklists import Task
from reception.procedure_templates import Item, Template
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.wording import Words

KIND: Final = "procedure"
SERIES: Final = "BL"
NAME = Words("办理事项", "Procedure")
STATES = {
    "open": Words("办理中", "Under way"),
    "done": Words("已办结", "Done"),
    "withdrawn": Words("已撤销", "Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure: its matter and variant, its days where it has some (ISO), a remark, its items in their order."""

    template: Template
    variant: Words
    from_on: str | None
    until_on: str | None
    remark: str
    tasks: list[Task]

    @property
    def parts(self) -> dict[str, list[Task]]:
        """The items by part."""
        return checklists.by_part(self.tasks)

    @property
    def lacking(self) -> list[Task]:
        """The required items that are open."""
        return [task for task in self.tasks if task.lacking]


def details(store: Store, case: Case) -> Procedure:
    """Return what a procedure is and how far it is."""
    row = store.row("SELECT * FROM procedures WHERE case_id = ?", [case.id])
    assert row is not None
    return Procedure(
        procedure_templates.find(store, row["template"]),
        procedure_templates.variant_name(store, row["variant"]),
        row["from_on"],
        row["until_on"],
        row["remark"],
        checklists.of_case(store, case.id),
    )


def missing_slip(store: Store, case: Case, at: datetime) -> papers.MaterialsSlip:
    """Return the facts of the slip that says what is still to be brought, as it stands now."""
    found = details(store, case)
    lacking = {
        part: tuple(task.words for task in of_it if task.lacking)
        for part, of_it in found.parts.items()
        if part in procedure_templates.ASKED
    }
    return _slip(store, found.template.name, found.variant, lacking, at, no=case.no)


def list_slip(store: Store, template: Template, variant: str | None, at: datetime) -> papers.MaterialsSlip:
    """Return the facts of the list of what a matter asks for: required ones, and those that only may be."""
    asked = procedure_templates.asked(procedure_templates.items(store, template.code, variant))
    every = {part: tuple(map(_worded, of_it)) for part, of_it in asked.items()}
    return _slip(store, template.name, procedure_templates.variant_name(store, variant), every, at)


def _worded(item: Item) -> Words:
    """Return an item as the list says it: also that it may be left out."""
    return item.words if item.required else Words(f"{item.words.zh}（如需要）", f"{item.words.en} (if needed)")


def _slip(
    store: Store, name: Words, variant: Words, parts: dict[str, tuple[Words, ...]], at: datetime, *, no: str = ""
) -> papers.MaterialsSlip:
    centre = site(store)
    return papers.MaterialsSlip(
        **spooling.heading(centre, at),
        no=no,
        procedure=name,
        variant=variant,
        documents=parts.get("documents", ()),
        forms=parts.get("forms", ()),
        fees=parts.get("fees", ()),
        desk_phone=centre.phone,
    )


def rebuild(store: Store, case: Case, kind: str, part: str) -> papers.Paper:
    """Return the slip as it stands now. Refuses `nothing_missing` where nothing is to be brought any more."""
    slip = missing_slip(store, case, events.last_at(store) or clock.from_text(case.received_at))
    if not (slip.documents or slip.forms or slip.fees):
        raise Refused("nothing_missing")
    return slip
