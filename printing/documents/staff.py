"""The papers of those who keep the box: 自检页 (what is this printer able to do?) and 安装单 (where is everything?)."""

import re

from printing import glyphs, grids
from printing.documents import parts, secrets
from printing.layout import BUZZERS, ESC, FS, GS, LARGEST, Sheet
from reception import papers
from reception.wording import Words

RULERS = (32, 42, 48, 64)
# What each ROM has and the smaller one has not; the last no ROM has (`printing.md`, Chinese text).
OF_GB2312, OF_GBK, OF_NONE = "中文清晰可读", "喆玥堃镕", "䶮㛃𬱖"

# What the desk's page asks about the long test, in the order of the paper.
LONGEST = Words("哪一行最长又没有折行？", "The longest ruler on one line?")
CLEAR = Words("A B C 哪几行清楚？", "A B C: which rows are clear?")
LARGE = Words("数字逐个变大？粗体、反白？", "Growing figures, bold, reverse?")
SCANS = Words("1、2 哪个码能扫出来？", "1 2: which code scans?")
CUT = Words("切纸了吗？", "Was the paper cut?")
RANG = Words("响铃了吗？", "Did it ring?")

# Without the certificate the desk's browser warns of the desk, and nobody can tell that warning from a true one.
TRUST = (
    Words("前台电脑打开证书网址，越过警告", "Open the certificate, past the warning"),
    Words("指纹一致，才装为受信任的根证书", "Install it as a root if this is its TLS"),
)
STEPS = (
    Words("在前台电脑打开前台网址并登录", "Open the desk page and sign in"),
    Words("逐台打印自检页，清晰即可接待", "Print a check on each printer"),
)


def self_test(sheet: Sheet, paper: papers.SelfTest) -> None:
    """What a printer can do: the long test of the set-up, or the short one of every morning."""
    if paper.whole:
        _whole_test(sheet, paper)
    else:
        _morning_test(sheet, paper)


def _morning_test(sheet: Sheet, paper: papers.SelfTest) -> None:
    sheet.both(Words("打印机自检", "Printer check"), bold=True, size=2)
    sheet.text(paper.printer, align="center", bold=True)
    sheet.rule()
    sheet.both(paper.site)
    if paper.url:
        sheet.qr(paper.url)
    sheet.both(Words("清晰即正常", "Clear means all is well"), bold=True)


def _whole_test(sheet: Sheet, paper: papers.SelfTest) -> None:
    """Print in raw native form whatever the profile says; what must be read in any case is drawn."""
    sheet.picture("打印机自检", bold=True)
    # How wide this printer is, nobody knows yet: nothing here is wider than the narrowest paper.
    for told in (paper.printer, paper.address, paper.model, _properties(sheet, paper)):
        for line in glyphs.wrap(told, min(RULERS)) if told else ():
            sheet.picture(line)
    _ask(sheet, LONGEST)
    for columns in RULERS:
        number = f" {columns}"
        sheet.raw(("-" * (columns - len(number)) + number + "\n").encode())
    _ask(sheet, CLEAR)
    sheet.raw(_native(f"A {OF_GB2312}") + _native(f"B {OF_GBK}"))
    sheet.picture(f"C {OF_NONE}")
    _ask(sheet, LARGE)
    _sizes(sheet)
    sheet.raw(ESC + b"E\x01" + _native("粗体 ABC 123") + ESC + b"E\x00")
    sheet.raw(GS + b"B\x01" + _native(" 反白 ABC 123 ") + GS + b"B\x00")
    _ask(sheet, SCANS)
    for label, native in (("1", True), ("2", False)):
        sheet.text(label, align="center", bold=True, size=2)
        sheet.qr(paper.url or paper.printer, native=native)
    _ask(sheet, CUT)
    if BUZZERS[sheet.profile.buzzer]:
        _ask(sheet, RANG)


