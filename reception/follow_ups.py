"""Follow-up (回访, SYS-18) by somebody else than the worker, and the person's own answer (满意度, SYS-19)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from db.store import Store, writing
from reception import cases, duty, events, follow_up_claims, repair_facts, without_consent
from reception.cases import Case
from reception.kinds import KINDS
from reception.permissions import BOX, Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock, local_times
from reception.site import site
from reception.wording import Words

METHODS = {"phone": Words("电话", "Telephone"), "visit": Words("上门", "Visit"), "chat": Words("微信", "Chat")}
# K9
SCORES = {
    5: Words("非常满意", "Very satisfied"),
    4: Words("满意", "Satisfied"),
    3: Words("一般", "Average"),
    2: Words("不满意", "Dissatisfied"),
    1: Words("非常不满意", "Very dissatisfied"),
}
# What an attempt came to besides an answer, or nobody there.
OUTCOMES = {
    "later": Words("约定再打", "Asked to be called later"),
    "wrong_number": Words("号码不对", "Wrong number"),
    "refused": Words("不愿评价", "Would not answer"),
}
CHANNELS = {"paper": Words("工作单", "On the slip"), "phone": Words("手机", "Phone"), "kiosk": Words("自助机", "Kiosk")}
UNSATISFIED = 2
# So many attempts that reached nobody count as followed up: unreachable, shown apart.
ATTEMPTS = 3
UNSATISFIED_NOTE = "回访/评价不满意，重新处理"
# A call further away than this is a slip of the finger.
FURTHEST = timedelta(days=14)
# Which cases the share of a kind takes: it follows from the case alone, so that nobody picks. A multiple that visits
# every remainder: evenly spread over any hundred cases in a row.
PICKED = "({id} * 61 % 100 < :share)"


@dataclass(frozen=True, slots=True)
class Vain:
    """How often nobody was reached since the work was last done: `counted` of `needed` tries count, for the others came
    too soon after one; the next counts from `next_at`, None before the first.
    """

    counted: int
    needed: int
    next_at: str | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An attempt to follow up; `score` None: not reached, or not answered. `outcome`: one of OUTCOMES, or None."""

    method: str
    reached: bool
    score: int | None
    comment: str
    at: str
    by_name: str
    round: int
    outcome: str | None
    again_at: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person himself said of the work of one round: on the slip, on his phone, at the kiosk."""

    round: int
    channel: str
    score: int
    comment: str
    at: str


def record(
    store: Store,
    *,
    no: str,
    method: str,
    reached: str,
    score: str = "",
    comment: str = "",
    outcome: str = "",
    again_at: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """Record a follow-up, or an attempt at one; three attempts that count end it though nobody was reached.

    `outcome` (OUTCOMES) says by itself whether somebody was reached; `again_at` when he wishes to be called. Who would
    not answer was asked all the same. Two points or less open the case again, for the head (RUL-14). Refuses
    `case_unknown`, `step_not_now`, `follow_up_method_unknown`, `score_invalid`, `outcome_unknown`, `call_time_invalid`,
    `time_past`, `deadline_too_far`, `call_taken` (somebody else calls), `number_wrong`, `follow_up_own` (never the
    worker of the order, nor who looked into the complaint, nor who answers for a decision: K3, 11), texts.
    """
    permit(by, "follow_up")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if not followed_up_now(case):
            raise Refused("step_not_now")
        cases.choice(method, METHODS, code="follow_up_method_unknown")
        if outcome:
            cases.choice(outcome, OUTCOMES, code="outcome_unknown")
        there = outcome == "refused" if outcome else reached == "1"
        points = _score(score) if there and not outcome else None
        at = events.moment(store, now)
        again = _again(store, again_at, at) if outcome == "later" else None
        _mine(store, case, method, by=by, at=at)
        clean = cases.text(comment, required=False)
        store.execute(
            "INSERT INTO follow_ups (case_id, round, method, reached, score, comment, at, by_id, outcome, again_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [case.id, case.round, method, there, points, clean, clock.to_text(at), by.id, outcome or None, again],
        )
        follow_up_claims.drop(store, case.id)
        if not there and (outcome == "later" or vain(store, case).counted < ATTEMPTS):
            how = {"outcome": outcome} if outcome else {}
            events.record(store, "follow_up_attempt", "case", case.id, by=by, at=at, **how)
            store.touch("cases")
        elif points is not None and points <= UNSATISFIED:
            _reopen(store, case, by=by, at=at)
        else:
            after = KINDS[case.kind].end.follow_up[1]
            cases.move(store, case, after, "follow_up", by=by, at=at, detail={"score": points})
        return cases.whole(store, case.id)


def _mine(store: Store, case: Case, method: str, *, by: Actor, at: datetime) -> None:
    """Refuse what is not this caller's to ask, or not to be asked this way."""
    if worked_on(store, case, by):
        raise Refused("follow_up_own")
    caller = follow_up_claims.holder(store, case.id, at=at)
    if caller is not None and caller.by_id != by.id:
        raise Refused("call_taken")
    if method == "phone" and number_wrong(store, case):
        raise Refused("number_wrong")


