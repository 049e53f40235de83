"""Languages: Chinese first, English second, chosen by a cookie; and the words, times and dates of screens."""

from datetime import date, datetime
from pathlib import Path

from babel.support import NullTranslations
from flask import Flask, g, redirect, request
from flask_babel import Babel, get_translations, gettext, refresh
from werkzeug.wrappers import Response as Answer

from reception.rules import clock, money
from reception.rules.masking import mask_name
from reception.site import Site, site
from reception.wording import Words

COOKIE = "language"
TRANSLATIONS = Path(__file__).parent / "translations"
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
TAGS = {"zh": "zh-CN", "en": "en"}


def language() -> str:
    """Return the reader's language, `zh` or `en`. Chinese unless chosen: a browser's own setting says little here."""
    chosen: str = g.get("language", request.cookies.get(COOKIE, "zh"))
    return chosen if chosen in LOCALES else "zh"


def choose(chosen: str) -> None:
    """Answer this very request in another language than the cookie says."""
    g.language = chosen
    g.pop("translations", None)
    refresh()


def install(app: Flask) -> None:
    """Set up translations and the filters that templates use."""
    Babel(
        app,
        default_locale="zh_Hans_CN",
        default_timezone="UTC",
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=lambda: LOCALES[language()],
    )
    # In place of Babel's own, which finds out the language at each of a page's hundred words.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _spoken().ugettext(text),
        ngettext=lambda one, many, count: _spoken().ungettext(one, many, count),
        newstyle=True,
    )
    # The second address is the one that phones reach.
    for number, path in enumerate(("/language", "/T/language")):
        app.add_url_rule(path, f"language_{number}", change, methods=["POST"])
    app.add_template_filter(words)
    app.add_template_filter(other_words)
    app.add_template_filter(time_of_day)
    app.add_template_filter(day_and_time)
    app.add_template_filter(full_time)
    app.add_template_filter(long_day)
    app.add_template_filter(yuan)
    app.add_template_filter(minutes_since)
    app.add_template_filter(span_words)
    app.add_template_filter(picker_time)
    app.add_template_filter(mask_name)
    app.context_processor(lambda: {"language": language(), "language_tag": TAGS[language()]})


def _spoken() -> NullTranslations:
    """Return the translations of this request."""
    if "translations" not in g:
        g.translations = get_translations()
    found: NullTranslations = g.translations
    return found


def change() -> Answer:
    """Set the language and go back to where the reader was."""
    chosen = request.form.get("language", "zh")
    response = redirect(own_path(request.form.get("back", "/")), 303)
    response.set_cookie(COOKIE, chosen if chosen in LOCALES else "zh", samesite="Strict", httponly=True)
    return response


def own_path(back: str) -> str:
    """Return the path to go back to, or `/`: only a path of our own, for `//host` and `\\` would lead away."""
    safe = back.startswith("/") and not back.startswith("//") and "\\" not in back and back.isprintable()
    return back if safe else "/"


def words(pair: Words) -> str:
    """Return the words in the reader's language."""
    return pair.zh if language() == "zh" else pair.en


def other_words(pair: Words) -> str:
    """Return the words in the other language, for the line beside it."""
    return pair.en if language() == "zh" else pair.zh


def current_site() -> Site:
    """Return the settings of the centre, read once a request."""
    if "site" not in g:
        from web.app import store

        g.site = site(store())
    found: Site = g.site
    return found


def _local(text: str) -> datetime:
    return clock.from_text(text).astimezone(current_site().zone)


def time_of_day(text: str) -> str:
    """Return a UTC text as the site's time of day, `10:24`."""
    return _local(text).strftime("%H:%M")


def day_and_time(text: str) -> str:
    """Return a UTC text as the site's day and time, `11-23 10:24`."""
    return _local(text).strftime("%m-%d %H:%M")


def yuan(fen: int | None) -> str:
    """Return fen as an amount in yuan, `1234.50`; '' for None."""
    return "" if fen is None else money.format_yuan(fen)


def full_time(text: str) -> str:
    """Return a UTC text as the site's day and time with the year, `2026-11-23 10:24`: for lists that leave the desk."""
    return _local(text).strftime("%Y-%m-%d %H:%M")


def minutes_since(text: str, moment: datetime) -> int:
    """Return the whole minutes from a UTC text to a moment; never negative."""
    return max(0, int((moment - clock.from_text(text)).total_seconds() // 60))


def picker_time(text: str) -> str:
    """Return a UTC text as a form's field for day and time holds it, in the site's zone: `2026-11-23T10:24`."""
    return _local(text).strftime("%Y-%m-%dT%H:%M")


def span_words(minutes: int) -> str:
    """Return a length as readers say it, in its two largest units: `2 天 3 小时`, `25 min`."""
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    units = (
        (days, gettext("%(no)s d", no=days)),
        (hours, gettext("%(no)s h", no=hours)),
        (left, gettext("%(no)s min", no=left)),
    )
    said = [words for amount, words in units if amount][:2]
    # Days and minutes without hours: the minutes say nothing then.
    if days and not hours:
        said = said[:1]
    return " ".join(said) or units[2][1]


def long_day(day: date) -> str:
    """Return a day as readers say it: `12月4日（周五）`, `Fri 4 December`."""
    names = [
        gettext("Mon"),
        gettext("Tue"),
        gettext("Wed"),
        gettext("Thu"),
        gettext("Fri"),
        gettext("Sat"),
        gettext("Sun"),
    ]
    if language() == "zh":
        return f"{day.month}月{day.day}日（{names[day.weekday()]}）"
    return f"{names[day.weekday()]} {day.day} {day:%B}"
