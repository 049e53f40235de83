"""Documents: what each paper looks like, from its typed facts to bytes. Chinese first, English beside or beneath."""

from collections.abc import Callable
from typing import Any

from printing.documents import (
    box,
    day,
    decisions,
    emergencies,
    faults,
    fees,
    incidents,
    inquiries,
    payments,
    procedures,
    receipts,
    releases,
    secrets,
    sessions,
    staff,
    supervisions,
    tickets,
    visits,
    work_orders,
)
from printing.layout import Profile, Sheet
from reception import papers

# Kinds that come with money in the hand: they open the drawer, where the money is cash.
OF_MONEY: frozenset[str] = frozenset({papers.PaymentReceipt.KIND})

# One line a paper. Any: each document takes its own type, and the key is that type's KIND.
DOCUMENTS: dict[str, Callable[[Sheet, Any], None]] = {
    papers.Ticket.KIND: tickets.ticket,
    papers.RepairReceipt.KIND: receipts.repair,
    papers.ResultSlip.KIND: receipts.result,
    papers.WorkOrder.KIND: work_orders.work_order,
    papers.PaymentReceipt.KIND: payments.receipt,
    papers.ComplaintReceipt.KIND: receipts.complaint,
    papers.PrivateReceipt.KIND: receipts.private,
    papers.VisitDaySlip.KIND: receipts.visit_day,
    papers.DecisionSlip.KIND: decisions.slip,
    papers.AppointmentSlip.KIND: visits.appointment,
    papers.HandoverSlip.KIND: visits.handover,
    papers.InquiryNote.KIND: inquiries.note,
    papers.MaterialsSlip.KIND: procedures.materials,
    papers.ReleaseSlip.KIND: releases.slip,
    papers.FeeNotice.KIND: fees.notice,
    papers.EmergencySlip.KIND: emergencies.slip,
    papers.FaultList.KIND: faults.homes_to_tell,
    papers.SelfTest.KIND: staff.self_test,
    papers.SetupSlip.KIND: staff.setup_slip,
    papers.RecoveryKey.KIND: secrets.recovery_key,
    papers.HandSlip.KIND: tickets.hand_slip,
    papers.SupervisionSlip.KIND: supervisions.slip,
    papers.ReceptionSlip.KIND: incidents.slip,
    papers.WorkLog.KIND: day.work_log,
    papers.EvacuationRoll.KIND: day.evacuation_roll,
    papers.DayAgenda.KIND: sessions.agenda,
    papers.PowerCutCard.KIND: box.power_cut_card,
}


def build(paper: papers.Paper, profile: Profile, *, job_id: int, copy_no: int = 0) -> bytes:
    """Return a paper as bytes. A reprint bears 补打 n / COPY n, and neither rings nor opens the drawer.

    Raises KeyError for a kind without a document.
    """
    return measured(paper, profile, job_id=job_id, copy_no=copy_no)[0]


def measured(paper: papers.Paper, profile: Profile, *, job_id: int, copy_no: int = 0) -> tuple[bytes, int]:
    """Return a paper as `build` does, and how long it is in millimetres."""
    sheet = Sheet(profile, english=paper.english)
    if copy_no:
        sheet.reversed_band(f"补打 {copy_no} / COPY {copy_no}" if paper.english else f"补打 {copy_no}")
    DOCUMENTS[paper.KIND](sheet, paper)
    sheet.text(f"{paper.at}  #{job_id}", align="center")
    if not copy_no:
        if _rings(paper):
            sheet.ring()
        if paper.KIND in OF_MONEY and getattr(paper, "cash", True):
            sheet.open_drawer()
    return sheet.finish(), sheet.length_mm


def scrap(profile: Profile) -> bytes:
    """Return what ends a paper that was left half printed: 以上作废, and a cut.

    Without it the next visitor would be handed his ticket with the beginning of somebody else's paper on top of it.
    """
    sheet = Sheet(profile)
    sheet.feed()
    sheet.reversed_band("以上作废 / VOID ABOVE")
    return sheet.finish()


def _rings(paper: papers.Paper) -> bool:
    """Whether somebody away from the printer must hear of this paper: an order, an emergency; a test tests all."""
    if isinstance(paper, papers.WorkOrder):
        return paper.for_worker
    return isinstance(paper, papers.EmergencySlip) or (isinstance(paper, papers.SelfTest) and paper.whole)
