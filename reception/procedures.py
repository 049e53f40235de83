"""办理事项 (SYS-35, SYS-38, FLW-08): move-in, renovation, lease, change of owner: begun, done, withdrawn.

The items are the case's own (`checklists`); what the home's file learns from it stands in `procedure_effects`.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from db.store import Store, writing
from reception import (
    case_steps,
    cases,
    checklists,
    events,
    feedback,
    identity,
    nonces,
    procedure_effects,
    procedure_templates,
    sequences,
    spooling,
)
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.procedure_facts import KIND, NAME, SERIES, STATES, details, list_slip, missing_slip, rebuild
from reception.procedure_tables import GATES
from reception.refusal import Refused
from reception.rules.procedure_states import procedure
from reception.site import site
from reception.typed_days import typed_day

__all__ = ["KIND", "NAME", "SERIES", "STATES", "details", "rebuild"]


def begin(
    store: Store,
    *,
    nonce: str,
    template: str,
    variant: str = "",
    name: str,
    phone: str,
    unit: str,
    agent_name: str = "",
    agent_phone: str = "",
    from_on: str = "",
    until_on: str = "",
    remark: str = "",
    visit_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """Open a procedure for a home, with the items of its matter as the lists stand now.

    `name` and `phone` are of whom it is for: owner, tenant, new owner; `agent_name` of who comes for him. The same
    nonce returns the same case. Refuses `procedure_unknown`, `variant_unknown`, `dates_missing`, `date_invalid`,
    `dates_reversed`, `procedure_running` (this home has this matter under way), `tenant_is_owner`, and what
    `cases.complainant`, `identity.name_agent`, `cases.text` and `nonces` refuse.
    """
    permit(by, "begin_procedure")
    content = {
        "template": template,
        "variant": variant,
        "person": [name, phone, unit, agent_name, agent_phone],
        "days": [from_on, until_on],
        "remark": remark,
        "visit": visit_id,
    }

    def make(at: datetime) -> int:
        matter = procedure_templates.in_use(store, template)
        chosen = procedure_templates.chosen(store, template, variant)
        days = _days(from_on, until_on) if matter.dated else (None, None)
        person = cases.complainant(store, name=name, phone=phone, unit=unit, by=by, unit_required=True)
        assert person.unit is not None
        if running(store, person.unit.id, template):
            raise Refused("procedure_running")
        procedure_effects.check(store, person.unit, matter.effect, person.name, person.phone)
        said = cases.text(remark, required=False)
        case = cases.open_case(
            store,
            kind=KIND,
            series=SERIES,
            state="open",
            person=person,
            visit_id=visit_id,
            department=matter.department or by.department,
            by=by,
            at=at,
            category=template,
        )
        store.execute(
            "INSERT INTO procedures (case_id, template, variant, from_on, until_on, remark) VALUES (?, ?, ?, ?, ?, ?)",
            [case.id, template, chosen, *days, said],
        )
        checklists.begin(store, case, template, chosen)
        if agent_name.strip():
            identity.name_agent(store, no=case.no, name=agent_name, phone=agent_phone, by=by, now=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "begin_procedure", content, now=now, make=make))


def running(store: Store, unit_id: int, template: str) -> str | None:
    """Return the number of the procedure of this matter that is under way for a home; None for none."""
    found: str | None = store.value(
        "SELECT no FROM cases JOIN procedures ON case_id = cases.id"
        " WHERE unit_id = ? AND kind = 'procedure' AND state = 'open' AND template = ? AND sealed = 0",
        [unit_id, template],
    )
    return found


def _days(from_on: str, until_on: str) -> tuple[str, str]:
    if not (from_on.strip() and until_on.strip()):
        raise Refused("dates_missing")
    first, last = (typed_day(one).isoformat() for one in (from_on, until_on))
    if first > last:
        raise Refused("dates_reversed")
    return first, last


# Refuses `case_unknown`, `step_not_now`, `changed_meanwhile`.
_step = partial(case_steps.step, kind=KIND, life=procedure, permission="end_procedure")


def finish(
    store: Store,
    *,
    no: str,
    channel: str,
    handover_on: str = "",
    leaving: Sequence[str] = (),
    by: Actor,
    now: datetime,
) -> Case:
    """Everything required is done: the home's file follows, and the person was told by this way that it is.

    Refuses as `_step`, `items_missing`, `channel_unknown`, and what `procedure_effects.apply` refuses.
    """

    def change(case: Case, at: datetime) -> None:
        checklists.ask(store, case.id, *GATES)
        cases.choice(channel, feedback.CHANNELS, code="channel_unknown")
        matter = details(store, case).template
        procedure_effects.apply(store, case, matter.effect, handover_on=handover_on, leaving=leaving, by=by, at=at)
        text = f"{matter.name.zh}已办结"
        feedback.tell(store, case, about="result", channel=channel, text=text, by=by, at=at)

    return _step(store, "finish", no, change, event="finish_procedure", by=by, now=now)


def withdraw(store: Store, *, no: str, reason: str, channel: str, by: Actor, now: datetime) -> Case:
    """It is given up, and why; what was ticked stays written. Refuses as `_step`, `reason_missing`,
    `channel_unknown`, texts."""

    def change(case: Case, at: datetime) -> None:
        why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        cases.choice(channel, feedback.CHANNELS, code="channel_unknown")
        cases.write_note(store, case.id, why, by=by, at=at)
        text = f"{details(store, case).template.name.zh}已撤销：{why}"
        feedback.tell(store, case, about="result", channel=channel, text=text, by=by, at=at)

    return _step(store, "withdraw", no, change, event="withdraw_procedure", by=by, now=now)


def print_missing(store: Store, *, nonce: str, no: str, by: Actor, now: datetime) -> Case:
    """Print what a procedure still lacks of whoever comes; the same nonce prints once.

    Refuses `case_unknown`, `step_not_now` (it is over, or no procedure), `nothing_missing`, `printer_missing`.
    """
    permit(by, "end_procedure")
    case = cases.whole(store, cases.find(store, no, by=by).id)
    if case.kind != KIND or case.state != "open":
        raise Refused("step_not_now")

    def make(at: datetime) -> int:
        slip = missing_slip(store, case, at)
        if not (slip.documents or slip.forms or slip.fees):
            raise Refused("nothing_missing")
        # He may come more than once, and each time less is missing: every list is a paper of its own.
        before = store.value(
            "SELECT count(*) FROM print_jobs WHERE ref = ? AND kind = ? AND copy_no = 0", [cases.ref(case), slip.KIND]
        )
        job = spooling.enqueue(
            store,
            site(store),
            slip,
            ref=cases.ref(case),
            part=str(before + 1),
            at=at,
            printer=spooling.desk_printer(store),
        )
        if job is None:
            raise Refused("printer_unknown")
        events.record(store, "print_missing", "case", case.id, by=by, at=at, job=job)
        return job

    nonces.once(store, nonce, "print_missing", {"case": case.id}, now=now, make=make)
    return case


def print_list(
    store: Store, *, nonce: str, template: str, variant: str, desk: bool = False, by: Actor, now: datetime
) -> int:
    """Print what a matter asks for, at the kiosk or (`desk`) where the desk prints; return the job id.

    Nobody need log in for it. Refuses `procedure_unknown`, `variant_unknown`, `printer_unknown`, those of a nonce.
    """
    permit(by, "print_materials")

    def make(at: datetime) -> int:
        matter = procedure_templates.to_bring(store, template, public=not desk)
        chosen = procedure_templates.chosen(store, template, variant)
        job = spooling.enqueue(
            store,
            site(store),
            list_slip(store, matter, chosen, at),
            ref=f"materials:{sequences.take(store, 'materials')}",
            at=at,
            printer=spooling.desk_printer(store) if desk else None,
        )
        if job is None:
            raise Refused("printer_unknown")
        events.record(store, "print_materials", "materials", 0, by=by, at=at, template=template, job=job)
        return job

    content = {"template": template, "variant": variant}
    with writing(store):
        return nonces.once(store, nonce, "print_materials", content, now=now, make=make)
