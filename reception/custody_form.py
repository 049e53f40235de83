"""《托管协议》 of A4 (FRM-17): the home, its meters, what is agreed, and the signatures at the begin and at the end."""

from dataclasses import dataclass, field

from db.store import Store
from reception import custody_facts, custody_use
from reception.custody_facts import Custody
from reception.permissions import Actor, permit
from reception.rules import money
from reception.site import site


@dataclass(frozen=True, slots=True)
class CustodyForm:
    """The agreement; without values the blank one. Days are ISO, amounts as they are written; `keys` None: not known.

    `first`, `last` and `used` are by meter; `over` names those above their limit, by how much; `exchanged` what an old
    meter showed last and the new one first. What was signed stands as it was: `corrected` is what a first reading
    became since; there are no `owners` once the home's file changed (`owners_changed`): it no longer says who signed.
    """

    no: str = ""
    home: str = ""
    owners: tuple[tuple[str, str], ...] = ()
    owners_changed: bool = False
    whole: bool = True
    from_on: str = ""
    until_on: str = ""
    keys: bool | None = None
    limits: dict[str, str] = field(default_factory=dict)
    share: int = 0
    first: dict[str, str] = field(default_factory=dict)
    corrected: dict[str, str] = field(default_factory=dict)
    first_on: str = ""
    last: dict[str, str] = field(default_factory=dict)
    exchanged: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
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
    found = custody_use.of(store, custody.id)
    use, signed = custody_use.use(custody, found), custody_use.first_as_signed(custody, found)
    ended, changed = custody.state == "ended", custody_facts.owners_changed(store, custody)
    owners = () if changed else custody_facts.owners(store, custody.unit, whole=whole)
    return CustodyForm(
        no=custody.no,
        home=custody.unit.label,
        owners=tuple((one.name, one.phone) for one in owners),
        owners_changed=changed,
        whole=whole,
        from_on=custody.from_on,
        until_on=custody.until_on or "",
        keys=custody.keys,
        limits=custody.limit_texts,
        share=custody.share,
        first={meter: one.text for meter, one in signed.items()},
        corrected={meter: one.first.text for meter, one in use.items() if one.first != signed.get(meter)},
        first_on=custody.opened_at,
        last={meter: one.last.text for meter, one in use.items()} if ended else {},
        exchanged={
            meter: tuple((old.text, new.text) for old, new in one.exchanged) for meter, one in use.items() if ended
        },
        used={meter: one.used_text for meter, one in use.items()} if ended else {},
        over={meter: money.format_quantity(one.used - one.limit) for meter, one in use.items() if ended and one.over},
        signed_at=custody.signed_at or "",
        signed_name=custody.signed_name,
        ended_on=custody.ended_on or "",
        closed_name=custody.closed_name if ended else "",
    )
