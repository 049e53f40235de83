"""A password that is taken away while somebody is still proving it lets nobody in any more."""

from collections.abc import Callable

import pytest

from db.store import Store
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
