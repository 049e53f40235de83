"""保修判定: who bears a repair. The dates propose, an officer decides and says why (domain.md RUL-09, RUL-37, J3)."""

from dataclasses import dataclass
from datetime import date, datetime
from sqlite3 import Row
from typing import Any

from db.store import Store, writing
from reception import cases, charges, events, papers, price_lines, quotations, repair_facts
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.repair_facts import LIABILITIES, OF_SHARED_AREAS
from reception.rules import clock, money, warranty
from reception.rules.warranty import Dates, Proposal, Season, Term
from reception.site import Site, site
from reception.wording import Words

EXCLUSIONS = {
    "misuse": Words("人为损坏、使用不当", "Misuse"),
    "third_party": Words("第三方造成", "A third party"),
    "force_majeure": Words("不可抗力（台风、地震等）", "Force majeure"),
    "service": Words("上门服务，非质量问题", "A service, no defect"),
}
WHY = {
    "common_area": Words("公共区域、共用设施，不向业主收费", "A common area: no owner is charged"),
    "misuse": Words("人为损坏、使用不当，不在保修范围", "Misuse is not covered"),
    "third_party": Words("第三方造成，不在保修范围", "Damage by a third party is not covered"),
    "service": Words("上门服务，非质量问题", "A service, no defect"),
    "force_majeure": Words(
        "不可抗力不在保修范围，由谁承担须另行确定（保险、维修资金等）",
        "Force majeure is not covered; who bears it (insurance, maintenance fund) is to be found out",
    ),
    "in_warranty": Words("在保修期内", "Within the warranty"),
    "ended": Words("各项保修期均已届满", "Every term has ended"),
    "dates_missing": Words("缺少日期，不能判定", "Dates are missing"),
    "part_missing": Words("请先选择部位", "Choose the part first"),
}
CLOCKS = {
    "completion": Words("竣工验收", "Completion"),
    "handover": Words("交付", "Hand-over"),
    "contract": Words("合同约定", "Contract"),
}
AS_PROPOSED = "as_proposed"
REASON_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the home with its terms, as the centre keeps them."""

    code: str
    name: Words
    category: str
    term: Term


@dataclass(frozen=True, slots=True)
class Decision:
    """What an officer decided. `reason` is `AS_PROPOSED` where he followed the proposal without a word of his own."""

    liability: str
    proposed: str
    part: str | None
    ends_on: str | None
    exclusion: str
    reason: str
    at: str
    by_name: str


def parts(store: Store, *, with_part: str = "") -> list[Part]:
    """Return the parts in use, in their order; also the one named, if it is no longer."""
    rows = store.rows("SELECT * FROM warranty_rules WHERE active = 1 OR code = ? ORDER BY position, code", [with_part])
    return [_part(row) for row in rows]


def _part(row: Row) -> Part:
    terms = ("completion_months", "handover_months", "completion_seasons", "handover_seasons")
    return Part(row["code"], Words(row["name"], row["name_en"]), row["category"], Term(*(row[key] for key in terms)))


def season(centre: Site) -> Season:
    """Return the local heating season as the centre set it."""
    return Season(warranty.parse_month_day(centre.heating_from), warranty.parse_month_day(centre.heating_until))


def dates(store: Store, case: Case) -> Dates:
    """Return the dates of the case's home; all unknown without one."""
    row = None
    if case.unit is not None:
        row = store.row("SELECT completion_on, handover_on, contract_end_on FROM units WHERE id = ?", [case.unit.id])
    return Dates(*(None if text is None else date.fromisoformat(text) for text in row or (None, None, None)))


def proposal(store: Store, case: Case, *, part: str | None = None, exclusion: str = "") -> Proposal:
    """Return what the home's dates say of this repair, for its part (or the one given) and what is excluded.

    Counted on the day it was reported: a late decision costs the owner nothing. Refuses `part_unknown`,
    `exclusion_unknown`.
    """
    repair, centre = _repair(store, case), site(store)
    chosen = _find_part(store, repair["part"] or "" if part is None else part)
    try:
        return warranty.propose(
            chosen.term if chosen else None,
            dates(store, case),
            on=clock.local_day(clock.from_text(case.received_at), centre.zone),
            season=season(centre),
            common=repair["category"] in OF_SHARED_AREAS or warranty.is_common_place(repair["place"]),
            exclusion=exclusion,
        )
    except ValueError as error:
        raise Refused(str(error)) from None


def _find_part(store: Store, code: str) -> Part | None:
    if not code:
        return None
    row = store.row("SELECT * FROM warranty_rules WHERE code = ?", [code])
    if row is None:
        raise Refused("part_unknown")
    return _part(row)


def _repair(store: Store, case: Case) -> Row:
    row = store.row("SELECT category, place, part, bears FROM repairs WHERE case_id = ?", [case.id])
    if row is None:
        raise Refused("case_unknown")
    return row


def category(store: Store, case: Case) -> str:
    """Return the category of the repair."""
    found: str = _repair(store, case)["category"]
    return found


