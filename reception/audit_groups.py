"""Groups of acts: by these the audit log is searched, and some go after their time (`retention_rules`): one list."""

from typing import Final

from reception import reveals
from reception.wording import Words

# What to look for. An act belongs to a group by its name, whatever it was done to; the rest is the work of the day.
GROUPS: Final[dict[str, tuple[Words, str]]] = {
    "access": (
        Words("登录与会话", "Log-ins and sessions"),
        "log_in log_out login_* phone_* lock_* unlock_* end_session",
    ),
    "accounts": (
        Words("账户与权限", "Accounts and rights"),
        "set_staff change_password set_password give_first_code give_code staff_left hand_over_work confirm_head"
        " let_in share_sealed seal name_accused unname_accused name_sign_deputy end_sign_deputy visit_day_deputy",
    ),
    "looks": (
        Words("查看个人信息", "Looks at personal data"),
        # A paper printed again is of the paper's own history, whoever stands on it.
        " ".join(what for what in reveals.WHATS if what != reveals.REPRINT)
        + " reveal_* see_home see_guest read_agenda read_answer search_person read_audit",
    ),
    "taken": (
        Words("导出与打印带走", "Taken out"),
        "export export_* print_agenda print_evacuation print_form print_log",
    ),
    "persons": (
        Words("删除与更正个人信息", "Personal data removed or put right"),
        "erase* remove retention correct_phone correct_resident withdraw_consent consent*",
    ),
    "settings": (
        Words("设置更改", "Settings changed"),
        "configure set_* import route_papers change_printer retire_printer add_printer probe_public_url publish_notice",
    ),
    "box": (
        Words("备份、恢复与时钟", "Backup, restore, clock"),
        "ask_* restore_store acknowledge_restoration correct_clock self_test print_power_cut_card box_wish",
    ),
}
# Who came in, who looked at whom, who took it out of the house: these alone retention lets go after their time (K12).
PASSING: Final = ("access", "looks", "taken")


def of_groups(*codes: str) -> str:
    """Return the condition on an event that it belongs to one of these groups."""
    # A pattern is a name of ours, in which nothing is special but its star.
    patterns = dict.fromkeys(one for code in codes for one in GROUPS[code][1].split())
    return "(" + " OR ".join(f"events.what GLOB '{one}'" for one in patterns) + ")"
