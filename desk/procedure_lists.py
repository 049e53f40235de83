"""The register of procedures, and what each asks for: looked up for a caller, printed for whoever goes home for it."""

import secrets

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import forms, lists
from desk.session import actor
from reception import procedure_register, procedure_templates, procedures
from reception.permissions import permit
from web.app import now, store
from web.languages import current_site

views = Blueprint("procedure_lists", __name__)


@views.get("/procedures")
def page() -> ResponseReturnValue:
    """Show the register."""
    template, show = request.args.get("template", ""), request.args.get("show", "") or procedure_register.OPEN
    return render_template(
        "procedures.html",
        template=template,
        show=show,
        shown=procedure_register.SHOWN,
        offered=procedure_templates.offered(store()),
        found=procedure_register.listed(store(), template=template, show=show, by=actor()),
        **lists.shared(),
    )


@views.post("/procedures/export")
def export() -> ResponseReturnValue:
    """Answer what the screen shows as a spreadsheet."""
    filters = forms.fields("template", "show")
    rows = procedure_register.rows(store(), procedure_register.listed(store(), **filters, by=actor()))
    return lists.workbook(
        "procedures", _("Register of procedures"), procedure_register.columns(), rows, filters=filters
    )


@views.get("/procedures/bring")
def bring() -> ResponseReturnValue:
    """Show what a matter asks for, for whom; on A4 too."""
    permit(actor(), "print_materials")
    offered = procedure_templates.listed(store())
    matter = offered.get(request.args.get("template", "")) or next(iter(offered.values()), None)
    variants = procedure_templates.variants(store(), matter.code) if matter else {}
    variant = request.args.get("variant", "")
    variant = variant if variant in variants else next(iter(variants), "")
    asked = procedure_templates.asked(procedure_templates.items(store(), matter.code, variant)) if matter else {}
    return render_template(
        "procedure_bring.html",
        site=current_site(),
        offered=offered,
        matter=matter,
        variants=variants,
        variant=variant,
        asked=asked,
        nonce=secrets.token_urlsafe(16),
    )


@views.post("/procedures/bring")
def print_bring() -> ResponseReturnValue:
    """Print the list on the desk's printer."""
    form = forms.fields("nonce", "template", "variant")
    procedures.print_list(store(), **form, desk=True, by=actor(), now=now())
    return forms.lead_to(f"/procedures/bring?template={form['template']}&variant={form['variant']}&printed=1")
