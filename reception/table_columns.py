"""The lists that a centre decides, each described once: by that shown at the desk, checked, changed, exported."""

from collections.abc import Mapping
from dataclasses import dataclass

from reception.price_list import MATERIALS, PRICING
from reception.repair_facts import CATEGORIES
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `kind` is code, prefix, text, number, flag, date, pick, picks (several), money (typed in yuan, kept in
    fen), or secret (never shown).

    `choices` are fixed ones; `of` names the table whose rows are the choices. `optional` may stay empty.
    """

    name: str
    words: Words
    kind: str = "text"
    choices: Mapping[str, Words] | None = None
    of: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A list. `key` is the column that tells rows apart; `numbered`: the store gives it."""

    code: str
    name: Words
    key: str
    columns: tuple[Column, ...]
    order: str
    label: tuple[str, str]
    numbered: bool = False
    permission: str = "configure"


NAME, NAME_EN = Column("name", Words("名称", "Name")), Column("name_en", Words("英文名称", "Name in English"))
POSITION = Column("position", Words("次序", "Order"), "number")
ACTIVE = Column("active", Words("启用", "In use"), "flag")
ROLES = {
    "receptionist": Words("接待员", "Receptionist"),
    "assistant": Words("物业助理", "Property assistant"),
    "service_head": Words("客服主管", "Head of customer service"),
    "department_head": Words("部门负责人", "Head of a department"),
    "worker": Words("维修人员", "Worker"),
    "team_leader": Words("维修组长", "Team leader"),
    "manager": Words("项目经理", "Manager"),
    "administrator": Words("系统管理员", "Administrator"),
}
ASKS = {
    "nothing": Words("不问", "nothing"),
    "home": Words("住址", "the home"),
    "department": Words("找哪个部门", "whom he came to see"),
}

