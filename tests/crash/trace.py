"""What a process asked of the disk: runs it under strace and reads the calls that change the store's files."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# "?": a machine that lacks the call (arm64 has no unlink) uses its sibling. What is traced but not
# understood below stops the test rather than make it blind.
TRACED = (
    "openat,write,writev,pwrite64,pwritev,pwritev2,ftruncate,fallocate,copy_file_range,fsync,fdatasync,"
    "sync_file_range,unlinkat,?unlink,?rename,?renameat,renameat2"
)
LINE = re.compile(r"\d+ +(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>\d+)")
TEXT = re.compile(r'[<"]((?:\\x[0-9a-f]{2})*)[">]')


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `file` is a name in the store's folder, '' the folder itself, None an acknowledgement.

    `number` is the offset of a write or the length of a truncate.
    """

    what: str
    file: str | None
    data: bytes = b""
    number: int = 0


def record(command: list[str], *, folder: Path, acks: Path, log: Path) -> list[Call]:
    """Run `command` with its standard output to `acks`; return its calls on `folder` and `acks`, in order."""
    strace = ["strace", "-f", "--seccomp-bpf", "-y", "-xx", "-s", "1000000", "-e", f"trace={TRACED}", "-o", str(log)]
    with acks.open("wb") as output:
        result = subprocess.run(
            [*strace, "--", *command], stdout=output, stderr=subprocess.PIPE, text=True, check=False
        )
    assert result.returncode == 0, result.stderr
    return list(_calls(log, str(folder.resolve()), str(acks.resolve())))


def _calls(log: Path, folder: str, acks: str) -> Iterator[Call]:
    with log.open(encoding="ascii") as lines:
        for line in lines:
            found = LINE.match(line)
            if found is None:
                continue
            call = _call(found["name"], found["arguments"], int(found["result"]), folder, acks)
            if call is not None:
                yield call


def _call(name: str, arguments: str, result: int, folder: str, acks: str) -> Call | None:
    texts = [bytes.fromhex(text.replace("\\x", "")) for text in TEXT.findall(arguments)]
    # An open file comes first; a name (absolute, as SQLite gives it) after the folder it would be relative to.
    path = texts[-1 if name in {"openat", "unlinkat"} else 0].decode() if texts else ""
    if path == acks and name == "write":
        return Call("acknowledge", None, texts[1][:result])
    if path != folder and not path.startswith(folder + "/"):
        return None
    file = path[len(folder) + 1 :]
    if file.endswith("-shm"):
        # An index over the log that SQLite builds anew after a crash.
        return None
    numbers = [
        int(part) for part in arguments.rpartition('"')[2].rpartition(">")[2].split(",") if part.strip().isdigit()
    ]
    match name:
        case "openat":
            return Call("create", file) if "O_CREAT" in arguments else None
        case "unlink" | "unlinkat":
            return Call("unlink", file)
        case "fsync" | "fdatasync":
            return Call("sync", file)
        case "ftruncate":
            return Call("truncate", file, number=numbers[0])
        case "pwrite64":
            return Call("write", file, texts[1][:result], numbers[-1])
        case _:
            raise NotImplementedError(f"{name} on {file}: teach tests/crash what it does to a disk")
