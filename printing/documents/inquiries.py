"""受理便条: the note for whoever was promised an answer. Name and phone come masked."""

from printing.documents import parts
from printing.documents.receipts import FOLLOW
from printing.grids import Row
from printing.layout import Sheet
from reception import papers
from reception.wording import Words


def note(sheet: Sheet, paper: papers.InquiryNote) -> None:
    """What was asked, and by when the person hears: framed, for that is what he looks for at home."""
    parts.heading(sheet, paper, Words("咨询受理便条", "Inquiry note"))
    sheet.text(paper.no, align="center", bold=True, size=2)
    english = f"\n{paper.expected.en}" if sheet.english else ""
    sheet.frame(Row((paper.expected.zh + english,), bold=True, align="center"))
    sheet.fields(
        (Words("类别", "Type"), paper.category),
        (Words("咨询内容", "Question"), paper.question),
        (Words("承办", "With"), paper.department),
        parts.desk_phone(paper.desk_phone),
        (Words("姓名", "Name"), paper.name),
        (Words("电话", "Phone"), paper.phone),
        (Words("号票", "Ticket"), paper.ticket_no),
    )
    parts.code(sheet, paper, FOLLOW)
