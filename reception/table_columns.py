"""The lists that a centre decides, each described once: by that shown at the desk, checked, changed, exported."""

from reception import call_scripts, care_tables, procedure_tables, room_lists, sign_chain, visit_day_tables
from reception.check_measures import MEASURES
from reception.incident_facts import SITES
from reception.incident_lists import KINDS, MOMENTS, OF_CLASS
from reception.price_list import MATERIALS, PRICING
from reception.repair_facts import CATEGORIES
from reception.table_types import ACTIVE, NAME, NAME_EN, POSITION
from reception.table_types import Column as Column
from reception.table_types import Table as Table
from reception.wording import Words

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


def _term(name: str, zh: str, en: str) -> Column:
    return Column(name, Words(zh, en), "number", optional=True)


def _divides(code: str, name: Words, department: Words) -> Table:
    """Return a list that a kind of case is divided by, each row with the department that it goes to."""
    goes_to = Column("department", department, "pick", of="departments", optional=True)
    columns = (Column("code", Words("代码", "Code"), "code"), NAME, NAME_EN, goes_to, POSITION, ACTIVE)
    return Table(code, name, "code", columns, "position, code", ("name", "name_en"))


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
                _term("completion_months", "自竣工（月）", "From completion (months)"),
                _term("handover_months", "自交付（月）", "From hand-over (months)"),
                _term("completion_seasons", "自竣工（采暖期）", "From completion (heating seasons)"),
                _term("handover_seasons", "自交付（采暖期）", "From hand-over (heating seasons)"),
                POSITION,
                ACTIVE,
            ),
            "position, code",
            ("name", "name_en"),
        ),
        _divides("complaint_classes", Words("投诉类别", "Classes of complaints"), Words("处理部门", "Looked into by")),
        _divides("inquiry_categories", Words("咨询类别", "Categories of inquiries"), Words("答复部门", "Answered by")),
        _divides("suggestion_topics", Words("建议主题", "Topics of suggestions"), Words("转交部门", "Passed on to")),
        Table(
            "incident_contacts",
            Words("专项接待：通知谁", "Special reception: whom to notify"),
            "id",
            (
                Column("site", Words("场所", "Site"), "pick", SITES),
                Column("class", Words("类别", "Class"), "pick", OF_CLASS),
                Column("moment", Words("何时通知", "When"), "pick", MOMENTS),
                Column("title", Words("职务", "Who")),
                Column("title_en", Words("职务（英文）", "Who, in English"), optional=True),
                Column("name", Words("姓名", "Name"), optional=True),
                Column("phone", Words("电话", "Phone"), optional=True),
                Column(
                    "staff",
                    Words("前台账号（屏幕上立即看到）", "Login (sees it at once)"),
                    "pick",
                    of="staff",
                    optional=True,
                ),
                Column("wait_minutes", Words("几分钟不回再找下一位", "Next one after (minutes)"), "number"),
                POSITION,
                ACTIVE,
            ),
            "site, class, position, id",
            ("title", "title_en"),
            numbered=True,
        ),
        Table(
            "incident_cards",
            Words("专项接待：提示卡", "Special reception: the card"),
            "id",
            (
                Column("site", Words("场所", "Site"), "pick", SITES),
                Column("class", Words("类别", "Class"), "pick", OF_CLASS),
                Column("kind", Words("内容", "Part"), "pick", KINDS),
                Column("text", Words("文字", "Text")),
                Column("text_en", Words("英文", "In English"), optional=True),
                POSITION,
                ACTIVE,
            ),
            "site, class, position, id",
            ("text", "text_en"),
            numbered=True,
        ),
        Table(
            "call_lines",
            Words("回访话术", "What is said in a follow-up"),
            "id",
            (
                Column("kind", Words("用于", "For"), "pick", call_scripts.KINDS),
                Column("step", Words("步骤", "Step"), "pick", call_scripts.STEPS),
                Column("text", Words("说什么（{centre} {caller} {no} {phone} {reply}）", "Sentence"), limit=200),
                Column("text_en", Words("英文", "In English"), optional=True, limit=200),
                POSITION,
                ACTIVE,
            ),
            "instr('greeting about price signature reply question dissatisfied closing', step), kind, position, id",
            ("text", "text_en"),
            numbered=True,
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
            "check_items",
            Words("开门、关门检查", "Opening and closing checklists"),
            "code",
            (
                Column("code", Words("代码", "Code"), "code"),
                Column(
                    "part",
                    Words("清单", "List"),
                    "pick",
                    {"opening": Words("开门检查", "Opening"), "closing": Words("关门检查", "Closing")},
                ),
                NAME,
                NAME_EN,
                Column("measure", Words("系统数什么", "What the box counts"), "pick", MEASURES, optional=True),
                POSITION,
                ACTIVE,
            ),
            "part DESC, position, code",
            ("name", "name_en"),
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
        sign_chain.TABLE,
    )
}
# Of one subject each, described beside it.
TABLES |= {room_lists.ROOMS.code: room_lists.ROOMS}
TABLES |= {visit_day_tables.RULES.code: visit_day_tables.RULES}
TABLES |= {table.code: table for table in (care_tables.CONSUMABLES, care_tables.TRAINING, care_tables.SECURITY)}
TABLES |= {table.code: table for table in procedure_tables.LISTS}
