"""What every centre starts with, to be changed in its settings: departments, lines, what people come for, counters."""

from db.store import Store, writing
from reception import tour_departments, working_calendar

DEPARTMENTS = [
    ("service", "客户服务部", "Customer Service"),
    ("maintenance", "工程维修部", "Maintenance"),
    ("security", "秩序维护部", "Security"),
    ("cleaning", "环境保洁部", "Cleaning"),
    ("management", "项目管理处", "Management Office"),
]
LINES = [
    ("repair", "W", "报修", "Repairs"),
    ("complaint", "T", "投诉与建议", "Complaints"),
    ("visit-day", "J", "经理接待日", "Visit day"),
    ("general", "A", "咨询与其他", "Questions"),
]
# What visitors come for: line, code, what the kiosk asks then, names; below a category its parts.
PURPOSES: list[tuple[str, str, str, str, str, list[tuple[str, str, str]]]] = [
    ("repair", "repair-water", "home", "水暖管道", "Water, heating", []),
    ("repair", "repair-power", "home", "电路照明", "Power, lighting", []),
    ("repair", "repair-door", "home", "门窗锁具", "Doors, windows", []),
    ("repair", "repair-wall", "home", "墙面渗漏", "Walls, leaks", []),
    ("repair", "repair-public", "home", "公共设施", "Shared facilities", []),
    ("repair", "repair-other", "home", "其他报修", "Something else", []),
    ("complaint", "complaint-service", "nothing", "服务态度", "Service", []),
    ("complaint", "complaint-cleaning", "nothing", "环境卫生", "Cleaning", []),
    ("complaint", "complaint-security", "nothing", "秩序安全", "Security", []),
    ("complaint", "complaint-noise", "nothing", "噪音扰民", "Noise", []),
    ("complaint", "complaint-parking", "nothing", "停车管理", "Parking", []),
    ("complaint", "complaint-other", "nothing", "其他意见", "Something else", []),
    (
        "complaint",
        "suggest",
        "nothing",
        "提建议",
        "A suggestion",
        [
            ("suggest-service", "服务与沟通", "Service"),
            ("suggest-greenery", "环境与绿化", "Greenery, cleaning"),
            ("suggest-facilities", "公共设施", "Shared facilities"),
            ("suggest-parking", "停车与出入", "Parking, access"),
            ("suggest-activities", "社区活动", "Events"),
            ("suggest-other", "其他建议", "Something else"),
        ],
    ),
    (
        "general",
        "ask",
        "nothing",
        "咨询",
        "A question",
        [
            ("ask-fees", "物业费用", "Fees"),
            ("ask-renovation", "装修手续", "Renovation"),
            ("ask-parking", "停车车位", "Parking"),
            ("ask-papers", "证明资料", "Certificates"),
            ("ask-facilities", "公共设施", "Facilities"),
            ("ask-other", "其他问题", "Another question"),
        ],
    ),
    (
        "general",
        "pay",
        "home",
        "缴费",
        "Payments",
        [
            ("pay-management", "物业费", "Management fee"),
            ("pay-utilities", "水电费", "Water, power"),
            ("pay-parking", "停车费", "Parking fee"),
            ("pay-other", "其他费用", "Another fee"),
        ],
    ),
    ("general", "see-somebody", "department", "找人", "See somebody", []),
    (
        "general",
        "official",
        "nothing",
        "公务来访",
        "Official business",
        [
            ("official-community", "社区街道", "Community office"),
            ("official-government", "政府部门", "Government"),
            ("official-supplier", "供应商、施工", "Supplier, contractor"),
            ("official-media", "媒体", "Media"),
            ("official-other", "其他单位", "Another body"),
        ],
    ),
    (
        "general",
        "new-owner",
        "nothing",
        "新业主",
        "First-time owner",
        [
            ("owner-handover", "收房入住", "Taking over a home"),
            ("owner-transfer", "过户登记", "Transfer of a home"),
            ("owner-keys", "钥匙门禁", "Keys, access"),
        ],
    ),
    ("general", "general-other", "nothing", "其他", "Something else", []),
]
COMPLAINTS = {
    "service": ("service", "fees", "other"),
    "maintenance": ("repair", "facilities"),
    "cleaning": ("cleaning",),
    "security": ("security", "parking", "noise"),
}
HINTS = {
    "repair": ("家里或公共区域", "At home or in shared areas"),
    "complaint": ("按约定时间给您答复", "You get an answer by the time we agree"),
    "visit-day": ("", ""),
    "general": ("缴费、入住、装修、放行…", "Payments, moving in, renovation, goods pass…"),
}
# Where repairs of a category go by themselves: what is unsafe to the guards. What has
# no rule stays with maintenance; dirt is no repair but a complaint.
DISPATCH = [
    ("safety", "security"),
    ("door", "maintenance"),
    ("power", "maintenance"),
    ("wall", "maintenance"),
    ("lift", "maintenance"),
    ("public", "maintenance"),
    ("other", "maintenance"),
]


def lay(store: Store) -> None:
    """Give an empty store what an ordinary centre has, so that the first number can be taken; a store that has
    departments is left as it is."""
    with writing(store):
        if store.value("SELECT count(*) FROM departments"):
            return
        store.connection.executemany("INSERT INTO departments (code, name, name_en) VALUES (?, ?, ?)", DEPARTMENTS)
        store.connection.executemany(
            "INSERT INTO lines (code, prefix, name, name_en, position, hint, hint_en, home_first)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (*line, position, *HINTS[line[0]], line[0] in {"repair", "visit-day"})
                for position, line in enumerate(LINES)
            ],
        )
        _purposes(store)
        tour_departments.give(store)
        # Who looks into which complaints.
        for department, classes in COMPLAINTS.items():
            for code in classes:
                store.execute("UPDATE complaint_classes SET department = ? WHERE code = ?", [department, code])
        store.connection.executemany(
            "INSERT INTO counters (no, name, name_en) VALUES (?, ?, ?)",
            [(str(no), f"{no}号窗口", f"Counter {no}") for no in (1, 2, 3)],
        )
        store.connection.executemany("INSERT INTO dispatch_rules (category, department) VALUES (?, ?)", DISPATCH)
        working_calendar.load_official_days(store)


def _purposes(store: Store) -> None:
    add = "INSERT INTO purposes (code, line, parent, name, name_en, asks, position) VALUES (?, ?, ?, ?, ?, ?, ?)"
    for position, (line, code, asks, name, name_en, parts) in enumerate(PURPOSES):
        store.execute(add, [code, line, None, name, name_en, asks, position])
        for place, (part, words, words_en) in enumerate(parts):
            store.execute(add, [part, line, code, words, words_en, asks, place])
