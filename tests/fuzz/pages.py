"""A page as a browser would take it: is it well formed, does anything that was sent act in it, where does it lead."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser

# What payloads try to become: an element, or an attribute, of this name.
MARK = "fzmark"
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
_ADDRESSES = ("href", "hx-get")
_SENDING = ("hx-post", "hx-put", "hx-delete")


@dataclass
class Form:
    """Where a form leads, how, and what stands in it: (name, value) with every option."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """Reads a page once; `troubles` says what is wrong with it."""

    def __init__(self, text: str, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.troubles: list[str] = []
        # In the order of the page: a run must be the same in every process.
        self.links: dict[str, None] = {}
        self.forms: list[Form] = []
        self._url = url
        self._open: list[str] = []
        self._ids: set[str] = set()
        self._named: dict[str, Form] = {}
        self._form: Form | None = None
        self._select = ""
        self._chosen = False
        self._area: tuple[str, list[str]] | None = None
        self.feed(text)
        self.close()
        if self._open:
            self.troubles.append(f"<{self._open[-1]}> is never closed")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element in."""
        given = {name: value or "" for name, value in attrs}
        if len(given) != len(attrs):
            self.troubles.append(f"<{tag}> has an attribute twice")
        if tag == MARK or MARK in given:
            self.troubles.append("what was sent became part of the page")
        if any(name.startswith("on") for name in given) or (tag == "script" and not given.get("src")):
            self.troubles.append(f"<{tag}> bears a script of its own")
        if "style" in given or tag == "style":
            self.troubles.append(f"<{tag}> bears a style of its own")
        if given.get("id"):
            if given["id"] in self._ids:
                self.troubles.append(f"the id {given['id'][:40]!r} stands twice")
            self._ids.add(given["id"])
        if tag == "option" and self._open and self._open[-1] == "option":
            self._open.pop()
        if tag not in VOID:
            self._open.append(tag)
        self._lead(tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in an element that ends in itself."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Close an element, which must be the one opened last."""
        # HTML lets one leave out the end of an option.
        while tag in {"select", "datalist", "optgroup"} and self._open and self._open[-1] == "option":
            self._open.pop()
        if not self._open or self._open.pop() != tag:
            self.troubles.append(f"</{tag}> closes nothing")
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area:
            self._keep(self._area[0], "".join(self._area[1]))
            self._area = None
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        """Keep what stands in a text field."""
        if self._area:
            self._area[1].append(data)

    def _lead(self, tag: str, given: dict[str, str]) -> None:
        """Note where an element leads and what it sends."""
        self.links.update((given[name], None) for name in _ADDRESSES if given.get(name))
        sends = next((given[name] for name in _SENDING if given.get(name)), "")
        if tag == "form":
            if self._form is not None:
                self.troubles.append("a form in a form")
            self._form = Form(given.get("action") or sends or self._url, given.get("method", "get").lower())
            if sends:
                self._form.method = "post"
            self.forms.append(self._form)
            if given.get("id"):
                self._named[given["id"]] = self._form
        elif sends:
            self.forms.append(Form(sends, "post", _values(given.get("hx-vals", ""))))
        if given.get("formaction"):
            into = self._named.get(given.get("form", "")) or self._form
            self.forms.append(Form(given["formaction"], "post", list(into.fields) if into else []))
        self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "select":
            self._select, self._chosen = name, False
        elif tag == "option" and self._select:
            self._offer(self._select, given.get("value", ""))
            if "selected" in given or not self._chosen:
                self._keep(self._select, given.get("value", ""), replace=self._chosen)
                self._chosen = True
        elif tag == "textarea" and name:
            self._area = (name, [])
        elif tag in {"input", "button"} and name:
            value = given.get("value", "")
            kind = given.get("type", "")
            self._offer(name, value)
            if kind in {"radio", "checkbox"} and "checked" not in given:
                return
            self._keep(name, value, to=self._named.get(given.get("form", "")))

    def _keep(self, name: str, value: str, *, replace: bool = False, to: Form | None = None) -> None:
        form = to or self._form
        if form is not None:
            if replace:
                form.fields = [pair for pair in form.fields if pair[0] != name]
            form.fields.append((name, value))

    def _offer(self, name: str, value: str) -> None:
        if self._form is not None:
            self._form.options.append((name, value))


def _values(text: str) -> list[tuple[str, str]]:
    try:
        return [(str(name), str(value)) for name, value in json.loads(text or "{}").items()]
    except (ValueError, AttributeError):
        return []
