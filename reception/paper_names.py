"""Whether a paper names whole whom a matter is of: printed again by who neither holds nor serves, that is a look."""

from dataclasses import asdict

from db.store import Store
from reception import serving
from reception.cases import Case
from reception.papers import Paper
from reception.permissions import Actor


def shows_stranger(store: Store, case: Case, paper: Paper, *, by: Actor) -> bool:
    """Tell whether a paper of a case bears a name or telephone whole, and its printer neither holds nor serves.

    `case` is whole. Asked of the facts of the paper, so that no kind of paper can be forgotten.
    """
    if serving.holds_or_serves(store, owner_id=case.owner_id, visit_id=case.visit_id, phone=case.phone, by=by):
        return False
    said = str(asdict(paper))
    others = store.rows(
        "SELECT name, phone FROM case_agents WHERE case_id = :case"
        " UNION SELECT sender, taken_by FROM handovers WHERE case_id = :case",
        {"case": case.id},
    )
    return any(text and text in said for row in [(case.name, case.phone), *others] for text in row)
