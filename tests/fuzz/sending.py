"""Requests: what one is made of, and how the run draws the next one."""

import json
import re
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote, unquote

from werkzeug.routing import Rule

from reception.permissions import may
from tests.conftest import SAME_ORIGIN
from tests.fuzz.callers import SYSTEM, Caller
from tests.fuzz.learning import Knowledge
from tests.fuzz.values import Values
from tests.routes import DESK, KIOSK_ONLY

# Slow to answer, or they end what the run stands on: drawn as seldom as any other, and never oftener.
LIMITED = {"login.enter", "work_sign_in.enter", "work_sign_in.unlock", "password.change", "practice.start"}
LIMITED |= {"login.unlock", "accounts.leave", "accounts.give_code", "persons.erase"}


@dataclass(frozen=True)
class Sent:
    """One request, whole: what a failure prints, and what is sent again."""

    app: str
    caller: str
    method: str
    url: str
    form: list[tuple[str, str]]
    headers: dict[str, str]
    file: str = ""

    def line(self) -> str:
        """Return it as one line."""
        return json.dumps(self.__dict__, ensure_ascii=True)

    @property
    def text(self) -> str:
        """All that its sender wrote."""
        return "\n".join((self.url, unquote(self.url), *(value for _, value in self.form)))


class Drawing:
    """Draws requests from what is known of the routes."""

    def __init__(self, random: Random, known: Knowledge, values: Values, rules: list[tuple[str, Rule]]) -> None:
        self.random, self.known, self.values, self.rules = random, known, values, rules

    def rule(self, called: dict[str, int]) -> tuple[str, Rule]:
        """Return a route: mostly the least called of a few, else any, those that write more often."""
        chosen = self.random.sample(self.rules, 6)
        if self.random.random() < 0.6:
            return min(chosen, key=lambda one: called.get(f"{one[0]} {one[1].endpoint}", 0))
        for one in chosen:
            if "POST" in (one[1].methods or ()) and one[1].endpoint not in LIMITED:
                return one
        return chosen[0]

    def caller(self, callers: list[Caller], app: str, endpoint: str) -> Caller:
        """Return who asks: mostly somebody who may."""
        here = [one for one in callers if one.app == app]
        act = DESK.get(endpoint) if app == "desk" else None
        if app == "desk" and self.random.random() < 0.85:
            if act == "phone":
                return self.random.choice([one for one in here if one.is_phone])
            if act == "key":
                return next(one for one in here if one.name == SYSTEM)
            able = [one for one in here if one.who and (act in (None, "open", "key") or may(one.who, str(act)))]
            here = [one for one in able if not one.is_phone] or here
        elif app == "kiosk" and endpoint in KIOSK_ONLY and self.random.random() < 0.85:
            here = [one for one in here if one.name == "touch screen"]
        return self.random.choice(here)

    def draw(self, name: str, rule: Rule, one: Caller) -> tuple[Sent, tuple[Any, str] | None]:
        """Return a request to a route: a form as it stood on a page, a little changed, or one made of what is known."""
        posts = "POST" in (rule.methods or ())
        method = "POST" if posts else "GET"
        url, fields = self._filled(rule), list[tuple[str, str]]()
        forms = self.known.forms.get(f"{name} {rule.endpoint}", [])
        good = self.values.good.get(rule.endpoint, [])
        if good and self.random.random() < 0.3:
            fields = self.random.choice(good)
        elif forms and self.random.random() < 0.3:
            url, standing = self.random.choice(forms)
            fields = self._willing(rule.endpoint, standing)
        elif forms and self.random.random() < 0.65:
            found, fields = self.random.choice(forms)
            url = found if self.random.random() < 0.85 else url
            fields = self._changed(rule.endpoint, fields)
        else:
            for place, field_name in self.known.fields(rule.endpoint):
                if place != "files" and self.random.random() < 0.7:
                    fields.append((field_name, self.values.of_field(rule.endpoint, field_name)))
        fields = self._told(rule.endpoint, self._fitting(url, fields))
        headers = dict(SAME_ORIGIN)
        roll = self.random.random()
        if roll < 0.02:
            headers = self.random.choice(({}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}))
        elif roll < 0.4:
            headers["HX-Request"] = "true"
        if self.random.random() < 0.03:
            method = self.random.choice(("GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"))
        # A field may stand twice.
        if fields and self.random.random() < 0.05:
            fields.append((self.random.choice(fields)[0], self.values.of_field(rule.endpoint, "")))
        file = None
        wanted = [known for place, known in self.known.fields(rule.endpoint) if place == "files"]
        if wanted and posts:
            file = self.values.file()
        return Sent(name, one.name, method, url, fields, headers, wanted[0] if file else ""), file

    def _willing(self, endpoint: str, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return a form as somebody fills it in who wants it to be taken."""
        filled = [
            (name, value or (self.values.plain(name) if self.random.random() < 0.6 else "")) for name, value in fields
        ]
        there = {name for name, _ in fields}
        for place, name in self.known.fields(endpoint):
            pool = self.known.values.get((endpoint, name))
            # What none is chosen of yet: the page offers it, and it stands in no field.
            if place != "files" and name not in there and pool and self.random.random() < 0.8:
                filled.append((name, self.random.choice(list(pool))))
        return filled

    def _fitting(self, url: str, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Half the time, give the telephone that belongs to the code or number in the address, or its end."""
        phone = next((self.values.phones[part] for part in url.split("/") if part in self.values.phones), "")
        if not phone or self.random.random() < 0.5:
            return fields
        right = self.random.choice((phone, phone[-4:]))
        return [(name, right if name in ("phone", "phone_tail") else value) for name, value in fields]

    def _told(self, endpoint: str, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Mostly name the privacy notice in force where a route asks which one stood before its sender."""
        asked = any(name == "notice" for _, name in self.known.fields(endpoint))
        if not asked or self.random.random() < 0.3:
            return fields
        return [one for one in fields if one[0] != "notice"] + [("notice", self.values.notice())]

    def _changed(self, endpoint: str, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
        changed = []
        rate = self.random.choice((0.0, 0.15, 0.4))
        for name, value in fields:
            roll = self.random.random()
            if roll < rate or (value == "" and roll < 0.8):
                changed.append((name, self.values.of_field(endpoint, name)))
            elif roll < 0.98:
                changed.append((name, value))
        return changed

    def _filled(self, rule: Rule) -> str:
        path = rule.rule
        for part in sorted(rule.arguments):
            value = quote(self.values.of_part(part), safe="")
            for written in (f"<{part}>", *(piece for piece in _pieces(rule.rule) if piece.endswith(f":{part}>"))):
                path = path.replace(written, value)
        return path


def _pieces(rule: str) -> list[str]:
    return re.findall(r"<[^>]+>", rule)
