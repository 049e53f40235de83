"""Findings of a round: anybody of the staff, one press, a work order with its picture; all of it or nothing."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from db.store import Store
from reception import cases, patrols, photo_files, photos, repair_facts, work_orders
from reception.acts.notices import MAY
from reception.cases import Case
from reception.permissions import Actor, Role
from reception.refusal import Refused
from tests.conftest import Clock, actor

FORM = {"category": "public", "place": "3号楼大堂", "content": "地砖松动", "urgency": "ordinary"}


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "red").save(out, "JPEG")
    return out.getvalue()


def report(store: Store, now: datetime, by: Actor, **other: Any) -> Case:
    return patrols.report(store, **{"nonce": "p1"} | FORM | other, by=by, now=now)


def files(store: Store) -> list[Path]:
    return [path for path in photos.folder(store).rglob("*") if path.is_file()]


@pytest.mark.parametrize("role", sorted(MAY["report_finding"]))
def test_whoever_finds_it_sends_out_a_work_order_with_its_picture(store: Store, clock: Clock, role: Role) -> None:
    by = actor(store, role)
    case = report(store, clock(), by, data=picture())
    assert (case.source, case.state, case.name, case.kind) == ("patrol", "dispatched", by.name, "repair")
    order = work_orders.live(store, case.id)
    assert order is not None and order.department
    (photo,) = photos.of_report(store, case.id)
    assert (photo.stage, photo.by_id, photo.missing) == ("report", by.id, False) and len(files(store)) == 2
    # Whoever is sent sees what is meant.
    worker = actor(store, Role.WORKER)
    assert photos.find(store, photo.id, by=worker).id == photo.id
    papers = {row["kind"] for row in store.rows("SELECT kind FROM print_jobs WHERE ref = ?", [cases.ref(case)])}
    assert papers == {"work_order"}


@pytest.mark.parametrize("role", sorted(set(Role) - MAY["report_finding"]))
def test_nobody_else_does(store: Store, clock: Clock, role: Role) -> None:
    before = store.connection.total_changes
    with pytest.raises(Refused, match="not_permitted"):
        report(store, clock(), actor(store, role))
    assert store.connection.total_changes == before


def test_pressed_twice_it_is_one(store: Store, clock: Clock) -> None:
    by, data = actor(store, Role.WORKER), picture()
    first, again = (report(store, clock.forward(seconds=1), by, data=data) for _ in range(2))
    assert first.id == again.id and len(photos.of_case(store, first.id)) == 1 and len(files(store)) == 2
    assert store.value("SELECT count(*) FROM work_orders") == 1
    with pytest.raises(Refused, match="nonce_reused"):
        report(store, clock(), by)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"category": "water"}, "category_unknown"),
        ({"urgency": "planned"}, "urgency_unknown"),
        ({"place": " "}, "place_missing"),
        ({"content": ""}, "content_missing"),
        ({"data": b"no picture"}, "photo_unknown"),
        ({"data": b"\xff\xd8\xff broken"}, "photo_broken"),
        ({"nonce": ""}, "nonce_missing"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(store: Store, clock: Clock, other: dict[str, Any], code: str) -> None:
    before = store.connection.total_changes
    with pytest.raises(Refused) as refused:
        report(store, clock(), actor(store, Role.WORKER), **other)
    assert refused.value.code == code
    assert store.connection.total_changes == before and files(store) == []


@pytest.mark.parametrize("where", ["write_parts", "put_in_place"])
def test_a_disk_that_refuses_the_picture_keeps_nothing_of_it(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    by = actor(store, Role.WORKER)
    with monkeypatch.context() as patched:
        patched.setattr(photo_files, where, full)
        with pytest.raises(Refused, match="photo_not_kept"):
            report(store, clock(), by, data=picture())
    assert store.value("SELECT count(*) FROM cases") == 0 and files(store) == []
    # The phone sends it again by itself, with the same nonce.
    assert report(store, clock(), by, data=picture()).state == "dispatched"


def test_a_work_order_that_cannot_go_out_takes_the_picture_with_it(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Refused("department_unknown")

    monkeypatch.setattr(work_orders, "send_out", refuse)
    with pytest.raises(Refused, match="department_unknown"):
        report(store, clock(), actor(store, Role.WORKER), data=picture())
    assert store.value("SELECT count(*) FROM cases") == 0 and files(store) == []


def test_only_shared_areas_and_no_appointment_are_offered() -> None:
    assert set(patrols.CATEGORIES) == repair_facts.OF_SHARED_AREAS and "planned" not in patrols.URGENCIES
