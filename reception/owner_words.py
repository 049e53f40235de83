"""What owners read of their repair, sentence by sentence (`owner_view` says which one holds)."""

from collections.abc import Mapping
from types import MappingProxyType

from reception import acceptance
from reception.fault_records import Fault
from reception.wording import Words

# Why a repair stands still, as its owner reads it (of K2's reasons).
WAITS: Mapping[str, Words] = MappingProxyType(
    {
        "material": Words(
            "暂停：等待配件到货，到货后马上联系您", "Paused: we wait for material and call you when it is here"
        ),
        "owner": Words(
            "暂停：等您方便时继续，请与我们约时间", "Paused until it suits you: please agree on a time with us"
        ),
        "developer": Words(
            "暂停：等待开发商处理，有进展就告诉您", "Paused: we wait for the developer and keep you informed"
        ),
    }
)
CANCELLED: Mapping[str, Words] = MappingProxyType(
    {
        "owner_wish": Words("已按您的要求取消", "Cancelled as you wished"),
        "declined": Words("您未同意报价，已取消", "Cancelled: you did not agree to the price"),
        "nothing_found": Words("现场未发现故障，已取消", "Cancelled: nothing was found broken"),
        "not_ours": Words("不在我们的服务范围，已取消", "Cancelled: it is not ours to repair"),
        acceptance.WITH_FAULT: Words("所属故障已恢复，一并办结", "Ended with the known fault, which is over"),
        "twice": Words("与另一件报修重复，已取消", "Cancelled: it was reported twice"),
    }
)
UNDER_WAY = frozenset({"dispatched", "accepted", "on_site", "suspended"})
ASK_PRICE = Words("请您确认报价，同意后才开始收费维修", "Please answer the price: paid work begins only once you agree")
ASK_CHANGE = Words(
    "报价有变化，请您确认；您同意前，仍按您原先同意的价格",
    "The price has changed, please answer; until you agree, the one you agreed to stands",
)
WITHOUT_CONSENT = Words(
    "已由项目经理决定结案（未经您验收），如有异议请联系我们",
    "Closed by decision of the manager, without your acceptance; please call us if you object",
)
DECLINED = Words(
    "您未同意报价，收费维修暂不进行；如改变主意或有疑问，请与我们联系",
    "You did not agree to the price, so the paid work is not done; if you change your mind or have a question, call us",
)
LATE = Words(
    "已登记，处理晚于承诺的时间，十分抱歉，我们尽快与您联系",
    "Registered. We are later than we promised and are sorry; we contact you as soon as we can",
)
FAULT_OVER = Words("所属故障已恢复，我们会告知您", "The fault it belongs to is over; we tell you")
NOBODY = Words("师傅", "our worker")
# How it stands with a report that was merged: of the other one nothing but this.
TOGETHER: Mapping[str, Words] = MappingProxyType(
    {
        "dispatched": Words("已派师傅", "a worker is sent"),
        "accepted": Words("已派师傅", "a worker is sent"),
        "on_site": Words("师傅已到场", "a worker is on site"),
        "suspended": Words("暂停", "paused for now"),
        "cancelled": Words("已取消", "cancelled"),
    }
    | dict.fromkeys(("registered", "returned", "rework"), Words("正在安排师傅", "we are finding a worker"))
    | dict.fromkeys(("finished", "rechecked", "signed", "followed_up", "closed"), Words("已修好", "repaired"))
)
# One that the manager closed: nobody accepted it as repaired.
CLOSED_TOGETHER = Words("已结案", "closed")
AT_WORK = Words("维修中", "being repaired")


def of_open_fault(fault: Fault, expected: Words | None) -> Words:
    """Return how a repair stands that waits for a known fault; with `expected` None no time is promised."""
    when = expected or Words("恢复后告知您", "we tell you when it is over")
    return Words(
        f"属于{fault.where.zh}的{fault.name.zh}，正在统一抢修，{when.zh}",
        f"It is the known fault ({fault.name.en}, {fault.where.en}), being repaired: {when.en}",
    )
