"""What a pass for goods is (物品放行, SYS-34): of whom, what, for which day, how it ended; and its paper (FRM-14)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from db.paper_care import Entry
from db.store import Store
from reception import papers, spooling
from reception.cases import Case
from reception.refusal import Refused
from reception.rules import clock, numbers, said_times
from reception.rules.masking import mask_name, public_unit
from reception.site import site
from reception.wording import Words

KIND: Final = "release"
SERIES: Final = "FX"
NAME = Words("物品放行", "Goods release")
STATES = {
    "applied": Words("待批准", "To be approved"),
    "approved": Words("已批准，待打印", "Approved, to be printed"),
    "printed": Words("待门岗核对", "To be checked at the gate"),
    "released": Words("已放行，待交回", "Out, paper to come back"),
    "returned": Words("放行条已交回", "Paper is back"),
    "refused": Words("不予放行", "Refused"),
    "expired": Words("已过期", "Expired"),
}
RELATIONS = {
    "owner": Words("业主", "Owner"),
    "family": Words("业主家属", "Family of the owner"),
    "tenant": Words("租户", "Tenant"),
    "company": Words("商户、单位", "Shop or company"),
    "agent": Words("受托人", "Agent"),
}
DOCUMENTS = {
    "register": Words("身份证，与住户档案相符", "identity card, fits the register"),
    "deed": Words("房产证或购房合同", "deed or contract of sale"),
    "lease": Words("租赁合同", "lease"),
    "licence": Words("营业执照", "business licence"),
    "letter": Words("业主的委托书", "the owner's letter of authority"),
}
# By which documents it may be seen how somebody belongs to a home.
TIES: Final[dict[str, tuple[str, ...]]] = {
    "owner": ("register", "deed"),
    "family": ("register", "deed"),
    "tenant": ("lease", "register"),
    "company": ("licence", "lease", "register"),
    "agent": ("letter",),
}
AGREED = {
    "present": Words("业主本人在场", "the owner was here"),
    "letter": Words("业主书面同意", "in writing"),
    "call": Words("已打电话给业主核实", "by telephone, called by us"),
}
WHAT = {0: Words("搬出物品", "Things are taken out"), 1: Words("搬家", "Moving house")}
PARTS: Final = ("holder", "gate")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a pass. `went`: whether it left; None until the gate looked."""

    position: int
    item: str
    quantity: int
    unit: str
    went: bool | None

    @property
    def said(self) -> str:
        """The line as paper and screen write it: `纸箱 × 20箱`."""
        return f"{self.item} × {self.count}"

    @property
    def count(self) -> str:
        """How many, as it was typed: `20箱`."""
        return f"{self.quantity}{self.unit}"


@dataclass(frozen=True, slots=True)
class Pass:
    """The details of a pass. `guard` is who let the goods out at the gate, or who wrote it down from the paper;
    `out_at` and `guard` are empty until then."""

    token: str
    relation: str
    document: str
    moving: bool
    owner_agreed: str
    valid_on: date
    plate: str
    applied_by: int
    applier: str
    approved_at: str | None
    approver: str
    out_at: str | None
    out_how: str
    guard: str
    reason: str
    items: tuple[Item, ...]

    @property
    def tie(self) -> Words:
        """How the applicant belongs to the home."""
        return RELATIONS[self.relation]

    @property
    def seen(self) -> Words:
        """By which document that was seen."""
        return DOCUMENTS[self.document]

    @property
    def agreed(self) -> Words | None:
        """How the owner agreed, where he had to."""
        return AGREED.get(self.owner_agreed)

    @property
    def what(self) -> Words:
        """Whether somebody moves house."""
        return WHAT[self.moving]


_SELECT = (
    "SELECT release_passes.*, applier.name AS applier, coalesce(approver.name, '') AS approver,"
    " coalesce(guard.name, '') AS guard FROM release_passes JOIN staff AS applier ON applier.id = applied_by"
    " LEFT JOIN staff AS approver ON approver.id = approved_by LEFT JOIN staff AS guard ON guard.id = out_by"
)
_AS_KEPT = (
    *("token", "relation", "document", "owner_agreed", "plate", "applied_by", "applier", "approved_at", "approver"),
    *("out_at", "out_how", "guard", "reason"),
)


def details(store: Store, case: Case) -> Pass:
    """Return what the pass says."""
    row = store.row(f"{_SELECT} WHERE case_id = ?", [case.id])
    assert row is not None
    return Pass(
        **{name: row[name] for name in _AS_KEPT},
        moving=bool(row["moving"]),
        valid_on=date.fromisoformat(row["valid_on"]),
        items=items(store, case.id),
    )


def items(store: Store, case_id: int) -> tuple[Item, ...]:
    """Return the lines of a pass, in their order."""
    rows = store.rows(
        "SELECT position, item, quantity, unit, went FROM release_items WHERE case_id = ? ORDER BY position", [case_id]
    )
    return tuple(
        Item(
            row["position"],
            row["item"],
            row["quantity"],
            row["unit"],
            None if row["went"] is None else bool(row["went"]),
        )
        for row in rows
    )


def case_id_of(store: Store, token: str) -> int | None:
    """Return the id of the case of a pass's code; None when it is no code of a pass."""
    canonical = numbers.canonical_token(token)
    if canonical is None:
        return None
    found: int | None = store.value("SELECT case_id FROM release_passes WHERE token = ?", [canonical])
    return found


def brief(store: Store, case: Case) -> Words:
    """Return what a list says of a pass: its day, and what it is for."""
    found = details(store, case)
    zh, en = said_times.day(found.valid_on)
    return Words(f"{zh} {found.what.zh}", f"{en}, {found.what.en}")


def today(store: Store, at: datetime) -> date:
    """Return the day at the site: a pass is good on its own, to the end of it."""
    return clock.local_day(at, site(store).zone)


def slip(store: Store, case: Case, part: str, at: datetime) -> papers.ReleaseSlip:
    """Return the facts of a part of the pass, from the records: no telephone of anybody on either, the name masked."""
    centre, found, for_gate = site(store), details(store, case), part == "gate"
    return papers.ReleaseSlip(
        **spooling.coded(centre, found.token, at),
        no=case.no,
        for_gate=for_gate,
        day=Words(*said_times.day(found.valid_on)),
        # The gate sees from which home they come; the applicant carries his part through the street.
        unit=case.unit.label if case.unit and for_gate else public_unit(case.unit.building) if case.unit else "",
        name=mask_name(case.name),
        relation=found.tie,
        what=found.what,
        plate=found.plate,
        items=tuple(one.said for one in found.items),
        approved_by=found.approver,
        desk_phone=centre.phone,
    )


def old(case: Case, found: Iterable[Entry]) -> dict[int, str]:
    """Return those parts of a pass, by id, that are good for nothing any more, as `outdated`: none is printed again."""
    over = case.kind == KIND and case.state != "printed"
    return {entry.id: "outdated" for entry in found if over and entry.kind == papers.ReleaseSlip.KIND}


def rebuild(store: Store, case: Case, kind: str, part: str) -> papers.Paper:
    """Return the facts of a part of the pass anew. Refuses `paper_outdated` once it is good for nothing any more."""
    if case.state != "printed":
        raise Refused("paper_outdated")
    return slip(store, case, part, clock.from_text(case.changed_at))
