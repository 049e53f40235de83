"""A finding reported at the desk and on the worker's phone: its case, its work order, its picture."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from db.store import Store
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of

FORM = {"nonce": "n1", "category": "public", "place": "3号楼大堂", "content": "地砖松动", "urgency": "urgent"}


def picture(size: tuple[int, int] = (500, 400)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def post(client: FlaskClient, path: str, data: bytes | None = None, **form: str) -> TestResponse:
    sent: dict[str, object] = {**form}
    if data is not None:
        sent["photo"] = (io.BytesIO(data), "p.jpg")
    return client.post(path, data=sent, headers=SAME_ORIGIN, content_type="multipart/form-data")


def test_at_the_desk_with_a_photo_larger_than_any_other_form(desk: FlaskClient, store: Store) -> None:
    assert desk.get("/patrol").status_code == 200
    data = picture()
    assert len(data) > 64 * 1024
    answer = post(desk, "/patrol", data, **FORM)
    no = store.value("SELECT no FROM cases")
    assert (answer.status_code, answer.location) == (303, f"/cases/{no}")
    page = desk.get(f"/cases/{no}").get_data(as_text=True)
    assert "巡查" in page and "/photos/1/small" in page
    assert desk.get("/photos/1").status_code == 200
    assert store.value("SELECT state FROM work_orders") == "live"


@pytest.mark.parametrize("role", [Role.TEAM_LEADER, Role.DEPARTMENT_HEAD, Role.MANAGER])
def test_whoever_may_not_see_the_case_comes_to_the_list(
    desk_app: Flask, store: Store, clock: Clock, role: Role
) -> None:
    by = actor(store, role)
    store.execute("UPDATE staff SET department = 'security' WHERE id = ?", [by.id])
    client = client_of(desk_app, store, actor(store, role), clock())
    answer = post(client, "/patrol", None, **FORM)
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200
    assert store.value("SELECT count(*) FROM work_orders") == 1


@pytest.mark.parametrize(
    ("form", "data", "code"),
    [
        (FORM | {"place": ""}, None, "place_missing"),
        (FORM | {"category": "water"}, None, "category_unknown"),
        (FORM, b"GIF89a", "photo_unknown"),
        (FORM | {"nonce": ""}, None, "nonce_missing"),
    ],
)
def test_bad_input_is_answered_by_a_sentence(
    desk: FlaskClient, store: Store, form: dict[str, str], data: bytes | None, code: str
) -> None:
    answer = post(desk, "/patrol", data, **form)
    assert 400 <= answer.status_code < 500 and f'data-refused="{code}"' in answer.get_data(as_text=True)
    assert store.value("SELECT count(*) FROM cases") == 0
