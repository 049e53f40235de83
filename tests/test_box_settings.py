"""box.toml: every key may be missing, and what is wrong is said with its place."""

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from lobbydesk import box_settings
from lobbydesk.box_settings import BadSettings, BoxSettings, Lan

TEMPLATE = Path(__file__).parent.parent / "systemd" / "box.toml"


def read(tmp_path: Path, text: str) -> BoxSettings:
    """Read a file with this text."""
    (tmp_path / "box.toml").write_text(text)
    return box_settings.read(tmp_path / "box.toml")


def test_nothing_is_needed(tmp_path: Path) -> None:
    assert box_settings.read(tmp_path / "none.toml") == BoxSettings() == read(tmp_path, "")
    assert box_settings.read(TEMPLATE) == BoxSettings()


def test_the_installed_file_shows_every_key_with_its_default(tmp_path: Path) -> None:
    shown = [line.removeprefix("# ") for line in TEMPLATE.read_text().splitlines() if re.match(r"\[|# \w+ = ", line)]
    (tmp_path / "box.toml").write_text("\n".join(shown))
    settings = box_settings.read(tmp_path / "box.toml")
    keys = [
        f"{section.name}.{key.name}" for section in fields(settings) for key in fields(getattr(settings, section.name))
    ]
    assert [line.split(" = ")[0] for line in shown if " = " in line] == [key.split(".")[1] for key in keys]
    assert settings == replace(BoxSettings(), lan=Lan(address="192.168.1.20"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[lan]\nnmae = 'x'", "lan.nmae is not known"),
        ("[backup]\nkeep_hours = '48'", "backup.keep_hours is a whole number"),
        ("[backup]\nkeep_hours = true", "backup.keep_hours is a whole number"),
        ("[backup]\nkeep_hours = 0", "backup.keep_hours is from 1"),
        ("[backup]\nfolder = 'backups'", "beginning with /"),
        ("[backup]\nfolder = ''", "beginning with /"),
        ("[screens]\nkiosk = 'yes'", "screens.kiosk is true or false"),
        ("[lan]\naddress = 'http://192.168.1.20'", "without http://"),
        ("[lan]\nname = 'my box'", "no name of a computer"),
        ("lan = 'x'", "lan is a section"),
        ("[lan", "is no TOML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadSettings, match=str(tmp_path)) as refused:
        read(tmp_path, text)
    assert said in str(refused.value)


def test_addresses_are_written_as_urls_want_them(tmp_path: Path) -> None:
    assert read(tmp_path, "").lan.host == "lobbydesk.local"
    assert read(tmp_path, "[lan]\naddress = '192.168.1.20'").lan.host == "192.168.1.20"
    assert read(tmp_path, "[lan]\naddress = 'fd00::20'").lan.host == "[fd00::20]"
