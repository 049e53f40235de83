"""《接访来访登记表》 (FRM-01) on one sheet: who came with what, opinions, signatures, decisions, what was told."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from db.store import Store, writing
from reception import booking_facts, case_form, cases, events, resolution_facts, reveals, seals, sign_records
from reception.case_form import BLANK, Head, Told
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.resolution_facts import Resolution
from reception.reveals import Reason
from reception.sign_chain import STEPS
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Opinion:
    """A box of the form: an opinion with its signature, or an empty one to be signed by hand.

    `signer` is whose signature it is, `by_name` who put it there where that is another: a deputy, or who saw it on
    paper (`on_paper`).
    """

    step: Words
    department: Words | None
    agreed: bool | None
    opinion: str
    handling: Words | None
    deadline_on: str
    signer: str
    by_name: str
    on_paper: bool
    signed_at: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """The sheet of one booking; `began_at` when the talk began, `host` and `recorder` of it. Without values: blank."""

    case_id: int = 0
    head: Head = BLANK
    day_on: date | None = None
    provisional: bool = False
    starts: str = ""
    walk_in: bool = False
    matter: str = ""
    host: str = ""
    recorder: str = ""
    began_at: str | None = None
    ended_at: str | None = None
    opinions: tuple[Opinion, ...] = ()
    decisions: tuple[Resolution, ...] = ()
    told: tuple[Told, ...] = ()


def form(store: Store, *, no: str, by: Actor, now: datetime) -> Form:
    """Return the form of a booking, its owner masked unless the reader holds it.

    Refuses `case_unknown` to whoever neither sees the case, nor signs it, nor accompanies the host; `step_not_now` for
    what is no booking.
    """
    permit(by, "see_visit_form")
    case = _found(store, no, by, now)
    talk = store.row(
        "SELECT host.name AS host, recorder.name AS recorder, began_at, ended_at FROM visit_day_meetings"
        " JOIN staff AS host ON host.id = host_id JOIN staff AS recorder ON recorder.id = recorder_id"
        " WHERE case_id = ?",
        [case.id],
    )
    host = resolution_facts.host_of(store, case)
    booking = booking_facts.details(store, case)
    return Form(
        case_id=case.id,
        head=case_form.head(store, case),
        day_on=booking.day.actual_on,
        provisional=booking.provisional,
        starts=booking.starts or "",
        walk_in=booking.walk_in,
        matter=booking.matter,
        host=talk["host"] if talk else store.value("SELECT name FROM staff WHERE id = ?", [host]) or "",
        recorder=talk["recorder"] if talk else sign_records.recorder(store, case),
        began_at=talk["began_at"] if talk else None,
        ended_at=talk["ended_at"] if talk else None,
        opinions=tuple(_opinions(store, case)),
        decisions=tuple(resolution_facts.of_case(store, case.id)),
        told=case_form.told(store, case),
    )


def reveal(store: Store, *, no: str, why: Reason, by: Actor, now: datetime) -> Form:
    """Return the form with the owner's name and telephone, to be filed; the look is written to the case's history.

    Refuses as `form`, `not_permitted`, and what `reveals.record` refuses.
    """
    permit(by, "reveal")
    found = form(store, no=no, by=by, now=now)
    if found.head.whole:
        return found
    with writing(store):
        reveals.record(store, "reveal", "case", found.case_id, why=why, by=by, at=events.moment(store, now))
    return replace(found, head=case_form.head(store, cases.whole(store, found.case_id)))


def blank(store: Store) -> Form:
    """Return the form with nothing in it but the boxes of those who sign, as the centre set their order."""
    rows = store.rows("SELECT step FROM sign_steps WHERE active = 1 ORDER BY position, step")
    empty = {"department": None, "agreed": None, "opinion": "", "handling": None, "deadline_on": "", "signer": ""}
    return Form(
        opinions=tuple(
            Opinion(step=STEPS[row["step"]], **empty, by_name="", on_paper=False, signed_at=None)  # type: ignore[arg-type]
            for row in rows
        )
    )


def _found(store: Store, no: str, by: Actor, now: datetime) -> Case:
    row = store.row(
        "SELECT cases.id, EXISTS (SELECT 1 FROM endorsements WHERE case_id = cases.id AND"  # noqa: S608
        " (department = :department OR :me IN (signed_for, signed_by))) OR EXISTS (SELECT 1 FROM visit_day_departments"
        " WHERE visit_day_departments.visit_day_id = booked.visit_day_id AND (department = :department"
        " OR staff_id = :me)) OR EXISTS (SELECT 1 FROM resolutions WHERE case_id = cases.id"
        " AND department = :department) AS concerns FROM cases"
        " JOIN visit_day_bookings AS booked ON booked.case_id = cases.id"
        f" WHERE no = :no AND {seals.open_to(by)}",
        {"no": no.strip().upper(), "department": by.department, "me": by.id},
    )
    if row is None:
        cases.find(store, no, by=by)
        raise Refused("step_not_now")
    if by.role in cases.OF_OWN_DEPARTMENT and row["concerns"]:
        return cases.masked(store, row["id"])
    # Who was asked to sign reads it too, and his deputy.
    return sign_records.find(store, no, by=by, now=now)


def _opinions(store: Store, case: Case) -> list[Opinion]:
    """Return the boxes of the chain as it stands: those of its last round under the wording that holds."""
    rows = store.rows(
        "SELECT given.*, own.name AS own_zh, own.name_en AS own_en, handling.name AS handling_zh,"
        " handling.name_en AS handling_en, coalesce(signer.name, '') AS signer, coalesce(hand.name, '') AS hand"
        " FROM endorsements AS given JOIN visit_day_bookings AS booked ON booked.case_id = given.case_id"
        " LEFT JOIN departments AS own ON own.code = given.department"
        " LEFT JOIN departments AS handling ON handling.code = handling_department"
        " LEFT JOIN staff AS signer ON signer.id = signed_for LEFT JOIN staff AS hand ON hand.id = signed_by"
        " WHERE given.case_id = ? AND given.wording = booked.wording AND given.state <> 'void'"
        " AND given.round = (SELECT max(round) FROM endorsements WHERE case_id = given.case_id)"
        " ORDER BY given.position, given.step, given.department",
        [case.id],
    )
    return [
        Opinion(
            step=STEPS[row["step"]],
            department=Words(row["own_zh"], row["own_en"]) if row["department"] else None,
            agreed=None if row["state"] == "pending" else row["state"] == "agreed",
            opinion=row["opinion"] or "",
            handling=Words(row["handling_zh"], row["handling_en"]) if row["handling_department"] else None,
            deadline_on=row["deadline_on"] or "",
            signer=row["signer"],
            by_name=row["hand"] if row["signed_by"] != row["signed_for"] else "",
            on_paper=bool(row["on_paper"]),
            signed_at=row["signed_at"],
        )
        for row in rows
    ]
