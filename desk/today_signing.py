"""Groups of 今日待办 that are about the signatures of the visit day."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from desk.today_tasks import MOST, Found, Group, Task
from reception import sign_reminders, signing
from reception.permissions import FRONT, Actor, Role
from reception.wording import Words
from web.app import store


def _to_sign(by: Actor, at: datetime) -> Found:
    found = signing.mine(store(), by=by, now=at)
    tasks = [
        Task(
            one.case.no,
            f"/visit-day/{one.case.no}/form",
            one.signature.step_words,
            one.case.unit.label if one.case.unit else "",
            one.for_name,
            one.signature.due_at,
            one.signature.reminded_at is not None,
        )
        for one in found[:MOST]
    ]
    return Found(tasks, len(found))


def _waiting(reader: Callable[..., list[sign_reminders.Waiting]], page: str) -> Callable[[Actor, datetime], Found]:
    def read(by: Actor, at: datetime) -> Found:
        found = reader(store(), by=by, now=at)
        tasks = [
            Task(
                one.case.no,
                page.format(no=one.case.no),
                one.what if one.what.zh else one.booking.topic_words,
                one.case.unit.label if one.case.unit else "",
                "",
                one.due_at,
                one.late,
            )
            for one in found[:MOST]
        ]
        return Found(tasks, len(found))

    return read


def _group(code: str, name: Words, act: str, read: Any, **more: Any) -> Group:
    return Group(code, name, act, "/signatures", read, **more)


_FORM: Final = "/visit-day/{no}/form"
GROUPS: Final = (
    _group("to_sign", Words("待我签批", "For me to sign"), "sign_booking", _to_sign),
    _group(
        "unsigned",
        Words("到期没签完的接访登记表", "Visit-day forms not signed in time"),
        "refuse_booking",
        _waiting(sign_reminders.unsigned, _FORM),
        roles=frozenset({Role.MANAGER}),
    ),
    _group(
        "walk_ins",
        Words("当日来访，待经理签批", "Walked in: for the manager to admit"),
        "admit_walk_in",
        _waiting(sign_reminders.walked_in, _FORM),
    ),
    _group(
        "to_review",
        Words("待审核的接访预约", "Visit-day bookings to review"),
        "review_booking",
        _waiting(sign_reminders.to_review, _FORM),
    ),
    _group(
        "signing_news",
        Words("签批情况待告知业主", "Owners to be told of the signing"),
        "prepare_booking",
        _waiting(sign_reminders.owners_to_tell, "/cases/{no}"),
        roles=FRONT,
    ),
)
