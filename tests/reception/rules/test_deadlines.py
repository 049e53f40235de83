"""How deadlines follow from their starts: the vectors of domain.md K8, and what holds for every calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from chinese_calendar import constants
from hypothesis import given, settings
from hypothesis import strategies as st

from reception.rules.deadlines import Stage, Time, Timetable, counted, deadline, extended, open_time, stage
from reception.rules.hours import Span, parse
from reception.rules.working_days import Calendar, DayKind

SHANGHAI, BERLIN, CAIRO = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("Africa/Cairo")
OFFICIAL = dict.fromkeys(constants.holidays, DayKind.REST) | dict.fromkeys(constants.workdays, DayKind.WORK)
CALENDAR = Calendar(OFFICIAL, frozenset(range(2004, 2027)))
CENTRE = Timetable(CALENDAR, parse("08:30-12:00,13:30-17:30"), (), SHANGHAI)
ALWAYS = Timetable(CALENDAR, parse("00:00-24:00"), parse("00:00-24:00"), SHANGHAI)


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("handled", "due"),
    [("2026-09-18", "2026-09-21"), ("2026-09-30", "2026-10-09"), ("2026-10-09", "2026-10-12")],
)
@pytest.mark.parametrize("hour", ["00:00", "09:00", "17:29", "23:59"])
def test_two_working_days_by_the_vectors_of_the_procedures(handled: str, due: str, hour: str) -> None:
    """K8 gives these for an incident report; the day on which it was handled is day 0 at any hour."""
    assert deadline(Time.WORKING_DAYS, local(f"{handled}T{hour}"), 2, CENTRE) == local(f"{due}T17:30")


def test_a_working_day_ends_with_its_business_or_with_the_day_and_never_on_the_next() -> None:
    start = local("2026-11-23T10:00")
    last = local("2026-11-26T23:59:59.999")
    assert deadline(Time.WORKING_DAYS, start, 3, ALWAYS) == last
    without = Timetable(CALENDAR, (), (), SHANGHAI)
    assert deadline(Time.WORKING_DAYS, start, 3, without) == last
    evening = Timetable(CALENDAR, parse("08:30-12:00,13:30-23:45"), (), SHANGHAI)
    assert deadline(Time.WORKING_DAYS, start, 3, evening) == local("2026-11-26T23:45")


@pytest.mark.parametrize(
    ("handled", "due"),
    [("2026-09-18", "2026-09-21"), ("2026-09-30", "2026-10-09"), ("2026-10-09", "2026-10-12")],
)
def test_the_vectors_hold_to_their_day_where_the_centre_never_closes(handled: str, due: str) -> None:
    found = deadline(Time.WORKING_DAYS, local(f"{handled}T09:00"), 2, ALWAYS).astimezone(SHANGHAI)
    assert found.strftime("%Y-%m-%d %H:%M") == f"{due} 23:59"


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-23T09:00", 60, "2026-11-23T10:00"),
        ("2026-11-23T11:00", 60, "2026-11-23T12:00"),  # up to the break, not after it
        ("2026-11-23T11:00", 61, "2026-11-23T13:31"),  # over the break
        ("2026-11-23T16:00", 240, "2026-11-24T11:00"),  # over the night
        ("2026-11-27T16:30", 240, "2026-11-30T11:30"),  # over the weekend
        ("2026-11-28T10:00", 240, "2026-11-30T14:00"),  # from a rest day
        ("2026-09-30T17:00", 60, "2026-10-08T09:00"),  # over the National Day
        ("2026-09-19T10:00", 30, "2026-09-20T09:00"),  # the Sunday is made up
        ("2026-11-23T12:30", 0, "2026-11-23T12:30"),
    ],
)
def test_opening_hours(start: str, minutes: int, due: str) -> None:
    assert deadline(Time.OPEN, local(start), minutes, CENTRE) == local(due)


def test_hours_of_rest_days_count_where_the_centre_is_open_then() -> None:
    saturdays = Timetable(CALENDAR, CENTRE.work, parse("09:00-12:00"), SHANGHAI)
    assert deadline(Time.OPEN, local("2026-11-27T17:00"), 60, saturdays) == local("2026-11-28T09:30")


def test_around_the_clock_is_the_wall_over_midnight_and_holidays() -> None:
    start = local("2026-09-30T23:50")
    assert deadline(Time.OPEN, start, 3000, ALWAYS) == deadline(Time.WALL, start, 3000, ALWAYS)


def test_the_wall_knows_no_hours_and_an_agreed_time_has_its_tolerance() -> None:
    assert deadline(Time.WALL, local("2026-11-28T23:50"), 30, CENTRE) == local("2026-11-29T00:20")
    assert deadline(Time.AGREED, local("2026-11-24T14:00"), 15, CENTRE) == local("2026-11-24T14:15")


@pytest.mark.parametrize(
    ("start", "minutes", "due", "zone"),
    [
        # 29 March 2026: 02:00 is 03:00. The day has 23 hours.
        ("2026-03-29T00:30", 120, "2026-03-29T03:30", BERLIN),
        ("2026-03-29T00:00", 23 * 60, "2026-03-30T00:00", BERLIN),
        # 25 October 2026: 03:00 is 02:00 again. The day has 25 hours.
        ("2026-10-25T00:00", 25 * 60, "2026-10-26T00:00", BERLIN),
        # 24 April 2026: midnight itself does not exist.
        ("2026-04-23T23:30", 60, "2026-04-24T01:30", CAIRO),
    ],
)
def test_summer_time(start: str, minutes: int, due: str, zone: ZoneInfo) -> None:
    always = Timetable(CALENDAR, ALWAYS.work, ALWAYS.rest, zone)
    for time in (Time.OPEN, Time.WALL):
        assert deadline(time, local(start, zone), minutes, always) == local(due, zone).astimezone(UTC), time


def test_hours_that_the_clock_skips_have_no_minutes() -> None:
    night = Timetable(CALENDAR, parse("01:00-02:30,02:40-04:00"), parse("01:00-02:30,02:40-04:00"), BERLIN)
    # 02:30 is read as 03:30, 02:40 as 03:40: one hour and a half, then twenty minutes; never an hour twice.
    assert open_time(local("2026-03-29T00:00", BERLIN), local("2026-03-29T12:00", BERLIN), night) == timedelta(
        minutes=110
    )


@pytest.mark.parametrize("time", [Time.OPEN, Time.WORKING_DAYS])
def test_a_calendar_without_an_open_hour_refuses_and_never_loops(time: Time) -> None:
    closed = Calendar(
        {date(2020, 1, 1) + timedelta(days=n): DayKind.REST for n in range(3000)}, frozenset(range(2019, 2030))
    )
    with pytest.raises(ValueError, match="no_open_hour"):
        deadline(time, local("2020-06-01T10:00"), 1, Timetable(closed, CENTRE.work, (), SHANGHAI))
    assert open_time(local("2020-06-01T10:00"), local("2026-06-01T10:00"), Timetable(closed, (), (), SHANGHAI)) == (
        timedelta(0)
    )
    with pytest.raises(ValueError, match="amount_invalid"):
        deadline(time, local("2026-06-01T10:00"), -1, CENTRE)


def test_no_working_day_is_no_length() -> None:
    with pytest.raises(ValueError, match="amount_invalid"):
        deadline(Time.WORKING_DAYS, local("2026-06-01T10:00"), 0, CENTRE)


@pytest.mark.parametrize(
    ("time", "due", "begin", "end", "later"),
    [
        (Time.WALL, "2026-11-23T12:00", "2026-11-23T10:00", "2026-11-23T11:30", "2026-11-23T13:30"),
        (Time.AGREED, "2026-11-23T14:15", "2026-11-23T10:00", "2026-11-24T10:00", "2026-11-24T14:15"),
        # A pause over the night is one of the hour before the close and the half after the opening.
        (Time.OPEN, "2026-11-24T10:00", "2026-11-23T16:30", "2026-11-24T09:00", "2026-11-24T11:30"),
        (Time.OPEN, "2026-11-24T10:00", "2026-11-23T18:00", "2026-11-24T08:00", "2026-11-24T10:00"),
        # Two closes of business: two working days more.
        (Time.WORKING_DAYS, "2026-11-26T17:30", "2026-11-24T16:00", "2026-11-26T09:00", "2026-11-30T17:30"),
        (Time.WORKING_DAYS, "2026-11-26T17:30", "2026-11-24T10:00", "2026-11-24T17:00", "2026-11-26T17:30"),
        (Time.WALL, "2026-11-23T12:00", "2026-11-23T11:00", "2026-11-23T10:00", "2026-11-23T12:00"),
    ],
)
def test_a_pause_moves_the_deadline(time: Time, due: str, begin: str, end: str, later: str) -> None:
    assert extended(time, local(due), local(begin), local(end), CENTRE) == local(later)


def test_a_working_day_that_ends_at_midnight_is_moved_by_as_many_days() -> None:
    due = deadline(Time.WORKING_DAYS, local("2026-11-23T10:00"), 3, ALWAYS)
    moved = extended(Time.WORKING_DAYS, due, local("2026-11-24T10:00"), local("2026-11-25T10:00"), ALWAYS)
    assert moved == local("2026-11-27T23:59:59.999")
    # One that was kept as 24:00 before is moved by as many days.
    before = local("2026-11-27T00:00")
    again = extended(Time.WORKING_DAYS, before, local("2026-11-24T10:00"), local("2026-11-25T10:00"), ALWAYS)
    assert again == moved


def test_stages() -> None:
    started, due = local("2026-11-23T16:30"), local("2026-11-24T11:30")
    at = {text: stage(Time.OPEN, started, due, local(text), 25, CENTRE) for text in (
        "2026-11-23T16:30", "2026-11-24T10:29", "2026-11-24T10:30", "2026-11-24T11:30", "2026-11-24T11:31"
    )}  # fmt: skip
    # A quarter of its four open hours, not of its nineteen on the wall.
    assert list(at.values()) == [Stage.RUNNING, Stage.RUNNING, Stage.WARN, Stage.WARN, Stage.OVERDUE]
    assert stage(Time.WALL, started, due, local("2026-11-24T11:00"), 0, CENTRE) is Stage.RUNNING


# What holds for every calendar.

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
ZONES = st.sampled_from([SHANGHAI, BERLIN, CAIRO, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")])


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """The hours of a day: none, some with breaks, some to midnight."""
    edges = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    return tuple(Span(begin * 15, end * 15) for begin, end in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def timetables(draw: st.DrawFn) -> Timetable:
    """Calendars with holidays, make-up days, and months in which nobody is there."""
    days = draw(st.dictionaries(DAYS, st.sampled_from(DayKind), max_size=40))
    if draw(st.booleans()):
        first = draw(DAYS)
        days |= {first + timedelta(days=n): DayKind.REST for n in range(draw(st.integers(1, 330)))}
    calendar = Calendar(days, frozenset({2025, 2026}))
    return Timetable(calendar, draw(spans()), draw(st.one_of(st.just(()), spans())), draw(ZONES))


FIRST = datetime(2025, 2, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=1000)).map(lambda span: FIRST + span)
SPANS = st.one_of(
    st.timedeltas(timedelta(0), timedelta(hours=30)),
    st.timedeltas(timedelta(0), timedelta(days=60)),
)
CLOCKS = st.one_of(
    st.tuples(st.sampled_from([Time.WALL, Time.OPEN, Time.AGREED]), st.integers(0, 5000)),
    st.tuples(st.just(Time.WORKING_DAYS), st.integers(1, 30)),
)


def attempt(time: Time, start: datetime, amount: int, table: Timetable) -> datetime | None:
    try:
        return deadline(time, start, amount, table)
    except ValueError as error:
        assert str(error) == "no_open_hour"
        return None


@settings(max_examples=400, deadline=None)
@given(clock=CLOCKS, start=MOMENTS, span=SPANS, table=timetables())
def test_the_deadline_of_a_later_start_is_never_earlier(
    clock: tuple[Time, int], start: datetime, span: timedelta, table: Timetable
) -> None:
    earlier, later = attempt(clock[0], start, clock[1], table), attempt(clock[0], start + span, clock[1], table)
    if earlier is not None and later is not None:
        assert start <= earlier <= later
    if clock[0] in {Time.WALL, Time.AGREED}:
        assert earlier is not None


@settings(max_examples=200, deadline=None)
@given(start=MOMENTS, minutes=st.integers(0, 3000), table=timetables())
def test_a_deadline_in_opening_hours_lies_so_much_open_time_away(
    start: datetime, minutes: int, table: Timetable
) -> None:
    due = attempt(Time.OPEN, start, minutes, table)
    if due is not None:
        assert open_time(start, due, table) == timedelta(minutes=minutes)


@settings(max_examples=200, deadline=None)
@given(clock=CLOCKS, start=MOMENTS, begin=SPANS, pause=SPANS, table=timetables())
def test_a_pause_leaves_what_was_left_and_never_brings_a_deadline_forward(
    clock: tuple[Time, int], start: datetime, begin: timedelta, pause: timedelta, table: Timetable
) -> None:
    due = attempt(clock[0], start, clock[1], table)
    if due is None:
        return
    paused, resumed = start + begin, start + begin + pause
    try:
        moved = extended(clock[0], due, paused, resumed, table)
    except ValueError:
        return
    assert moved >= due
    if clock[0] is not Time.WORKING_DAYS and paused <= due:
        assert counted(clock[0], resumed, moved, table) == counted(clock[0], paused, due, table)
