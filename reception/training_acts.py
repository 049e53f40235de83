"""What a task of practice may ask for: acts of the history, each with how often somebody did it (SYS-50)."""

from db.store import Store
from reception.wording import Words

ISSUE = "issue"
ACTS = {
    "call": Words("叫号", "A number called"),
    "complete": Words("接待完毕", "A reception completed"),
    "miss": Words("过号", "A number missed"),
    "restore": Words("恢复排队", "A number back in the queue"),
    "park": Words("稍后再叫", "A number set aside"),
    "transfer": Words("转业务", "A visitor sent to another service"),
    ISSUE: Words("代客取号", "A number taken for a visitor"),
    "open_repair": Words("登记报修", "A repair registered"),
    "dispatch": Words("派工", "A worker sent"),
    "open_complaint": Words("登记投诉", "A complaint registered"),
    "open_inquiry": Words("登记咨询", "A question registered"),
    "open_suggestion": Words("登记意见建议", "A suggestion registered"),
    "open_visit-day": Words("预约接访日", "The visit day booked"),
    "open_appointment": Words("登记来访预约", "An appointment booked"),
    "open_handover": Words("代收文件", "Something taken in for somebody"),
    "open_emergency": Words("登记险情", "A danger registered"),
    "open_incident": Words("专项接待", "A special reception raised"),
    "open_release": Words("登记物品放行", "A release applied for"),
    "open_procedure": Words("受理办理事项", "A procedure begun"),
    "open_inspection": Words("登记房屋验收", "An inspection registered"),
    "draft_custody": Words("登记空置房托管", "A custody registered"),
    "open_tour": Words("登记参观接待", "A tour registered"),
    "note_call": Words("登记来电", "A phone call noted"),
    "check_identity": Words("核验证件", "A document seen"),
    "feedback": Words("告知进展", "Somebody told how it stands"),
    "reprint": Words("补打票据", "A paper printed again"),
    "write_log_note": Words("写工作日志", "A line written into the log"),
    "check_day": Words("勾选检查清单", "A point of a checklist ticked"),
    "change_roll": Words("更换纸卷", "A roll of paper changed"),
}


def done(store: Store, staff_id: int | None) -> dict[str, int]:
    """Return how often each act was done by a member of staff in this store.

    The visitors of practice arrive in his name, too: only a number without a home is one that he took at the desk.
    """
    counts = {
        row["what"]: row["times"]
        for row in store.rows(
            "SELECT what, count(*) AS times FROM events WHERE by_id = ? AND what <> 'check_in' GROUP BY what",
            [staff_id],
        )
    }
    issued = store.value(
        "SELECT count(*) FROM events JOIN tickets ON tickets.id = subject_id JOIN visits ON visits.id = visit_id"
        " WHERE by_id = ? AND what = 'check_in' AND subject = 'ticket' AND unit_id IS NULL",
        [staff_id],
    )
    return {act: counts.get(act, 0) for act in ACTS} | {ISSUE: issued}
