"""`lobbydesk simulate`: a whole day of visitors through both apps in one process, and whether everything held."""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from lobbydesk.home import store_path

DEFAULT_COUNTERS = {"normal": 3, "visit-day": 3, "burst": 3}
MOST_COUNTERS = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--day", choices=list(DEFAULT_COUNTERS), default="normal", help="the kind of day")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same day (default 1)")
    parser.add_argument("--counters", type=_counters, help=f"how many counters open, 1 to {MOST_COUNTERS} (default 3)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--home", type=Path, help="keep the simulated centre in this folder, which must hold none yet")


def _counters(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < number <= MOST_COUNTERS:
        raise argparse.ArgumentTypeError(f"not a number of counters from 1 to {MOST_COUNTERS}: {text}")
    return number


def run(options: argparse.Namespace) -> int:
    """Simulate the day and print its report; 1 when something broke, 2 where the folder holds a centre already."""
    from lobbydesk.simulation import report

    counters = options.counters or DEFAULT_COUNTERS[options.day]
    if options.home is None:
        with tempfile.TemporaryDirectory(prefix="lobbydesk-day-") as folder:
            found = _simulated(Path(folder), options.day, options.seed, counters)
    elif store_path(options.home).exists():
        print(f"there is a store in {options.home} already; a simulated day needs an empty folder", file=sys.stderr)
        return 2
    else:
        options.home.mkdir(parents=True, exist_ok=True)
        found = _simulated(options.home, options.day, options.seed, counters)
    print(json.dumps(found, ensure_ascii=False, indent=1) if options.json else report.table(found))
    return 0 if report.is_clean(found) else 1


def _simulated(home: Path, kind: str, seed: int, counters: int) -> dict[str, Any]:
    from lobbydesk.simulation import day, guests, report, visitors

    who = visitors.expected(kind, seed)
    facts = {"day": kind, "seed": seed, "counters": counters}
    invited = guests.invited(seed) if kind == "visit-day" else []
    return facts | day.simulate(home, who, counters=counters, seed=seed, report=report.figures, invited=invited)
