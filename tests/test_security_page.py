"""docs/security.md: no promise without the test that shows it, and every link leads somewhere."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
PAGE = HERE / "docs" / "security.md"
# OWASP ASVS 5.0, all seventeen chapters; those that do not concern us say why.
CHAPTERS = {
    "V1": "Encoding and Sanitization",
    "V2": "Validation and Business Logic",
    "V3": "Web Frontend Security",
    "V4": "API and Web Service",
    "V5": "File Handling",
    "V6": "Authentication",
    "V7": "Session Management",
    "V8": "Authorization",
    "V9": "Self-contained Tokens",
    "V10": "OAuth and OIDC",
    "V11": "Cryptography",
    "V12": "Secure Communication",
    "V13": "Configuration",
    "V14": "Data Protection",
    "V15": "Secure Coding and Architecture",
    "V16": "Security Logging and Error Handling",
    "V17": "WebRTC",
}
TEST = re.compile(r"`([\w/.-]+\.py)(?:::(\w+))?`")


def sections() -> dict[str, str]:
    """Return the chapters of the page, by number."""
    parts = re.split(r"^## (V\d+) (.+)$", PAGE.read_text(), flags=re.MULTILINE)
    titles = dict(zip(parts[1::3], parts[2::3], strict=True))
    assert titles == CHAPTERS
    return {number: text.split("\n## ")[0] for number, text in zip(parts[1::3], parts[3::3], strict=True)}


def rows() -> list[tuple[str, list[str]]]:
    """Return every promise of the tables, as (chapter, cells)."""
    found = []
    for chapter, text in sections().items():
        for line in text.splitlines():
            if line.startswith("|") and not line.startswith(("| promise", "|---")):
                found.append((chapter, [cell.strip() for cell in line.strip("|").split("|")]))
    return found


@cache
def names_in(path: str) -> set[str]:
    """Return the tests of a file, those in classes too."""
    tree = ast.parse((HERE / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_chapter_has_promises_or_says_why_not() -> None:
    promised = {chapter for chapter, _ in rows()}
    for chapter, text in sections().items():
        assert chapter in promised or "Not applicable" in text, chapter


@pytest.mark.parametrize(("chapter", "cells"), rows(), ids=[f"{chapter}-{cells[0][:50]}" for chapter, cells in rows()])
def test_no_blank_and_every_link_leads_to_a_test(chapter: str, cells: list[str]) -> None:
    assert len(cells) == 3 and all(cells), cells
    tests = TEST.findall(cells[2])
    assert tests, "a promise without a test"
    for path, name in tests:
        assert (HERE / path).is_file(), path
        assert path.startswith("tests/"), path
        assert not name or (name.startswith("test_") and name in names_in(path)), (path, name)
