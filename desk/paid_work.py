"""Who bears a repair, what it costs and what was paid, at the desk: the parts of a repair's page and their forms."""

import secrets
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import forms, lists
from desk.session import actor
from reception import charges, liability, price_lines, price_list, quotations, repair_facts
from reception.cases import Case, find
from reception.permissions import may, permit
from reception.price_lines import Wanted
from reception.refusal import Refused
from reception.rules import money
from web.app import now, store
from web.languages import current_site
from web.refusals import sentence

views = Blueprint("paid_work", __name__)

ROW = ("item", "quantity", "price", "name", "unit", "kind", "owner_material")


def facts(case: Case) -> dict[str, Any]:
    """Return what `_liability.html`, `_quotation.html` and `_charges.html` need of a repair, beside `case`."""
    return {"bearing": _bearing(case), "quotes": _quotes(case), "account": _account(case)}


def _bearing(case: Case, *, part: str | None = None, exclusion: str = "", reason: str = "") -> dict[str, Any]:
    decided = liability.decisions(store(), case.id)
    last = decided[0] if decided else None
    chosen = part if part is not None else (last.part if last and last.part else "")
    asked = part is not None
    proposal = liability.proposal(store(), case, part=chosen, exclusion=exclusion)
    category = liability.category(store(), case)
    every = liability.parts(store(), with_part=chosen)
    return {
        "now": repair_facts.liability(store(), case.id),
        "words": repair_facts.LIABILITIES,
        "choices": liability.choices(store(), case),
        "why": liability.WHY[proposal.why],
        "clock_words": liability.CLOCKS,
        "exclusions": liability.EXCLUSIONS,
        "proposal": proposal,
        "decisions": decided,
        "part": chosen,
        "part_names": {one.code: one.name for one in every},
        "near": [one for one in every if one.category == category],
        "far": [one for one in every if one.category != category],
        "exclusion": exclusion,
        "reason": reason,
        "asked": asked,
        # A new look at the dates proposes anew; without one the form shows what was decided.
        "chosen": proposal.liability if asked or last is None else last.liability,
        "may": may(actor(), "decide_liability") and case.state not in quotations.OVER,
        "as_proposed": liability.AS_PROPOSED,
    }


def _quotes(case: Case) -> dict[str, Any]:
    every, latest = quotations.of_case(store(), case.id), quotations.latest(store(), case.id)
    bearing, charged = repair_facts.liability(store(), case.id), quotations.is_charged(store(), case.id)
    open_still = case.state not in quotations.OVER and not charged
    return {
        "latest": latest,
        "others": [one for one in every if latest is None or one.id != latest.id],
        # What holds until he answers.
        "kept": quotations.agreed(store(), case.id) if latest and latest.state == "quoted" else None,
        "states": quotations.STATES,
        "how": quotations.HOW,
        "heard": quotations.HEARD,
        "quantity": money.format_quantity,
        "may_quote": bearing == "paid" and open_still and may(actor(), "quote"),
        "may_answer": bearing in {"paid", "undetermined"} and open_still and may(actor(), "answer_quotation"),
    }


def _account(case: Case) -> dict[str, Any]:
    agreed = quotations.agreed(store(), case.id)
    account = charges.of_case(store(), case.id)
    payable = repair_facts.liability(store(), case.id) == "paid" and agreed is not None
    due, waits = charges.due_fen(store(), case.id), not account.charged and quotations.is_asked(store(), case.id)
    return {
        "account": account,
        "withdrawn": charges.withdrawn(store(), case.id),
        "waits": waits,
        "agreed": agreed,
        "due_fen": due,
        "methods": charges.METHODS,
        "nonce": secrets.token_urlsafe(16),
        "may_charge": payable and not account.charged and not waits and may(actor(), "charge"),
        "may_pay": due > 0 and not waits and case.state not in charges.NEVER_DONE and may(actor(), "take_payment"),
        "may_withdraw": account.charged
        and not account.held_fen
        and (case.closed_at is None or account.due_fen > 0)
        and may(actor(), "withdraw_charge"),
        # Another price is quoted only before the work is accepted, or the case is over.
        "may_requote": case.state not in quotations.OVER,
        "may_refund": account.held_fen > 0 and may(actor(), "refund"),
    }


@views.post("/repairs/<no>/liability/proposal")
def propose(no: str) -> ResponseReturnValue:
    """Answer what the dates propose for another part, or with another cause, as a fragment; nothing is kept.

    By POST: the reason that somebody has begun to type must not stand in an address.
    """
    permit(actor(), "decide_liability")
    case = find(store(), no, by=actor())
    bearing = _bearing(case, **forms.fields("part", "exclusion", "reason"))
    return render_template("_liability.html", case=case, bearing=bearing)


@views.post("/repairs/<no>/liability")
def decide(no: str) -> ResponseReturnValue:
    """Decide who bears the repair."""
    liability.decide(store(), no=no, **forms.fields("liability", "part", "reason", "exclusion"), by=actor(), now=now())
    return forms.lead_to(f"/cases/{no}")


@views.get("/repairs/<no>/quotation")
def quotation(no: str) -> ResponseReturnValue:
    """Show the page on which a price is made up, from the version before where there is one."""
    permit(actor(), "quote")
    case = quotations.case_of(store(), no, by=actor())
    before = quotations.latest(store(), case.id)
    return render_template("quotation.html", **_draft(case, price_lines.again(before.lines if before else ())))


