"""What can be imported: the columns of each kind, and what one line of it means for the store as it stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.store import Store
from reception import import_calendar, import_cases, import_estate, import_fees, import_prices
from reception import import_fields as fields
from reception.cases import SHORT_LIMIT, TEXT_LIMIT
from reception.fees import ITEMS
from reception.import_fields import Field
from reception.import_steps import Deed, Judge
from reception.repair_facts import CATEGORIES, URGENCIES
from reception.rules import fee_periods, money
from reception.visits import NAME_LIMIT
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of import. `identity`: the columns that tell lines of one file apart, or `mark` where they may be empty.

    `judge` reads the store once and returns what decides a line: what would be done, and how. `together` looks at all
    lines that are good by themselves, and yields (line, column, code) of what is wrong with them together; `after` is
    done once all is written. `headless`: a file without a header has the columns in their order. `once`: the very same
    file again brings nothing more, whoever of it was erased since.
    """

    code: str
    name: Words
    hint: Words
    fields: tuple[Field, ...]
    identity: tuple[str, ...]
    judge: Callable[[Store, frozenset[str], datetime], Judge]
    mark: Callable[[dict[str, Any]], str] | None = None
    together: Callable[[Store, list[tuple[int, dict[str, Any]]]], Iterator[tuple[int, str, str]]] | None = None
    after: Callable[[Store, Deed], None] | None = None
    headless: bool = False
    once: bool = False

    def field(self, name: str) -> Field:
        """Return a column by its name."""
        return next(one for one in self.fields if one.name == name)

    def key(self, values: dict[str, Any]) -> Any:
        """Return what tells this line from the others."""
        return self.mark(values) if self.mark else tuple(values[name] for name in self.identity)


NAME = Field(
    "name", Words("姓名", "Name"), fields.text(NAME_LIMIT), ("张建国", "李秀英"), True, ("业主姓名", "联系人", "住户")
)
PHONE = Field(
    "phone",
    Words("电话", "Phone"),
    fields.phone,
    ("13800005678", "13900001234"),
    True,
    ("手机", "手机号", "联系电话", "电话号码", "mobile", "telephone"),
)
HOME = Field(
    "home", Words("房号", "Home"), fields.home, ("1-1-101", "1-1-102"), True, ("住址", "地址", "unit", "address")
)
RELATIONS = {
    "owner": Words("业主", "Owner"),
    "family": Words("家庭成员", "Family"),
    "tenant": Words("租户", "Tenant"),
    "agent": Words("代理人", "Agent"),
}
OTHER_RELATIONS = {
    "户主": "owner", "产权人": "owner", "家属": "family", "家人": "family", "租客": "tenant", "承租人": "tenant",
    "使用人": "tenant", "代理": "agent", "代办人": "agent",
}  # fmt: skip

UNITS = Kind(
    "units",
    Words("房屋", "Homes"),
    Words("楼栋、单元、房号，及保修起算的日期", "Building, unit, room, and the dates that warranty counts from"),
    (
        Field("building", Words("楼栋", "Building"), fields.BUILDING, ("1", "1"), True, ("楼号", "栋", "幢", "楼")),
        Field("unit", Words("单元", "Unit"), fields.STAIR, ("1", "1"), True, ("单元号", "staircase")),
        Field("room", Words("房号", "Room"), fields.ROOM, ("101", "102"), True, ("房间", "房间号", "室", "室号")),
        Field("completion_on", Words("竣工日期", "Completion"), fields.day, ("2024-06-30", "2024-06-30"), False,
              ("竣工验收日期", "completion date")),
        Field("handover_on", Words("交付日期", "Handover"), fields.day, ("2024-09-15", ""), False,
              ("交房日期", "收房日期", "handover date")),
        Field("contract_end_on", Words("合同保修到期", "Warranty until"), fields.day, ("", "2029-06-30"), False,
              ("合同保修期至", "contract end")),
    ),
    ("building", "unit", "room"),
    import_estate.units,
)  # fmt: skip

RESIDENTS = Kind(
    "residents",
    Words("住户", "Residents"),
    Words("按房号和电话认人：新增或更新，从不删除", "Known by home and phone: added or updated, never removed"),
    (
        HOME,
        NAME,
        PHONE,
        Field("relation", Words("身份", "Relation"), fields.one_of(RELATIONS, "relation_unknown", OTHER_RELATIONS),
              ("业主", "租户"), True, ("与业主关系", "关系", "住户类型", "类型")),
    ),
    ("home", "phone"),
    import_estate.residents,
)  # fmt: skip

CASES = Kind(
    "cases",
    Words("在办报修", "Open repairs"),
    Words("旧系统里还没办完的报修；不打印回执", "Repairs not finished in the old system; no receipts are printed"),
    (
        Field("old_no", Words("原编号", "Old no."), fields.text(SHORT_LIMIT), ("2026-1108", ""), False,
              ("编号", "单号", "工单号", "报修单号")),
        Field("home", HOME.words, HOME.parse, HOME.examples, False, HOME.also),
        NAME,
        PHONE,
        Field("category", Words("类别", "Category"), fields.one_of(CATEGORIES, "category_unknown"),
              ("水暖管道", "电路照明"), True, ("报修类别", "报修类型")),
        Field("content", Words("内容", "Matter"), fields.text(TEXT_LIMIT, multiline=True),
              ("厨房水龙头漏水", "客厅插座没电"), True, ("报修内容", "故障", "content", "description")),
        Field("urgency", Words("缓急", "Urgency"), fields.one_of(URGENCIES, "urgency_unknown"), ("一般", "急修"), False,
              ("紧急程度",)),
        Field("received", Words("报修时间", "Received"), fields.moment, ("2026-11-03 09:20", "2026-11-05"), True,
              ("报修日期", "登记时间", "受理时间", "received at")),
        Field("place", Words("位置", "Place"), fields.text(SHORT_LIMIT), ("厨房", ""), False, ("报修位置", "地点")),
        Field("convenient_time", Words("方便上门时间", "Convenient time"), fields.text(SHORT_LIMIT), ("周六上午", ""),
              False, ("预约时间", "上门时间")),
    ),
    ("old_no",),
    import_cases.cases_of_old,
    import_cases.fingerprint,
    once=True,
)  # fmt: skip

