"""What tests share: a seeded centre, a clock that stands where it is put, and both apps on one store."""

import gc
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from babel.support import Translations
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from db.migrations import migrate
from db.store import Store, open_store, writing
from lobbydesk import demo_centre
from lobbydesk.home import store_path
from reception import SCHEMA, events, staff
from reception.permissions import Actor, Role
from tests import grounds

# Monday 23 November 2026, 10:24 in Shanghai.
MORNING = datetime(2026, 11, 23, 2, 24, tzinfo=UTC)
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


# Hundreds of apps and stores come and go in a process: looked for as often as Python would, they cost a sixth of it.
gc.set_threshold(100_000, 10, 10)


class Compiled(BytecodeCache):
    """The compiled templates of this process: hundreds of tests make an app of their own, all from the same files."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give back what was compiled; Jinja compares the checksum of its source."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}

_compile_builder = Rule._compile_builder
_BUILDERS: dict[object, Any] = {}


def _compiled_once(self: Rule, append_unknown: bool = True) -> Any:
    """Return what makes the addresses of a rule, compiled once a process: for 280 rules it takes a quarter of a second.

    It holds nothing of the rule but what is in the key: the converters are asked of the rule that it is bound to.
    """
    key = (tuple(self._trace), tuple((self.defaults or {}).items()), append_unknown)
    if key not in _BUILDERS:
        _BUILDERS[key] = _compile_builder(self, append_unknown)
    return _BUILDERS[key]


Rule._compile_builder = _compiled_once  # type: ignore[method-assign]

_parse_rule = Rule._parse_rule
_PARSED: dict[str, tuple[list[Any], list[Any], dict[str, Any]]] = {}


def _parsed_once(self: Rule, rule: str) -> list[Any]:
    """Return the parts of an address, parsed once a process; what parsing leaves on the rule is left on each."""
    if rule in _PARSED:
        parts, trace, converters = _PARSED[rule]
        self._trace.extend(trace)
        self._converters.update(converters)
        self.arguments.update(converters)
        return parts
    before, known = len(self._trace), set(self._converters)
    parts = list(_parse_rule(self, rule))
    new = {name: converter for name, converter in self._converters.items() if name not in known}
    _PARSED[rule] = parts, self._trace[before:], new
    return parts


Rule._parse_rule = _parsed_once  # type: ignore[method-assign]

_load = Translations.load
_CATALOGUES: dict[tuple[object, ...], Any] = {}


def _loaded_once(dirname: Any, locales: Any = None, domain: str | None = None) -> Any:
    """Return a catalogue, read once a process; each app merges it into one of its own."""
    key = (dirname, tuple(map(str, locales or ())), domain)
    if key not in _CATALOGUES:
        _CATALOGUES[key] = _load(dirname, locales, domain)
    return _CATALOGUES[key]


Translations.load = _loaded_once  # type: ignore[assignment,method-assign]

# A hundredth of the work for the hundreds of tests that log somebody in; `test_login_failures` takes the real one.
REAL_HASHER = staff._hasher
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
staff._hasher = lambda: QUICK_HASHER  # type: ignore[assignment]


_record = events.record
# What only tests write, to have something stand in the history.
_TESTS_OWN = {"x", "t", "test", "schedule", "refuse", "check_in", "open_pigeon", "meet"}


def _recorded(store: Store, what: str, subject: str, subject_id: int, **more: Any) -> None:
    """Write an event as it is, once the audit log has words for it: so no test ever writes one without."""
    from desk import audit_words

    assert audit_words.knows(what, subject) or what in _TESTS_OWN, (
        f"give {what} of a {subject} words in desk/audit_words.py"
    )
    _record(store, what, subject, subject_id, **more)


events.record = _recorded
grounds.watch()


class Clock:
    """A clock for tests: it stands still until it is moved."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> datetime:
        """Move forward by a timedelta's arguments; return the new time."""
        self.at += timedelta(**span)
        return self.at


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo's centre, made once; tests work on copies."""
    home = tmp_path_factory.mktemp("seeded")
    migrate(store_path(home), [SCHEMA])
    store = open_store(store_path(home))
    demo_centre.seed(store, home)
    demo_centre.open_doors(store, kiosk_port=8600, printer_port=9100)
    store.close()
    return home


@pytest.fixture
def home(seeded: Path, tmp_path: Path) -> Path:
    """A fresh copy of the seeded centre."""
    target = tmp_path / "home"
    shutil.copytree(seeded, target)
    return target


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The store of the fresh centre, for the test's own thread."""
    opened = open_store(store_path(home))
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    """The clock of the apps."""
    return Clock()


def actor(store: Store, role: Role) -> Actor:
    """Return the demo's member of staff with this role, or the door of that name."""
    row = store.row("SELECT id, name, department FROM staff WHERE role = ?", [role])
    return Actor(role) if row is None else Actor(role, row["id"], row["name"], row["department"])


@pytest.fixture
def receptionist(store: Store) -> Actor:
    """The receptionist of the centre."""
    return actor(store, Role.RECEPTIONIST)


@pytest.fixture
def kiosk_app(home: Path, clock: Clock) -> Iterator[Flask]:
    """The kiosk app on the fresh centre."""
    from kiosk.app import create

    app = create(store_path(home), clock=clock)
    yield app
    _close(app)


@pytest.fixture
def desk_app(home: Path, clock: Clock) -> Iterator[Flask]:
    """The desk app on the fresh centre."""
    from desk.app import create

    app = create(store_path(home), clock=clock)
    yield app
    _close(app)


def _close(app: Flask) -> None:
    """End what an app has running."""
    if "practice" in app.extensions:
        app.extensions["practice"].clear()
    app.extensions["live"].stop()
    app.extensions["live"].join()
    app.extensions["stores"].close()


@pytest.fixture
def kiosk(kiosk_app: Flask) -> FlaskClient:
    """A visitor's browser at the kiosk app."""
    return kiosk_app.test_client()


@pytest.fixture
def desk(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """The receptionist's browser, logged in."""
    return client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())


def give_password(store: Store, login: str, password: str) -> None:
    """Let a member of staff have chosen this password."""
    hashed = staff.hash_password(password)
    with writing(store):
        sql = "UPDATE staff SET password_hash = ?, must_change = 0, code_until = NULL WHERE login = ?"
        store.execute(sql, [hashed, login])


def client_of(app: Flask, store: Store, who: Actor, now: datetime) -> FlaskClient:
    """Return a browser with an open session of this member of staff (the login itself has its own test)."""
    client = app.test_client()
    client.set_cookie("desk", staff.open_session(store, who, now))
    return client
