"""The roles of the house, and the groups of them that the tables of acts name."""

from enum import StrEnum


class Role(StrEnum):
    """The roles of the procedures (`domain.md` B), and the two doors that are not staff."""

    RECEPTIONIST = "receptionist"
    ASSISTANT = "assistant"
    SERVICE_HEAD = "service_head"
    DEPARTMENT_HEAD = "department_head"
    WORKER = "worker"
    TEAM_LEADER = "team_leader"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    KIOSK = "kiosk"
    TOKEN_HOLDER = "token_holder"
    BOX = "box"


FRONT = frozenset({Role.RECEPTIONIST, Role.ASSISTANT, Role.SERVICE_HEAD})
HEADS = frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.TEAM_LEADER, Role.MANAGER})

# The manager receives in private whoever asked for him.
CALLERS = FRONT | {Role.MANAGER}
