"""The law of the house: who may import whom, no address in the locks, every string in both languages."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
ROOMS = ("lobbydesk", "kiosk", "desk", "printing", "web", "reception", "db")


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _sources(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def test_the_law_of_imports_holds() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_printing_sees_of_reception_only_the_papers() -> None:
    allowed = {"reception", "reception.papers", "reception.wording", "reception.wording.Words"}
    for source in _sources("printing"):
        seen = {name for name in _imports(source) if name.split(".")[0] == "reception"}
        assert seen <= allowed, f"{source}: {seen - allowed}"


def test_web_touches_db_only_for_the_store_the_pulse_and_the_health() -> None:
    allowed = {"web/app.py", "web/live.py", "web/refusals.py", "web/health.py"}
    using = {
        str(source.relative_to(ROOT))
        for source in _sources("web")
        if any(name.split(".")[0] == "db" for name in _imports(source))
    }
    assert using <= allowed


def test_the_rules_import_the_standard_library_and_each_other() -> None:
    for source in _sources("reception/rules"):
        for name in _imports(source):
            assert name.split(".")[0] in sys.stdlib_module_names or name.startswith("reception.rules"), (source, name)


def test_every_module_says_what_it_is_for() -> None:
    for room in ROOMS:
        for source in _sources(room):
            assert ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))), source


def test_files_stay_readable() -> None:
    for room in ROOMS:
        for source in _sources(room):
            assert len(source.read_text(encoding="utf-8").splitlines()) <= 320, source


def test_nothing_reads_the_time_but_the_edges() -> None:
    edges = {
        "web/app.py",
        "lobbydesk/commands/backup.py",
        "lobbydesk/commands/demo.py",
        "lobbydesk/commands/import.py",
        "lobbydesk/commands/migrate.py",
        "lobbydesk/commands/print.py",
        "lobbydesk/commands/printer.py",
        "lobbydesk/commands/retention.py",
        "lobbydesk/commands/restore.py",
        "lobbydesk/commands/clocks.py",
        "lobbydesk/commands/clock_floor.py",
        "lobbydesk/commands/deliver.py",
        "lobbydesk/commands/close_day.py",
        "lobbydesk/commands/health.py",
        "lobbydesk/commands/check.py",
        "lobbydesk/commands/set_time.py",
        "lobbydesk/commands/set_up.py",
        "lobbydesk/commands/settings.py",
        "lobbydesk/commands/staff.py",
    }
    for room in ROOMS:
        for source in _sources(room):
            text = source.read_text(encoding="utf-8")
            if re.search(r"datetime\.now\(|time\.time\(|date\.today\(", text):
                assert str(source.relative_to(ROOT)) in edges or "bench" in str(source), source


def test_the_locks_name_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        for wanted in re.split(r"\n(?=\w)", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).strip()):
            assert "--hash=sha256:" in wanted, wanted
        assert not re.search(r"^\s*--(index|extra-index|find-links|trusted)", text, re.MULTILINE)


def test_every_string_stands_in_both_languages() -> None:
    catalogue = ROOT / "web/translations/zh_Hans_CN/LC_MESSAGES/messages.po"
    with catalogue.open("rb") as file:
        known = {message.id if isinstance(message.id, str) else message.id[0]: message for message in read_po(file)}
    keywords = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    for room in ("web", "kiosk", "desk"):
        methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
        options = {"**/templates/**.html": {"silent": "false"}}
        for name, line, found, _, _ in extract_from_dir(str(ROOT / room), methods, options, keywords=keywords):
            key = found if isinstance(found, str) else found[0]
            message = known.get(key)
            assert message is not None, f"{room}/{name}:{line}: {key!r} is not in the catalogue (make messages)"
            texts = [message.string] if isinstance(message.string, str) else list(message.string or ("",))
            assert all(texts) and not message.fuzzy, f"{room}/{name}:{line}: {key!r} has no Chinese"
