"""Homes in custody: one a home, meters that only rise, rounds made once, and no end while the owner does not know."""

import io
import re
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from db.store import Store, open_store, writing
from lobbydesk.home import store_path
from reception import (
    cases,
    custody,
    custody_facts,
    custody_fees,
    custody_form,
    custody_lists,
    custody_readings,
    custody_rounds,
    custody_tellings,
    custody_use,
    fee_papers,
    fees,
    photos,
    rain_warnings,
    residents,
    retention,
    settings,
)
from reception.custody_facts import Custody
from reception.permissions import BOX, Actor, Role
from reception.refusal import Refused
from reception.rules import clock as clocks
from tests.conftest import MORNING, Clock, actor
from tests.reception.test_fees import bring, unit_id
from tests.reception.test_races import NOW, Gate, race

HOME = "1-1-101"
DAY = timedelta(days=1)
FOUND = {"category": "water", "place": "阳台", "content": "外墙渗水", "urgency": "ordinary"}


def draft(store: Store, now: datetime = MORNING, **other: Any) -> Custody:
    """Draw up an agreement."""
    typed = {
        "nonce": f"d{other.get('unit', HOME)}",
        "unit": HOME,
        "from_on": "2026-11-23",
        "keys": "1",
        "water": "100",
        "electric": "2000",
    }
    return custody.draft(store, **typed | other, by=actor(store, Role.RECEPTIONIST), now=now)


def begun(store: Store, now: datetime = MORNING, **other: Any) -> Custody:
    """Draw one up and sign it."""
    no = draft(store, now, **other).no
    return custody.sign(store, no=no, signed="1", by=actor(store, Role.RECEPTIONIST), now=now)


def read(store: Store, one: Custody, now: datetime, water: str = "", electric: str = "", nonce: str = "r") -> Custody:
    """Read the meters."""
    by = actor(store, Role.RECEPTIONIST)
    return custody_readings.take(store, no=one.no, nonce=nonce, water=water, electric=electric, by=by, now=now)


def end(store: Store, one: Custody, now: datetime, **other: str) -> Custody:
    """Give it back."""
    typed = {"water": "101", "electric": "2001", "keys_back": "1", "signed": "1"} | other
    return custody.end(store, no=one.no, **typed, by=actor(store, Role.RECEPTIONIST), now=now)


def walk(store: Store, one: Custody, now: datetime, *marks: str, nonce: str = "w", by: Actor | None = None) -> Custody:
    """Press that everything is in order."""
    who = by or actor(store, Role.RECEPTIONIST)
    return custody_rounds.walk(store, no=one.no, marks=marks, nonce=nonce, by=who, now=now)


def report(store: Store, one: Custody, now: datetime, *marks: str, **other: Any) -> cases.Case:
    """Report a finding."""
    typed: dict[str, Any] = {"nonce": "f", "by": actor(store, Role.RECEPTIONIST)} | FOUND | other
    return custody_rounds.report(store, no=one.no, marks=marks, now=now, **typed)


def due(store: Store, now: datetime, by: Actor | None = None) -> dict[str, list[str]]:
    """Return what is to be walked: home -> marks."""
    who = by or actor(store, Role.RECEPTIONIST)
    return {one.custody.unit.label: one.marks for one in custody_rounds.to_walk(store, by=who, now=now)}


def refused(code: str, act: Callable[[], object]) -> None:
    """See an act refused with this code."""
    with pytest.raises(Refused) as error:
        act()
    assert error.value.code == code


def use(store: Store, one: Custody) -> dict[str, tuple[str, bool]]:
    """Return what was used: meter -> amount, whether above the limit."""
    found = custody_use.use(one, custody_use.of(store, one.id))
    return {meter: (line.used_text, line.over) for meter, line in found.items()}


def told(store: Store, one: Custody) -> list[tuple[str, str | None]]:
    """Return what the owner is told: what, how."""
    return [(each.code, each.channel) for each in custody_tellings.of(store, one, by=actor(store, Role.RECEPTIONIST))]


# --- agreements ---


