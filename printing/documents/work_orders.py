"""维修工作单: the worker's copy whole, the owner's masked; both with the boxes that are filled in on the spot."""

from printing.documents import parts, payments
from printing.grids import Row
from printing.layout import Sheet
from reception import papers
from reception.wording import Words

MATERIAL_LINES = 3
NARROW = 40  # columns: on narrower paper a line of material has no boxes for number and price
RESULTS = (Words("结果", "Result"), Words("□修好", "Done"), Words("□未修好", "Not yet"))
GRADES = range(1, 6)  # `domain.md` K9
WRITING = 2  # rows: 9 mm with their edges, enough for a pen


def work_order(sheet: Sheet, paper: papers.WorkOrder) -> None:
    """The order to a worker, or the same for the owner's own records."""
    parts.heading(sheet, paper, Words("维修工作单", "Work order"))
    if paper.paid:
        # The form follows from who bears it (domain.md RUL-09).
        sheet.both(Words("《业主报修有偿服务登记表》", "Register of paid repairs"), bold=True)
    copy = Words("维修联", "Worker's copy") if paper.for_worker else Words("业主联", "Owner's copy")
    sheet.text(f"[ {sheet.label(copy)} ]", align="center", bold=True)
    if paper.edition > 1:
        english = f"\nEdition {paper.edition}, replaces all before" if sheet.english else ""
        sheet.reversed_band(f"更新版 第{paper.edition}版，旧版作废{english}")
    sheet.text(paper.no, align="center", bold=True, size=2)
    if paper.for_worker:
        # What the worker looks for on the stairs.
        sheet.rule(dashed=True)
        for line in (paper.unit, f"{paper.name} {paper.phone}"):
            sheet.text(line, align="center", bold=True, size=2)
        sheet.rule(dashed=True)
    if paper.urgent:
        sheet.reversed_band(sheet.label(paper.urgency))
    kind = Words(f"{paper.urgency.zh} · {paper.category.zh}", f"{paper.urgency.en} · {paper.category.en}")
    sheet.both(kind, bold=True)
    if paper.expected.zh:
        sheet.both(paper.expected, bold=True)
    if paper.appointed:
        sheet.text(f"{sheet.label(Words('上门', 'On site'))} {paper.appointed}", bold=True)
    sheet.fields(
        (Words("维修人员", "Worker"), paper.worker),
        (Words("报修内容", "Matter"), paper.content),
        (Words("位置", "Place"), paper.place),
        (Words("方便时间", "When"), paper.convenient_time),
        (Words("住址", "Home"), "" if paper.for_worker else paper.unit),
        (Words("姓名", "Name"), "" if paper.for_worker else paper.name),
        (Words("电话", "Phone"), "" if paper.for_worker else paper.phone),
        (Words("报修单", "Case"), paper.case_no),
        (Words("返修，原单", "Rework of"), paper.reworks),
        (Words("部门", "With"), paper.department),
        (Words("保修判定", "Borne by"), paper.liability),
        parts.desk_phone(paper.desk_phone),
    )
    if paper.paid:
        _price(sheet, paper)
    _boxes(sheet, recheck=paper.recheck)
    if paper.for_worker:
        sheet.qr(paper.url)
        sheet.both(Words("完工后凭此码到前台销单", "Show it at the desk when done"))
    else:
        parts.code(sheet, paper, Words("手机扫码查看进度", "Scan to follow on your phone"))


def _price(sheet: Sheet, paper: papers.WorkOrder) -> None:
    """Print the price and how the owner agreed to it; else the box where he does, before any work (`domain.md` K3, 8).

    Without a price there is room for the worker to write the one he quotes on the spot.
    """
    sheet.rule(dashed=True)
    payments.lines(sheet, paper.price_lines, paper.price_total)
    if paper.consent.zh:
        sheet.both(paper.consent, bold=True)
        return
    label = sheet.label
    ask = Words("业主同意上述价格后施工", "Work begins once the owner agrees")
    rows = [Row((ask.zh + (f"\n{ask.en}" if sheet.english else ""),), bold=True, align="center")]
    if not paper.price_lines:
        rows += [Row((label(Words("报价", "Quote")) + " ￥",), height=WRITING)]
    rows += [Row((label(Words("业主同意签字", "Agreed")), label(Words("时间", "Time"))), (3, 2), WRITING + 1)]
    sheet.frame(*rows)


def _boxes(sheet: Sheet, *, recheck: bool) -> None:
    """Print what is filled in by hand: times, materials, labour, result, satisfaction, signatures (`domain.md` J5)."""
    label = sheet.label
    # Lines of a frame touch; in Chinese alone both have room on one.
    apart = "\n" if sheet.english else "  "
    grades = label(Words("满意度", "Satisfaction")) + apart + label(Words("1 不满意 - 5 满意", "(5: good)"))
    # FRM-03: before the owner signs.
    inspected = Row((label(Words("复检（保修）", "Inspected")), label(Words("日期", "Date"))), (3, 2), WRITING)
    sheet.frame(
        Row((label(Words("到场时间", "Arrived")), label(Words("完工时间", "Finished"))), height=WRITING),
        *_materials(sheet),
        Row((label(Words("工时", "Labour")), label(Words("合计", "Total")) + " ￥"), height=WRITING),
        Row(tuple("\n".join(words) if sheet.english else words.zh for words in RESULTS)),
        *([inspected] if recheck else []),
        Row((grades,)),
        Row(tuple(f"□{grade}" for grade in GRADES), align="center"),
        Row((label(Words("业主签字", "Owner")), label(Words("维修签字", "Worker"))), height=WRITING + 1),
    )


def _materials(sheet: Sheet) -> list[Row]:
    heads = [Words("材料", "Materials"), Words("数量", "Qty"), Words("单价", "Price"), Words("金额", "Sum")]
    shares: tuple[int, ...] = (8, 3, 4, 4)
    if sheet.profile.columns < NARROW:
        heads, shares = [Words("材料 × 数量", "Materials"), Words("金额", "Sum")], (9, 4)
    head = Row(tuple(map(sheet.label, heads)), shares)
    return [head, *[Row(("",) * len(heads), shares, WRITING)] * MATERIAL_LINES]
