"""The gate (门岗, RUL-34): the guard opens a pass by its code, looks at the goods, and lets them out once, or not.

On his phone (`/work`), by the code of the pass or from the list of the day; or the desk writes it down from the paper.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from db.store import Store, writing
from reception import case_steps, cases, nonces, tellings
from reception.cases import Case
from reception.permissions import Actor, may, permit
from reception.refusal import Refused
from reception.release_facts import KIND, STATES, Pass, case_id_of, details, today
from reception.release_passes import end
from reception.release_settings import SECURITY
from reception.rules import clock, local_times
from reception.rules.release_states import release
from reception.site import site
from reception.wording import Words

# Of one day: a gate that has more is no gate of one estate.
MOST: Final = 200
# Never twice, also where two pressed at once.
OUT: Final = "UPDATE release_passes SET out_at = ?, out_by = ?, out_how = ? WHERE case_id = ? AND out_at IS NULL"


@dataclass(frozen=True, slots=True)
class AtGate:
    """A pass as the gate sees it: the applicant masked, his home whole, no telephone. `good`: the goods may go now."""

    case: Case
    found: Pass
    good: bool

    @property
    def state_words(self) -> Words:
        """How it stands."""
        return STATES[self.case.state]


def keeps_gate(store: Store, by: Actor) -> bool:
    """Tell whether somebody stands at the gate, by the centre's setting."""
    return may(by, "check_at_gate") and (site(store).release_gate != SECURITY or by.department == SECURITY)


def opened(store: Store, code: str, *, by: Actor, now: datetime) -> AtGate:
    """Return the pass of a code, for the gate: also one that is over, so that the guard sees why.

    Refuses `not_permitted`, `code_unknown` (also to whoever does not keep the gate).
    """
    permit(by, "check_at_gate")
    return _at_gate(store, _find(store, code, by=by), now)


def of_today(store: Store, *, by: Actor, now: datetime) -> list[AtGate]:
    """Return the passes that are good today, those to be checked first, and those that left today."""
    permit(by, "check_at_gate")
    if not keeps_gate(store, by):
        return []
    rows = store.rows(
        "SELECT case_id FROM release_passes JOIN cases ON cases.id = case_id WHERE valid_on = ? AND cases.sealed = 0"
        " AND state IN ('printed', 'released', 'returned') ORDER BY state <> 'printed', out_at DESC, case_id LIMIT ?",
        [today(store, now).isoformat(), MOST],
    )
    return [_at_gate(store, row["case_id"], now) for row in rows]


def _find(store: Store, code: str, *, by: Actor) -> int:
    found = case_id_of(store, code)
    # Nothing was approved yet, or it is no business of his: there is no such pass for him.
    if found is None or not keeps_gate(store, by):
        raise Refused("code_unknown")
    return found


def _at_gate(store: Store, case_id: int, now: datetime) -> AtGate:
    case = cases.masked(store, case_id)
    found = details(store, case)
    return AtGate(case, found, case.state == "printed" and found.valid_on == today(store, now))


def _found_by_code(store: Store, code: str, *, by: Actor) -> Case:
    return cases.masked(store, _find(store, code, by=by))


def _once(
    store: Store,
    act: str,
    step: str,
    code: str,
    nonce: str,
    said: dict[str, Any],
    change: Callable[[Case, datetime], None],
    *,
    by: Actor,
    now: datetime,
) -> Case:
    """Do a step of the gate once, however often a phone on a bad line sends it.

    What left already is refused with its time: so the guard reads when it did, and not that it cannot be done now.
    """
    permit(by, "check_at_gate")
    case_id = _find(store, code, by=by)

    def make(at: datetime) -> int:
        out = details(store, cases.masked(store, case_id)).out_at
        if out is not None:
            local = local_times.written(clock.from_text(out), zone=site(store).zone)
            raise Refused("release_out", said={"at": local})
        return case_steps.step(
            store,
            step,
            code,
            change,
            kind=KIND,
            life=release,
            find=_found_by_code,
            event=act,
            permission="check_at_gate",
            by=by,
            now=now,
        ).id

    return cases.masked(store, nonces.once(store, nonce, act, {"case": case_id, **said}, now=now, make=make))