def test_from_the_draft_to_the_end(store: Store) -> None:
    one = draft(store)
    assert (one.no, one.state, one.limits, one.share) == (
        "TG20261123-001",
        "draft",
        {"water": 500, "electric": 2000},
        70,
    )
    assert draft(store).id == one.id, "the same nonce"
    refused("nonce_reused", lambda: draft(store, water="101"))
    refused("custody_not_now", lambda: read(store, one, MORNING, "101"))
    refused("custody_not_now", lambda: end(store, one, MORNING))
    by = actor(store, Role.SERVICE_HEAD)
    refused("custody_unsigned", lambda: custody.sign(store, no=one.no, signed="", by=by, now=MORNING))
    one = custody.sign(store, no=one.no.lower(), signed="1", by=by, now=MORNING)
    assert (one.state, one.signed_name, one.signed_at) == ("active", "陈静", "2026-11-23T02:24:00.000Z")
    refused("custody_not_now", lambda: custody.sign(store, no=one.no, signed="1", by=by, now=MORNING))
    refused("custody_not_now", lambda: custody.withdraw(store, no=one.no, reason="x", by=by, now=MORNING))
    later = MORNING + 9 * DAY
    refused("custody_keys_out", lambda: end(store, one, later, keys_back=""))
    refused("custody_unsigned", lambda: end(store, one, later, signed=""))
    refused("custody_reading_below", lambda: end(store, one, later, water="99"))
    ended = end(store, one, later)
    assert (ended.state, ended.ended_on, ended.keys_back) == ("ended", "2026-12-02", True)
    refused("custody_not_now", lambda: end(store, one, later))
    refused("custody_not_now", lambda: read(store, one, later, "102", nonce="r2"))
    # The home may be given again.
    again = draft(store, later, nonce="d2", from_on="2026-12-03", water="101", electric="2001")
    gone = custody.withdraw(store, no=again.no, reason="业主不来了", by=by, now=later)
    assert gone.state == "withdrawn"
    acts = [row["what"] for row in store.rows("SELECT what FROM events WHERE subject = 'custody' ORDER BY id")]
    assert acts == [
        "draft_custody", "sign_custody", "read_custody_meter", "read_custody_meter", "end_custody", "draft_custody",
        "withdraw_custody",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"unit": "9-9-999"}, "unit_unknown"),
        ({"from_on": "morgen"}, "custody_days_invalid"),
        ({"from_on": "9999-12-31"}, "custody_days_far"),
        ({"from_on": "0001-01-01"}, "custody_days_far"),
        ({"until_on": "2026-11-22"}, "custody_days_invalid"),
        ({"from_on": "2026-10-01", "until_on": "2026-11-01"}, "custody_days_invalid"),
        ({"until_on": "9999-12-31"}, "custody_days_far"),
        ({"keys": ""}, "choice_unknown"),
        ({"water": ""}, "custody_reading_invalid"),
        ({"electric": "-1"}, "custody_reading_invalid"),
        ({"water_limit": "5吨"}, "custody_limit_invalid"),
        ({"nonce": ""}, "nonce_missing"),
    ],
)
def test_what_is_wrong_is_kept_nowhere(store: Store, other: dict[str, str], code: str) -> None:
    refused(code, lambda: draft(store, MORNING, **other))
    assert store.value("SELECT count(*) FROM custodies") == 0 and store.value("SELECT count(*) FROM events") == 0


def test_a_home_without_an_owner_in_its_file_is_given_by_nobody(store: Store) -> None:
    with writing(store):
        store.execute("DELETE FROM residents WHERE unit_id = ? AND relation = 'owner'", [unit_id(store)])
    refused("custody_owner_missing", lambda: draft(store))


def test_the_centre_s_settings_and_limits_of_one_agreement(store: Store) -> None:
    values = {"custody_water": "3", "custody_electric": "9", "custody_share": "50"}
    settings.change(store, values=values, by=actor(store, Role.MANAGER), now=MORNING)
    one = draft(store, water_limit="", electric_limit="12.5")
    assert (one.limits, one.share) == ({"water": 300, "electric": 1250}, 50)


def _draft(store: Store, gate: Gate, desk: int) -> int:
    try:
        draft(store, NOW, nonce=f"desk {desk}")
    except Refused as error:
        assert error.code == "custody_stands"
        return 0
    return 1


def test_two_desks_take_one_home_once(home: Path) -> None:
    assert sum(race(home, *((_draft, desk) for desk in range(3)))) == 1


def _end(store: Store, gate: Gate, desk: int) -> int:
    one = custody_facts.by_no(store, "TG20261123-001")
    try:
        end(store, one, NOW)
    except Refused as error:
        assert error.code == "custody_not_now"
        return 0
    return 1


def test_two_desks_end_one_custody_once(home: Path) -> None:
    store = open_store(store_path(home))
    begun(store)
    store.close()
    assert sum(race(home, *((_end, desk) for desk in range(3)))) == 1


# --- what the store itself holds: take the index or the trigger away, and these fail ---


