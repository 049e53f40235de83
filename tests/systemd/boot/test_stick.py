"""A stick as a stranger may have made it: what stands on it leads nowhere, and does not halt the box."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "systemd" / "stick"
# Of root's rights it has none left either; it may enter the folders of this test.
OWNER = "root"
# In place of `lobbydesk`: says how it was called, and writes where a backup would be written.
COMMAND = """#!/bin/sh
set -e
echo "$@" >> {folder}/asked
case "$*" in *--stick*)
    grep {folder} /proc/mounts > {folder}/mounted
    shift 4
    echo backup > "$1/lobbydesk-000001.tar.age" ;;
esac
"""


class Stick:
    """An ext4 stick in a file, and the folder from which the script takes everything."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.image = folder, folder / "stick.img"
        self.content, self.place, self.links = folder / "content", folder / "place", folder / "links"
        for made in (self.content, self.place, self.links):
            made.mkdir()
        (folder / "backup-identity").write_text("a key")
        (folder / "command").write_text(COMMAND.format(folder=folder))
        (folder / "command").chmod(0o755)

    def plug(self) -> str:
        """Make it with what lies in `content`, plug it in, ask for a backup; return how that ended."""
        with self.image.open("wb") as file:
            file.truncate(8 << 20)
        # It asks the kernel to halt at the first fault.
        subprocess.run(["mkfs.ext4", "-q", "-e", "panic", "-d", self.content, self.image], check=True)
        found = subprocess.run(
            ["losetup", "--find", "--show", self.image], capture_output=True, text=True, check=True
        ).stdout.strip()
        (self.links / "stick-sdz1").symlink_to(found)
        try:
            told = {"STICKS": self.links, "PLACE": self.place, "LOBBYDESK": self.folder / "command", "OWNER": OWNER}
            environment = os.environ | {name: str(value) for name, value in told.items()}
            environment["CREDENTIALS_DIRECTORY"] = str(self.folder)
            subprocess.run([SCRIPT], env=environment, check=True, timeout=60)
        finally:
            subprocess.run(["losetup", "--detach", found], check=True)
        return (self.folder / "asked").read_text().split()[-1]


@pytest.fixture
def stick(tmp_path: Path) -> Stick:
    """A stick in a folder of its own."""
    return Stick(tmp_path)


def test_a_backup_goes_to_a_stick(stick: Stick) -> None:
    assert stick.plug() == "done"
    options = (stick.folder / "mounted").read_text().split()[3].split(",")
    assert {"nosuid", "nodev", "noexec", "nosymfollow", "errors=remount-ro"} <= set(options)
    assert not stick.place.is_mount()


def test_a_link_on_a_stick_leads_nowhere(stick: Stick) -> None:
    """A stick whose folder for backups is a link into the home: ours would write, and clear up, in the home."""
    home = stick.folder / "home"
    home.mkdir()
    (stick.content / "lobbydesk-backup").symlink_to(home)
    assert stick.plug() == "failed"
    assert not list(home.iterdir())
