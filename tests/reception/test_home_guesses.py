"""Guesses at whose home it is: few, kept across restarts, and nothing told; who lives there is served as ever."""

import pytest
from flask.testing import FlaskClient

from db.store import Store
from reception import home_guesses, own_bookings
from reception.permissions import KIOSK, Actor
from reception.refusal import Refused
from reception.visits import particulars
from tests.conftest import SAME_ORIGIN, Clock

HOME = {"building": "1", "unit_no": "1", "room": "101"}
RIGHT = "5678"


def step(kiosk: FlaskClient, phone: str, **home: str) -> tuple[int, str]:
    """Give home and telephone at the kiosk; return status and page."""
    answer = kiosk.post("/register/repair/step", data=HOME | home | {"phone": phone}, headers=SAME_ORIGIN)
    return answer.status_code, answer.get_data(as_text=True)


def door(kiosk: FlaskClient, path: str, phone: str) -> int:
    """Guess by another door of the touch screen."""
    form = {"line": "repair", "nonce": f"n{phone}", "unit": "1-1-101", "phone": phone}
    return kiosk.post(path, data=form, headers=SAME_ORIGIN).status_code


def other_homes(store: Store) -> list[str]:
    """Return the rooms beside 1-1-101."""
    rows = store.rows("SELECT room FROM units WHERE building = '1' AND unit = '1' AND room <> '101'")
    return [row[0] for row in rows]


def test_after_five_wrong_ends_the_right_one_shows_nobody_either(kiosk: FlaskClient, store: Store) -> None:
    assert "张**" in step(kiosk, RIGHT)[1]
    for number in range(home_guesses.PER_HOME):
        # By whichever door, and however often the same.
        assert (step(kiosk, f"000{number}")[0] if number % 2 else door(kiosk, "/check-in", f"000{number}")) == 422
        step(kiosk, "0000")
    assert store.value("SELECT count(*) FROM home_guesses") == home_guesses.PER_HOME
    wrong, right = step(kiosk, "0009"), step(kiosk, RIGHT)
    assert right[0] == 422 and "phone_unrecognised" in right[1] and "张" not in right[1]
    assert wrong[1].replace("0009", RIGHT) == right[1], "nothing tells the right one"
    assert door(kiosk, "/check-in", RIGHT) == 422
    # Who lives there types the whole number, and has his ticket; another home is none the worse.
    status, html = step(kiosk, "13800005678")
    assert status == 200 and "张" not in html
    assert door(kiosk, "/check-in", "13800005678") == 303


def test_the_lock_is_over_after_a_day(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    for number in range(home_guesses.PER_HOME):
        step(kiosk, f"000{number}")
    assert step(kiosk, RIGHT)[0] == 422
    clock.forward(hours=25)
    step(kiosk, "0007")
    assert step(kiosk, RIGHT)[0] == 200


def test_one_telephone_is_not_tried_at_all_homes(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    for room in other_homes(store)[: home_guesses.PER_TAIL]:
        status, html = step(kiosk, "13800005678", room=room)
        assert status == 200 and "张" not in html
    status, html = step(kiosk, "13800005678")
    assert status == 200 and "张" not in html
    assert step(kiosk, RIGHT)[0] == 422
    with pytest.raises(Refused, match="ask_at_the_desk"):
        own_bookings.offers(store, unit="1-1-101", phone="13800005678", by=KIOSK, now=clock())


def test_all_guesses_together_have_an_end(kiosk: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home_guesses, "OF_ALL", 3)
    for room, tail in zip(other_homes(store), ("0001", "0002", "0003"), strict=False):
        step(kiosk, tail, room=room)
    assert step(kiosk, RIGHT)[0] == 422


def test_staff_recognise_whoever_stands_before_them(kiosk: FlaskClient, store: Store, receptionist: Actor) -> None:
    for number in range(home_guesses.PER_HOME):
        step(kiosk, f"000{number}")
    assert particulars(store, unit="1-1-101", phone=RIGHT, by=receptionist).name == "张建国"