def test_the_store_holds_one_custody_a_home_and_one_round_of_each(store: Store) -> None:
    one = begun(store)
    walk(store, one, MORNING, "week-2026-11-23")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), writing(store):
        store.execute(
            "INSERT INTO custodies (no, unit_id, from_on, keys, water_limit, electric_limit, share, opened_at,"
            " opened_by) SELECT 'TG9', unit_id, from_on, keys, 1, 1, 70, opened_at, opened_by FROM custodies"
        )
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), writing(store):
        store.execute(
            "INSERT INTO custody_rounds (custody_id, kind, week, result, at, by_id)"
            " SELECT custody_id, kind, week, result, at, by_id FROM custody_rounds"
        )
    rain_warnings.declare(store, rain_on="2026-11-23", nonce="n", by=actor(store, Role.RECEPTIONIST), now=MORNING)
    walk(store, one, MORNING, "before-1", nonce="w2")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), writing(store):
        store.execute(
            "INSERT INTO custody_rounds (custody_id, kind, warning_id, result, at, by_id)"
            " SELECT custody_id, kind, warning_id, result, at, by_id FROM custody_rounds WHERE kind = 'before'"
        )
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), writing(store):
        store.execute(
            "INSERT INTO rain_warnings (rain_on, declared_at, declared_by)"
            " SELECT rain_on, declared_at, declared_by FROM rain_warnings"
        )


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE custody_readings SET value = value + 1", "corrected by another"),
        (
            "INSERT INTO custody_readings (custody_id, meter, part, value, at, by_id)"
            " SELECT custody_id, meter, 'during', value - 1, at, by_id FROM custody_readings WHERE meter = 'water'",
            "does not run back",
        ),
        ("UPDATE custodies SET state = 'draft'", "CHECK"),
        (
            "UPDATE custodies SET state = 'ended', closed_at = opened_at, closed_by = opened_by, ended_on = from_on,"
            " keys_back = 1",
            "before it ends",
        ),
        ("UPDATE custodies SET share = 0", "CHECK"),
        ("UPDATE custodies SET until_on = '2026-11-01'", "CHECK"),
        (
            "INSERT INTO custody_rounds (custody_id, kind, week, result, at, by_id)"
            " SELECT id, 'week', '2026-11-24', 'ok', opened_at, opened_by FROM custodies",
            "CHECK",
        ),
    ],
)
def test_the_store_holds_the_rest(store: Store, sql: str, said: str) -> None:
    begun(store)
    with pytest.raises(sqlite3.IntegrityError, match=said), writing(store):
        store.execute(sql)


def test_the_store_ends_nothing_while_the_owner_is_to_be_told_and_nothing_twice(store: Store) -> None:
    one = begun(store)
    with writing(store):
        store.execute(
            "INSERT INTO custody_readings (custody_id, meter, part, value, at, by_id)"
            " SELECT custody_id, meter, 'last', value + 9999, at, by_id FROM custody_readings"
        )
    ends = (
        "UPDATE custodies SET state = 'ended', closed_at = opened_at, closed_by = opened_by, ended_on = from_on,"
        " keys_back = ?"
    )
    with writing(store):
        custody_readings.judge(store, one, "", by=actor(store, Role.RECEPTIONIST), at=MORNING)
    with pytest.raises(sqlite3.IntegrityError, match="before it ends"), writing(store):
        store.execute(ends, [1])
    with writing(store):
        store.execute("UPDATE custody_tellings SET told_at = opened_at, told_by = 1, channel = 'phone', note = 'x'")
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"), writing(store):
        store.execute(ends, [0])
    with writing(store):
        store.execute(ends, [1])
    with pytest.raises(sqlite3.IntegrityError, match="is over"), writing(store):
        store.execute("UPDATE custodies SET state = 'active', closed_at = NULL, closed_by = NULL, ended_on = NULL")
    with pytest.raises(sqlite3.IntegrityError, match="not in custody"), writing(store):
        store.execute(
            "INSERT INTO custody_rounds (custody_id, kind, week, result, at, by_id)"
            " SELECT id, 'week', '2026-11-23', 'ok', opened_at, opened_by FROM custodies"
        )


# --- meters ---


def test_above_the_limit_is_to_be_told_until_somebody_did(store: Store) -> None:
    one = begun(store)
    read(store, one, MORNING, "105", "2020")
    assert use(store, one) == {"water": ("5", False), "electric": ("20", False)} and told(store, one) == []
    read(store, one, MORNING, "105.01", nonce="r2")
    read(store, one, MORNING, "106", nonce="r3")
    assert told(store, one) == [("water", None)], "one while nobody told him"
    by = actor(store, Role.RECEPTIONIST)
    [entry] = custody_tellings.to_do(store, by=by)
    refused("custody_untold", lambda: end(store, one, MORNING, water="106", electric="2020", stated="1"))

    def tell(note: str = "马桶漏水，业主已知", channel: str = "phone", telling: str = "") -> Custody:
        return custody_tellings.tell(
            store, no=one.no, telling=telling or str(entry.id), channel=channel, note=note, by=by, now=MORNING
        )

    refused("custody_note_missing", lambda: tell(note=" "))
    refused("channel_unknown", lambda: tell(channel="corrected"))
    refused("custody_told", lambda: tell(telling="99"))
    tell()
    refused("custody_told", tell)
    # It stands as he was told: nothing new. It counts on: told again.
    read(store, one, MORNING, "106", nonce="r4")
    assert told(store, one) == [("water", "phone")]
    read(store, one, MORNING, "107", nonce="r5")
    assert told(store, one) == [("water", None), ("water", "phone")]
    assert custody_tellings.count(store, by=by) == 1


