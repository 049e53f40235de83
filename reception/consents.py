"""On what ground a name or a telephone stands here (PIPL 13, 14): one row for each time that one was written.

Who types it himself at the kiosk or on his phone has the notice before him and agrees to that version and no other.
Whom the staff type in, a list brings, or a program sends without our form, agreed to nothing: the property service
contract is the ground, or a duty by law, and the row says so.
"""

from datetime import datetime
from typing import Final

from db.store import Store
from reception import privacy_notices
from reception.permissions import Actor, Role
from reception.personal import PEOPLE
from reception.rules import clock
from reception.wording import Words

GROUNDS: Final = {
    "consent": Words("本人同意", "Consent"),
    "service": Words("履行物业服务合同所必需", "Property service contract"),
    "duty": Words("法定职责或义务", "Duty by law"),
}
CHANNELS: Final = {
    "kiosk": Words("自助机", "Kiosk"),
    "phone": Words("本人手机", "Own phone"),
    "desk": Words("前台登记", "Desk"),
    "call": Words("来电登记", "Telephone call"),
    "list": Words("名册导入", "Imported list"),
}
_HIMSELF: Final = {Role.KIOSK: "kiosk", Role.TOKEN_HOLDER: "phone"}
_BY_SOURCE: Final = {"phone": "call", "import": "list"}
# Emergencies and questions of the authorities are recorded because the law asks for it.
_DUTIES: Final = frozenset({"incident", "emergency", "official"})
_OF_RESIDENTS: Final = frozenset({"residents", "former_residents"})


def keep(
    store: Store, subject: str, subject_id: int, *, by: Actor, at: datetime, source: str = "", kind: str = ""
) -> None:
    """Write down, inside the act that writes a person's data, on what ground; `subject` is the table of the row.

    `source` is that of a case (phone: a call; import: a list), `kind` its kind. Refuses `notice_changed` when another
    version is in force than the form showed to who acts by himself (`Actor.notice`), or it names none.
    """
    version = privacy_notices.version(store)
    agreed = by.role in _HIMSELF and by.notice is not None
    if agreed and by.notice != privacy_notices.label_of(version):
        raise privacy_notices.Another
    channel = _HIMSELF.get(by.role) or _BY_SOURCE.get(source, "list" if by.role is Role.BOX else "desk")
    ground = "consent" if agreed else "duty" if kind in _DUTIES else "service"
    purposes = "residents" if subject in _OF_RESIDENTS else "duty" if ground == "duty" else "handle answer"
    store.insert(
        "INSERT INTO consents (subject, subject_id, notice, purposes, channel, ground, at, by_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            subject,
            subject_id,
            version,
            purposes,
            channel,
            ground,
            clock.to_text(at),
            by.id,
        ],
    )


def missing(store: Store) -> list[tuple[str, int]]:
    """Return the rows (table, id) that bear a name or a telephone on no ground; what is older than 0052 too."""
    found: list[tuple[str, int]] = []
    for table, filled in _FILLED.items():
        rows = store.rows(
            f"SELECT {table}.rowid AS id FROM {table} WHERE ({filled}) AND NOT EXISTS"  # noqa: S608
            f" (SELECT 1 FROM consents WHERE subject = ? AND subject_id = {table}.rowid)",
            [table],
        )
        found += [(table, row["id"]) for row in rows]
    return found


_FILLED: Final = {
    table: " OR ".join(f"coalesce({column}, '') <> ''" for column in f"{kept.name} {kept.phone}".split())
    for table, kept in PEOPLE.items()
} | {"handovers": "sender <> '' OR taken_by <> ''"}
