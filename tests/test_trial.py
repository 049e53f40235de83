"""Whether a version can take over a store: asked on a copy, which leaves nothing behind and the store as it was."""

import hashlib
from pathlib import Path

import pytest

from db import migrations
from db.store import Store, writing
from lobbydesk import trial
from lobbydesk.cli import main
from lobbydesk.home import store_path


def print_of(home: Path) -> dict[str, str]:
    """Return what is in a home, by name."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in home.iterdir() if file.is_file()}


def with_new(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sql: str) -> None:
    """Give the code a migration more."""
    file = tmp_path / "0999_new.sql"
    file.write_text(sql)
    before = migrations._files
    monkeypatch.setattr(migrations, "_files", lambda folders: [*before(folders), file])


def test_a_store_that_can_be_taken_over(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = print_of(home)
    # One that the power cut off.
    (home / "trial-left").mkdir()
    (home / "trial-left" / "lobbydesk.db").write_bytes(b"everybody's names")
    assert main(["trial", "--home", str(home)]) == 0
    assert capsys.readouterr().out == "it can\n"
    assert {name: one for name, one in print_of(home).items() if name in before} == before
    assert not list(home.glob("trial-*"))


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("INSERT INTO nowhere VALUES (1);", "SQLITE_ERROR"),
        ("CREATE TABLE half (", "ValueError"),
        ("DELETE FROM departments;", "SQLITE_CONSTRAINT"),
        (
            "CREATE TABLE bad (a TEXT REFERENCES lines (code) DEFERRABLE INITIALLY DEFERRED) STRICT;\n"
            "INSERT INTO bad VALUES ('x');",
            "SQLITE_CONSTRAINT",
        ),
    ],
)
def test_a_migration_that_fails_is_found_on_the_copy_alone(
    home: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str, said: str
) -> None:
    rows = store.value("SELECT count(*) FROM departments")
    with_new(monkeypatch, tmp_path, sql)
    assert said in trial.migrate_a_copy(store_path(home))
    assert store.value("SELECT count(*) FROM departments") == rows
    assert not store.value("SELECT count(*) FROM _sqlite_migrations WHERE name = '0999_new'")
    assert not list(home.glob("trial-*"))


def test_a_store_of_a_newer_version_is_refused(home: Path, store: Store) -> None:
    with writing(store):
        store.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('lobbydesk', '0998_later', '')"
        )
    assert "newer version" in trial.migrate_a_copy(store_path(home))


def test_a_file_that_is_no_store_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lobbydesk.db").write_bytes(b"no store" * 1000)
    assert main(["trial", "--home", str(tmp_path)]) == 1
    assert "SQLITE_NOTADB" in capsys.readouterr().err