def test_a_reading_below_an_earlier_one_is_corrected_first_and_both_stay(store: Store) -> None:
    one = begun(store)
    read(store, one, MORNING, "190")
    assert told(store, one) == [("water", None)]
    refused("custody_reading_below", lambda: read(store, one, MORNING, "102", nonce="r2"))
    by = actor(store, Role.RECEPTIONIST)
    wrong = str(store.value("SELECT max(id) FROM custody_readings"))

    def correct(value: str, reading: str = wrong, reason: str = "抄错", nonce: str = "c") -> Custody:
        return custody_readings.correct(
            store, no=one.no, nonce=nonce, reading=reading, value=value, reason=reason, by=by, now=MORNING
        )

    refused("reason_missing", lambda: correct("101", reason=""))
    refused("custody_reading_between", lambda: correct("99"))
    refused("custody_reading_unknown", lambda: correct("101", reading="99"))
    refused("custody_reading_invalid", lambda: correct("viel"))
    correct("101")
    assert correct("101").id == one.id, "the same nonce"
    refused("custody_reading_unknown", lambda: correct("102", nonce="c2"))
    assert use(store, one)["water"] == ("1", False)
    # Nothing is above the limit any more: nobody is told.
    assert told(store, one) == [("water", "corrected")]
    found = custody_use.of(store, one.id)
    assert [(each.text, each.corrected, each.part) for each in found if each.meter == "water"] == [
        ("100", False, "first"), ("190", True, "during"), ("101", False, "during"),
    ]  # fmt: skip
    # The first one too: it keeps its place.
    first = str(next(each.id for each in found if each.part == "first" and each.meter == "water"))
    refused("custody_reading_between", lambda: correct("101.5", reading=first, nonce="c3"))
    correct("90", reading=first, nonce="c4")
    assert use(store, one)["water"] == ("11", True) and told(store, one)[0] == ("water", None)
    read(store, one, MORNING, "102", nonce="r3")


def test_what_was_used_too_much_is_stated_at_the_end(store: Store) -> None:
    one = begun(store, keys="0")
    refused("custody_overuse_unstated", lambda: end(store, one, MORNING, water="200", keys_back=""))
    assert store.value("SELECT count(*) FROM custody_readings") == 2, "nothing of it is kept"
    ended = end(store, one, MORNING, water="200", keys_back="", stated="1")
    assert ended.state == "ended" and not ended.keys_back and told(store, one) == [("water", "paper")]


def test_a_meter_that_is_exchanged_counts_on(store: Store) -> None:
    one, by = begun(store), actor(store, Role.RECEPTIONIST)

    def exchange(old: str, new: str, nonce: str = "x", meter: str = "water") -> Custody:
        return custody_readings.exchange(
            store, no=one.no, nonce=nonce, meter=meter, old=old, new=new, by=by, now=MORNING
        )

    def tell() -> None:
        [entry] = custody_tellings.to_do(store, by=by)
        custody_tellings.tell(store, no=one.no, telling=str(entry.id), channel="phone", note="漏水", by=by, now=MORNING)

    read(store, one, MORNING, "102")
    refused("custody_reading_below", lambda: exchange("101", "0"))
    refused("custody_reading_invalid", lambda: exchange("104", ""))
    refused("choice_unknown", lambda: exchange("104", "0", meter="gas"))
    assert use(store, one)["water"] == ("2", False), "nothing of it is kept"
    exchange("104", "7")
    assert exchange("104", "7").id == one.id, "the same nonce"
    assert use(store, one) == {"water": ("4", False), "electric": ("0", False)}
    refused("custody_reading_below", lambda: read(store, one, MORNING, "6.99", nonce="r2"))
    read(store, one, MORNING, "8", nonce="r3")
    assert use(store, one)["water"] == ("5", False) and told(store, one) == []
    read(store, one, MORNING, "8.5", nonce="r4")
    assert use(store, one)["water"] == ("5.5", True) and told(store, one) == [("water", None)]
    tell()
    # Another exchange uses no water: nobody is told anew, though the new meter shows less; its first drop is new.
    exchange("8.5", "0", nonce="x2")
    assert told(store, one) == [("water", "phone")]
    read(store, one, MORNING, "0.01", nonce="r5")
    assert use(store, one)["water"] == ("5.51", True) and told(store, one)[0] == ("water", None)
    tell()
    told_of = store.value("SELECT reading_id FROM custody_tellings ORDER BY id DESC")
    assert told_of == store.value("SELECT max(id) FROM custody_readings"), "he was told how it stood then"

    def correct(text: str, value: str, nonce: str) -> Custody:
        wrong = next(each for each in custody_use.of(store, one.id) if each.text == text and not each.corrected)
        return custody_readings.correct(
            store, no=one.no, nonce=nonce, reading=str(wrong.id), value=value, reason="抄错", by=by, now=MORNING
        )

    # Its neighbours are those of the same meter.
    refused("custody_reading_between", lambda: correct("104", "101", "c"))
    correct("104", "103", "c")
    refused("custody_reading_between", lambda: correct("7", "8.1", "c2"))
    correct("7", "6", "c2")
    assert use(store, one)["water"] == ("5.51", True)
    end(store, one, MORNING, water="0.01", electric="2000", stated="1")
    form = custody_form.of(store, custody_facts.by_id(store, one.id), whole=True, by=by)
    assert (form.first["water"], form.last["water"], form.used["water"]) == ("100", "0.01", "5.51")
    assert form.exchanged == {"water": (("103", "6"), ("8.5", "0")), "electric": ()}
    refused("custody_not_now", lambda: exchange("1", "0", nonce="x3"))


