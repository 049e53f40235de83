"""`lobbydesk import`: homes, residents, repairs, prices, holidays from a file; checked first, written with --apply."""

import argparse
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from db.store import Store, open_store
from lobbydesk.home import add_home, store_path
from reception import imports
from reception.import_kinds import KINDS
from reception.permissions import BOX, Actor, Role
from reception.refusal import Refused

if TYPE_CHECKING:
    from reception.imports import Report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)
    parser.add_argument("kind", choices=list(KINDS), help="what is in the file")
    parser.add_argument("file", type=Path, nargs="?", help="a CSV or XLSX file; - for standard input")
    parser.add_argument("--apply", action="store_true", help="write it; without this it is only checked")
    parser.add_argument(
        "--as",
        dest="login",
        default="",
        help="the login of the administrator or manager who imports; repairs are held by the manager who imports them,"
        " else by the head of the department",
    )
    parser.add_argument(
        "--sample", type=Path, metavar="FILE", help="write a file to start from (.csv or .xlsx) instead"
    )


def run(options: argparse.Namespace) -> int:
    """Check, and with --apply import; 1 with every line that is wrong, and then nothing was written."""
    try:
        if options.sample:
            options.sample.write_bytes(imports.sample(options.kind, options.sample.suffix.lower().removeprefix(".")))
            return 0
        if options.file is None:
            return _fail("which file? (or --sample FILE)")
        data = sys.stdin.buffer.read() if str(options.file) == "-" else options.file.read_bytes()
        path = store_path(options.home)
        if not path.exists():
            return _fail(f"there is no store at {path}; run `lobbydesk migrate` first")
        store = open_store(path)
        try:
            return _import(store, options, data)
        finally:
            store.close()
    except OSError as error:
        return _fail(str(error))
    except Refused as refused:
        return _fail(_say(refused.code))


def _import(store: Store, options: argparse.Namespace, data: bytes) -> int:
    by, now = _actor(store, options.login), datetime.now(UTC)
    report = imports.dry_run(store, kind=options.kind, data=data, by=by, now=now)
    _print(report)
    if not report.ok:
        return 1
    if options.apply:
        imports.apply(store, kind=options.kind, data=data, nonce=secrets.token_urlsafe(16), by=by, now=now)
        print("imported")
    else:
        print("only checked; --apply imports it")
    return 0


def _actor(store: Store, login: str) -> Actor:
    """Return the member of staff of this login, or the box where none is named."""
    if not login:
        return BOX
    row = store.row("SELECT id, name, role, department FROM staff WHERE login = ? AND active = 1", [login])
    if row is None:
        raise Refused("staff_unknown")
    return Actor(Role(row["role"]), row["id"], row["name"], row["department"])


def _print(report: "Report") -> None:
    for column in report.missing:
        print(f"missing column: {column.zh} ({column.en})")
    for head in report.unknown:
        print(f"unknown column, left out: {head}")
    for bad in report.bad:
        print(f"line {bad.row}, {bad.column.zh} ({bad.column.en}): {_say(bad.code)}")
    print(
        f"{report.lines} lines: {report.added} new, {report.changed} changed, {report.same} as before,"
        f" {report.bad_rows} wrong"
    )


def _say(code: str) -> str:
    from web.refusals import sentence

    return f"{sentence(code)} [{code}]"


def _fail(words: str) -> int:
    print(f"nothing was changed: {words}", file=sys.stderr)
    return 1
