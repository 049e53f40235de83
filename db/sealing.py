"""The seal of a backup: age with one X25519 key, so that any age tool opens it with the recovery key alone.

The library is pyrage, the binding of the age format's Rust implementation: the recovery key is one word with a checksum
of its own, short enough for a slip and a QR code.
"""

import errno
import os
from pathlib import Path
from typing import Any, Protocol

import pyrage
from pyrage.x25519 import Identity

from db import durable


class Reader(Protocol):
    """What can be read from, piece by piece."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most so many bytes; none at the end."""
        ...


class Trouble(Exception):
    """Why a backup or a restore was not done, as a plain sentence. Nothing of what there was before was changed."""


_WORDS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk is full",
    errno.EFBIG: "the file is too large for this file system (FAT takes 4 GB)",
    errno.EROFS: "the place can only be read",
    errno.EACCES: "it may not be opened",
    errno.EPERM: "it may not be opened",
    errno.EIO: "the disk reports an error of its own",
    errno.ENOENT: "it is not there",
    errno.ENODEV: "it was pulled out",
    errno.ELOOP: "a link lies where a file belongs",
}


def in_words(error: Exception) -> str:
    """Return what the system refused, in plain words, with its file; what is in words already, as it is."""
    if not isinstance(error, OSError):
        return str(error)
    words = _WORDS.get(error.errno or 0) or (error.strerror or str(error)).lower()
    return f"{words}: {error.filename}" if error.filename else words


def new_identity(path: Path) -> str:
    """Make a new key in a file that its owner alone reads; return it, the recovery key that is printed once.

    Refuses a file that is there: backups that only the old key opens would be lost.
    """
    identity, part = str(Identity.generate()), path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        # It gets its name when all of it is on the disk: an empty one would be there, and open nothing.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(identity + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)
    except FileExistsError:
        raise Trouble(f"there is a key already, and the backups made with it need it: {path}") from None
    finally:
        part.unlink(missing_ok=True)
    durable.settle(path.parent)
    return identity


def read_identity(path: Path) -> Identity:
    """Return the key in a file; refuses a missing or broken one."""
    try:
        return identity_in(path.read_text(encoding="utf-8", errors="replace"), str(path))
    except FileNotFoundError:
        raise Trouble(f"the backup key is not there: {path}") from None


def identity_in(text: str, where: str) -> Identity:
    """Return the key in a text; lines that begin with # are left out, as age does. Refuses a broken one."""
    word = "".join("".join(line.split()) for line in text.splitlines() if not line.startswith("#"))
    if word in {"", "none"}:  # The unit's word for a key that is not there.
        raise Trouble(f"the backup key is not there: {where}")
    try:
        # Typed from the slip it may come in small letters, in groups, over two lines; its check sum tells the rest.
        return Identity.from_str(word.upper())
    except pyrage.IdentityError:
        raise Trouble(f"this is no backup key (a letter may be wrong; it has a check sum): {where}") from None


class _Witness:
    """A file that remembers what went wrong with it: the library tells of it only as text."""

    def __init__(self, file: Any) -> None:
        self.file, self.error = file, None

    def read(self, size: int = -1) -> bytes:
        return self._kept(self.file.read, size)  # type: ignore[no-any-return]

    def write(self, data: bytes) -> int:
        return self._kept(self.file.write, data)  # type: ignore[no-any-return]

    def flush(self) -> None:
        self._kept(self.file.flush)

    def _kept(self, act: Any, *values: Any) -> Any:
        try:
            return act(*values)
        except OSError as error:
            self.error = error  # type: ignore[assignment]
            raise


def seal(source: Reader, target: Path, identity: Identity) -> None:
    """Encrypt what `source` gives into a new file, durably. Raises OSError as the disk does."""
    reader = _Witness(source)
    with durable.created(target) as file:
        writer = _Witness(file)
        try:
            pyrage.encrypt_io(reader, writer, [identity.to_public()])
        except (OSError, pyrage.EncryptError) as error:
            raise (reader.error or writer.error or error) from None
        file.flush()
        os.fsync(file.fileno())


def unseal(source: Path, target: Path, identity: Identity) -> None:
    """Decrypt a file whole into a new one. Refuses one that is no sealed file, damaged, cut short, or another key's."""
    with source.open("rb") as file, durable.created(target) as out:
        reader, writer = _Witness(file), _Witness(out)
        try:
            pyrage.decrypt_io(reader, writer, [identity])
        except (OSError, pyrage.DecryptError) as error:
            # The age format checks each piece and the end: whatever is not from a disk is the file itself.
            if trouble := reader.error or writer.error:
                raise trouble from None
            raise Trouble(f"{_why(source, error)}: {source}") from None
        out.flush()


def opened(source: Path, identity: Identity) -> bytes:
    """Return what is in a small sealed file. Refuses as `unseal` does."""
    try:
        return bytes(pyrage.decrypt(source.read_bytes(), [identity]))
    except pyrage.DecryptError as error:
        raise Trouble(f"{_why(source, error)}: {source}") from None


def _why(source: Path, error: Exception) -> str:
    with source.open("rb") as file:
        begin = file.read(22)
    if b"age-encryption.org/v1\n"[: len(begin)] != begin:
        return "this is no backup of Lobbydesk"
    if "No matching keys" in str(error):
        return "this backup was made with another key, or its first lines are damaged"
    return "this backup is damaged or cut short"
