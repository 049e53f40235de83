"""《托管协议》 of A4 (FRM-17): the home, its meters, what is agreed, and the signatures at the begin and at the end."""

from dataclasses import dataclass, field

from db.store import Store
from reception import custody_facts, custody_readings
from reception.custody_facts import Custody
from reception.permissions import Actor, permit
from reception.rules import money
from reception.site import site


@dataclass(frozen=True, slots=True)
class CustodyForm:
    """The agreement; without values the blank one. Days are ISO, amounts as they are written; `keys` None: not known.

    `first`, `last` and `used` are by meter; `over` names those above their limit, by how much.
    """

    no: str = ""
    home: str = ""
    owners: tuple[tuple[str, str], ...] = ()
    whole: bool = True
    from_on: str = ""
    until_on: str = ""
    keys: bool | None = None
    limits: dict[str, str] = field(default_factory=dict)
    share: int = 0
    first: dict[str, str] = field(default_factory=dict)
    first_on: str = ""
    last: dict[str, str] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    over: dict[str, str] = field(default_factory=dict)
    signed_at: str = ""
    signed_name: str = ""
    ended_on: str = ""
    closed_name: str = ""


def blank(store: Store) -> CustodyForm:
    """Return the blank one, with the limits and the share of this centre."""
    centre = site(store)
    limits = {"water": str(centre.custody_water), "electric": str(centre.custody_electric)}
    return CustodyForm(limits=limits, share=centre.custody_share)


def of(store: Store, custody: Custody, *, whole: bool, by: Actor) -> CustodyForm:
    """Return the agreement of a custody; `whole` for an act that has asked who may see the owner's name."""
    permit(by, "see_custody")
    use = custody_readings.use(custody, custody_readings.of(store, custody.id))
    ended = custody.state == "ended"
    return CustodyForm(
        no=custody.no,
        home=custody.unit.label,
        owners=tuple((one.name, one.phone) for one in custody_facts.owners(store, custody.unit, whole=whole)),
        whole=whole,
        from_on=custody.from_on,
        until_on=custody.until_on or "",
        keys=custody.keys,
        limits=custody.limit_texts,
        share=custody.share,
        first={meter: one.first.text for meter, one in use.items()},
        first_on=custody.opened_at,
        last={meter: one.last.text for meter, one in use.items()} if ended else {},
        used={meter: one.used_text for meter, one in use.items()} if ended else {},
        over={meter: money.format_quantity(one.used - one.limit) for meter, one in use.items() if ended and one.over},
        signed_at=custody.signed_at or "",
        signed_name=custody.signed_name,
        ended_on=custody.ended_on or "",
        closed_name=custody.closed_name if ended else "",
    )
