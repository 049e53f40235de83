"""What 今日待办 is made of: groups, and the tasks that each holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reception.permissions import Actor, Role
from reception.wording import Words

# So many rows of a group are shown; what it counts is all of them, and its head leads to the rest.
MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: its number, where it is done, what it is about, the place, whose it is, by when.

    `loud`: it is late, or must not wait.
    """

    no: str
    path: str
    what: Words
    where: str = ""
    who: str = ""
    due_at: str | None = None
    loud: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a group, and how many there are of them in all."""

    tasks: list[Task]
    total: int


@dataclass(frozen=True, slots=True)
class Group:
    """A list of the day: its name, who sees it (an act, and roles where an act is too wide), where all of it stands.

    `read` returns at most MOST rows.
    """

    code: str
    name: Words
    act: str
    path: str
    read: Callable[[Actor, datetime], Found]
    roles: frozenset[Role] = frozenset(Role)
