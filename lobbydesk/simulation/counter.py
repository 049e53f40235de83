"""The staff's side of a simulated day: counters call, wait, serve, send on, pause, and close over lunch."""

from collections.abc import Callable
from functools import partial
from random import Random

from lobbydesk.simulation.agenda import Agenda
from lobbydesk.simulation.house import House
from lobbydesk.simulation.lobby import AFTERNOON, CLOSING, NOON, OPENING, Guest, Lobby
from lobbydesk.simulation.visitors import HOUR, LINES, MINUTE

# Staff serve whoever waits before they go, over lunch as at closing time, but not for longer than this.
STAYS_ON = 30 * MINUTE
# Nobody is called whom the close of the day would send away again.
LAST_CALL = CLOSING + STAYS_ON - 2 * MINUTE
BREAKS, BREAK = ((10 * HOUR, 11.2 * HOUR), (15 * HOUR, 16.5 * HOUR)), 10 * MINUTE
# Nobody takes a break while more than so many wait for each counter.
CALM = 2
MAX_CALLS = 3
DOUBLE_PRESS, UNDO, OUT_OF_ORDER, SCANS, NO_START = 0.03, 0.01, 0.01, 0.15, 0.12


class Crew:
    """All counters of the day, and the common knowledge of who works at them."""

    def __init__(self, house: House, agenda: Agenda, lobby: Lobby, rng: Random, count: int) -> None:
        """Open so many counters in the morning."""
        self.house, self.agenda, self.lobby, self.rng = house, agenda, lobby, rng
        self.counters = [Counter(self, str(no)) for no in range(1, count + 1)]
        self.double_presses = self.undos = 0
        lobby.somebody_waits = self.wake
        for at in (NOON, CLOSING):
            agenda.at(at, self.look_up)

    def wake(self) -> None:
        """Somebody waits: one who has nothing to do looks at the screen and presses."""
        for one in self.counters:
            if one.idle:
                one.soon(2, 8)
                return

    def look_up(self) -> None:
        """All who have nothing to do see what time it is."""
        for one in self.counters:
            if one.idle:
                one.soon(0, 1)

    def waiting(self) -> int:
        """Return how many wait, as every desk sees."""
        count: int = self.house.store.value(
            "SELECT count(*) FROM tickets JOIN lines ON lines.code = line WHERE tickets.state = 'waiting'"
            # Guests of the visit day wait for its session.
            " AND session = 0"
        )
        return count


