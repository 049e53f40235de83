"""What the company's systems are told of: with the event or not at all, in order, for three days."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.store import Store, writing
from reception import events, queue, webhook_outbox, webhooks
from reception.permissions import BOX, KIOSK, Actor, Role
from reception.refusal import Refused
from reception.rules import lan_address, webhook_signing
from reception.visits import check_in
from reception.webhook_outbox import PARKED, WAITS, Message
from tests.conftest import Clock, actor
from tests.owner_cases import PERSONAL, dispatched, registered
from tests.reception.test_complaints import Complaints
from tests.reception.test_races import Gate, race

URL = "http://192.168.1.20:8080/lobby"


def subscribe(store: Store, clock: Clock, *kinds: str, url: str = URL, nonce: str = "hook") -> int:
    """Let a system be told of these (all where none is named); return the subscription."""
    by = actor(store, Role.ADMINISTRATOR)
    asked = kinds or tuple(webhooks.KINDS)
    assert webhooks.subscribe(store, name="总部", url=url, kinds=asked, nonce=nonce, by=by, now=clock())
    found: int = store.value("SELECT max(id) FROM webhooks")
    return found


def take(store: Store, webhook_id: int, now: datetime) -> Message:
    """Take the first that waits, as a receiver that is well."""
    found = webhook_outbox.front(store, webhook_id, by=BOX)
    assert found is not None
    webhook_outbox.delivered(store, found, by=BOX, now=now)
    return found


def take_all(store: Store, webhook_id: int, now: datetime) -> list[dict[str, Any]]:
    """Take everything that waits, and return what was said."""
    said = []
    while webhook_outbox.front(store, webhook_id, by=BOX) is not None:
        said.append(json.loads(take(store, webhook_id, now).body))
    return said


def waiting(store: Store) -> int:
    """Return how many messages wait."""
    found: int = store.value("SELECT count(*) FROM webhook_messages WHERE parked_at IS NULL")
    return found


def mark_of(store: Store) -> str:
    """Return the mark of the first message there is."""
    return str(store.value("SELECT mark FROM webhook_messages ORDER BY id LIMIT 1"))


def pass_over(store: Store, hook: int, mark: str, by: Actor, now: datetime) -> str:
    """Press it, and return what came of it."""
    try:
        webhooks.pass_over(store, webhook_id=hook, mark=mark, by=by, now=now)
    except Refused as refused:
        return refused.code
    return "passed"


def pass_once(store: Store, gate: Gate, hook: int, mark: str, by: Actor, now: datetime) -> str:
    """The same, together with others."""
    gate.wait()
    return pass_over(store, hook, mark, by, now)


def test_calls_and_changes_are_told_in_order_and_of_nobody_a_word(store: Store, clock: Clock) -> None:
    hook = subscribe(store, clock)
    ticket = check_in(store, line="general", nonce="t", name="张建国", phone="13800005678", by=KIOSK, now=clock())
    desk = actor(store, Role.RECEPTIONIST)
    queue.call_next(store, counter="1", by=desk, now=clock.forward(minutes=1))
    queue.recall(store, counter="1", holding=ticket.no, by=desk, now=clock.forward(minutes=1))
    case = dispatched(store, clock)
    said = take_all(store, hook, clock())
    assert [(one["type"], one["data"].get("again")) for one in said[:2]] == [
        ("ticket.called", False),
        ("ticket.called", True),
    ]
    assert said[0]["data"] == {"ticket": ticket.no, "line": "general", "counter": "1", "again": False}
    changes = [one["data"] for one in said[2:]]
    assert {one["case"] for one in changes} == {case.no} and changes[0]["from_state"] is None
    assert changes[-1]["state"] == "dispatched" and changes[-1]["kind"] == "repair"
    # Each state follows from the one before.
    assert [one["from_state"] for one in changes[1:]] == [one["state"] for one in changes[:-1]]
    assert [one["timestamp"] for one in said] == sorted(one["timestamp"] for one in said)
    assert not re.search(PERSONAL, json.dumps(said, ensure_ascii=False))


def test_each_is_told_of_what_he_asked_for_and_nobody_of_what_was_before(store: Store, clock: Clock) -> None:
    registered(store, clock, nonce="before")
    calls = subscribe(store, clock, "ticket_called")
    cases = subscribe(store, clock, "case_changed", nonce="other", url="https://10.0.0.7/x")
    check_in(store, line="general", nonce="t", by=KIOSK, now=clock())
    queue.call_next(store, counter="1", by=actor(store, Role.RECEPTIONIST), now=clock.forward(minutes=1))
    registered(store, clock, nonce="after")
    assert {one["type"] for one in take_all(store, calls, clock())} == {"ticket.called"}
    assert {one["type"] for one in take_all(store, cases, clock())} == {"case.changed"}


def test_what_waits_stands_and_falls_with_its_event(store: Store, clock: Clock) -> None:
    subscribe(store, clock)
    with pytest.raises(ZeroDivisionError), writing(store):
        registered(store, clock)
        assert waiting(store) == 1
        raise ZeroDivisionError
    assert waiting(store) == 0
    registered(store, clock)
    assert waiting(store) == 1
    # What changes no state is nothing to tell.
    with writing(store):
        case_id = store.value("SELECT max(id) FROM cases")
        events.record(store, "test", "case", case_id, by=BOX, at=clock(), from_state="x", to_state="x")
        events.record(store, "test", "case", case_id, by=BOX, at=clock())
    assert waiting(store) == 1


def test_what_is_sealed_is_told_to_nobody_and_not_counted(store: Store, clock: Clock) -> None:
    hook = subscribe(store, clock)
    made = Complaints(store, clock)
    made.receive(hears="manager")
    assert waiting(store) == 0
    # Sealed while it waited: dropped on the way, and whoever keeps the box does not see that there is one.
    case = made.receive()
    assert waiting(store) == 1
    with writing(store):
        store.execute("UPDATE cases SET sealed = 1 WHERE id = ?", [case.id])
    [listed] = webhooks.listed(store, by=actor(store, Role.ADMINISTRATOR))
    assert (listed.waiting, listed.parked) == (0, 0)
    assert webhook_outbox.front(store, hook, by=BOX) is None and waiting(store) == 0


def test_who_is_received_in_private_is_told_of_to_nobody(store: Store, clock: Clock) -> None:
    hook = subscribe(store, clock)
    ticket = check_in(store, line="general", nonce="t", by=KIOSK, now=clock())
    private = store.value("SELECT code FROM lines WHERE hears = 'manager'")
    store.execute("UPDATE tickets SET line = ? WHERE id = ?", [private, ticket.id])
    with writing(store):
        events.record(store, "call", "ticket", ticket.id, by=BOX, at=clock(), from_state="waiting", to_state="called")
    assert waiting(store) == 0 and webhook_outbox.front(store, hook, by=BOX) is None


def test_each_try_says_the_same_whatever_happened_since(store: Store, clock: Clock) -> None:
    hook = subscribe(store, clock)
    case = registered(store, clock)
    first = webhook_outbox.front(store, hook, by=BOX)
    assert first is not None
    webhook_outbox.failed(store, first, "timeout", by=BOX, now=clock())
    with writing(store):
        store.execute(
            "UPDATE cases SET changed_at = ?, department = department WHERE id = ?", [case.changed_at, case.id]
        )
    dispatched_later = registered(store, clock, nonce="more")
    second = webhook_outbox.front(store, hook, by=BOX)
    assert second == first and dispatched_later.no not in second.body


def test_a_receiver_that_takes_nothing_is_asked_ever_more_rarely_and_nothing_overtakes(
    store: Store, clock: Clock
) -> None:
    hook = subscribe(store, clock)
    registered(store, clock, nonce="one")
    registered(store, clock, nonce="two")
    first = webhook_outbox.front(store, hook, by=BOX)
    assert first is not None
    for wait in (*WAITS, WAITS[-1]):
        assert webhook_outbox.due(store, by=BOX, now=clock()) == [hook]
        assert webhook_outbox.front(store, hook, by=BOX) == first
        webhook_outbox.failed(store, first, "refused", by=BOX, now=clock())
        assert webhook_outbox.due(store, by=BOX, now=clock() + wait - timedelta(seconds=1)) == []
        clock.forward(seconds=wait.total_seconds())
    # A clock that was set back does not make it wait for days.
    assert webhook_outbox.due(store, by=BOX, now=clock() - timedelta(days=2)) == [hook]
    assert take(store, hook, clock()) == first
    assert webhook_outbox.due(store, by=BOX, now=clock()) == [hook]
    [listed] = webhooks.listed(store, by=actor(store, Role.ADMINISTRATOR))
    assert (listed.failures, listed.failed_by, listed.waiting) == (0, None, 1)


def test_after_three_days_it_is_parked_shown_and_sent_again_by_a_press(store: Store, clock: Clock) -> None:
    admin = actor(store, Role.ADMINISTRATOR)
    hook = subscribe(store, clock)
    old = registered(store, clock, nonce="one")
    clock.forward(days=2)
    young = registered(store, clock, nonce="two")
    message = webhook_outbox.front(store, hook, by=BOX)
    assert message is not None
    webhook_outbox.failed(store, message, "refused", by=BOX, now=clock())
    assert waiting(store) == 2
    later = clock.forward(days=1, minutes=1)
    webhook_outbox.failed(store, message, "refused", by=BOX, now=later)
    [listed] = webhooks.listed(store, by=admin)
    assert (listed.waiting, listed.parked, listed.failures) == (1, 1, 2)
    assert store.value("SELECT count(*) FROM events WHERE what = 'park_messages'") == 1
    next_one = webhook_outbox.front(store, hook, by=BOX)
    assert next_one is not None and young.no in next_one.body
    webhooks.try_again(store, webhook_id=hook, by=admin, now=clock())
    assert webhook_outbox.due(store, by=BOX, now=clock()) == [hook]
    # In its old order.
    assert [one["data"]["case"] for one in take_all(store, hook, clock())] == [old.no, young.no]


def test_what_nobody_sends_again_goes_after_a_month(store: Store, clock: Clock) -> None:
    hook = subscribe(store, clock)
    registered(store, clock)
    assert pass_over(store, hook, mark_of(store), actor(store, Role.ADMINISTRATOR), clock()) == "passed"
    assert pass_over(store, hook, mark_of(store), actor(store, Role.ADMINISTRATOR), clock()) == "message_gone"
    webhook_outbox.tidy(store, by=BOX, now=clock() + PARKED)
    assert store.value("SELECT count(*) FROM webhook_messages") == 1
    webhook_outbox.tidy(store, by=BOX, now=clock() + PARKED + timedelta(seconds=1))
    assert store.value("SELECT count(*) FROM webhook_messages") == 0


def test_an_end_takes_the_secret_and_what_waits_and_a_late_answer_changes_nothing(store: Store, clock: Clock) -> None:
    admin = actor(store, Role.ADMINISTRATOR)
    hook = subscribe(store, clock)
    registered(store, clock)
    under_way = webhook_outbox.front(store, hook, by=BOX)
    assert under_way is not None
    webhooks.end(store, webhook_id=hook, by=admin, now=clock())
    webhook_outbox.delivered(store, under_way, by=BOX, now=clock())
    webhook_outbox.failed(store, under_way, "refused", by=BOX, now=clock())
    row = store.row("SELECT secret, delivered_at, failures FROM webhooks")
    assert row is not None and tuple(row) == (None, None, 0)
    registered(store, clock, nonce="more")
    assert store.value("SELECT count(*) FROM webhook_messages") == 0
    assert pass_over(store, hook, under_way.mark, admin, clock()) == "webhook_unknown"
    for act in (webhooks.end, webhooks.try_again):
        with pytest.raises(Refused, match="webhook_unknown"):
            act(store, webhook_id=hook, by=admin, now=clock())


def test_one_press_passes_over_one_message_whoever_presses_with_him(home: Path, store: Store, clock: Clock) -> None:
    hook = subscribe(store, clock)
    registered(store, clock)
    admin = actor(store, Role.ADMINISTRATOR)
    now = clock()

    registered(store, clock, nonce="more")
    press = (pass_once, hook, mark_of(store), admin, now)
    assert sorted(race(home, press, press)) == ["message_gone", "passed"]
    assert waiting(store) == 1


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "webhook_url_invalid"),
        ("ftp://10.0.0.1/", "webhook_url_invalid"),
        ("http://", "webhook_url_invalid"),
        ("http://10.0.0.1:99999/", "webhook_url_invalid"),
        ("http://10.0.0.1:0/", "webhook_url_invalid"),
        ("http://user:pass@10.0.0.1/", "webhook_url_invalid"),
        ("http://10.0.0.1/#x", "webhook_url_invalid"),
        ("http://10.0.0.1/\r\nX: 1", "webhook_url_invalid"),
        ("http://10.0.0.1/接口", "webhook_url_invalid"),
        ("http://10.0.0.1/" + "x" * 300, "webhook_url_invalid"),
        ("http://2130706433/", "webhook_url_invalid"),
        ("http://127.1/", "webhook_url_invalid"),
        ("http://0x7f.0.0.1/", "webhook_url_invalid"),
        ("http://[::1/", "webhook_url_invalid"),
        ("http://127.0.0.1:8600/check-in", "webhook_not_lan"),
        ("http://localhost:8600/", "webhook_not_lan"),
        ("http://kiosk.localhost/", "webhook_not_lan"),
        ("http://[::1]:8600/", "webhook_not_lan"),
        ("http://[::ffff:127.0.0.1]/", "webhook_not_lan"),
        ("http://0.0.0.0/", "webhook_not_lan"),
        ("http://169.254.169.254/latest", "webhook_not_lan"),
        ("http://8.8.8.8/", "webhook_not_lan"),
        ("http://[fe80::1]/", "webhook_not_lan"),
        ("http://172.32.0.1/", "webhook_not_lan"),
    ],
)
def test_addresses_outside_of_the_lan_are_refused(store: Store, clock: Clock, url: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        subscribe(store, clock, url=url)
    assert store.value("SELECT count(*) FROM webhooks") == 0


def test_a_printer_is_no_receiver(store: Store, clock: Clock) -> None:
    with writing(store):
        store.execute("UPDATE printers SET address = 'tcp://192.168.1.30:9100'")
    for url in ("http://192.168.1.30:9100/", "http://192.168.1.30/"):
        with pytest.raises(Refused, match="webhook_to_printer"):
            subscribe(store, clock, "case_changed", url=url)


def test_addresses_of_the_lan_are_taken() -> None:
    for url, found in {
        URL: (False, "192.168.1.20", 8080, "/lobby"),
        "https://crm.lan/in?a=1": (True, "crm.lan", 443, "/in?a=1"),
        "http://[fd00::5]:81": (False, "fd00::5", 81, "/"),
        "http://[::ffff:10.0.0.1]/": (False, "::ffff:10.0.0.1", 80, "/"),
    }.items():
        assert tuple(lan_address.receiver(url)) == found


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of their specification."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = webhook_signing.sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
