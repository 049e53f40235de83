"""What requests are filled with: what really exists, what other fields take, and what programs trip over."""

import io
from functools import partial
from random import Random
from typing import Any

from db.store import Store
from reception import privacy_notices
from tests.fuzz.learning import Knowledge
from tests.fuzz.pages import MARK
from tests.fuzz.people import Person

NASTY = (
    "", " ", "0", "-1", "1", "2", "00", "1e309", "NaN", "null", "None", "true", "on", "9" * 30, "2147483648",
    "9223372036854775808", "-9223372036854775809", "0x10", "1.5", "١٢", "１３８００００５６７８", "²", "\x00", "a\x00b",
    "\r\nX-Fuzz: 1", "a\nb", "\x1b@\x1bm", "\u202e", "\u200b", "\ufeff", "ﷺ" * 50, "🙂" * 30, "👩‍👩‍👧", "𠮷䶮",
    "שלום", "e\u0301" * 40, "x" * 600, "王" * 300, "\ud7ff", "' OR 1=1 --", "'; DROP TABLE cases;--", '" OR ""="',
    "%", "_", "%%%", "*", "\\", "a' UNION SELECT name FROM staff --", "{{7*7}}", "{% raise %}", "${7*7}",
    "%(x)s", "%s%s%n", "{0.__class__}", "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd", "/etc/passwd", "file:///etc/passwd", "//example.org", "https://example.org/", "\\\\x\\y",
    "javascript:alert(1)", f"<{MARK}>", f'"><{MARK}>', f"'><{MARK} x=", f'" {MARK}="1', f"' {MARK}='1",
    f"</textarea><{MARK}>", f"</title></script><{MARK}>", f"--><{MARK}>", f"&lt;{MARK}&gt;", "2026-11-23",
    "2026-11-23T14:00", "2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "9999-12-31T23:59", "2026-12-04",
    "2026-12-18", "2026-11", "2026-13", "14:00", "25:61", "24:00", "明天 10:00", "今天 23:59", "1-1-101", "7-1-704",
    "5678", "13800005678", "+8613800005678", "010-62008600", "1" * 11, "general", "repair", "A001", "W001", "L001",
    "BX20261123-001", "GD20261123-001", "110101199003077777", "A" * 26, "a" * 26, "wanglin", "zhaogang", "admin",
    "maintenance", "front", "zh-CN", "en", "1,2", "[]", "{}", "1;2", "a=b&c=d", "#", "?", "/", ".", "..", "-", "--",
)  # fmt: skip
FILES = (
    b"", b"\x00", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, b"\xff\xd8\xff\xe0" + b"\x00" * 40, b"PK\x03\x04", b"\xff\xfe",
    "楼栋,单元,房号\n7,1,704\n".encode(), "姓名,电话\n=1+1,138\n".encode("gb18030"), b'a,b\n"',
    b"\xef\xbb\xbfa;b\n1;2\n",
    b"%PDF-1.4", b"<svg onload=alert(1)>", b"GIF89a" + b"\x00" * 20, b"a" * 9000,
)  # fmt: skip
NAMES = ("x.csv", "x.xlsx", "x.jpg", "x.png", "../../x", "a\x00.csv", "x.csv\r\nA: b", "", "号.csv")


