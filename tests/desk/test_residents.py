"""Who lives in a home, kept on its page: added, corrected, moved out; recognised only while he belongs to it."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import estate, residents
from reception.permissions import Actor, Role
from reception.refusal import Refused
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of

HTMX = SAME_ORIGIN | {"HX-Request": "true"}
PERSON = {"unit": "1-1-102", "name": "何晓东", "phone": "139 1111 2222", "relation": "tenant"}


def post(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    """Send a form as htmx does; return status and text."""
    answer = client.post(path, data=fields, headers=HTMX)
    return answer.status_code, answer.get_data(as_text=True)


def known(store: Store, tail: str, by: Actor) -> str:
    """Return whom the desk recognises in 1-1-102 by the end of a phone."""
    found = estate.recognise(store, estate.find_unit(store, "1-1-102"), tail, by=by)
    return found.name if found else ""


def test_somebody_moves_in_is_corrected_and_moves_out(desk: FlaskClient, store: Store, receptionist: Actor) -> None:
    for _ in range(2):
        status, html = post(desk, "/homes/residents", nonce="n", **PERSON)
        assert status == 200 and html.count("data-resident=") == 2 and "何**" in html and "何晓东" not in html
    assert known(store, "2222", receptionist) == "何晓东"
    (new,) = [row["id"] for row in store.rows("SELECT id FROM residents WHERE phone = '13911112222'")]
    path = f"/homes/residents/{new}"
    assert post(desk, f"{path}/correct", unit="1-1-102", phone="13911113333", relation="family", name="")[0] == 200
    assert known(store, "3333", receptionist) == "何晓东" and known(store, "2222", receptionist) == ""
    status, html = post(desk, f"{path}/moved-out", unit="1-1-102")
    assert status == 200 and html.count("data-resident=") == 1 and html.count("data-former=") == 1
    assert known(store, "3333", receptionist) == ""
    file = desk.post("/homes", data={"unit": "1-1-102"}, headers=SAME_ORIGIN).get_data(as_text=True)
    assert "data-former=" in file and "住户迁出" in file
    # The history names acts, ids and codes; nothing of a person.
    kept = store.rows("SELECT what, detail FROM events WHERE subject = 'unit' AND what LIKE '%resident'")
    assert [row["what"] for row in kept] == ["add_resident", "correct_resident", "move_out_resident"]
    assert not re.search("何|1391", "".join(row["detail"] for row in kept))
    # Whoever still has him on the screen changes nobody else.
    assert post(desk, f"{path}/correct", unit="1-1-102", name="别人", phone="", relation="")[0] == 404
    post(desk, "/homes/residents", nonce="m", **PERSON | {"phone": "13911114444"})
    assert post(desk, f"{path}/moved-out", unit="1-1-102")[0] == 404
    assert known(store, "4444", receptionist) == "何晓东"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"phone": ""}, "phone_missing"),
        ({"phone": "12"}, "phone_invalid"),
        ({"relation": "cat"}, "relation_unknown"),
        ({"unit": "9-9-999"}, "unit_unknown"),
        ({"name": "x" * 41}, "text_too_long"),
        ({"nonce": ""}, "nonce_missing"),
    ],
)
def test_what_is_wrong_is_refused(desk: FlaskClient, store: Store, fields: dict[str, str], code: str) -> None:
    before = store.value("SELECT count(*) FROM residents")
    status, html = post(desk, "/homes/residents", **{"nonce": "n", **PERSON, **fields})
    assert status == 422 and f'data-refused="{code}"' in html
    assert store.value("SELECT count(*) FROM residents") == before


def test_the_same_person_stands_in_a_home_once(desk: FlaskClient) -> None:
    post(desk, "/homes/residents", nonce="a", **PERSON)
    assert "resident_known" in post(desk, "/homes/residents", nonce="b", **PERSON)[1]


def test_a_resident_of_another_home_is_not_reached(desk: FlaskClient, store: Store) -> None:
    other: Any = store.value("SELECT id FROM residents WHERE phone = '13800005678'")
    for act in ("correct", "moved-out"):
        assert post(desk, f"/homes/residents/{other}/{act}", unit="1-1-102", name="x")[0] == 404
        assert post(desk, f"/homes/residents/{'9' * 30}/{act}", unit="1-1-102", name="x")[0] == 404


@pytest.mark.parametrize("role", [Role.TEAM_LEADER, Role.DEPARTMENT_HEAD])
def test_leaders_see_the_file_and_keep_nobody(desk_app: Flask, store: Store, clock: Clock, role: Role) -> None:
    client = client_of(desk_app, store, actor(store, role), clock())
    file = client.post("/homes", data={"unit": "1-1-102"}, headers=SAME_ORIGIN).get_data(as_text=True)
    assert "data-resident=" in file and "/homes/residents" not in file
    with pytest.raises(Refused, match="not_permitted"):
        residents.move_out(store, unit="1-1-102", resident_id="1", by=actor(store, role), now=clock())
