"""What was erased, so that it stays erased: a journal beside the store which a restored backup is held against.

In `<home>/erasures/`: a file an erasure, named by the hash of what it says, and the keys. An entry holds keyed hashes
of the person, the date, and nothing to read. One file each: it is there whole or not at all, and two journals are
united by laying them together. `erasures.age` beside the backups is the same, sealed to the key of the backups.

Whoever has the home has the keys, and can try every telephone number there is: these hashes keep a person from being
read in passing, and no more. The sealed copy is as safe as the backups are.
"""

import hashlib
import hmac
import io
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyrage.x25519 import Identity

from db import durable, sealing
from db.durable import PART
from db.sealing import Trouble

FOLDER = "erasures"
SEALED = "erasures.age"
# How far retention had come: what it removed comes back with an old backup, too.
REACHED = "retention"
FIELDS = ("phone", "name", "unit")
FORMAT = 1
_ENTRY = re.compile(r"([0-9a-f]{32})\.json")
_VOID = re.compile(r"([0-9a-f]{32})\.void")
_KEY = re.compile(r"([0-9a-f]{16})\.key")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """An erasure: `hashes` of what said who he was, by field, made with the key of that name; `at` as the store writes
    it. `text` is what stands in its file, and `id` the hash of that."""

    id: str
    at: str
    key: str
    hashes: Mapping[str, str]
    text: str


def folder(home: Path) -> Path:
    """Return where the journal of a home is."""
    return home / FOLDER


def normal(field: str, value: str) -> str:
    """Return a value in the one form that is hashed: how it is spelt, spaced or cut up tells nobody apart.

    Never to be changed: what was erased by the old form would not be known again.
    """
    text = unicodedata.normalize("NFKC", value).casefold()
    if field == "phone":
        digits = "".join(char for char in text if char in "0123456789")
        return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    words = "".join(char if char.isalnum() else " " for char in text).split()
    return ("-" if field == "unit" else "").join(words)


def digest(key: bytes, field: str, value: str) -> str:
    """Return the keyed hash of a value; of which field it is goes in, so that no phone passes for a home."""
    return hmac.new(key, f"{field}:{normal(field, value)}".encode(), hashlib.sha256).hexdigest()


def append(home: Path, fields: Mapping[str, str], at: str) -> Entry:
    """Write down that a person is erased; return the entry. It is on the disk when this returns.

    Called before the erasing act commits: after a power cut in between he is erased again, and never forgotten.
    Refuses (ValueError) fields that say nobody or that it does not know; raises OSError as the disk does.
    """
    said = {field: value for field, value in fields.items() if normal(field, value)}
    if not said or set(said) - set(FIELDS):
        raise ValueError(f"an erasure of nobody: {sorted(fields)}")
    name, key = _own_key(home)
    hashes = {field: digest(key, field, value) for field, value in sorted(said.items())}
    text = json.dumps({"format": FORMAT, "at": at, "key": name, "hashes": hashes}, separators=(",", ":"))
    entry = _parsed(text)
    assert entry is not None
    try:
        _put(home, entry)
    except OSError:
        # It may have its name already; the act does not come about.
        withdraw(home, entry)
        raise
    return entry


def withdraw(home: Path, entry: Entry) -> None:
    """Take an entry back whose act did not come about and said so: else he would be erased at the next start."""
    _void(home, entry.id)


def _void(home: Path, name: str) -> None:
    """Take an entry away for good: by its mark also from a copy that a backup made in the moment between.

    On a disk that takes no mark any more it goes all the same.
    """
    (folder(home) / f"{name}.json").unlink(missing_ok=True)
    with suppress(OSError):
        durable.make_folder(folder(home))
        durable.write(folder(home) / f"{name}.void", b"")


def _voided(home: Path) -> set[str]:
    return {match[1] for path in _files(home) if (match := _VOID.fullmatch(path.name))}


def entries(home: Path) -> list[Entry]:
    """Return what was erased, oldest first; none where there is no journal. What is no entry is left out."""
    names = {match[1] for path in _files(home) if (match := _ENTRY.fullmatch(path.name))} - _voided(home)
    read = ((name, _parsed(_small(folder(home) / f"{name}.json"))) for name in names)
    return sorted((entry for name, entry in read if entry and entry.id == name), key=lambda entry: (entry.at, entry.id))


def damaged(home: Path) -> list[str]:
    """Return the names of entries that cannot be read any more, or whose key is gone: nobody is known by them again."""
    known = keys(home)
    whole = {entry.id for entry in entries(home) if entry.key in known} | _voided(home)
    return sorted(path.name for path in _files(home) if (m := _ENTRY.fullmatch(path.name)) and m[1] not in whole)


def keys(home: Path) -> dict[str, bytes]:
    """Return the keys of the hashes, by name; several after journals were united."""
    read = {match[1]: _small(path).strip() for path in _files(home) if (match := _KEY.fullmatch(path.name))}
    return {name: bytes.fromhex(text) for name, text in read.items() if _is_key(name, text)}


def put(home: Path, text: str, *, done: bool = False) -> bool:
    """Lay an entry that another place kept into the journal; False where it is there, was taken back, or is none.

    `done`: by a store in which it was done, whatever its act was told when it ended.
    """
    entry = _parsed(text)
    if entry is None:
        return False
    if done:
        (folder(home) / f"{entry.id}.void").unlink(missing_ok=True)
    if entry.id in _voided(home) or _parsed(_small(_path(home, entry))) == entry:
        return False
    _put(home, entry)
    return True


