"""Every act of the history in words, by what it was done to: what the audit log reads."""

from collections.abc import Mapping

from desk import audit_details
from desk.audit_acts import ACTS, PAPERS
from desk.audit_subjects import SUBJECTS
from desk.case_acts import ACTS as CASE_ACTS
from desk.case_acts import DOORS
from desk.kinds import KINDS
from reception import custody_facts, custody_rounds, fees
from reception.audit import Line
from reception.table_columns import ROLES, TABLES
from reception.wording import Words
from web.languages import words
from web.sentences import SENTENCES

_SETS = "set_"


def knows(what: str, subject: str) -> bool:
    """Tell whether an act on a subject has words: the tests ask it for every event that is ever recorded."""
    return subject in SUBJECTS and _find(what, subject) is not None


def _find(what: str, subject: str) -> object:
    if subject in {"case", "supervision"} and what in CASE_ACTS:
        return CASE_ACTS[what]
    if subject == "setting" and what.startswith(_SETS) and what.removeprefix(_SETS) in TABLES:
        name = TABLES[what.removeprefix(_SETS)].name
        return Words(f"更改列表：{name.zh}", f"list changed: {name.en}")
    return ACTS.get(subject, {}).get(what) or PAPERS.get(what)


def act(what: str, subject: str) -> str:
    """Return an act in the reader's language."""
    found = _find(what, subject)
    return words(found) if isinstance(found, Words) else str(found or what)


def refusal(code: str) -> str:
    """Return in words why something was refused."""
    if code in _REFUSED:
        return words(_REFUSED[code])
    return str(SENTENCES.get(code, code))


def cells(line: Line, lines: Mapping[str, Words]) -> dict[str, str | Words]:
    """Return an event as the cells of a row; `lines`: what each line of business is called."""
    states = (_state(line, line.from_state), _state(line, line.to_state))
    return {
        "by": line.by_name or str(DOORS.get(line.by_role, line.by_role)),
        "what": act(line.what, line.subject),
        "subject": SUBJECTS.get(line.subject, Words(line.subject, line.subject)),
        "no": line.no,
        "state": " → ".join(filter(None, states)),
        "details": audit_details.told(line, lines),
    }


def _state(line: Line, state: str) -> str:
    if not state:
        return ""
    if line.kind in KINDS and state in KINDS[line.kind].kind.states:
        return words(KINDS[line.kind].kind.states[state])
    if line.subject == "fee":
        return words(fees.STATES[state])
    if line.subject == "custody":
        return words((custody_facts.STATES | custody_rounds.STANDINGS)[state])
    found = _STATES.get(state)
    return words(found) if found else state


_REFUSED: dict[str, Words] = {
    "http_400": Words("无法识别的请求", "A request that could not be understood"),
    "http_401": Words("接口令牌无效", "A key of another system that opens nothing"),
    "http_403": Words("不是从本系统页面发出的请求", "A request that did not come from our own pages"),
    "http_404": Words("不存在的地址", "An address that does not exist"),
    "http_405": Words("不允许的请求方式", "A way in which nothing can be done here"),
    "http_413": Words("内容过大", "Too much at once"),
    "http_431": Words("请求头过大", "Too much at once in the head"),
    "more": Words("其他（种类过多，合计）", "Others, too many kinds to list"),
}
# Of what is no case.
_STATES: dict[str, Words] = ROLES | {
    "not_in_use": Words("停用", "not in use"),
    "waiting": Words("等候", "waiting"),
    "called": Words("已叫号", "called"),
    "serving": Words("接待中", "being served"),
    "parked": Words("稍后", "set aside"),
    "missed": Words("过号", "missed"),
    "completed": Words("已完成", "completed"),
    "cancelled": Words("已取消", "cancelled"),
    "expired": Words("已失效", "expired"),
    "open": Words("开放", "open"),
    "paused": Words("暂停", "paused"),
    "closed": Words("关闭", "closed"),
    "restored": Words("已恢复", "restored"),
    "withdrawn": Words("已撤销", "withdrawn"),
    "booked": Words("已预定", "booked"),
    "used": Words("已使用", "used"),
    "reminded": Words("已提醒", "reminded"),
    "overdue": Words("已逾期", "overdue"),
    "done": Words("已完成", "done"),
    "planned": Words("计划中", "planned"),
    "confirmed": Words("已确定", "confirmed"),
    "held": Words("已举行", "held"),
    "postponed": Words("已改期", "postponed"),
}
