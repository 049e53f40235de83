"""The desk after a restore, and the button for a stick."""

import pytest
from flask import Flask

from db.store import Store
from reception import api_tokens, box_backups, events, restorations, webhooks
from reception.permissions import Role
from reception.refusal import Refused
from reception.restorations import Gap
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of

GAP = Gap(
    "damaged",
    "lobbydesk-000007-20261123T010000Z.tar.age",
    "2026-11-23T01:00:00.000Z",
    "2026-11-23T01:40:00.000Z",
    2,
    "20261123T014000Z-damaged",
)


def test_every_desk_says_the_gap_until_the_manager_has_read_it(desk_app: Flask, store: Store, clock: Clock) -> None:
    restorations.note_restored(store, GAP, {}, now=clock())
    front = client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    page = front.get("/").get_data(as_text=True)
    assert 'data-restored="1"' in page and "数据曾损坏" in page
    # In the time of the site.
    assert "09:00" in page and "09:40" in page and "缺少 2 张照片" in page
    assert "/restored/1/read" not in page
    assert "/restored/1/read" in manager.get("/cases").get_data(as_text=True)
    assert front.post("/restored/1/read", headers=SAME_ORIGIN).status_code == 403
    assert manager.post("/restored/7/read", headers=SAME_ORIGIN).status_code == 422
    for _ in range(2):
        assert manager.post("/restored/1/read", headers=SAME_ORIGIN).status_code == 303
    assert "data-restored" not in front.get("/").get_data(as_text=True)
    assert "data-restored" not in front.get("/restored").get_data(as_text=True)
    said = [event["what"] for event in events.history(store, "site", 1)]
    assert said == ["restore_store", "acknowledge_restoration"]


def test_a_restore_opens_no_door_that_was_shut_since(desk_app: Flask, store: Store, clock: Clock) -> None:
    restorations.note_restored(store, GAP, {}, now=clock())
    admin = actor(store, Role.ADMINISTRATOR)
    said = "其他系统的令牌和推送订阅也已随之失效"
    assert said not in client_of(desk_app, store, admin, clock()).get("/restored").get_data(as_text=True)
    key = api_tokens.make(
        store, name="Wall", scopes=["queue"], expires_on="2027-01-01", nonce="k", by=admin, now=clock()
    )
    webhooks.subscribe(
        store, name="Wall", url="http://10.0.0.9/", kinds=["case_changed"], nonce="w", by=admin, now=clock()
    )
    # As the backup held them: an end that came after it is not in it.
    restorations.note_restored(store, GAP, {}, now=clock())
    assert api_tokens.admitted(store, key, now=clock()) is None
    assert webhooks.listed(store, by=admin) == []
    assert store.value("SELECT count(*) FROM webhooks WHERE secret IS NOT NULL") == 0
    assert [one["what"] for one in events.history(store, "api_token", 1)] == ["make_api_token", "revoke_api_token"]
    assert [one["what"] for one in events.history(store, "webhook", 1)] == ["make_webhook", "end_webhook"]
    assert said in client_of(desk_app, store, admin, clock()).get("/restored").get_data(as_text=True)


def test_the_button_asks_once_and_says_how_it_ended(desk_app: Flask, store: Store, clock: Clock) -> None:
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    assert "data-stick" not in manager.get("/box/backup").get_data(as_text=True)
    assert manager.post("/box/backup", headers=SAME_ORIGIN).status_code == 303
    assert manager.post("/box/backup", headers=SAME_ORIGIN).status_code == 422
    asked = manager.get("/box/backup/state").get_data(as_text=True)
    assert 'data-stick="asked"' in asked and "<form" not in asked
    assert box_backups.stick_ended(store, outcome="done", now=clock())
    assert not box_backups.stick_ended(store, outcome="failed", now=clock())
    page = manager.get("/box/backup").get_data(as_text=True)
    assert 'data-stick="done"' in page and "现在可以拔出U盘" in page and "<form" in page
    clock.forward(minutes=16)
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    # Who comes next week is not told that his stick may be pulled out.
    page = manager.get("/box/backup").get_data(as_text=True)
    assert "现在可以拔出U盘" not in page and "data-stick-before" in page
    for outcome in ("no_stick", "several_sticks", "full", "failed", "restored"):
        manager.post("/box/backup", headers=SAME_ORIGIN)
        box_backups.stick_ended(store, outcome=outcome, now=clock())
        assert f'data-outcome="{outcome}"' in manager.get("/box/backup").get_data(as_text=True)
    with pytest.raises(Refused, match="not_permitted"):
        box_backups.ask_stick(store, by=actor(store, Role.RECEPTIONIST), now=clock())