def _again(store: Store, typed: str, at: datetime) -> str:
    try:
        when = local_times.parse(typed, zone=site(store).zone, now=at)
    except ValueError:
        raise Refused("call_time_invalid") from None
    if when <= at:
        raise Refused("time_past")
    if when - at > FURTHEST:
        raise Refused("deadline_too_far")
    return clock.to_text(when)


def number_wrong(store: Store, case: Case) -> bool:
    """Tell whether a call found the number wrong, and nobody has put another one there since: by the order of the
    history, for its times may have been set right between."""
    return bool(
        store.value(
            "SELECT 1 FROM follow_ups WHERE case_id = :case AND follow_ups.round = :round AND outcome = 'wrong_number'"
            " AND (SELECT max(id) FROM events WHERE subject = 'case' AND subject_id = :case"
            " AND what = 'follow_up_attempt' AND detail ->> 'outcome' = 'wrong_number')"
            " > coalesce((SELECT max(id) FROM events WHERE subject = 'case' AND subject_id = :case"
            " AND what = 'correct_phone'), 0)",
            {"case": case.id, "round": case.round},
        )
    )


def worked_on(store: Store, case: Case, by: Actor) -> bool:
    """Whether it is his own work that would be asked about (K3, 11).

    A sealed case that nobody else may know of is asked about by whoever looked into it, rather than by nobody.
    """
    if case.sealed and duty.hearer_of(store, case.id, but=by.id) is None:
        return False
    return bool(
        store.value(
            "SELECT 1 FROM work_orders WHERE case_id = :case AND worker_id = :me"
            " UNION SELECT 1 FROM complaints WHERE case_id = :case AND handler_id = :me"
            " UNION SELECT 1 FROM complaint_findings WHERE case_id = :case AND by_id = :me AND round = :round"
            # Whoever answers for what was decided on the visit day.
            " UNION SELECT 1 FROM supervisions WHERE case_id = :case AND charge_id = :me AND id IN ("
            "SELECT supervision_id FROM resolutions WHERE case_id = :case)",
            {"case": case.id, "me": by.id, "round": case.round},
        )
    )


def _score(text: str) -> int | None:
    if text in {"", None}:
        return None
    if text not in {str(score) for score in SCORES}:
        raise Refused("score_invalid")
    return int(text)


def vain(store: Store, case: Case) -> Vain:
    """Return how many tries that reached nobody count; whoever rings three times in a row tried once, and whoever was
    told to ring later did reach somebody."""
    apart = timedelta(minutes=site(store).follow_up_again_minutes)
    counted = 0
    due_at: datetime | None = None
    counts_at: datetime | None = None
    for row in store.rows(
        "SELECT at FROM follow_ups WHERE case_id = ? AND round = ? AND reached = 0 AND outcome IS NOT 'later'"
        " ORDER BY id",
        [case.id, case.round],
    ):
        at = clock.from_text(row["at"])
        # One earlier than the one before it came after the clock of the box was put right.
        if due_at is None or counts_at is None or not counts_at <= at < due_at:
            counted, due_at, counts_at = counted + 1, at + apart, at
    return Vain(counted, ATTEMPTS, clock.to_text(due_at) if due_at else None)


