"""What of a name, a phone number or a unit others may see: the one door of personal data (domain.md K12).

Every function is total: any text in, text out, empty for empty. What a rule does not know, it hides.
"""

import re
import unicodedata
from typing import Final

# Common compound surnames (复姓), simplified and traditional. One left out shows a character less, which
# is the safe side; so those that read as a common surname and a given name (贺兰, 乐正, 叶赫) are left out.
# One run of pairs, cut in twos.
_COMPOUND_SURNAMES: Final = frozenset(
    re.findall(
        "..",
        "欧阳歐陽太史端木上官司马司馬东方東方独孤獨孤南宫南宮万俟"
        "闻人聞人夏侯诸葛諸葛尉迟尉遲公羊赫连赫連澹台澹臺皇甫濮阳"
        "濮陽公冶太叔申屠公孙公孫慕容钟离鍾離长孙長孫宇文司徒鲜于"
        "鮮于司空闾丘閭丘亓官司寇巫马巫馬公西颛孙顓孫壤驷壤駟公良"
        "漆雕宰父谷梁穀梁拓跋拓拔轩辕軒轅令狐百里呼延东郭東郭南门"
        "南門羊舌西门西門第五即墨达奚達奚褚师褚師纳兰納蘭完颜完顏"
        "耶律",
    )
)

# The middle dot of transliterated names, and its look-alikes in common keyboards and fonts.
_NAME_DOTS: Final = frozenset("·•‧・･∙⋅")

_MOBILE: Final = re.compile(r"1[0-9]{10}")
# Area codes: 010 and 02x have three digits, all others four; a subscriber number never begins with 0 or 1.
_LANDLINE: Final = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})(-?)([2-9][0-9]{6,7})")
_BUILDING: Final = re.compile(r"([0-9A-Za-z]{1,8})(?:号楼|-[0-9A-Za-z]{1,8}-[0-9A-Za-z]{1,8})?")


def mask_name(name: str) -> str:
    """A name with its surname left and '*' for each other character (K12): 张三丰 -> 张**.

    A compound surname keeps two characters, unless it is the whole name; one character alone becomes
    '*'; a name with a middle dot keeps its first character; a Latin name keeps its first letter and its
    spaces. The length never changes; spaces around the name stay.
    """
    body = name.strip()
    if not body:
        return name
    start = name.index(body)
    return name[:start] + _mask_body(body) + name[start + len(body) :]


def mask_phone(phone: str) -> str:
    """A phone number with its middle hidden (K12): 13812345678 -> 138****5678.

    A landline keeps its area code and the last two digits (01062345678 -> 010******78, a hyphen stays);
    anything else becomes '*' throughout. The length never changes.
    """
    if _MOBILE.fullmatch(phone):
        return phone[:3] + "****" + phone[-4:]
    landline = _LANDLINE.fullmatch(phone)
    if landline:
        area, hyphen, local = landline.groups()
        return area + hyphen + "*" * (len(local) - 2) + local[-2:]
    return "*" * len(phone)


def mask_plates(plates: str) -> str:
    """Number plates, each with its place alone left: 沪A12345 粤B88888 -> 沪A***** 粤B*****; the length stays."""
    return " ".join(
        plate[:2] + "*" * (len(plate) - 2) if len(plate) > 4 else "*" * len(plate) for plate in plates.split(" ")
    )


def public_unit(unit: str) -> str:
    """The building alone, as public paper may name it (K12): '3-1-101' or '3' -> '3号楼'.

    Takes the building, or the whole unit as `people.parse_unit` knows it. A single word is taken as the
    building: never pass a room alone. Any other text gives '' and so shows nothing.
    """
    match = _BUILDING.fullmatch(unit)
    return f"{match[1]}号楼" if match else ""


def _mask_body(body: str) -> str:
    if len(body) == 1:
        return "*"
    if _is_latin(body[0]):
        return body[0] + "".join(" " if char == " " else "*" for char in body[1:])
    dotted = any(char in _NAME_DOTS for char in body)
    shown = 2 if not dotted and len(body) > 2 and body[:2] in _COMPOUND_SURNAMES else 1
    return body[:shown] + "*" * (len(body) - shown)


def _is_latin(char: str) -> bool:
    return char.isalpha() and unicodedata.name(char, "").startswith("LATIN ")
