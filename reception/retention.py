"""Retention (保存期限): each day what has had its time goes, by the rules of `retention_rules`, and history says so.

A clock that ran ahead would have the box forget a year in a night. So the day of retention follows the clock by at most
two days a run, and stands still when the clock is found wrong: what was removed does not come back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from db import erasure_journal, scrub
from db.store import Store, writing
from reception import erasure, events
from reception.permissions import Actor, permit
from reception.retention_rules import RULES
from reception.retention_types import Rule
from reception.rules import clock
from reception.site import site
from reception.wording import Words

PACE = timedelta(days=2)
SUBJECT = "retention"


@dataclass(frozen=True, slots=True)
class Removed:
    """What a rule removed: `count` of what is older than `before`."""

    code: str
    what: Words
    before: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """A run: the day up to which it counted (behind the clock after a gap of more than two days), and each rule."""

    as_of: datetime
    removed: tuple[Removed, ...]


def run(store: Store, *, by: Actor, now: datetime, home: Path | None = None) -> Report:
    """Remove what has had its time; return what went, rule by rule. Each portion is one act, with its event.

    How far it came stands beside the store, too (`home`, where it does not lie there yet): a store that is put back
    goes on from there, or what had been removed would be read for as many nights as its backup is old.

    A run that is cut off is taken up by the next. Nothing of a case goes here (`retention_rules`).
    """
    permit(by, "remove_expired")
    # Removed rows are overwritten in the file, not only unlinked: whatever the build of SQLite does by itself.
    store.execute("PRAGMA secure_delete = ON")
    home = home or store.path.parent
    as_of = _as_of(store, erasure_journal.reached(home), now)
    centre = site(store)
    unscrubbed = _erased_since_last(store)
    removed = tuple(_by_rule(store, rule, as_of - rule.keep(centre), by=by, now=now) for rule in RULES)
    with writing(store):
        events.record(store, SUBJECT, SUBJECT, 0, by=by, at=events.moment(store, now), as_of=clock.to_text(as_of))
    erasure_journal.note_reached(home, clock.to_text(as_of))
    # Nobody practises at night; and an erasing may have left a practice that it could not end.
    erasure.end_practice(store)
    # The log still holds what was there before, and so may pages that an erasing left unscrubbed: the power went, or
    # others held the store.
    scrub.empty(store, anew=unscrubbed)
    return Report(as_of, removed)


def _as_of(store: Store, reached: str | None, now: datetime) -> datetime:
    last = store.value(
        "SELECT json_extract(detail, '$.as_of') FROM events WHERE subject = ? AND subject_id = 0 AND what = ?"
        " ORDER BY id DESC LIMIT 1",
        [SUBJECT, SUBJECT],
    )
    done = [clock.from_text(text) for text in (last, reached) if text is not None]
    known = max(done) if done else events.last_at(store)
    return now if known is None else min(now, known + PACE)


def _erased_since_last(store: Store) -> bool:
    sql = "SELECT max(at) FROM events WHERE subject = ? AND subject_id = 0 AND what = ?"
    last = store.value(sql, [SUBJECT, SUBJECT]) or ""
    # Not `at` of the entry: one of an old erasing that was done again after a restore is as old as it was.
    return bool(store.value("SELECT 1 FROM events WHERE what IN ('erase_person', 'erase_again') AND at >= ?", [last]))


def _by_rule(store: Store, rule: Rule, before: datetime, *, by: Actor, now: datetime) -> Removed:
    count, text = 0, clock.to_text(before)
    # Looked for first: most days most rules find nothing, and need not keep anybody from writing.
    while rule.due(store, text):
        with writing(store):
            at = events.moment(store, now)
            portion = rule.remove(store, text, at)
            if not portion:
                break
            events.record(store, "remove", SUBJECT, 0, by=by, at=at, rule=rule.code, count=portion, before=text)
        count += portion
    return Removed(rule.code, rule.what, before, count)
