"""The quotation on the worker's phone: what it will cost, said on the spot, and the owner's answer to his face."""

from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from desk import work_door
from reception import price_lines, price_list, quotations, repair_facts, worker_orders
from reception.permissions import may
from reception.price_lines import Wanted
from reception.refusal import Refused
from reception.rules import money, numbers
from reception.worker_orders import Sheet
from web.app import now, store

views = Blueprint("worker_quote", __name__)

# Lines to begin with; the page adds more. Those of the list stand in step, and so do those that are not in it.
LISTED, FREE = 2, 1
WHILE = frozenset({"accepted", "on_site", "suspended"})


def facts(sheet: Sheet) -> dict[str, Any]:
    """Return what the page of an order needs to quote, and to record what the owner says to it."""
    price, card = sheet.price, sheet.card
    here = card.case.whole and card.case.state in WHILE and not price.charged
    able = here and price.liability == "paid" and may(work_door.actor(), "quote")
    return {
        "able": able,
        "answerable": here and price.state == "quoted" and may(work_door.actor(), "answer_quotation"),
        "prices": price_list.by_category(store(), first=card.repair.category) if able else {},
        "categories": repair_facts.CATEGORIES,
        "kinds": price_lines.LINE_KINDS,
        "listed": LISTED,
        "free": FREE,
        "quantity": money.format_quantity,
    }


@views.post("/work/o/<order_no>/quote")
def make(order_no: str) -> ResponseReturnValue:
    """Quote a price; the owner answers to what then stands on the page."""
    order = worker_orders.own(store(), order_no, by=work_door.actor())
    quotations.make(
        store(),
        nonce=request.form.get("nonce", ""),
        no=order.case_no,
        lines=_typed(),
        by=work_door.actor(),
        now=now(),
    )
    return redirect(f"/work/o/{order.no}", 303)


@views.post("/work/o/<order_no>/answer")
def answer(order_no: str) -> ResponseReturnValue:
    """Record the owner's yes or no, said to the worker's face, to the very version that stood on the page."""
    order = worker_orders.own(store(), order_no, by=work_door.actor())
    version = numbers.whole(request.form.get("quotation", ""))
    if version is None:
        raise Refused("quotation_unknown")
    quotations.answer(
        store(),
        no=order.case_no,
        quotation_id=version,
        agree=request.form.get("agree") == "1",
        how="face",
        by=work_door.actor(),
        now=now(),
    )
    return redirect(f"/work/o/{order.no}", 303)


def _typed() -> list[Wanted]:
    """Return the lines that were filled in: of the price list, and free ones."""
    listed = zip(*(request.form.getlist(name) for name in ("item", "item_quantity", "item_price")), strict=False)
    free = zip(*(request.form.getlist(name) for name in ("kind", "name", "unit", "quantity", "price")), strict=False)
    return [Wanted(item=item, quantity=quantity or "1", price=price) for item, quantity, price in listed if item] + [
        Wanted(kind=kind, name=name, unit=unit, quantity=quantity or "1", price=price)
        for kind, name, unit, quantity, price in free
        if name.strip() or price.strip()
    ]
