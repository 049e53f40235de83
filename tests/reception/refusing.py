"""An act that is refused, and by which word."""

from collections.abc import Callable
from typing import Any

import pytest

from reception.refusal import Refused


def refused(code: str, act: Callable[..., Any], *arguments: Any, **named: Any) -> None:
    """Assert that the act is refused with this code."""
    with pytest.raises(Refused) as said:
        act(*arguments, **named)
    assert said.value.code == code
