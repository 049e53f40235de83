"""Files that a power cut leaves whole or not there at all, readable by their owner alone."""

import errno
import os
from pathlib import Path
from typing import BinaryIO

# What is still being written; nothing reads it.
PART = ".part"


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, for its owner alone."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        settle(folder.parent)


def settle(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Shares and some sticks know no such thing for folders.
        if error.errno not in {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP}:
            raise
    finally:
        os.close(descriptor)


def created(path: Path) -> BinaryIO:
    """Open a file for its owner alone, empty. Refuses a link (OSError): on a share it may lead into our own store."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    return os.fdopen(os.open(path, flags, 0o600), "wb", buffering=1 << 20)


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, readable by its owner alone."""
    part = path.with_name(path.name + PART)
    with created(part) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    settle(path.parent)