PRICES = Kind(
    "prices",
    Words("价目表", "Price list"),
    Words("有偿服务的价格，单位是元；按编号新增或更新", "Prices of paid services in yuan; known by their code"),
    (
        Field("code", Words("编号", "Code"), fields.code, ("SN-01", "DQ-03"), True, ("代码", "项目编号")),
        Field("category", Words("类别", "Category"), fields.one_of(CATEGORIES, "category_unknown"),
              ("水暖管道", "电路照明"), True),
        Field("name", Words("项目", "Service"), fields.text(SHORT_LIMIT), ("更换水龙头", "线路检修"), True,
              ("名称", "服务项目", "项目名称", "name", "item")),
        Field("name_en", Words("英文名称", "Name in English"), fields.text(SHORT_LIMIT), ("Change a tap", ""), False),
        Field("unit", Words("单位", "Unit"), fields.text(20), ("个", "次"), True, ("计量单位",)),
        Field("pricing", Words("计价方式", "Pricing"),
              fields.one_of(import_prices.PRICING, "pricing_unknown", import_prices.OTHER_PRICING),
              ("一口价", "区间价"), True, ("计价",)),
        Field("low_fen", Words("单价（元）", "Price (yuan)"), fields.yuan, ("30", "50"), False,
              ("价格", "人工费", "最低价", "人工价", "low")),
        Field("high_fen", Words("最高价（元）", "Highest price (yuan)"), fields.yuan, ("", "80"), False,
              ("high", "highest")),
        Field("material", Words("材料", "Material"),
              fields.one_of(import_prices.MATERIALS, "material_unknown", import_prices.OTHER_MATERIALS),
              ("物业提供", "业主自购"), True, ("材料方式",)),
        Field("material_fen", Words("材料价（元）", "Material price (yuan)"), fields.yuan, ("25", ""), False,
              ("材料费",)),
        Field("duration", Words("预计用时", "Duration"), fields.text(SHORT_LIMIT), ("20 分钟", ""), False,
              ("用时",)),
        Field("remark", Words("备注", "Remark"), fields.text(TEXT_LIMIT), ("不含高空作业", ""), False,
              ("说明", "remarks")),
        Field("active", Words("启用", "In use"), fields.flag, ("是", "是"), False, ("active",)),
    ),
    ("code",),
    import_prices.prices,
)  # fmt: skip

CALENDAR = Kind(
    "calendar",
    Words("放假安排", "Official holidays"),
    Words("国务院放假安排：休息日和补班日；导入后该年为正式", "The State Council's notice: rest days and make-up days"),
    (
        Field("day", Words("日期", "Date"), fields.day, ("2027-01-01", "2027-02-14"), True, ("day",)),
        Field("kind", Words("当天", "Is"), fields.one_of(import_calendar.KINDS, "day_kind_unknown",
              import_calendar.OTHER_KINDS), ("rest", "work"), True, ("类型", "安排", "kind", "type")),
        Field("name", Words("名称", "Name"), fields.text(SHORT_LIMIT), ("元旦", "春节"), False,
              ("节日", "假期", "说明", "holiday", "note")),
    ),
    ("day",),
    import_calendar.days,
    together=import_calendar.of_part,
    after=import_calendar.after,
    headless=True,
)  # fmt: skip

FEES = Kind(
    "fees",
    Words("收费清单", "Fees to pay"),
    Words(
        "财务的应缴清单，单位是元；同一房号、项目、账期只有一笔，再导入就更新",
        "The finance department's list in yuan; one line a home, item and period: imported again it is changed",
    ),
    (
        HOME,
        Field("item", Words("项目", "Item"), fields.one_of(ITEMS, "fee_item_unknown", import_fees.OTHER_ITEMS),
              ("物业管理费", "公共能耗费"), True, ("收费项目", "费用项目", "费用名称", "fee")),
        Field("period", Words("账期", "Period"), fee_periods.parse, ("2026-10至2026-12", "2026-11"), True,
              ("所属期", "费用期间", "期间", "月份", "月", "month")),
        Field("amount_fen", Words("金额（元）", "Amount (yuan)"), fields.yuan, ("534.00", "26.70"), True,
              ("应缴金额", "应收金额", "应缴", "应收", "欠费金额", "欠费")),
        Field("due_on", Words("应缴日期", "Due day"), fields.day, ("2026-12-10", "2026-12-10"), True,
              ("缴费截止日期", "截止日期", "应缴日", "到期日", "due", "due on", "due date")),
        Field("area", Words("面积（㎡）", "Area (m²)"), money.parse_quantity, ("", "89"), False,
              ("建筑面积", "计费面积")),
    ),
    ("home", "item", "period"),
    import_fees.fees,
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.code: kind for kind in (UNITS, RESIDENTS, CASES, PRICES, CALENDAR, FEES)}
