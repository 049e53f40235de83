"""The keys of the desk: one table; templates name the act, the help window lists what this page answers to.

The browser keeps Ctrl and Alt for itself (a new tab, a closed one) and a letter is for typing, so what is pressed in
haste is a function key, each proven to arrive in a Chromium under a real keyboard; letters and digits, which never act
while somebody types, do the rest.
"""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from reception.wording import Words

views = Blueprint("keys", __name__)

# Where a key works: on every page, at the counter, in a form.
EVERYWHERE, COUNTER, FORM = "everywhere", "counter", "form"
ROOMS: Final = {
    COUNTER: Words("窗口", "Counter"),
    FORM: Words("表单", "Forms"),
    EVERYWHERE: Words("每个页面", "Every page"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the browser names it (`event.key`; `g c` is g, then c), and what it does."""

    key: str
    words: Words
    room: str


KEYS: Final[dict[str, Key]] = {
    "next": Key("F2", Words("呼叫下一位", "Call next"), COUNTER),
    "start": Key("F8", Words("已到，开始接待", "Arrived, start"), COUNTER),
    "recall": Key("F3", Words("再呼叫一次", "Call again"), COUNTER),
    "missed": Key("F4", Words("过号", "Missed"), COUNTER),
    "undo": Key("F10", Words("撤回这次呼叫", "Undo call"), COUNTER),
    "complete": Key("F9", Words("接待完成", "Reception done"), COUNTER),
    "to_line": Key("t", Words("转其他业务", "Other service"), COUNTER),
    "to_counter": Key("o", Words("转其他窗口", "Other counter"), COUNTER),
    "to_host": Key("h", Words("去见接待人或部门", "To a host"), COUNTER),
    "park": Key("l", Words("稍后再叫", "Call later"), COUNTER),
    "pause": Key("p", Words("暂停窗口，或继续", "Pause the counter, or go on"), COUNTER),
    "open": Key("c", Words("打开或关闭窗口", "Open or close the counter"), COUNTER),
    "decision": Key("d", Words("写处理意见", "Write a decision"), COUNTER),
    "hold": Key("x", Words("接访结束", "End the session"), COUNTER),
    "issue": Key("n", Words("代客取号", "Take a number for a visitor"), COUNTER),
    "first": Key(
        "1",
        Words(
            "第一项：窗口、事项或原因（其余 2 至 9）", "The first choice: counter, matter, reason; 2 to 9: the others"
        ),
        COUNTER,
    ),
    "back": Key("Escape", Words("收起菜单，或不离开这位来访者", "Close a menu, or stay with this visitor"), COUNTER),
    "save": Key("F2", Words("保存（在输入框里也可按 Ctrl+Enter）", "Save (Ctrl+Enter in a field does the same)"), FORM),
    "save_other": Key("F8", Words("另一种保存（按钮上写明）", "The other way to save, as its button says"), FORM),
    "search": Key(
        "/", Words("到搜索框；扫码枪随时可扫", "To the search box; a scanner may be used any time"), EVERYWHERE
    ),
    "call": Key("F7", Words("记一个来电", "Note a phone call"), EVERYWHERE),
    "to_queue": Key("g q", Words("去窗口", "Go to the counter"), EVERYWHERE),
    "to_today": Key("g t", Words("去今日待办", "Go to today"), EVERYWHERE),
    "to_cases": Key("g c", Words("去事项列表", "Go to the cases"), EVERYWHERE),
    "to_board": Key("g b", Words("去看板", "Go to the board"), EVERYWHERE),
    "to_due": Key("g d", Words("去时限", "Go to the deadlines"), EVERYWHERE),
    "to_slips": Key("g s", Words("去回单", "Go to the slips"), EVERYWHERE),
    "to_workers": Key("g w", Words("去维修人员", "Go to the workers"), EVERYWHERE),
    "more": Key("g m", Words("打开“更多”", "Open More"), EVERYWHERE),
    "help": Key("?", Words("这张按键表", "This list of keys"), EVERYWHERE),
}

# What no element stands for: the script does it wherever it makes sense.
MOVES: Final = (
    ("↑ ↓", Words("在列表里移动", "Move through a list")),
    ("Enter", Words("打开选中的一行", "Open the row chosen")),
    ("Esc", Words("关闭窗口和菜单，离开输入框", "Close windows and menus, leave a field")),
)

_SHOWN: Final = {"Escape": "Esc"}


def digit(place: int) -> str:
    """Return the key of the so-many-th choice, from 1; '' past nine."""
    return str(place) if place <= 9 else ""


@views.get("/keys")
def page() -> ResponseReturnValue:
    """Answer the table of keys; the page shows of it what it answers to."""
    return render_template("_keys.html", keys=KEYS, rooms=ROOMS, moves=MOVES)


@views.app_template_global()
def key_of(act: str) -> str:
    """Return the key of an act. Raises KeyError for an act that has none."""
    return KEYS[act].key


@views.app_template_filter()
def key_label(name: str) -> str:
    """Return a key as it stands on the keyboard."""
    return _SHOWN.get(name, name.upper() if len(name) == 1 or " " in name else name)


views.add_app_template_global(digit, "key_digit")
