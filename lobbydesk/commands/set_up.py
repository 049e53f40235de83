"""`lobbydesk set-up`: make a new box ready: a furnished centre, its printer, the first administrator, the slips."""

import argparse
import socket
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lobbydesk.home import add_home, store_path

if TYPE_CHECKING:
    from db.store import Store
    from lobbydesk.box_settings import BoxSettings
    from reception import papers

PRINTER = "front"
LABEL = "前台打印机 Front"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)
    parser.add_argument("--printer", help="tcp://HOST[:9100], usb:/dev/usb/lp0 or cups:QUEUE; it prints the slips")
    parser.add_argument("--fingerprint", default="", help="of the certificate that the desk's browser is shown")
    parser.add_argument(
        "--recovery-key", action="store_true", help="read the backups' key from standard input, show and print it"
    )


def run(options: argparse.Namespace) -> int:
    """Do what a new box lacks; a second run gives a lost code anew, until the first was used. 1 when refused."""
    from db.migrations import MigrationsPending, check
    from db.store import open_store
    from lobbydesk import box_settings
    from reception import SCHEMA
    from reception.refusal import Refused

    path = store_path(options.home)
    if not path.exists():
        print(f"there is no store in {options.home}: run `lobbydesk migrate` first", file=sys.stderr)
        return 1
    store = open_store(path)
    try:
        check(store, [SCHEMA])
        return _set_up(store, options, box_settings.read())
    except (MigrationsPending, box_settings.BadSettings) as error:
        print(error, file=sys.stderr)
        return 1
    except Refused as refused:
        print(f"refused: {refused.code.replace('_', ' ')}", file=sys.stderr)
        return 1
    finally:
        store.close()


def _set_up(store: "Store", options: argparse.Namespace, box: "BoxSettings") -> int:
    from lobbydesk import starting_centre
    from reception import devices, first_login
    from reception.permissions import BOX

    now = datetime.now(UTC)
    starting_centre.lay(store)
    _addresses(store, box, options.fingerprint)
    if options.printer:
        devices.save(store, name=PRINTER, properties={"address": options.printer, "label": LABEL}, by=BOX, now=now)
    if first_login.awaited(store):
        code = first_login.new_code()
        login = first_login.give(store, code=code, by=BOX, now=now)
        slip = devices.setup_facts(store, now=now, login=login, code=code, address=_own_address())
        print(
            f"\n  首位管理员 first administrator\n    登录名 name  {login}\n    密码 code    {code}"
            f"   (one time: it opens nothing but the page where it is changed)\n"
            f"  前台 desk      {slip.desk_url}\n  本机地址 address  {slip.address or '-'}\n",
            flush=True,
        )
        _print(store, slip, "set-up slip 安装单")
    else:
        print("this box has its administrator already; a forgotten password: lobbydesk staff password LOGIN")
    if options.recovery_key:
        _recovery_key(store, sys.stdin.read().split(), now)
    return 0


def _addresses(store: "Store", box: "BoxSettings", fingerprint: str) -> None:
    """Tell the centre under which addresses the building reaches it; what the desk has changed since stays."""
    from reception.site import Site, configure, site

    old, new = site(store), Site()
    by_name = (f"http://{box.lan.name}", f"https://{box.lan.name}")
    if (old.kiosk_url, old.desk_url) in {(new.kiosk_url, new.desk_url), by_name}:
        configure(store, kiosk_url=f"http://{box.lan.host}", desk_url=f"https://{box.lan.host}")
    if fingerprint and fingerprint != old.tls_fingerprint:
        configure(store, tls_fingerprint=fingerprint)


def _own_address() -> str:
    """Return the address of this machine on its network, or '': for computers that find no name in `.local`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            # Nothing is sent: the kernel says from where it would be. (A block for documents, RFC 5737.)
            asked.connect(("192.0.2.1", 9))
            return str(asked.getsockname()[0])
        except OSError:
            return ""


def _recovery_key(store: "Store", words: list[str], now: datetime) -> None:
    """Show and print the key; it came by a pipe, and stays neither in the store nor in a file of ours."""
    from reception import events, papers, spooling
    from reception.site import site

    if len(words) != 2:
        print("  there is no key of the backups: none is printed", file=sys.stderr)
        return
    key, public = words
    heading = spooling.heading(site(store), events.moment(store, now))
    print(f"  备份恢复密钥 recovery key of the backups: seal it in an envelope\n    {key}\n", flush=True)
    _print(store, papers.RecoveryKey(**heading, key=key, public=public), "recovery key 恢复密钥")


def _print(store: "Store", paper: "papers.Paper", name: str) -> None:
    """Print a secret past the spool, on the front printer; say what became of it."""
    from db import printers
    from printing.direct import OUT, print_now
    from reception.site import site

    printer = printers.find(store, site(store).front_printer)
    if printer is None:
        print(f"  no printer yet: {name} is not printed, write it down", file=sys.stderr)
        return
    outcome = print_now(printer, paper)
    if outcome in OUT:
        print(f"  {name}: {outcome} on {printer.address}")
    else:
        print(f"  {name} is NOT printed, write it down: {outcome}", file=sys.stderr)
