"""Which passwords a member of staff may choose (OWASP ASVS 5, 6.2): long enough, not a usual one, not his own name.

No demand for signs or capitals, and no yearly change: both make people write passwords down (NIST SP 800-63B).
"""

from collections.abc import Iterable

LEAST, MOST = 10, 256
# What is left of the usual passwords of ten characters or more once figures and signs at their ends are taken away.
_COMMON = frozenset(
    "password passw0rd pass passwd p@ssw0rd p@ssword iloveyou iloveu woaini woaiwojia aini nihao qwerty qwertyuiop"  # noqa: SIM905
    " qwert qazwsx qazwsxedc qweasd qweasdzxc asdfgh asdfghjkl zxcvbnm admin administrator root guest test welcome"
    " letmein login changeme default secret master monkey dragon football baseball superman sunshine princess computer"
    " internet abc abcd abcde abcdef abcdefg wang li zhang zhongguo china beijing shanghai jiedaitai wuye mima mm"
    " lobbydesk lobby reception receptionist manager property guanli guanliyuan qianting fuwu fuwuzhongxin qq wx"
    " weixin".split()
)
_ROWS = (
    "01234567890123456789",
    "98765432109876543210",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
)
_PADDING = "0123456789 !@#$%^&*()_+-=.,?~`"
# A name of three signs is in many words.
_SHORT = 4


def chosen(password: str, *, names: Iterable[str]) -> str:
    """Return the password as it came. `names`: of the person and the place, which are none.

    Raises ValueError with `password_too_short`, `password_too_long`, `password_common` or `password_named`.
    """
    if len(password) < LEAST:
        raise ValueError("password_too_short")
    if len(password) > MOST:
        raise ValueError("password_too_long")
    plain = password.casefold()
    if _is_common(plain):
        raise ValueError("password_common")
    for name in (name.casefold().strip() for name in names):
        # The name and little besides: figures and signs count for nothing.
        if name and name in plain and len(plain.replace(name, "").strip(_PADDING)) < _SHORT:
            raise ValueError("password_named")
    return password


def _is_common(plain: str) -> bool:
    # So few different signs are one key held down, or two in turn.
    if len(set(plain)) < _SHORT or any(plain in row for row in _ROWS):
        return True
    core = plain.strip(_PADDING)
    return core in _COMMON or (not core and len(set(plain)) < LEAST)
