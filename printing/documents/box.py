"""停电应急卡: the lobby goes on by hand, and nothing of it is lost afterwards."""

from collections.abc import Iterable

from printing.documents import parts
from printing.layout import LEADING, Sheet
from reception import papers
from reception.wording import Words

CALM = Words("停电前取的号仍然有效，照常接待", "Numbers from before stay good")
OFF = (
    Words("不要拔主机的电源线；来电后它自己启动", "Leave the box plugged in: it restarts by itself"),
    Words("拿出手写号票；没有就用白纸", "Take the blank slips, or plain paper"),
    Words("写号码、时间、业务，交给来访人", "Write number, time and line; hand it over"),
    Words("登记本上记：号码、时间、房号、电话、事由", "Note number, time, home, phone, matter"),
    Words("按号叫人，接待完的打勾", "Call by number, tick who was served"),
    Words("急修、困人：立即打电话派人，再登记", "Urgent repair, lift: phone first, note then"),
)
NUMBERS = Words("号码接着最后一个往下写", "Count on from the last number")
BACK = (
    Words("等两分钟；主机没亮就按一次电源键", "Wait 2 minutes; if dark, press power once"),
    Words("看“主机状态”：时间不对就请主管校时", "See “How the box is”: is the time right?"),
    Words("看“打印机”：停电时没出完的单据逐张处理", "See “Printers”: papers that need a look"),
    Words("在“手写号码”补录号码和时间", "Enter the numbers: “Hand-written numbers”"),
    Words("把登记本上的报修、投诉补录进去", "Enter repairs and complaints from the book"),
)


def power_cut_card(sheet: Sheet, paper: papers.PowerCutCard) -> None:
    """What to do while the power is off, and once it is back."""
    parts.heading(sheet, paper, Words("停电应急卡", "Power-cut card"))
    sheet.both(CALM, bold=True)
    _part(sheet, Words("停电时", "While it is off"), OFF)
    sheet.rule(dashed=True)
    sheet.both(NUMBERS, bold=True)
    no = f"{paper.first:03d}"
    sheet.both(Words(f"不知道最后一个号，就从 {no} 开始", f"Not known? Begin with {no}"))
    sheet.space(LEADING)
    for line in paper.lines:
        sheet.text(f"{line.zh} {line.en}" if sheet.english else line.zh, bold=True)
    _part(sheet, Words("来电后", "Once it is back"), BACK)
    sheet.rule(dashed=True)
    sheet.text("火警 119   急救 120   报警 110", align="center", bold=True)
    if paper.desk_phone:
        sheet.text(" ".join([sheet.label(Words("前台电话", "Desk")), paper.desk_phone]), align="center")


def _part(sheet: Sheet, title: Words, steps: Iterable[Words]) -> None:
    sheet.space(LEADING)
    sheet.reversed_band(f" {title.zh} {title.en} " if sheet.english else f" {title.zh} ")
    for number, step in enumerate(steps, start=1):
        sheet.text(f"{number} {step.zh}", bold=True)
        if sheet.english:
            sheet.text(f"  {step.en}")
