"""A month of the visit day, through the doors of both apps: from its announcement to its summary and kept promises.

Between the presses `lobbydesk clocks` looks, as its timer would. Nothing is written to the store by this test.
"""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from lobbydesk.commands import clocks
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of

HEAD, MAINTENANCE, MANAGER, DESK = Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.MANAGER, Role.RECEPTIONIST
SAID = {"opinion": "同意接待", "department": "maintenance", "deadline_on": "2026-12-18"}
ASKED = re.compile(r'name="chosen" value="([^":]+):([0-9]+)"')


class Month:
    """The centre in this month: who presses what, and when."""

    def __init__(self, store: Store, clock: Clock, desk: Flask, kiosk: Flask) -> None:
        self.store, self.clock, self.desk = store, clock, desk
        self.kiosk, self.phone = kiosk.test_client(), kiosk.test_client()
        self.kiosk.set_cookie("at_kiosk", "1")
        self.presses = 0

    def at(self, month: int, day: int, time: str) -> None:
        """Let it be that time in Shanghai; the box looked just before."""
        hour, minute = (int(part) for part in time.split(":"))
        year = 2026 if month > 6 else 2027
        self.clock.at = datetime(year, month, day, hour, minute, tzinfo=UTC)
        self.clock.forward(hours=-8)
        clocks.keep(self.store, now=self.clock())

    def client(self, role: Role) -> FlaskClient:
        return client_of(self.desk, self.store, actor(self.store, role), self.clock())

    def see(self, role: Role, path: str) -> str:
        answer = self.client(role).get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return str(answer.get_data(as_text=True))

    def press(self, role: Role, path: str, **form: str | list[str]) -> str:
        """Press a button of the desk; return the page that it leads to."""
        self.presses += 1
        self.clock.forward(seconds=1)
        client = self.client(role)
        answer = client.post(path, data={"nonce": f"press-{self.presses}"} | form, headers=SAME_ORIGIN)
        text = answer.get_data(as_text=True)
        assert answer.status_code in {200, 303}, (path, re.findall(r'data-refused="([a-z_]+)"', text))
        return str(client.get(answer.headers["Location"]).get_data(as_text=True) if answer.status_code == 303 else text)

    def touch(self, path: str, *, on_phone: bool = False, **form: str) -> tuple[str, str]:
        """Press a button of the kiosk, or of a phone; return the address that it leads to, and its page."""
        self.presses += 1
        self.clock.forward(seconds=1)
        client = self.phone if on_phone else self.kiosk
        answer = client.post(path, data={"nonce": f"touch-{self.presses}", "notice": "v1"} | form, headers=SAME_ORIGIN)
        assert answer.status_code == 303, (path, answer.get_data(as_text=True)[-600:])
        where = answer.headers["Location"]
        return where, str(client.get(where).get_data(as_text=True))

    def token(self, no: str) -> str:
        return str(self.store.value("SELECT token FROM cases WHERE no = ?", [no]))

    def state(self, no: str) -> str:
        return str(self.store.value("SELECT state FROM cases WHERE no = ?", [no]))

    def last(self, kind: str = "visit-day") -> str:
        return str(self.store.value("SELECT no FROM cases WHERE kind = ? ORDER BY id DESC LIMIT 1", [kind]))

    def owner(self, place: int) -> dict[str, str]:
        row = self.store.rows(
            "SELECT name, phone, building || '-' || unit || '-' || room AS unit FROM residents"
            " JOIN units ON units.id = unit_id WHERE relation = 'owner' GROUP BY unit_id ORDER BY unit_id"
        )[place]
        return dict(row)

    def asked(self, role: Role) -> list[str]:
        return [f"{no}:{row}" for no, row in ASKED.findall(self.see(role, "/signatures"))]


@pytest.fixture
def month(store: Store, clock: Clock, desk_app: Flask, kiosk_app: Flask) -> Month:
    return Month(store, clock, desk_app, kiosk_app)


def announced(month: Month) -> str:
    """The box announces the day in good time; return the path of its page."""
    month.at(11, 20, "09:00")
    assert "已公布" not in month.see(DESK, "/visit-days")
    month.at(11, 25, "09:00")
    page = month.see(DESK, "/visit-days")
    assert "已公布" in page and "2027" in page and "暂定" in page
    day: int = month.store.value("SELECT id FROM visit_days WHERE actual_on = '2026-12-04'")
    return f"/visit-days/{day}"


