"""`lobbydesk import`: checks by default, writes with --apply, and says every line that is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

from db.store import Store
from lobbydesk.cli import main

HEAD = "楼栋,单元,房号\n"


def file(folder: Path, text: str) -> str:
    """A file as Excel on a Chinese Windows writes it."""
    path = folder / "homes.csv"
    path.write_bytes(text.encode("gb18030"))
    return str(path)


def count(store: Store) -> int:
    """How many of the new homes there are."""
    found: int = store.value("SELECT count(*) FROM units WHERE building = '50'")
    return found


def test_only_checked_until_told_to_apply(
    home: Path, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["import", "units", file(tmp_path, HEAD + "50,1,101\n"), "--home", str(home)]
    assert main(words) == 0 and count(store) == 0
    assert "1 lines: 1 new, 0 changed, 0 as before, 0 wrong\nonly checked" in capsys.readouterr().out
    assert main([*words, "--apply"]) == 0 and count(store) == 1
    assert main([*words, "--apply"]) == 0 and count(store) == 1
    assert "0 new, 0 changed, 1 as before" in capsys.readouterr().out
    assert store.value("SELECT by_role FROM imports") == "box"


def test_bad_lines_are_printed_and_nothing_is_written(
    home: Path, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "楼栋,单元,房号,备注\n50,1,101,\n50,,?,\n"
    assert main(["import", "units", file(tmp_path, text), "--home", str(home), "--apply"]) == 1
    said = capsys.readouterr().out
    assert "unknown column, left out: 备注" in said
    assert "line 3, 单元 (Unit): This is missing. [cell_missing]" in said and "line 3, 房号 (Room): " in said
    assert count(store) == 0
    assert main(["import", "units", file(tmp_path, "楼栋,x\n1,2\n"), "--home", str(home)]) == 1
    assert "missing column: 单元 (Unit)" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["units", "residents", "cases", "prices"])
def test_a_sample_is_a_file_to_import(home: Path, store: Store, tmp_path: Path, kind: str, form: str) -> None:
    sample = tmp_path / f"sample.{form}"
    assert main(["import", kind, "--sample", str(sample)]) == 0
    assert main(["import", kind, str(sample), "--home", str(home)]) == 0
    assert main(["import", kind, str(sample), "--home", str(home), "--apply", "--as", "zhouming"]) == 0
    assert store.value("SELECT by_id FROM imports") == store.value("SELECT id FROM staff WHERE login = 'zhouming'")


def test_trouble_is_a_sentence(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, here = file(tmp_path, HEAD + "50,1,101\n"), ["--home", str(home)]
    sample = tmp_path / "cases.csv"
    main(["import", "cases", "--sample", str(sample)])
    for words, said in (
        (["units", str(tmp_path / "none.csv"), *here], "No such file"),
        (["units", good, "--home", str(tmp_path / "nowhere")], "lobbydesk migrate"),
        (["units", *here], "which file?"),
        (["units", file(tmp_path, ""), *here], "[file_empty]"),
        (["units", "--sample", str(tmp_path / "x.pdf")], "[import_unknown]"),
        (["cases", str(sample), *here, "--as", "nobody"], "[staff_unknown]"),
        (["cases", str(sample), *here, "--as", "wanglin"], "[not_permitted]"),
    ):
        assert main(["import", *words]) == 1, words
        told = capsys.readouterr().err
        assert told.startswith("nothing was changed: ") and said in told, (words, told)


def test_who_imports_is_not_always_who_holds(
    home: Path, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = tmp_path / "cases.csv"
    assert main(["import", "cases", "--sample", str(sample)]) == 0
    admin, head = (
        store.value("SELECT login FROM staff WHERE role = ?", [role]) for role in ("administrator", "department_head")
    )
    assert main(["import", "cases", str(sample), "--home", str(home), "--apply", "--as", admin]) == 0
    holders = {row[0] for row in store.rows("SELECT login FROM cases JOIN staff ON staff.id = owner_id")}
    assert holders == {head}
    with pytest.raises(SystemExit):
        main(["import", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "repairs are held by the manager who imports them, else by the head of the department" in said


def test_from_standard_input_as_its_own_process(home: Path, store: Store) -> None:
    command = [sys.executable, "-W", "error", "-m", "lobbydesk", "import", "units", "-", "--home", str(home), "--apply"]
    done = subprocess.run(command, input=(HEAD + "50,1,101\n").encode(), capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert count(store) == 1
