"""Whoever calls at a counter sits there, or nobody was called."""

import pytest

from db.store import Store
from reception import seats, sessions, staff
from reception.permissions import KIOSK, Role
from reception.refusal import Refused
from reception.visits import check_in
from tests.conftest import Clock, actor


def test_a_call_and_its_seat_are_one_act(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    check_in(store, line="general", nonce="a", by=KIOSK, now=clock())
    key = sessions.open_session(store, actor(store, Role.RECEPTIONIST), clock())
    sitting = sessions.session(store, key, now=clock())
    assert sitting is not None

    def refused(*_: object, **__: object) -> None:
        raise Refused("counter_unknown")

    with monkeypatch.context() as patch:
        patch.setattr(staff, "choose_counter", refused)
        with pytest.raises(Refused):
            seats.call_next(store, sitting, counter="1", now=clock())
    assert store.value("SELECT state FROM tickets") == "waiting"
    called = seats.call_next(store, sitting, counter="1", now=clock())
    seated = sessions.session(store, key, now=clock())
    assert called is not None and seated is not None and seated.counter == "1"
