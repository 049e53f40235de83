"""The menu: every room that somebody may enter stands in it once, and the bar stays short."""

import re

import pytest
from flask import Flask

from db.store import Store
from reception.permissions import Role
from tests.conftest import Clock, actor, client_of

PRIVACY = ["/accounts", "/privacy", "/persons", "/reveals", "/audit"]


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.MANAGER, Role.ADMINISTRATOR])
def test_each_room_stands_once_and_few_in_the_bar(desk_app: Flask, store: Store, clock: Clock, role: Role) -> None:
    page = client_of(desk_app, store, actor(store, role), clock()).get("/box").get_data(as_text=True)
    [nav] = re.findall(r'<nav aria-label="[^"]*">.*?</nav>', page, re.DOTALL)[:1]
    rooms = re.findall(r'href="([^"]+)"', nav)
    assert len(rooms) == len(set(rooms))
    # What does not stand in the bar is behind one press: in English, too, the way out stays on the screen.
    bar = re.sub(r"<details.*?</details>", "", nav, flags=re.DOTALL)
    assert len(re.findall("<a ", bar)) <= 6
    shown = [room for room in PRIVACY if room in rooms]
    assert shown == (["/privacy"] if role is Role.RECEPTIONIST else PRIVACY)
