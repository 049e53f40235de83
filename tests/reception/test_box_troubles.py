"""What is wrong with the box, from what it said of itself; and what it said is read as it stands, never invented."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reception import box_state
from reception.rules.box_troubles import Facts, troubles

NOW = datetime(2026, 11, 23, 2, 24, tzinfo=UTC)
WELL = Facts(
    at=NOW - timedelta(seconds=40),
    disk_free=40_000_000_000,
    inodes_free=1_000_000,
    backups_known=True,
    backup_at=NOW - timedelta(minutes=50),
    backup_verified=True,
    synchronized=False,
)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"at": None}, ["box_unseen"]),
        ({"at": ago(minutes=6)}, ["box_silent"]),
        # What was said before a jump says nothing of now either.
        ({"at": ago(minutes=-6), "disk_free": 0}, ["box_silent"]),
        ({"at": None, "clock_behind": True}, ["clock_behind", "box_unseen"]),
        ({"disk_free": 100_000_000}, ["disk_full"]),
        ({"disk_free": 1_000_000_000}, ["disk_low"]),
        ({"inodes_free": 100}, ["disk_low"]),
        ({"inodes_free": None, "disk_free": None}, []),
        ({"failed_units": ("a", "b")}, ["unit_down", "unit_down"]),
        ({"backups_known": False}, ["backup_unknown"]),
        ({"backup_at": None}, ["backup_none"]),
        ({"backup_at": ago(hours=4)}, ["backup_late"]),
        ({"backup_at": ago(hours=27)}, ["backup_old"]),
        ({"backup_verified": False}, ["backup_unread"]),
        ({"backup_verified": None}, ["backup_unread"]),
        ({"second_wanted": True}, ["second_missing"]),
        ({"second_wanted": True, "second_at": ago(hours=30)}, ["second_missing"]),
        ({"second_wanted": True, "second_at": ago(hours=2)}, []),
        ({"clock_behind": True, "raised_at": ago(hours=1)}, ["clock_behind"]),
        ({"raised_at": ago(hours=1)}, ["clock_raised"]),
        ({"raised_at": ago(hours=1), "set_at": ago(minutes=30)}, []),
        ({"raised_at": ago(hours=1), "set_at": ago(hours=2)}, ["clock_raised"]),
        ({"raised_at": ago(hours=1), "synchronized": True}, []),
        ({"jumped_at": ago(hours=1)}, ["clock_jumped"]),
        ({"jumped_at": ago(hours=1), "set_at": ago(minutes=59)}, []),
        ({"jumped_at": ago(hours=25)}, []),
        # The grave stands first.
        ({"backup_at": ago(hours=4), "failed_units": ("a",)}, ["unit_down", "backup_late"]),
    ],
)
def test_what_is_wrong(changed: dict[str, Any], codes: list[str]) -> None:
    assert [one.code for one in troubles(replace(WELL, **changed), NOW)] == codes


STATE = {
    "at": "2026-11-23T02:24:00.000Z",
    "version": "0.1.0",
    "boottime": 12.5,
    "disk": {"free": 1, "total": 2},
    "inodes_free": 3,
    "failed_units": ["lobbydesk-kiosk.service"],
    "backup": {
        "newest_at": "2026-11-23T02:00:00.000Z",
        "verified": True,
        "where": "/var/backups/lobbydesk",
        "second": {"newest_at": None, "verified": None},
    },
    "clock": {"synchronized": False, "jumped_at": None, "jumped_by": None, "raised_at": None},
}


def test_what_is_written_is_what_is_read() -> None:
    state = box_state.from_json(STATE)
    assert state is not None and state.as_json() == STATE


@pytest.mark.parametrize("broken", ["", "null", "[]", "{}", '{"at": 5}', '{"at": "yesterday"}', "{", "\x00", '"x"'])
def test_a_file_that_is_none_of_ours_is_no_state(tmp_path: Path, broken: str) -> None:
    store = tmp_path / "lobbydesk.db"
    assert box_state.read(store) is None
    box_state.path(store).parent.mkdir()
    box_state.path(store).write_text(broken)
    assert box_state.read(store) is None


def test_values_of_another_kind_are_not_known(tmp_path: Path) -> None:
    at = {"at": STATE["at"]}
    odd = at | {
        "disk": {"free": "much", "total": True},
        "failed_units": "none",
        "backup": 7,
        "clock": {"synchronized": 1},
    }
    state, empty = box_state.from_json(odd), box_state.from_json(json.loads(json.dumps(at)))
    assert state == empty and state is not None and state.disk_free is None and state.failed_units is None