def _properties(sheet: Sheet, paper: papers.SelfTest) -> str:
    """Return the settings that the test was made with, for comparing with what came out."""
    chinese = (
        f"{paper.width_dots} 点，{paper.columns} 列，{paper.dpi} dpi\n"
        f"汉字 {_named(paper.chinese)}，二维码{_has(paper.native_qr)}，切刀{_has(paper.cutter)}\n"
        f"蜂鸣 {_named(paper.buzzer)}，确认方式 {_named(paper.confirms)}"
    )
    if not sheet.english:
        return chinese
    return (
        f"{chinese}\n"
        f"{paper.width_dots} dots, {paper.columns} columns, {paper.dpi} dpi\n"
        f"Chinese {paper.chinese}, QR {_yes(paper.native_qr)},\ncutter {_yes(paper.cutter)}, buzzer {paper.buzzer},\n"
        f"confirms {paper.confirms}"
    )


def _yes(able: bool) -> str:
    return "yes" if able else "no"


def _has(able: bool) -> str:
    return "有" if able else "无"


def _named(value: str) -> str:
    return {"none": "无", "unknown": "未知"}.get(value, value)


def _ask(sheet: Sheet, question: Words) -> None:
    sheet.space(12)
    sheet.picture(f"▼ {question.zh}", bold=True)
    if sheet.english:
        sheet.text(f"  {question.en}")


def _native(text: str) -> bytes:
    return FS + b"&" + text.encode("gbk") + FS + b".\n"


def _sizes(sheet: Sheet) -> None:
    """Print the figures 1-8, each as large as it says, on one line as far as the width allows."""
    used, line = 0, b""
    for size in range(1, LARGEST + 1):
        used += size
        if used > sheet.profile.columns:
            break
        line += GS + b"!" + bytes([(size - 1) * 17]) + str(size).encode()
    sheet.raw(line + b"\n" + GS + b"!\x00")


def setup_slip(sheet: Sheet, paper: papers.SetupSlip) -> None:
    """Where everything is, and what to do next."""
    trust = TRUST if paper.fingerprint and paper.desk_url else ()
    parts.heading(sheet, paper, Words("安装单", "Set-up slip"))
    sheet.text(f"Lobbydesk {paper.version}", align="center")
    sheet.rule(dashed=True)
    sheet.fields(
        (Words("前台", "Desk"), paper.desk_url),
        (Words("本机地址", "Address"), paper.address),
        (Words("号票网址", "Tickets"), paper.kiosk_url),
        (Words("叫号屏", "Screen"), paper.display_url),
        (Words("手机访问", "Web"), paper.public_url),
        (Words("前台电话", "Tel"), paper.desk_phone),
        (Words("证书网址", "Cert"), f"{paper.desk_url}/lobbydesk.crt" if trust else ""),
        (Words("证书指纹", "TLS"), _grouped(paper.fingerprint, sheet.profile.columns)),
    )
    if paper.printers:
        sheet.rule(dashed=True)
        sheet.fields(*((Words(label, ""), _address(place, sheet.profile.columns)) for label, place in paper.printers))
    if paper.code:
        secrets.first_login(sheet, paper)
    sheet.rule(dashed=True)
    for number, step in enumerate((*trust, *STEPS), start=1):
        sheet.text(f"{number} {step.zh}", bold=True)
        if sheet.english:
            sheet.text(f"  {step.en}")
    if paper.desk_url:
        sheet.qr(paper.desk_url)
        sheet.both(Words("前台网址", "The desk page"))


def _address(place: str, columns: int) -> str:
    """Return a printer's address with its papers, these on a line of their own where one is too short for both."""
    return place if glyphs.text_width(place) <= columns - grids.INDENT else place.replace(" ", "\n", 1)


def _grouped(fingerprint: str, columns: int) -> str:
    """Return a fingerprint in fours, for the eye: eight or four of them a line."""
    signs = re.sub(r"[^0-9A-Za-z]", "", fingerprint).upper()
    fours = [signs[at : at + 4] for at in range(0, len(signs), 4)]
    line = 8 if columns >= 8 * 5 + grids.INDENT else 4
    return "\n".join(" ".join(fours[at : at + line]) for at in range(0, len(fours), line))
