"""The law of the live fragments: a press in one is never dropped because the fragment is fetched anew just then."""

import re
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).parent.parent
EMPTY = {"input", "br", "hr", "img", "meta", "link", "col", "source"}


class Asking(HTMLParser):
    """What asks the server from inside a live fragment, and has of hx-sync only what it inherits."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, bool | None]] = []
        self.inheriting: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at it, and whether what lies in it inherits from a fragment: None when it says nothing about that."""
        had = dict(attrs)
        inherited = next((abort for _, abort in reversed(self._open) if abort is not None), False)
        if had.keys() & {"hx-get", "hx-post"} and "hx-sync" not in had and inherited:
            self.inheriting.append(f"<{tag} {' '.join(f'{name}={value}' for name, value in attrs)}>")
        if tag not in EMPTY:
            self._open.append((tag, had["hx-sync"] == "this:abort" if "hx-sync" in had else None))

    def handle_endtag(self, tag: str) -> None:
        """Close it, and what was left open in it (the branches of a template both open)."""
        at = next((place for place in range(len(self._open) - 1, -1, -1) if self._open[place][0] == tag), None)
        if at is not None:
            del self._open[at:]


def _html(template: Path) -> str:
    """Return a template with what it includes, and without the words of its language."""

    def included(found: re.Match[str]) -> str:
        own, shared = template.parent / found[1], ROOT / "web/templates" / found[1]
        return _html(own if own.exists() else shared)

    text = re.sub(r'\{% include "(\w+\.html)".*?%\}', included, template.read_text(encoding="utf-8"))
    return re.sub(r"\{%.*?%\}|\{#.*?#\}", "", re.sub(r"\{\{.*?\}\}", "x", text, flags=re.DOTALL), flags=re.DOTALL)


def test_whatever_asks_from_inside_a_live_fragment_says_hx_sync_itself() -> None:
    """What inherits "this:abort" is dropped by htmx, in silence, while a look at the fragment is under way."""
    fragments = 0
    for room in ("desk", "kiosk"):
        for template in sorted((ROOT / room / "templates").glob("*.html")):
            text = _html(template)
            fragments += text.count("this:abort")
            found = Asking()
            found.feed(text)
            assert not found.inheriting, (template.name, found.inheriting)
    assert fragments > 40
