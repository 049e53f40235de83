"""How long a paper is said to be, held against what an independent reader makes of its bytes."""

import pytest

from printing import documents
from printing.interpreter import MARGIN, interpret
from printing.layout import TO_BLADE_MM
from reception import papers
from tests.printing.samples import profile, sample


# The self-test tries raw commands, whose lines nobody counts; it is printed once a day.
@pytest.mark.parametrize("kind", sorted(papers.KINDS.keys() - {"self_test"}))
@pytest.mark.parametrize(("width", "chinese"), [(576, "gbk"), (384, "none")])
def test_the_length_is_about_right(kind: str, width: int, chinese: str) -> None:
    on = profile(width, chinese)
    data, length = documents.measured(sample(kind), on, job_id=1)
    assert data == documents.build(sample(kind), on, job_id=1)
    (piece,) = interpret(data, width=width, chinese=chinese)
    rows = piece.image.height - 2 * MARGIN
    seen = rows * 25.4 / 203 + TO_BLADE_MM
    assert abs(length - seen) <= 0.06 * seen + 4, (length, seen)
