"""Known faults, and the homes on the list of one, as tables to take out; masked as the screen is to this reader."""

from collections.abc import Sequence

from db.store import Store
from reception.fault_ends import CHANNELS
from reception.fault_records import Fault, Household
from reception.rules import clock, local_times
from reception.site import site
from reception.wording import Words

NOTHING = Words("", "")


def fault_columns() -> list[tuple[str, Words]]:
    """Return the columns of the faults as a table. Rows are what `fault_rows` gives."""
    return [
        ("no", Words("编号", "No.")),
        ("cause", Words("故障", "Fault")),
        ("where", Words("范围", "Where")),
        ("what", Words("情况", "What is wrong")),
        ("state", Words("状态", "State")),
        ("households", Words("涉及户数", "Homes")),
        ("untold", Words("待告知", "To tell")),
        ("owner", Words("负责人", "Held by")),
        ("declared", Words("发布时间", "Declared")),
        ("expected", Words("预计恢复", "Expected back")),
        ("restored", Words("恢复时间", "Restored")),
        ("closed", Words("办结时间", "Closed")),
    ]


def fault_rows(store: Store, faults: Sequence[Fault]) -> list[dict[str, str | Words]]:
    """Return faults as rows of a table; times of the site."""
    return [
        {
            "no": fault.no,
            "cause": fault.name,
            "where": fault.where,
            "what": fault.what,
            "state": fault.state_words,
            "households": str(fault.households),
            "untold": str(fault.untold),
            "owner": fault.owner_name,
            "declared": _time(store, fault.declared_at),
            "expected": _time(store, fault.expected_at),
            "restored": _time(store, fault.restored_at),
            "closed": _time(store, fault.closed_at),
        }
        for fault in faults
    ]


def home_columns() -> list[tuple[str, Words]]:
    """Return the columns of the homes of a fault as a table. Rows are what `home_rows` gives."""
    return [
        ("home", Words("住址", "Home")),
        ("name", Words("姓名", "Name")),
        ("phone", Words("电话", "Phone")),
        ("noted", Words("登记时间", "Noted")),
        ("told", Words("告知时间", "Told")),
        ("channel", Words("方式", "How")),
        ("by", Words("告知人", "Told by")),
        ("unreachable", Words("联系不上", "Not reached")),
        ("attempts", Words("未接通次数", "Vain attempts")),
    ]


def home_rows(store: Store, homes: Sequence[Household]) -> list[dict[str, str | Words]]:
    """Return the homes of a fault as rows of a table, names and phones as they were read."""
    return [
        {
            "home": home.unit.label,
            "name": home.name,
            "phone": home.phone,
            "noted": _time(store, home.at),
            "told": _time(store, home.told_at),
            "channel": CHANNELS.get(home.told_channel or "", NOTHING),
            "by": home.told_by or "",
            "unreachable": _time(store, home.unreachable_at),
            "attempts": str(home.attempts),
        }
        for home in homes
    ]


def _time(store: Store, text: str | None) -> str:
    return local_times.written(clock.from_text(text), zone=site(store).zone) if text else ""
