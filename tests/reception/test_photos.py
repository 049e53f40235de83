"""Photos: bare, upright, small; bombs refused unopened; whole on the disk or not at all; seen by few."""

import io
import os
import random
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from db.store import Store
from reception import photo_files, photos, repairs, tables, work_orders
from reception.permissions import Actor, Role
from reception.refusal import Refused
from reception.table_columns import TABLES
from tests.conftest import Clock, actor

SECRET = b"GPS-31.2304N"


def picture(size: tuple[int, int] = (400, 300), form: str = "JPEG", mode: str = "RGB", **also: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode != "L" else 99).save(out, form, **also)
    return out.getvalue()


def order(store: Store, clock: Clock, *, nonce: str = "n", worker: str = "zhaogang") -> str:
    """A repair sent out to a worker; return the number of its order."""
    front = actor(store, Role.RECEPTIONIST)
    case = repairs.register(
        store,
        nonce=nonce,
        name="张建国",
        phone="13800005678",
        unit="1-1-101",
        category="water",
        content="水龙头漏水",
        place="厨房",
        convenient_time="",
        urgency="urgent",
        by=front,
        now=clock(),
    )
    work_orders.dispatch(
        store, no=case.no, worker=worker, department="" if worker else "maintenance", by=front, now=clock()
    )
    live = work_orders.live(store, case.id)
    assert live is not None
    return live.no


def add(store: Store, clock: Clock, order_no: str, data: bytes, nonce: str = "p1", stage: str = "before") -> int:
    by = actor(store, Role.WORKER)
    return photos.add(store, order_no=order_no, stage=stage, data=data, nonce=nonce, by=by, now=clock())


def files(store: Store) -> list[Path]:
    return sorted(path for path in photos.folder(store).rglob("*") if path.is_file())


def test_nothing_but_the_picture_stays(store: Store, clock: Clock) -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (31.0, 13.0, 49.0)
    data = picture((400, 200), exif=exif, comment=SECRET, xmp=b"<x:xmpmeta>" + SECRET, icc_profile=SECRET * 20)
    assert SECRET in data
    kept = photos.find(store, add(store, clock, order(store, clock), data), by=actor(store, Role.WORKER))
    for path in (kept.path, photo_files.small_of(kept.path)):
        raw = path.read_bytes()
        assert SECRET not in raw and b"Exif" not in raw and b"ICC" not in raw and b"xmp" not in raw
        with Image.open(path) as image:
            assert not image.getexif() and "comment" not in image.info
            assert image.height > image.width, "turned as the phone was held"
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_orientation_stands_upright(turn: int) -> None:
    """A red mark in the upper left corner of what was seen stays there."""
    upright = Image.new("RGB", (60, 40), "white")
    upright.paste("red", (0, 0, 20, 15))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright if turn == 1 else upright.transpose(Image.Transpose(back[turn]))
    exif = Image.Exif()
    exif[0x0112] = turn
    out = io.BytesIO()
    stored.save(out, "JPEG", exif=exif, quality=95, subsampling=0)
    whole, _ = photo_files.prepared(out.getvalue())
    with Image.open(io.BytesIO(whole)) as image:
        assert image.size == (60, 40)
        red, corner = image.getpixel((5, 5)), image.getpixel((55, 35))
    assert isinstance(red, tuple) and isinstance(corner, tuple)
    assert red[1] < 80 and min(corner) > 200


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("WEBP", "RGBA"), ("JPEG", "CMYK")]
)
def test_every_kind_becomes_a_small_jpeg(form: str, mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (2400, 1000)).save(out, form)
    whole, small = photo_files.prepared(out.getvalue())
    for data, longest in ((whole, 1600), (small, 320)):
        with Image.open(io.BytesIO(data)) as image:
            assert image.format == "JPEG" and image.mode == "RGB" and max(image.size) == longest


def test_what_a_png_says_beside_the_picture_is_gone() -> None:
    said = PngInfo()
    said.add_text("Comment", SECRET.decode())
    assert SECRET not in photo_files.prepared(picture(form="PNG", pnginfo=said))[0]


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def webp_header(width: int, height: int) -> bytes:
    body = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


