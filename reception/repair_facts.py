"""What is known of a repair (报修): its words, its details, and what is still missing before it can be dispatched."""

from dataclasses import dataclass

from db.store import Store
from reception.cases import Case
from reception.site import Site
from reception.wording import Words

KIND = "repair"
CATEGORIES = {
    "water": Words("水暖管道", "Water & heating"),
    "power": Words("电路照明", "Power & lighting"),
    "door": Words("门窗锁具", "Doors & windows"),
    "wall": Words("墙面渗漏", "Walls & leaks"),
    "lift": Words("电梯", "Lift"),
    "public": Words("公共设施", "Shared facilities"),
    "safety": Words("安全隐患", "Safety"),
    "other": Words("其他", "Other"),
}
# Matters of shared areas: a place is enough, no home is asked.
OF_SHARED_AREAS = frozenset({"lift", "public", "safety"})
URGENCIES = {
    "urgent": Words("急修", "Urgent"),
    "ordinary": Words("一般", "Ordinary"),
    "planned": Words("预约", "By appointment"),
}
LIABILITIES = {
    "warranty": Words("保修", "Warranty"),
    "paid": Words("有偿服务", "Paid service"),
    # No price was agreed before the work began: it cannot be charged any more (K3, 8).
    "waived": Words("业主承担（不收费）", "The owner's, fee waived"),
    "common": Words("公共区域维修", "Common area"),
    "undetermined": Words("保修待定", "To be determined"),
}
SOURCES = {
    "desk": Words("前台", "Desk"),
    "phone": Words("来电", "Telephone"),
    "kiosk": Words("自助机", "Kiosk"),
    "patrol": Words("巡查", "Patrol"),
    "case": Words("由其他事项转来", "From another case"),
    "import": Words("导入", "Imported"),
}
# One of us found it himself: he is the person, a place is enough, no owner is asked for a time or followed up.
FOUND = "patrol"
# A defect of a home at its hand-over: out of the inspection, whose form is the owner's receipt.
DEFECT = "inspection"
STATES = {
    "registered": Words("已登记", "Registered"),
    "dispatched": Words("已派工", "Dispatched"),
    "accepted": Words("已接单", "Accepted"),
    "on_site": Words("已到场", "On site"),
    "suspended": Words("已挂起", "Suspended"),
    "returned": Words("待重新派工", "To be dispatched again"),
    "finished": Words("已完工", "Finished"),
    "rechecked": Words("已复检", "Inspected"),
    "signed": Words("已验收", "Signed"),
    "followed_up": Words("已回访", "Followed up"),
    "rework": Words("返修", "Rework"),
    "closed": Words("已办结", "Closed"),
    "cancelled": Words("已取消", "Cancelled"),
    "merged": Words("已并案", "Merged"),
}
# What a repair mostly comes to: a press each, at the desk and on the phone; the record has the Chinese, as on paper.
WORK_DONE = {
    "repaired": Words("已修复", "Repaired"),
    "replaced": Words("更换配件", "Replaced a part"),
    "cleared": Words("疏通", "Cleared"),
    "tightened": Words("紧固", "Tightened"),
    "sealed": Words("补漏密封", "Sealed"),
    "rewired": Words("更换线路", "Rewired"),
    "adjusted": Words("调试正常", "Adjusted, works"),
    "cleaned": Words("现场已清理", "Left clean"),
    "advised": Words("已告知注意事项", "Owner advised"),
}
# On site is one state; whether the work began is said by its order (`state_words`).
AT_WORK = Words("维修中", "At work")


@dataclass(frozen=True, slots=True)
class Repair:
    """The details of a repair, and the number of its newest work order once dispatched."""

    category: str
    content: str
    place: str
    convenient_time: str
    urgency: str
    part: str | None
    liability: str
    work_order_no: str | None

    @property
    def category_words(self) -> Words:
        """The category as readers know it."""
        return CATEGORIES[self.category]

    @property
    def urgency_words(self) -> Words:
        """The urgency as readers know it."""
        return URGENCIES[self.urgency]

    @property
    def liability_words(self) -> Words:
        """Who bears it, as readers know it."""
        return LIABILITIES[self.liability]