def decide(
    store: Store,
    *,
    no: str,
    liability: str,
    part: str,
    reason: str,
    exclusion: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """Decide who bears a repair, with the part of the home and, where it is so, why the warranty leaves it out.

    A reason is asked where the decision is not what the dates propose, and for every exclusion. What was quoted and
    is free now is withdrawn, and so is what was charged. Refuses `case_unknown`, `liability_unknown`, `part_unknown`,
    `exclusion_unknown`, `reason_missing`, what `barred` says, `money_held`, and what texts refuse.
    """
    permit(by, "decide_liability")
    cases.choice(liability, LIABILITIES, code="liability_unknown")
    if exclusion:
        cases.choice(exclusion, EXCLUSIONS, code="exclusion_unknown")
    typed = cases.text(reason, required=False, limit=REASON_LIMIT)
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        was = _repair(store, case)
        found = proposal(store, case, part=part, exclusion=exclusion)
        if not typed and (found.liability != liability or exclusion):
            raise Refused("reason_missing")
        code = barred(store, case, liability)
        if code:
            raise Refused(code)
        at = events.moment(store, now)
        if was["bears"] == "paid" and liability != "paid":
            charges.let_go(store, case, typed or WHY[found.why].zh, by=by, at=at)
        waived = liability == "waived"
        store.execute(
            "INSERT INTO liability_decisions (case_id, liability, proposed, part, ends_on, exclusion, reason, at,"
            " by_id, waived) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                case.id,
                "paid" if waived else liability,
                found.liability,
                part or None,
                found.ends_on.isoformat() if found.ends_on else None,
                exclusion,
                typed or AS_PROPOSED,
                clock.to_text(at),
                by.id,
                waived,
            ],
        )
        store.execute(
            "UPDATE repairs SET part = ?, liability = ?, waived = ? WHERE case_id = ?",
            [part or None, "paid" if waived else liability, waived, case.id],
        )
        events.record(
            store,
            "decide_liability",
            "case",
            case.id,
            by=by,
            at=at,
            liability=liability,
            was=was["bears"],
            proposed=found.liability,
            part=part,
            exclusion=exclusion,
        )
        if liability in {"warranty", "common", "waived"}:
            quotations.withdraw(store, case.id, by=by, at=at)
        store.touch("cases")
        return cases.whole(store, case.id)


def barred(store: Store, case: Case, liability: str) -> str | None:
    """Return the code of what keeps a repair from being decided so, as it stands now (domain.md K3, 8), or None.

    `case_over` (it was signed), `inspection_defect_not_paid` (the developer bears it), `common_not_paid`,
    `work_began_free` (no price was agreed before the work began: it can only be waived),
    `waiver_not_needed` (a price can still be asked, or was agreed).
    """
    was = _repair(store, case)
    if case.state in quotations.OVER or case.closed_at is not None:
        return "case_over"
    if liability != "warranty" and repair_facts.is_defect(store, case.id):
        return "inspection_defect_not_paid"
    if liability not in {"paid", "waived"} or liability == was["bears"]:
        return None
    if was["category"] in OF_SHARED_AREAS:
        return "common_not_paid"
    began = store.value("SELECT 1 FROM work_orders WHERE case_id = ? AND started_at IS NOT NULL", [case.id])
    too_late = began is not None and quotations.agreed(store, case.id) is None
    if liability == "paid":
        return "work_began_free" if too_late else None
    return None if too_late else "waiver_not_needed"


def choices(store: Store, case: Case) -> dict[str, Words]:
    """Return how a repair may be decided as it stands now."""
    return {code: words for code, words in LIABILITIES.items() if barred(store, case, code) is None}


def decisions(store: Store, case_id: int) -> list[Decision]:
    """Return every decision on a repair, the newest first."""
    rows = store.rows(
        "SELECT iif(waived, 'waived', liability), proposed, part, ends_on, exclusion, reason, at, staff.name AS by_name"
        " FROM liability_decisions JOIN staff ON staff.id = by_id WHERE case_id = ?"
        " ORDER BY liability_decisions.id DESC",
        [case_id],
    )
    return [Decision(*row) for row in rows]


def order_facts(store: Store, case: Case) -> dict[str, Any]:
    """Return what a work order says of who bears it (FRM-03, FRM-04): fields of `papers.WorkOrder`.

    Paid work carries the price where one was quoted, and how the owner agreed; until he did, the paper has a box for
    his signature. While another price waits for his answer, the one that he agreed to is what holds.
    """
    liability = repair_facts.liability(store, case.id)
    facts: dict[str, Any] = {"liability": LIABILITIES[liability], "paid": liability == "paid"}
    quoted = quotations.agreed(store, case.id) or quotations.latest(store, case.id) if facts["paid"] else None
    if quoted is None or quoted.state == "declined":
        return facts
    return facts | {
        "price_lines": price_lines.on_paper(quoted.lines),
        "price_total": money.format_yuan(quoted.total_fen),
        "consent": quotations.consent(quoted) if quoted.state == "agreed" else papers.NOTHING,
    }
