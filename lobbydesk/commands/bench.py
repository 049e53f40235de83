"""`lobbydesk bench`: print the performance table, as ratios that were taken in one run."""

import argparse
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lobbydesk.home import add_home

if TYPE_CHECKING:
    from lobbydesk.bench.figures import Row

NOTE = "Other work on this machine moves every figure; ratios are medians of turns taken in the same run."


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: counts of what the names say; `http_seconds` is a turn over HTTP."""

    visits: int
    act_rounds: int
    act_batch: int
    http_rounds: int
    http_seconds: float
    taps: int
    calls: int
    starts: int
    builds: int
    tickets: int
    year_cases: int
    open_cases: int
    year_visits: int
    page_rounds: int
    backups: int


FULL = Effort(1_000_000, 20, 200, 10, 1.0, 100, 60, 7, 300, 1000, 12_000, 1000, 40_000, 20, 3)
QUICK = Effort(20_000, 3, 40, 1, 0.2, 5, 4, 1, 5, 20, 100, 20, 200, 1, 1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser, "var/bench")
    parser.add_argument("--quick", action="store_true", help="a smoke run of some seconds; its figures say little")
    parser.add_argument("--visits", type=_visits, help="past visits in the long history (default 1000000; quick 20000)")


def _visits(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"not a number of visits: {text}")
    return number


def run(options: argparse.Namespace) -> int:
    """Measure in a folder below `--home` that is gone afterwards; 1 when a service failed on the way."""
    from lobbydesk.bench import machine
    from lobbydesk.bench.figures import table

    # As Ctrl-C: on the way out every service is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    effort = QUICK if options.quick else FULL
    existed = options.home.exists()
    options.home.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="run-", dir=options.home, ignore_cleanup_errors=True) as folder:
            print(f"{machine.facts(options.home)}\n{NOTE}\n", flush=True)
            print(table(_measure(Path(folder), effort, options.visits or effort.visits)))
    except RuntimeError as trouble:
        print(trouble, file=sys.stderr)
        return 1
    finally:
        if not existed and not any(options.home.iterdir()):
            options.home.rmdir()
    return 0


def _measure(folder: Path, effort: Effort, visits: int) -> "list[Row]":
    from lobbydesk.bench import acts, backups, box, centre, desk_page, history, over_http, papers, start
    from lobbydesk.home import store_path

    _say(f"a centre with {visits:,} past visits")
    small = centre.found(folder / "small")
    names = ("big", "season", "box", "papers", "fresh", "year")
    big, season, whole, printing, fresh, year = (centre.copy(small, name) for name in names)
    history.fill(store_path(big), visits)
    _say("the act")
    act, act_late = acts.measure(folder, small, big, visits, rounds=effort.act_rounds, batch=effort.act_batch)
    _say("over HTTP")
    http, http_late = over_http.measure(
        folder, small, big, visits, rounds=effort.http_rounds, seconds=effort.http_seconds
    )
    _say("the box at work")
    first_byte, called, memory = box.measure(folder, whole, tickets=effort.taps, presses=effort.calls)
    _say("papers")
    printed = papers.measure(folder, printing, builds=effort.builds, tickets=effort.tickets)
    _say(f"the desk after a year, {effort.open_cases:,} cases open")
    desk_page.a_year(year, closed=effort.year_cases, visits=effort.year_visits, still_open=effort.open_cases)
    pages = desk_page.measure(folder, fresh, year, rounds=effort.page_rounds, still_open=effort.open_cases)
    _say("the start")
    started = start.measure(folder, small, starts=effort.starts)
    _say("backups")
    # A tenth: a backup of the whole history takes minutes, and the ratio is the same.
    history.fill(store_path(season), visits // 10)
    backed_up = backups.measure(folder, season, visits // 10, rounds=effort.backups)
    return [act, http, first_byte, called, memory, *printed, *pages, started, act_late, http_late, *backed_up]


def _say(words: str) -> None:
    print(f"measuring: {words}", file=sys.stderr, flush=True)
