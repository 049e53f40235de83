"""The visitors' side of a simulated day: they take numbers, look at their page, give up, put off and come back."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from lobbydesk.simulation.agenda import Agenda
from lobbydesk.simulation.house import REFUSED, SAME_ORIGIN, TICKET_NO, House
from lobbydesk.simulation.visitors import HOUR, MINUTE, Visitor
from reception import absence, privacy_notices, standing, tickets
from reception.permissions import TOKEN_HOLDER
from reception.refusal import Refused
from reception.rules.waits import Range
from reception.site import site

OPENING, NOON, AFTERNOON, CLOSING = 8.5 * HOUR, 12 * HOUR, 13.5 * HOUR, 17.5 * HOUR
AHEAD = re.compile(r'data-ahead="([0-9]+)"')


@dataclass(slots=True)
class Guest:
    """A visitor as the day finds him. `gone`: he left; `diverted`: his detour is behind him."""

    visitor: Visitor
    nonce: str
    line: str
    service: float
    token: str = ""
    no: str = ""
    ticket_id: int = 0
    gone: bool = False
    was_missed: bool = False
    diverted: bool = False
    told: Range | None = None


class Lobby:
    """Everybody who came, and how they came to their numbers."""

    def __init__(self, house: House, agenda: Agenda, visitors: Sequence[Visitor]) -> None:
        """Note when each of them comes."""
        self.house, self.agenda = house, agenda
        self.by_no: dict[str, Guest] = {}
        self.refused_at_closing = 0
        self.somebody_waits: Callable[[], None] = lambda: None
        self._private = sorted({text for one in visitors for text in (one.name, one.phone) if text})
        for number, one in enumerate(visitors, start=1):
            guest = Guest(one, f"simulated-{number}", one.line, one.service)
            agenda.at(one.at, partial(self.arrive, guest))

    def arrive(self, guest: Guest) -> None:
        """Somebody enters and takes a number, or finds that no more are given."""
        guest.token = self._number_at_the_desk(guest) if guest.visitor.at_the_desk else ""
        guest.token = guest.token or self._number_at_the_kiosk(guest)
        if not guest.token:
            self._turned_away(guest)
            return
        ticket = tickets.by_token(self.house.store, guest.token)
        guest.no, guest.ticket_id = ticket.no, ticket.id
        self.by_no[guest.no] = guest
        self._look_at_the_page(guest, ticket)
        guest.told = standing.place(self.house.store, ticket, now=self.house.clock()).wait
        if guest.visitor.cancels_after is not None:
            self.agenda.after(guest.visitor.cancels_after, partial(self.cancel, guest))
        if guest.visitor.postpones_after is not None:
            self.agenda.after(guest.visitor.postpones_after, partial(self.postpone, guest))
        self.somebody_waits()

    def _number_at_the_kiosk(self, guest: Guest) -> str:
        one = guest.visitor
        form = {"line": one.line, "nonce": guest.nonce, "name": one.name, "phone": one.phone}
        form |= {"notice": privacy_notices.label(self.house.store)}
        form |= {"priority": "1"} if one.priority else {}
        answer = self.house.kiosk.post("/check-in", data=form, headers=SAME_ORIGIN)
        if answer.status_code == 422 and REFUSED.findall(answer.get_data(as_text=True)) == ["closed_now"]:
            return ""
        self.house.note(answer, "/check-in", 303)
        page = answer.headers.get("Location", "")
        if one.double_tap:
            again = self.house.kiosk.post("/check-in", data=form, headers=SAME_ORIGIN)
            self.house.note(again, "/check-in again", 303)
            if again.headers.get("Location") != page:
                self.house.unexpected.append(f"a double tap led from {page} to {again.headers.get('Location')}")
        return page.rpartition("/")[2]

    def _number_at_the_desk(self, guest: Guest) -> str:
        """Have a receptionist take the number; '' while nobody sits there."""
        counter = self.house.open_counter()
        if not counter:
            return ""
        self.house.post(counter, "/queue/issue", {"line": guest.visitor.line, "nonce": guest.nonce}, 204)
        found: str = self.house.store.value(
            "SELECT token FROM tickets JOIN nonces ON nonces.result = tickets.id WHERE nonce = ?", [guest.nonce]
        )
        return found

    def _turned_away(self, guest: Guest) -> None:
        if self.agenda.now < AFTERNOON:
            # Whoever comes over lunch comes back when the doors open again.
            self.agenda.at(AFTERNOON + 10 * guest.visitor.walk, partial(self.arrive, guest))
        else:
            self.refused_at_closing += 1

    def _look_at_the_page(self, guest: Guest, ticket: tickets.Ticket) -> None:
        page = self.house.note(self.house.kiosk.get(f"/T/{guest.token}"), "/T/", 200)
        ahead = standing.ahead_of(self.house.store, ticket, now=self.house.clock())
        shown = (TICKET_NO.findall(page), AHEAD.findall(page))
        if shown != ([guest.no], [str(ahead)]):
            self.house.unexpected.append(f"the page of {guest.no} with {ahead} ahead shows {shown}")
        self._must_be_silent(page, f"the page of {guest.no}")

    def look_around(self) -> None:
        """Look at the screens of the room, and at the page of whoever waits longest, on his telephone."""
        self._look_at_the_display()
        counter = self.house.open_counter()
        for screen in ("/", "/queue/list", "/queue/counter") if counter else ():
            # Where nobody pressed anything for long the desk asks who it is.
            self.house.note(self.house.desks[counter].get(screen), screen, 200, 303, 423)
        waiting = tickets.waiting(self.house.store)
        if waiting:
            text = self.house.note(self.house.phone.get(f"/T/{waiting[0].token}/state"), "/T/state", 200)
            if 'data-state="waiting"' not in text:
                self.house.unexpected.append(f"the telephone does not show that {waiting[0].no} waits")

    def _look_at_the_display(self) -> None:
        """Compare the call screen with the records, and see that it names nobody (`domain.md` K3, 14)."""
        page = self.house.note(self.house.phone.get("/display"), "/display", 200)
        shown, called = set(TICKET_NO.findall(page)), {one.no for one in tickets.current(self.house.store)}
        if shown != called:
            self.house.unexpected.append(f"the display shows {sorted(shown)}, called are {sorted(called)}")
        self._must_be_silent(page, "the display")

    def _must_be_silent(self, page: str, what: str) -> None:
        self.house.unexpected.extend(f"{what} names a visitor" for text in self._private if text in page)

    def state(self, guest: Guest) -> str:
        """Return the state of a guest's ticket."""
        return tickets.by_id(self.house.store, guest.ticket_id).state

    def cancel(self, guest: Guest) -> None:
        """He gives his number back by telephone, and leaves unless he is at a counter."""
        state = self.state(guest)
        if state in {"waiting", "missed", "parked"}:
            self._by_telephone(guest, "cancel", absence.cancel)
            guest.gone = True
        elif state in {"called", "serving"}:
            self._by_telephone(guest, "cancel", absence.cancel, refused="not_waiting")

    def postpone(self, guest: Guest) -> None:
        """He asks by telephone to be called later, if he still waits."""
        if self.state(guest) == "waiting":
            self._by_telephone(guest, "later", absence.postpone)

    def _by_telephone(self, guest: Guest, word: str, act: Callable[..., tickets.Ticket], *, refused: str = "") -> None:
        if self.house.has_route(f"/T/<token>/{word}"):
            answer = self.house.phone.post(f"/T/{guest.token}/{word}", headers=SAME_ORIGIN)
            self.house.note(answer, f"/T/{guest.no}/{word}", *((409,) if refused else (200, 204, 303)))
            return
        found = ""
        try:
            act(self.house.store, token=guest.token, by=TOKEN_HOLDER, now=self.house.clock())
        except Refused as refusal:
            found = refusal.code
        if found != refused:
            self.house.unexpected.append(f"{word} of {guest.no}: {found or 'not refused'}")

    def missed(self, guest: Guest) -> None:
        """He was not there when he was called; some come back for it."""
        guest.was_missed = True
        if guest.visitor.back_after is not None and not guest.gone:
            self.agenda.after(guest.visitor.back_after, partial(self._back, guest))

    def _back(self, guest: Guest) -> None:
        if self.state(guest) != "missed":
            return
        counter = self.house.open_counter()
        # Every third asks at the counter, the others show their ticket to the scanner of the kiosk.
        if counter and guest.ticket_id % 3 == 0:
            self.house.press(counter, "/queue/restore", ticket=guest.no)
        else:
            self.show(guest)
        self.somebody_waits()

    def show(self, guest: Guest) -> None:
        """He holds his ticket before the scanner."""
        code = site(self.house.store).page_url(guest.token)
        answer = self.house.kiosk.post("/scan", data={"code": code}, headers=SAME_ORIGIN)
        self.house.note(answer, f"the scan of {guest.no}", 303)

    def ready(self, guest: Guest) -> None:
        """A parked visitor tells the desk that he is ready; over lunch he waits until somebody is there."""
        if self.state(guest) != "parked":
            return
        counter = self.house.open_counter()
        if counter:
            self.house.press(counter, "/queue/unpark", ticket=guest.no)
            self.somebody_waits()
        elif self.agenda.now < CLOSING:
            self.agenda.at(max(AFTERNOON + MINUTE, self.agenda.now + MINUTE), partial(self.ready, guest))
