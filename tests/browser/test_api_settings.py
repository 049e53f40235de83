"""The administrator makes a key on the real page, reads with it, and lets a system be told."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, Screens, assert_accessible
from tests.demo import Demo

pytestmark = pytest.mark.browser


def test_a_key_is_made_and_read_with_and_a_refusal_keeps_what_was_typed(demo: Demo, screens: Screens) -> None:
    staff = json.loads((demo.home / "staff.json").read_text(encoding="utf-8"))
    admin = next(one for one in staff if one["role"] == "administrator")
    page = screens.open(DESK, demo.url("desk", "/login"))
    page.fill('[name="name"]', admin["name"])
    page.fill('[name="password"]', admin["password"])
    page.press('[name="password"]', "Enter")
    expect(page.locator(".who")).to_be_visible()
    page.goto(demo.url("desk", "/settings/api"))
    keys = page.locator('form[action="/settings/api/tokens"]')
    keys.locator('[name="name"]').fill("总部呼叫中心")
    keys.locator("button").click()
    expect(page.locator("#refusal")).to_contain_text("请至少选择一项")
    expect(keys.locator('[name="name"]')).to_have_value("总部呼叫中心")
    for box in keys.locator('[name="scopes"]').all():
        box.check(force=True)
    keys.locator("button").click()
    key = page.locator("[data-key]").inner_text()
    assert_accessible(page)
    answer = page.request.get(demo.url("desk", "/api/v1/queue"), headers={"Authorization": f"Bearer {key}"})
    assert answer.status == 200 and answer.json()["lines"]
    told = page.locator('form[action="/settings/api/webhooks"]')
    told.locator('[name="name"]').fill("物业大屏")
    told.locator('[name="url"]').fill("http://127.0.0.1:8600/check-in")
    for box in told.locator('[name="kinds"]').all():
        box.check(force=True)
    told.locator("button").click()
    expect(page.locator("#refusal")).to_contain_text("不在局域网内")
    told.locator('[name="url"]').fill("http://192.168.77.20:8080/lobby")
    told.locator("button").click()
    expect(page.locator("[data-secret]")).to_contain_text("whsec_")
    page.reload()
    expect(page.locator("[data-webhook]")).to_have_count(1)
    expect(page.locator("[data-secret]")).to_have_count(0)
    page.locator("[data-token] button").click()
    expect(page.locator("[data-token].off")).to_have_count(1)
    assert page.request.get(demo.url("desk", "/api/v1/queue"), headers={"Authorization": f"Bearer {key}"}).status == 401
    assert screens.complaints == []
