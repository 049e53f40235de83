"""Who owes what, home by home (催缴名单, SYS-39): late, to be called, or asked at all; names and telephones masked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from sqlite3 import Row
from typing import Final

from db.store import Store
from reception import fee_calls, fees
from reception.estate import Unit
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, local_times, money
from reception.rules.masking import mask_name, mask_phone
from reception.site import site
from reception.wording import Words

CALL, OVERDUE, OPEN = "call", "overdue", "open"
SHOWS: Final = {
    CALL: Words("待打电话", "To call"),
    OVERDUE: Words("逾期未缴", "Overdue"),
    OPEN: Words("全部待缴", "All that is open"),
}
_CONDITIONS: Final = {
    CALL: "late > 0 AND NOT EXISTS (SELECT 1 FROM fee_calls WHERE fee_calls.unit_id = owed.unit_id"
    # One that was taken on an earlier day and has no result was never made.
    " AND called_on > :called_since AND (outcome IS NOT NULL OR called_on = :today))",
    OVERDUE: "late > 0",
    OPEN: "1",
}
PAGE: Final = 100
# The owner before anybody else of the home.
_OF_HOME: Final = "FROM residents WHERE residents.unit_id = owed.unit_id ORDER BY relation <> 'owner', id LIMIT 1"
_LAST_CALL: Final = "FROM fee_calls WHERE fee_calls.unit_id = owed.unit_id ORDER BY called_on DESC LIMIT 1"
# A slip that never came out is no notice; one whose job the spool has forgotten was out long ago.
_CAME_OUT: Final = (
    "notice_ref IS NULL OR EXISTS (SELECT 1 FROM print_jobs WHERE ref = notice_ref AND state IN ('printed', 'sent'))"
    " OR NOT EXISTS (SELECT 1 FROM print_jobs WHERE ref = notice_ref)"
)
_SELECT: Final = (
    "WITH owed AS (SELECT unit_id, count(*) AS lines, sum(amount_fen) AS fen,"  # noqa: S608
    " sum(iif(due_on < :today, amount_fen, 0)) AS late, min(due_on) AS oldest,"
    f" max(noticed_at) AS noticed, count(iif({_CAME_OUT}, noticed_at, NULL)) AS on_notice"
    " FROM fees WHERE state = 'notified' GROUP BY unit_id)"
    " SELECT owed.*, units.id, building, unit, room,"
    f" (SELECT name {_OF_HOME}) AS name, (SELECT phone {_OF_HOME}) AS phone,"
    f" (SELECT at {_LAST_CALL}) AS called_at, (SELECT outcome {_LAST_CALL}) AS outcome"
    " FROM owed JOIN units ON units.id = owed.unit_id"
)
_ORDER: Final = (
    " ORDER BY oldest, CAST(building AS INTEGER), building, CAST(unit AS INTEGER), CAST(room AS INTEGER), room"
)


@dataclass(frozen=True, slots=True)
class Debt:
    """What a home is asked to pay: its lines, their sum and what of it is late in fen, since when the oldest is due.

    `days`: how late that one is. `noticed_at`: when all of it stood on a notice; None while some of it never did.
    """

    unit: Unit
    name: str
    phone: str
    lines: int
    fen: int
    late_fen: int
    oldest: str
    days: int
    noticed_at: str | None
    called_at: str | None
    outcome: Words | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of homes, and what all of them come to."""

    show: str
    building: str
    debts: tuple[Debt, ...]
    homes: int
    fen: int
    late_fen: int
    page: int
    pages: int


def listed(store: Store, *, show: str = "", building: str = "", page: int = 1, by: Actor, now: datetime) -> Listed:
    """Return the homes that are to be called, that are late, or that are asked anything (`SHOWS`), the latest first.

    `building` narrows; `page` from 1, 0 for all at once. Refuses `choice_unknown`.
    """
    permit(by, "see_fees")
    show = show or CALL
    if show not in SHOWS:
        raise Refused("choice_unknown")
    found = _rows(store, show, building, now)
    pages = max(1, -(-len(found) // PAGE))
    at = min(max(page, 1), pages)
    shown = found[(at - 1) * PAGE : at * PAGE] if page else found
    day = date.fromisoformat(fees.today(store, now))
    return Listed(
        show,
        building,
        tuple(_debt(row, day) for row in shown),
        len(found),
        sum(row["fen"] for row in found),
        sum(row["late"] for row in found),
        at,
        pages,
    )


def to_call(store: Store, *, by: Actor, now: datetime) -> int:
    """Return how many homes are late and were not called lately."""
    permit(by, "see_fees")
    return len(_rows(store, CALL, "", now))


def _rows(store: Store, show: str, building: str, now: datetime) -> list[Row]:
    today = date.fromisoformat(fees.today(store, now))
    since = today - timedelta(days=site(store).fee_call_days)
    return store.rows(
        f"{_SELECT} WHERE {_CONDITIONS[show]} AND (:building = '' OR building = :building) {_ORDER}",
        {"today": today.isoformat(), "called_since": since.isoformat(), "building": building},
    )


def _debt(row: Row, day: date) -> Debt:
    return Debt(
        unit=Unit(row["id"], row["building"], row["unit"], row["room"]),
        name=mask_name(row["name"] or ""),
        phone=mask_phone(row["phone"] or ""),
        lines=row["lines"],
        fen=row["fen"],
        late_fen=row["late"],
        oldest=row["oldest"],
        days=max(0, (day - date.fromisoformat(row["oldest"])).days),
        noticed_at=row["noticed"] if row["on_notice"] == row["lines"] else None,
        called_at=row["called_at"],
        outcome=fee_calls.OUTCOMES[row["outcome"]] if row["outcome"] else None,
    )


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the list as a table. Rows are what `rows` gives."""
    return [
        ("home", Words("房号", "Home")),
        ("name", Words("姓名", "Name")),
        ("phone", Words("电话", "Phone")),
        ("lines", Words("笔数", "Lines")),
        ("sum", Words("待缴（元）", "To pay (yuan)")),
        ("late", Words("其中逾期（元）", "Overdue (yuan)")),
        ("oldest", Words("最早应缴日", "Due since")),
        ("noticed", Words("通知单打印", "Notice printed")),
        ("called", Words("最近电话", "Last call")),
        ("outcome", Words("结果", "Result")),
    ]


def rows(store: Store, found: Listed) -> list[dict[str, str | Words]]:
    """Return the homes as rows of a table, masked as the screen shows them; times of the site."""
    zone, nothing = site(store).zone, Words("", "")

    def written(at: str | None) -> str:
        return local_times.written(clock.from_text(at), zone=zone) if at else ""

    return [
        {
            "home": one.unit.label,
            "name": one.name,
            "phone": one.phone,
            "lines": str(one.lines),
            "sum": money.format_yuan(one.fen),
            "late": money.format_yuan(one.late_fen),
            "oldest": one.oldest,
            "noticed": written(one.noticed_at),
            "called": written(one.called_at),
            "outcome": one.outcome or nothing,
        }
        for one in found.debts
    ]
