"""Who may do what, by subject: one table of the house, each subject in a file of its own."""

from reception.acts import (
    box,
    care,
    cases,
    complaints,
    custody,
    fees,
    follow_through,
    forms,
    inspections,
    interface,
    matters,
    months,
    notices,
    people,
    procedures,
    queue,
    releases,
    repairs,
    tours,
    visit_days,
)
from reception.roles import Role

_SUBJECTS = (
    queue,
    cases,
    repairs,
    complaints,
    box,
    matters,
    follow_through,
    people,
    visit_days,
    months,
    procedures,
    forms,
    releases,
    notices,
    care,
    interface,
    fees,
    inspections,
    custody,
    tours,
)
MAY: dict[str, frozenset[Role]] = {act: roles for subject in _SUBJECTS for act, roles in subject.MAY.items()}

# Two subjects that named one act would silently widen or narrow each other.
if len(MAY) != sum(len(subject.MAY) for subject in _SUBJECTS):
    raise AssertionError("an act stands in two subjects")
