"""The processes to measure: started as the demo starts them, waited for, weighed, and always stopped."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"
START_SECONDS = 30.0
STOP_SECONDS = 6.0
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}


def free_port() -> int:
    """Return a TCP port of loopback that the kernel says is free."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(module: str, *words: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python -m module words` until the block ends; what it says goes to the end of `log`."""
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *words], stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
    try:
        yield process
    finally:
        stop(process)


@contextmanager
def serving(name: str, home: Path, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the kiosk or the desk on the centre in `home`; yield its process and its port once it answers."""
    port = free_port()
    with running("lobbydesk", name, "--home", str(home), "--bind", f"{HOST}:{port}", log=log) as process:
        await_answer(process, port, "/health", log)
        yield process, port


def stop(process: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> None:
    """Ask a process to end, and end it when it does not."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def await_answer(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    """Wait until the process answers a GET. Raises RuntimeError, with what it said, when it ended or stays silent."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            request(port, "GET", path)
            return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"a service did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def request(
    port: int, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, str]:
    """Make one request on a connection of its own; return status, headers and body."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode("utf-8")
    finally:
        connection.close()


def proportional_set(pid: int) -> int:
    """Return the memory of a process and all below it, in bytes: PSS, where a page shared by n counts 1/n."""
    families = _children()
    total, family = 0, [pid]
    while family:
        member = family.pop()
        family += families.get(member, [])
        for line in Path(f"/proc/{member}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        # The name stands in brackets and may hold anything; the parent is the second field behind it.
        parent = int(text.rpartition(")")[2].split()[1])
        found.setdefault(parent, []).append(int(stat.parent.name))
    return found
