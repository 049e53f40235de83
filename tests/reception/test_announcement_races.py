"""Heads publish while others write: what stands on the wall is what somebody read, and it is published once."""

from pathlib import Path
from shutil import copytree
from unittest import mock

import pytest

from db.store import Store, open_store
from lobbydesk.home import store_path
from reception import announcement_facts, announcements
from reception.announcements import PUBLISH, Typed
from reception.permissions import Role
from reception.refusal import Refused
from tests.conftest import actor
from tests.reception.test_races import NOW, Gate, Guards, _no_transaction, _widen_the_gap, race

DRAFTS = 6
TYPED = Typed(title="第一稿", until_on="2026-11-30")


def _take_away(guards: Guards) -> None:
    """Remove guards in this process, which ends with its work."""
    if guards == "both":
        return
    mock.patch("reception.announcements.writing", _no_transaction).start()
    mock.patch.object(Store, "touch", lambda store, *topics: None).start()
    if guards == "none":
        bare = PUBLISH.replace(" AND revision = ?", " AND ? > 0")
        assert bare != PUBLISH
        mock.patch("reception.announcements.PUBLISH", bare).start()


def publish_all(store: Store, gate: Gate, guards: Guards) -> dict[int, str]:
    """Publish every draft as it is read; return the titles that were read of those that went out."""
    _take_away(guards)
    # Long enough for a writer to come round to the same draft.
    mock.patch("tests.reception.test_races.GAP", 0.01).start()
    _widen_the_gap()
    by, out = actor(store, Role.SERVICE_HEAD), {}
    for one in range(1, DRAFTS + 1):
        read = announcement_facts.find(store, one, by=by)
        try:
            announcements.publish(store, announcement_id=one, was=str(read.revision), by=by, now=NOW)
            out[one] = read.title.zh
        except Refused as refused:
            assert refused.code in {"changed_meanwhile", "announcement_stands"}, refused.code
    return out


def write_all(store: Store, gate: Gate, guards: Guards) -> dict[int, str]:
    """Write every draft anew, again and again, while any is left."""
    _take_away(guards)
    by = actor(store, Role.RECEPTIONIST)
    for number in range(30):
        drafts = announcement_facts.drafts(store, by=by)
        if not drafts:
            break
        for read in drafts:
            one = read.id
            typed = Typed(title=f"第{number}稿", until_on="2026-11-30")
            try:
                announcements.change(
                    store, announcement_id=one, was=str(read.revision), typed=typed, by=by, now=NOW
                )  # fmt: skip
            except Refused as refused:
                assert refused.code in {"changed_meanwhile", "announcement_stands"}, refused.code
    return {}


def _unread(home: Path, guards: Guards) -> int:
    """Race, and return how many stand published with words that their publisher had not read."""
    store = open_store(store_path(home))
    by = actor(store, Role.RECEPTIONIST)
    for one in range(DRAFTS):
        announcements.write(store, nonce=f"d{one}", kind="notice", typed=TYPED, by=by, now=NOW)
    store.close()
    out: dict[int, str] = {}
    for answer in race(home, (publish_all, guards), (publish_all, guards), (write_all, guards), (write_all, guards)):
        assert not out.keys() & answer.keys(), "published twice"
        out |= answer
    store = open_store(store_path(home))
    titles = {row["id"]: row["title"] for row in store.rows("SELECT id, title FROM announcements")}
    told = store.value("SELECT count(*) FROM events WHERE what = 'publish_announcement'")
    store.close()
    assert told == len(out)
    return sum(titles[one] != title for one, title in out.items())


@pytest.mark.parametrize("guards", ["both", "condition"])
def test_what_goes_out_was_read(home: Path, guards: Guards) -> None:
    assert _unread(home, guards) == 0


def test_without_guards_the_harness_sees_what_nobody_read(home: Path, tmp_path: Path) -> None:
    # Who comes first is luck, on a quick disk more so: one of a few races shows it.
    assert any(_unread(copytree(home, tmp_path / f"race{turn}"), "none") for turn in range(6))