TABLES: dict[str, Table] = {
    table.code: table
    for table in (
        Table(
            "lines",
            Words("业务", "Services"),
            "code",
            (
                Column("code", Words("代码", "Code"), "code"),
                Column("prefix", Words("号码字母", "Letter of its numbers"), "prefix"),
                NAME,
                NAME_EN,
                Column("hint", Words("说明", "Hint"), optional=True),
                Column("hint_en", Words("英文说明", "Hint in English"), optional=True),
                Column("home_first", Words("自助机先问住址", "The kiosk asks for the home first"), "flag"),
                POSITION,
                ACTIVE,
            ),
            "position, code",
            ("name", "name_en"),
        ),
        Table(
            "purposes",
            Words("事由", "Purposes"),
            "code",
            (
                Column("code", Words("代码", "Code"), "code"),
                Column("line", Words("业务", "Service"), "pick", of="lines"),
                Column("parent", Words("上级事由", "Below"), "pick", of="purposes", optional=True),
                NAME,
                NAME_EN,
                Column("asks", Words("自助机还问", "The kiosk then asks for"), "pick", ASKS),
                POSITION,
                ACTIVE,
            ),
            "line, parent IS NOT NULL, parent, position, code",
            ("name", "name_en"),
        ),
        Table(
            "counters",
            Words("窗口", "Counters"),
            "no",
            (
                Column("no", Words("编号", "No."), "number"),
                NAME,
                NAME_EN,
                Column("lines", Words("办理的业务（不选为全部）", "Services (none: all)"), "picks", of="lines"),
                Column("room", Words("是房间（洽谈室等）", "Is a room"), "flag"),
                ACTIVE,
            ),
            "room, CAST(no AS INTEGER)",
            ("name", "name_en"),
        ),
        Table(
            "notices",
            Words("公告", "Notices"),
            "id",
            (
                Column("title", Words("内容", "Notice")),
                Column("title_en", Words("英文", "In English"), optional=True),
                Column("from_on", Words("从", "From"), "date"),
                Column("until_on", Words("到", "Until"), "date"),
                ACTIVE,
            ),
            "until_on DESC, id",
            ("title", "title_en"),
            numbered=True,
        ),
        Table(
            "calendar_days",
            Words("工作日历", "Working calendar"),
            "day_on",
            (
                Column("day_on", Words("日期", "Day"), "date"),
                Column(
                    "kind",
                    Words("当天", "Is"),
                    "pick",
                    {"work": Words("上班", "a working day"), "rest": Words("休息", "a rest day")},
                ),
                Column("note", Words("原因", "Reason")),
            ),
            "day_on DESC",
            ("day_on", "note"),
        ),
        Table(
            "departments",
            Words("部门", "Departments"),
            "code",
            (Column("code", Words("代码", "Code"), "code"), NAME, NAME_EN),
            "code",
            ("name", "name_en"),
        ),
        Table(
            "staff",
            Words("员工", "Staff"),
            "login",
            (
                Column("login", Words("登录名", "Login"), "code"),
                Column("name", Words("姓名", "Name")),
                Column("role", Words("角色", "Role"), "pick", ROLES),
                Column("department", Words("部门", "Department"), "pick", of="departments"),
                Column("password", Words("新密码（至少 10 位）", "New password (10 or more)"), "secret", optional=True),
                ACTIVE,
            ),
            "active DESC, login",
            ("name", "login"),
            permission="manage_staff",
        ),
        Table(
            "price_items",
            Words("有偿服务价目", "Prices of paid work"),
            "code",
            (
                Column("code", Words("代码", "Code"), "code"),
                Column("category", Words("类别", "Category"), "pick", CATEGORIES),
                Column("name", Words("项目", "Item")),
                Column("name_en", Words("英文名称", "Name in English"), optional=True),
                Column("unit", Words("单位", "Unit")),
                Column("pricing", Words("计价方式", "Pricing"), "pick", PRICING),
                Column("low_fen", Words("人工费（元）", "Labour (yuan)"), "money", optional=True),
                Column("high_fen", Words("最高（元，区间价填）", "At most (yuan, of a range)"), "money", optional=True),
                Column("material", Words("材料", "Material"), "pick", MATERIALS),
                Column("material_fen", Words("材料费（元）", "Material (yuan)"), "money", optional=True),
                Column("duration", Words("预计用时", "Takes about"), optional=True),
                Column("remark", Words("说明", "Remark"), optional=True),
                POSITION,
                ACTIVE,
            ),
            "category, position, code",
            ("name", "name_en"),
        ),
        Table(
            "warranty_rules",
            Words("保修期限", "Warranty terms"),
            "code",
            (
                Column("code", Words("代码", "Code"), "code"),
                Column("name", Words("部位", "Part")),
                NAME_EN,
                Column("category", Words("类别", "Category"), "pick", CATEGORIES),
                Column("completion_months", Words("自竣工（月）", "From completion (months)"), "number", optional=True),
                Column("handover_months", Words("自交付（月）", "From hand-over (months)"), "number", optional=True),
                Column(
                    "completion_seasons",
                    Words("自竣工（采暖期）", "From completion (heating seasons)"),
                    "number",
                    optional=True,
                ),
                Column(
                    "handover_seasons",
                    Words("自交付（采暖期）", "From hand-over (heating seasons)"),
                    "number",
                    optional=True,
                ),
                POSITION,
                ACTIVE,
            ),
            "position, code",
            ("name", "name_en"),
        ),
        Table(
            "complaint_classes",
            Words("投诉类别", "Classes of complaints"),
            "code",
            (
                Column("code", Words("代码", "Code"), "code"),
                Column("name", Words("名称", "Name")),
                NAME_EN,
                Column("department", Words("处理部门", "Looked into by"), "pick", of="departments", optional=True),
                POSITION,
                ACTIVE,
            ),
            "position, code",
            ("name", "name_en"),
        ),
        Table(
            "dispatch_rules",
            Words("派工规则", "Where repairs go"),
            "category",
            (
                Column("category", Words("报修类别", "Category"), "pick", CATEGORIES),
                Column("department", Words("部门", "Department"), "pick", of="departments"),
                Column(
                    "worker",
                    Words("维修人员（空为班组）", "Worker (none: the team)"),
                    "pick",
                    of="staff",
                    optional=True,
                ),
            ),
            "category",
            ("category", "department"),
        ),
        Table(
            "scripts",
            Words("服务用语和下一步", "What to say, and what next"),
            "code",
            (
                Column("code", Words("代码：事项-状态", "Code: matter-state"), "code"),
                Column("say", Words("该怎么说", "What to say"), optional=True),
                Column("say_en", Words("该怎么说（英文）", "What to say, in English"), optional=True),
                Column("then_do", Words("下一步，由谁做", "What next, and by whom"), optional=True),
                Column("then_do_en", Words("下一步（英文）", "What next, in English"), optional=True),
                ACTIVE,
            ),
            "code",
            ("say", "say_en"),
        ),
    )
}
