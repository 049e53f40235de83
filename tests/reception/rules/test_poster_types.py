"""A poster that says little says it large."""

import pytest

from reception.rules.poster_types import type_class


@pytest.mark.parametrize(
    ("texts", "rows", "found"),
    [
        (["周二停水。"], 0, "short"),
        # Not written in English, the Chinese stands for it: counted once.
        (["字" * 80, "字" * 80], 0, "short"),
        (["字" * 81], 0, "middle"),
        (["字" * 60, "letters " * 10], 0, "middle"),
        (["行\n" * 25], 0, "full"),
        ([""], 6, "middle"),
        (["字" * 401], 0, "long"),
    ],
)
def test_the_less_the_larger(texts: list[str], rows: int, found: str) -> None:
    assert type_class(texts, rows) == found