def booked(month: Month) -> list[str]:
    """Five owners book: two at the desk, two at the kiosk, one by his phone while he waits; return the numbers."""
    month.at(11, 26, "09:30")
    numbers = []
    for place, slot in ((0, "2026-12-04 10:00"), (1, "2026-12-04 10:15")):
        month.press(DESK, "/visit-day", **month.owner(place), matter="地下车库车位常年被占", topic="parking", slot=slot)
        numbers.append(month.last())
    for place in (2, 3):
        home = month.owner(place)
        slot = f"2026-12-04 10:{place * 15}"
        where, page = month.touch("/visit-day", unit=home["unit"], phone=home["phone"][-4:], topic="parking", slot=slot)
        numbers.append(month.last())
        assert numbers[-1] in page and month.token(numbers[-1]) in where
    where, _ = month.touch("/check-in", line="visit-day")
    home = month.owner(4)
    where, page = month.touch(
        f"{where}/book", on_phone=True, **home, matter="加装电梯", topic="other", slot="2026-12-04 11:00"
    )
    numbers.append(month.last())
    assert "11:00" in page and month.store.value("SELECT state FROM tickets") == "cancelled"
    assert [month.state(no) for no in numbers] == ["under_review"] * 5
    return numbers


def signed(month: Month, numbers: list[str]) -> None:
    """All are reviewed; a head refuses the last; the others are signed by everybody, each page at once."""
    month.at(11, 30, "10:00")
    for no in numbers:
        form: dict[str, str | list[str]] = {"wording": "1", "topic": "parking", "departments": ["maintenance"]}
        month.press(HEAD, f"/visit-day/{no}/sign/review", **form, **SAID)
    refused = numbers[-1]
    asked = dict(one.split(":") for one in month.asked(MAINTENANCE))
    month.press(
        MAINTENANCE, f"/visit-day/{refused}/sign/disagree", signature=asked[refused], reason="属于街道审批，不归本部门"
    )
    assert month.state(refused) == "under_review"
    month.press(
        HEAD, f"/visit-day/{refused}/sign/refuse", reason="加装电梯由街道审批，先转客服部联系", channel="phone",
        becomes="complaint", category="facilities",
    )  # fmt: skip
    assert month.state(refused) == "not_admitted" and month.last("complaint").startswith("TS")
    page = month.phone.get(f"/T/{month.token(refused)}").get_data(as_text=True)
    assert "转部门先行处理" in page and "街道审批" in month.see(DESK, f"/cases/{refused}"), "he was given the reason"
    for role in (MAINTENANCE, HEAD, MANAGER):
        month.clock.forward(hours=1)
        month.press(role, "/signatures", chosen=month.asked(role), inherit="1", **SAID)
    assert [month.state(no) for no in numbers[:-1]] == ["admitted"] * 4
    assert "已安排接待" in month.phone.get(f"/T/{month.token(numbers[0])}").get_data(as_text=True)
    month.at(12, 3, "16:00")
    page = month.press(MANAGER, "/session/agenda", day="2026-12-04", accompany=["maintenance"])
    assert [month.state(no) for no in numbers[:-1]] == ["scheduled"] * 4 and month.owner(0)["name"] in page


def scan(month: Month, no: str) -> str:
    """The owner holds his slip to the scanner; return the number under which he is called."""
    _, page = month.touch("/scan", code=f"http://box/T/{month.token(no)}".upper())
    return str(re.findall(r'data-ticket-no="([^"]+)"', page)[0])


def talk(month: Month, ticket_no: str, no: str, minutes: int, due_on: str, opinion: str, *, extended: int = 0) -> None:
    """The room calls; they talk; the decision is read to him, and he signs."""
    holding = month.press(MANAGER, "/session/call", holding="")
    assert f'data-holding="{ticket_no}"' in holding
    month.clock.forward(seconds=40)
    month.press(MANAGER, "/session/begin", holding=ticket_no)
    if extended:
        month.clock.forward(minutes=14)
        month.press(MANAGER, "/session/extend", holding=ticket_no, minutes=str(extended))
        minutes -= 14
    month.clock.forward(minutes=minutes)
    month.press(MANAGER, "/session/decide", no=no, opinion=opinion, department="maintenance", due_on=due_on)
    month.press(MANAGER, "/session/read-back", no=no, signed="paper")
    month.press(MANAGER, "/session/end", holding=ticket_no)
    assert month.state(no) == "supervised"


