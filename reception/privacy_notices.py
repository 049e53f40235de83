"""The privacy notice (隐私说明, PIPL 17): what people are told of their data, version by version."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.store import Store, writing
from reception import events
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, people
from reception.site import Site
from reception.wording import Words

TEXT_LIMIT: Final = 6000
# What the product does with the data of people: every version speaks of all of it.
PURPOSES: Final[dict[str, Words]] = {
    "handle": Words("办理您提出的事项", "To handle your matter"),
    "answer": Words("与您联系、告知结果、回访", "To answer you and ask how it went"),
    "residents": Words("住户档案，履行物业服务合同", "To know residents, for the service contract"),
    "duty": Words("法律法规要求的记录", "Records that the law asks for"),
}


class Another(Refused):
    """Another version is in force than whoever acts was shown: nothing is kept, he is shown that one first."""

    def __init__(self) -> None:
        super().__init__("notice_changed")


@dataclass(frozen=True, slots=True)
class Notice:
    """One version. `published_at` is UTC text; `by_name` is '' for the one that came with the product."""

    version: int
    text: str
    text_en: str
    purposes: tuple[str, ...]
    published_at: str
    by_name: str

    @property
    def label(self) -> str:
        """What visits and screens call it."""
        return label_of(self.version)

    @property
    def words(self) -> Words:
        """The text, in both languages."""
        return Words(self.text, self.text_en)


_SELECT: Final = (
    "SELECT privacy_notices.*, coalesce(staff.name, '') AS by_name FROM privacy_notices"
    " LEFT JOIN staff ON staff.id = by_id"
)


def label_of(version: int) -> str:
    """Return what a version is called."""
    return f"v{version}"


def version(store: Store) -> int:
    """Return the version in force."""
    return int(store.value("SELECT max(version) FROM privacy_notices"))


def label(store: Store) -> str:
    """Return what the version in force is called."""
    return label_of(version(store))


def in_force(store: Store) -> Notice:
    """Return the version in force: for everybody to read."""
    return _versions(store, most=1)[0]


def all_of(store: Store, *, by: Actor) -> list[Notice]:
    """Return every version, the newest first. Refuses `not_permitted`."""
    permit(by, "see_notice")
    return _versions(store)


def _versions(store: Store, most: int = -1) -> list[Notice]:
    return [
        Notice(
            row["version"],
            row["text"],
            row["text_en"],
            tuple(row["purposes"].split()),
            row["published_at"],
            row["by_name"],
        )
        for row in store.rows(f"{_SELECT} ORDER BY version DESC LIMIT ?", [most])
    ]


def periods(centre: Site) -> list[Words]:
    """Return for how long what is kept, as the centre set it: it stands under every version."""
    return [
        Words(f"{zh}：{days} 天", f"{en}: {days} days")
        for zh, en, days in (
            ("来访和来电登记", "Visits and calls that led to no matter", centre.keep_visitor_days),
            ("事项，自办结起", "Matters, from their close", centre.keep_case_days),
            ("评价和回访中的文字", "Words of ratings and follow-ups", centre.keep_survey_days),
            ("谁查看过您的信息的记录", "Who looked at your data", centre.keep_audit_days),
        )
    ]


def publish(store: Store, *, after: str, text: str, text_en: str, by: Actor, now: datetime) -> Notice:
    """Publish the next version, which is in force from now on; return it. Earlier ones stay as they are.

    `after`: the version that the writer had before him. Refuses `changed_meanwhile` (another was published since),
    `text_missing`, `notice_unchanged`, `text_too_long`, `text_invalid`.
    """
    permit(by, "publish_notice")
    with writing(store):
        before = in_force(store)
        if after != str(before.version):
            raise Refused("changed_meanwhile")
        zh, en = _text(text), _text(text_en)
        if (zh, en) == (before.text, before.text_en):
            raise Refused("notice_unchanged")
        at = events.moment(store, now)
        store.insert(
            "INSERT INTO privacy_notices (version, text, text_en, purposes, published_at, by_id)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [before.version + 1, zh, en, " ".join(PURPOSES), clock.to_text(at), by.id],
        )
        events.record(store, "publish_notice", "privacy_notice", before.version + 1, by=by, at=at)
        return in_force(store)


def _text(text: str) -> str:
    try:
        clean = people.clean_text(text, limit=TEXT_LIMIT, multiline=True)
    except ValueError as error:
        raise Refused(str(error)) from None
    if not clean:
        raise Refused("text_missing")
    return clean
