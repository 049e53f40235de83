"""Money: whole fen, as people type it, as papers show it in digits and in 大写 (domain.md SYS-06, K11)."""

import re
from typing import Final

LARGEST: Final = 999_999_999  # fen: ten million yuan less one fen; nothing in a repair comes near it
MOST: Final = 999_999  # hundredths of a unit

# A Chinese keyboard gives full-width digits, and its own full stop where the point is.
_TYPED: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("。"): ".", ord("￥"): "¥"}
_YUAN: Final = re.compile(r"¥?([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.([0-9]{1,2}))?元?")
_QUANTITY: Final = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,2}))?")

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("", "拾", "佰", "仟")
_SECTIONS: Final = ("", "万", "亿")


def as_typed(text: str) -> str:
    """A number as it was typed, in half-width characters and without spaces."""
    return "".join(text.translate(_TYPED).split())


def parse_yuan(text: str) -> int:
    """The fen of an amount typed in yuan: '12', '12.5', '12.50', '1,200', '￥12元', in full-width digits too.

    Refuses what is no amount, a negative one or a part of a fen (`money_invalid`), and more than `LARGEST`
    (`money_too_large`).
    """
    match = _YUAN.fullmatch(as_typed(text))
    if match is None:
        raise ValueError("money_invalid")
    fen = int(match[1].replace(",", "")) * 100 + int((match[2] or "").ljust(2, "0"))
    if fen > LARGEST:
        raise ValueError("money_too_large")
    return fen


def format_yuan(fen: int) -> str:
    """An amount in yuan with both decimals, '1234.50': what `parse_yuan` reads; a negative one with its sign."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def parse_quantity(text: str) -> int:
    """The hundredths of a quantity: '1' is 100, '1.5' is 150. Refuses zero and what is none (`quantity_invalid`)."""
    match = _QUANTITY.fullmatch(as_typed(text))
    hundredths = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else 0
    if not 0 < hundredths <= MOST:
        raise ValueError("quantity_invalid")
    return hundredths


def format_quantity(hundredths: int) -> str:
    """A quantity as people write it: '1', '1.5', '0.25'."""
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02d}".rstrip("0") if part else str(whole)


def amount(quantity: int, price_fen: int) -> int:
    """Hundredths of a unit times the price of one, rounded half up to a fen: as the store's own check reckons."""
    return (quantity * price_fen + 50) // 100


def capital(fen: int) -> str:
    """An amount in 大写 as the rules for cheques write it (支付结算办法, 附一): 人民币壹佰贰拾叁元肆角伍分.

    整 stands after 元, not after 角 or 分. A 零 stands for zeros between digits, and after 元 where its last digit or
    the 角 is zero. Refuses a negative amount and more than twelve digits of yuan (`money_invalid`).
    """
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    if fen < 0 or yuan >= 10**12:
        raise ValueError("money_invalid")
    text = _whole(yuan) + "元" if yuan or not rest else ""
    if not rest:
        return f"人民币{text}整"
    if yuan and (jiao == 0 or yuan % 10 == 0):
        text += _DIGITS[0]
    text += _DIGITS[jiao] + "角" if jiao else ""
    return f"人民币{text}" + (_DIGITS[cents] + "分" if cents else "")


def _whole(yuan: int) -> str:
    """Whole yuan in words, in sections of four digits."""
    if not yuan:
        return _DIGITS[0]
    text, gap = "", False
    for number in range(len(_SECTIONS) - 1, -1, -1):
        section = yuan // 10 ** (4 * number) % 10**4
        if not section:
            gap = bool(text)
            continue
        if text and (gap or section < 1000):
            text += _DIGITS[0]
        text, gap = text + _section(section) + _SECTIONS[number], False
    return text


def _section(section: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = section // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += (_DIGITS[0] if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return text
