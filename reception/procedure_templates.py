"""What a procedure asks for (所需材料, SYS-35, SYS-38): its matters, for whom, the items of each."""

from dataclasses import dataclass
from sqlite3 import Row

from db.store import Store
from reception.procedure_tables import SECTIONS
from reception.refusal import Refused
from reception.wording import Words

# What whoever comes has to do with: brought, filled in here, paid. The rest is work of the centre.
ASKED = ("documents", "forms", "fees")
# Whose lists of what to bring are shown: what begins here as a procedure, then what begins elsewhere.
LISTED = ("procedure", "none")


@dataclass(frozen=True, slots=True)
class Template:
    """A matter: `effect` is what becomes of the home's file, `dated` whether it has a first and a last day."""

    code: str
    name: Words
    serves: str
    effect: str
    dated: bool
    public: bool
    department: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, as it stands there; `offset_minutes` from the agreed time, None: at no set time."""

    section: str
    words: Words
    required: bool
    gate: str
    department: str | None
    role: str | None
    offset_minutes: int | None


def offered(store: Store, *, serves: str = "procedure", public: bool = False) -> dict[str, Template]:
    """Return the matters in use that a kind of case begins with; with `public` those that the kiosk shows."""
    rows = store.rows(
        "SELECT * FROM procedure_templates WHERE active = 1 AND serves = ? AND public >= ? ORDER BY position, code",
        [serves, int(public)],
    )
    return {row["code"]: _template(row) for row in rows}


def listed(store: Store, *, public: bool = False) -> dict[str, Template]:
    """Return the matters in use whose list of what to bring is shown; with `public` those that the kiosk shows."""
    return {code: one for serves in LISTED for code, one in offered(store, serves=serves, public=public).items()}


def to_bring(store: Store, code: str, *, public: bool = False) -> Template:
    """Return a matter whose list of what to bring is shown. Refuses `procedure_unknown`."""
    found = listed(store, public=public).get(code)
    if found is None:
        raise Refused("procedure_unknown")
    return found


def all_names(store: Store) -> dict[str, Words]:
    """Return how the matters of procedures are called, also those out of use or only listed by now: cases bear them."""
    rows = store.rows(
        "SELECT code, name, name_en FROM procedure_templates"
        " WHERE serves = 'procedure' OR code IN (SELECT template FROM procedures) ORDER BY position, code"
    )
    return {row["code"]: Words(row["name"], row["name_en"]) for row in rows}


def find(store: Store, code: str) -> Template:
    """Return a matter, also one that is out of use: cases bear it. Refuses `procedure_unknown`."""
    row = store.row("SELECT * FROM procedure_templates WHERE code = ?", [code])
    if row is None:
        raise Refused("procedure_unknown")
    return _template(row)


def in_use(store: Store, code: str, *, serves: str = "procedure") -> Template:
    """Return a matter that may begin now. Refuses `procedure_unknown`."""
    found = offered(store, serves=serves).get(code)
    if found is None:
        raise Refused("procedure_unknown")
    return found


def variants(store: Store, template: str) -> dict[str, Words]:
    """Return for whom a matter may be; empty where the centre tells none apart."""
    rows = store.rows(
        "SELECT code, name, name_en FROM procedure_variants WHERE template = ? AND active = 1 ORDER BY position, code",
        [template],
    )
    return {row["code"]: Words(row["name"], row["name_en"]) for row in rows}


def chosen(store: Store, template: str, variant: str) -> str | None:
    """Return the variant as it is kept: None where the matter knows none. Refuses `variant_unknown`."""
    known = variants(store, template)
    if variant not in (known or {""}):
        raise Refused("variant_unknown")
    return variant or None


def variant_name(store: Store, code: str | None) -> Words:
    """Return how a variant is called; empty for none."""
    row = store.row("SELECT name, name_en FROM procedure_variants WHERE code = ?", [code])
    return Words(row["name"], row["name_en"]) if row else Words("", "")


def items(store: Store, template: str, variant: str | None) -> list[Item]:
    """Return the items of a matter for a variant, part after part, each in its order."""
    rows = store.rows(
        "SELECT * FROM procedure_items WHERE template = ? AND (variant IS NULL OR variant = ?) AND active = 1"
        " ORDER BY position, id",
        [template, variant],
    )
    order = list(SECTIONS)
    return [
        Item(
            row["section"],
            Words(row["text"], row["text_en"] or row["text"]),
            bool(row["required"]),
            *(row[name] for name in ("gate", "department", "role", "offset_minutes")),
        )
        for row in sorted(rows, key=lambda row: order.index(row["section"]))
    ]


def asked(found: list[Item]) -> dict[str, list[Item]]:
    """Return what is asked of whoever comes, by part; parts without anything are left out."""
    parts = {part: [item for item in found if item.section == part] for part in ASKED}
    return {part: of_it for part, of_it in parts.items() if of_it}


def _template(row: Row) -> Template:
    return Template(
        row["code"],
        Words(row["name"], row["name_en"]),
        row["serves"],
        row["effect"],
        bool(row["dated"]),
        bool(row["public"]),
        row["department"],
    )
