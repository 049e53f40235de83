"""收款收据, and the same for money given back: the sum is the hero, in digits and in 大写; it is no invoice."""

from printing.documents import parts
from printing.grids import Row
from printing.layout import Sheet
from reception import papers
from reception.wording import Words

SEAL = 4  # rows: room for the centre's round seal, which is 40 mm wide at most
NOTHING_DUE = "0.00"


def receipt(sheet: Sheet, paper: papers.PaymentReceipt) -> None:
    """How much, for what, by which way; with room for the seal."""
    title = Words("退款收据", "Refund receipt") if paper.refund else Words("收款收据", "Payment receipt")
    parts.heading(sheet, paper, title)
    sheet.both(Words("（非发票）", "(not a tax invoice)"), bold=True)
    sheet.text(paper.no, align="center", bold=True)
    sheet.rule(dashed=True)
    said = Words("本次退款", "Refunded") if paper.refund else Words("本次收款", "Received")
    sheet.text(sheet.label(said), align="center")
    sheet.text(f"￥{paper.amount}", align="center", bold=True, size=2)
    sheet.text(paper.capital, align="center", bold=True)
    sheet.rule(dashed=True)
    lines(sheet, paper.lines, paper.total)
    due = "" if paper.refund or paper.due == NOTHING_DUE else f"￥{paper.due}"
    sheet.fields(
        (Words("待收", "Still due"), due),
        (Words("方式", "Method"), paper.method),
        (Words("退款原因", "Reason"), paper.reason),
        (Words("报修单", "Case"), paper.case_no),
        (Words("付款人", "Payer"), paper.name) if not paper.refund else (Words("收款人", "Payee"), paper.name),
        (Words("住址", "Home"), paper.unit),
        (Words("经手人", "Cashier"), paper.taken_by),
        parts.desk_phone(paper.desk_phone),
    )
    seal = sheet.label(Words("单位盖章", "Seal"))
    if paper.refund:
        sheet.frame(Row((sheet.label(Words("领款人签字", "Received by")), seal), height=SEAL))
    else:
        sheet.frame(Row((seal,), height=SEAL))
        sheet.both(Words("开发票请凭此到前台", "Show it for a tax invoice"))


def lines(sheet: Sheet, found: tuple[papers.PriceLine, ...], total: str) -> None:
    """Print the lines of a price and their sum: `龙头更换 2个 × 30.00 = 60.00`."""
    if not found:
        return
    rows = [
        (sheet.label(Words(line.name, line.name_en)), f"{line.quantity} ×", line.price, "=", line.amount)
        for line in found
    ]
    sheet.table([*rows])
    sheet.pair(sheet.label(Words("合计", "Total")), f"￥{total}", bold=True)
    sheet.rule(dashed=True)
