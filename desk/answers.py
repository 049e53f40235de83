"""Answers worth keeping (常见问答) at the desk: found while a question is typed, proposed, checked, taken out."""

import secrets

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import actor
from reception import inquiry_facts, saved_answers
from reception.permissions import permit
from web.app import now, store
from web.languages import current_site

views = Blueprint("answers", __name__)


@views.get("/answers")
def page() -> ResponseReturnValue:
    """Show what is used most, and what waits to be checked."""
    return _page("")


@views.post("/answers/find")
def find() -> ResponseReturnValue:
    """Show what holds the words that were typed. By POST: a question may name somebody."""
    return _page(request.form.get("words", ""))


@views.post("/answers/hints")
def hints() -> ResponseReturnValue:
    """Answer what a form shows beside the question that is being typed."""
    typed = request.form.get("words", "") or request.form.get("question", "")
    permit(actor(), "see_answers")
    found = saved_answers.search(store(), typed, by=actor(), limit=saved_answers.HINTS) if typed.strip() else []
    return render_template("_answer_hints.html", found=found, typed=typed.strip())


@views.post("/answers")
def propose() -> ResponseReturnValue:
    """Propose an answer."""
    saved_answers.propose(
        store(),
        **forms.fields("nonce", "category", "question", "answer"),
        from_no=request.form.get("from", ""),
        by=actor(),
        now=now(),
    )
    return forms.lead_to("/answers")


@views.post("/answers/<int(max=999999999999999):saved_id>/check")
def check(saved_id: int) -> ResponseReturnValue:
    """Let it be found, in these words."""
    form = forms.fields("edition", "category", "question", "answer")
    saved_answers.check(store(), saved_id=saved_id, **form, by=actor(), now=now())
    return forms.lead_to("/answers")


@views.post("/answers/<int(max=999999999999999):saved_id>/retire")
def retire(saved_id: int) -> ResponseReturnValue:
    """Take it out of the list."""
    saved_answers.retire(store(), saved_id=saved_id, by=actor(), now=now())
    return forms.lead_to("/answers")


def _page(words: str) -> str:
    by = actor()
    return render_template(
        "answers.html",
        site=current_site(),
        words=words,
        found=saved_answers.search(store(), words, by=by),
        proposed=saved_answers.proposed(store(), by=by),
        categories=inquiry_facts.categories(store()),
        nonce=secrets.token_urlsafe(16),
    )
