"""What goes when its time is over (保存期限, domain.md K12): rules, each with how long it keeps and what it removes.

A new rule is one more entry. What a matter holds (its person, its words, its photos) has its own time, after its close
(`retention_matters`): until then a visit that led to one keeps its name, too.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from db import paper_care
from db.store import Store
from reception import audit_groups, home_guesses, login_failures, photos, sessions
from reception.permissions import BOX
from reception.retention_matters import MATTERS
from reception.retention_types import Rule, days
from reception.rules import clock
from reception.site import Site
from reception.wording import Words

# So many rows an act: a check-in in between waits for a blink, also on the first day of an old store.
AT_ONCE = 500
# No page stands open for so long; until then the same nonce is the same act.
NONCES_LIVE = timedelta(days=90)


def _rows(code: str, what: Words, keep: Callable[[Site], timedelta], key: str, found: str, *changes: str) -> Rule:
    """Return a rule over rows: `found` is FROM and WHERE of what is due, `changes` are done to the keys in `:keys`."""

    def due(store: Store, before: str) -> bool:
        return bool(store.value(f"SELECT EXISTS (SELECT 1 {found})", {"before": before}))

    def remove(store: Store, before: str, at: datetime) -> int:
        rows = store.rows(f"SELECT {key} {found} LIMIT :most", {"before": before, "most": AT_ONCE})
        keys = json.dumps([row[0] for row in rows])
        for change in changes:
            store.execute(change, {"keys": keys, "before": before})
        return len(rows)

    return Rule(code, what, keep, due, remove)


_KEYS = "(SELECT value FROM json_each(:keys))"
# A visit that became a matter belongs to it, and stays as long as it does.
_PLAIN = (
    "arrived_at < :before"
    " AND id NOT IN (SELECT visit_id FROM cases WHERE visit_id IS NOT NULL)"
    " AND id NOT IN (SELECT visit_id FROM tickets WHERE id IN (SELECT ticket_id FROM ("
    "  SELECT ticket_id, case_id FROM visit_day_bookings UNION ALL SELECT ticket_id, case_id FROM appointments"
    "  UNION ALL SELECT ticket_id, case_id FROM incidents)"
    "  WHERE ticket_id IS NOT NULL AND case_id NOT IN (SELECT case_id FROM retired_cases)))"
)

RULES: tuple[Rule, ...] = (
    # First: a visit that led to one is let go by the register after it.
    *MATTERS,
    # Counts stay: when somebody came, for what, and how long he waited.
    _rows(
        "visitors",
        Words("来访登记中的姓名、电话、房号", "Name, telephone and home in the visitor register"),
        days("keep_visitor_days"),
        "id",
        f"FROM visits WHERE (name IS NOT NULL OR phone IS NOT NULL OR unit_id IS NOT NULL) AND {_PLAIN}",
        f"UPDATE visits SET name = NULL, phone = NULL, unit_id = NULL WHERE id IN {_KEYS}",  # noqa: S608
    ),
    # That a document was seen goes with the visit at which it was (K12).
    _rows(
        "identity",
        Words("来访时的证件核验记录", "That a document was seen at a visit"),
        days("keep_visitor_days"),
        "id",
        f"FROM identity_checks WHERE visit_id IN (SELECT id FROM visits WHERE {_PLAIN})",  # noqa: S608
        f"DELETE FROM identity_checks WHERE id IN {_KEYS}",  # noqa: S608
    ),
    _rows(
        "security",
        Words("来访时的安全检查记录", "That a visitor was checked by security"),
        days("keep_visitor_days"),
        "id",
        "FROM security_checks WHERE at < :before",
        f"DELETE FROM security_checks WHERE id IN {_KEYS}",  # noqa: S608
    ),
    # A caller who raised no matter is a visitor by telephone.
    _rows(
        "calls",
        Words("无事项来电的号码和备注", "Number and note of calls that led to no matter"),
        days("keep_visitor_days"),
        "id",
        "FROM phone_calls WHERE at < :before AND case_id IS NULL AND (phone <> '' OR note <> '')",
        f"UPDATE phone_calls SET phone = '', note = '' WHERE id IN {_KEYS}",  # noqa: S608
    ),
    # Points stay.
    _rows(
        "survey",
        Words("评价中的文字", "Words written with a score"),
        days("keep_survey_days"),
        "id",
        "FROM survey_responses WHERE at < :before AND comment <> ''",
        f"UPDATE survey_responses SET comment = '' WHERE id IN {_KEYS}",  # noqa: S608
    ),
    _rows(
        "follow-ups",
        Words("回访记录中的文字", "Words noted at a follow-up"),
        days("keep_survey_days"),
        "id",
        "FROM follow_ups WHERE at < :before AND comment <> ''",
        f"UPDATE follow_ups SET comment = '' WHERE id IN {_KEYS}",  # noqa: S608
    ),
    # A demand for money is proved for as long as it can be disputed; calls stay while anything is open.
    _rows(
        "fees",
        Words("已缴或已撤销的收费通知", "Fees that were paid or withdrawn"),
        days("keep_case_days"),
        "id",
        "FROM fees WHERE settled_at < :before AND state <> 'notified'",
        f"DELETE FROM fees WHERE id IN {_KEYS}",  # noqa: S608
    ),
    _rows(
        "fee-calls",
        Words("催缴电话记录", "Calls about fees"),
        days("keep_case_days"),
        "id",
        "FROM fee_calls WHERE at < :before"
        " AND NOT EXISTS (SELECT 1 FROM fees WHERE fees.unit_id = fee_calls.unit_id AND state = 'notified')",
        f"DELETE FROM fee_calls WHERE id IN {_KEYS}",  # noqa: S608
    ),
    # What was agreed on a home is proved for as long as it can be disputed.
    _rows(
        "custodies",
        Words("已结束或作废的房屋托管", "Custodies of homes that ended, or were never signed"),
        days("keep_case_days"),
        "id",
        # Its part of a fee is proved by it for as long as somebody is asked for that fee.
        "FROM custodies WHERE closed_at < :before"
        " AND NOT EXISTS (SELECT 1 FROM fees WHERE fees.unit_id = custodies.unit_id AND state = 'notified')",
        f"DELETE FROM custody_tellings WHERE custody_id IN {_KEYS}",  # noqa: S608
        f"DELETE FROM custody_rounds WHERE custody_id IN {_KEYS}",  # noqa: S608
        f"DELETE FROM custody_readings WHERE custody_id IN {_KEYS}",  # noqa: S608
        f"DELETE FROM custodies WHERE id IN {_KEYS}",  # noqa: S608
    ),
    _rows(
        "audit",
        Words("查看与登录记录", "Who looked at whose data, and who logged in"),
        days("keep_audit_days"),
        "id",
        # In order of id: from the first that is young enough on, none is looked at.
        "FROM events WHERE id < (SELECT coalesce(min(id), 0) FROM events WHERE at >= :before)"  # noqa: S608
        f" AND at < :before AND {audit_groups.of_groups(*audit_groups.PASSING)}",
        "INSERT INTO retention_leave (one, before) VALUES (1, :before)",
        f"DELETE FROM events WHERE id IN {_KEYS}",  # noqa: S608
        "DELETE FROM retention_leave",
    ),
    _rows(
        "refusals",
        Words("被拒绝请求的计数", "Counts of what was refused"),
        days("keep_audit_days"),
        "day_on",
        "FROM refusals WHERE day_on < substr(:before, 1, 10)",
        f"DELETE FROM refusals WHERE day_on IN {_KEYS}",  # noqa: S608
    ),
    # The print worker wipes by itself; this is for a printer that nobody serves any more.
    Rule(
        "papers",
        Words("打印队列中的票据内容", "What papers said, in the spool"),
        lambda site: timedelta(0),
        lambda store, before: bool(
            store.value(
                "SELECT EXISTS (SELECT 1 FROM print_jobs WHERE wiped = 0 AND wipe_at <= ? AND state <> 'sending')",
                [before],
            )
        ),
        lambda store, before, at: paper_care.wipe(store, before),
    ),
    _rows(
        "nonces",
        Words("表单的一次性标记", "Marks by which a form counts once"),
        lambda site: NONCES_LIVE,
        "nonce",
        "FROM nonces WHERE at < :before",
        f"DELETE FROM nonces WHERE nonce IN {_KEYS}",  # noqa: S608
    ),
    Rule(
        "sessions",
        Words("过期或闲置锁定的登录", "Log-ins that ran out, or were idle and are locked now"),
        lambda site: sessions.IDLE,
        sessions.any_idle,
        # By the moment of the act: the counters that close with them have an event of theirs.
        lambda store, before, at: sessions.clear_idle(store, by=BOX, at=at),
    ),
    _rows(
        "browsers",
        Words("久未使用的浏览器标记", "Marks of browsers long unused"),
        lambda site: login_failures.KNOWN_FOR,
        "key_hash",
        "FROM known_browsers WHERE used_at < :before",
        f"DELETE FROM known_browsers WHERE used_at < :before AND key_hash IN {_KEYS}",  # noqa: S608
    ),
    _rows(
        "guesses",
        Words("自助机上未对上的电话尾号", "Ends of a telephone that fitted no home"),
        lambda site: home_guesses.KEPT_FOR,
        "unit_id",
        "FROM home_guesses WHERE at < :before",
        f"DELETE FROM home_guesses WHERE at < :before AND unit_id IN {_KEYS}",  # noqa: S608
    ),
    _rows(
        "phones",
        Words("过期的工作手机", "Work phones whose sign-in ran out"),
        lambda site: timedelta(0),
        "id",
        "FROM worker_devices WHERE expires_at < :before",
        f"DELETE FROM worker_devices WHERE id IN {_KEYS}",  # noqa: S608
    ),
    Rule(
        "photos",
        Words("没有记录的照片文件", "Pictures without a record"),
        lambda site: timedelta(0),
        lambda store, before: photos.any_left_over(store, now=clock.from_text(before)),
        lambda store, before, at: photos.sweep(store, now=clock.from_text(before)),
    ),
)
