"""The settings of passes for goods (物品放行): who approves them, and who stands at the gate."""

from typing import Final

from reception.roles import FRONT, Role
from reception.setting_types import NO_HELP, Group, Setting
from reception.wording import Words

APPROVERS: Final[dict[str, tuple[Words, frozenset[Role]]]] = {
    "heads": (Words("客服主管或经理", "Head of service or manager"), frozenset({Role.SERVICE_HEAD, Role.MANAGER})),
    "desk": (Words("前台的另一位同事或经理", "Another colleague at the desk, or the manager"), FRONT | {Role.MANAGER}),
}
# The code of the department whose workers stand at the gate.
SECURITY: Final = "security"
GATE: Final = {
    SECURITY: Words("秩序维护部的人员", "Workers of Security"),
    "all": Words("所有部门的一线人员", "Workers of every department"),
}

GROUP = Group(
    "releases",
    Words("物品放行", "Goods release"),
    (
        Setting(
            "release_approvers",
            Words("放行由谁批准", "Passes are approved by"),
            "choice",
            help=NO_HELP,
            choices={code: words for code, (words, _roles) in APPROVERS.items()},
        ),
        Setting("release_gate", Words("门岗由谁核对", "The gate is kept by"), "choice", choices=GATE),
    ),
)
