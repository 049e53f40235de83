"""The end of a known fault: one act prepares the notice and the list of homes to tell; closed once all are told."""

from collections.abc import Iterable
from datetime import datetime

from db.store import Store, writing
from reception import cases, events, fault_cases, papers, spooling
from reception.fault_records import SUBJECT, Fault, Household, by_id, find, number, of_list
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.masking import mask_name, mask_phone
from reception.site import Site, site
from reception.wording import Words

CHANNELS = {
    "phone": Words("电话", "Phone"),
    "message": Words("短信", "Text message"),
    "chat": Words("微信", "Chat"),
    "face": Words("当面", "In person"),
    "paper": Words("门贴", "Note at the door"),
}
# So often somebody tries in vain before a home counts as unreachable; the store asks for the same.
ATTEMPTS = 2
BACK = {
    "water": Words("供水已恢复", "water is back"),
    "power": Words("供电已恢复", "power is back"),
    "heating": Words("供暖已恢复", "heating is back"),
    "lift": Words("电梯已恢复运行", "the lift works again"),
    "gas": Words("供气已恢复", "gas is back"),
    "network": Words("网络已恢复", "the network is back"),
    "other": Words("故障已排除", "the fault is mended"),
}


def headline(fault: Fault) -> Words:
    """Return the restored notice in one line, for the screens of the lobby."""
    back, where = BACK[fault.cause], fault.where
    return Words(f"{where.zh}{back.zh}", f"{where.en}: {back.en}")


def prepared(store: Store, fault: Fault) -> str:
    """Return the restored notice as it is proposed: Chinese first, then English; staff may change it before.

    No time stands in it: the page with it may lie open for hours before it is over.
    """
    centre, said = site(store), headline(fault)
    call = (f"如仍有问题，请致电 {centre.phone}。", f" Still out? Call {centre.phone}.") if centre.phone else ("", "")
    return (
        f"【{centre.name}】{said.zh}。"
        f"给您带来不便，敬请谅解。{call[0]}\n"
        f"[{centre.name_en}] {said.en}. Sorry for the trouble.{call[1]}"
    )


def telling_text(fault: Fault, household: Household) -> str:
    """Return what is read or sent to one home: whom it is for, and the notice."""
    return f"{household.unit.label}：{fault.notice}"


def restore(store: Store, *, fault_id: str, text: str, by: Actor, now: datetime) -> Fault:
    """End a fault: keep the notice, show it in one line for the day, print the list of homes to tell.

    Whoever restores it holds it: he has the list. A fault that no home joined is closed at once. An empty `text` is the
    prepared one. Refuses `fault_unknown`, `fault_over`, `text_too_long`, `text_invalid`.
    """
    permit(by, "restore_fault")
    with writing(store):
        fault, at = find(store, fault_id), events.moment(store, now)
        notice = cases.text(text, required=False) or prepared(store, fault)
        done = store.changed(
            "UPDATE known_faults SET state = 'restored', restored_at = ?, notice = ?, owner_id = ?"
            " WHERE id = ? AND state = 'open'",
            [clock.to_text(at), notice, by.id, fault.id],
        )
        if not done:
            raise Refused("fault_over")
        events.record(store, "restore_fault", SUBJECT, fault.id, by=by, at=at, from_state="open", to_state="restored")
        _post(store, fault, at)
        fault_cases.over(store, fault, everything=False, by=by, at=at)
        return _ended(store, fault.id, by=by, at=at)


def withdraw(store: Store, *, fault_id: str, reason: str, by: Actor, now: datetime) -> Fault:
    """Take back a fault that was declared by mistake, with the reason; homes that joined are still to be told it.

    Refuses `fault_unknown`, `fault_over`, `reason_missing`, `text_too_long`, `text_invalid`.
    """
    permit(by, "restore_fault")
    with writing(store):
        fault, at = find(store, fault_id), events.moment(store, now)
        why = cases.text(reason, limit=cases.SHORT_LIMIT, missing="reason_missing")
        done = store.changed(
            "UPDATE known_faults SET state = 'withdrawn', withdrawn_at = ?, notice = ?, owner_id = ?"
            " WHERE id = ? AND state = 'open'",
            [clock.to_text(at), why, by.id, fault.id],
        )
        if not done:
            raise Refused("fault_over")
        events.record(store, "withdraw_fault", SUBJECT, fault.id, by=by, at=at, from_state="open", to_state="withdrawn")
        # It was no fault: what was put under it waits for us again.
        fault_cases.over(store, fault, everything=True, by=by, at=at)
        return _ended(store, fault.id, by=by, at=at)


