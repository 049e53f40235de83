"""The public address: nothing promises the phone before the box found itself there, over a real socket."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from flask.testing import FlaskClient

from db.store import Store
from reception import reach, visits
from reception.permissions import KIOSK, Role
from reception.refusal import Refused
from reception.site import configure, site
from tests.conftest import Clock, actor


@pytest.fixture
def answering() -> Iterator[dict[str, str]]:
    """A server at an address of its own, and what it answers."""
    says = {"body": "{}"}

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = says["body"].encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    says["url"] = f"http://127.0.0.1:{server.server_port}"
    yield says
    server.shutdown()
    thread.join()
    server.server_close()


def promised(store: Store, clock: Clock, nonce: str) -> str:
    """Return what the paper of a new ticket says of phones, and where its code leads."""
    visits.check_in(store, line="general", nonce=nonce, by=KIOSK, now=clock())
    facts = json.loads(store.value("SELECT facts FROM print_jobs ORDER BY id DESC"))
    return f"{facts['on_phone']} {facts['url'].partition('/T/')[0].lower()}"


def test_a_ticket_promises_the_phone_only_once_the_box_found_itself(
    store: Store, clock: Clock, kiosk: FlaskClient, answering: dict[str, str]
) -> None:
    admin, home = actor(store, Role.ADMINISTRATOR), "http://127.0.0.1:8600"
    with pytest.raises(Refused, match="public_url_missing"):
        reach.probe(store, by=admin, now=clock())
    configure(store, public_url=answering["url"])
    assert promised(store, clock, "untried") == f"False {home}"
    for body in ("no json", "{}", '{"box": "another"}', "[]", '"x"'):
        answering["body"] = body
        assert not reach.probe(store, by=admin, now=clock()), body
    assert promised(store, clock, "not reached") == f"False {home}"
    answering["body"] = kiosk.get("/T/box").get_data(as_text=True)
    assert reach.probe(store, by=admin, now=clock())
    assert promised(store, clock, "reached") == f"True {answering['url']}"
    # Another address is another question.
    configure(store, public_url="http://127.0.0.1:9")
    assert not site(store).on_phone
    assert not reach.probe(store, by=admin, now=clock())
    assert promised(store, clock, "elsewhere") == f"False {home}"


def test_only_who_sets_the_house_up_may_try(store: Store, clock: Clock, answering: dict[str, str]) -> None:
    configure(store, public_url=answering["url"])
    with pytest.raises(Refused, match="not_permitted"):
        reach.probe(store, by=actor(store, Role.RECEPTIONIST), now=clock())
