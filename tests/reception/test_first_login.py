"""The first administrator: a one-time code, given until it was changed once, kept nowhere."""

from datetime import timedelta
from pathlib import Path

import pytest

from db.migrations import migrate
from db.store import Store, open_store
from lobbydesk import starting_centre
from lobbydesk.home import store_path
from reception import SCHEMA, first_login, staff
from reception.permissions import BOX, KIOSK, Role
from reception.refusal import Refused
from tests.conftest import MORNING, actor


@pytest.fixture
def new(tmp_path: Path) -> Store:
    """The store of a new box, with nobody in it."""
    migrate(store_path(tmp_path), [SCHEMA])
    store = open_store(store_path(tmp_path))
    starting_centre.lay(store)
    return store


def test_the_code_opens_a_session_that_must_change_it(new: Store) -> None:
    code = first_login.new_code()
    assert first_login.awaited(new)
    login = first_login.give(new, code=code, by=BOX, now=MORNING)
    key, _ = staff.log_in(new, name=login, password=code, now=MORNING)
    sitting = staff.session(new, key, now=MORNING)
    assert sitting is not None and sitting.must_change and sitting.actor.role is Role.ADMINISTRATOR
    with pytest.raises(Refused, match="password_same"):
        staff.change_password(new, sitting, old=code, new=code, now=MORNING)
    staff.change_password(new, sitting, old=code, new="one of my own", now=MORNING)
    sitting = staff.session(new, key, now=MORNING)
    assert sitting is not None and not sitting.must_change and not first_login.awaited(new)
    with pytest.raises(Refused, match="login_failed"):
        staff.log_in(new, name=login, password=code, now=MORNING + timedelta(minutes=2))


def test_a_lost_code_is_given_anew_until_one_was_used(new: Store) -> None:
    first, second = first_login.new_code(), first_login.new_code()
    first_login.give(new, code=first, by=BOX, now=MORNING)
    login = first_login.give(new, code=second, by=BOX, now=MORNING)
    assert new.value("SELECT count(*) FROM staff") == 1
    with pytest.raises(Refused, match="login_failed"):
        staff.log_in(new, name=login, password=first, now=MORNING)
    key, _ = staff.log_in(new, name=login, password=second, now=MORNING)
    sitting = staff.session(new, key, now=MORNING)
    assert sitting is not None
    staff.change_password(new, sitting, old=second, new="one of my own", now=MORNING)
    with pytest.raises(Refused, match="already_set_up"):
        first_login.give(new, code=first, by=BOX, now=MORNING)


def test_only_the_box_gives_it(new: Store, store: Store) -> None:
    for who in (KIOSK, actor(store, Role.ADMINISTRATOR), actor(store, Role.MANAGER)):
        with pytest.raises(Refused, match="not_permitted"):
            first_login.give(new, code=first_login.new_code(), by=who, now=MORNING)
    assert new.value("SELECT count(*) FROM staff") == 0


def test_codes_differ_and_have_no_look_alikes() -> None:
    codes = {first_login.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("01OIL")
