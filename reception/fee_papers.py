"""收费通知 on paper (FRM-24): a slip for whoever asks at the desk, and the sheets (收费通知单) for the letter-boxes.

Both are no receipt. That a home was given one is written down, and stands with its lines.
"""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import custody_fees, estate, events, fee_lists, fees, nonces, papers, sequences, spooling
from reception.estate import Unit
from reception.fees import COLLECTED, Fee
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, money, numbers
from reception.rules.masking import mask_name, public_unit
from reception.site import Site, site
from reception.wording import Words

# So many sheets at once: a building is printed floor by floor rather than a browser that hangs.
MOST_SHEETS = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet for a home: its lines, their sum and what of it is late, in fen; the remarks that go with the items."""

    unit: Unit
    fees: tuple[Fee, ...]
    remarks: tuple[Words, ...]

    @property
    def total(self) -> int:
        """The sum of the lines."""
        return sum(one.amount_fen for one in self.fees)

    @property
    def capital(self) -> str:
        """The sum in 大写."""
        return money.capital(self.total)

    @property
    def late(self) -> int:
        """What of it is overdue."""
        return sum(one.amount_fen for one in self.fees if one.overdue)


def remarks(found: tuple[Fee, ...]) -> tuple[Words, ...]:
    """Return what is to be said of the items: by what common energy is reckoned (RUL-28), that others are passed on."""
    said = []
    # Of a line that came as a sum alone nobody here knows by what it was reckoned.
    for rate in sorted({one.rate_fen for one in found if one.rate_fen}):
        yuan = money.format_yuan(rate)
        said.append(Words(f"公共能耗费按 {yuan} 元/(㎡·月) 计", f"Common energy: {yuan} yuan per ㎡ and month"))
    if any(one.code in COLLECTED for one in found):
        said.append(
            Words(
                "代收代付项目按政府规定标准收取，不另加收费用",
                "Collected for others at the price set by the state, nothing added",
            )
        )
    return tuple(said)


def in_custody(store: Store, home: Unit, found: tuple[Fee, ...], now: datetime) -> tuple[Words, ...]:
    """Return what is to be said where the home is, or was, in custody (RUL-26)."""
    of_fees = custody_fees.of_home(store, home.id, found, today=fees.today(store, now))
    return custody_fees.remarks(of_fees)


def pay_at(centre: Site) -> Words:
    """Return where fees are paid, as this centre set it."""
    return Words(centre.fee_pay_at, centre.fee_pay_at_en or centre.fee_pay_at)


def print_slip(store: Store, *, unit: str, nonce: str, by: Actor, now: datetime) -> Unit:
    """Queue the slip of a home (`1-1-101`) at the desk's printer; return the home. The same nonce prints one.

    Refuses `unit_invalid`, `unit_unknown`, `fee_nothing_open`, `printer_unknown`, and what nonces refuse.
    """
    permit(by, "print_fee_notice")
    home = estate.find_unit(store, unit.strip())

    def make(at: datetime) -> int:
        found = fees.open_of(store, home.id, now=now)
        ref = f"fee_notice:{sequences.take(store, 'fee_notice')}"
        printer = spooling.desk_printer(store)
        job = spooling.enqueue(
            store, site(store), _slip(store, home, found, at), ref=ref, at=at, now=now, printer=printer
        )
        if job is None:
            raise Refused("printer_unknown")
        _noticed(store, home, found, by, at, ref=ref)
        return job

    nonces.once(store, nonce, "print_fee_notice", {"unit": home.id}, now=now, make=make)
    return home


def sheets(
    store: Store, *, unit: str = "", show: str = "", building: str = "", by: Actor, now: datetime
) -> list[Sheet]:
    """Return the sheets of one home, or without one of those that a list shows (`fee_lists`).

    Refuses `unit_invalid`, `unit_unknown`, `choice_unknown`, `fee_nothing_open`, `fee_too_many_sheets`.
    """
    permit(by, "print_fee_notice")
    if unit.strip():
        homes = [estate.find_unit(store, unit.strip())]
    else:
        found = fee_lists.listed(store, show=show, building=building, page=0, by=by, now=now)
        # As they are carried round: door after door.
        homes = sorted((one.unit for one in found.debts), key=_door)
    if len(homes) > MOST_SHEETS:
        raise Refused("fee_too_many_sheets")
    made = []
    for home in homes:
        if lines := fees.open_of(store, home.id, now=now):
            made.append(Sheet(home, lines, remarks(lines) + in_custody(store, home, lines, now)))
    if not made:
        raise Refused("fee_nothing_open")
    return made


def sheets_printed(store: Store, *, units: list[str], by: Actor, now: datetime) -> None:
    """Write down that the sheets of these homes are printed now: the browser prints once this was answered.

    Refuses `unit_invalid`, `unit_unknown`, `fee_nothing_open`, `fee_too_many_sheets`.
    """
    permit(by, "print_fee_notice")
    if not 0 < len(units) <= MOST_SHEETS:
        raise Refused("fee_too_many_sheets" if units else "fee_nothing_open")
    with writing(store):
        at = events.moment(store, now)
        for unit in dict.fromkeys(units):
            home = estate.find_unit(store, unit.strip())
            _noticed(store, home, fees.open_of(store, home.id, now=now), by, at)


def _door(home: Unit) -> list[tuple[int, str]]:
    return [(numbers.whole(part) or 0, part) for part in (home.building, home.unit, home.room)]


def _noticed(
    store: Store, home: Unit, found: tuple[Fee, ...], by: Actor, at: datetime, *, ref: str | None = None
) -> None:
    """Note that what a home owes stands on its sheet of A4, or on the slip `ref`: on that once it came out."""
    if not found:
        raise Refused("fee_nothing_open")
    store.execute(
        "UPDATE fees SET noticed_at = ?, notice_ref = ? WHERE unit_id = ? AND state = 'notified'",
        [clock.to_text(at), ref, home.id],
    )
    events.record(store, "print_fee_notice", "unit", home.id, by=by, at=at, how="slip" if ref else "sheet")
    store.touch("cases")


def _slip(store: Store, home: Unit, found: tuple[Fee, ...], at: datetime) -> papers.FeeNotice:
    centre = site(store)
    name = store.value(
        "SELECT name FROM residents WHERE unit_id = ? ORDER BY relation <> 'owner', id LIMIT 1", [home.id]
    )
    late = sum(one.amount_fen for one in found if one.overdue)
    return papers.FeeNotice(
        **spooling.heading(centre, at),
        building=public_unit(home.building),
        name=mask_name(name or ""),
        items=tuple(one.item for one in found),
        periods=tuple("  ".join(filter(None, (one.period.text, one.reckoned))) for one in found),
        amounts=tuple(one.amount for one in found),
        due_days=tuple(one.due_on for one in found),
        total=money.format_yuan(sum(one.amount_fen for one in found)),
        late=money.format_yuan(late) if late else "",
        remarks=remarks(found) + in_custody(store, home, found, at),
        pay_at=pay_at(centre),
        desk_phone=centre.phone,
    )
