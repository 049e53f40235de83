"""The settings of homes in custody (房屋托管): what a new agreement begins with, and who walks the rounds."""

from typing import Final

from reception.setting_types import NO_HELP, Group, Setting, count
from reception.wording import Words

# The code of the department whose workers walk the rounds.
SECURITY: Final = "security"
WALKERS: Final = {
    SECURITY: Words("秩序维护部的人员", "Staff of Security"),
    "all": Words("所有部门的一线人员", "Staff of every department"),
}

GROUP = Group(
    "custody",
    Words("房屋托管", "Homes in custody"),
    (
        count("custody_water", "托管期间用水上限（m³）", "Water during a custody, at most (m³)", 0, 9999),
        count("custody_electric", "托管期间用电上限（kWh）", "Electricity during a custody, at most (kWh)", 0, 9999),
        count("custody_share", "托管期间物业管理费按全额的（%）", "Part of the property fee asked (%)", 1, 100),
        Setting(
            "custody_walkers",
            Words("巡查由谁进行（前台和经理除外）", "Rounds are walked, besides desk and manager, by"),
            "choice",
            help=NO_HELP,
            choices=WALKERS,
        ),
    ),
)