def png(random: Random) -> bytes:
    """Return a small good picture."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (random.choice((1, 8, 40)), 8), "#0a8").save(out, random.choice(("PNG", "JPEG")))
    return out.getvalue()


class Values:
    """Draws values for fields and parts of addresses."""

    def __init__(self, random: Random, knowledge: Knowledge, people: int) -> None:
        self.random, self.known, self.people = random, knowledge, people
        self._real: dict[str, list[str]] = {}
        # By endpoint, forms that are answered well; by code or number, the telephone of whose it is.
        self.good: dict[str, list[list[tuple[str, str]]]] = {}
        self.phones: dict[str, str] = {}

    def look(self, store: Store) -> None:
        """Take what exists from the store: the short values of every column, by its name."""
        self.notice = partial(privacy_notices.label, store)
        found: dict[str, set[str]] = {}
        for table in store.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%sqlite%'"):
            for column in store.rows(f'PRAGMA table_info("{table[0]}")'):
                # What a key or a password is kept as is nobody's to send.
                if "hash" in column["name"]:
                    continue
                rows = store.rows(
                    f'SELECT DISTINCT "{column["name"]}" FROM "{table[0]}" WHERE length("{column["name"]}")'  # noqa: S608
                    " BETWEEN 1 AND 40 ORDER BY rowid DESC LIMIT 25"
                    if not _without_rowid(store, table[0])
                    else f'SELECT DISTINCT "{column["name"]}" FROM "{table[0]}" LIMIT 25'  # noqa: S608
                )
                found.setdefault(column["name"], set()).update(str(row[0]) for row in rows)
        self._real = {name: sorted(values) for name, values in found.items()}
        self._columns = sorted(self._real)
        self.phones = {
            row[0]: row[1]
            for row in store.rows(
                "SELECT no, phone FROM cases UNION ALL SELECT token, phone FROM cases"
                " UNION ALL SELECT work_orders.token, phone FROM work_orders JOIN cases ON cases.id = case_id"
                " UNION ALL SELECT tickets.token, phone FROM tickets JOIN visits ON visits.id = visit_id"
            )
            if row[0] and row[1]
        }

    def of_field(self, endpoint: str, name: str) -> str:
        """Return a value for a field of a route."""
        roll = self.random.random()
        if roll < 0.45:
            pool = list(self.known.values.get((endpoint, name), ())) or list(self.known.anywhere.get(name, ()))
            if pool:
                return self.random.choice(pool)
        if roll < 0.60:
            return self.real(name)
        if roll < 0.70:
            return self.personal(name)
        if roll < 0.75:
            return self.mutated(self.real(name))
        return self.random.choice(NASTY)

    def real(self, name: str) -> str:
        """Return something that exists, of a column of this name where there is one."""
        short = name.removesuffix("_no").removesuffix("_id").split("_")[-1]
        for column in (name, short, {"case": "no", "holding": "no", "ticket": "no"}.get(short, "")):
            if self._real.get(column) and self.random.random() < 0.8:
                return self.random.choice(self._real[column])
        column = self.random.choice(self._columns)
        return self.random.choice(self._real[column] or [""])

    def personal(self, name: str) -> str:
        """Return the name, telephone, tail, home or words of one of the people."""
        one = Person(self.random.randint(1, self.people))
        whole = {"name": one.name, "phone": one.phone, "unit": one.unit}
        return whole.get(name) or self.random.choice((one.name, one.phone, one.phone[-4:], one.unit, one.words))

    def plain(self, name: str) -> str:
        """Return what somebody writes who means it."""
        one = Person(self.random.randint(1, self.people))
        if name in ("name", "phone", "unit"):
            return self.personal(name)
        if name.endswith(("_on", "day", "date")):
            return self.random.choice(("2026-11-23", "2026-11-24", "2026-12-04"))
        if name.endswith("_at") or name in ("from_", "to", "reply_due"):
            return self.random.choice(("明天 10:00", "15:00", "2026-11-24T10:00"))
        return self.random.choice((one.words, "水管已修好", "1", "5"))

    def mutated(self, value: str) -> str:
        """Return a value a little wrong."""
        way = self.random.randrange(5)
        if way == 0:
            return value[:-1]
        if way == 1:
            return value + self.random.choice("0 \x00'<9")
        if way == 2:
            return value.swapcase()
        return f" {value} " if way == 3 else value * 2

    def of_part(self, name: str) -> str:
        """Return a value for a part of an address."""
        roll = self.random.random()
        pool = list(self.known.parts.get(name, ()))
        if pool and roll < 0.75:
            return self.random.choice(pool)
        if roll < 0.92:
            return self.real(name)
        return self.random.choice(NASTY)

    def file(self) -> tuple[Any, str]:
        """Return a file to send, with its name."""
        data = png(self.random) if self.random.random() < 0.3 else self.random.choice(FILES)
        return io.BytesIO(data), self.random.choice(NAMES)


def _without_rowid(store: Store, table: str) -> bool:
    return bool(store.value("SELECT sql LIKE '%WITHOUT ROWID%' FROM sqlite_schema WHERE name = ?", [table]))
