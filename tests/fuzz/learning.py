"""What a view asks for: a request that notes each field, query, file, header and cookie by the name it is read with."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from flask import Request
from werkzeug.datastructures import CombinedMultiDict, ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property

# What werkzeug, Flask and htmx ask of every request, and what the run sends by itself.
COMMON = {"content-type", "content-length", "host", "cookie", "transfer-encoding", "sec-fetch-site", "origin"}

Asked = dict[str, dict[str, None]]


class Noted(ImmutableMultiDict[str, Any]):
    """Values of a request that note by which name they are asked for."""

    asked: dict[str, None]

    def __getitem__(self, key: str) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return super().__contains__(key)

    def get(self, key: str, *rest: Any, **more: Any) -> Any:
        self._note(key)
        return super().get(key, *rest, **more)

    def getlist(self, key: str, *rest: Any, **more: Any) -> list[Any]:
        self._note(key)
        return super().getlist(key, *rest, **more)

    def _note(self, key: object) -> None:
        if isinstance(key, str) and len(key) < 60:
            self.asked[key] = None


def _noted(values: MultiDict[str, Any], asked: dict[str, None]) -> Noted:
    found = Noted(values)
    found.asked = asked
    return found


class Learning(Request):
    """A request that says afterwards what was asked of it (`asked`: by `args`, `form`, `files`)."""

    @cached_property
    def asked(self) -> Asked:
        """By where it was looked for, the names in the order of their asking."""
        return defaultdict(dict)

    @cached_property
    def args(self) -> Noted:
        return _noted(super().args, self.asked["args"])

    @cached_property
    def values(self) -> CombinedMultiDict[str, str]:
        return CombinedMultiDict([self.args, self.form] if self.method in {"POST", "PUT", "PATCH"} else [self.args])

    def _load_form_data(self) -> None:
        loaded = "form" in self.__dict__
        super()._load_form_data()
        if not loaded:
            for place in ("form", "files"):
                self.__dict__[place] = _noted(self.__dict__[place], self.asked[place])


class Knowledge:
    """What is known of every route: its names, the values they were seen with, and whole forms found on pages."""

    def __init__(self) -> None:
        # endpoint -> place -> names; endpoint -> name -> values; name -> values.
        self.names: dict[str, Asked] = defaultdict(lambda: defaultdict(dict))
        self.values: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self.anywhere: dict[str, dict[str, None]] = defaultdict(dict)
        self.forms: dict[str, list[tuple[str, list[tuple[str, str]]]]] = defaultdict(list)
        self.parts: dict[str, dict[str, None]] = defaultdict(dict)

    def learn(self, endpoint: str, asked: Asked) -> None:
        """Keep what a view asked for."""
        for place, names in asked.items():
            self.names[endpoint][place].update(names)

    def saw(self, endpoint: str, name: str, value: str, *, most: int = 60) -> None:
        """Keep a value that a page offers for a field."""
        for pool in (self.values[endpoint, name], self.anywhere[name]):
            pool[value] = None
            if len(pool) > most:
                del pool[next(iter(pool))]

    def saw_form(self, endpoint: str, url: str, fields: list[tuple[str, str]], *, most: int = 40) -> None:
        """Keep a form as it stands on a page."""
        kept = self.forms[endpoint]
        kept.append((url, fields))
        if len(kept) > most:
            del kept[0]

    def saw_part(self, name: str, value: object, *, most: int = 120) -> None:
        """Keep a value that a part of an address was seen with."""
        pool = self.parts[name]
        pool[str(value)] = None
        if len(pool) > most:
            del pool[next(iter(pool))]

    def fields(self, endpoint: str) -> Iterator[tuple[str, str]]:
        """Yield (place, name) of all that a route is known to ask for."""
        for place, names in self.names[endpoint].items():
            for name in names:
                yield place, name