@views.post("/repairs/<no>/quotation/draft")
def draft(no: str) -> ResponseReturnValue:
    """Answer the lines so far with their sums, after one was added, changed or taken away. Nothing is kept."""
    permit(actor(), "quote")
    case = quotations.case_of(store(), no, by=actor())
    lines = _typed()
    if request.form.get("add"):
        lines.append(Wanted(item=request.form["add"]))
    if request.form.get("add_free") in price_lines.LINE_KINDS:
        lines.append(Wanted(kind=request.form["add_free"]))
    gone = request.form.get("without", "")
    if gone.isascii() and gone.isdigit() and int(gone[:4]) < len(lines):
        del lines[int(gone[:4])]
    htmx = request.headers.get("HX-Request") == "true"
    return render_template("_quotation_draft.html" if htmx else "quotation.html", **_draft(case, lines))


@views.post("/repairs/<no>/quotation")
def quote(no: str) -> ResponseReturnValue:
    """Quote the price; with the second button the owner, who stands at the desk, has said yes."""
    make = quotations.make_agreed if request.form.get("agreed") == "face" else quotations.make
    make(store(), nonce=request.form.get("nonce", ""), no=no, lines=_typed(), by=actor(), now=now())
    return _back(no)


@views.post("/repairs/<no>/quotation/<int(max=999999999999999):quotation_id>/answer")
def answer(no: str, quotation_id: int) -> ResponseReturnValue:
    """Record what the owner said to this very version."""
    quotations.answer(
        store(),
        no=no,
        quotation_id=quotation_id,
        agree=request.form.get("agree") == "1",
        how=request.form.get("how", ""),
        by=actor(),
        now=now(),
    )
    return _back(no)


@views.post("/repairs/<no>/charge")
def charge(no: str) -> ResponseReturnValue:
    """Charge what was agreed."""
    charges.charge(store(), no=no, by=actor(), now=now())
    return forms.lead_to(f"/cases/{no}")


@views.post("/repairs/<no>/pay")
def pay(no: str) -> ResponseReturnValue:
    """Take money and print its receipt."""
    charges.pay(store(), no=no, amount_fen=_amount(), **forms.fields("nonce", "method"), by=actor(), now=now())
    return forms.lead_to(f"/cases/{no}")


@views.post("/repairs/<no>/refund")
def refund(no: str) -> ResponseReturnValue:
    """Give money back and print its receipt."""
    permit(actor(), "refund")
    fields = forms.fields("nonce", "method", "reason")
    charges.refund(store(), no=no, amount_fen=_amount(), **fields, by=actor(), now=now())
    return forms.lead_to(f"/cases/{no}")


@views.post("/repairs/<no>/withdraw-charge")
def withdraw(no: str) -> ResponseReturnValue:
    """Take back what was charged, once nothing of it is held."""
    charges.withdraw(store(), no=no, reason=request.form.get("reason", ""), by=actor(), now=now())
    return forms.lead_to(f"/cases/{no}")


@views.get("/prices")
def prices() -> ResponseReturnValue:
    """Show the published price list; the browser prints it for the wall."""
    return render_template(
        "prices.html",
        site=current_site(),
        prices=price_list.published(store(), list(repair_facts.CATEGORIES), by=actor()),
        categories=repair_facts.CATEGORIES,
    )


@views.post("/prices/export")
def export_prices() -> ResponseReturnValue:
    """Answer the published price list as a spreadsheet."""
    listed = price_list.published(store(), list(repair_facts.CATEGORIES), by=actor())
    rows = price_list.rows(listed, repair_facts.CATEGORIES)
    return lists.workbook("prices", _("Price list"), price_list.columns(), rows)


def _amount() -> int:
    permit(actor(), "take_payment")
    return price_list.parse_yuan(request.form.get("amount", ""))


def _back(no: str) -> ResponseReturnValue:
    return forms.lead_to(f"/cases/{no}" if may(actor(), "see_cases") else f"/repairs/{no}/quotation")


def _typed() -> list[Wanted]:
    """Return the lines of the form: each has all its fields, so that they stand in step."""
    columns = [request.form.getlist(name) for name in ROW]
    rows = zip(*(column + [""] * (len(columns[0]) - len(column)) for column in columns), strict=False)
    return [
        Wanted(item, quantity, price, name, unit, kind, owner_material == "1")
        for item, quantity, price, name, unit, kind, owner_material in rows
    ][: price_lines.MOST_LINES + 1]


def _draft(case: Case, lines: list[Wanted]) -> dict[str, Any]:
    rows, total = [], 0
    for wanted in lines:
        row: dict[str, Any] = {"wanted": wanted, "item": None, "trouble": "", "amount": None}
        try:
            row["item"] = price_list.find(store(), wanted.item) if wanted.item else None
            row["amount"] = sum(line.amount_fen for line in price_lines.reckon(store(), [wanted]))
            total += row["amount"]
        except Refused as refused:
            row["trouble"] = sentence(refused.code)
        rows.append(row)
    category = liability.category(store(), case)
    return {
        "site": current_site(),
        "case": case,
        "rows": rows,
        "total": total,
        "prices": price_list.by_category(
            store(), list(repair_facts.CATEGORIES), first=category, find=request.form.get("find", "")
        ),
        "find": request.form.get("find", ""),
        "categories": repair_facts.CATEGORIES,
        "line_kinds": price_lines.LINE_KINDS,
        "open_category": category,
        "nonce": request.form.get("nonce") or secrets.token_urlsafe(16),
    }
