"""The command line: one module per command, imported only when it is called."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

COMMANDS = {
    "demo": "run a whole demo centre on this machine",
    "close-day": "end what is open of a day, and write its log",
    "retention": "remove what has had its time, and say what went",
    "clocks": "hand overdue deadlines up to the heads",
    "set-up": "make a new box ready: a furnished centre, its first administrator, the set-up slip",
    "check": "say in plain words what is wrong with this box, and how to mend it",
    "trial": "try on a copy whether this version can take over the store",
    "migrate": "bring a store up to date",
    "backup": "back up the store and the pictures, sealed and checked",
    "restore": "put a backup back, whole or not at all",
    "kiosk": "serve the kiosk, the call display and the visitors' pages",
    "desk": "serve the desk",
    "print": "print what waits for a printer",
    "watch": "hand on to the units of the box what staff ask of it, and which printers there are",
    "printer": "add, list and test printers, and say which papers they get",
    "deliver": "tell the company's own systems what they asked to be told",
    "health": "look at disk, services, backups and clock, and write down how the box is",
    "set-time": "set the clock as an administrator asked at the desk",
    "clock-floor": "see at start that the clock is not before the last event of the store",
    "settings": "write the settings to a file, or take them over from one",
    "import": "check or import homes, residents, repairs, prices or official holidays from CSV or XLSX",
    "visit-days": "print the visit days of a year: nominal, actual, confirmed or provisional",
    "paper": "draw or explain the bytes sent to a printer, or be a printer",
    "staff": "set a forgotten password, and see that what is sealed has a hearer",
    "voice": "make and list the voice's clips, say one call",
    "simulate": "run a whole day of visitors through kiosk and desk, and check that all held",
    "bench": "print the performance table",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status. `--help` explains each."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in COMMANDS:
        if {"LOBBYDESK_HOME", "JOURNAL_STREAM"} <= os.environ.keys():
            # A unit of the box: what ends it goes to the journal, where nothing may stand that anybody typed.
            importlib.import_module("lobbydesk.logs").set_up()
        module = importlib.import_module(f"lobbydesk.commands.{words[0].replace('-', '_')}")
        parser = argparse.ArgumentParser(prog=f"lobbydesk {words[0]}", description=COMMANDS[words[0]])
        module.add_arguments(parser)
        status: int = module.run(parser.parse_args(words[1:]))
        return status
    parser = argparse.ArgumentParser(
        prog="lobbydesk",
        description="Lobbydesk (接待台)",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="commands:\n" + "\n".join(f"  {name:16} {what}" for name, what in COMMANDS.items()),
    )
    parser.add_argument("command", choices=list(COMMANDS), metavar="command")
    parser.parse_args(words)
    return 2
