"""Warranty by two clocks: the vectors of domain.md J3, and what must hold of any dates."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception.rules import warranty
from reception.rules.warranty import Dates, Season, Term, add_months, propose, season_end

WINTER = Season((11, 15), (3, 15))
ROOF = Term(completion_months=60, handover_months=36)
LEAK = Term(completion_months=60, handover_months=12)
HEATING = Term(completion_seasons=2, handover_seasons=1)
PIPES = Term(completion_months=24, handover_months=12)
BLOCKAGE = Term(handover_months=2)
LAMPS = Term(handover_months=6)
WIRING = Term(completion_months=24)
STRUCTURE = Term(completion_months=600)


def on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("term", "completion", "handover", "contract", "ends"),
    [
        # Structure: the design life, here 50 years.
        (STRUCTURE, "2020-06-30", None, None, "2070-06-30"),
        # Roof: 5 years from completion, 3 from hand-over; whichever ends later.
        (ROOF, "2020-06-30", "2021-01-15", None, "2025-06-30"),
        (ROOF, "2020-06-30", "2023-01-15", None, "2026-01-15"),
        (LEAK, "2020-06-30", "2025-01-15", None, "2026-01-15"),
        (PIPES, "2024-02-29", "2024-03-01", None, "2026-02-28"),
        (WIRING, "2024-05-31", None, None, "2026-05-31"),
        (BLOCKAGE, None, "2025-12-31", None, "2026-02-28"),
        (LAMPS, None, "2025-08-31", None, "2026-02-28"),
        # The contract may promise more, never less.
        (PIPES, "2020-01-01", "2020-01-01", "2030-12-31", "2030-12-31"),
        (PIPES, "2024-01-01", "2024-01-01", "2024-02-01", "2026-01-01"),
        # Heating: two seasons from completion, one from hand-over; no year has a season's length.
        (HEATING, "2024-06-01", "2024-09-01", None, "2026-03-15"),
        (HEATING, "2024-06-01", "2026-06-01", None, "2027-03-15"),
        # Completed in the middle of a season: that one does not count.
        (HEATING, "2024-12-01", "2024-12-20", None, "2027-03-15"),
        # On its first day it does.
        (HEATING, "2024-11-15", "2024-11-15", None, "2026-03-15"),
        (LEAK, None, "2024-01-01", None, None),
        (LEAK, "2024-01-01", None, None, None),
        (LEAK, None, None, None, None),
    ],
)
def test_the_end(term: Term, completion: str | None, handover: str | None, contract: str | None, ends: str) -> None:
    dates = Dates(*(on(text) if text else None for text in (completion, handover, contract)))
    assert warranty.end(term, dates, WINTER) == (on(ends) if ends else None)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2024-01-31", 1, "2024-02-29"), ("2023-01-31", 1, "2023-02-28"), ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"), ("2023-11-30", 3, "2024-02-29"), ("2023-12-15", 1, "2024-01-15"),
        ("2020-05-31", 600, "2070-05-31"), ("9990-01-01", 600, "9999-12-31"),
    ],
)  # fmt: skip
def test_months_end_with_the_month(day: str, months: int, later: str) -> None:
    assert add_months(on(day), months) == on(later)


def test_a_season_within_one_year_and_one_at_the_end_of_time() -> None:
    southern = Season((6, 1), (9, 30))
    assert season_end(on("2024-05-01"), 1, southern) == on("2024-09-30")
    assert season_end(on("2024-06-02"), 1, southern) == on("2025-09-30")
    assert season_end(on("9998-12-01"), 2, WINTER) == date.max


@pytest.mark.parametrize(("text", "pair"), [("11-15", (11, 15)), (" 03-01 ", (3, 1)), ("12-31", (12, 31))])
def test_a_day_of_every_year(text: str, pair: tuple[int, int]) -> None:
    assert warranty.parse_month_day(text) == pair


@pytest.mark.parametrize("text", ["", "11-31", "02-29", "13-01", "1-1", "11/15", "2024-11-15", "１１-１５"])
def test_no_day_of_every_year(text: str) -> None:
    with pytest.raises(ValueError, match="month_day_invalid"):
        warranty.parse_month_day(text)


DATES = st.dates(on("1990-01-01"), on("2090-12-31"))
MAYBE = st.none() | DATES
MONTHS, SEASONS = st.none() | st.integers(1, 600), st.none() | st.integers(1, 20)
TERMS = st.builds(Term, MONTHS, MONTHS, SEASONS, SEASONS)
WINTERS = st.sampled_from([WINTER, Season((10, 15), (4, 15)), Season((6, 1), (9, 30)), Season((1, 1), (12, 31))])
HOMES = st.builds(Dates, MAYBE, MAYBE, MAYBE)


@given(TERMS, HOMES, DATES, WINTERS, st.sampled_from(["", "force_majeure"]))
def test_never_paid_while_a_date_is_missing(
    term: Term, dates: Dates, day: date, season: Season, exclusion: str
) -> None:
    found = propose(term, dates, on=day, season=season, exclusion=exclusion)
    lacks = ((term.completion_months or term.completion_seasons) and dates.completion_on is None) or (
        (term.handover_months or term.handover_seasons) and dates.handover_on is None
    )
    if lacks:
        assert found.liability in {"undetermined", "warranty"}
    if found.liability == "paid":
        assert found.ends_on is not None and found.ends_on < day and not found.missing
    if found.liability == "warranty":
        assert found.ends_on is not None and day <= found.ends_on and not exclusion


@given(
    TERMS, DATES, DATES, MAYBE, st.integers(0, 4000), st.sampled_from(["completion", "handover", "contract"]), WINTERS
)
def test_the_end_never_comes_earlier_by_a_later_date(
    term: Term, completion: date, handover: date, contract: date | None, days: int, which: str, season: Season
) -> None:
    later = timedelta(days=days)
    before = warranty.end(term, Dates(completion, handover, contract), season)
    after = warranty.end(
        term,
        Dates(
            completion + later if which == "completion" else completion,
            handover + later if which == "handover" else handover,
            contract + later if which == "contract" and contract else contract,
        ),
        season,
    )
    assert (before is None) == (after is None)
    assert before is None or (after is not None and after >= before)


@given(DATES, st.integers(1, 20), WINTERS)
def test_the_nth_season_lies_behind_the_day(day: date, seasons: int, season: Season) -> None:
    ends = season_end(day, seasons, season)
    assert (ends.month, ends.day) == season.last
    assert ends > day
    # Whole seasons: at least n-1 years and the length of one season; at most n years and that length.
    assert ends - day <= timedelta(days=366 * (seasons + 1))
    assert season_end(day, seasons + 1, season).year == ends.year + 1


@given(TERMS, HOMES, DATES, WINTERS)
def test_one_clock_that_runs_is_enough(term: Term, dates: Dates, day: date, season: Season) -> None:
    running = [one for one in warranty.clocks(term, dates, season) if one.ends_on is not None and one.ends_on >= day]
    found = propose(term, dates, on=day, season=season)
    assert (found.liability == "warranty") == bool(running)


@pytest.mark.parametrize(
    ("completion", "handover", "day", "liability", "why"),
    [
        ("2024-01-01", "2024-06-01", "2025-12-31", "warranty", "in_warranty"),
        ("2024-01-01", "2024-06-01", "2026-01-01", "warranty", "in_warranty"),
        ("2024-01-01", "2024-06-01", "2026-01-02", "paid", "ended"),
        ("2020-01-01", None, "2026-01-02", "undetermined", "dates_missing"),
        (None, "2020-01-01", "2026-01-02", "undetermined", "dates_missing"),
        # The one that is known shows it already.
        (None, "2025-06-01", "2026-01-02", "warranty", "in_warranty"),
        (None, None, "2026-01-02", "undetermined", "dates_missing"),
    ],
)
def test_proposals(completion: str | None, handover: str | None, day: str, liability: str, why: str) -> None:
    dates = Dates(on(completion) if completion else None, on(handover) if handover else None)
    found = propose(PIPES, dates, on=on(day), season=WINTER)
    assert (found.liability, found.why) == (liability, why)


def test_what_the_warranty_leaves_out() -> None:
    young, old, unknown = Dates(on("2026-01-01"), on("2026-01-01")), Dates(on("2010-01-01"), on("2010-01-01")), Dates()
    for exclusion, dates in product(("misuse", "third_party", "service"), (young, old, unknown)):
        found = propose(PIPES, dates, on=on("2026-06-01"), season=WINTER, exclusion=exclusion)
        assert (found.liability, found.why) == ("paid", exclusion)
    # Nobody's fault: no cover, but no bill either, unless the term was over anyway.
    for dates, liability in ((young, "undetermined"), (unknown, "undetermined"), (old, "paid")):
        found = propose(PIPES, dates, on=on("2026-06-01"), season=WINTER, exclusion="force_majeure")
        assert found.liability == liability
    with pytest.raises(ValueError, match="exclusion_unknown"):
        propose(PIPES, young, on=on("2026-06-01"), season=WINTER, exclusion="weather")


def test_what_is_common_stays_common_and_without_a_part_nothing_is_known() -> None:
    old = Dates(on("2010-01-01"), on("2010-01-01"))
    for exclusion in ("", *warranty.EXCLUSIONS):
        found = propose(PIPES, old, on=on("2026-06-01"), season=WINTER, common=True, exclusion=exclusion)
        assert found.liability == "common"
    found = propose(None, old, on=on("2026-06-01"), season=WINTER)
    assert (found.liability, found.why) == ("undetermined", "part_missing")
    assert propose(None, old, on=on("2026-06-01"), season=WINTER, exclusion="service").liability == "paid"


@pytest.mark.parametrize(("place", "common"), [("三楼楼道", True), ("Lobby", True), ("厨房", False), ("", False)])
def test_places_of_all(place: str, common: bool) -> None:
    assert warranty.is_common_place(place) == common
