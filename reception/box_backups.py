"""What a backup of the centre is made of, and the button that asks for one on a USB stick."""

import sqlite3
from datetime import datetime
from pathlib import Path

from db.store import Store, writing
from reception import box_wishes, events, photo_files, photos
from reception.permissions import Actor, permit

STICK = "stick_backup"


def photo_folder(home: Path) -> Path:
    """Return the folder of the pictures of a home."""
    return home / photos.FOLDER


def photo_names(snapshot: sqlite3.Connection) -> list[str]:
    """Return the files of all pictures that a store names, whole and small, below the folder of the pictures."""
    names = [name for (name,) in snapshot.execute("SELECT file FROM photos ORDER BY file")]
    return [str(one) for name in names for one in (Path(name), photo_files.small_of(Path(name)))]


def own_files(home: Path) -> dict[str, Path]:
    """Return the small things beside the store that staff put there: the plan of the centre, voices of their own."""
    found = [home / "map.png", *sorted((home / "voice-own").glob("*"))]
    return {str(path.relative_to(home)): path for path in found if path.is_file()}


def last_stick(store: Store, *, by: Actor) -> sqlite3.Row | None:
    """Return the newest wish for a stick, whatever became of it; None when nobody asked yet."""
    permit(by, "back_up_to_stick")
    return box_wishes.latest(store, STICK)


def stick_ended(store: Store, *, outcome: str, now: datetime) -> bool:
    """Say how the open wish for a stick ended; False where nobody asked."""
    with writing(store):
        wish = box_wishes.latest(store, STICK)
        if wish is None:
            return False
        at = events.moment(store, now)
        return box_wishes.settle(store, wish["id"], done=outcome == "done", outcome=outcome, at=at)


def ask_stick(store: Store, *, by: Actor, now: datetime) -> int:
    """Ask the box to back up to the USB stick that is in it; return the id of the wish. Refuses `box_wish_open`."""
    permit(by, "back_up_to_stick")
    with writing(store):
        return box_wishes.ask(store, STICK, {}, by=by, at=events.moment(store, now))
