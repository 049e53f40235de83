"""Training (SYS-50, RUL-33): the script to go through in practice mode, who passed what, and the card of bearing."""

import sqlite3
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Flask, current_app, render_template
from flask.typing import ResponseReturnValue

from desk.session import actor
from reception import training
from reception.permissions import Actor, may, permit
from web.app import now, store
from web.languages import current_site

views = Blueprint("training", __name__)

# (who, tasks passed): from the app of practice to the real one.
Told = Callable[[Actor, list[str]], None]
KEY: Final = "training"


@views.get("/training")
def page() -> ResponseReturnValue:
    """Show the script as far as this person is, and to heads how far everybody is."""
    permit(actor(), "see_training")
    practising = bool(current_app.config.get("PRACTICE"))
    heads = may(actor(), "see_trainees") and not practising
    return render_template(
        "training.html",
        site=current_site(),
        tasks=training.script(store(), practising=practising, by=actor()) if may(actor(), "practise") else [],
        practising=practising,
        trainees=training.trainees(store(), by=actor()) if heads else [],
    )


@views.get("/training/card")
def card() -> ResponseReturnValue:
    """Show the card of bearing and appearance."""
    permit(actor(), "see_training")
    return render_template("training_card.html", site=current_site())


def tell(real: Flask) -> Told:
    """Return what keeps in the real store that somebody passed tasks: codes alone go through, never what he typed."""

    def told(by: Actor, tasks: list[str]) -> None:
        with real.app_context():
            training.note(store(), tasks=tasks, by=by, now=now())

    return told


def look(app: Flask, told: Told) -> None:
    """See in the history of practice whether whoever pressed has passed anything new, and say so."""
    by = actor()
    noted: set[tuple[int | None, str]] = app.extensions.setdefault(KEY, set())
    new = [
        task.code
        for task in training.script(store(), practising=True, by=by)
        if task.done >= task.times and not task.passed_at and (by.id, task.code) not in noted
    ]
    if not new:
        return
    try:
        told(by, new)
    except sqlite3.Error:
        # The real store is busy or full: practice goes on, and the next press says it again.
        return
    noted.update((by.id, code) for code in new)


def progress() -> tuple[int, int]:
    """Return, in practice, how many tasks of the script this person has passed, and of how many."""
    tasks = training.script(store(), practising=True, by=actor())
    return sum(task.passed for task in tasks), len(tasks)