@pytest.mark.parametrize(
    "values",
    [
        pytest.param("'during', 0, 99900, NULL, ''", id="of the meter that is gone"),
        pytest.param("'during', 3, 0, NULL, ''", id="of one that never hung"),
        pytest.param("'during', 1, 0, 1, 'x'", id="a correction of another meter"),
        pytest.param("'first', 1, 0, NULL, ''", id="a second begin"),
    ],
)
def test_the_store_reads_the_meter_that_hangs_there(store: Store, values: str) -> None:
    one, by = begun(store), actor(store, Role.RECEPTIONIST)
    custody_readings.exchange(store, no=one.no, nonce="x", meter="water", old="100", new="0", by=by, now=MORNING)
    with pytest.raises(sqlite3.IntegrityError, match=r"that hangs there|CHECK"), writing(store):
        store.execute(
            "INSERT INTO custody_readings (custody_id, meter, part, piece, value, corrects_id, reason, at, by_id)"  # noqa: S608
            f" VALUES (1, 'water', {values}, '2026-11-23T02:24:00.000Z', 1)"
        )
    with pytest.raises(sqlite3.IntegrityError, match="corrected by another"), writing(store):
        store.execute("UPDATE custody_readings SET piece = 0")


def test_what_he_signed_for_is_corrected_before_his_eyes(store: Store) -> None:
    """A correction of the reading at the begin makes nothing vanish that the owner was to be told."""
    one, by = begun(store), actor(store, Role.RECEPTIONIST)
    read(store, one, MORNING, "190")

    def correct(text: str, value: str, nonce: str) -> None:
        wrong = next(each for each in custody_use.of(store, one.id) if each.text == text)
        later = MORNING + timedelta(minutes=1)
        custody_readings.correct(
            store, no=one.no, nonce=nonce, reading=str(wrong.id), value=value, reason="抄错", by=by, now=later
        )

    correct("100", "189", "c")
    assert use(store, one)["water"] == ("1", False) and told(store, one) == [("water", None)]
    # Nor does the next correction, of another reading.
    correct("190", "189.5", "c2")
    assert use(store, one)["water"] == ("0.5", False) and told(store, one) == [("water", None)]
    refused("custody_untold", lambda: end(store, one, MORNING, water="190"))


# --- rounds ---


def test_a_round_of_the_week_is_made_once(store: Store, clock: Clock) -> None:
    one, other = begun(store), begun(store, unit="1-1-102")
    assert due(store, clock()) == {HOME: ["week-2026-11-23"], "1-1-102": ["week-2026-11-23"]}
    walk(store, one, clock(), "week-2026-11-23")
    assert walk(store, one, clock(), "week-2026-11-23").id == one.id, "the same press"
    refused("custody_round_over", lambda: walk(store, one, clock(), "week-2026-11-23", nonce="w2"))
    refused("custody_round_none", lambda: walk(store, one, clock(), nonce="w3"))
    for mark in ("week-2026-11-16", "week-2026-11-24", "before-1", "week-", "-", "week-9999-99-99", "after-x", ""):
        refused("custody_round_over", lambda: walk(store, other, clock(), mark, nonce=f"x{mark}"))  # noqa: B023
    assert due(store, clock()) == {"1-1-102": ["week-2026-11-23"]}
    # Sunday night at the site, and Monday.
    clock.at = datetime.fromisoformat("2026-11-29T15:59:00+00:00")
    assert due(store, clock()) == {"1-1-102": ["week-2026-11-23"]}
    clock.forward(minutes=1)
    assert due(store, clock()) == {HOME: ["week-2026-11-30"], "1-1-102": ["week-2026-11-30"]}
    refused("custody_round_over", lambda: walk(store, other, clock(), "week-2026-11-23", nonce="w4"))