def let_out(
    store: Store, *, code: str, nonce: str, went: Sequence[str], rest: str = "", by: Actor, now: datetime
) -> Case:
    """The goods fit the pass and leave: `went` are the lines that do; of others `rest` "1" says that they stay today.

    Once: whatever is pressed where, another press is refused; the same nonce is the same press. Refuses
    `not_permitted`, `code_unknown`, `release_out`, `step_not_now`, `release_expired`, `release_other_day`,
    `release_unticked`, `release_none`, `release_lines_unknown`, and what `nonces` refuses.
    """

    def change(case: Case, at: datetime) -> None:
        found = details(store, case)
        day = today(store, at)
        if found.valid_on != day:
            raise Refused("release_expired" if found.valid_on < day else "release_other_day")
        _tick(store, found, case.id, went, rest)
        _out(store, case, at, "gate", by)

    said = {"went": sorted(went), "rest": rest}
    return _once(store, "let_goods_out", "release", code, nonce, said, change, by=by, now=now)


def turn_back(store: Store, *, code: str, nonce: str, reason: str, by: Actor, now: datetime) -> Case:
    """The goods do not leave: what differs is written down, and the pass is good for nothing any more.

    Refuses `not_permitted`, `code_unknown`, `release_out`, `step_not_now`, `reason_missing`, texts, `nonces`.
    """

    def change(case: Case, at: datetime) -> None:
        end(store, case, reason, by=by, at=at)
        tellings.tell(store, case.id, case.owner_id, "release_turned_back", by=by, at=at)

    said = {"reason": reason}
    return _once(store, "turn_goods_back", "refuse_at_gate", code, nonce, said, change, by=by, now=now)


def enter(store: Store, *, no: str, time: str, went: Sequence[str], rest: str = "", by: Actor, now: datetime) -> Case:
    """Write down from the paper that came back, signed by the gate, when (`time`, such as 19:40, of its day) what left.

    The paper is back with it. Also of a pass that its day ended before the paper was here. Refuses `not_permitted`,
    `case_unknown`, `step_not_now`, `release_time_invalid`, `release_time_ahead`, `release_time_before`, and the lines
    as `let_out` does.
    """

    def change(case: Case, at: datetime) -> None:
        found = details(store, case)
        try:
            out = local_times.from_picker(f"{found.valid_on.isoformat()}T{time.strip()}", zone=site(store).zone)
        except ValueError:
            raise Refused("release_time_invalid") from None
        if out > at:
            raise Refused("release_time_ahead")
        # To the minute, as the guard writes it.
        if found.approved_at is None or out < clock.from_text(found.approved_at) - timedelta(minutes=1):
            raise Refused("release_time_before")
        _tick(store, found, case.id, went, rest)
        _out(store, case, out, "paper", by)

    step = partial(case_steps.step, store, kind=KIND, life=release, permission="enter_release", by=by, now=now)
    with writing(store):
        step("enter", no, change, event="enter_release")
        return step("take_back", no, lambda case, at: None, event="take_release_back")


def take_back(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """The gate's part of the pass is back at the desk, and is filed. Refuses as a step."""
    return case_steps.step(
        store,
        "take_back",
        no,
        lambda case, at: None,
        kind=KIND,
        life=release,
        event="take_release_back",
        permission="enter_release",
        by=by,
        now=now,
    )


def _tick(store: Store, found: Pass, case_id: int, went: Sequence[str], rest: str) -> None:
    chosen = {str(one.position) for one in found.items}
    ticked = set(went)
    if ticked - chosen:
        raise Refused("release_lines_unknown")
    if not ticked:
        raise Refused("release_none")
    if ticked != chosen and rest != "1":
        raise Refused("release_unticked")
    for one in found.items:
        store.execute(
            "UPDATE release_items SET went = ? WHERE case_id = ? AND position = ?",
            [int(str(one.position) in ticked), case_id, one.position],
        )


def _out(store: Store, case: Case, out: datetime, how: str, by: Actor) -> None:
    if not store.changed(OUT, [clock.to_text(out), by.id, how, case.id]):
        raise Refused("changed_meanwhile")
