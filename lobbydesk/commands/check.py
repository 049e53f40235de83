"""`lobbydesk check`: say in plain words what is wrong with this box, and how to mend it."""

import argparse
from datetime import UTC, datetime

from lobbydesk.home import add_home


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; the last one the box's own command adds, for only root sees where the key lies."""
    add_home(parser)
    parser.add_argument("--box", action="store_true", help="look at the units and the release of this machine too")
    parser.add_argument("--key-missing", action="store_true", help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Print a line for each thing looked at; 1 when anything is wrong."""
    from lobbydesk import box_check

    box = box_check.Box(options.home, datetime.now(UTC), system=options.box, key_missing=options.key_missing)
    wrong = 0
    for found in box_check.findings(box):
        name = f"{found.what.zh} {found.what.en}"
        if found.wrong is None:
            print(f"✓ {name}")
            continue
        wrong += 1
        print(f"✗ {name}: {found.wrong.zh} {found.wrong.en}\n    → {found.mend}")
    print(f"\n{wrong} 项要处理 to mend" if wrong else "\n一切正常 all is well")
    return 1 if wrong else 0