def test_a_standstill_of_weeks_over_the_year_shows_what_was_missed(store: Store, home: Path, clock: Clock) -> None:
    """Nothing runs by time: another process on the same store finds the same, and a restart adds nothing."""
    one = begun(store)
    walk(store, one, clock(), "week-2026-11-23")
    clock.at = datetime.fromisoformat("2027-01-04T02:00:00+00:00")
    fresh = open_store(store_path(home))
    by = actor(store, Role.RECEPTIONIST)
    for _ in range(2):
        found = custody_rounds.of_custody(fresh, one, by=by, now=clock())
        assert [(each.mark, each.standing) for each in found] == [
            ("week-2027-01-04", "due"), ("week-2026-12-28", "missed"), ("week-2026-12-21", "missed"),
            ("week-2026-12-14", "missed"), ("week-2026-12-07", "missed"), ("week-2026-11-30", "missed"),
            ("week-2026-11-23", "ok"),
        ]  # fmt: skip
        assert due(fresh, clock()) == {HOME: ["week-2027-01-04"]}
    fresh.close()
    # Signed later than it was to begin: rounds from then on.
    late = begun(store, clock(), unit="1-1-102", from_on="2026-12-01")
    assert [each.mark for each in custody_rounds.of_custody(store, late, by=by, now=clock())] == ["week-2027-01-04"]


def test_around_heavy_rain(store: Store, clock: Clock) -> None:
    one, by = begun(store), actor(store, Role.RECEPTIONIST)
    begun(store, unit="1-1-102")
    for home in (HOME, "1-1-102"):
        no = next(each.no for each in custody_facts.active(store) if each.unit.label == home)
        custody_rounds.walk(store, no=no, marks=["week-2026-11-23"], nonce=home, by=by, now=clock())
    refused("rain_day_past", lambda: rain_warnings.declare(store, rain_on="2026-11-22", nonce="n", by=by, now=clock()))
    refused("rain_day_far", lambda: rain_warnings.declare(store, rain_on="2026-12-24", nonce="n", by=by, now=clock()))
    refused("rain_day_invalid", lambda: rain_warnings.declare(store, rain_on="", nonce="n", by=by, now=clock()))
    rain = str(rain_warnings.declare(store, rain_on="2026-11-25", nonce="n", by=by, now=clock()))
    assert str(rain_warnings.declare(store, rain_on="2026-11-25", nonce="n", by=by, now=clock())) == rain
    refused("rain_declared", lambda: rain_warnings.declare(store, rain_on="2026-11-25", nonce="o", by=by, now=clock()))
    assert due(store, clock()) == {HOME: ["before-1"], "1-1-102": ["before-1"]}
    refused("rain_not_yet", lambda: rain_warnings.end(store, warning=rain, came="1", by=by, now=clock()))
    walk(store, one, clock(), "before-1", nonce="b")
    clock.at = datetime.fromisoformat("2026-11-26T02:00:00+00:00")
    assert due(store, clock()) == {}, "the day is over: missed"
    rain_warnings.end(store, warning=rain, came="1", by=by, now=clock())
    refused("rain_over", lambda: rain_warnings.end(store, warning=rain, came="1", by=by, now=clock()))
    refused("rain_over", lambda: rain_warnings.end(store, warning="x", came="0", by=by, now=clock()))
    assert due(store, clock()) == {HOME: ["after-1"], "1-1-102": ["after-1"]}
    walk(store, one, clock(), "after-1", nonce="a")
    clock.forward(days=2)
    [late] = custody_rounds.to_walk(store, by=by, now=clock())
    assert [each.standing for each in late.rounds] == ["late"] and late.pressing
    found = custody_rounds.of_custody(store, late.custody, by=by, now=clock())
    assert {each.mark: each.standing for each in found} == {
        "week-2026-11-23": "ok", "before-1": "missed", "after-1": "late",
    }  # fmt: skip
    # Called off: nobody goes, and the day may be declared again.
    rain = str(rain_warnings.declare(store, rain_on="2026-12-01", nonce="p", by=by, now=clock()))
    rain_warnings.end(store, warning=rain, came="0", by=by, now=clock())
    assert due(store, clock()) == {"1-1-102": ["after-1"]}
    rain_warnings.declare(store, rain_on="2026-12-01", nonce="q", by=by, now=clock())


def test_one_look_makes_all_that_is_due_at_a_home(store: Store, clock: Clock) -> None:
    one, by = begun(store), actor(store, Role.RECEPTIONIST)
    rain_warnings.declare(store, rain_on="2026-11-25", nonce="n", by=by, now=clock())
    marks = due(store, clock())[HOME]
    assert marks == ["before-1", "week-2026-11-23"]
    # All or none.
    refused("custody_round_over", lambda: walk(store, one, clock(), "before-1", "week-2026-11-16"))
    assert store.value("SELECT count(*) FROM custody_rounds") == 0
    walk(store, one, clock(), *marks, *marks)
    assert due(store, clock()) == {} and store.value("SELECT count(*) FROM custody_rounds") == 2


def _walk(store: Store, gate: Gate, desk: int) -> int:
    one = custody_facts.by_no(store, "TG20261123-001")
    by = actor(store, (Role.RECEPTIONIST, Role.SERVICE_HEAD, Role.ASSISTANT)[desk])
    try:
        walk(store, one, NOW, "week-2026-11-23", nonce=f"desk {desk}", by=by)
    except Refused as error:
        assert error.code == "custody_round_over"
        return 0
    return 1


