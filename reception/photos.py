"""Photos of a repair: before and after the work. The pictures lie in a folder beside the store, a row for each in it.

The folder belongs to the records: a backup without it, or a retention that passes it by, is not complete.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Row

from db import durable
from db.store import Store, writing
from reception import cases, events, nonces, photo_files, work_orders
from reception.permissions import Actor, may, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.wording import Words
from reception.work_orders import Order

FOLDER = "photos"
MOST = 6
STAGES = {"before": Words("维修前", "Before"), "after": Words("维修后", "After")}
ALL_STAGES = STAGES | {"report": Words("报修时", "With the report")}
# What was begun and never finished by a crash is left alone for so long: an upload may still be on it.
PART_LIVES = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a repair. `missing`: its row is there, its file is not (a backup without the folder)."""

    id: int
    case_id: int
    order_id: int | None
    stage: str
    at: str
    by_id: int | None
    by_name: str
    path: Path
    missing: bool

    @property
    def stage_words(self) -> Words:
        """When it was taken, as readers know it."""
        return ALL_STAGES[self.stage]


_SELECT = "SELECT photos.*, staff.name AS by_name FROM photos LEFT JOIN staff ON staff.id = photos.by_id"


def folder(store: Store) -> Path:
    """Return the folder of the pictures, beside the store."""
    return store.path.parent / FOLDER


def _photo(store: Store, row: Row) -> Photo:
    path = folder(store) / row["file"]
    names = ("id", "case_id", "order_id", "stage", "at", "by_id")
    return Photo(
        **{name: row[name] for name in names}, by_name=row["by_name"] or "", path=path, missing=not path.is_file()
    )


def of_case(store: Store, case_id: int) -> list[Photo]:
    """Return the photos of a repair, oldest first; who asks must have been let in to the case."""
    return [_photo(store, row) for row in store.rows(f"{_SELECT} WHERE case_id = ? ORDER BY photos.id", [case_id])]


def of_order(store: Store, order: Order) -> dict[str, list[Photo]]:
    """Return the photos of a work order by stage, oldest first."""
    rows = store.rows(f"{_SELECT} WHERE order_id = ? ORDER BY photos.id", [order.id])
    found = [_photo(store, row) for row in rows]
    return {stage: [photo for photo in found if photo.stage == stage] for stage in STAGES}


def of_report(store: Store, case_id: int) -> list[Photo]:
    """Return the photos that came with the report of a repair; who asks must have been let in to its order."""
    return [one for one in of_case(store, case_id) if one.stage == "report"]


def add(store: Store, *, order_no: str, stage: str, data: bytes, nonce: str, by: Actor, now: datetime) -> int:
    """Keep a photo of a live work order; return its id. The same nonce keeps it once.

    Refuses `order_unknown`, `order_over`, `stage_unknown`, `photos_full` (six an order and stage), what
    `photo_files.prepared` refuses, the refusals of a nonce, and `photo_not_kept` when the disk does not take it.
    """
    permit(by, "work_on_order")
    nonces.clean(nonce)
    form = {"order": order_no, "stage": stage, "by": by.id, "picture": hashlib.sha256(data).hexdigest()}
    earlier = nonces.find(store, nonce, "add_photo", form)
    if earlier is not None:
        return earlier
    _room(store, order_no, stage, by)
    whole, small = photo_files.prepared(data)
    name = photo_files.new_name(events.moment(store, now))
    place, kept = folder(store), False

    def make(at: datetime) -> int:
        nonlocal kept
        order = _room(store, order_no, stage, by)
        # Inside the act: a sweep holds the store while it looks, and never sees a picture without its row.
        photo_files.put_in_place(place, name)
        photo_id = store.insert(
            "INSERT INTO photos (case_id, order_id, stage, file, bytes, at, by_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [order.case_id, order.id, stage, name, len(whole), clock.to_text(at), by.id],
        )
        events.record(
            store, "add_photo", "case", order.case_id, by=by, at=at, order=order.no, stage=stage, photo=photo_id
        )
        store.touch("cases")
        kept = True
        return photo_id

    try:
        photo_files.write_parts(place, name, whole, small)
        return nonces.once(store, nonce, "add_photo", form, now=now, make=make)
    except OSError as error:
        kept = False
        raise Refused("photo_not_kept") from error
    except BaseException:
        kept = False
        raise
    finally:
        if not kept:
            photo_files.remove(place, name)


