"""The seals over the history: whoever changes the file itself is found out; what may go goes without an alarm."""

import pytest

from db.store import Store, writing
from lobbydesk import history_check
from lobbydesk.commands import clocks
from reception import events, history_seals
from reception.permissions import BOX, Role
from reception.refusal import Refused
from tests.conftest import Clock, actor


def write(store: Store, clock: Clock, count: int = 3) -> None:
    """Let something happen."""
    with writing(store):
        for _ in range(count):
            events.record(store, "log_in", "staff", 1, by=actor(store, Role.RECEPTIONIST), at=clock())


@pytest.fixture
def sealed(store: Store, clock: Clock) -> Store:
    """A store with three sealed hours."""
    for _ in range(3):
        write(store, clock)
        assert len(history_seals.seal(store, by=BOX, now=clock())) == 1
        clock.forward(hours=1)
    return store


def test_once_an_hour_what_is_new_is_sealed_and_the_journal_says_so(store: Store, clock: Clock) -> None:
    write(store, clock)
    [line] = [one for one in clocks.keep(store, now=clock()) if one.startswith("history")]
    last = store.value("SELECT max(id) FROM events")
    assert line.startswith(f"history: seal 1 up to event {last}, ") and line.endswith(history_seals.last_code(store)[1])
    write(store, clock.__class__(clock.forward(minutes=59)))
    assert history_seals.seal(store, by=BOX, now=clock()) == []
    assert len(history_seals.seal(store, by=BOX, now=clock.forward(minutes=1))) == 1
    assert history_seals.seal(store, by=BOX, now=clock.forward(hours=5)) == [], "nothing new"


def test_an_old_store_is_sealed_in_pieces(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_seals, "PIECE", 10)
    write(store, clock, 25)
    history_seals.seal(store, by=BOX, now=clock())
    found = history_seals.check(store)
    assert found.holds and found.seals == 2 and found.events == 20, "the rest waits for its hour"


def test_nobody_else_seals(store: Store, clock: Clock) -> None:
    for role in Role:
        if role is not Role.BOX:
            with pytest.raises(Refused, match="not_permitted"):
                history_seals.seal(store, by=actor(store, role), now=clock())


@pytest.mark.parametrize(
    ("trigger", "how"),
    [
        ("events_no_update", "UPDATE events SET by_id = 2 WHERE id = :id"),
        ("events_no_update", "UPDATE events SET what = 'log_out' WHERE id = :id"),
        ("events_no_delete", "DELETE FROM events WHERE id = :id"),
        ("events_time_never_runs_back", "INSERT INTO events (id, at, what, subject, subject_id, by_role)"
         " SELECT -5, at, what, subject, subject_id, by_role FROM events WHERE id = :id"),
        ("history_seals_no_update", "UPDATE history_seals SET digest = replace(digest, '1', '2'), to_id = to_id"),
        ("history_seals_no_delete", "DELETE FROM history_seals WHERE number = 2 AND :id"),
    ],
)  # fmt: skip
def test_what_was_changed_in_the_file_itself_is_found(sealed: Store, trigger: str, how: str) -> None:
    assert history_seals.check(sealed).holds and history_check.wrong(sealed)[0] is None
    sealed.execute(f"DROP TRIGGER {trigger}")
    number = sealed.value("SELECT to_id FROM history_seals WHERE number = 2")
    sealed.execute(how, {"id": number} if ":id" in how else {})
    assert not history_seals.check(sealed).holds
    said, mend = history_check.wrong(sealed)
    assert said is not None and "seal" in mend


def test_to_seal_anew_what_was_changed_changes_every_later_code(sealed: Store, clock: Clock) -> None:
    """Whoever does that too has another code than the journal and the backups."""
    before = history_seals.last_code(sealed)[1]
    for trigger in ("events_no_update", "history_seals_no_delete", "history_seals_follow"):
        sealed.execute(f"DROP TRIGGER {trigger}")
    sealed.execute("UPDATE events SET by_id = 2 WHERE id = (SELECT to_id FROM history_seals WHERE number = 1)")
    sealed.execute("DELETE FROM history_seals")
    history_seals.seal(sealed, by=BOX, now=clock.forward(hours=9))
    assert history_seals.check(sealed).holds
    assert history_seals.last_code(sealed)[1] != before


def test_what_retention_takes_is_no_alarm_and_what_goes_too_early_is(sealed: Store, clock: Clock) -> None:
    number = sealed.value("SELECT to_id FROM history_seals WHERE number = 2")
    sealed.execute("DROP TRIGGER events_no_delete")
    sealed.execute("DELETE FROM events WHERE id = ?", [number])
    assert history_seals.check(sealed).wrong == 2
    clock.forward(days=185)
    write(sealed, clock)
    found = history_seals.check(sealed)
    assert (found.holds, found.thinned) == (True, 1)


def test_an_erased_detail_breaks_no_seal(sealed: Store) -> None:
    sealed.execute("DROP TRIGGER events_no_update")
    sealed.execute("UPDATE events SET detail = '{}'")
    assert history_seals.check(sealed).holds


@pytest.mark.parametrize("how", ["UPDATE history_seals SET chain = chain", "DELETE FROM history_seals",
                                 "INSERT INTO history_seals VALUES (9, 900, 901, 1, '', '', '')"])  # fmt: skip
def test_the_store_lets_nobody_change_a_seal(sealed: Store, how: str) -> None:
    import sqlite3

    with pytest.raises(sqlite3.IntegrityError, match="seals"):
        sealed.execute(how)


def test_a_seal_made_to_fit_the_change_does_not_fit_the_chain(sealed: Store) -> None:
    for trigger in ("events_no_update", "history_seals_no_update"):
        sealed.execute(f"DROP TRIGGER {trigger}")
    sealed.execute("UPDATE events SET by_id = 2 WHERE id = (SELECT to_id FROM history_seals WHERE number = 2)")
    assert history_seals.check(sealed).wrong == 2
    row = sealed.row("SELECT from_id, to_id, count FROM history_seals WHERE number = 2")
    assert row is not None
    rows = [tuple(one) for one in sealed.rows(history_seals._ROWS, list(row))]
    sealed.execute("UPDATE history_seals SET digest = ? WHERE number = 2", [history_seals._digest(rows)])
    assert history_seals.check(sealed).wrong == 2
