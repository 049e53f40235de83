"""Cases that belong together: one merged into another (并案), or only linked."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import cases, events, seals
from reception.cases import Case
from reception.kinds import KINDS
from reception.permissions import Actor, permit
from reception.refusal import Refused


@dataclass(frozen=True, slots=True)
class Link:
    """A case that belongs to another: `how` is merged (into this one), target, spawned, origin or linked."""

    how: str
    no: str
    kind: str
    state: str


def merge(store: Store, *, no: str, into: str, by: Actor, now: datetime) -> Case:
    """Merge a case into another of its kind: one is handled, and the persons of both are told its result.

    What was merged into it before goes along; what was charged is withdrawn. Refuses `case_unknown`, `merge_itself`,
    `merge_kinds`, `merge_not_now`, `case_over` (of the target), `merge_sealed`, `money_held`, `changed_meanwhile`.
    """
    permit(by, "merge_cases")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        target = cases.find(store, into, by=by)
        if case.id == target.id:
            raise Refused("merge_itself")
        end = KINDS[case.kind].end
        if case.kind != target.kind or end.may_merge is None:
            raise Refused("merge_kinds")
        if case.closed_at is not None or not end.may_merge(case.state):
            raise Refused("merge_not_now")
        if target.closed_at is not None:
            raise Refused("case_over")
        # What is sealed joins only what the same people may know.
        if not seals.alike(store, case.id, target.id):
            raise Refused("merge_sealed")
        at = events.moment(store, now)
        if end.let_go is not None:
            end.let_go(store, case, f"并案 {target.no}", by=by, at=at)
        store.execute("UPDATE cases SET merged_into = ? WHERE merged_into = ?", [target.id, case.id])
        cases.move(store, case, "merged", "merge", by=by, at=at, detail={"into": target.id}, merged_into=target.id)
        events.record(store, "merged_in", "case", target.id, by=by, at=at, case=case.id)
        return cases.find(store, into, by=by)


def link(store: Store, *, no: str, other: str, by: Actor, now: datetime) -> Case:
    """Say that two cases belong together. Refuses `case_unknown`, `merge_itself`."""
    permit(by, "merge_cases")
    with writing(store):
        case, far = cases.find(store, no, by=by), cases.find(store, other, by=by)
        if case.id == far.id:
            raise Refused("merge_itself")
        pair = sorted((case.id, far.id))
        store.execute("INSERT INTO case_links (case_id, other_id) VALUES (?, ?) ON CONFLICT DO NOTHING", pair)
        # In the history of the one that is sealed: in the other's, everybody would read of a link and see none.
        told, left = (far, case) if far.sealed else (case, far)
        events.record(store, "link", "case", told.id, by=by, at=events.moment(store, now), other=left.id)
        store.touch("cases")
        return case


def of_case(store: Store, case: Case, *, by: Actor) -> list[Link]:
    """Return the cases that belong to this one, without what is sealed from the reader."""
    reach = seals.open_to(by)
    return [
        Link(*row)
        for row in store.rows(
            f"SELECT 'merged', no, kind, state FROM cases WHERE merged_into = :id AND {reach}"  # noqa: S608
            f" UNION ALL SELECT 'target', no, kind, state FROM cases WHERE id = :into AND {reach}"
            f" UNION ALL SELECT 'spawned', no, kind, state FROM cases WHERE spawned_from = :id AND {reach}"
            f" UNION ALL SELECT 'origin', no, kind, state FROM cases WHERE id = :origin AND {reach}"
            " UNION ALL SELECT 'linked', no, kind, state FROM cases WHERE id IN"
            " (SELECT other_id FROM case_links WHERE case_id = :id UNION SELECT case_id FROM case_links"
            f" WHERE other_id = :id) AND {reach}",
            {"id": case.id, "into": case.merged_into, "origin": case.spawned_from},
        )
    ]