def _post(store: Store, fault: Fault, at: datetime) -> None:
    """Put the one line among the day's notices, for kiosk and display."""
    today, said = at.astimezone(site(store).zone).date().isoformat(), headline(fault)
    store.execute(
        "INSERT INTO notices (title, title_en, from_on, until_on) VALUES (?, ?, ?, ?)", [said.zh, said.en, today, today]
    )
    store.touch("site")


def _ended(store: Store, fault_id: int, *, by: Actor, at: datetime) -> Fault:
    """Print the list of homes, or close the fault where there is none."""
    fault = by_id(store, fault_id)
    if fault.untold:
        _print(store, fault, by=by, at=at)
    store.touch("faults")
    return _close_if_told(store, fault, by=by, at=at)


def _close_if_told(store: Store, fault: Fault, *, by: Actor, at: datetime) -> Fault:
    if fault.untold:
        return fault
    closed = store.changed(
        "UPDATE known_faults SET state = 'closed', closed_at = ? WHERE id = ? AND state = ?",
        [clock.to_text(at), fault.id, fault.state],
    )
    if not closed:
        raise Refused("changed_meanwhile")
    fault_cases.over(store, fault, everything=True, by=by, at=at)
    events.record(store, "close_fault", SUBJECT, fault.id, by=by, at=at, from_state=fault.state, to_state="closed")
    return by_id(store, fault.id)


def told(store: Store, *, fault_id: str, household_id: str, channel: str, by: Actor, now: datetime) -> Fault:
    """Note that a home was told, and how; the last one closes the fault.

    Refuses `fault_unknown`, `household_unknown`, `channel_unknown`, `fault_not_over`, `household_told`.
    """
    return _tell(store, fault_id, household_id, channel, True, by=by, now=now)


def told_many(
    store: Store,
    *,
    fault_id: str,
    household_ids: Iterable[str],
    entrance: str = "",
    channel: str,
    by: Actor,
    now: datetime,
) -> Fault:
    """Note that homes were told, all by one way: those named, or all of an entrance (`3-1`); each by itself.

    Who was told meanwhile is passed over. Refuses what `told` refuses, and `homes_missing`.
    """
    permit(by, "tell_household")
    with writing(store):
        fault = find(store, fault_id)
        if fault.state == "open":
            raise Refused("fault_not_over")
        waiting = [home for home in of_list(store, fault, whole=True) if home.to_tell]
        for home in chosen(waiting, household_ids, entrance):
            fault = _tell(store, fault_id, str(home.id), channel, True, by=by, now=now)
        return fault


def chosen(homes: Iterable[Household], household_ids: Iterable[str], entrance: str) -> list[Household]:
    """Return those of these homes that are named, or lie at an entrance. Refuses `homes_missing` when none does."""
    named = {number(one) for one in household_ids}
    found = [one for one in homes if one.id in named or f"{one.unit.building}-{one.unit.unit}" == entrance]
    if not found:
        raise Refused("homes_missing")
    return found


def not_reached(store: Store, *, fault_id: str, household_id: str, channel: str, by: Actor, now: datetime) -> Fault:
    """Note an attempt that reached nobody; the second one marks the home unreachable, and the list goes on without it.

    Refuses what `told` refuses.
    """
    return _tell(store, fault_id, household_id, channel, False, by=by, now=now)


def _tell(
    store: Store, fault_id: str, household_id: str, channel: str, reached: bool, *, by: Actor, now: datetime
) -> Fault:
    permit(by, "tell_household")
    with writing(store):
        fault, at = find(store, fault_id), events.moment(store, now)
        cases.choice(channel, CHANNELS, code="channel_unknown")
        home = number(household_id)
        unit = store.value("SELECT unit_id FROM fault_households WHERE id = ? AND fault_id = ?", [home, fault.id])
        if unit is None:
            raise Refused("household_unknown")
        if fault.state == "open":
            raise Refused("fault_not_over")
        store.execute(
            "INSERT INTO fault_tellings (household_id, channel, reached, at, by_id) VALUES (?, ?, ?, ?, ?)",
            [home, channel, reached, clock.to_text(at), by.id],
        )
        if not _mark(store, home, channel, reached, by=by, at=at):
            raise Refused("household_told")
        what = "tell_household" if reached else "miss_household"
        events.record(store, what, SUBJECT, fault.id, by=by, at=at, household=home, channel=channel)
        if reached:
            fault_cases.told(store, fault, unit, channel, by=by, at=at)
        elif store.value("SELECT unreachable_at FROM fault_households WHERE id = ?", [home]):
            fault_cases.not_reached(store, fault, unit, by=by, at=at)
        store.touch("faults")
        return _close_if_told(store, by_id(store, fault.id), by=by, at=at)


