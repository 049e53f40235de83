"""The centre's own settings: its name, its zone, its addresses."""

import json
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo

from db.store import Store, writing


@dataclass(frozen=True, slots=True)
class Site:
    """The settings of the centre, with the values of a new box.

    `kiosk_url` is the address the kiosk answers at; `public_url` one that phones outside reach, or empty:
    without it no paper promises the phone. `ticket_stale_minutes`: a ticket unprinted for so long is not printed into
    the hands of a later visitor (0: the rule is off). `print_payload_hours`: how long the spool keeps what papers say.
    """

    name: str = "物业服务中心"
    name_en: str = "Property Service Centre"
    phone: str = ""
    timezone: str = "Asia/Shanghai"
    kiosk_url: str = "http://127.0.0.1:8600"
    public_url: str = ""
    privacy_notice: str = "2026-11"
    front_printer: str = "front"
    desk_url: str = "http://127.0.0.1:8601"
    tls_fingerprint: str = ""
    paper_english: bool = True
    ticket_stale_minutes: int = 3
    print_payload_hours: int = 24
    visit_day_place: str = "物业服务中心接待室"

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone, for screens and paper; the store keeps UTC."""
        return ZoneInfo(self.timezone)

    def page_url(self, token: str) -> str:
        """Return the address of a visitor's page: upper case, which makes a smaller QR code (`printing.md`)."""
        return f"{self.public_url or self.kiosk_url}/T/{token}".upper()


_KNOWN = frozenset(field.name for field in fields(Site))


def site(store: Store) -> Site:
    """Return the settings as they stand in the store."""
    values: dict[str, Any] = {
        key: json.loads(value) for key, value in store.rows("SELECT key, value FROM settings") if key in _KNOWN
    }
    return Site(**values)


def configure(store: Store, **values: str | int | bool) -> None:
    """Set some of the settings (the command line's door; the desk's comes with its own issue)."""
    unknown = values.keys() - _KNOWN
    if unknown:
        raise KeyError(f"no such setting: {', '.join(sorted(unknown))}")
    with writing(store):
        for key, value in values.items():
            store.execute(
                "INSERT INTO settings (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [key, json.dumps(value, ensure_ascii=False)],
            )
        store.touch("site")
