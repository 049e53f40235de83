"""What several papers have alike: the centre's name, a title, the code that leads to the paper's page."""

from printing.layout import Sheet
from reception import papers
from reception.wording import Words


def centre(sheet: Sheet, paper: papers.Paper) -> None:
    """Print the name of the centre and a rule."""
    sheet.both(paper.site, bold=True)
    sheet.rule()


def heading(sheet: Sheet, paper: papers.Paper, title: Words) -> None:
    """Print the name of the centre and the title of the paper."""
    centre(sheet, paper)
    sheet.both(title, bold=True, size=2)


def code(sheet: Sheet, paper: papers.CodedPaper, on_phone: Words) -> None:
    """Print the code of the paper and what it is for; `on_phone` only where a phone can reach its page."""
    sheet.qr(paper.url)
    if paper.on_phone:
        sheet.both(on_phone)
    else:
        # Phones cannot reach the box by themselves: never promise them (screens.md).
        sheet.both(Words("凭此码在自助机查询", "Show this code at the kiosk"))


def desk_phone(number: str) -> tuple[Words, str]:
    """Return the field of the centre's own telephone."""
    return Words("前台电话", "Desk"), number