def _mark(store: Store, home: int, channel: str, reached: bool, *, by: Actor, at: datetime) -> bool:
    """Change a home that is still to be told; False when it is not any more."""
    if reached:
        return store.changed(
            "UPDATE fault_households SET told_at = ?, told_by = ?, told_channel = ?"
            " WHERE id = ? AND told_at IS NULL AND unreachable_at IS NULL",
            [clock.to_text(at), by.id, channel, home],
        )
    tried: int = store.value("SELECT count(*) FROM fault_tellings WHERE household_id = ? AND reached = 0", [home])
    return store.changed(
        "UPDATE fault_households SET unreachable_at = ? WHERE id = ? AND told_at IS NULL AND unreachable_at IS NULL",
        [clock.to_text(at) if tried >= ATTEMPTS else None, home],
    )


def untell(store: Store, *, fault_id: str, household_id: str, noted_at: str, by: Actor, now: datetime) -> Fault:
    """Take back that a home was told or given up, noted by mistake: it is to be told again, while the fault is open.

    The attempts stay in their list, and who took it back in the history. `noted_at` is what the screen showed: nobody
    takes back what he did not see. Refuses `fault_unknown`, `household_unknown`, `fault_over` (closed),
    `changed_meanwhile`, `repair_ended_with_it`.
    """
    permit(by, "tell_household")
    with writing(store):
        fault, at = find(store, fault_id), events.moment(store, now)
        home = number(household_id)
        unit = store.value("SELECT unit_id FROM fault_households WHERE id = ? AND fault_id = ?", [home, fault.id])
        if unit is None:
            raise Refused("household_unknown")
        if fault.closed_at is not None:
            raise Refused("fault_over")
        # It would stay cancelled with a notice of its result, though nobody was told.
        if fault_cases.ended_with(store, fault, unit):
            raise Refused("repair_ended_with_it")
        done = store.changed(
            "UPDATE fault_households SET told_at = NULL, told_by = NULL, told_channel = NULL, unreachable_at = NULL"
            " WHERE id = ? AND coalesce(told_at, unreachable_at) = ?",
            [home, noted_at],
        )
        if not done:
            raise Refused("changed_meanwhile")
        events.record(store, "untell_household", SUBJECT, fault.id, by=by, at=at, household=home)
        store.touch("faults")
        return by_id(store, fault.id)


def ref(fault: Fault) -> str:
    """Return the reference under which the papers of a fault stand in the spool."""
    return f"{SUBJECT}:{fault.id}"


def _print(store: Store, fault: Fault, *, by: Actor, at: datetime) -> None:
    """Queue the list of homes to tell.

    With whole numbers it goes only to a printer behind the desk, and to no other in its place (`pinned`): where the one
    at the kiosk is all there is, the paper is masked and the numbers are read from the holder's screen.
    """
    centre = site(store)
    printer = spooling.staff_printer(store, papers.FaultList.KIND, centre)
    paper = fault_list(store, fault, centre, whole=printer is not None, at=at)
    spooling.enqueue(store, centre, paper, ref=ref(fault), at=at, printer=printer, pinned=printer is not None)


def rebuild(store: Store, fault_id: int, *, at: datetime) -> papers.FaultList:
    """Return the list anew: a reprint is masked, whoever asks for it, since nobody knows where it comes out."""
    return fault_list(store, by_id(store, fault_id), site(store), whole=False, at=at)


def fault_list(store: Store, fault: Fault, centre: Site, *, whole: bool, at: datetime) -> papers.FaultList:
    """Return the facts of the list of homes that are still to be told."""
    homes = [home for home in of_list(store, fault, whole=True) if home.to_tell]
    return papers.FaultList(
        **spooling.heading(centre, at),
        no=fault.no,
        fault=fault.name,
        what=fault.what,
        area=fault.where,
        notice=fault.notice,
        whole=whole,
        homes=tuple(_line(home, whole=whole) for home in homes),
    )


def _line(home: Household, *, whole: bool) -> Words:
    name, phone = (home.name, home.phone) if whole else (mask_name(home.name), mask_phone(home.phone))
    return Words(home.unit.label + (" *" if home.outside else ""), f"{name} {phone}".strip())