def held(month: Month, numbers: list[str]) -> list[str]:
    """The day: one talk overruns, one owner does not come, two walk in; return the numbers of those who walked in."""
    first, second, absent, fourth = numbers[:4]
    month.at(12, 4, "09:55")
    assert "接待室" in month.see(MANAGER, "/session")
    tickets = [scan(month, first), scan(month, second)]
    assert month.client(DESK).post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN).status_code == 303
    assert month.store.value("SELECT count(*) FROM tickets WHERE state = 'called'") == 0, "no counter calls a guest"
    walked_in = []
    for place in (5, 6):
        month.press(DESK, "/visit-day", **month.owner(place), matter="楼道灯不亮", topic="facilities", walk_in="1")
        walked_in.append(month.last())
        refused = month.client(MAINTENANCE).post(
            f"/visit-day/{walked_in[-1]}/sign/walk-in", data=SAID, headers=SAME_ORIGIN
        )
        assert refused.status_code == 403 and month.state(walked_in[-1]) == "booked"
        month.press(MANAGER, f"/visit-day/{walked_in[-1]}/sign/walk-in", **SAID)
        assert month.state(walked_in[-1]) == "admitted"
    month.at(12, 4, "10:00")
    talk(month, tickets[0], first, 26, "2026-12-18", "两周内划线并装地锁", extended=10)
    # It ran over: whoever waits sees when it is his turn now.
    waits = month.phone.get(f"/T/{month.token(second)}").get_data(as_text=True)
    expected = re.search(r'data-expected="(\d\d:\d\d)"', waits)
    assert expected is not None and expected[1] > "10:15"
    talk(month, tickets[1], second, 12, "2026-12-08", "三日内清理占位杂物")
    month.at(12, 4, "10:50")
    tickets = [scan(month, no) for no in (fourth, *walked_in)]
    talk(month, tickets[0], fourth, 10, "2026-12-18", "列入下季度车位规划")
    for ticket_no, no in zip(tickets[1:], walked_in, strict=True):
        talk(month, ticket_no, no, 8, "2026-12-18", "更换楼道灯")
    month.at(12, 4, "12:05")
    month.at(12, 4, "18:30")
    assert month.state(absent) == "no_show"
    return walked_in


def promise(month: Month, no: str) -> str:
    """Return the number of the supervision of a booking's decision."""
    return str(month.store.value("SELECT supervisions.no FROM supervisions JOIN cases ON cases.id = case_id"
                                 " WHERE cases.no = ?", [no]))  # fmt: skip


def followed(month: Month, kept: list[str], late: str) -> None:
    """Four promises are kept and told; one is overdue, before the manager, and told late; one owner is asked."""
    month.at(12, 7, "10:00")
    for no in kept:
        month.press(MAINTENANCE, f"/supervisions/{promise(month, no)}/done", result="已经完成")
        assert month.state(no) == "supervised"
        month.press(DESK, f"/supervisions/{promise(month, no)}/tell", text="您反映的事项已完成", channel="phone")
        assert month.state(no) == "fed_back"
    month.at(12, 9, "09:00")
    assert promise(month, late) in month.see(MANAGER, "/supervisions")
    page = month.phone.get(f"/T/{month.token(late)}").get_data(as_text=True)
    assert "三日内清理占位杂物" in page and "逾期" in page
    month.press(MAINTENANCE, f"/supervisions/{promise(month, late)}/done", result="今日清理完毕")
    month.press(DESK, f"/supervisions/{promise(month, late)}/tell", text="杂物已清理，抱歉晚了", channel="phone")
    assert month.state(late) == "fed_back"
    # Asked by somebody who answers for no decision of his; then it is filed.
    month.press(DESK, f"/cases/{kept[0]}/follow-up", method="phone", reached="1", score="5", comment="满意")
    month.press(DESK, f"/cases/{kept[0]}/close")
    assert month.state(kept[0]) == "closed"


def figures(page: str) -> dict[str, str]:
    return dict(re.findall(r'data-(?:figure|promise)="([a-z_]+)">(?:<b class="number">)?([^<]+)<', page))


def summed_up(month: Month, day: str) -> None:
    """The head writes the summary; what several homes brought gets an action; what broke the rules stands apart."""
    page = month.press(HEAD, f"{day}/summary", remarks="车位问题集中")
    told = figures(page)
    expected = {"booked": 5, "not_admitted": 1, "admitted": 6, "met": 5, "no_show": 1, "walk_in": 2, "overran": 1}
    expected |= {"withdrawn": 0, "waiting": 0, "decisions": 5, "kept": 4, "late": 1, "open": 0, "untold": 0}
    assert {code: told[code] for code in expected} == {code: str(count) for code, count in expected.items()}
    assert 'data-proposed="parking"' in page and 'data-written="1"' in page
    page = month.press(
        MANAGER, f"{day}/common-issues", topic="parking", action="车位重新划线", owner="zhaoqiang", due_on="2027-01-05"
    )
    assert 'data-issue="parking"' in page and 'data-proposed="parking"' not in page
    month.at(12, 9, "10:00")
    found = re.findall(r'data-rule="([a-z_]+)"', month.see(HEAD, "/oversight"))
    assert sorted(found) == ["overran", "untold", "walk_in", "walk_in"]


def test_a_month_from_the_announcement_to_the_summary(month: Month) -> None:
    day = announced(month)
    numbers = booked(month)
    signed(month, numbers)
    walked_in = held(month, numbers)
    followed(month, [numbers[0], numbers[3], *walked_in], numbers[1])
    summed_up(month, day)
