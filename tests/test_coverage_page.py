"""docs/coverage.md: every system, form and rule of the procedures once, none blank, and every link leads somewhere."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from db.store import Store
from printing.documents import DOCUMENTS
from reception.devices import ROUTED
from reception.permissions import Role
from tests.conftest import Clock, actor, client_of
from tests.printing.test_golden import PAPERS

HERE = Path(__file__).parents[1]
PAGE = HERE / "docs" / "coverage.md"
IDS = [f"{kind}-{one:02d}" for kind, many in (("SYS", 50), ("FRM", 25), ("RUL", 43)) for one in range(1, many + 1)]
WHERE = re.compile(r"`(desk|kiosk|paper) ([^`]+)`")
TEST = re.compile(r"`(tests/[\w/.-]+\.py)(?:::(test_\w+))?`")


def rows() -> dict[str, list[str]]:
    """Return the cells of every row by its id: name, where it lives, tests."""
    found = {}
    for line in PAGE.read_text().splitlines():
        if re.match(r"\| (SYS|FRM|RUL)-", line):
            number, *cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert number not in found, number
            found[number] = cells
    return found


ROWS = rows()


@cache
def names_in(path: str) -> set[str]:
    """Return the functions of a file."""
    tree = ast.parse((HERE / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def screens(app: str) -> set[str]:
    """Return the addresses of an app's screens that the page names."""
    return {path for _, where, _ in ROWS.values() for kind, path in WHERE.findall(where) if kind == app}


def test_each_stands_there_once_and_none_is_blank() -> None:
    assert list(ROWS) == IDS
    for number, cells in ROWS.items():
        assert len(cells) == 3 and cells[0], number
        assert cells[1] and cells[2], number


@pytest.mark.parametrize("number", ROWS)
def test_every_row_has_a_screen_or_a_paper_and_a_test_that_is_there(number: str) -> None:
    _, where, shown = ROWS[number]
    # Nothing stands in a cell that this test would not follow.
    assert WHERE.sub("", where).strip(" ,") == "" and WHERE.findall(where), where
    assert TEST.sub("", shown).strip(" ,") == "" and TEST.findall(shown), shown
    for path, name in TEST.findall(shown):
        assert (HERE / path).is_file(), path
        assert not name or name in names_in(path), (path, name)
    for kind, paper in WHERE.findall(where):
        if kind == "paper":
            assert paper in DOCUMENTS and paper in ROUTED, paper
            assert paper in {kind for kind, _, _ in PAPERS.values()}, paper


@pytest.mark.parametrize("name", ["desk", "kiosk"])
def test_every_screen_is_a_route_and_opens(
    desk_app: Flask, kiosk_app: Flask, store: Store, clock: Clock, name: str
) -> None:
    app = desk_app if name == "desk" else kiosk_app
    there = {
        re.sub(r"<\w+(\([^)]*\))?:", "<", rule.rule)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    }
    assert screens(name) - there == set()
    readers = [app.test_client()]
    if name == "desk":
        roles = (Role.MANAGER, Role.RECEPTIONIST, Role.ADMINISTRATOR, Role.WORKER)
        readers = [client_of(app, store, actor(store, role), clock()) for role in roles]
    for path in sorted(screens(name)):
        if "<" not in path:
            # The door of the phone of whoever goes out is its own: from the desk it leads to the sign-in.
            answers = {reader.get(path).status_code for reader in readers}
            assert (303 if path.startswith("/work/") else 200) in answers, path
