"""`lobbydesk set-up`: a new store becomes a centre, and its secrets come out on paper and nowhere else."""

import io
import re
from pathlib import Path

import pytest

from db.migrations import migrate
from db.store import open_store
from lobbydesk import box_settings
from lobbydesk.cli import main
from lobbydesk.home import store_path
from printing.virtual import VirtualPrinter
from reception import SCHEMA, papers
from reception.site import site
from reception.wording import Words
from tests.printing.samples import sample

KEY = "AGE-SECRET-KEY-1WR0MSMCJ0RC7Y55XTZTHSNS7SKS0CEYHQP60CRK3JMVR4V2TRC9S7JJ5DQ"
PUBLIC = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a new box, whose settings name an address."""
    settings = tmp_path / "box.toml"
    settings.write_text('[lan]\naddress = "192.168.1.20"\n')
    monkeypatch.setattr(box_settings.read, "__defaults__", (settings,))
    migrate(store_path(tmp_path / "home"), [SCHEMA])
    return tmp_path / "home"


def set_up(home: Path, *words: str, monkeypatch: pytest.MonkeyPatch, key: str = "") -> int:
    """Run it with the key on standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(key))
    return main(["set-up", "--home", str(home), *words])


def test_a_new_box_is_ready_and_its_secrets_are_on_paper_alone(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with VirtualPrinter(tmp_path / "paper") as device:
        words = ["--printer", f"tcp://127.0.0.1:{device.port}", "--recovery-key", "--fingerprint", "AB" * 32]
        assert set_up(home, *words, monkeypatch=monkeypatch, key=f"{KEY}\n{PUBLIC}\n") == 0
        said = capsys.readouterr().out
        code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", said)
        assert code is not None and KEY in said and said.count("printed") == 2
    slip, key = (file.read_bytes() for file in sorted((tmp_path / "paper").glob("*.bin")))
    assert code[0].encode() in slip and b"https://192.168.1.20" in slip and code[0].encode() not in key
    assert KEY.encode() in key and " ".join(re.findall(".{4}", KEY[16:40])).encode() in key
    store = open_store(store_path(home))
    assert store.value("SELECT count(*) FROM lines") and store.value("SELECT count(*) FROM counters")
    assert not store.value("SELECT count(*) FROM print_jobs")
    assert (site(store).desk_url, site(store).front_printer) == ("https://192.168.1.20", "front")
    store.close()
    # Neither in a row, nor in what SQLite left of one.
    for file in home.rglob("*"):
        kept = file.read_bytes() if file.is_file() else b""
        assert code[0].encode() not in kept and KEY.encode() not in kept, file


def test_a_printer_in_trouble_is_said_and_the_box_is_set_up_all_the_same(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with VirtualPrinter(tmp_path / "paper") as device:
        device.fault = "paper-out"
        assert set_up(home, "--printer", f"tcp://127.0.0.1:{device.port}", monkeypatch=monkeypatch) == 0
    told = capsys.readouterr()
    assert "NOT printed, write it down" in told.err and "paper_out" in told.err
    # A second run prints a new code; the first is void.
    assert set_up(home, monkeypatch=monkeypatch) == 0
    assert "admin" in capsys.readouterr().out


def test_an_address_that_was_written_down_later_stands_on_the_next_slip(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "box.toml"
    settings.write_text("")
    assert set_up(home, monkeypatch=monkeypatch) == 0
    settings.write_text('[lan]\naddress = "192.168.1.20"\n')
    assert set_up(home, monkeypatch=monkeypatch) == 0
    store = open_store(store_path(home))
    assert (site(store).desk_url, site(store).kiosk_url) == ("https://192.168.1.20", "http://192.168.1.20")
    store.close()


def test_without_a_store_it_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set_up(tmp_path / "nothing", monkeypatch=monkeypatch) == 1
    assert "lobbydesk migrate" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["recovery_key", "setup_slip"])
def test_the_spool_refuses_what_is_secret(kind: str) -> None:
    paper = sample(kind, **({"code": "7K3M-Q8ZT-49XA"} if kind == "setup_slip" else {}))
    assert paper.secret
    with pytest.raises(ValueError, match="never kept"):
        papers.to_json(paper)
    assert not sample("hand_slip").secret and not sample("setup_slip", code="", login="").secret
    assert Words("", "") == papers.NOTHING
