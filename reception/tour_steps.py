"""The way of a tour from its preparation to the file (SYS-43): each step asks what it is gated by; the store, too."""

from datetime import datetime
from functools import partial

from db.store import Store
from reception import case_steps, cases, checklists, feedback, tour_facts
from reception.cases import Case
from reception.permissions import Actor
from reception.procedure_tables import CHECK, CLOSE, PREPARE, RESTORE, START
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.tour_states import tour
from reception.site import site

# Refuses `not_permitted`, `case_unknown`, `step_not_now`, `changed_meanwhile`.
_step = partial(case_steps.step, kind=tour_facts.KIND, life=tour, permission="see_to_tour")


def prepare(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """Everything is prepared. Refuses as `_step`, `items_missing`, `tour_not_approved` (outside the opening hours)."""

    def ask(case: Case, at: datetime) -> None:
        _approved(store, case)
        checklists.ask(store, case.id, PREPARE)

    return _step(store, "prepare", no, ask, event="prepare_tour", by=by, now=now)


def check(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """The four safety checks are made (RUL-42), and whoever is in charge has seen that all is done.

    Refuses as `_step`, `items_missing`.
    """

    def ask(case: Case, at: datetime) -> None:
        checklists.ask(store, case.id, PREPARE, CHECK)

    return _step(store, "check", no, ask, event="check_tour", by=by, now=now)


def start(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """The guests are here. Refuses as `_step`, `tour_other_day` (it is agreed for another), `items_missing`."""

    def ask(case: Case, at: datetime) -> None:
        _approved(store, case)
        found = tour_facts.details(store, case)
        if tour_facts.day_of(store, found) != clock.local_day(at, site(store).zone).isoformat():
            raise Refused("tour_other_day")
        checklists.ask(store, case.id, PREPARE, CHECK, START)

    return _step(store, "start", no, ask, event="start_tour", by=by, now=now)


def restore(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """The guests are gone, and all is as before. Refuses as `_step`, `items_missing`."""

    def ask(case: Case, at: datetime) -> None:
        checklists.ask(store, case.id, RESTORE)

    return _step(store, "restore", no, ask, event="restore_tour", by=by, now=now)


def review(store: Store, *, no: str, well: str, better: str = "", by: Actor, now: datetime) -> Case:
    """What went well, and what is to be better (总结). Refuses as `_step`, `tour_review_missing`, texts."""

    def write(case: Case, at: datetime) -> None:
        good = cases.text(well, missing="tour_review_missing")
        bad = cases.text(better, required=False)
        store.execute(
            "UPDATE tours SET well = ?, better = ?, reviewed_at = ?, reviewed_by = ? WHERE case_id = ?",
            [good, bad, clock.to_text(at), by.id, case.id],
        )

    return _step(store, "review", no, write, event="review_tour", by=by, now=now)


def file(store: Store, *, no: str, channel: str, by: Actor, now: datetime) -> Case:
    """The papers are filed, and the contact was thanked by this way. Refuses as `_step`, `items_missing`,
    `channel_unknown`."""

    def end(case: Case, at: datetime) -> None:
        checklists.ask(store, case.id, PREPARE, CHECK, START, RESTORE, CLOSE)
        cases.choice(channel, feedback.CHANNELS, code="channel_unknown")
        text = "参观接待已结束，感谢莅临指导，欢迎提出意见"
        feedback.tell(store, case, about="result", channel=channel, text=text, by=by, at=at)

    return _step(store, "file", no, end, event="file_tour", by=by, now=now)


def _approved(store: Store, case: Case) -> None:
    if tour_facts.details(store, case).waits:
        raise Refused("tour_not_approved")
