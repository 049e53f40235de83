"""Who may do what: one table role x act, checked inside the acts."""

from dataclasses import dataclass

from reception.acts import MAY as MAY
from reception.refusal import Refused
from reception.roles import CALLERS as CALLERS
from reception.roles import FRONT as FRONT
from reception.roles import HEADS as HEADS
from reception.roles import Role as Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does an act: a member of staff (with id and department), the kiosk, a token holder, or the box.

    `unconfirmed`: his account became a head's, and no other head has confirmed it yet (`new_heads`).
    `notice`: the label of the privacy notice that the form of who acts by himself showed him; '' where it names none,
    None where no form of ours asked him.
    """

    role: Role
    id: int | None = None
    name: str = ""
    department: str = ""
    unconfirmed: bool = False
    notice: str | None = None

    @property
    def hears_as(self) -> str:
        """The role as which he receives in private (`lines.hears`); '' for whoever does not yet."""
        return "" if self.unconfirmed else self.role


KIOSK = Actor(Role.KIOSK)
TOKEN_HOLDER = Actor(Role.TOKEN_HOLDER)
BOX = Actor(Role.BOX)

# Not before another head has confirmed the account.
ONCE_CONFIRMED = frozenset({"hear_about_staff", "confirm_head"})


def may(by: Actor, act: str) -> bool:
    """Tell whether the actor may do the act, by his role. Raises KeyError for an act the table lacks."""
    return by.role in MAY[act] and not (by.unconfirmed and act in ONCE_CONFIRMED)


def permit(by: Actor, act: str) -> None:
    """Refuse with `not_permitted` when the actor's role may not do the act."""
    if not may(by, act):
        raise Refused("not_permitted")