class Counter:
    """One counter and who sits there. `holding` is the number he believes he holds, '' for none."""

    def __init__(self, crew: Crew, no: str) -> None:
        """Open when the centre does."""
        self.crew, self.house, self.agenda, self.lobby, self.rng = crew, crew.house, crew.agenda, crew.lobby, crew.rng
        self.no, self.holding, self.idle, self.away = no, "", False, True
        self.breaks = [self.rng.uniform(*span) for span in BREAKS]
        self.agenda.at(OPENING, self.open)

    def open(self) -> None:
        """Sit down."""
        self.house.sit(self.no)
        self.away = False
        # A break that the morning left no time for is not made up for.
        self.breaks = [at for at in self.breaks if at > self.agenda.now]
        for at in self.breaks:
            self.agenda.at(at, self._if_idle)
        self.soon(1, 10)

    def _if_idle(self) -> None:
        if self.idle:
            self.turn()

    def soon(self, low: float, high: float) -> None:
        """Take the next turn in some seconds."""
        self.idle = False
        self.agenda.after(self.rng.uniform(low, high), self.turn)

    def turn(self) -> None:
        """Nothing is left to do for the held number: go on with the next, or go."""
        now = self.agenda.now
        if now >= LAST_CALL or (now >= CLOSING and not self.crew.waiting()):
            self._leave(None)
        elif NOON <= now < AFTERNOON and (now >= NOON + STAYS_ON or not self.crew.waiting()):
            self._leave(AFTERNOON)
        elif self.breaks and now >= self.breaks[0] and self.crew.waiting() <= CALM * len(self.crew.counters):
            self.breaks.pop(0)
            self._complete()
            self._press("/counter/pause", reason="break")
            self.idle = False
            self.agenda.after(BREAK, self.turn)
        elif self.rng.random() < OUT_OF_ORDER and self.crew.waiting():
            self._pick()
        else:
            self._next()

    def _leave(self, until: float | None) -> None:
        self._complete()
        self._press("/counter/close")
        self.idle, self.away = False, True
        if until is not None:
            self.agenda.at(until, self.open)

    def _complete(self) -> None:
        if self.holding:
            self._press("/queue/complete", holding=self.holding)
            self.holding = ""

    def _press(self, path: str, **fields: str) -> str:
        return self.house.press(self.no, path, **fields)

    def _next(self) -> None:
        before = self.holding
        self.holding = self.house.next(self.no, before)
        if not self.holding:
            self.idle = True
            return
        if not self.crew.double_presses or self.rng.random() < DOUBLE_PRESS:
            self._same_press_again(before)
        elif before and (not self.crew.undos or self.rng.random() < UNDO):
            self.crew.undos += 1
            self.agenda.after(self.rng.uniform(3, 9), partial(self._undo, before))
            return
        self._called(self.lobby.by_no[self.holding])

    def _same_press_again(self, before: str) -> None:
        self.crew.double_presses += 1
        again = self.house.next(self.no, before)
        if again != self.holding:
            self.house.unexpected.append(f"a second press at counter {self.no} called {again} after {self.holding}")

    def _undo(self, before: str) -> None:
        """It was too soon: the visitor at the counter had one more question."""
        back = self.house.held(self._press("/queue/undo", holding=self.holding))
        if back != before:
            self.house.unexpected.append(f"undo at counter {self.no} gave {back} back instead of {before}")
        self.holding = back
        self.crew.wake()
        self.soon(20, 60)

    def _pick(self) -> None:
        self._complete()
        rows = self.house.store.rows(
            "SELECT no FROM tickets JOIN lines ON lines.code = line WHERE tickets.state = 'waiting' AND session = 0"
            " AND for_counter IS NULL ORDER BY tickets.id"
        )
        if not rows:
            self.idle = True
            return
        no: str = self.rng.choice(rows)["no"]
        self._press("/queue/pick", ticket=no, reason="cannot_wait")
        self.holding = no
        self._called(self.lobby.by_no[no])

    def _called(self, guest: Guest, calls: int = 1) -> None:
        """A number was called: its holder comes, or is called again, or is missed."""
        absent = guest.gone or (guest.visitor.absent and not guest.was_missed)
        if not absent and (calls > 1 or not guest.visitor.slow):
            self.agenda.after(guest.visitor.walk, partial(self._sits, guest))
        elif calls < MAX_CALLS:
            self._after(21, 40, self._recall, guest, calls)
        else:
            self._after(21, 40, self._miss, guest)

    def _after(self, low: float, high: float, act: Callable[..., None], *values: object) -> None:
        self.agenda.after(self.rng.uniform(low, high), partial(act, *values))

    def _recall(self, guest: Guest, calls: int) -> None:
        self._press("/queue/recall", holding=guest.no)
        self._called(guest, calls + 1)

    def _miss(self, guest: Guest) -> None:
        self._press("/queue/missed", holding=guest.no)
        self.holding = ""
        self.lobby.missed(guest)
        self.soon(1, 4)

    def _sits(self, guest: Guest) -> None:
        if self.rng.random() < SCANS:
            self.lobby.show(guest)
        if self.rng.random() >= NO_START:
            self._press("/queue/start", holding=guest.no)
        detour = "" if guest.diverted else guest.visitor.on_the_way
        part = guest.service / 2 if detour else guest.service
        guest.service -= part
        self.agenda.after(part * MINUTE, partial(self._done, guest, detour))

    def _done(self, guest: Guest, detour: str) -> None:
        guest.diverted = True
        # The desk offers only those that are open: one that nobody touched for long has closed by itself.
        offered = self.house.open_counters()
        others = [one for one in self.crew.counters if one is not self and not one.away and one.no in offered]
        if detour == "transfer":
            guest.line = self.rng.choice([line for line in LINES if line != guest.line])
            self._press("/queue/transfer", holding=guest.no, line=guest.line)
        elif detour == "send" and others:
            target = self.rng.choice(others)
            self._press("/queue/send", holding=guest.no, target=target.no)
            self.holding = ""
            if target.idle:
                target.soon(2, 8)
        elif detour == "park":
            self._press("/queue/park", holding=guest.no, reason="papers")
            self.agenda.after(guest.visitor.aside, partial(self.lobby.ready, guest))
        elif detour:
            # Nobody is there to send him to: he is served to the end here.
            self.agenda.after(guest.service * MINUTE, partial(self._done, guest, ""))
            return
        if detour:
            self.holding = ""
            self.crew.wake()
        self.soon(2, 12)
