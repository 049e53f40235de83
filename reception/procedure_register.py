"""办理登记 (FRM-12, FRM-25): which home had what done when: moves in, renovations, leases, changes of owner."""

from dataclasses import dataclass
from typing import Final

from db.store import Store
from reception import cases, procedure_templates, seals
from reception.estate import Unit
from reception.permissions import Actor, permit
from reception.procedure_facts import STATES
from reception.refusal import Refused
from reception.rules import clock, local_times
from reception.rules.masking import mask_name
from reception.site import site
from reception.wording import Words

MOST: Final = 300
OPEN: Final = "open"
SHOWN: Final = {
    "open": Words("办理中", "Under way"),
    "done": Words("已办结", "Done"),
    "withdrawn": Words("已撤销", "Withdrawn"),
    "all": Words("全部", "All"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the register; the name is masked. `left` counts the required items that are open."""

    no: str
    state: str
    matter: Words
    variant: Words
    unit: Unit | None
    name: str
    from_on: str | None
    until_on: str | None
    received_at: str
    closed_at: str | None
    owner_name: str
    left: int

    @property
    def state_words(self) -> Words:
        """How it stands."""
        return STATES[self.state]


def listed(store: Store, *, template: str = "", show: str = "", by: Actor) -> list[Entry]:
    """Return the procedures of a matter ('': of all) within the reader's reach, the last first, at most MOST.

    `show` '' : those under way. Refuses `choice_unknown`, `procedure_unknown`.
    """
    permit(by, "see_procedures")
    show = show or OPEN
    if show not in SHOWN:
        raise Refused("choice_unknown")
    if template:
        procedure_templates.find(store, template)
    rows = store.rows(
        "SELECT cases.no, cases.state, name, cases.unit_id, building, units.unit, room, from_on, until_on,"  # noqa: S608
        " received_at, closed_at, template, variant, (SELECT staff.name FROM staff WHERE id = owner_id) AS owner_name,"
        " (SELECT count(*) FROM case_items WHERE case_id = cases.id AND required = 1 AND case_items.state = 'open')"
        " AS items_left FROM procedures JOIN cases ON cases.id = procedures.case_id"
        " LEFT JOIN units ON units.id = cases.unit_id"
        " WHERE (:template = '' OR template = :template) AND (:show = 'all' OR cases.state = :show)"
        f" AND (:own IS NULL OR cases.department = :own) AND {seals.open_to(by)}"
        " ORDER BY procedures.case_id DESC LIMIT :most",
        {
            "template": template,
            "show": show,
            "own": by.department if by.role in cases.OF_OWN_DEPARTMENT else None,
            "most": MOST,
        },
    )
    return [
        Entry(
            row["no"],
            row["state"],
            procedure_templates.find(store, row["template"]).name,
            procedure_templates.variant_name(store, row["variant"]),
            Unit(row["unit_id"], row["building"], row["unit"], row["room"]) if row["unit_id"] else None,
            mask_name(row["name"]),
            *(row[name] for name in ("from_on", "until_on", "received_at", "closed_at", "owner_name", "items_left")),
        )
        for row in rows
    ]


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the register as a table. Rows are what `rows` gives."""
    return [
        ("no", Words("编号", "No.")),
        ("matter", Words("办理事项", "Procedure")),
        ("variant", Words("办理人", "Who came")),
        ("unit", Words("房号", "Home")),
        ("name", Words("姓名", "Name")),
        ("from_on", Words("从", "From")),
        ("until_on", Words("到", "Until")),
        ("state", Words("状态", "State")),
        ("received_at", Words("开办", "Begun")),
        ("closed_at", Words("结束", "Ended")),
        ("owner", Words("经办人", "Handled by")),
    ]


def rows(store: Store, found: list[Entry]) -> list[dict[str, str | Words]]:
    """Return the register as rows of a table; times of the site."""
    zone = site(store).zone

    def said(at: str | None) -> str:
        return local_times.written(clock.from_text(at), zone=zone) if at else ""

    return [
        {
            "no": one.no,
            "matter": one.matter,
            "variant": one.variant,
            "unit": one.unit.label if one.unit else "",
            "name": one.name,
            "from_on": one.from_on or "",
            "until_on": one.until_on or "",
            "state": one.state_words,
            "received_at": said(one.received_at),
            "closed_at": said(one.closed_at),
            "owner": one.owner_name,
        }
        for one in found
    ]
