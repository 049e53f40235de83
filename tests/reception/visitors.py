"""What the tests of appointments, hand-overs and official business share: each made in the usual way."""

from datetime import datetime
from typing import Any

from db.store import Store
from reception import appointments, handovers, officials
from reception.cases import Case
from reception.permissions import Actor, Role
from tests.conftest import Clock, actor


class Visitors:
    """Books visitors and takes in papers, each act a minute after the one before."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self._made = store, clock, 0
        self.desk = actor(store, Role.RECEPTIONIST)
        self.host = actor(store, Role.DEPARTMENT_HEAD)
        self.manager = actor(store, Role.MANAGER)

    @property
    def also(self) -> dict[str, Any]:
        """By whom and when, for the desk."""
        return {"by": self.desk, "now": self.clock.forward(minutes=1)}

    def by(self, who: Actor) -> dict[str, Any]:
        """By whom and when, for somebody else."""
        return {"by": who, "now": self.clock.forward(minutes=1)}

    def book(self, **said: Any) -> Case:
        """Book a visitor with the head of maintenance, today at 11:00, for the desk unless said otherwise."""
        self._made += 1
        form: dict[str, Any] = {
            "host": "zhaoqiang",
            "expected_at": "11:00",
            "name": "钱多多",
            "phone": "13911112222",
            "purpose": "装修方案",
            **self.also,
        }
        return appointments.book(self.store, nonce=f"b{self._made}", **{**form, **said})

    def receive(self, **said: Any) -> Case:
        """Take in papers for the head of maintenance."""
        self._made += 1
        form: dict[str, Any] = {"name": "刘师傅", "to": "zhaoqiang", "item": "竣工资料", "place": "文件柜", **self.also}
        return handovers.receive(self.store, nonce=f"h{self._made}", **{**form, **said})

    def official(self, **said: Any) -> Case:
        """Receive somebody of the street office."""
        self._made += 1
        form: dict[str, Any] = {"name": "孙科长", "organisation": "街道办", "matter": "消防检查", **self.also}
        return officials.register(self.store, nonce=f"o{self._made}", **{**form, **said})


def one_of_each(store: Store, *, by: Actor, now: datetime) -> None:
    """One appointment today, one hand-over and one official visitor; made once, however often it is asked."""
    said: dict[str, Any] = {"by": by, "now": now}
    appointments.book(
        store,
        nonce="one-yy",
        host="zhaoqiang",
        expected_at="23:00",
        name="钱多多",
        phone="13911112222",
        purpose="装修",
        **said,
    )
    handovers.receive(store, nonce="one-wj", name="刘师傅", to="zhaoqiang", item="资料", place="柜", **said)
    officials.register(store, nonce="one-gw", name="孙科长", organisation="街道办", matter="检查", **said)
