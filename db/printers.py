"""The printers: where each is, what it is able to do, how its worker last saw it, and which papers it gets."""

import re
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from db import pulse
from db.store import Store, writing

TOPIC = "printers"

# What a printer says of itself while paper can come out of it.
WORKING = ("unknown", "ready", "paper_low")
WORKING_SQL = "('" + "', '".join(WORKING) + "')"

# The columns that staff set; the others are noted by the printer's worker.
PROPERTIES = (
    "label",
    "address",
    "width_dots",
    "columns",
    "dpi",
    "chinese",
    "native_qr",
    "cutter",
    "buzzer",
    "drawer",
    "answers",
    "confirms",
    "fallback",
    "fallback_after",
)

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_TCP = re.compile(rf"tcp://(\[[0-9A-Fa-f:.]+\]|{_LABEL}(?:\.{_LABEL}){{0,9}})(?::([0-9]{{1,5}}))?")
_QUEUE = re.compile(r"cups:([^\s/#\x00-\x1f'\"]{1,127})")
_PATH = re.compile(r"(usb|folder):(/[^\x00-\x1f]{1,255})")
RAW_PORT = 9100


def parse_address(text: str) -> tuple[str, str]:
    """Return transport and place: ("tcp", "host:port"), ("usb", path), ("cups", queue), ("folder", path).

    Without a port, TCP is 9100. Raises ValueError("address_invalid") for anything else.
    """
    if match := _TCP.fullmatch(text):
        port = int(match[2] or RAW_PORT)
        if 0 < port < 65536:
            return "tcp", f"{match[1]}:{port}"
    elif match := _QUEUE.fullmatch(text):
        return "cups", match[1]
    elif match := _PATH.fullmatch(text):
        return match[1], match[2]
    raise ValueError("address_invalid")


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer's address, its properties, and the state its worker last saw (since: UTC text or None).

    `served` is false while no worker process looks after it; then nobody knows how it is, and nothing prints.
    """

    name: str
    label: str
    address: str
    width_dots: int
    columns: int
    dpi: int
    chinese: str
    native_qr: bool
    cutter: bool
    buzzer: str
    drawer: bool
    answers: bool
    confirms: str
    model: str
    probe_wanted: bool
    fallback: str | None
    fallback_after: int
    state: str
    since: str | None
    served: bool

    @property
    def in_trouble(self) -> bool:
        """True while no paper can come out."""
        return not self.served or self.state not in WORKING

    @property
    def condition(self) -> str:
        """The state for a reader: what the worker saw, or `unserved` when there is no worker."""
        return self.state if self.served else "unserved"


_FLAGS = frozenset({"native_qr", "cutter", "drawer", "answers", "probe_wanted"})


def _from_row(store: Store, row: Row) -> Printer:
    values: dict[str, Any] = {
        key: bool(row[key]) if key in _FLAGS else row[key] for key in Printer.__slots__ if key != "served"
    }
    values["label"] = values["label"] or values["name"]
    return Printer(**values, served=pulse.listening(pulse.run_folder(store.path), f"print-{row['name']}"))


def printers(store: Store) -> list[Printer]:
    """Return every printer in service, by name."""
    return [_from_row(store, row) for row in store.rows("SELECT * FROM printers WHERE retired = 0 ORDER BY name")]


def labels(store: Store) -> dict[str, str]:
    """Return name -> what staff read, also of printers that are no longer in service."""
    return {row["name"]: row["label"] or row["name"] for row in store.rows("SELECT name, label FROM printers")}


def find(store: Store, name: str) -> Printer | None:
    """Return a printer in service, or None when there is none of this name."""
    row = store.row("SELECT * FROM printers WHERE name = ? AND retired = 0", [name])
    return None if row is None else _from_row(store, row)


def save(store: Store, name: str, **properties: Any) -> None:
    """Add a printer, or change those of its properties that are named. Raises ValueError for another column.

    Another address is another device: how it is, nobody has seen yet.
    """
    unknown = properties.keys() - set(PROPERTIES)
    if unknown:
        raise ValueError(f"no property of a printer: {', '.join(sorted(unknown))}")
    with writing(store):
        before = store.value("SELECT address FROM printers WHERE name = ?", [name])
        store.execute("INSERT INTO printers (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET retired = 0", [name])
        for column, value in properties.items():
            store.execute(f"UPDATE printers SET {column} = ? WHERE name = ?", [value, name])  # noqa: S608 (PROPERTIES)
        if properties.get("address", before) != before:
            store.execute("UPDATE printers SET state = 'unknown', since = NULL, model = '' WHERE name = ?", [name])
        store.touch(TOPIC)


def retire(store: Store, name: str) -> None:
    """Take a printer out of service: no worker, no papers, nobody's fallback."""
    with writing(store):
        store.execute("DELETE FROM paper_routes WHERE printer = ?", [name])
        store.execute("UPDATE printers SET fallback = NULL WHERE fallback = ?", [name])
        store.execute("UPDATE printers SET retired = 1, fallback = NULL, probe_wanted = 0 WHERE name = ?", [name])
        store.touch(TOPIC)


def note_state(store: Store, printer: Printer, state: str, at: str) -> bool:
    """Note what the worker sees of its printer; True if that is news.

    Trouble that only changes its kind goes on since it began. What is seen at an address that is no longer the
    printer's is not noted.
    """
    if store.value("SELECT state FROM printers WHERE name = ?", [printer.name]) == state:
        return False
    with writing(store):
        news = store.changed(
            "UPDATE printers SET since = iif(state IN "  # noqa: S608
            f"{WORKING_SQL} OR :state IN {WORKING_SQL}, :at, since), state = :state"
            " WHERE name = :name AND address = :address AND state <> :state",
            {"state": state, "at": at, "name": printer.name, "address": printer.address},
        )
        if news:
            store.touch(TOPIC)
        return news


def want_probe(store: Store, name: str) -> None:
    """Ask the printer's worker to find out what it answers; only the worker ever talks to a printer."""
    with writing(store):
        store.execute("UPDATE printers SET probe_wanted = 1 WHERE name = ?", [name])
        store.touch(TOPIC)


def note_findings(store: Store, printer: Printer, *, answers: bool, confirms: str, model: str) -> None:
    """Write down what a probe found, if the printer still has the address that was probed."""
    with writing(store):
        store.execute(
            "UPDATE printers SET answers = ?, confirms = ?, model = ?, probe_wanted = 0 WHERE name = ? AND address = ?",
            [answers, confirms, model, printer.name, printer.address],
        )
        store.touch(TOPIC)


def route(store: Store, kind: str, printer: str | None) -> None:
    """Send a kind of paper to a printer; None lets it go to the front printer again."""
    with writing(store):
        store.execute("DELETE FROM paper_routes WHERE kind = ?", [kind])
        if printer is not None:
            store.execute("INSERT INTO paper_routes (kind, printer) VALUES (?, ?)", [kind, printer])
        store.touch(TOPIC)


def routes(store: Store) -> dict[str, str]:
    """Return kind -> printer for the kinds that have a printer of their own."""
    return dict(store.rows("SELECT kind, printer FROM paper_routes"))  # type: ignore[arg-type]


def printer_for(store: Store, kind: str, default: str) -> str | None:
    """Return the printer that a kind of paper goes to: its own, else the default one if it is there, else None."""
    name: str | None = store.value(
        "SELECT coalesce((SELECT printer FROM paper_routes WHERE kind = ?),"
        " (SELECT name FROM printers WHERE name = ? AND retired = 0))",
        [kind, default],
    )
    return name
