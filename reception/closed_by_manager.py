"""What is known of cases that a manager closed without consent (未经同意结案): `without_consent` closes them."""

from dataclasses import dataclass

from db.store import Store
from reception.wording import Words

NAME = Words("未经同意结案", "Closed without consent")
# Of a row of `cases`: whether the manager's word is what closed it, and it was not opened again since.
STANDS = (
    "cases.state = 'closed' AND EXISTS (SELECT 1 FROM closings_without_consent"
    " WHERE case_id = cases.id AND round = cases.round)"
)


@dataclass(frozen=True, slots=True)
class Closing:
    """That a case was closed without consent: why, when and by whom."""

    reason: str
    at: str
    by_name: str


def stands(store: Store, no: str) -> bool:
    """Whether a case was closed without consent and was not opened again since."""
    return store.value(f"SELECT 1 FROM cases WHERE no = ? AND {STANDS}", [no]) is not None  # noqa: S608


def ended(store: Store, case_id: int, of_round: int) -> bool:
    """Whether that is how this round of a case ended, whatever came after."""
    sql = "SELECT 1 FROM closings_without_consent WHERE case_id = ? AND round = ?"
    return store.value(sql, [case_id, of_round]) is not None


def of_case(store: Store, case_id: int) -> list[Closing]:
    """Return every time that a case was closed without consent, oldest first."""
    rows = store.rows(
        "SELECT reason, at, staff.name FROM closings_without_consent JOIN staff ON staff.id = by_id WHERE case_id = ?"
        " ORDER BY closings_without_consent.id",
        [case_id],
    )
    return [Closing(*row) for row in rows]
