"""Nobody forgets the wall: every statement of ours that reads cases says for whom, or why it need not."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.test_house import ROOMS, ROOT

READS = re.compile(r"\b(?:FROM|JOIN)\s+cases\b", re.IGNORECASE)
# Repairs, dangers, bookings are never sealed (the store itself refuses it): whoever joins their tables, or asks for
# their kind, reads none.
NEVER_SEALED = re.compile(
    r"(?<!LEFT )JOIN (?:repairs|work_orders|emergencies|visit_day_bookings)\b"
    r"|FROM (?:work_orders|repairs|fault_cases|rings|charges)\b"
    r"|kind = 'repair'|fault_cases JOIN cases"
)
# One case that is in hand already, by its id; or one that a bearer holds the code of.
IN_HAND = re.compile(r"WHERE (?:cases\.)?(?:id|token|merged_into) = \?|FROM cases WHERE no = \? AND {STANDS}")
# Statement -> why it need not ask: module and the begin of what stands behind the first mention of cases.
EXCEPT = {
    "reception/audit.py _NUMBERED": "which events to read, whose reader `_told` asks",
    "reception/audit.py _SELECT": "the beginning of _lines, which asks by `_told`",
    "reception/cases.py SELECT": "the beginning of others, each of which asks",
    "reception/case_lists.py _source": "its conditions come from case_filters, which asks",
    "reception/case_lists.py entries": "cases that the caller found, who asked",
    "reception/case_links.py of_case": "asks by a name of its own",
    "reception/case_flow.py _touching": "asks by a name of its own",
    "reception/month_reports.py _sealed_since": "sees that nothing of a sealed case is told, and tells nobody",
    "reception/leaving.py incidents_on": "sees that an incident stays with nobody who is gone, and tells nobody",
    "reception/leaving_kinds.py _of_case": "asks by OPEN, which leaving_kinds.sql fills in",
    "reception/leaving_kinds.py KINDS": "asks by OPEN, which leaving_kinds.sql fills in",
    "reception/new_heads.py hear_from_now": "which case is the last one, told to nobody",
    "reception/hearers.py _SEALED": "sees that each has a hearer, and tells nobody",
    "reception/due.py _FROM": "the beginning of others, each of which asks",
    "reception/due.py escalate_due": "the box, which hands up to a head who may know",
    "reception/sequences.py drawn_no": "a number that no other has",
    "reception/sealed_papers.py unsettled": "counts what is sealed from the reader, to take it off",
    "reception/repair_rates.py completion": "repairs alone, by a condition that stands apart",
    "reception/visit_matters.py of_visit": "repairs of one's own home alone",
    "reception/supervision_records.py SELECT": "the beginning of others, each of which asks by `reach`",
    "reception/supervision_lists.py listed": "asks by `supervision_records.reach`",
    "reception/supervision_lists.py overdue_count": "asks by `supervision_records.reach`",
    "reception/release_lists.py _OVER": "whose day is over, told to nobody",
    "reception/retention_rules.py _PLAIN": "whether a visit became a matter, told to nobody",
    "reception/retention_matters.py _OVER": "whose time is over, told to nobody",
    "reception/case_search.py _CODE": "its cases are read by _cases, which asks",
    "reception/erasure.py wipe_case": "erases, and tells nobody",
    "reception/erasure.py _visits_of": "erases, and tells nobody",
    "reception/erasure.py _strike": "erases, and tells nobody",
    "reception/erasure.py mentions": "counts; `persons` gives it the matters open to the reader",
    "reception/erasure.py _namesakes": "erases, and tells nobody",
    "reception/person_holds.py _ASKED": "`persons` shows each reader what is open to him",
    "reception/person_reach.py of": "visits of matters that it found open to the reader",
    "reception/withdrawals.py _VISIT": "the visit of a case that the reader was let in to",
    "reception/person_dossier.py _numbers": "of matters that `person_reach` found open to the reader",
}


def statements() -> Iterator[tuple[str, str]]:
    """Yield (place, text) of every string of ours that reads cases; what is put into it stands as `{code}`."""
    for room in ROOMS:
        for source in sorted((ROOT / room).rglob("*.py")):
            yield from found_in(str(source.relative_to(ROOT)), source.read_text(encoding="utf-8"))


def found_in(name: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield the same of one file."""
    tree = ast.parse(text)
    inner: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inner |= {id(part) for part in node.values}
    where = _names(tree)
    for node in ast.walk(tree):
        if id(node) in inner:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            said = node.value
        elif isinstance(node, ast.JoinedStr):
            said = "".join(
                str(part.value)
                if isinstance(part, ast.Constant)
                else f"{{{ast.unparse(part.value)}}}"
                if isinstance(part, ast.FormattedValue)
                else ""
                for part in node.values
            )
        else:
            continue
        if READS.search(said) and ("SELECT" in said or said.startswith("FROM")):
            yield f"{name} {where.get(id(node), '')}", said


def _names(tree: ast.Module) -> dict[int, str]:
    """Return node -> the function or the name of the module that it stands in."""
    found: dict[int, str] = {}
    for top in ast.walk(tree):
        if isinstance(top, ast.FunctionDef | ast.AsyncFunctionDef):
            name = top.name
        elif isinstance(top, ast.Assign) and isinstance(top.targets[0], ast.Name) and top in tree.body:
            name = top.targets[0].id
        elif isinstance(top, ast.AnnAssign) and isinstance(top.target, ast.Name) and top in tree.body:
            name = top.target.id
        else:
            continue
        found |= {id(node): name for node in ast.walk(top)}
    return found


def forgets(place: str, said: str) -> bool:
    """Whether a statement reads cases without a word on for whom."""
    asks = "open_to(" in said or "apart_to(" in said or "sealed = 0" in said
    return not (asks or NEVER_SEALED.search(said) or IN_HAND.search(said) or place in EXCEPT)


def test_every_statement_that_reads_cases_says_for_whom() -> None:
    assert [(place, said) for place, said in statements() if forgets(place, said)] == []


def test_no_exception_has_outlived_its_statement() -> None:
    assert EXCEPT.keys() <= {place for place, _ in statements()}


@pytest.mark.parametrize(
    "line",
    [
        "store.rows('SELECT no FROM cases WHERE closed_at IS NULL')",
        "store.value(f'SELECT count(*) FROM clocks JOIN cases ON cases.id = case_id WHERE {x}')",
        "store.rows('SELECT 1 FROM complaints JOIN cases ON id = case_id')",
    ],
)
def test_a_statement_that_forgets_is_seen(line: str) -> None:
    assert [place for place, said in found_in("x.py", f"def f():\n    {line}\n") if forgets(place, said)] == ["x.py f"]
