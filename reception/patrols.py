"""巡查发现 (SYS-46): whoever of the staff finds something broken on his round reports it; a work order goes out."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from db.store import Store
from reception import cases, events, nonces, photo_files, photos, repair_facts, repairs, work_orders
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.wording import Words

CATEGORIES = {code: words for code, words in repair_facts.CATEGORIES.items() if code in repair_facts.OF_SHARED_AREAS}
# Nobody agrees a time for what is found on a round.
URGENCIES = {code: repair_facts.URGENCIES[code] for code in ("ordinary", "urgent")}


@dataclass(frozen=True, slots=True)
class AtHome:
    """A finding at a home (`1-1-101`) rather than in a shared area: of any category, and what its act does besides.

    `about` tells one form from another that carries the same nonce.
    """

    unit: str
    about: str
    also: Callable[[Case, datetime], None]


def report(
    store: Store,
    *,
    nonce: str,
    category: str,
    place: str,
    content: str,
    urgency: str,
    data: bytes = b"",
    at_home: AtHome | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """Report a finding of a shared area, or `at_home`: a repair with source=patrol, its picture if there is one
    (`data`), and the work order by the rule of its category, in one act: the rule sends somebody out, not whoever
    found it.

    The same nonce reports it once. Refuses `category_unknown`, `urgency_unknown`, `place_missing`, `content_missing`,
    what `photo_files.prepared` refuses of a picture that is none, `photo_not_kept` when the disk does not take it, and
    what `cases.text` and `nonces` refuse.
    """
    permit(by, "report_finding")
    nonces.clean(nonce)
    form = {
        "category": category,
        "place": place,
        "content": content,
        "urgency": urgency,
        "picture": hashlib.sha256(data).hexdigest() if data else "",
        "by": by.id,
    }
    form |= {"home": at_home.unit, "about": at_home.about} if at_home else {}
    earlier = nonces.find(store, nonce, "report_finding", form)
    if earlier is not None:
        return cases.whole(store, earlier)
    _check(category, place, content, urgency, repair_facts.CATEGORIES if at_home else CATEGORIES)
    pictures = photo_files.prepared(data) if data else None
    name, kept = photo_files.new_name(events.moment(store, now)), False

    def make(at: datetime) -> int:
        nonlocal kept
        case = repairs.register(
            store,
            nonce=hashlib.sha256(f"finding {nonce}".encode()).hexdigest(),
            name="",
            phone="",
            unit=at_home.unit if at_home else "",
            category=category,
            content=content,
            place=place,
            urgency=urgency,
            source=repair_facts.FOUND,
            by=by,
            now=at,
        )
        if pictures:
            _attach(store, case, name, len(pictures[0]), by=by, at=at)
        work_orders.send_out(store, case, by=by, now=at)
        if at_home:
            at_home.also(case, at)
        kept = True
        return case.id

    try:
        if pictures:
            photo_files.write_parts(photos.folder(store), name, *pictures)
        return cases.whole(store, nonces.once(store, nonce, "report_finding", form, now=now, make=make))
    except OSError as error:
        kept = False
        raise Refused("photo_not_kept") from error
    except BaseException:
        kept = False
        raise
    finally:
        if pictures and not kept:
            photo_files.remove(photos.folder(store), name)


def _check(category: str, place: str, content: str, urgency: str, categories: dict[str, Words]) -> None:
    """Refuse what is missing before a picture is worked on."""
    cases.choice(category, categories, code="category_unknown")
    cases.choice(urgency, URGENCIES, code="urgency_unknown")
    cases.text(place, missing="place_missing", limit=cases.SHORT_LIMIT)
    cases.text(content, missing="content_missing")


def _attach(store: Store, case: Case, name: str, size: int, *, by: Actor, at: datetime) -> None:
    # Inside the act: a sweep holds the store while it looks, and never sees a picture without its row.
    photo_files.put_in_place(photos.folder(store), name)
    photo_id = store.insert(
        "INSERT INTO photos (case_id, stage, file, bytes, at, by_id) VALUES (?, 'report', ?, ?, ?, ?)",
        [case.id, name, size, clock.to_text(at), by.id],
    )
    events.record(store, "add_photo", "case", case.id, by=by, at=at, stage="report", photo=photo_id)
