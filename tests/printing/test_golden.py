"""Every paper against its picture in `golden/`, which somebody looked at: drawn by the interpreter from real bytes.

After a change that is meant: `RENEW_GOLDEN=1 .venv/bin/pytest tests/printing/test_golden.py`, then look at each
picture that changed before it is committed.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw

from printing.interpreter import MARGIN
from reception.wording import Words
from tests.printing.samples import PAID, WHOLE, printed, profile, sample

GOLDEN = Path(__file__).parent / "golden"
PAPERS: dict[str, tuple[str, dict[str, Any], int]] = {
    "ticket": ("ticket", {}, 0),
    "ticket-reprint": ("ticket", {"ahead": 0, "on_phone": True}, 2),
    "ticket-with-wait": ("ticket", {"wait_low": 10, "wait_high": 25}, 0),
    "emergency-slip": ("emergency_slip", {"place": ""}, 0),
    "repair-receipt": ("repair_receipt", {}, 0),
    "result-slip": ("result_slip", {}, 0),
    "complaint-receipt": ("complaint_receipt", {"on_phone": True}, 0),
    "inquiry-note": ("inquiry_note", {}, 0),
    "private-receipt": ("private_receipt", {"on_phone": True}, 0),
    "work-order-worker": ("work_order", WHOLE | {"recheck": True}, 0),
    "work-order-owner": ("work_order", {}, 0),
    "work-order-paid": ("work_order", WHOLE | PAID, 0),
    "work-order-paid-agreed": (
        "work_order",
        PAID | {"consent": Words("业主已同意（当面）", "Agreed (face to face)")},
        0,
    ),
    "work-order-paid-to-quote": ("work_order", WHOLE | PAID | {"price_lines": (), "price_total": ""}, 0),
    "work-order-undetermined": (
        "work_order",
        WHOLE | {"liability": Words("保修待定", "To be determined"), "recheck": True},
        0,
    ),
    "work-order-second-edition": ("work_order", WHOLE | PAID | {"edition": 2}, 0),
    "payment-receipt": ("payment_receipt", {}, 0),
    "payment-receipt-part": (
        "payment_receipt",
        {
            "amount": "50.00",
            "capital": "人民币伍拾元整",
            "due": "67.50",
            "cash": True,
            "method": Words("现金", "Cash"),
        },
        0,
    ),
    "refund-receipt": (
        "payment_receipt",
        {"refund": True, "amount": "7.50", "capital": "人民币柒元伍角", "reason": "少做半小时", "no": "YS20261123-002"},
        0,
    ),
    "reception-slip": ("reception_slip", {}, 0),
    "visit-day-slip": ("visit_day_slip", {}, 0),
    "visit-day-slip-provisional": ("visit_day_slip", {"provisional": True, "edition": 2}, 0),
    "visit-day-slip-waiting": ("visit_day_slip", {"starts": "", "waiting": 2, "provisional": True}, 0),
    "decision-slip": ("decision_slip", {}, 0),
    "decision-slip-again": ("decision_slip", {"again": True, "on_phone": True}, 0),
    "appointment-slip": ("appointment_slip", {}, 0),
    "appointment-slip-changed": ("appointment_slip", {"edition": 2, "bring": "", "on_phone": True}, 0),
    "handover-bringer": ("handover_slip", {"for_item": False, "sender": "锦绣建设公司"}, 0),
    "handover-item": ("handover_slip", {}, 0),
    "release-holder": ("release_slip", {"for_gate": False, "unit": "1号楼"}, 0),
    "release-gate": ("release_slip", {}, 0),
    "materials-slip": ("materials_slip", {"no": ""}, 0),
    "materials-missing": ("materials_slip", {"forms": (), "fees": ()}, 0),
    "fault-list": ("fault_list", {}, 0),
    "fault-list-masked": ("fault_list", {"whole": False, "homes": (Words("3-1-101", "张** 138****5678"),)}, 0),
    "self-test-whole": ("self_test", {}, 0),
    "self-test-short": ("self_test", {"whole": False}, 0),
    "supervision-slip": ("supervision_slip", {}, 0),
    "fee-notice": ("fee_notice", {}, 0),
    "fee-notice-in-time": ("fee_notice", {"late": "", "remarks": ()}, 0),
    "setup-slip": ("setup_slip", {}, 0),
    "setup-slip-first": ("setup_slip", {"login": "admin", "code": "7K3M-Q8ZT-49XA"}, 0),
    "recovery-key": ("recovery_key", {}, 0),
    "hand-slip": ("hand_slip", {}, 0),
    "power-cut-card": ("power_cut_card", {}, 0),
    "work-log": ("work_log", {}, 0),
    "evacuation-roll": ("evacuation_roll", {}, 0),
    "day-agenda": ("day_agenda", {}, 0),
}
MILLIMETRES = {80: 576, 58: 384}
LANGUAGES = {"zh": False, "en": True}
CASES = [f"{name}-{width}-{language}" for name in PAPERS for width in MILLIMETRES for language in LANGUAGES]

# Another version of the font draws a stroke a dot aside or a dot thicker: a dot counts only if none of its colour is
# next to its place in the other picture. So many of those in one tile are still no other character.
TILE, FEW = 16, 4


def drawn(case: str, **other: Any) -> Image.Image:
    """Return the paper of a case as its printer makes it; `other` replaces some of its facts."""
    name, width, language = case.rsplit("-", 2)
    kind, facts, copy_no = PAPERS[name]
    paper = sample(kind, **{"english": LANGUAGES[language], **facts, **other})
    return printed(paper, profile(MILLIMETRES[int(width)]), copy_no=copy_no).image


def differs(one: Image.Image, other: Image.Image) -> str:
    """Return where two pictures differ by more than the tolerance, or nothing."""
    if one.size != other.size:
        return f"{one.size} dots, not {other.size}"
    beyond = ImageChops.lighter(_beyond(one, other), _beyond(other, one))
    # Whole tiles, so that the dots at the right and lower edge count as much as any.
    room = Image.new("L", (-(-one.width // TILE) * TILE, -(-one.height // TILE) * TILE))
    room.paste(beyond)
    tiles = room.reduce(TILE).point(lambda grey: 255 if grey * TILE * TILE > FEW * 255 else 0)
    return f"tiles of {TILE} dots: {tiles.getbbox()}" if tiles.getbbox() else ""


def _beyond(one: Image.Image, other: Image.Image) -> Image.Image:
    """Return the dots of one picture, black and white, that have none of their colour near them in the other."""
    white, near = one.convert("L"), other.convert("L")
    lost = ImageChops.subtract(ImageChops.invert(white), _spread(ImageChops.invert(near)))
    return ImageChops.lighter(lost, ImageChops.subtract(white, _spread(near)))


def _spread(dots: Image.Image) -> Image.Image:
    """Return the dots and all that are next to one of them. MaxFilter does the same ten times as slowly."""
    across = ImageChops.lighter(ImageChops.offset(dots, 1, 0), ImageChops.offset(dots, -1, 0))
    row = ImageChops.lighter(dots, across)
    return ImageChops.lighter(row, ImageChops.lighter(ImageChops.offset(row, 0, 1), ImageChops.offset(row, 0, -1)))


@pytest.mark.parametrize("case", CASES)
def test_a_paper_looks_as_it_did(case: str, tmp_path: Path) -> None:
    picture, path = drawn(case), GOLDEN / f"{case}.png"
    if os.environ.get("RENEW_GOLDEN"):
        picture.save(path, optimize=True)
    with Image.open(path) as golden:
        difference = differs(picture, golden.convert("1"))
    if difference:
        picture.save(tmp_path / path.name)
        pytest.fail(f"{path.name} differs ({difference}); as it is now: {tmp_path / path.name}")


def test_no_picture_is_left_over() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.png")) == sorted(CASES)


@pytest.mark.parametrize(
    ("case", "facts"),
    [
        ("ticket-80-zh", {"ahead": 4}),
        ("ticket-80-zh", {"no": "A007"}),
        ("ticket-58-en", {"at": "2026-11-23 10:25"}),
        ("ticket-80-en", {"on_phone": True}),
        ("repair-receipt-58-zh", {"content": "厨房水槽下面的水管漏水。请尽快派师傅来。"}),
        ("repair-receipt-80-en", {"phone": "138****5673"}),
        ("complaint-receipt-80-zh", {"name": "王**"}),
        ("visit-day-slip-80-zh", {"hours": "10:00-12:30"}),
        ("work-order-worker-58-zh", {"unit": "1-1-107"}),
        ("setup-slip-58-en", {"version": "0.1.9"}),
    ],
)
def test_one_changed_character_is_seen(case: str, facts: dict[str, Any]) -> None:
    assert differs(drawn(case), drawn(case, **facts))


Change = Callable[[Image.Image], None]


def lose_a_line(picture: Image.Image) -> None:
    picture.paste(1, (0, picture.height - 70, picture.width, picture.height))


def move_a_line(picture: Image.Image) -> None:
    line = picture.crop((0, picture.height - 70, picture.width, picture.height - 3))
    picture.paste(line, (0, picture.height - 67))


def shift_a_line(picture: Image.Image) -> None:
    line = picture.crop((0, picture.height - 70, picture.width, picture.height))
    picture.paste(line, (3, picture.height - 70))


def lose_a_rule(picture: Image.Image) -> None:
    # The rule below the name of the centre: of two dots, so that it is the thinnest thing on the paper.
    ink = [row for row in range(48, 150) if picture.crop((MARGIN, row, MARGIN + 384, row + 1)).histogram()[0] > 300]
    assert ink
    picture.paste(1, (0, ink[0], picture.width, ink[-1] + 1))


@pytest.mark.parametrize("change", [lose_a_line, move_a_line, shift_a_line, lose_a_rule])
@pytest.mark.parametrize("case", ["ticket-80-zh", "repair-receipt-58-en"])
def test_a_line_lost_or_moved_is_seen(case: str, change: Change) -> None:
    whole = drawn(case)
    changed = whole.copy()
    change(changed)
    assert differs(whole, changed)


@pytest.mark.parametrize("case", [case for case in CASES if case.endswith("en")])
def test_what_another_version_of_the_font_changes_is_not(case: str) -> None:
    whole = drawn(case)
    grey = whole.convert("L")
    assert not differs(whole, ImageChops.offset(grey, 0, 1))
    # A stroke here and there a dot thicker.
    heavier, rows = grey.copy(), Image.new("1", whole.size)
    for row in range(0, whole.height, 12):
        ImageDraw.Draw(rows).rectangle((0, row, whole.width, row + 1), fill=1)
    heavier.paste(ImageChops.darker(grey, ImageChops.offset(grey, 1, 0)), mask=rows)
    assert not differs(whole, heavier)
