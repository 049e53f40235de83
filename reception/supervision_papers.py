"""督办单: what was decided, for whoever does it; from the records, also again."""

from datetime import datetime

from db import paper_care
from db.store import Store
from reception import local_texts, papers, spooling
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.supervision_records import Supervision, by_id


def ref(one: Supervision) -> str:
    """Return under which reference its papers stand in the spool: with its case where it has one, and so with its
    seal."""
    return f"case:{one.case_id}" if one.case_id is not None else f"supervision:{one.id}"


def enqueue(store: Store, one: Supervision, *, at: datetime) -> None:
    """Queue the slip inside an act: to the printer behind the desk; what is sealed to no other, and else to none.

    Asked for again it is marked as a copy (补打 n), and what waited of it is void. Refuses `paper_on_its_way`.
    """
    last = paper_care.newest(store, ref(one), papers.SupervisionSlip.KIND, one.no)
    if last is not None and last.on_its_way:
        raise Refused("paper_on_its_way")
    if last is not None:
        (paper_care.void if last.state == "queued" else paper_care.look)(store, last.id, clock.to_text(at))
    centre = site(store)
    printer = spooling.staff_printer(store, papers.SupervisionSlip.KIND, centre)
    sealed = _sealed(store, one)
    if sealed and printer is None:
        return
    spooling.enqueue(
        store,
        centre,
        slip(store, one),
        ref=ref(one),
        part=one.no,
        copy_no=0 if last is None else last.copy_no + 1,
        at=at,
        printer=printer,
        pinned=sealed,
    )


def _sealed(store: Store, one: Supervision) -> bool:
    return one.case_id is not None and bool(store.value("SELECT sealed FROM cases WHERE id = ?", [one.case_id]))


def kept_to(store: Store, no: str) -> str | None:
    """Return the one printer that a slip may come out of, by the number of the supervision; None where any will do.

    Refuses `staff_printer_missing`: of what is sealed nothing comes out where visitors stand.
    """
    supervision_id = store.value("SELECT id FROM supervisions WHERE no = ?", [no])
    if not _sealed(store, by_id(store, supervision_id)):
        return None
    printer = spooling.staff_printer(store, papers.SupervisionSlip.KIND, site(store))
    if printer is None:
        raise Refused("staff_printer_missing")
    return printer


def is_over(store: Store, no: str) -> bool:
    """Tell whether what a slip asks for is done or taken back."""
    return bool(store.value("SELECT state IN ('done', 'closed', 'withdrawn') FROM supervisions WHERE no = ?", [no]))


def rebuild(store: Store, no: str) -> papers.SupervisionSlip:
    """Return the facts of the slip anew, by the number of the supervision. Refuses `not_reprintable`: it is over."""
    row = store.row("SELECT id FROM supervisions WHERE no = ? AND state IN ('open', 'reminded', 'overdue')", [no])
    if row is None:
        raise Refused("not_reprintable")
    return slip(store, by_id(store, row["id"]))


def slip(store: Store, one: Supervision) -> papers.SupervisionSlip:
    """Return the facts of the slip: nothing of the person of the case stands on it."""
    centre = site(store)
    time = local_texts.writer(centre)
    return papers.SupervisionSlip(
        **spooling.heading(centre, clock.from_text(one.opened_at)),
        no=one.no,
        case_no=one.case_no or "",
        matter=one.matter,
        opinion=one.opinion,
        department=one.department_name,
        charge=one.charge_name,
        decided_by=one.decided_name,
        decided_at=time(one.opened_at),
        due_at=time(one.due_at),
        moved=one.moved,
    )
