"""The official holidays and make-up days that come with the box: the notices of the State Council, 2004 to now."""

from datetime import date

from reception.rules.working_days import Calendar, DayKind
from reception.wording import Words

# The data names them in English.
NAMES = {
    "New Year's Day": Words("元旦", "New Year's Day"),
    "Spring Festival": Words("春节", "Spring Festival"),
    "Tomb-sweeping Day": Words("清明节", "Tomb-sweeping Day"),
    "Labour Day": Words("劳动节", "Labour Day"),
    "Dragon Boat Festival": Words("端午节", "Dragon Boat Festival"),
    "Mid-autumn Festival": Words("中秋节", "Mid-autumn Festival"),
    "National Day": Words("国庆节", "National Day"),
    "Anti-Fascist 70th Day": Words("抗战胜利七十周年纪念日", "70th anniversary of the victory"),
}


def named(note: str) -> Words:
    """Return the name of a day as readers say it: of official data in both languages, else as it was written."""
    return NAMES.get(note, Words(note, note))


def fixed(day: date) -> Words:
    """Return the name of a statutory day with a fixed date, which rests before any notice of its year."""
    return NAMES[{1: "New Year's Day", 5: "Labour Day", 10: "National Day"}[day.month]]


def official_days() -> dict[date, tuple[DayKind, str]]:
    """Return every exception that we have official data for, with its name."""
    # Imported here: no page needs it, and services need not carry it in memory.
    import chinese_calendar

    rest = {day: (DayKind.REST, name) for day, name in chinese_calendar.holidays.items()}
    work = {day: (DayKind.WORK, name) for day, name in chinese_calendar.workdays.items()}
    return rest | work


def official_calendar() -> Calendar:
    """Return the calendar of these alone: what a box without a store goes by."""
    days = official_days()
    return Calendar(
        days={day: kind for day, (kind, _) in days.items()}, official_years=frozenset(day.year for day in days)
    )
