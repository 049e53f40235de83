"""What the states of all kinds of case share: a step from some states to one."""

from collections.abc import Mapping
from typing import NamedTuple


class Step(NamedTuple):
    """An act: the states it may be done in, and the state it leads to; None: the state stays as it is."""

    before: frozenset[str]
    after: str | None


def step(after: str | None, *before: str) -> Step:
    """Return the step to a state from any of these."""
    return Step(frozenset(before), after)


class Life(NamedTuple):
    """The life of a kind of case: its steps, by act."""

    steps: Mapping[str, Step]

    def allowed(self, act: str, state: str) -> bool:
        """Whether the act may be done in this state. Raises KeyError for an act that no such case knows."""
        return state in self.steps[act].before

    def acts_in(self, state: str) -> frozenset[str]:
        """The acts that may be done in a state."""
        return frozenset(act for act, one in self.steps.items() if state in one.before)
