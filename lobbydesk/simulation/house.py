"""The centre of a simulated day: one store, both apps on it, and the one clock that all of them read."""

import re
import traceback
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType

from flask import Flask, got_request_exception
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.migrations import migrate
from db.store import open_store
from desk.app import create as create_desk
from kiosk.app import create as create_kiosk
from kiosk.screen import AT_KIOSK
from lobbydesk import demo_centre
from lobbydesk.home import store_path
from reception import SCHEMA, lines, staff
from reception.permissions import Actor, Role
from reception.rules import hours
from reception.site import configure, site

# A Monday, and a working day of the official calendar; and the visit day that comes next.
DAY, VISIT_DAY = date(2026, 11, 23), date(2026, 12, 4)
HOURS = "08:30-12:00,13:30-17:30"
LAST_TICKET_MINUTES = 10

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
HTMX = SAME_ORIGIN | {"HX-Request": "true"}
TICKET_NO = re.compile(r'data-ticket-no="([^"]+)"')
REFUSED = re.compile(r'data-refused="([^"]+)"')


class Clock:
    """The clock of the simulated centre: it stands until the day moves it on."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """Return the simulated time."""
        return self.at


class House:
    """The store, the apps and the browsers of a simulated centre; what was answered unexpectedly is in `unexpected`."""

    def __init__(self, home: Path, counters: int, day: date = DAY) -> None:
        """Found the centre in `home`, which must not hold one yet, with so many counters, for a day."""
        self.day = day
        self.path = store_path(home)
        migrate(self.path, [SCHEMA])
        self.store = open_store(self.path)
        demo_centre.seed(self.store, home)
        demo_centre.open_doors(self.store, kiosk_port=8600, printer_port=9100)
        configure(self.store, hours_work=HOURS, last_ticket_minutes=LAST_TICKET_MINUTES)
        self._set_counters(counters)
        self.midnight = hours.moment(day, 0, site(self.store).zone).astimezone(UTC)
        self.clock = Clock(self.midnight)
        self.kiosk_app = create_kiosk(self.path, clock=self.clock)
        self.desk_app = create_desk(self.path, clock=self.clock)
        for app in (self.kiosk_app, self.desk_app):
            # Nobody needs this day after a power cut, and waiting for the disk is most of its time.
            app.extensions["stores"].get().execute("PRAGMA synchronous = OFF")
            # A defect is told in one line of the report, not in a traceback for each of a thousand requests.
            app.logger.disabled = True
            got_request_exception.connect(self._broke, app)
        self.store.execute("PRAGMA synchronous = OFF")
        self.kiosk, self.phone = self.kiosk_app.test_client(), self.kiosk_app.test_client()
        self.kiosk.set_cookie(AT_KIOSK, "1")
        self.receptionist = self.member(Role.RECEPTIONIST)
        self.desks: dict[str, FlaskClient] = {}
        self._browsers: dict[Role, FlaskClient] = {}
        self.unexpected: list[str] = []

    def _set_counters(self, count: int) -> None:
        # The desk has no form for a new counter yet.
        for no in range(4, count + 1):
            self.store.execute(
                "INSERT INTO counters (no, name, name_en) VALUES (?, ?, ?)", [str(no), f"{no}号窗口", f"Counter {no}"]
            )
        self.store.execute("UPDATE counters SET active = 0 WHERE CAST(no AS INTEGER) > ?", [count])

    def __enter__(self) -> "House":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the apps and close the store."""
        for app in (self.kiosk_app, self.desk_app):
            _stop(app)
            # It is the process's, not the app's: the next app of this name would be silent, too.
            app.logger.disabled = False
        self.store.close()

    def set_time(self, seconds: float) -> None:
        """Move the clock to so many seconds after midnight at the site."""
        self.clock.at = self.midnight + timedelta(seconds=seconds)

    def moment(self, seconds: float) -> datetime:
        """Return the moment so many seconds after midnight at the site, in UTC."""
        return self.midnight + timedelta(seconds=seconds)

    def member(self, role: Role) -> Actor:
        """Return who works here in a role."""
        row = self.store.row("SELECT id, name, department FROM staff WHERE role = ? ORDER BY id", [role])
        assert row is not None
        return Actor(role, row["id"], row["name"], row["department"])

    def staff_post(self, role: Role, path: str, form: Mapping[str, str | Sequence[str]], expected: int = 303) -> None:
        """Send a form from the desk of who has a role, away from every counter; a good one leads to another page."""
        answer = self._browser(role).post(path, data=form, headers=SAME_ORIGIN)
        self.note(answer, f"{path} {form}", expected)

    def staff_get(self, role: Role, path: str, *shown: str) -> str:
        """Look at a page of the desk, on which these texts must stand; return it."""
        page = self.note(self._browser(role).get(path), path, 200)
        self.unexpected.extend(f"{path} does not show {text}" for text in shown if text not in page)
        return page

    def _browser(self, role: Role) -> FlaskClient:
        """Return a browser where he is logged in: he logs in anew when he pressed nothing for a quarter of an hour."""
        client = self._browsers.setdefault(role, self.desk_app.test_client())
        cookie = client.get_cookie("desk")
        seated = staff.session(self.store, cookie.value, now=self.clock()) if cookie is not None else None
        if seated is None or seated.locked:
            client.set_cookie("desk", staff.open_session(self.store, self.member(role), self.clock()))
        return client

    def sit(self, counter: str) -> None:
        """Log in and sit down at a counter, which opens it."""
        client = self.desk_app.test_client()
        client.set_cookie("desk", staff.open_session(self.store, self.receptionist, self.clock()))
        self.desks[counter] = client
        self.note(client.post("/queue/seat", data={"counter": counter}, headers=SAME_ORIGIN), "seat", 303)

    def press(self, counter: str, path: str, **fields: str) -> str:
        """Press a button of a counter as htmx does; return the fragment."""
        return self.post(counter, path, {"counter": counter, **fields}, 200)

    def post(self, counter: str, path: str, form: dict[str, str], expected: int) -> str:
        """Send a form from the desk of a counter; return the answer's text."""
        answer = self.desks[counter].post(path, data=form, headers=HTMX)
        if answer.status_code in {401, 423}:
            # Nobody pressed anything here for a quarter of an hour, or it is twelve hours: the desk asks who it is.
            self.sit(counter)
            answer = self.desks[counter].post(path, data=form, headers=HTMX)
        return self.note(answer, f"{path} {form}", expected)

    def open_counters(self) -> set[str]:
        """Return the counters that are not closed: those to which the desk offers to send somebody."""
        return {one.no for one in lines.counters(self.store) if one.state != "closed"}

    def next(self, counter: str, holding: str) -> str:
        """Press "next"; return the number that the counter holds then, or '' for none."""
        return self.held(self.press(counter, "/queue/next", holding=holding))

    def held(self, fragment: str) -> str:
        """Return the number in a counter's fragment, '' for none."""
        found = TICKET_NO.findall(fragment)
        if len(found) > 1 or bool(found) == ("data-empty" in fragment):
            self.unexpected.append(f"a counter's fragment shows {found}")
        return found[0] if found else ""

    def note(self, answer: TestResponse, what: str, *allowed: int) -> str:
        """Note an answer that was not to be expected; return its text."""
        text = answer.get_data(as_text=True)
        if answer.status_code not in allowed:
            refused = REFUSED.search(text)
            code = f" {refused[1]}" if refused else ""
            self.unexpected.append(f"{self.clock():%H:%M:%S}Z {what}: {answer.status_code}{code}")
        return text

    def open_counter(self) -> str:
        """Return a counter where somebody sits and works, '' for none."""
        found: str | None = self.store.value(
            "SELECT no FROM counters WHERE state = 'open' ORDER BY CAST(no AS INTEGER) LIMIT 1"
        )
        return found or ""

    def _broke(self, app: Flask, exception: BaseException) -> None:
        where = " < ".join(f"{at.filename}:{at.lineno}" for at in traceback.extract_tb(exception.__traceback__)[:-4:-1])
        self.unexpected.append(f"{app.name}: {exception!r} in {where}")

    def has_route(self, rule: str) -> bool:
        """Tell whether the kiosk answers at this address."""
        return any(one.rule == rule for one in self.kiosk_app.url_map.iter_rules())


def _stop(app: Flask) -> None:
    app.extensions["live"].stop()
    app.extensions["live"].join()
    app.extensions["stores"].close()