def test_three_press_one_round_once(home: Path) -> None:
    store = open_store(store_path(home))
    begun(store)
    store.close()
    assert sum(race(home, *((_walk, desk) for desk in range(3)))) == 1


def test_a_finding_is_a_repair_of_the_home_with_its_picture_and_the_owner_is_to_be_told(store: Store) -> None:
    one, out = begun(store), io.BytesIO()
    Image.new("RGB", (400, 300), "red").save(out, "JPEG")
    case = report(store, one, MORNING, "week-2026-11-23", data=out.getvalue())
    assert report(store, one, MORNING, "week-2026-11-23", data=out.getvalue()).id == case.id, "the same nonce"
    assert (case.kind, case.source, case.state, case.unit and case.unit.label) == (
        "repair",
        "patrol",
        "dispatched",
        HOME,
    )
    assert len(photos.of_report(store, case.id)) == 1 and store.value("SELECT count(*) FROM work_orders") == 1
    by = actor(store, Role.RECEPTIONIST)
    [entry] = custody_tellings.to_do(store, by=by)
    assert (entry.code, entry.case_no) == ("finding", case.no) and due(store, MORNING) == {}
    [made] = custody_rounds.of_custody(store, one, by=by, now=MORNING)
    assert (made.standing, made.case_no) == ("finding", case.no)
    # A round that somebody else made meanwhile: what was found is not lost. Between rounds as well.
    report(store, one, MORNING, "week-2026-11-23", "week-2026-11-16", nonce="f2")
    assert store.value("SELECT count(*) FROM custody_rounds") == 1
    assert custody_tellings.count(store, by=by) == 2
    refused("custody_untold", lambda: end(store, one, MORNING))
    for each in custody_tellings.to_do(store, by=by):
        custody_tellings.tell(store, no=one.no, telling=str(each.id), channel="chat", note="已告知", by=by, now=MORNING)
    assert end(store, one, MORNING).state == "ended"
    refused("custody_not_now", lambda: report(store, one, MORNING, nonce="f4"))
    assert store.value("SELECT count(*) FROM cases") == 2


def test_who_walks_the_rounds_the_centre_decides_and_others_learn_of_no_empty_home(store: Store) -> None:
    one = begun(store)
    maintenance = actor(store, Role.WORKER)
    guard = Actor(Role.WORKER, store.value("SELECT id FROM staff WHERE login = 'wuhao'"), "吴昊", "security")
    assert due(store, MORNING, maintenance) == {} and rain_warnings.listed(store, by=maintenance) == []
    refused("custody_unknown", lambda: walk(store, one, MORNING, "week-2026-11-23", by=maintenance))
    refused("custody_unknown", lambda: report(store, one, MORNING, "week-2026-11-23", by=maintenance))
    refused("not_permitted", lambda: custody_facts.find(store, one.no, by=guard))
    assert due(store, MORNING, guard) == {HOME: ["week-2026-11-23"]}
    walk(store, one, MORNING, "week-2026-11-23", by=guard)
    settings.change(store, values={"custody_walkers": "all"}, by=actor(store, Role.MANAGER), now=MORNING)
    begun(store, unit="1-1-102")
    assert due(store, MORNING, maintenance) == {"1-1-102": ["week-2026-11-23"]}


# --- fees, lists, what goes ---


def test_the_fee_of_a_home_in_custody_is_its_share(store: Store, receptionist: Actor) -> None:
    bring(
        store,
        (HOME, "物业费", "2026-11", "100.00", "2026-11-30", ""),
        (HOME, "物业费", "2026-12", "100.01", "2026-12-31", ""),
        (HOME, "水费", "2026-11", "10.00", "2026-11-30", ""),
        (HOME, "物业费", "2026-10", "100.00", "2026-10-31", ""),
    )
    lines = fees.open_of(store, unit_id(store), now=MORNING)

    def asked(now: datetime = MORNING) -> dict[str, tuple[int, str]]:
        found = custody_fees.of_home(store, unit_id(store), lines, today=fees.today(store, now))
        return {one.fee.period.text: (one.part.inside, one.amount) for one in found.proposals.values()}

    assert asked() == {}
    draft(store, nonce="x")
    assert asked() == {}, "not before it is signed"
    custody.sign(store, no="TG20261123-001", signed="1", by=receptionist, now=MORNING)
    # Eight days of November: 100 - 100 x 8/30 x 30 %.
    assert asked() == {"2026-11": (8, "92.00"), "2026-12": (31, "70.01")}
    one = custody_facts.by_no(store, "TG20261123-001")
    home_fees = custody_fees.of_home(store, unit_id(store), lines, today="2026-11-23")
    assert home_fees.custody is not None and home_fees.custody.no == one.no
    [sheet] = fee_papers.sheets(store, unit=HOME, by=receptionist, now=MORNING)
    said = [each.zh for each in sheet.remarks if "托管" in each.zh]
    assert len(said) == 2 and "托管 8 天" in said[0] and "92.00 元" in said[0]
    fee_papers.print_slip(store, unit=HOME, nonce="p", by=receptionist, now=MORNING)
    [facts] = store.rows("SELECT facts FROM print_jobs WHERE kind = 'fee_notice'")
    assert "92.00" in facts["facts"]
    end(store, one, MORNING + 2 * DAY)
    assert asked() == {"2026-11": (3, "97.00")}