def _reopen(store: Store, case: Case, *, by: Actor, at: datetime) -> None:
    reopen = KINDS[case.kind].end.reopen
    assert reopen is not None, "a kind that is followed up says how it is opened again"
    # Whoever recorded the answer did not write this: it is the owner's act, or the box's.
    noted_by = BOX if by.id else by
    owner = duty.hearer_of(store, case.id) if case.sealed else duty.answers_for_the_kiosk(store)
    reopen(store, case, UNSATISFIED_NOTE, by=by, at=at, owner=owner, noted_by=noted_by)


def followed_up_now(case: Case) -> bool:
    """Tell whether a case stands where it is followed up: never what one of us found, for no owner can be asked."""
    return case.source != repair_facts.FOUND and case.state == KINDS[case.kind].end.follow_up[0]


def due(store: Store, case: Case) -> bool:
    """Tell whether a case must still be followed up: it stands where it is due, and is of the share that is.

    The share is a setting.
    """
    if not followed_up_now(case):
        return False
    share = KINDS[case.kind].end.share(site(store))
    return bool(store.value(f"SELECT {PICKED.format(id=':case')}", {"case": case.id, "share": share}))


def of_case(store: Store, case_id: int) -> list[FollowUp]:
    """Return the attempts of a case, oldest first."""
    return [
        FollowUp(row[0], bool(row[1]), *row[2:])
        for row in store.rows(
            "SELECT method, reached, score, comment, at, staff.name, round, outcome, again_at FROM follow_ups"
            " JOIN staff ON staff.id = by_id WHERE case_id = ? ORDER BY follow_ups.id",
            [case_id],
        )
    ]


def answer(store: Store, *, token: str, score: str, comment: str = "", by: Actor, now: datetime) -> Case:
    """Keep the person's own answer, by his code at the phone or the kiosk: once for each time the work was done.

    What he is dissatisfied with is opened again, unless the manager has closed it for good.
    Refuses `code_unknown`, `step_not_now` (the work is not done), `score_invalid`, `survey_answered`, texts.
    """
    permit(by, "answer_survey")
    case = cases.by_token(store, token)
    return _answer(store, case.id, score, comment, "kiosk" if by.role is Role.KIOSK else "phone", by=by, now=now)


def answer_on_paper(store: Store, *, no: str, score: str, by: Actor, now: datetime) -> Case:
    """Keep what the owner ticked on the slip. Refuses as `answer`, and `case_unknown`."""
    permit(by, "answer_survey")
    return _answer(store, cases.find(store, no, by=by).id, score, "", "paper", by=by, now=now)


def _answer(store: Store, case_id: int, score: str, comment: str, channel: str, *, by: Actor, now: datetime) -> Case:
    with writing(store):
        case = cases.whole(store, case_id)
        if not answerable(case):
            raise Refused("step_not_now")
        points = _score(score)
        if points is None:
            raise Refused("score_invalid")
        clean = cases.text(comment, required=False)
        if own_answer(store, case) is not None:
            raise Refused("survey_answered")
        at = events.moment(store, now)
        store.execute(
            "INSERT INTO survey_responses (case_id, round, channel, score, comment, at) VALUES (?, ?, ?, ?, ?, ?)",
            [case.id, case.round, channel, points, clean, clock.to_text(at)],
        )
        events.record(store, "survey", "case", case.id, by=by, at=at, score=points)
        store.touch("cases")
        if points <= UNSATISFIED and not without_consent.stands(store, case.no):
            _reopen(store, case, by=by, at=at)
        return cases.whole(store, case.id)


def answerable(case: Case) -> bool:
    """Tell whether the person may say how content he is, as the case stands."""
    return case.state in KINDS[case.kind].end.rated_in


def own_answer(store: Store, case: Case) -> int | None:
    """Return the points the person gave for the work as it was last done, or None."""
    points: int | None = store.value(
        "SELECT score FROM survey_responses WHERE case_id = ? AND round = ?", [case.id, case.round]
    )
    return points


def own_answers(store: Store, case_id: int) -> list[Answer]:
    """Return what the person said of each round, oldest first."""
    rows = store.rows(
        "SELECT round, channel, score, comment, at FROM survey_responses WHERE case_id = ? ORDER BY round", [case_id]
    )
    return [Answer(*row) for row in rows]
