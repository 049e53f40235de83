"""Whom to notify of an incident, in which order, and what its card says: the centre's lists, by site and class."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.store import Store
from reception.cases import Case
from reception.incident_facts import CLASSES, SITES
from reception.rules import clock
from reception.wording import Words

ANY = "any"
OF_CLASS = {ANY: Words("各类（未定类时）", "Every class, and before one is chosen"), **CLASSES}
MOMENTS = {
    "at_once": Words("马上", "At once"),
    "if_needed": Words("需要时", "If needed"),
    "media": Words("有媒体时", "Media on the spot"),
    "out_of_control": Words("控制不住时", "Out of control"),
    "afterwards": Words("事后汇报", "Afterwards"),
}
KINDS = {
    "place": Words("带到哪里", "Where to"),
    "step": Words("怎么做", "What to do"),
    "say": Words("可以这样说", "What to say"),
    "dont": Words("不要", "What not"),
    "escalate": Words("何时上报", "When to hand up"),
}
CHANNELS = {
    "phone": Words("电话", "Telephone"),
    "face": Words("当面", "In person"),
    "message": Words("短信、微信", "Message"),
}
BY_SCREEN = "screen"
ALL_CHANNELS = CHANNELS | {BY_SCREEN: Words("前台屏幕", "Desk screen")}
__all__ = ["ALL_CHANNELS", "CHANNELS", "KINDS", "MOMENTS", "OF_CLASS", "SITES", "card", "contacts", "notices"]


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to notify. `tried_at` is the last try, `reached` whether any reached him, `next_now`: his turn is now.

    `waits_until` is when the next is called, where he was tried in vain.
    """

    id: int
    moment: str
    title: Words
    name: str
    phone: str
    staff: str
    tried_at: str
    reached: bool
    next_now: bool
    waits_until: str

    @property
    def moment_words(self) -> Words:
        """When he is notified."""
        return MOMENTS[self.moment]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification: whom, when, which way, reached or not, by whom."""

    title: Words
    name: str
    channel: str
    reached: bool
    at: str
    by_name: str

    @property
    def channel_words(self) -> Words:
        """Which way."""
        return ALL_CHANNELS[self.channel]


def card(store: Store, site: str, letter: str) -> dict[str, list[Words]]:
    """Return what the card says at a site of a class ('': none chosen yet), by kind: what holds for all comes first."""
    found: dict[str, list[Words]] = {kind: [] for kind in KINDS}
    rows = store.rows(
        "SELECT kind, text, text_en FROM incident_cards WHERE site = ? AND class IN ('any', ?) AND active = 1"
        " ORDER BY class <> 'any', position, id LIMIT 100",
        [site, letter],
    )
    for row in rows:
        found[row["kind"]].append(Words(row["text"], row["text_en"]))
    # The place of a class goes before that of all: there is one.
    found["place"] = found["place"][-1:]
    return {kind: texts for kind, texts in found.items() if texts}


def contacts(store: Store, case: Case, site: str, letter: str, *, now: datetime) -> list[Contact]:
    """Return whom to notify, in order: of the class where one was chosen, and whom every class has.

    Whose turn it is: the first of those to be told at once who was not tried yet; somebody tried in vain may call back
    within his minutes, and only then the next is called.
    """
    rows = store.rows(
        "SELECT incident_contacts.id, moment, title, title_en, name, phone, coalesce(staff, '') AS staff, wait_minutes,"
        " (SELECT max(at) FROM incident_notices WHERE case_id = :case AND contact_id = incident_contacts.id) AS tried,"
        " EXISTS (SELECT 1 FROM incident_notices WHERE case_id = :case AND contact_id = incident_contacts.id"
        " AND reached = 1) AS reached FROM incident_contacts WHERE site = :site AND class IN ('any', :letter)"
        " AND active = 1 ORDER BY CASE moment WHEN 'at_once' THEN 0 WHEN 'if_needed' THEN 1 WHEN 'media' THEN 2"
        " WHEN 'out_of_control' THEN 3 ELSE 4 END, class = 'any', position, id LIMIT 50",
        {"case": case.id, "site": site, "letter": letter},
    )
    found: list[Contact] = []
    turn_open, listed = True, set[tuple[str, str]]()
    for row in rows:
        # On the list of the class and on that of all, he is called once.
        if (row["moment"], row["title"]) in listed:
            continue
        listed.add((row["moment"], row["title"]))
        waits = None
        if row["tried"] and not row["reached"]:
            waits = clock.from_text(row["tried"]) + timedelta(minutes=row["wait_minutes"])
        his = turn_open and row["moment"] == "at_once" and not row["tried"]
        if his or (row["moment"] == "at_once" and waits is not None and waits > now):
            turn_open = False
        found.append(
            Contact(
                row["id"],
                row["moment"],
                Words(row["title"], row["title_en"]),
                row["name"],
                row["phone"],
                row["staff"],
                row["tried"] or "",
                bool(row["reached"]),
                his,
                clock.to_text(waits) if waits else "",
            )
        )
    return found


def on_screens(store: Store, site: str, letter: str, moments: Sequence[str]) -> list[int]:
    """Return the members of staff, by id, who are on the list at these moments and work at a desk here."""
    marks = ", ".join("?" * len(moments))
    rows = store.rows(
        "SELECT DISTINCT staff.id FROM incident_contacts JOIN staff ON staff.login = incident_contacts.staff"  # noqa: S608
        " WHERE site = ? AND class IN ('any', ?) AND incident_contacts.active = 1 AND staff.active = 1"
        f" AND moment IN ({marks}) ORDER BY staff.id",
        [site, letter, *moments],
    )
    return [int(row[0]) for row in rows]


def notices(store: Store, case: Case) -> list[Notice]:
    """Return who was notified, oldest first."""
    return [
        Notice(
            Words(row["title"], row["title_en"] or row["title"]),
            row["name"],
            row["channel"],
            bool(row["reached"]),
            row["at"],
            row["by_name"],
        )
        for row in store.rows(
            "SELECT title, title_en, incident_notices.name, channel, reached, at, staff.name AS by_name"
            " FROM incident_notices JOIN staff ON staff.id = by_id"
            " WHERE case_id = ? ORDER BY incident_notices.id LIMIT 200",
            [case.id],
        )
    ]
