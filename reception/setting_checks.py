"""How each type of setting is read from a form: the checked value, or ValueError of a refusal's code."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from reception.rules import announcement, hours, people, visit_days, volume, warranty
from reception.setting_types import Setting

TEXT, LONG_TEXT = 80, 600


def _text(text: str, setting: Setting) -> str:
    clean = people.clean_text(text, limit=TEXT)
    if not clean:
        raise ValueError("text_missing")
    return clean


def _number(text: str, setting: Setting) -> int:
    clean = text.strip()
    if not (clean.isascii() and clean.isdigit() and len(clean) < 6 and setting.low <= int(clean) <= setting.high):
        raise ValueError("number_invalid")
    return int(clean)


def _hours(text: str, setting: Setting) -> str:
    hours.parse(text)
    return ",".join(part.strip() for part in text.replace("，", ",").split(",") if part.strip())


def _volume(text: str, setting: Setting) -> str:
    volume.parse(text)
    return text.replace("，", ",").replace(" ", "")


def _voice(text: str, setting: Setting) -> str:
    clean = people.clean_text(text, limit=TEXT)
    if clean or setting.kind == "voice":
        announcement.check_template(clean)
    return clean


def _url(text: str, setting: Setting) -> str:
    clean = people.clean_text(text, limit=120).rstrip("/")
    parts = urlsplit(clean)
    # The code on a ticket is written in capitals: a path in it would not survive that.
    plain = parts.scheme in {"http", "https"} and parts.hostname and not parts.path and not set(clean) & set("?# @\\")
    # The port is read only when asked for, and may be no number.
    if clean and (not plain or (parts.port is not None and parts.port < 1)):
        raise ValueError("url_invalid")
    if not clean and setting.key != "public_url":
        raise ValueError("url_invalid")
    return clean


def _url_or_refuse(text: str, setting: Setting) -> str:
    try:
        return _url(text, setting)
    except ValueError as error:
        known = str(error) in {"url_invalid", "text_too_long", "text_invalid"}
        raise ValueError(str(error) if known else "url_invalid") from None


def _timezone(text: str, setting: Setting) -> str:
    clean = text.strip()
    # Names with a slash, and UTC: the others are files of the system that a browser does not know.
    if clean not in available_timezones() or ("/" not in clean and clean != "UTC"):
        raise ValueError("timezone_unknown")
    return clean


def _phone(text: str, setting: Setting) -> str:
    clean = people.clean_text(text, limit=24)
    if clean and not all(char in "0123456789-+ ()" for char in clean):
        raise ValueError("phone_number_invalid")
    return clean


def _month_day(text: str, setting: Setting) -> str:
    month, day = warranty.parse_month_day(text)
    return f"{month:02d}-{day:02d}"


def _choice(text: str, setting: Setting) -> str:
    if text not in setting.choices:
        raise ValueError("choice_unknown")
    return text


def _slack(text: str, setting: Setting) -> str:
    return ",".join(str(place) for place in sorted(visit_days.slack_places(text)))


CHECKS: Final[dict[str, Callable[[str, Setting], Any]]] = {
    "text": _text,
    "lines": lambda text, setting: people.clean_text(text, limit=LONG_TEXT, multiline=True),
    "number": _number,
    "flag": lambda text, setting: people.parse_flag(text),
    "hours": _hours,
    "month_day": _month_day,
    "volume": _volume,
    "voice": _voice,
    "voice_or_none": _voice,
    "url": _url_or_refuse,
    "timezone": _timezone,
    "phone": _phone,
    "choice": _choice,
    "slack": _slack,
}
