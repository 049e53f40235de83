"""What is asked of every answer and of the store behind it; each question returns what is wrong, in words."""

import re
from dataclasses import dataclass, field

from db.store import Store
from reception.permissions import Actor
from tests.fuzz import eyes, rules
from tests.fuzz.pages import Page
from tests.fuzz.people import Part, Person, seen
from tests.reception.never import NEVER
from web.refused_counts import COUNTED

_WRITES = re.compile(
    r"\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM|REPLACE\s+INTO)\s+\"?(\w+)"
)


@dataclass
class Trace:
    """What one connection did while a request was answered: how many transactions it committed, and in which tables."""

    commits: int = 0
    tables: set[str] = field(default_factory=set)
    touched: bool = False
    # Refusals were counted; a session that idled was locked before anything was asked.
    counted: bool = False
    locked: bool = False
    _open: set[str] = field(default_factory=set)
    _inside: bool = False
    _locks: bool = False

    def note(self, statement: str) -> None:
        """Take in a statement, as SQLite ran it."""
        word = statement.lstrip()[:8].upper()
        if word.startswith("BEGIN"):
            self._open, self._inside, self._locks = set(), True, False
        elif word.startswith("ROLLBACK"):
            # Only of the whole: savepoints are not used.
            self._open, self._inside = set(), False
        elif word.startswith("COMMIT"):
            self._keep(self._open)
            self._open, self._inside = set(), False
        elif word.startswith(("INSERT", "UPDATE", "DELETE", "REPLACE")):
            hit = _WRITES.match(statement)
            found = {hit[1]} if hit else {"?"}
            self._locks = self._locks or statement.startswith("UPDATE sessions SET locked_at")
            if self._inside:
                self._open |= found
            else:
                self._keep(found)

    def _keep(self, tables: set[str]) -> None:
        # That a phone or a session was seen, or locked, or that it was refused, is no act of the request's own.
        self.touched = self.touched or bool(tables)
        if tables == {"refusals"}:
            self.counted = True
        elif self._locks and tables <= rules.LOCKING:
            self.locked = True
        else:
            self.commits += bool(tables - rules.SEEN)
            self.tables |= tables

    def clear(self) -> None:
        """Begin anew."""
        self.__init__()  # type: ignore[misc]


def written(endpoint: str, method: str, status: int, trace: Trace, moved: bool) -> str:
    """Tell what is wrong with what a request wrote."""
    tables = trace.tables - rules.SEEN
    if moved and not trace.touched:
        return "the store changed, and no transaction of this request was seen"
    if trace.counted and status not in COUNTED and endpoint not in rules.READS_COUNTS:
        return f"a {status} was counted as a refusal"
    if status >= 400 and tables:
        kept = rules.KEEPS_ON_REFUSAL.get(endpoint)
        if kept is None or not tables <= kept[1]:
            return f"a {status} wrote {sorted(tables)}"
    if method in {"GET", "HEAD", "OPTIONS"} and tables and endpoint not in rules.READING_IS_NOTED:
        return f"a {method} wrote {sorted(tables)}"
    if trace.commits > 1 and tables and endpoint not in rules.MANY_ACTS:
        return f"one request was {trace.commits} acts: {sorted(trace.tables)}"
    return ""


def answered(status: int, text: str, page: Page | None) -> str:
    """Tell what is wrong with an answer in itself."""
    if status >= 500:
        return f"a {status}"
    for secret in rules.SECRETS:
        if secret in text:
            return f"{secret!r} stands in the answer"
    if page is not None and page.troubles:
        return page.troubles[0]
    return ""


def foreign(
    store: Store,
    who: Actor | None,
    text: str,
    sent: str,
    may_see: set[Person],
    *,
    endpoint: str = "",
    revealed: bool = False,
) -> str:
    """Tell whose data stand in an answer that this reader may not see; `sent` he wrote himself.

    `revealed`: this request looked somebody up whole, and said why.
    """
    found = {(one, part) for one, part in seen(text) if one not in may_see and one.part(part) not in sent}
    if not found:
        return ""
    if who is None or who.id is None:
        public = "\n".join(_published(store))
        found = {(one, part) for one, part in found if one.part(part) not in public}
        if not found:
            return ""
        one, part = min(found, key=str)
        return f"the {part} of person {one.number} is shown to {who.role if who else 'nobody known'}"
    for one, part in sorted(found, key=str):
        if sealed_from(store, one, part, who):
            return f"the {part} of person {one.number}, which is sealed from {who.role}"
    return eyes.stranger(store, who, endpoint, found, revealed)


def _published(store: Store) -> list[str]:
    """Return what stands in the columns that everybody reads."""
    return [
        str(tuple(row))
        for table, columns in rules.PUBLISHED.items()
        for row in store.rows(f'SELECT {", ".join(columns.split())} FROM "{table}"')  # noqa: S608
    ]


def sealed_from(store: Store, one: Person, part: Part, who: Actor) -> bool:
    """Tell whether a person's words were said in a case that is sealed from this reader, and nowhere open to him."""
    if part is not Part.WORDS:
        return False
    said = "SELECT 1 FROM complaints WHERE facts LIKE ?"
    return bool(store.value(said, [f"%{one.part(part)}%"])) and not eyes.said_openly(store, one, who)


def never(store: Store) -> str:
    """Tell which promise of the store is broken (domain.md K3), if any."""
    for name, query in NEVER.items():
        if store.row(query) is not None:
            return f"never: {name}"
    if store.row("PRAGMA foreign_key_check") is not None:
        return "a row points at nothing"
    if store.value("PRAGMA integrity_check") != "ok":
        return "the store is damaged"
    return ""
