"""A repair registered at the kiosk, without waiting: every field is chosen from words, for nobody types there.

domain.md SYS-04 (five fields, urgency), RUL-10 (an urgent repair waits for no convenient time).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from db.store import Store
from reception import events, opening, purposes, repairs, working_calendar
from reception.cases import Case, choice
from reception.permissions import Actor
from reception.refusal import Refused
from reception.repair_facts import CATEGORIES, KIND
from reception.rules import hours, said_times
from reception.rules.hours import Span
from reception.site import site
from reception.wording import Words

# The line of business whose matters may be registered right at the kiosk.
LINE = KIND
PLACES: Mapping[str, Words] = MappingProxyType(
    {
        "kitchen": Words("厨房", "Kitchen"),
        "bathroom": Words("卫生间", "Bathroom"),
        "living_room": Words("客厅", "Living room"),
        "bedroom": Words("卧室", "Bedroom"),
        "balcony": Words("阳台", "Balcony"),
        "shared": Words("楼道/公共区域", "Stairs, shared areas"),
        "elsewhere": Words("其他地方", "Somewhere else"),
    }
)
# What each urgency means to whoever chooses it.
URGENT_OR_NOT: Mapping[str, tuple[Words, Words]] = MappingProxyType(
    {
        "urgent": (
            Words("急修", "Urgent"),
            Words("漏水、断电、堵塞等，等不了", "A leak, no power, a blocked drain: it cannot wait"),
        ),
        "ordinary": (Words("一般", "Ordinary"), Words("可以等，我们先与您联系", "It can wait; we call you first")),
        "planned": (Words("预约时间", "By appointment"), Words("请在约定的时间上门", "Come at the time we agree")),
    }
)
ANY_TIME = "any"
_NOON = 12 * 60
# A half day of which less than this is left is no offer any more; nobody gets ready and comes in it.
_LEAST_MINUTES = 60
_LOOK_AHEAD_DAYS = 14
_HALVES: Mapping[str, Words] = MappingProxyType({"am": Words("上午", "morning"), "pm": Words("下午", "afternoon")})


# The same for whoever left no number: nobody can call him first.
NOT_CALLED: Mapping[str, Words] = MappingProxyType(
    {
        "ordinary": Words("可以等，扫码或致电查看进度", "It can wait; scan the code or call us to see how it goes"),
        ANY_TIME: Words("家里一直有人", "Somebody is always at home"),
    }
)


def urgencies(*, phone: str) -> dict[str, tuple[Words, Words]]:
    """Return the urgencies to choose from, each with what it means to whoever left this phone, or none."""
    words = {} if phone else NOT_CALLED
    return {code: (name, words.get(code, means)) for code, (name, means) in URGENT_OR_NOT.items()}


@dataclass(frozen=True, slots=True)
class TimeChoice:
    """A convenient time to choose: as the visitor reads it (`words`, with `on` below), and its code."""

    code: str
    words: Words
    on: Words


def times(store: Store, *, urgency: str, phone: str = "?", now: datetime) -> list[TimeChoice]:
    """Return the times still to come: two working days in halves, the next weekend, any time unless by appointment.

    A half day counts only where the centre is open in it.
    """
    centre, at = site(store), events.moment(store, now)
    local = at.astimezone(centre.zone)
    today, minute = local.date(), hours.minute_of(local)
    calendar = working_calendar.calendar(store, since=today)
    days = [today + timedelta(days=ahead) for ahead in range(_LOOK_AHEAD_DAYS)]
    spans = {day: opening.spans_of(centre, calendar, day) for day in days}
    working = [day for day in days if calendar.is_open(day) and _halves(spans[day], minute if day == today else 0)]
    found = []
    for day in working[:2]:
        for half in _halves(spans[day], minute if day == today else 0):
            found.append(_half(day, half, today))
    weekend = [day for day in days if day.weekday() >= 5 and not calendar.is_open(day) and spans[day]]
    if weekend and weekend[0] not in working[:2]:
        first = weekend[0]
        found.append(TimeChoice(f"weekend-{first}", Words("周末", "Weekend"), _from(first)))
    if urgency != "planned":
        below = Words("来前先打电话", "Call me first") if phone else NOT_CALLED[ANY_TIME]
        found.append(TimeChoice(ANY_TIME, Words("随时", "Any time"), below))
    return found


def _halves(spans: tuple[Span, ...], minute: int) -> list[str]:
    """Return which halves of a day lie in its opening hours, and are not nearly over at `minute`."""
    left = {
        "am": sum(max(0, min(span.end, _NOON) - max(span.begin, minute)) for span in spans),
        "pm": sum(max(0, span.end - max(span.begin, minute, _NOON)) for span in spans),
    }
    return [half for half, minutes in left.items() if minutes >= _LEAST_MINUTES]


def _half(day: date, half: str, today: date) -> TimeChoice:
    on, name = Words(*said_times.day(day)), _HALVES[half]
    named = {0: Words("今天", "Today"), 1: Words("明天", "Tomorrow")}.get((day - today).days)
    if named is None:
        named = Words(f"周{'一二三四五六日'[day.weekday()]}", on.en.split()[0])
    return TimeChoice(f"{day}-{half}", Words(f"{named.zh}{name.zh}", f"{named.en} {name.en}"), on)


def _from(first: date) -> Words:
    on = Words(*said_times.day(first))
    return Words(f"{on.zh}起", f"from {on.en}")


def written(code: str, *, phone: str = "?") -> str:
    """Return a chosen time as the case keeps it: by its date, for "today" is another day tomorrow.

    Refuses `choice_unknown`.
    """
    if code == ANY_TIME:
        return "随时，来前先打电话" if phone else f"随时，{NOT_CALLED[ANY_TIME].zh}"
    try:
        if code.startswith("weekend-"):
            return f"周末，{_from(date.fromisoformat(code[8:])).zh}"
        day, _, half = code.rpartition("-")
        return f"{said_times.day(date.fromisoformat(day))[0]}{_HALVES[half].zh}"
    except (ValueError, KeyError):
        raise Refused("choice_unknown") from None


def register(
    store: Store,
    *,
    nonce: str,
    matter: str,
    place: str,
    urgency: str,
    time: str,
    unit: str,
    phone: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """Register what was chosen; the content is built from the words: `水暖管道 · 厨房`.

    `matter` is a purpose of the repair line, `time` a code of `times`; an urgent repair needs none. The same nonce
    returns the same case, also after the chosen time has passed. Refuses `matter_unknown`, `choice_unknown` (place),
    `urgency_unknown`, `convenient_time_missing`, `appointed_past` (no longer to be chosen), `unit_missing`, and what
    `repairs.register` refuses.
    """
    purpose = purposes.find(store, matter, LINE)
    where = PLACES[choice(place, dict(PLACES), code="choice_unknown")]
    choice(urgency, {code: name for code, (name, _) in URGENT_OR_NOT.items()}, code="urgency_unknown")
    if not unit:
        raise Refused("unit_missing")
    if urgency != "urgent" and not time:
        raise Refused("convenient_time_missing")
    told_before = store.value("SELECT 1 FROM nonces WHERE nonce = ?", [nonce])
    if time and not told_before and time not in {one.code for one in times(store, urgency=urgency, now=now)}:
        written(time)
        raise Refused("appointed_past")
    return repairs.register(
        store,
        nonce=nonce,
        name="",
        phone=phone,
        unit=unit,
        category=category_of(matter),
        content=f"{purpose.name.zh} · {where.zh}",
        place=where.zh,
        convenient_time=written(time, phone=phone) if time else "",
        urgency=urgency,
        source="kiosk",
        by=by,
        now=now,
    )


def category_of(matter: str) -> str:
    """Return the category that a purpose of the repair line stands for; `other` for one of the centre's own."""
    code = matter.removeprefix("repair-")
    return code if code in CATEGORIES else "other"
