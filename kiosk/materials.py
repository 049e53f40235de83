"""办什么事要带什么 (所需材料, SYS-35, SYS-38) at the kiosk: for anybody, so that nobody comes twice."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kiosk.screen import new_nonce
from reception import procedure_templates, procedures, spooling
from reception.permissions import KIOSK
from web.app import now, store
from web.languages import current_site

views = Blueprint("materials", __name__)


@views.get("/bring")
def choose() -> ResponseReturnValue:
    """Show the matters to choose from."""
    offered = procedure_templates.listed(store(), public=True)
    return render_template("bring.html", site=current_site(), offered=offered)


@views.get("/bring/<template>")
def show(template: str) -> ResponseReturnValue:
    """Show what a matter asks for, of whom."""
    matter = procedure_templates.to_bring(store(), template, public=True)
    known = procedure_templates.variants(store(), template)
    asked_for = request.args.get("variant", "")
    variant = asked_for if asked_for in known else next(iter(known), "")
    printer = spooling.ticket_printer(store(), current_site())
    return render_template(
        "bring_list.html",
        site=current_site(),
        matter=matter,
        variants=known,
        variant=variant,
        asked=procedure_templates.asked(procedure_templates.items(store(), template, variant)),
        nonce=new_nonce(),
        prints=printer is not None and not printer.in_trouble,
        printed=request.args.get("printed") == "1",
    )


@views.post("/bring/<template>")
def print_it(template: str) -> ResponseReturnValue:
    """Print the list, and say that it comes."""
    variant = request.form.get("variant", "")
    nonce = request.form.get("nonce", "")
    procedures.print_list(store(), nonce=nonce, template=template, variant=variant, by=KIOSK, now=now())
    return redirect(f"/bring/{template}?printed=1&variant={variant}", 303)
