"""How far numbers go forward after a restore, and which series that concerns."""

from datetime import date, timedelta

import pytest

from reception.rules import renumbering


@pytest.mark.parametrize(
    ("minutes", "jump"), [(0, 500), (60, 500), (239, 500), (240, 1000), (60 * 24 * 400, 1000), (-5, 500)]
)
def test_the_jump(minutes: int, jump: int) -> None:
    assert renumbering.jump(timedelta(minutes=minutes)) == jump


@pytest.mark.parametrize(
    ("series", "opens"),
    [
        ("ticket:A:2026-11-28", date(2026, 11, 28)),
        ("BX:20261128", date(2026, 11, 28)),
        ("JF:202612", date(2025, 11, 30)),
        ("incident_archive:2026", date(2026, 1, 1)),
        ("evacuation", None),
        ("hand_slips", None),
        ("BX:20261399", None),
        ("JF:202613", None),
        ("x:0000", None),
    ],
)
def test_when_a_series_opens(series: str, opens: date | None) -> None:
    assert renumbering.opens_on(series) == opens
