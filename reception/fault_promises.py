"""Another time was promised for a known fault: the text that tells it, and the homes that must hear of it."""

from collections.abc import Iterable
from datetime import datetime

from db.store import Store, writing
from reception import cases, events, fault_cases
from reception.fault_ends import CHANNELS, chosen
from reception.fault_records import SUBJECT, Fault, Household, by_id, find, of_list
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.wording import Words


def to_hear(store: Store, fault: Fault) -> set[int]:
    """Return the homes (their ids) that were told an earlier time, and have not heard of the one that holds now."""
    if fault.state != "open":
        return set()
    rows = store.rows(
        "SELECT fault_households.id FROM fault_households JOIN fault_expectations AS now"
        " ON now.id = (SELECT max(id) FROM fault_expectations WHERE fault_id = :fault) AND now.reason <> ''"
        " WHERE fault_households.fault_id = :fault AND fault_households.at < now.at AND NOT EXISTS"
        " (SELECT 1 FROM fault_promises_told WHERE household_id = fault_households.id AND expectation_id = now.id)",
        {"fault": fault.id},
    )
    return {row["id"] for row in rows}


def prepared(store: Store, fault: Fault, at: datetime) -> str:
    """Return what the homes are told of the time that holds now, Chinese first: by its date, for it is read later."""
    centre = site(store)
    when = fault.expected(at, centre.zone, dated=True)
    call = (f"咨询电话：{centre.phone}。", f" Questions: {centre.phone}.") if centre.phone else ("", "")
    return (
        f"【{centre.name}】{fault.where.zh}{fault.name.zh}（{fault.what.zh}）的恢复时间有变化：{when.zh}。"
        f"给您带来不便，敬请谅解。{call[0]}\n"
        f"[{centre.name_en}] {fault.name.en}, {fault.where.en}: the time has changed, {when.en}. Sorry for the trouble."
        f"{call[1]}"
    )


def told(
    store: Store,
    *,
    fault_id: str,
    household_ids: Iterable[str],
    entrance: str = "",
    channel: str,
    by: Actor,
    now: datetime,
) -> Fault:
    """Note that homes heard of the time that holds now: those named, or all of an entrance (`3-1`); each by itself.

    Repairs of theirs that wait for the fault have it in their own record too. Refuses `fault_unknown`, `fault_over`,
    `channel_unknown`, `homes_missing` (none of them has to hear of it).
    """
    permit(by, "tell_household")
    with writing(store):
        fault, at = find(store, fault_id), events.moment(store, now)
        cases.choice(channel, CHANNELS, code="channel_unknown")
        if fault.state != "open":
            raise Refused("fault_over")
        ids = to_hear(store, fault)
        waiting = [home for home in of_list(store, fault, whole=True) if home.id in ids]
        text = prepared(store, fault, at)
        for home in chosen(waiting, household_ids, entrance):
            _note(store, fault, home, channel, text, by=by, at=at)
        store.touch("faults")
        return by_id(store, fault.id)


def _note(store: Store, fault: Fault, home: Household, channel: str, text: str, *, by: Actor, at: datetime) -> None:
    store.execute(
        "INSERT INTO fault_promises_told (household_id, expectation_id, channel, at, by_id) VALUES (?,"
        " (SELECT max(id) FROM fault_expectations WHERE fault_id = ?), ?, ?, ?)",
        [home.id, fault.id, channel, clock.to_text(at), by.id],
    )
    events.record(store, "tell_promise", SUBJECT, fault.id, by=by, at=at, household=home.id, channel=channel)
    fault_cases.told_progress(store, fault, home.unit.id, channel, text, by=by, at=at)


def entrances(homes: Iterable[Household]) -> list[tuple[str, Words, int]]:
    """Return the entrances of these homes, in their order: code, name, how many homes."""
    found: dict[str, tuple[Words, int]] = {}
    for home in homes:
        unit = home.unit
        name = Words(f"{unit.building}号楼{unit.unit}单元", f"Building {unit.building}, unit {unit.unit}")
        code = f"{unit.building}-{unit.unit}"
        found[code] = (name, found.get(code, (name, 0))[1] + 1)
    return [(code, name, count) for code, (name, count) in found.items()]
