"""The way of an incident (domain.md K2): class, notified, handed up, handled, recorded, archived."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from db.store import Store
from reception import case_steps, cases, incident_lists, incidents, seals, sequences
from reception.cases import Case
from reception.incident_facts import CLASSES, KIND, SITES, details, find
from reception.permissions import Actor, Role
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.incident_states import LIFE
from reception.site import site

# What of the record a form may write.
FIELDS: Final = (
    "place",
    "organisation",
    "headcount",
    "composition",
    "purpose",
    "eta",
    "media",
    "facts",
    "actions",
    "result",
    "measures",
)
# A telephone number, a home: nobody is to be found again in a case study.
_TELLS: Final = re.compile(r"\d{5,}|\d\w*-\w+-\w+|\d\s*(?:号楼|栋|幢|单元|室)")


def _step(
    store: Store,
    what: str,
    no: str,
    change: Callable[[Case, datetime], dict[str, Any]],
    *,
    permission: str = "work_on_incident",
    by: Actor,
    now: datetime,
) -> Case:
    """Do a step; `change` returns what the history keeps: ids and codes. Refuses as `case_steps.step`."""
    return case_steps.step(
        store,
        what,
        no,
        lambda case, at: {"detail": change(case, at)},
        kind=KIND,
        life=LIFE,
        find=find,
        permission=permission,
        by=by,
        now=now,
    )


def classify(store: Store, *, no: str, where: str, letter: str, by: Actor, now: datetime) -> Case:
    """Choose site and class: by them whom to notify, and the card. Who was told before stays told.

    Refuses as `_step`, `class_missing`, `choice_unknown`.
    """

    def change(case: Case, at: datetime) -> dict[str, Any]:
        cases.choice(where, SITES, code="choice_unknown")
        cases.choice(letter, CLASSES, code="class_missing")
        store.execute("UPDATE incidents SET site = ?, class = ? WHERE case_id = ?", [where, letter, case.id])
        incidents.tell_screens(store, case, where, letter, ("at_once",), by=by, at=at)
        return {"class": letter}

    return _step(store, "classify_incident", no, change, by=by, now=now)


def notify(store: Store, *, no: str, contact: str, channel: str, reached: str, by: Actor, now: datetime) -> Case:
    """Record that somebody of the list was notified: which way, reached or not.

    Refuses as `_step`, `contact_unknown`, `channel_unknown`, `choice_unknown`.
    """

    def change(case: Case, at: datetime) -> dict[str, Any]:
        cases.choice(channel, incident_lists.CHANNELS, code="channel_unknown")
        if reached not in {"0", "1"}:
            raise Refused("choice_unknown")
        record = details(store, case)
        listed = incident_lists.contacts(store, case, record.site, record.letter, now=at)
        one = next((one for one in listed if str(one.id) == contact), None)
        if one is None:
            raise Refused("contact_unknown")
        store.execute(
            "INSERT INTO incident_notices (case_id, contact_id, title, title_en, name, channel, reached, at, by_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [case.id, one.id, one.title.zh, one.title.en, one.name, channel, int(reached), clock.to_text(at), by.id],
        )
        # Whoever was told of it may read it, where he works at a desk here.
        called = store.value("SELECT id FROM staff WHERE login = ? AND active = 1", [one.staff])
        incidents.let_in(store, case.id, [called] if called else [])
        return {"contact": one.id, "reached": int(reached)}

    return _step(store, "notify_incident", no, change, by=by, now=now)


def escalate(store: Store, *, no: str, reason: str, by: Actor, now: datetime) -> Case:
    """It cannot be controlled here (RUL-35): those of the list for that see it at once.

    Refuses as `_step`, `reason_missing`, texts.
    """

    def change(case: Case, at: datetime) -> dict[str, Any]:
        clean = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        record = details(store, case)
        store.execute(
            "UPDATE incidents SET escalated_at = coalesce(escalated_at, ?) WHERE case_id = ?",
            [clock.to_text(at), case.id],
        )
        incidents.tell_screens(store, case, record.site, record.letter, ("out_of_control",), by=by, at=at)
        cases.write_note(store, case.id, f"上报：{clean}", by=by, at=at)
        return {}

    return _step(store, "escalate_incident", no, change, by=by, now=now)


def record(store: Store, *, no: str, version: str, by: Actor, now: datetime, **said: str) -> Case:
    """Write the record, as far as it is known; `version` is the one that was read. Media on the spot are told of.

    Refuses as `_step`, `changed_meanwhile` (somebody wrote it meanwhile), and what `incidents.checked` refuses.
    """

    def change(case: Case, at: datetime) -> dict[str, Any]:
        told = incidents.checked(store, {name: said[name] for name in FIELDS if name in said}, at)
        columns = "".join(f"{name} = ?, " for name in told)
        done = version.isascii() and store.changed(
            f"UPDATE incidents SET {columns}version = version + 1 WHERE case_id = ? AND CAST(version AS TEXT) = ?",  # noqa: S608
            [*told.values(), case.id, version],
        )
        if not done:
            raise Refused("changed_meanwhile")
        if told.get("media"):
            now_ = details(store, case)
            incidents.tell_screens(store, case, now_.site, now_.letter, ("media",), by=by, at=at)
        return {}

    return _step(store, "record_incident", no, change, by=by, now=now)


def contain(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """It is under control. Refuses as `_step`."""
    return _step(store, "contain_incident", no, lambda case, at: {}, by=by, now=now)


def handle(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """It is over: the record is due from now on (RUL-22). Refuses as `_step`, `class_missing`."""

    def change(case: Case, at: datetime) -> dict[str, Any]:
        if not details(store, case).letter:
            raise Refused("class_missing")
        return {}

    return _step(store, "handle_incident", no, change, by=by, now=now)


def report(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """File the record; it stands from now on. Refuses as `_step`, `record_incomplete`."""

    def change(case: Case, at: datetime) -> dict[str, Any]:
        whole = details(store, case)
        if whole.lacking:
            raise Refused("record_incomplete")
        incidents.tell_screens(store, case, whole.site, whole.letter, ("afterwards",), by=by, at=at)
        return {}

    return _step(store, "report_incident", no, change, by=by, now=now)


def archive(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """Put the record into the archive, with the next archive number of the year. Refuses as `_step`."""

    def change(case: Case, at: datetime) -> dict[str, Any]:
        year = clock.local_day(at, site(store).zone).year
        archive_no = f"TF{year}-{sequences.take(store, f'incident_archive:{year}'):03d}"
        store.execute("UPDATE incidents SET archive_no = ? WHERE case_id = ?", [archive_no, case.id])
        return {}

    return _step(store, "archive_incident", no, change, permission="archive_incident", by=by, now=now)


def keep_study(store: Store, *, no: str, title: str, text: str, by: Actor, now: datetime) -> Case:
    """Keep it as a case study (典型案例, RUL-36), in words that tell of nobody.

    Refuses as `_step`, `title_missing`, `study_missing`, texts, and `study_tells_who`: a telephone, a home, the name of
    somebody who had to do with it.
    """

    def change(case: Case, at: datetime) -> dict[str, Any]:
        head = cases.text(title, missing="title_missing", limit=cases.SHORT_LIMIT)
        words = cases.text(text, missing="study_missing", limit=4 * cases.TEXT_LIMIT)
        said = head + words
        if _TELLS.search(said) or any(name in said for name in _names(store, case)):
            raise Refused("study_tells_who")
        store.execute("UPDATE incidents SET study_title = ?, study = ? WHERE case_id = ?", [head, words, case.id])
        return {}

    return _step(store, "keep_study", no, change, permission="archive_incident", by=by, now=now)


def _names(store: Store, case: Case) -> list[str]:
    """Return the names of those who had to do with it: of the staff, of the list, and the visitor where he is known."""
    rows = store.rows(
        "SELECT name FROM staff WHERE id IN (SELECT staff_id FROM case_readers WHERE case_id = :case"
        " UNION SELECT staff_id FROM case_accused WHERE case_id = :case"
        " UNION SELECT staff_id FROM incident_seen WHERE case_id = :case"
        " UNION SELECT by_id FROM events WHERE subject = 'case' AND subject_id = :case)"
        " UNION SELECT name FROM incident_notices WHERE case_id = :case"
        " UNION SELECT visits.name FROM incidents JOIN tickets ON tickets.id = ticket_id"
        " JOIN visits ON visits.id = visit_id WHERE incidents.case_id = :case",
        {"case": case.id},
    )
    return [row[0] for row in rows if row[0] and len(row[0]) > 1]


def withdraw(store: Store, *, no: str, reason: str, by: Actor, now: datetime) -> Case:
    """The key was pressed by mistake: it ends, with the reason in its record. Refuses as `_step`, `reason_missing`."""

    def change(case: Case, at: datetime) -> dict[str, Any]:
        clean = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        cases.write_note(store, case.id, f"撤回：{clean}", by=by, at=at)
        return {}

    return _step(store, "withdraw_incident", no, change, by=by, now=now)


def name_concerned(store: Store, *, no: str, logins: Sequence[str], by: Actor, now: datetime) -> Case:
    """Say which members of staff it concerns: for them it does not exist. Of the head of service the manager alone
    hears, besides whoever was let in.

    Refuses as `_step`, `staff_unknown`, `concerned_oneself`, and `nobody_left` where no head would see it.
    """

    def change(case: Case, at: datetime) -> dict[str, Any]:
        found = {
            row["id"]: row["role"]
            for login in set(logins)
            for row in store.rows("SELECT id, role FROM staff WHERE login = ? AND active = 1", [login])
        }
        if len(found) != len(set(logins)):
            raise Refused("staff_unknown")
        if by.id in found:
            raise Refused("concerned_oneself")
        store.execute("DELETE FROM case_accused WHERE case_id = ?", [case.id])
        for one in found:
            store.execute("INSERT INTO case_accused (case_id, staff_id) VALUES (?, ?)", [case.id, one])
        sealed = 2 if Role.SERVICE_HEAD in found.values() else 1
        store.execute("UPDATE cases SET sealed = ? WHERE id = ?", [sealed, case.id])
        assert by.id is not None
        incidents.let_in(store, case.id, [by.id])
        if not seals.heads_apart(store, case.id):
            raise Refused("nobody_left")
        # Whoever it concerns neither receives the visitor nor holds the record.
        marks = ", ".join("?" * len(found))
        store.execute(
            f"UPDATE incidents SET receiver_id = NULL, receiver_at = NULL WHERE case_id = ? AND receiver_id IN ({marks})",  # noqa: S608, E501
            [case.id, *found],
        )
        store.execute(
            f"UPDATE cases SET owner_id = ? WHERE id = ? AND owner_id IN ({marks})",  # noqa: S608
            [by.id, case.id, *found],
        )
        return {"concerned": sorted(found)}

    return _step(store, "name_concerned", no, change, by=by, now=now)
