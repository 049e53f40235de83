"""Names as they are typed without an input method: 张建国 is found by zjg and by zhangjianguo."""

from itertools import islice, product
from typing import Final

from db.store import Store, writing

# A character may be read in several ways, a surname above all (单, 曾); so many readings of a name are kept.
READINGS: Final = 12
# So many names a search spells before it looks: all of a day's in a blink, those of an old store little by little.
AT_ONCE: Final = 2000


def letters(text: str) -> str:
    """Return what counts of a typed name: its letters, small."""
    return "".join(character for character in text.casefold() if character.isalpha())


def spellings(name: str) -> set[str]:
    """Return how a name may be typed: initials and whole Pinyin; a name in Latin letters as it stands."""
    if name.isascii():
        return {letters(name)} - {""}
    # Not at the start of the program: the table of characters is large, and most processes never spell a name.
    from pypinyin import Style, pinyin

    syllables = [
        sorted({letters(reading) for reading in readings} - {""})
        for readings in pinyin(name, style=Style.NORMAL, heteronym=True)
    ]
    known = [readings for readings in syllables if readings]
    whole = {"".join(one) for one in islice(product(*known), READINGS)}
    initials = [sorted({reading[0] for reading in readings}) for readings in known]
    return (whole | {"".join(one) for one in islice(product(*initials), READINGS)}) - {""}


def catch_up(store: Store) -> None:
    """Spell the names that came since the last search (triggers of the store note them)."""
    names = [row[0] for row in store.rows("SELECT name FROM names_to_spell LIMIT ?", [AT_ONCE])]
    if not names:
        return
    with writing(store):
        for name in names:
            for spelt in spellings(name):
                store.execute("INSERT OR IGNORE INTO names_spelt (letters, name) VALUES (?, ?)", [spelt, name])
            store.execute("DELETE FROM names_to_spell WHERE name = ?", [name])
