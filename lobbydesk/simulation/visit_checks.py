"""What must never happen on a visit day (`domain.md` K3, K5), each as a check of the records of a day."""

from collections.abc import Callable
from itertools import pairwise

from db.store import Store
from reception.site import site


def guests_are_called_from_the_session_alone(store: Store) -> list[str]:
    """K5: no counter ever called a guest of the visit day, and its room nobody else."""
    return [
        f"{row['no']} was called to {row['counter']}"
        for row in store.rows(
            "SELECT tickets.no, calls.counter FROM calls JOIN tickets ON tickets.id = ticket_id"
            " JOIN lines ON lines.code = tickets.line JOIN counters ON counters.no = calls.counter"
            " WHERE lines.session <> counters.session ORDER BY calls.id"
        )
    ]


def nobody_is_met_without_signatures(store: Store) -> list[str]:
    """K3, 11: before a talk every step of the chain was signed, under the wording that was spoken about; for who
    walked in the manager's own.
    """
    return [
        f"{row['no']} was met without the signature of {row['step']}"
        for row in store.rows(
            "SELECT cases.no, sign_steps.step FROM visit_day_meetings AS talk JOIN cases ON cases.id = talk.case_id"
            " JOIN visit_day_bookings AS booked ON booked.case_id = cases.id JOIN sign_steps ON sign_steps.active = 1"
            " WHERE (booked.walk_in = 0 OR sign_steps.step = 'manager') AND NOT EXISTS (SELECT 1 FROM endorsements"
            " AS signed WHERE signed.case_id = cases.id AND signed.step = sign_steps.step AND signed.state = 'agreed'"
            " AND signed.wording = booked.wording AND signed.signed_at <= talk.began_at"
            # Whoever sent it back before, the last round counts; all whom it asked have agreed.
            " AND signed.round = (SELECT max(round) FROM endorsements AS newest WHERE newest.case_id = cases.id)"
            " AND NOT EXISTS (SELECT 1 FROM endorsements AS other WHERE other.case_id = cases.id"
            " AND other.step = signed.step AND other.round = signed.round AND other.state <> 'agreed'))"
            " ORDER BY talk.id"
        )
    ]


def every_talk_has_its_decision(store: Store) -> list[str]:
    """K3, 7: whoever was met has a decision with department and deadline, read to him, and watched."""
    found = [
        f"{row['no']} was met and nothing was decided"
        for row in store.rows(
            "SELECT no FROM visit_day_meetings AS talk JOIN cases ON cases.id = talk.case_id"
            " JOIN visit_day_bookings AS booked ON booked.case_id = cases.id WHERE NOT EXISTS"
            " (SELECT 1 FROM resolutions WHERE resolutions.case_id = talk.case_id) ORDER BY talk.id"
        )
    ]
    return found + [
        f"a decision of {row['no']} was not read to him, or nobody watches it"
        for row in store.rows(
            "SELECT no FROM resolutions JOIN cases ON cases.id = resolutions.case_id"
            " JOIN visit_day_bookings AS booked ON booked.case_id = cases.id"
            " WHERE read_back_at IS NULL OR supervision_id IS NULL ORDER BY resolutions.id"
        )
    ]


def no_seat_is_given_twice(store: Store) -> list[str]:
    """K6: at no time more households than the centre receives at once."""
    return [
        f"{row['count']} households at {row['starts']}"
        for row in store.rows(
            "SELECT starts, count(*) AS count FROM visit_day_slots WHERE case_id IS NOT NULL"
            " GROUP BY visit_day_id, starts HAVING count(*) > ? ORDER BY starts",
            [site(store).visit_day_capacity],
        )
    ]


def talks_never_overlap(store: Store) -> list[str]:
    """One room, one talk at a time; none without an end."""
    rows = store.rows(
        "SELECT visit_day_id, began_at, ended_at FROM visit_day_meetings ORDER BY visit_day_id, began_at, id"
    )
    found = [f"the talk that began at {row['began_at']} never ended" for row in rows if row["ended_at"] is None]
    return found + [
        f"the talk of {second['began_at']} began before the one before it ended"
        for first, second in pairwise(rows)
        if first["visit_day_id"] == second["visit_day_id"] and second["began_at"] < (first["ended_at"] or "9")
    ]


CHECKS: dict[str, Callable[[Store], list[str]]] = {
    "K5.session": guests_are_called_from_the_session_alone,
    "K3.11": nobody_is_met_without_signatures,
    "K3.7": every_talk_has_its_decision,
    "K6.seats": no_seat_is_given_twice,
    "K6.talks": talks_never_overlap,
}