def test_an_agreement_that_ran_out_grants_nothing_more_and_shows(store: Store, receptionist: Actor) -> None:
    bring(store, (HOME, "物业费", "2026-12", "100", "2026-12-31", ""))
    one = begun(store, until_on="2026-12-10")
    found = custody_fees.of_home(store, one.unit.id, fees.open_of(store, one.unit.id, now=MORNING), today="2027-01-01")
    assert [each.part.inside for each in found.proposals.values()] == [10]
    at = datetime.fromisoformat("2026-12-10T15:59:00+00:00")
    assert custody_lists.over(store, by=receptionist, now=at) == []
    assert len(custody_lists.over(store, by=receptionist, now=at + DAY)) == 1
    listed = custody_lists.listed(store, by=receptionist, now=at + DAY)
    assert listed.counts == {"active": 1, "draft": 0, "ended": 0, "withdrawn": 0} and listed.entries[0].over


def test_what_ended_goes_after_three_years_and_what_runs_stays(store: Store, home: Path) -> None:
    one = begun(store)
    begun(store, unit="1-1-102")
    read(store, one, MORNING, "120", "2100")
    report(store, one, MORNING, "week-2026-11-23")
    by = actor(store, Role.RECEPTIONIST)
    for each in custody_tellings.to_do(store, by=by):
        custody_tellings.tell(store, no=one.no, telling=str(each.id), channel="face", note="x", by=by, now=MORNING)
    end(store, one, MORNING, water="120", electric="2100", stated="1")
    with writing(store):
        store.execute(
            "UPDATE custodies SET closed_at = ? WHERE id = ?", [clocks.to_text(MORNING - timedelta(days=1096)), one.id]
        )
    bring(store, (HOME, "物业费", "2026-11", "500", "2026-12-10", ""))
    retention.run(store, by=BOX, now=MORNING, home=home)
    assert store.value("SELECT count(*) FROM custodies") == 2, "somebody is asked for a fee of its time"
    [line] = fees.open_of(store, one.unit.id, now=MORNING)
    fees.withdraw(store, unit=HOME, marks=[line.mark], reason="误录", by=actor(store, Role.SERVICE_HEAD), now=MORNING)
    retention.run(store, by=BOX, now=MORNING, home=home)
    assert [row["state"] for row in store.rows("SELECT state FROM custodies")] == ["active"]
    assert store.value("SELECT count(*) FROM custody_readings") == 2
    assert (
        store.value("SELECT count(*) FROM custody_rounds") + store.value("SELECT count(*) FROM custody_tellings") == 0
    )
    assert store.rows("PRAGMA foreign_key_check") == []


def test_no_name_of_the_owner_is_kept_with_it(store: Store) -> None:
    one = begun(store)
    read(store, one, MORNING, "120")
    tables = [
        row[0] for row in store.rows("SELECT name FROM sqlite_master WHERE name GLOB 'custod*' AND type = 'table'")
    ]
    assert len(tables) == 4
    for table in tables:
        said = " ".join(str(tuple(row)) for row in store.rows(f"SELECT * FROM {table}"))  # noqa: S608
        assert "张建国" not in said and not re.search(r"1[3-9][0-9]{9}", said)


def test_however_many_readings_there_are_it_can_be_ended(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custody_readings, "MOST", 3)
    one = begun(store)
    read(store, one, MORNING, water="100")
    refused("custody_readings_many", lambda: read(store, one, MORNING, water="101", nonce="r2"))
    assert end(store, one, MORNING).state == "ended"


def test_the_agreement_printed_again_is_what_was_signed(store: Store) -> None:
    """Whoever owns the home today did not sign it; a reading that was corrected since is marked."""
    one, desk = begun(store), actor(store, Role.RECEPTIONIST)

    def form() -> custody_form.CustodyForm:
        return custody_form.of(store, custody_facts.by_id(store, one.id), whole=True, by=desk)

    assert form().owners and not form().owners_changed and form().first == {"water": "100", "electric": "2000"}
    later = MORNING + timedelta(minutes=5)
    wrong = next(each for each in custody_use.of(store, one.id) if each.meter == "water")
    custody_readings.correct(
        store, no=one.no, nonce="c", reading=str(wrong.id), value="80", reason="抄错", by=desk, now=later
    )
    assert form().first["water"] == "100" and form().corrected == {"water": "80"}
    residents.add(store, nonce="r", unit=HOME, name="新业主", phone="13811112222", relation="owner", by=desk, now=later)
    assert form().owners == () and form().owners_changed
