"""What the states of all kinds of case share: a step from some states to one."""

from typing import NamedTuple


class Step(NamedTuple):
    """An act: the states it may be done in, and the state it leads to; None: the state stays as it is."""

    before: frozenset[str]
    after: str | None


def step(after: str | None, *before: str) -> Step:
    """Return the step to a state from any of these."""
    return Step(frozenset(before), after)
