"""停电应急卡: the lobby goes on by hand, and nothing of it is lost afterwards."""

from collections.abc import Iterable

from printing.documents import parts
from printing.layout import LEADING, Sheet
from reception import papers
from reception.wording import Words

CALM = Words("停电前取的号仍然有效，照常接待", "Numbers from before stay good")
# No longer than a line of the narrowest paper, in Chinese.
OFF = (
    Words("主机别拔电源，来电自己启动", "Leave the box plugged in"),
    Words("拿出手写号票；没有就用白纸", "Take the blank slips, or paper"),
    Words("写号码、时间、业务，交给来访人", "Write number, time and service"),
    Words("本子上记时间、房号、电话、事由", "Note time, home, phone, matter"),
    Words("按号叫人，接待完的打勾", "Call by number, tick when done"),
    Words("急修、困人先打电话派人，再登记", "Urgent, lift: phone first"),
)
NUMBERS = Words("号码接着最后一个往下写", "Count on from the last number")
BACK = (
    Words("等两分钟，没亮就按一次电源键", "Wait 2 min; if dark: power key"),
    Words("主机状态：时间不对请经理校时", "How the box is: check the time"),
    Words("打印机：没出完的单据逐张处理", "Printers: papers to look at"),
    Words("手写号票：补录号码和时间", "Hand-written numbers: enter"),
    Words("把本子上的报修、投诉补录进去", "Enter what is in the book"),
)

DESK, KEEPER = Words("前台电话", "Desk"), Words("主机负责人", "Box")


def power_cut_card(sheet: Sheet, paper: papers.PowerCutCard) -> None:
    """What to do while the power is off, and once it is back."""
    parts.heading(sheet, paper, Words("停电应急卡", "Power-cut card"))
    sheet.both(CALM, bold=True)
    _part(sheet, Words("停电时", "While it is off"), OFF)
    sheet.rule(dashed=True)
    sheet.both(NUMBERS, bold=True)
    no = f"{paper.first:03d}"
    sheet.both(Words(f"不知道最后一个号，就从 {no} 开始", f"Not known: begin with {no}"))
    sheet.space(LEADING)
    for line in paper.lines:
        sheet.text(f"{line.zh} {line.en}" if sheet.english else line.zh, bold=True)
    _part(sheet, Words("来电后", "Once it is back"), BACK)
    sheet.rule(dashed=True)
    sheet.text("火警 119   急救 120   报警 110", align="center", bold=True)
    for words, phone in ((DESK, paper.desk_phone), (KEEPER, paper.keeper_phone)):
        if phone:
            sheet.text(f"{sheet.label(words)} {phone}", align="center")


def _part(sheet: Sheet, title: Words, steps: Iterable[Words]) -> None:
    sheet.space(LEADING)
    sheet.reversed_band(f" {title.zh} {title.en} " if sheet.english else f" {title.zh} ")
    for number, step in enumerate(steps, start=1):
        sheet.text(f"{number} {step.zh}", bold=True)
        if sheet.english:
            sheet.text(f"  {step.en}")
