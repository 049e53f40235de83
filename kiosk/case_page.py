"""The page of a case `/T/<TOKEN>`: how it stands, and the person's own word to price, work and service."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Answer

from kiosk.screen import at_kiosk, holder
from reception import (
    acceptance,
    booking_facts,
    booking_view,
    case_views,
    events,
    follow_ups,
    quotations,
    release_facts,
    session_view,
    supervision_view,
    work_orders,
)
from reception.kinds import KINDS, case_of_code
from reception.refusal import Refused
from reception.rules import money, numbers
from reception.wording import Words
from web import refusals
from web.app import now, store
from web.languages import current_site
from web.statuses import STATUS

views = Blueprint("case_page", __name__)

# What the touch screen asks the ten-key pad for, one thing a screen.
ASKS = {
    "agree": "answer_quote",
    "decline": "answer_quote",
    "sign": "sign",
    "withdraw": booking_view.WITHDRAW,
    "another": booking_view.CHANGE,
}
# What is answered by the end of the telephone; without a telephone in the case the desk takes the answer.
BY_TAIL = frozenset(ASKS.values())
# So many steps fit the touch screen; a phone scrolls.
KIOSK_STEPS = 6
IN_PRIVATE = Words("受理事项", "Your matter")


def page(token: str, refused: Refused | None = None) -> Answer:
    """Answer the page of the case that a code leads to. Refuses `code_unknown`."""
    facts = _facts(token)
    asked = request.args.get("do", "") or request.form.get("do", "")
    if at_kiosk() and ASKS.get(asked, "-") in facts["can"]:
        # Which time comes before the telephone that proves who chooses it.
        template = "case_slots.html" if asked == "another" and not facts["slot"] else "case_ask.html"
    else:
        template = "case_kiosk.html" if at_kiosk() else "case_progress.html"
    said = {"code": refused.code, "sentence": refusals.sentence(refused.code)} if refused else {"code": ""}
    return make_response(render_template(template, asked=asked, **said, **facts))


def fragment(token: str) -> str:
    """Return how the case stands alone: phones poll it, the touch screen fetches it when cases changed."""
    return render_template("_case_kiosk.html" if at_kiosk() else "_case.html", **_facts(token))


@views.post("/T/<token>/quote")
def quote(token: str) -> ResponseReturnValue:
    """Agree to the price that was shown, or decline it."""
    form = request.form
    return act_on(
        token,
        lambda: quotations.answer_by_token(
            store(),
            token=token,
            quotation_id=_whole(form.get("quotation", "")),
            total_fen=_whole(form.get("total", "")),
            agree=_yes_or_no(form.get("agree", "")),
            phone_tail=form.get("phone", ""),
            by=holder(),
            now=now(),
        ),
    )


@views.post("/T/<token>/sign")
def sign(token: str) -> ResponseReturnValue:
    """Accept the work."""
    form = request.form
    return act_on(
        token,
        lambda: acceptance.sign_by_token(
            store(),
            token=token,
            phone_tail=form.get("phone", ""),
            nonce=form.get("nonce", ""),
            by=holder(),
            now=now(),
        ),
    )


@views.post("/T/<token>/rate")
def rate(token: str) -> ResponseReturnValue:
    """Say how satisfied one is, from 1 to 5."""
    form = request.form
    return act_on(
        token,
        lambda: follow_ups.answer(
            store(),
            token=token,
            score=form.get("score", ""),
            comment=form.get("comment", ""),
            by=holder(),
            now=now(),
        ),
    )


def act_on(token: str, act: Callable[[], object]) -> ResponseReturnValue:
    """Do it and show the page anew; a refusal stands on the same page, with its own status."""
    try:
        act()
    except Refused as refused:
        if refused.code in {"code_unknown", "not_permitted"}:
            raise
        return page(token, refused), STATUS.get(refused.code, 422)
    return redirect(f"/T/{token}", 303)


def _whole(text: str) -> int:
    # Nothing that was ever quoted: the act then says that another price stands.
    return numbers.whole(text) or 0


def _yes_or_no(text: str) -> bool:
    if text not in {"0", "1"}:
        raise Refused("choice_unknown")
    return text == "1"


def _facts(token: str) -> dict[str, Any]:
    case = case_of_code(store(), token)
    at = events.moment(store(), now())
    view = case_views.progress(store(), case, now=at)
    # A worker's slip leads here too: he sees how it stands, and none of what the owner alone decides.
    own = numbers.canonical_token(token) == case.token
    can = view.can if view and own else frozenset()
    proven = can if view and view.by_phone else can - BY_TAIL
    return {
        "case": case,
        "kind": KINDS[case.kind],
        # Whoever finds the paper learns nothing from it.
        "name": IN_PRIVATE if case.sealed else KINDS[case.kind].name,
        "site": current_site(),
        "view": view,
        "visit_note": session_view.note(store(), case, now=now()),
        "zone": current_site().zone,
        "followed": supervision_view.of_case(store(), case.id, now=at),
        "steps": view.steps[-KIOSK_STEPS:] if view else (),
        "token": token.upper(),
        "for_worker": _for_worker(token),
        "can": proven,
        # He pressed, and it arrived; what he is dissatisfied with is opened again, and that is its own sentence.
        "rated": own and follow_ups.answerable(case) and follow_ups.own_answer(store(), case) is not None,
        "at_desk": proven != can,
        "scores": follow_ups.SCORES,
        "quantity": money.format_quantity,
        "booking": booking_view.page(store(), case, now=at) if own and case.kind == booking_facts.KIND else None,
        "slot": request.values.get("slot", ""),
        # What was typed on a phone stands there again when it was refused.
        "typed": {name: request.form.get(name, "") for name in ("act", "reason")},
    }


def _for_worker(token: str) -> str:
    """Return where the code of a worker's slip, or of a pass for goods, leads on his own phone; '' for any other."""
    order = work_orders.by_token(store(), token)
    if order is None and release_facts.case_id_of(store(), token) is None:
        return ""
    return f"{current_site().desk_url}/work/q/{numbers.canonical_token(token)}"
