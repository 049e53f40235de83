"""The demo's centre: an estate, its residents, staff in every role, a printer, on what every centre starts with."""

import json
import secrets
from pathlib import Path

from db import printers
from db.store import Store, writing
from lobbydesk import demo_answers, demo_prices, starting_centre
from reception import consents, privacy_notices, staff
from reception.permissions import BOX, Role
from reception.rules import clock
from reception.site import configure

STAFF = [
    ("wanglin", "王琳", Role.RECEPTIONIST, "service"),
    ("liuyang", "刘洋", Role.ASSISTANT, "service"),
    ("chenjing", "陈静", Role.SERVICE_HEAD, "service"),
    ("zhaoqiang", "赵强", Role.DEPARTMENT_HEAD, "maintenance"),
    ("sunlei", "孙磊", Role.TEAM_LEADER, "maintenance"),
    ("zhaogang", "赵刚", Role.WORKER, "maintenance"),
    ("zhouming", "周明", Role.MANAGER, "management"),
    ("admin", "系统管理员", Role.ADMINISTRATOR, "management"),
    ("wuhao", "吴昊", Role.WORKER, "security"),
]
# Locks go to the one who does them; he is known once there is staff.
LOCKSMITH = "zhaogang"
# Names that try paper and screen: compound surnames, characters outside GB2312 and GBK, a name in Latin.
NAMES = [
    "张建国",
    "李秀英",
    "欧阳文静",
    "王喆",
    "陈玥",
    "刘堃",
    "李䶮",
    "赵敏",
    "诸葛明",
    "孙丽华",
    "周杰",
    "吴桂芳",
    "Maria Costa",
    "郑和平",
    "冯㛃",
    "何晓东",
    "马建军",
    "罗春梅",
    "司马兰",
    "高志强",
]
# Completion, hand-over and what the contract promises, by building: young, of middle age, old, half known, unknown.
DATES: dict[str, tuple[str | None, str | None, str | None]] = {
    "1": ("2025-05-20", "2025-09-01", None),
    "2": ("2023-10-10", "2024-01-20", "2028-12-31"),
    "3": ("2012-06-30", "2012-09-15", None),
    "4": (None, "2020-03-01", None),
    "5": (None, None, None),
}
BUILDINGS, UNITS, FLOORS, DOORS = 5, 2, 6, 2


def seed(store: Store, home: Path) -> None:
    """Fill an empty store, once; the logins go to `home/login.json` and `home/staff.json`."""
    if store.value("SELECT count(*) FROM departments"):
        return
    password = secrets.token_urlsafe(9)
    with writing(store):
        configure(
            store,
            name="锦绣家园 物业服务中心",
            name_en="Jinxiu Garden Service Centre",
            phone="010-6200-8600",
            duty_phone="010-6200-8610",
            keeper_phone="010-6200-8620",
            # The demo is open at any hour.
            hours_work="00:00-24:00",
            hours_rest="00:00-24:00",
            directions="服务中心在 1 号楼首层，东门进入右手边。\n电梯在大厅左侧，洗手间在电梯后面。\n"
            "访客停车：东门地面停车场，前 30 分钟免费。",
            directions_en="We are on the ground floor of building 1, on the right of the east gate.\n"
            "Lifts on the left of the hall, toilets behind them.\nVisitors park at the east gate, 30 minutes free.",
        )
        starting_centre.lay(store)
        for login, name, role, department in STAFF:
            staff.add(store, login=login, name=name, role=role, department=department, password=password)
        store.execute("UPDATE dispatch_rules SET worker = ? WHERE category = 'door'", [LOCKSMITH])
        _estate(store)
        demo_prices.seed(store)
        demo_answers.seed(store, proposed_by="wanglin", checked_by="chenjing")
    # Written last and readable by the owner alone; the store holds only the hashes.
    _write_private(
        home / "staff.json", [{"name": login, "role": role.value, "password": password} for login, _, role, _ in STAFF]
    )
    _write_private(home / "login.json", {"name": STAFF[0][0], "password": password})


def _estate(store: Store) -> None:
    homes = [
        (str(building), str(unit), f"{floor}{door:02d}")
        for building in range(1, BUILDINGS + 1)
        for unit in range(1, UNITS + 1)
        for floor in range(1, FLOORS + 1)
        for door in range(1, DOORS + 1)
    ]
    for number, home in enumerate(homes):
        unit_id = store.insert(
            "INSERT INTO units (building, unit, room, completion_on, handover_on, contract_end_on)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [*home, *DATES[home[0]]],
        )
        # 1-1-101 belongs to 张建国, 138 0000 5678; the others follow in steps that keep the tails apart.
        phone = f"1380000{(5678 + 37 * number) % 10000:04d}"
        _resident(store, unit_id, NAMES[number % len(NAMES)], phone, "owner")
        if number % 5 == 3:
            tail = (1234 + 41 * number) % 10000
            _resident(store, unit_id, NAMES[(number + 7) % len(NAMES)], f"1390000{tail:04d}", "tenant")


def _resident(store: Store, *who: object) -> None:
    resident_id = store.insert("INSERT INTO residents (unit_id, name, phone, relation) VALUES (?, ?, ?, ?)", who)
    # The list came with the centre itself.
    at = clock.from_text(privacy_notices.in_force(store).published_at)
    consents.keep(store, "residents", resident_id, by=BOX, at=at, source="import")


def _write_private(path: Path, content: object) -> None:
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def draw_map(home: Path) -> None:
    """Draw the plan of the demo's centre, once: where the counters, the lift and the doors are."""
    path = home / "map.png"
    if path.exists():
        return
    from PIL import Image, ImageDraw, ImageFont

    fonts = [Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")]
    found = next((font for font in fonts if font.exists()), None)
    font = ImageFont.truetype(str(found), 26) if found else ImageFont.load_default(26)
    plan = Image.new("RGB", (960, 520), "#faf7f1")
    draw = ImageDraw.Draw(plan)
    draw.rectangle((20, 20, 940, 500), outline="#182326", width=6)
    rooms = [
        ((40, 40, 300, 170), "接待室 Reception room", "#eaf4ee"),
        ((320, 40, 640, 170), "窗口 Counters 1 2 3", "#e8f1f1"),
        ((660, 40, 920, 170), "洽谈室 Meeting room", "#eaf4ee"),
        ((40, 330, 240, 480), "电梯 Lift", "#e4ddd1"),
        ((260, 330, 460, 480), "洗手间 WC", "#e4ddd1"),
        ((480, 200, 700, 310), "座位 Seats", "#ffffff"),
        ((720, 330, 920, 480), "自助机 Kiosk", "#fbeeee"),
    ]
    for box, words, colour in rooms:
        draw.rectangle(box, fill=colour, outline="#8d877b", width=3)
        draw.text(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), words, fill="#182326", font=font, anchor="mm")
    draw.rectangle((930, 220, 950, 310), fill="#faf7f1")
    draw.text((810, 265), "东门 East gate →", fill="#0d5c63", font=font, anchor="mm")
    plan.save(path)


def open_doors(store: Store, *, kiosk_port: int, printer_port: int, desk_port: int = 8601) -> None:
    """Tell the centre where its kiosk, its desk and its printer are this time."""
    with writing(store):
        configure(store, kiosk_url=f"http://127.0.0.1:{kiosk_port}", desk_url=f"http://127.0.0.1:{desk_port}")
        if printers.find(store, "front") is None:
            printers.save(store, "front", label="前台打印机 Front")
        printers.save(store, "front", address=f"tcp://127.0.0.1:{printer_port}")
