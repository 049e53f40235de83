"""The session of a simulated visit day: guests show their slips, are called to the room, decided upon, and go."""

from functools import partial
from random import Random

from lobbydesk.simulation import signers, visit_day
from lobbydesk.simulation.agenda import Agenda
from lobbydesk.simulation.house import SAME_ORIGIN, House
from lobbydesk.simulation.visit_day import Guest
from lobbydesk.simulation.visitors import HOUR, MINUTE
from reception import tickets, visit_day_session
from reception.permissions import Role
from reception.site import site

OPENS, CLOSES = 10 * HOUR, 12 * HOUR
# A talk that needs longer than its time is given some minutes more just before.
A_TIME, EXTENDED, EXTENDS_BEFORE = 15 * MINUTE, "5", MINUTE
CALLS = 2
DECIDED = {"opinion": "当面说明，限期落实并回复", "department": "maintenance", "due_on": "2026-12-18"}


class Session:
    """The host with his page, and the guests with their slips. `turned_away`: they came when it was over."""

    def __init__(self, house: House, agenda: Agenda, guests: list[Guest], rng: Random) -> None:
        """Note when each of them comes, and when the host begins and ends."""
        self.house, self.agenda, self.rng = house, agenda, rng
        self.by_ticket: dict[str, Guest] = {}
        self.idle, self.over, self.turned_away, self.double_presses = False, False, 0, 0
        for guest in guests:
            if guest.invited.at is not None:
                agenda.at(guest.invited.at, partial(self.walk_in, guest))
            elif guest.invited.after is not None and guest.due is not None:
                agenda.at(guest.due + guest.invited.after, partial(self.arrive, guest))
        agenda.at(OPENS, self.turn)
        agenda.at(CLOSES, self._wake)

    # The guests.

    def arrive(self, guest: Guest) -> None:
        """He holds his slip before the scanner of the kiosk: that is his check-in, or his being back."""
        code = site(self.house.store).page_url(guest.token)
        answer = self.house.kiosk.post("/scan", data={"code": code}, headers=SAME_ORIGIN)
        self.house.note(answer, f"the scan of {guest.no}", 303)
        token = answer.headers.get("Location", "").rpartition("/")[2]
        if token.upper() == guest.token.upper():
            # The slip leads to its booking alone: he is not received any more.
            self.turned_away += 1
            return
        guest.ticket_no = tickets.by_token(self.house.store, token).no
        self.by_ticket[guest.ticket_no] = guest
        self._wake()

    def walk_in(self, guest: Guest) -> None:
        """He asks at the desk; the manager signs between two talks, and his slip checks him in."""
        visit_day.book(self.house, guest, walk_in="1")
        self.agenda.after(self.rng.uniform(3, 8) * MINUTE, partial(self._admitted, guest))

    def _admitted(self, guest: Guest) -> None:
        if self.over:
            self.turned_away += 1
            return
        signers.admit(self.house, guest.no)
        self.arrive(guest)

    # The host.

    def _wake(self) -> None:
        if self.idle:
            self._soon()

    def _soon(self) -> None:
        self.idle = False
        self.agenda.after(self.rng.uniform(3, 20), self.turn)

    def _press(self, path: str, **fields: str) -> None:
        self.house.staff_post(Role.MANAGER, f"/session/{path}", fields)

    def turn(self) -> None:
        """The room is free: call the next, or end the session."""
        if self.over:
            return
        if self.agenda.now >= CLOSES:
            self._end()
            return
        self._press("call", holding="")
        held = visit_day_session.in_room(self.house.store)
        if held is None:
            self.idle = True
            return
        if not self.double_presses:
            self._same_press_again(held.no)
        self.house.staff_get(Role.MANAGER, "/session", held.no)
        self._called(self.by_ticket[held.no], 1)

    def _same_press_again(self, held: str) -> None:
        self.double_presses += 1
        self._press("call", holding="")
        again = visit_day_session.in_room(self.house.store)
        if again is None or again.no != held:
            self.house.unexpected.append(f"a second press in the room called somebody after {held}")

    def _called(self, guest: Guest, calls: int) -> None:
        if not guest.invited.absent or guest.was_missed:
            self.agenda.after(self.rng.uniform(15, 45), partial(self._begin, guest))
        elif calls < CALLS:
            self.agenda.after(self.rng.uniform(25, 40), partial(self._recall, guest, calls))
        else:
            self.agenda.after(self.rng.uniform(25, 40), partial(self._miss, guest))

    def _recall(self, guest: Guest, calls: int) -> None:
        self._press("recall", holding=guest.ticket_no)
        self._called(guest, calls + 1)

    def _miss(self, guest: Guest) -> None:
        self._press("missed", holding=guest.ticket_no)
        guest.was_missed = True
        self.agenda.after(self.rng.uniform(3, 8) * MINUTE, partial(self._back, guest))
        self._soon()

    def _back(self, guest: Guest) -> None:
        if not self.over:
            self.arrive(guest)

    def _begin(self, guest: Guest) -> None:
        self._press("begin", holding=guest.ticket_no)
        talk = guest.invited.talk * MINUTE
        if talk > A_TIME:
            extends = partial(self._press, "extend", holding=guest.ticket_no, minutes=EXTENDED)
            self.agenda.after(A_TIME - EXTENDS_BEFORE, extends)
        self.agenda.after(talk, partial(self._done, guest))

    def _done(self, guest: Guest) -> None:
        """What was said becomes a decision, is read to him and signed; then the room is free."""
        nonce = f"decision-{guest.no}"
        self._press("decide", no=guest.no, nonce=nonce, **DECIDED)
        self._press("read-back", no=guest.no, signed="paper")
        self._press("end", holding=guest.ticket_no)
        self._soon()

    def _end(self) -> None:
        """Whoever is here and was not received is given to a department, with a deadline; then the session is over."""
        self.over = True
        for row in self.house.store.rows(
            "SELECT cases.no, tickets.state FROM cases JOIN visit_day_bookings ON case_id = cases.id"
            " JOIN tickets ON tickets.id = ticket_id WHERE cases.state = 'checked_in' ORDER BY tickets.id"
        ):
            self._press(
                "hand-over",
                no=row["no"],
                nonce=f"decision-{row['no']}",
                **DECIDED,
                signed="paper" if row["state"] == "waiting" else "absent",
            )
        self._press("hold")
