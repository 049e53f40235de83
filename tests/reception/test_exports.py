"""Exports: one way out, by those who may, each written to the history without data of a person."""

import io
import json

import pytest
from openpyxl import load_workbook

from db.store import Store
from reception import exports
from reception.permissions import Role
from reception.refusal import Refused
from tests.conftest import Clock, actor


def test_an_export_is_written_down(store: Store, clock: Clock) -> None:
    head = actor(store, Role.SERVICE_HEAD)
    data = exports.export(
        store,
        what="cases",
        title="报修",
        columns=["姓名", "电话"],
        rows=[["张**", "=1+1"], ["李*", "138****5678"]],
        filters={"kind": "repair", "name": "张建国", "none": ""},
        by=head,
        now=clock(),
    )
    assert load_workbook(io.BytesIO(data)).active["B2"].data_type == "s"
    row = store.row("SELECT * FROM events WHERE what = 'export'")
    assert row is not None and (row["by_id"], row["subject"]) == (head.id, "list")
    # What is typed freely may name a person: the history then only says that there was a filter.
    assert json.loads(row["detail"]) == {"list": "cases", "rows": 2, "filters": {"kind": "repair", "name": "*"}}


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.TEAM_LEADER, Role.WORKER, Role.ADMINISTRATOR])
def test_not_everybody_takes_lists_out(store: Store, clock: Clock, role: Role) -> None:
    before = store.value("SELECT count(*) FROM events")
    with pytest.raises(Refused, match="not_permitted"):
        exports.export(store, what="x", title="x", columns=["a"], rows=[], by=actor(store, role), now=clock())
    assert store.value("SELECT count(*) FROM events") == before
