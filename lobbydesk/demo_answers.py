"""The demo's saved answers (常见问答), as a centre would have checked them; and which department knows about what."""

from db.store import Store

# Category, question, answer.
ANSWERS = [
    (
        "fees",
        "物业费怎么交？可以手机交吗？",
        "可以在前台刷卡、扫码交，也可以银行转账；转账请注明楼栋房号，三个工作日内开收据。",
    ),
    ("fees", "物业费从哪天开始算？", "从交付通知书上的交付日起算，当月按天折算。"),
    ("utilities", "水费电费在哪里交？", "电费在供电公司交；水费每两个月抄表一次，账单可在前台扫码交。"),
    (
        "renovation",
        "装修要办什么手续？",
        "带身份证和施工图到前台登记，签装修协议后领出入证；工作日 8:00—18:00 可施工。",
    ),
    ("parking", "访客停车怎么收费？", "东门地面停车场，前 30 分钟免费，之后每小时 2 元，每天最高 20 元。"),
    ("papers", "居住证明在哪里开？", "带身份证和房产证（租客带租赁合同）到前台，当天可办。"),
    ("facilities", "活动室怎么预约？", "提前一天在前台登记，每次两小时，免费。"),
]
KNOWS = {"facilities": "maintenance", "renovation": "maintenance", "safety": "security", "parking": "security"}
TOPICS = {
    "service": "management",
    "greenery": "cleaning",
    "facilities": "maintenance",
    "safety": "security",
    "parking": "security",
    "activities": "service",
    "other": "management",
}


def seed(store: Store, *, proposed_by: str, checked_by: str, at: str = "2026-01-05T02:00:00.000Z") -> None:
    """Put them into an empty list, inside the act that fills the store."""
    store.connection.executemany(
        "INSERT INTO saved_answers (category, question, answer, proposed_by, proposed_at, checked_by, checked_at)"
        " VALUES (?, ?, ?, (SELECT id FROM staff WHERE login = ?), ?, (SELECT id FROM staff WHERE login = ?), ?)",
        [(*answer, proposed_by, at, checked_by, at) for answer in ANSWERS],
    )
    for code, department in KNOWS.items():
        store.execute("UPDATE inquiry_categories SET department = ? WHERE code = ?", [department, code])
    for code, department in TOPICS.items():
        store.execute("UPDATE suggestion_topics SET department = ? WHERE code = ?", [department, code])