def state_words(state: str, *, begun: bool) -> Words:
    """Return how a repair stands, as readers know it; `begun`: the work of its live order began."""
    return AT_WORK if state == "on_site" and begun else STATES[state]


def state_of(store: Store, no: str, state: str) -> Words:
    """Return the same of a repair by its number, for whoever does not have its order at hand."""
    if state != "on_site":
        return STATES[state]
    began = "SELECT started_at FROM work_orders WHERE state = 'live' AND case_id = (SELECT id FROM cases WHERE no = ?)"
    return state_words(state, begun=store.value(began, [no]) is not None)


def expected(site: Site, urgency: str, *, phone: str) -> Words:
    """Return what the receipt promises (RUL-12): the same figures that the clocks run by (`domain.md` K8).

    Whoever left no `phone` (masked or whole) is not promised a call. Without a number no worker is sent (`missing`), so
    he is told where to leave one, and how to hear of it himself.
    """
    minutes, hours = site.urgent_on_site_minutes, site.response_open_hours
    if urgency == "ordinary" and not phone:
        # Until the box reached its public address nothing promises the visitor's own phone.
        see, see_en = ("扫码", "scan the code") if site.on_phone else ("凭码在自助机", "show the code at the kiosk")
        where, where_en = (f"请拨 {site.phone}", f"call {site.phone}") if site.phone else ("请到前台", "tell the desk")
        return Words(
            f"未留电话：{where} 补留号码，以便派工；{see}可看进度",
            f"No phone left: {where_en} to leave a number, then a worker is sent; {see_en} to see how it goes",
        )
    return {
        "urgent": Words(f"{minutes} 分钟内到场", f"On site within {minutes} minutes"),
        "ordinary": Words(f"{hours} 个工作小时内与您联系", f"We contact you within {hours} office hours"),
        "planned": Words("按约定时间上门", "On site at the agreed time"),
    }[urgency]


def details(store: Store, case: Case) -> Repair:
    """Return what the repair is about."""
    row = store.row(
        "SELECT category, content, place, convenient_time, urgency, part, bears, (SELECT no FROM work_orders"
        " WHERE case_id = repairs.case_id ORDER BY id DESC LIMIT 1) FROM repairs WHERE case_id = ?",
        [case.id],
    )
    assert row is not None
    return Repair(*row)


def liability(store: Store, case_id: int) -> str:
    """Return who bears a repair, as it was decided last; '' for another kind of case."""
    return store.value("SELECT bears FROM repairs WHERE case_id = ?", [case_id]) or ""


def is_defect(store: Store, case_id: int) -> bool:
    """Tell whether a repair puts a defect right that was found at the hand-over of a home: the developer bears it."""
    return store.value("SELECT 1 FROM inspection_defects WHERE repair_id = ?", [case_id]) is not None


def missing(case: Case, repair: Repair, *, appointed: bool, named: bool = False) -> tuple[str, ...]:
    """Return the codes of all that is still missing before a dispatch.

    Name, address, phone, content, convenient time (`domain.md` SYS-04): of a shared area the place is the address. By
    appointment nobody goes out without the time that was agreed (RUL-10: `appointed`), nor where the owner `named` one
    that has passed; in ordinary matters he may leave it open, and is called first; an urgent one waits for none. What
    one of us found himself asks for nobody's phone, home or time. `case` must be whole.
    """
    found = case.source == FOUND
    somewhere = case.unit is not None or bool(repair.place)
    lacking = {
        "name_missing": not case.name and not found,
        "phone_missing": not case.phone and not found,
        "place_missing": not somewhere and (found or repair.category in OF_SHARED_AREAS),
        "unit_missing": case.unit is None and not found and repair.category not in OF_SHARED_AREAS,
        "appointed_missing": not appointed
        and (repair.urgency == "planned" or (repair.urgency == "ordinary" and named)),
        "convenient_time_missing": (
            repair.urgency == "ordinary" and not (repair.convenient_time or appointed or named or found)
        ),
    }
    return tuple(code for code, lacks in lacking.items() if lacks)
