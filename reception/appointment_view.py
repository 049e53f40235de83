"""What the visitor sees of his appointment: when and where, what to bring, whether he is checked in; nobody's name."""

from datetime import datetime
from typing import Final

from db.store import Store
from reception import appointment_arrivals, appointment_facts, said
from reception.appointment_facts import Appointment
from reception.cases import Case
from reception.owner_steps import Step
from reception.owner_view import Progress
from reception.rules import clock
from reception.rules.appointment_states import EXPECTED
from reception.site import Site, site
from reception.wording import Words

_STEPS: Final = {
    "open_appointment": Words("已预约", "Booked"),
    "change_appointment": Words("预约已变更", "Changed"),
    "arrive_appointment": Words("已签到", "Checked in"),
    "finish_appointment": Words("已接待", "Received"),
    "end_appointment": Words("已接待", "Received"),
    "cancel_appointment": Words("已取消", "Cancelled"),
    "miss_appointment": Words("未到访", "Did not come"),
}
_OVER: Final = {
    "arrived": Words(
        "您已签到，已告知接待人，请留意叫号；号码已过请到前台",
        "You are checked in and your host knows. Watch for your number; if it has passed, please ask at the desk",
    ),
    "done": Words("本次来访已接待，谢谢", "You were received, thank you"),
    "cancelled": Words("这次预约已取消，如需来访请到前台", "This appointment was cancelled; please ask at the desk"),
    "no_show": Words(
        "预约的时间已过，未见您到访；如需改期请到前台",
        "The time has passed and you did not come; for another time please ask at the desk",
    ),
}


def progress(store: Store, case: Case, *, now: datetime | None, judged_at: datetime | None = None) -> Progress:
    """Return how an appointment stands. With `now` None it is told as written: by its date, not as of today."""
    centre, found = site(store), appointment_facts.details(store, case)
    sentence, note = _OVER.get(case.state), None
    if case.state in EXPECTED:
        when = said.moment(found.expected_at, zone=centre.zone)
        sentence = Words(f"请于 {when.zh} 到{found.where.zh}", f"Please come on {when.en}. Where: {found.where.en}")
        note = _note(store, centre, found, now)
    assert sentence is not None
    return Progress(sentence, note, _steps(store, case), None, frozenset(), bool(case.phone), "")


def _note(store: Store, centre: Site, found: Appointment, now: datetime | None) -> Words | None:
    bring = Words(f"请带：{found.bring}", f"Please bring: {found.bring}") if found.bring else None
    if now is None:
        return bring
    if appointment_arrivals.is_today(store, found, now):
        hint = Words("到达后在自助机扫此码签到", "Scan this code at the kiosk when you arrive")
    elif now < clock.from_text(found.expected_at):
        hint = Words("不是今天：请当天再来扫码签到", "Not today: please scan it on that day")
    else:
        hint = Words("预约的日期已过：请到前台改期", "That day has passed: please ask the desk for another time")
    return Words(f"{hint.zh}。{bring.zh}", f"{hint.en}. {bring.en}") if bring else hint


def _steps(store: Store, case: Case) -> tuple[Step, ...]:
    rows = store.rows("SELECT at, what FROM events WHERE subject = 'case' AND subject_id = ? ORDER BY id", [case.id])
    return tuple(Step(row["at"], _STEPS[row["what"]]) for row in rows if row["what"] in _STEPS)