@pytest.mark.parametrize(
    "data",
    [png_header(7000, 6000), png_header(20000, 9000), png_header(60000, 60000), webp_header(16000, 16000)],
    ids=["42 MP", "180 MP", "3600 MP", "webp"],
)
def test_a_bomb_is_refused_unopened(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    def decoded(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decoded)
    with pytest.raises(Refused, match="photo_too_many_pixels"):
        photo_files.prepared(data)


def test_a_webp_of_a_bomb_s_size_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its decoder takes room for the whole canvas as soon as it opens one."""

    def opened(*_: object, **__: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr("PIL.Image.open", opened)
    for chunk in (
        webp_header(16000, 16000),
        b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\xff\xff\xff\x0f\0\0\0\0\0",
        b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x3e\x80\x3e",
    ):
        with pytest.raises(Refused, match="photo_too_many_pixels"):
            photo_files.prepared(chunk)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo_missing"),
        (b"\xff\xd8\xff" + b"x" * (12 * 1024 * 1024), "photo_too_large"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "photo_heic"),
        (b"\0\0\0\x18ftypmif1" + b"\0" * 50, "photo_heic"),
        (b"GIF89a" + b"\0" * 50, "photo_unknown"),
        (b"%PDF-1.7", "photo_unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_unknown"),
        (picture()[:400], "photo_broken"),
        (b"\xff\xd8\xff", "photo_broken"),
        (b"RIFF\x10\0\0\0WEBPVP8X", "photo_broken"),
        (webp_header(100, 100), "photo_broken"),
        (png_header(100, 100)[:60], "photo_broken"),
    ],
)
def test_what_is_no_photo_is_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(Refused, match=code):
        photo_files.prepared(data)


def test_broken_bytes_are_refused_and_nothing_else_happens() -> None:
    chance = random.Random(7)
    for form in ("JPEG", "PNG", "WEBP"):
        good = picture((80, 60), form)
        for _ in range(150):
            bad = bytearray(good)
            for _ in range(chance.randint(1, 12)):
                bad[chance.randrange(len(bad))] = chance.randrange(256)
            try:
                photo_files.prepared(bytes(bad))
            except Refused as refused:
                assert refused.code.startswith("photo_")


def test_a_photo_is_kept_once_under_one_nonce(store: Store, clock: Clock) -> None:
    no = order(store, clock)
    first = add(store, clock, no, picture())
    assert add(store, clock, no, picture()) == first
    assert len(files(store)) == 2
    assert store.value("SELECT count(*) FROM events WHERE what = 'add_photo'") == 1
    with pytest.raises(Refused, match="nonce_reused"):
        add(store, clock, no, picture((300, 300)))
    with pytest.raises(Refused, match="nonce_missing"):
        add(store, clock, no, picture(), nonce="")
    assert len(files(store)) == 2


def test_six_a_stage(store: Store, clock: Clock) -> None:
    no = order(store, clock)
    for number in range(6):
        add(store, clock, no, picture(), nonce=f"p{number}")
    with pytest.raises(Refused, match="photos_full"):
        add(store, clock, no, picture(), nonce="p6")
    add(store, clock, no, picture(), nonce="p6", stage="after")
    with pytest.raises(Refused, match="stage_unknown"):
        add(store, clock, no, picture(), nonce="p7", stage="report")
    live = photos.of_order(store, work_orders.find(store, no))
    assert [len(live[stage]) for stage in ("before", "after")] == [6, 1]
    assert len(files(store)) == 14


def test_who_may_see_a_photo_and_who_not(store: Store, clock: Clock) -> None:
    no = order(store, clock)
    photo = add(store, clock, no, picture())
    tables.save(
        store,
        table=TABLES["staff"],
        key="",
        values={"login": "qianwei", "name": "钱伟", "role": "worker", "department": "maintenance",
                "password": "a-long-password", "active": "1"},
        by=actor(store, Role.ADMINISTRATOR),
        now=clock(),
    )  # fmt: skip
    row = store.row("SELECT id, name, department FROM staff WHERE login = 'qianwei'")
    assert row is not None
    other = Actor(Role.WORKER, *row)
    elsewhere = Actor(Role.DEPARTMENT_HEAD, 99, "", "cleaning")
    for role in (Role.WORKER, Role.RECEPTIONIST, Role.SERVICE_HEAD, Role.TEAM_LEADER, Role.DEPARTMENT_HEAD):
        assert photos.find(store, photo, by=actor(store, role)).id == photo
    for nobody in (other, elsewhere):
        with pytest.raises(Refused, match="photo_gone"):
            photos.find(store, photo, by=nobody)
    for role in (Role.ADMINISTRATOR, Role.TOKEN_HOLDER, Role.KIOSK):
        with pytest.raises(Refused, match="not_permitted"):
            photos.find(store, photo, by=actor(store, role))
    with pytest.raises(Refused, match="order_unknown"):
        photos.add(store, order_no=no, stage="after", data=picture(), nonce="o", by=other, now=clock())
    with pytest.raises(Refused, match="photo_gone"):
        photos.remove(store, photo_id=photo, by=other, now=clock())
    assert photos.remove(store, photo_id=photo, by=actor(store, Role.WORKER), now=clock()) == no
    assert not files(store) and not photos.of_case(store, work_orders.find(store, no).case_id)


def test_a_crash_between_file_and_row_is_swept(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    no = order(store, clock)
    kept = photos.find(store, add(store, clock, no, picture()), by=actor(store, Role.WORKER))

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        # Killed before the row is committed: nothing of ours cleans up any more.
        patch.setattr("reception.photo_files.remove", lambda *_: None)
        patch.setattr("reception.nonces.keep", crash)
        with pytest.raises(KeyboardInterrupt):
            add(store, clock, no, picture(), nonce="crash")
    assert len(files(store)) == 4
    part = kept.path.with_name("0" * 32 + ".jpg.part")
    part.write_bytes(b"half")
    os.utime(part, (clock().timestamp(), clock().timestamp()))
    assert photos.sweep(store, photos.folder(store), now=clock()) == 2
    clock.forward(days=2)
    assert photos.sweep(store, now=clock()) == 1
    assert files(store) == sorted([kept.path, photo_files.small_of(kept.path)])
    kept.path.unlink()
    assert photos.of_case(store, kept.case_id)[0].missing


def test_a_refused_act_leaves_no_file(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    no = order(store, clock)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("reception.photo_files.put_in_place", full)
        with pytest.raises(Refused, match="photo_not_kept"):
            add(store, clock, no, picture())
    assert not files(store) and not store.value("SELECT count(*) FROM photos")
    add(store, clock, no, picture())
