"""Who asks: all of the staff, nobody, the touch screen, a phone on the LAN, two workers' phones, another system."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from db.store import Store, writing
from reception import api_tokens, staff
from reception.permissions import Actor, Role
from tests.conftest import Clock
from tests.fuzz import centre

SYSTEM = "system"
PHONES = ("zhaogang", "sunlei")
# Whoever sends these may be somebody else afterwards.
ENTERING = {"login.enter", "login.unlock", "login.lock", "work_sign_in.enter", "work_sign_in.lock"}


class Caller:
    """A browser of somebody's; `app` is the name of the app it asks."""

    def __init__(self, name: str, app: str, made: Flask, who: Actor | None = None, address: str = "127.0.0.1") -> None:
        self.name, self.app, self.who = name, app, who
        self.made = made
        self.client: FlaskClient = made.test_client()
        self.client.environ_base["REMOTE_ADDR"] = address
        self.is_phone = name.startswith("phone")


class Callers(list[Caller]):
    """All of them, logged in; and logged in anew when a lock, a log-out or somebody's leaving shut them out."""

    def __init__(self, store: Store, home: Path, apps: dict[str, Flask], clock: Clock) -> None:
        desk, kiosk = apps["desk"], apps["kiosk"]
        super().__init__(
            [
                Caller("nobody", "desk", desk),
                Caller("touch screen", "kiosk", kiosk),
                Caller("lan", "kiosk", kiosk, None, ""),
            ]
        )
        self.store, self.home, self.clock = store, home, clock
        self.laid = store.rows("SELECT * FROM staff WHERE active = 1")
        found = {row["login"]: Actor(Role(row["role"]), row["id"], row["name"], row["department"]) for row in self.laid}
        self.extend(Caller(login, "desk", desk, who) for login, who in found.items())
        self.extend(Caller(f"phone of {login}", "desk", desk, found[login]) for login in PHONES)
        self.append(Caller(SYSTEM, "desk", desk))
        for one in self:
            self.let_in(one)

    def let_in(self, one: Caller) -> None:
        """Log a caller in, as the first time; whoever left, moved or got a one-time code meanwhile is as he was."""
        if one.name == SYSTEM:
            self._give_key(one)
        if one.who is None:
            return
        row = next(row for row in self.laid if row["id"] == one.who.id)
        with writing(self.store):
            self.store.execute(
                "UPDATE staff SET active = 1, must_change = 0, code_until = NULL, password_hash = ?, role = ?,"
                " department = ? WHERE id = ?",
                [row["password_hash"], row["role"], row["department"], one.who.id],
            )
            self.store.execute("DELETE FROM login_failures")
        if one.is_phone:
            login = str(self.store.value("SELECT login FROM staff WHERE id = ?", [one.who.id]))
            keys = centre.sign_in_phone(self.store, self.home, login, self.clock)
            for name, key in zip(("work", "work_open"), keys, strict=True):
                one.client.set_cookie(name, key, path="/work")
        else:
            key = staff.open_session(self.store, one.who, self.clock())
            one.client.set_cookie("desk", key)

    def _give_key(self, one: Caller) -> None:
        """Let another system read all that the interface tells; one has a key of its own in the next round."""
        by = next(other.who for other in self if other.who and other.who.role is Role.ADMINISTRATOR)
        now, day = self.clock(), self.clock().date()
        made = self.store.value("SELECT count(*) FROM api_tokens")
        key = api_tokens.make(
            self.store,
            name="fuzz",
            scopes=list(api_tokens.SCOPES),
            expires_on=str(day.replace(year=day.year + 1)),
            nonce=f"fuzz{made}",
            by=by,
            now=now,
        )
        one.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"

    def renew(self, one: Caller, endpoint: str, status: int, location: str) -> None:
        """Let a caller in again where this answer shut him out, or made him somebody else."""
        if one.name == SYSTEM and status == 401:
            # Somebody took the key back.
            self._give_key(one)
        out = ("/login", "/password", "/work/sign-in", "/work/pin")
        if one.name == "nobody":
            one.client = one.made.test_client()
        elif one.who and (
            status in (401, 423)
            or (status == 303 and location.startswith(out))
            or (endpoint in ENTERING and status < 400)
        ):
            self.let_in(one)
