"""How large a poster is set: the less it says, the larger, for a sheet is read from where people stand."""

from collections.abc import Iterable

from reception.rules.gists import columns

# What is said at most, in letters of Chinese, of each class; what is more is `long`.
_MOST = {"short": 80, "middle": 200, "full": 400}
# A table's row takes the room of so many, and a paragraph's end that of half a line.
_ROW, _PARAGRAPH = 20, 8


def type_class(texts: Iterable[str], rows: int = 0) -> str:
    """Return the class of type for these texts (each is counted once) and so many rows of figures."""
    said = set(texts)
    amount = sum(columns(text) / 2 + _PARAGRAPH * text.count("\n") for text in said) + _ROW * rows
    return next((name for name, most in _MOST.items() if amount <= most), "long")
