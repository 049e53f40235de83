"""A password that is taken away while somebody is still proving it lets nobody in any more."""

import threading
from collections.abc import Callable
from contextlib import closing

import pytest

from db.store import Store, open_store
from reception import leaving, one_time_codes, staff, worker_devices
from reception.permissions import Role
from reception.refusal import Refused
from tests.conftest import Clock, actor, give_password

OLD = "korrekte Pferde"


@pytest.mark.parametrize("taken", ["code", "left"])
@pytest.mark.parametrize("way", ["log_in", "unlock", "change", "phone"])
def test_whoever_proves_an_old_password_meanwhile_stays_out(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, taken: str, way: str
) -> None:
    chief, who = actor(store, Role.ADMINISTRATOR), actor(store, Role.WORKER)
    login = store.value("SELECT login FROM staff WHERE id = ?", [who.id])
    give_password(store, login, OLD)
    key, _ = staff.log_in(store, name=login, password=OLD, now=clock())
    sitting, real = staff.session(store, key, now=clock()), staff.verify
    assert sitting is not None

    def meanwhile(password_hash: str, password: str) -> bool:
        monkeypatch.setattr(staff, "verify", real)
        right = real(password_hash, password)
        if taken == "code":
            one_time_codes.give(store, login=login, by=chief, now=clock())
        else:
            leaving.leave(store, login=login, to={}, by=chief, now=clock())
        return right

    ways: dict[str, Callable[[], object]] = {
        "log_in": lambda: staff.log_in(store, name=login, password=OLD, now=clock()),
        "unlock": lambda: staff.unlock(store, key, login=login, password=OLD, now=clock()),
        "change": lambda: staff.change_password(store, sitting, old=OLD, new="neue Pferde 77", now=clock()),
        "phone": lambda: worker_devices.sign_in(store, name=login, password=OLD, pin="2749", again="2749", now=clock()),
    }
    monkeypatch.setattr(staff, "verify", meanwhile)
    with pytest.raises(Refused, match=r"login_failed|password_wrong|code_to_change"):
        ways[way]()
    assert store.value("SELECT count(*) FROM sessions") == 0 == store.value("SELECT count(*) FROM worker_devices")


def test_a_flood_of_logins_leaves_the_desk_its_threads_and_known_browsers_their_turn(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(store, "wanglin", OLD)
    _, browser = staff.log_in(store, name="wanglin", password=OLD, now=clock())
    held, real, waiting = threading.Event(), staff.verify, threading.Semaphore(0)

    def slow(password_hash: str, password: str) -> bool:
        if password == "flood":
            waiting.release()
            held.wait(20)
        return real(password_hash, password)

    def stranger(name: str) -> None:
        with closing(open_store(store.path)) as own, pytest.raises(Refused, match="login_failed"):
            staff.log_in(own, name=name, password="flood", now=clock())

    monkeypatch.setattr(staff, "verify", slow)
    flood = [threading.Thread(target=stranger, args=[f"nobody-{one}"]) for one in range(staff.WAITING)]
    for one in flood:
        one.start()
    for _ in flood:
        assert waiting.acquire(timeout=20)
    counted = store.value("SELECT count(*) FROM login_failures")
    with pytest.raises(Refused, match="login_busy"):
        staff.log_in(store, name="one-more", password=OLD, now=clock())
    assert store.value("SELECT count(*) FROM login_failures") == counted
    assert staff.log_in(store, name="wanglin", password=OLD, browser=browser, now=clock())
    held.set()
    for one in flood:
        one.join()
    assert staff.log_in(store, name="wanglin", password=OLD, now=clock())
