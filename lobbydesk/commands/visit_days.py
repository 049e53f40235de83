"""`lobbydesk visit-days YEAR`: when the visit day of each month falls; of the official calendar, without a store."""

import argparse

from reception.official_days import official_calendar
from reception.rules.visit_days import RollPolicy, year_of_days

# Before this nobody worked five days a week; after it dates have five digits in places.
FIRST, LAST = 1950, 2999
STATES = {False: "confirmed", True: "provisional"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("year", type=_year, metavar="YEAR", help=f"a year from {FIRST} to {LAST}")
    parser.add_argument(
        "--policy",
        type=_policy,
        default=RollPolicy.NEXT_WORKDAY,
        metavar="POLICY",
        help=f"how a day moves off a rest day: {', '.join(RollPolicy)} (default {RollPolicy.NEXT_WORKDAY})",
    )


def run(options: argparse.Namespace) -> int:
    """Print a line a day: nominal date, actual date, `confirmed` or `provisional` (a year without official data)."""
    days = year_of_days(options.year, official_calendar(), options.policy)
    # In one go: whoever reads only the first lines breaks no pipe.
    print("\n".join(f"{day.nominal_on} {day.actual_on} {STATES[day.provisional]}" for day in days))
    return 0


def _year(text: str) -> int:
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    if not FIRST <= year <= LAST:
        raise argparse.ArgumentTypeError(f"not a year from {FIRST} to {LAST}: {text}")
    return year


def _policy(text: str) -> RollPolicy:
    try:
        return RollPolicy(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"no such policy: {text}; it is one of {', '.join(RollPolicy)}") from None
