"""Words of the house (本中心用语): who is called like one is erased, and the house keeps the word.

Anybody may type 业主 or `repair` for his name. It tells of nobody; struck out of the scripts, the price list and the
codes in the records it would take the centre's own texts apart, and no backup brings them back.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

from db.store import Store
from reception.rules.striking import Striker
from reception.site import site

# How one speaks to somebody, or of him, without his name.
ADDRESSES: Final = (
    "业主 住户 租户 租客 客户 用户 居民 访客 老人 先生 女士 小姐 太太 老师 师傅 阿姨 大爷 大妈 匿名"
    " owner anonymous guest"
)


@cache
def _shipped() -> str:
    """Return the lists that the product brings, their codes with them: the migrations without their comments."""
    files = sorted((Path(__file__).parent / "schema").glob("*.sql"))
    return re.sub("--.*", "", "\n".join(file.read_text(encoding="utf-8") for file in files))


def without(store: Store, names: set[str]) -> set[str]:
    """Return the names that are no word of the house: of its lists, of its own name, no address."""
    centre = site(store)
    lines = [" ".join(row) for row in store.rows("SELECT code, name, name_en FROM lines")]
    words = "\n".join((_shipped(), ADDRESSES, centre.name, centre.name_en, *lines))
    return {name for name in names if Striker([name], (), "").text(words) == words}
