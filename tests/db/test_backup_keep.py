"""The keep rule: vectors, and what holds for any history of backups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.backup_keep import Keep, kept

HOURLY = [(number, f"202611{1 + number // 24:02d}T{number % 24:02d}0000Z") for number in range(24 * 28)]


@pytest.mark.parametrize(
    ("backups", "keep", "stay"),
    [
        ([], Keep(), set()),
        # The newest of each hour; an older one of the same hour goes.
        ([(1, "20261123T0900000Z"), (2, "20261123T093000Z"), (3, "20261123T100000Z")], Keep(48, 0, 0), {2, 3}),
        (HOURLY[:5], Keep(2, 0, 0), {3, 4}),
        # Two hours, then the newest of each day.
        (HOURLY[:72], Keep(2, 3, 0), {70, 71, 47, 23}),
        (HOURLY, Keep(0, 0, 6), {24 * 28 - 1}),
        ([(1, "20260930T120000Z"), (2, "20261031T120000Z"), (3, "20261123T120000Z")], Keep(1, 1, 2), {2, 3}),
        # Whatever the rule: the newest stays.
        ([(1, "20261123T090000Z"), (2, "20261123T100000Z")], Keep(0, 0, 0), {2}),
        # A year in a cupboard: what there is stays, for it asks no clock.
        ([(1, "20251123T090000Z"), (2, "20251123T100000Z"), (3, "20261123T090000Z")], Keep(48, 30, 6), {1, 2, 3}),
        # A clock that began in 1970: the newest is the one made last, not the one of the latest date.
        ([(1, "20261123T090000Z"), (2, "19700101T000100Z")], Keep(1, 0, 0), {2}),
    ],
)
def test_vectors(backups: list[tuple[int, str]], keep: Keep, stay: set[int]) -> None:
    assert kept(backups, keep) == stay


STAMPS = st.builds("2026{:02d}{:02d}T{:02d}3000Z".format, st.integers(1, 12), st.integers(1, 28), st.integers(0, 23))
RULES = st.builds(Keep, st.integers(0, 10), st.integers(0, 10), st.integers(0, 10))


@given(st.lists(STAMPS, min_size=1, max_size=60), RULES)
def test_any_history(stamps: list[str], keep: Keep) -> None:
    backups = list(enumerate(stamps))
    stay = kept(backups, keep)
    assert len(backups) - 1 in stay
    assert len(stay) <= 1 + keep.hours + keep.days + keep.months
    # What is kept of what was kept is the same: a rule that runs each hour does not eat its own.
    assert kept([one for one in backups if one[0] in stay], keep) == stay