def reached(home: Path) -> str | None:
    """Return up to when retention had counted, as the store writes times; None where it never ran."""
    text = _small(folder(home) / REACHED).strip()
    return text if _TIME.fullmatch(text) else None


def note_reached(home: Path, at: str) -> None:
    """Write down up to when retention has counted."""
    if reached(home) != at:
        durable.make_folder(folder(home))
        durable.write(folder(home) / REACHED, at.encode())


def unite(home: Path, sealed: Path, identity: Identity) -> int:
    """Lay the sealed copy of a journal into that of a home; return how many entries were new to it, 0 without a copy.

    Refuses (Trouble) a copy that is damaged, or sealed with another key; the journal stays as it was.
    """
    try:
        told = json.loads(sealing.opened(sealed, identity))
        entries_, keys_ = told["entries"], told["keys"]
        if told["format"] != FORMAT or not isinstance(entries_, list) or not isinstance(keys_, dict):
            raise ValueError
    except FileNotFoundError:
        return 0
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Trouble(f"this is no journal of erasures of this version: {sealed}") from None
    known = keys(home)
    for name, text in keys_.items():
        # First the keys: entries that nothing can be compared with are none.
        if name not in known and isinstance(text, str) and _is_key(name, text):
            durable.make_folder(folder(home))
            durable.write(folder(home) / f"{name}.key", text.encode())
    voided = told.get("void")
    for name in {name for name in voided or [] if isinstance(name, str) and _VOID.fullmatch(f"{name}.void")} - _voided(
        home
    ):
        _void(home, name)
    new = sum(put(home, text) for text in entries_ if isinstance(text, str))
    there, here = told.get("reached"), reached(home)
    if isinstance(there, str) and _TIME.fullmatch(there) and (here is None or here < there):
        note_reached(home, there)
    return new


def seal(home: Path, place: Path, identity: Identity) -> None:
    """Write the sealed copy of the journal into a place of backups, united with what lies there. Raises OSError.

    What lies there and cannot be opened is put aside under another name: it may be all that is left of another box.
    """
    target = place / SEALED
    try:
        unite(home, target, identity)
    except Trouble:
        target.replace(target.with_name(f"unreadable-{secrets.token_hex(4)}-{SEALED}"))
    said = [entry.text for entry in entries(home)]
    told = {"format": FORMAT, "keys": {name: key.hex() for name, key in sorted(keys(home).items())}, "entries": said}
    told |= {"reached": reached(home), "void": sorted(_voided(home))}
    if _there(target, identity) == told or not (told["keys"] or told["reached"]):
        return
    durable.make_folder(place)
    part = target.with_name(SEALED + PART)
    plain = json.dumps(told, separators=(",", ":")).encode()
    sealing.seal(io.BytesIO(plain), part, identity)
    if sealing.opened(part, identity) != plain:
        part.unlink()
        raise Trouble(f"the journal of erasures does not read back as it was written: {part}")
    part.replace(target)
    durable.settle(place)


def _there(target: Path, identity: Identity) -> Any:
    with suppress(FileNotFoundError, Trouble, ValueError):
        return json.loads(sealing.opened(target, identity))
    return None


def _parsed(text: str) -> Entry | None:
    """Return the entry that a text is; None for any other."""
    with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
        said = json.loads(text)
        hashes = said["hashes"]
        if said["format"] != FORMAT or not hashes or set(hashes) - set(FIELDS) or not _TIME.fullmatch(said["at"]):
            return None
        if re.fullmatch("[0-9a-f]{16}", said["key"]) and all(re.fullmatch("[0-9a-f]{64}", h) for h in hashes.values()):
            return Entry(hashlib.sha256(text.encode()).hexdigest()[:32], said["at"], said["key"], hashes, text)
    return None


def _path(home: Path, entry: Entry) -> Path:
    return folder(home) / f"{entry.id}.json"


def _put(home: Path, entry: Entry) -> None:
    durable.make_folder(folder(home))
    durable.write(_path(home, entry), entry.text.encode())


def _own_key(home: Path) -> tuple[str, bytes]:
    """Return the key that new entries are hashed with, made once. Any of the keys serves: all are tried later."""
    found = keys(home)
    if not found:
        key = secrets.token_bytes(32)
        durable.make_folder(folder(home))
        durable.write(folder(home) / f"{_key_name(key)}.key", key.hex().encode())
        found = {_key_name(key): key}
    return min(found.items())


def _key_name(key: bytes) -> str:
    return hashlib.sha256(b"lobbydesk erasures:" + key).hexdigest()[:16]


def _is_key(name: str, text: str) -> bool:
    return bool(re.fullmatch("[0-9a-f]{64}", text)) and _key_name(bytes.fromhex(text)) == name


def _files(home: Path) -> list[Path]:
    try:
        return sorted(folder(home).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _small(path: Path) -> str:
    """Return what is in a small file of the journal, empty where there is none.

    A link or a pipe is none: who took a web service over writes in the home, and what is read here gets sealed.
    """
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            return file.read(_MOST_BYTES).decode("ascii", errors="replace")
    except OSError:
        return ""
