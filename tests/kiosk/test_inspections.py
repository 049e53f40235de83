"""What the owner of a home at hand-over reads on his page: plain sentences, in both languages, nothing of himself."""

import pytest
from flask.testing import FlaskClient

from db.store import Store
from tests.conftest import SAME_ORIGIN, Clock
from tests.reception.inspected import HOME, Inspected


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_owner_reads_how_many_defects_are_left(
    kiosk: FlaskClient, store: Store, clock: Clock, language: str
) -> None:
    case = Inspected(store, clock).inspected(2)
    kiosk.post("/language", data={"language": language}, headers=SAME_ORIGIN)
    html = kiosk.get(f"/T/{case.token}").get_data(as_text=True)
    assert 'data-state="rectifying"' in html
    assert ("2 处质量问题" if language == "zh" else "2 defects") in html
    assert HOME["name"] not in html and HOME["phone"] not in html
