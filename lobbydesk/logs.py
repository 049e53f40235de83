"""What the services write down: one line a record, with its weight for the journal, and nothing that anybody typed."""

import errno
import logging
import os
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

# Weights as the journal reads them before a line (sd-daemon(3)).
WEIGHTS = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (logging.NOTSET, 7))
MOST_PLACES = 6

Caught = tuple[type[BaseException], BaseException, TracebackType | None]


class Plain(logging.Formatter):
    """Of an exception its kind and the places it came through, never its words: they may quote a name or a number."""

    def __init__(self, *, weighed: bool) -> None:
        super().__init__()
        self._weighed = weighed

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        text = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            text += f": {', after '.join(_told(record.exc_info[1]))}"
        weight = next(number for level, number in WEIGHTS if record.levelno >= level)
        # A second line would stand in the journal without its weight; a sign that is none moves a reader's terminal.
        line = "".join(sign if sign.isprintable() else "?" for sign in " ".join(text.split()))
        return f"{f'<{weight}>' if self._weighed else ''}{record.name}: {line}"


def set_up(level: int = logging.WARNING) -> None:
    """Let everything this process says go to standard error in this way, also what ends it."""
    # systemd says so where standard error leads to the journal; a person at a terminal wants no numbers.
    handler = logging.StreamHandler()
    handler.setFormatter(Plain(weighed="JOURNAL_STREAM" in os.environ))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    sys.excepthook = _ended
    threading.excepthook = lambda broken: _ended(
        broken.exc_type, broken.exc_value or broken.exc_type(), broken.exc_traceback
    )


def _ended(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger("lobbydesk").critical("ended", exc_info=(kind, error, trace))


def _told(error: BaseException) -> Iterator[str]:
    """Yield what is said of an exception, and of each that led to it."""
    seen: BaseException | None = error
    while seen is not None:
        places = traceback.extract_tb(seen.__traceback__)[-MOST_PLACES:]
        way = " > ".join(f"{Path(one.filename).parent.name}/{Path(one.filename).name}:{one.lineno}" for one in places)
        yield " ".join(part for part in (type(seen).__name__, _code(seen), f"at {way}" if way else "") if part)
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def _code(error: BaseException) -> str:
    """Return what the system or SQLite calls it: a word out of a fixed list."""
    if isinstance(error, OSError) and error.errno is not None:
        return errno.errorcode.get(error.errno, str(error.errno))
    return str(getattr(error, "sqlite_errorname", ""))
