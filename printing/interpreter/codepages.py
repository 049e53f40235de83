"""Which character a byte of text stands for: ESC t code tables, ESC R national sets, two-byte Chinese codes.

Source: Epson, *ESC/POS Command Reference*, Character Commands (ESC t, ESC R) and the character code tables.
"""

# ESC t n -> Python's name of the same table. Tables Python does not have are left out: their upper half is
# then shown as "no such character".
_TABLES = {
    0: "cp437", 1: "cp932", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857", 14: "cp737", 15: "iso8859_7",
    16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858", 21: "cp874", 32: "cp720", 33: "cp775", 34: "cp855",
    35: "cp861", 36: "cp862", 37: "cp864", 38: "cp869", 39: "iso8859_2", 40: "iso8859_15", 44: "cp1125",
    45: "cp1250", 46: "cp1251", 47: "cp1253", 48: "cp1254", 49: "cp1255", 50: "cp1256", 51: "cp1257", 52: "cp1258",
    53: "kz1048",
}  # fmt: skip

# ESC R n -> what stands in the places of  # $ @ [ \ ] ^ ` { | } ~
_PLACES = "#$@[\\]^`{|}~"
_SETS = {
    "U.S.A.": "#$@[\\]^`{|}~",
    "France": "#$à°ç§^`éùè¨",
    "Germany": "#$§ÄÖÜ^`äöüß",
    "U.K.": "£$@[\\]^`{|}~",
    "Denmark I": "#$@ÆØÅ^`æøå~",
    "Sweden": "#¤ÉÄÖÅÜéäöåü",
    "Italy": "#$@°\\é^ùàòèì",
    "Spain I": "₧$@¡Ñ¿^`¨ñ}~",
    "Japan": "#$@[¥]^`{|}~",
    "Norway": "#¤ÉÆØÅÜéæøåü",
    "Denmark II": "#$ÉÆØÅÜéæøåü",
    "Spain II": "#$á¡Ñ¿é`íñóú",
    "Latin America": "#$á¡Ñ¿éüíñóú",
    "Korea": "#$@[₩]^`{|}~",
    "Slovenia, Croatia": "#$ŽŠĐĆČžšđćč",
    "China": "#¥@[\\]^`{|}~",
}
NATIONS, _NATIONAL = tuple(_SETS), tuple(_SETS.values())

NO_CHARACTER = "\ufffd"
CHINESE_CODES = ("gbk", "gb2312", "gb18030", "none")


def is_table(n: int) -> bool:
    """Whether ESC t n names a table known here."""
    return n in _TABLES


def is_national_set(n: int) -> bool:
    """Whether ESC R n names a national set known here."""
    return n < len(_NATIONAL)


def table_name(n: int) -> str:
    """Python's name of ESC t table `n`; "unknown" if it is not known here."""
    return _TABLES.get(n, "unknown")


def single_byte(byte: int, table: int, national: int) -> str:
    """The character of one byte under ESC t `table` and ESC R `national`; U+FFFD if there is none."""
    if byte < 0x80:
        character = chr(byte)
        place = _PLACES.find(character)
        if place >= 0:
            return _NATIONAL[national][place]
        return character if byte != 0x7F else NO_CHARACTER
    character = bytes([byte]).decode(_TABLES.get(table, "ascii"), errors="replace")
    return character if character.isprintable() else NO_CHARACTER if character != "\xa0" else " "


def is_lead(byte: int) -> bool:
    """Whether a byte opens a two-byte Chinese character (GBK: 81-FE)."""
    return 0x81 <= byte <= 0xFE


def double_byte(pair: bytes, chinese: str) -> str | None:
    """The character of two bytes, U+FFFD if the ROM has none there, None if the second can follow no lead.

    `chinese` is the ROM: "gb2312", or "gbk" (used for "gb18030" too, whose four-byte codes no ROM prints).
    """
    if not 0x40 <= pair[1] <= 0xFE or pair[1] == 0x7F:
        return None
    try:
        character = pair.decode("gb2312" if chinese == "gb2312" else "gbk")
    except UnicodeDecodeError:
        return NO_CHARACTER
    return character if len(character) == 1 else NO_CHARACTER
