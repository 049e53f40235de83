"""Bodies that no form sends: too long, too many fields, broken. What stands in forms, the fuzz run tries."""

from flask.testing import FlaskClient

from db.store import Store
from tests.conftest import SAME_ORIGIN
from tests.written import written


def test_oversized_and_broken_bodies(kiosk: FlaskClient, store: Store) -> None:
    before = written(store)
    assert kiosk.post("/check-in", data={"name": "x" * 70_000}, headers=SAME_ORIGIN).status_code == 413
    many = "&".join(f"a{n}=1" for n in range(2000))
    kind = "application/x-www-form-urlencoded"
    for body, content_type in (
        (many, kind),
        ("%ff%fe=%zz", kind),
        ("{", "application/json"),
        ("--x", "multipart/form-data; boundary=x"),
        ("", ""),
    ):
        answer = kiosk.post("/check-in", data=body, headers=SAME_ORIGIN, content_type=content_type)
        assert 400 <= answer.status_code < 500, content_type
    assert written(store) == before
