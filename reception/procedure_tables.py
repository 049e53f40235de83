"""The three lists that procedures are made of: matters, for whom, and items; described for their pages of the settings.

A matter that another kind of case begins with (`serves`) is one more entry of SERVED, and rows of these lists.
"""

from typing import Any, Final

from db.store import Store
from reception.refusal import Refused
from reception.table_types import ACTIVE, NAME, NAME_EN, POSITION, Column, Table
from reception.wording import Words

# Which kind of case begins with a matter's items: one line for each that uses the mechanism.
SERVED: Final[dict[str, Words]] = {
    "procedure": Words("办理事项", "Procedure"),
    "inspection": Words("房屋验收", "Home inspection"),
    "tour": Words("参观接待", "Tour reception"),
    # It opens no case of its own here: only what to bring is shown.
    "none": Words("只列所需材料", "List of what to bring only"),
}
EFFECTS: Final[dict[str, Words]] = {
    "none": Words("无", "Nothing"),
    "move_in": Words("记交付日期，登记业主", "Hand-over date, owner into the file"),
    "lease": Words("登记租户", "Tenant into the file"),
    "transfer": Words("登记新业主，原业主迁出", "New owner in, old owner out"),
}
SECTIONS: Final[dict[str, Words]] = {
    "documents": Words("证件、材料", "Documents"),
    "forms": Words("表格、协议", "Forms and agreements"),
    "fees": Words("费用", "Fees"),
    "checks": Words("检查", "Checks"),
    "tasks": Words("工作安排", "Tasks"),
    "keys": Words("钥匙", "Keys"),
    "goods": Words("发放物品", "Goods handed out"),
    "signatures": Words("签字", "Signatures"),
}
PREPARE, CHECK, START, RESTORE, CLOSE = "prepare", "check", "start", "restore", "close"
GATES: Final[dict[str, Words]] = {
    PREPARE: Words("准备完成前", "it is prepared"),
    # What stands before this one is made, never let go.
    CHECK: Words("安全检查完成前（不可免办）", "the safety check is made (never let go)"),
    START: Words("开始前", "the start"),
    RESTORE: Words("恢复现场前", "it is as before"),
    CLOSE: Words("办结前", "the close"),
}
ROLES: Final[dict[str, Words]] = {
    "receptionist": Words("接待员", "Receptionist"),
    "assistant": Words("物业助理", "Property assistant"),
    "service_head": Words("客服主管", "Head of customer service"),
    "department_head": Words("部门负责人", "Head of a department"),
    "team_leader": Words("维修组长", "Team leader"),
    "manager": Words("项目经理", "Manager"),
}
TEMPLATES: Final = Table(
    "procedure_templates",
    Words("办理事项", "Procedures"),
    "code",
    (
        Column("code", Words("代码", "Code"), "code"),
        NAME,
        NAME_EN,
        Column("serves", Words("用于", "Used by"), "pick", SERVED),
        Column("effect", Words("办结后业主档案", "Once done, the home's file"), "pick", EFFECTS),
        Column("dated", Words("有起止日期", "Has a first and a last day"), "flag"),
        Column("public", Words("自助机可查所需材料", "The kiosk shows what to bring"), "flag"),
        Column("department", Words("承办部门（空为开办人的）", "With (none: who opens it)"), "pick", of="departments",
               optional=True),
        POSITION,
        ACTIVE,
    ),
    "position, code",
    ("name", "name_en"),
)  # fmt: skip
VARIANTS: Final = Table(
    "procedure_variants",
    Words("办理事项：办理人类型", "Procedures: who comes"),
    "code",
    (
        Column("code", Words("代码", "Code"), "code"),
        Column("template", Words("办理事项", "Procedure"), "pick", of="procedure_templates"),
        NAME,
        NAME_EN,
        POSITION,
        ACTIVE,
    ),
    "template, position, code",
    ("name", "name_en"),
)
ITEMS: Final = Table(
    "procedure_items",
    Words("办理事项：清单", "Procedures: items"),
    "id",
    (
        Column("template", Words("办理事项", "Procedure"), "pick", of="procedure_templates"),
        Column("variant", Words("只用于", "Only for"), "pick", of="procedure_variants",
               optional=True),
        Column("section", Words("部分", "Part"), "pick", SECTIONS),
        Column("text", Words("内容", "Item")),
        Column("text_en", Words("内容（英文）", "Item, in English"), optional=True),
        Column("required", Words("必办", "Required"), "flag"),
        Column("gate", Words("须先于", "Required before"), "pick", GATES),
        Column("department", Words("由哪个部门", "By which department"), "pick", of="departments",
               optional=True),
        Column("role", Words("由谁", "By whom"), "pick", ROLES, optional=True),
        Column("offset_minutes", Words("距约定时间（分钟，提前为负）", "Minutes from the agreed time"),
               "offset", optional=True),
        POSITION,
        ACTIVE,
    ),
    "template, position, id",
    ("text", "text_en"),
    numbered=True,
)  # fmt: skip
# In the order in which one refers to the other.
LISTS: Final = (TEMPLATES, VARIANTS, ITEMS)


def item_rule(store: Store, key: str, checked: dict[str, Any]) -> None:
    """An item is for everybody, or for a variant of its own matter. Refuses `variant_of_another`."""
    if checked["variant"] is None:
        return
    of = store.value("SELECT template FROM procedure_variants WHERE code = ?", [checked["variant"]])
    if of != checked["template"]:
        raise Refused("variant_of_another")


def variant_rule(store: Store, key: str, checked: dict[str, Any]) -> None:
    """A variant that items name stays with its matter. Refuses `row_in_use`."""
    if key and store.value(
        "SELECT 1 FROM procedure_items WHERE variant = ? AND template <> ?", [key, checked["template"]]
    ):
        raise Refused("row_in_use")