def _room(store: Store, order_no: str, stage: str, by: Actor) -> Order:
    """Return the order that has room for one more photo. Refuses as `add`."""
    order = work_orders.find(store, order_no)
    work_orders.reach(order, by)
    if order.state != "live":
        raise Refused("order_over")
    if stage not in STAGES:
        raise Refused("stage_unknown")
    if store.value("SELECT count(*) FROM photos WHERE order_id = ? AND stage = ?", [order.id, stage]) >= MOST:
        raise Refused("photos_full")
    return order


def find(store: Store, photo_id: int, *, by: Actor) -> Photo:
    """Return a photo to whoever may see its order. Refuses `photo_gone`, also to everybody else."""
    permit(by, "see_orders")
    row = store.row(f"{_SELECT} WHERE photos.id = ?", [photo_id])
    if row is None:
        raise Refused("photo_gone")
    if not _in_reach(store, row, by):
        raise Refused("photo_gone")
    return _photo(store, row)


def _in_reach(store: Store, row: Row, by: Actor) -> bool:
    """Whether the actor may see the order of a photo; of a report's, any order of the case, or the case itself."""
    for order in work_orders.of_case(store, row["case_id"]):
        if row["order_id"] in (None, order.id):
            with suppress(Refused):
                work_orders.reach(order, by)
                return True
    if row["order_id"] is None and may(by, "see_cases"):
        with suppress(Refused):
            cases.find(store, cases.masked(store, row["case_id"]).no, by=by)
            return True
    return False


def remove(store: Store, *, photo_id: int, by: Actor, now: datetime) -> str:
    """Remove a photo of one's own while its order is live (a wrong one); return the number of the order.

    Refuses `photo_gone`, `order_over`.
    """
    permit(by, "work_on_order")
    with writing(store):
        photo = find(store, photo_id, by=by)
        order = store.row("SELECT no, state FROM work_orders WHERE id = ?", [photo.order_id])
        if order is None or photo.by_id != by.id:
            raise Refused("photo_gone")
        if order["state"] != "live":
            raise Refused("order_over")
        store.execute("DELETE FROM photos WHERE id = ?", [photo_id])
        at = events.moment(store, now)
        no, stage = str(order["no"]), photo.stage
        events.record(store, "remove_photo", "case", photo.case_id, by=by, at=at, order=no, stage=stage, photo=photo_id)
        store.touch("cases")
    # After the commit: a crash between leaves a picture without a row, which `sweep` takes away.
    photo_files.remove(folder(store), str(photo.path.relative_to(folder(store))))
    return no


def any_left_over(store: Store, *, now: datetime) -> bool:
    """Tell whether `sweep` would find anything."""
    return any(_is_left_over(store, path, now) for path in _files(folder(store)))


def sweep(store: Store, place: Path | None = None, *, now: datetime) -> int:
    """Remove pictures that have no row, and what a crash left half-written; return how many files went."""
    place = folder(store) if place is None else place
    suspects = [path for path in _files(place) if _is_left_over(store, path, now)]
    if not suspects:
        return 0
    # Again with the store held: a picture whose row was just being written is none.
    with writing(store):
        gone = [path for path in suspects if path.is_file() and _is_left_over(store, path, now)]
        for path in gone:
            path.unlink(missing_ok=True)
    return len(gone)


def _is_left_over(store: Store, path: Path, now: datetime) -> bool:
    if path.name.endswith(durable.PART):
        return now - datetime.fromtimestamp(path.stat().st_mtime, UTC) >= PART_LIVES
    name = path.name.removesuffix(photo_files.SMALL_ENDING).removesuffix(".jpg") + ".jpg"
    return store.value("SELECT 1 FROM photos WHERE file = ?", [f"{path.parent.name}/{name}"]) is None


def _files(place: Path) -> Iterator[Path]:
    for month in place.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]"):
        yield from (path for path in month.iterdir() if path.is_file())
