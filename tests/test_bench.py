"""`lobbydesk bench` runs and prints its whole table. What it measures is not judged here: a test must not be timed."""

import re
import subprocess
import sys
from pathlib import Path

from lobbydesk.bench.figures import Row, rank, ratio, table

MEASUREMENTS = (
    "check-in act, durable, as a share",
    "check-in over HTTP, 8 clients, as a share",
    "tap to first byte at the printer",
    'press of "call next" to change on 20 displays',
    "memory (PSS) of the services",
    "paper ticket, 80 mm, native",
    "paper repair_receipt, 80 mm, native",
    "paper work_order, 80 mm, native",
    "paper work_order, 80 mm, native",
    "paper complaint_receipt, 80 mm, native",
    "paper visit_day_slip, 80 mm, native",
    "paper hand_slip, 80 mm, native",
    "paper setup_slip, 80 mm, native",
    "paper self_test, 80 mm, native",
    "papers through one worker to an instant printer",
    "memory (PSS) of the worker",
    "desk page after a year, 20 cases open",
    "slowest other page of the receptionist's day there",
    "start of the kiosk to the first ticket",
    "check-in act after 2,000 visits",
    "check-in over HTTP after 2,000 visits",
    "backup after 200 visits",
    "size of the backup as a share of the store",
    "check-in act while a backup is made",
)


def test_a_quick_run_prints_every_row_and_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "bench"
    command = [sys.executable, "-m", "lobbydesk", "bench", "--quick", "--visits", "2000", "--home", str(home)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=170)
    assert result.returncode == 0, result.stderr
    rows = [line for line in result.stdout.splitlines() if line.startswith("| ")][1:]
    for row, name in zip(rows, MEASUREMENTS, strict=True):
        assert row.startswith(f"| {name}")
        _, _, measured, aim, _ = row.split("|")
        assert re.search(r"[0-9]", measured) and re.search(r"[<>]= [0-9]", aim)
    assert "SQLite" in result.stdout
    assert not home.exists()


def test_a_ratio_is_the_median_of_its_rounds() -> None:
    assert ratio([1.0, 90.0, 2.0], [2.0, 9.0, 4.0]) == 0.5


def test_the_p99_is_not_exceeded_by_99_of_100() -> None:
    values = [float(number) for number in range(100)]
    assert rank(values, 0.99) == 98.0
    assert rank([3.0], 0.99) == 3.0
    assert rank([3.0, 1.0, 2.0], 0.5) == 2.0


def test_the_table_lines_up() -> None:
    lines = table([Row("报修", "1", ">= 1 %"), Row("a longer name", "22", "<= 1 s")]).splitlines()
    assert lines[0] == "| name          | measured | aim    |"
    assert lines[2] == "| 报修          | 1        | >= 1 % |"
