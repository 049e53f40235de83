"""《房屋质量验收登记表》(FRM-13) on A4: what was looked at, meters, defects with their work orders."""

from dataclasses import dataclass

from db.store import Store
from reception import case_form, inspection_facts, procedure_templates
from reception.case_form import BLANK, Head, Told
from reception.cases import Case
from reception.inspection_facts import Defect, Reading
from reception.rules import meters
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Line:
    """A line of what is looked at: `state` open, done or waived; `note` what was said of it."""

    words: Words
    state: str = "open"
    note: str = ""
    by_name: str = ""


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter: `reading` None until it was read."""

    words: Words
    unit: str
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class InspectionForm:
    """The form of an inspection. Without values it is the blank one; times are UTC texts."""

    head: Head = BLANK
    developer: str = ""
    agreed_at: str = ""
    inspected_at: str = ""
    inspector: str = ""
    signed_at: str = ""
    signed_by: str = ""
    remark: str = ""
    lines: tuple[Line, ...] = ()
    meters: tuple[Meter, ...] = ()
    defects: tuple[Defect, ...] = ()
    told: tuple[Told, ...] = ()


def of(store: Store, case: Case) -> InspectionForm:
    """Return the form of an inspection, for whoever was found to read the case: masked as it is."""
    found = inspection_facts.details(store, case)
    return InspectionForm(
        head=case_form.head(store, case),
        developer=found.developer,
        agreed_at=found.agreed_at,
        inspected_at=found.inspected_at or "",
        inspector=found.inspector,
        signed_at=found.signed_at or "",
        signed_by=found.signed_by,
        remark=found.remark,
        lines=tuple(Line(one.words, one.state, one.note, one.by_name) for one in found.tasks),
        meters=_meters(found.meters),
        defects=tuple(found.defects),
        told=case_form.told(store, case),
    )


def blank(store: Store) -> InspectionForm:
    """Return the form with nothing in it, but for what the centre's list looks at."""
    template = next(iter(procedure_templates.offered(store, serves=inspection_facts.KIND)), "")
    lines = tuple(Line(one.words) for one in procedure_templates.items(store, template, None))
    return InspectionForm(lines=lines, meters=_meters({}))


def _meters(read: dict[str, Reading]) -> tuple[Meter, ...]:
    return tuple(Meter(words, meters.UNITS[kind], read.get(kind)) for kind, words in inspection_facts.METERS.items())
