"""Answers worth keeping (常见问答): proposed at the desk, checked by a head, found by the words that somebody types."""

import re
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from db.store import Store, writing
from reception import cases, events, inquiry_facts, nonces, seals
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.wording import Words

PAGE = 50
# As many as one reads beside a form.
HINTS = 5
# What is typed beyond so many words narrows nothing.
MOST_WORDS = 12
# Chinese has no spaces: it is looked for in pairs of signs, for people ask the same in many ways.
_SIGNS = re.compile(r"[㐀-鿿]{2,}|[^\s㐀-鿿，。？！、,.?!]+")


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """A saved answer; `checked_at` None: nobody but whoever proposed it has read it, and no form finds it."""

    id: int
    category: str
    category_words: Words
    question: str
    answer: str
    from_no: str
    proposed_by: str
    proposed_at: str
    checked_by: str
    checked_at: str | None
    used: int
    active: bool
    edition: int


def _select(by: Actor) -> str:
    return (
        "SELECT saved_answers.*, inquiry_categories.name AS of, inquiry_categories.name_en AS of_en,"  # noqa: S608
        " proposer.name AS proposer, coalesce(checker.name, '') AS checker,"
        f" coalesce((SELECT no FROM cases WHERE cases.id = from_case_id AND {seals.open_to(by)}), '') AS from_no"
        " FROM saved_answers JOIN inquiry_categories ON inquiry_categories.code = category"
        " JOIN staff AS proposer ON proposer.id = proposed_by LEFT JOIN staff AS checker ON checker.id = checked_by"
    )


def _from_row(row: Row) -> SavedAnswer:
    return SavedAnswer(
        row["id"],
        row["category"],
        Words(row["of"], row["of_en"]),
        row["question"],
        row["answer"],
        row["from_no"],
        row["proposer"],
        row["proposed_at"],
        row["checker"],
        row["checked_at"],
        row["used"],
        bool(row["active"]),
        row["edition"],
    )


def words_of(text: str) -> list[str]:
    """Return what to look for: words as typed, and Chinese in pairs of signs."""
    found: list[str] = []
    for run in _SIGNS.findall(text[:200]):
        pairs = [run[at : at + 2] for at in range(len(run) - 1)] if re.match(r"[㐀-鿿]", run) else [run]
        found += [pair for pair in pairs if pair not in found]
    return found[:MOST_WORDS]


def search(store: Store, text: str, *, by: Actor, limit: int = PAGE) -> list[SavedAnswer]:
    """Return the checked answers that hold a third or more of what was typed, best first, then by use.

    Refuses `not_permitted`.
    """
    permit(by, "see_answers")
    parameters: dict[str, object] = {"limit": limit}
    tests = []
    for number, word in enumerate(words_of(text)):
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        parameters[f"word{number}"] = f"%{escaped}%"
        tests.append(f"((question || ' ' || answer) LIKE :word{number} ESCAPE '\\')")
    hits = " + ".join(tests) or "0 + 0"
    if text.strip() and not tests:
        return []
    parameters["least"] = max(1, len(tests) // 3) if tests else 0
    rows = store.rows(
        f"{_select(by)} WHERE saved_answers.active = 1 AND checked_at IS NOT NULL AND ({hits}) >= :least"
        f" ORDER BY ({hits}) DESC, used DESC, saved_answers.id LIMIT :limit",
        parameters,
    )
    return [_from_row(row) for row in rows]


def proposed(store: Store, *, by: Actor) -> list[SavedAnswer]:
    """Return what was proposed and not checked yet, oldest first. Refuses `not_permitted`."""
    permit(by, "see_answers")
    rows = store.rows(
        f"{_select(by)} WHERE saved_answers.active = 1 AND checked_at IS NULL ORDER BY saved_answers.id LIMIT ?", [PAGE]
    )
    return [_from_row(row) for row in rows]


def use(store: Store, saved: str) -> int | None:
    """Count that an answer was given, inside the act that gives it; return its id, None where none was used.

    One that left the list while its words stood in a form was given all the same. Refuses `saved_answer_unknown`, also
    for what no head has checked.
    """
    if not saved.strip():
        return None
    found = numbers.whole(saved) or 0
    if not store.changed("UPDATE saved_answers SET used = used + 1 WHERE id = ? AND checked_at IS NOT NULL", [found]):
        raise Refused("saved_answer_unknown")
    return found


def propose(
    store: Store, *, nonce: str, category: str, question: str, answer: str, from_no: str = "", by: Actor, now: datetime
) -> int:
    """Propose an answer, out of an inquiry (`from_no`) or by itself; return its id. The same nonce gives the same one.

    Refuses `category_unknown`, `question_missing`, `answer_missing`, `case_unknown`, `step_not_now` (no inquiry), and
    what texts and `nonces` refuse.
    """
    permit(by, "propose_answer")
    content = {"category": category, "question": question, "answer": answer, "from": from_no}

    def make(at: datetime) -> int:
        case = cases.find(store, from_no, by=by) if from_no else None
        if case is not None and case.kind != inquiry_facts.KIND:
            raise Refused("step_not_now")
        made = store.insert(
            "INSERT INTO saved_answers (category, question, answer, from_case_id, proposed_by, proposed_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [*_checked(store, category, question, answer), case.id if case else None, by.id, clock.to_text(at)],
        )
        events.record(store, "propose_answer", "saved_answer", made, by=by, at=at)
        store.touch("answers")
        return made

    return nonces.once(store, nonce, "propose_answer", content, now=now, make=make)


def _checked(store: Store, category: str, question: str, answer: str) -> list[str]:
    return [
        cases.choice(category, inquiry_facts.categories(store), code="category_unknown"),
        cases.text(question, missing="question_missing", limit=cases.TEXT_LIMIT),
        cases.text(answer, missing="answer_missing"),
    ]


def check(
    store: Store,
    *,
    saved_id: int,
    edition: str,
    category: str,
    question: str,
    answer: str,
    by: Actor,
    now: datetime,
) -> None:
    """Let an answer be found from now on, in these words: a proposal, or one that is put right.

    `edition` is the one that was read. Refuses `saved_answer_unknown`, `changed_meanwhile`, `category_unknown`,
    `question_missing`, `answer_missing`, texts.
    """
    permit(by, "check_answers")
    with writing(store):
        row = store.row("SELECT category FROM saved_answers WHERE id = ? AND active = 1", [saved_id])
        if row is None:
            raise Refused("saved_answer_unknown")
        kept = _checked(store, category, question, answer)
        at = events.moment(store, now)
        done = store.changed(
            "UPDATE saved_answers SET category = ?, question = ?, answer = ?, checked_by = ?, checked_at = ?,"
            " edition = edition + 1 WHERE id = ? AND active = 1 AND edition = ?",
            [*kept, by.id, clock.to_text(at), saved_id, numbers.whole(edition) or 0],
        )
        if not done:
            raise Refused("changed_meanwhile")
        events.record(store, "check_answer", "saved_answer", saved_id, by=by, at=at)
        store.touch("answers")


def retire(store: Store, *, saved_id: int, by: Actor, now: datetime) -> None:
    """Take an answer, or a proposal, out of the list. Refuses `saved_answer_unknown`."""
    permit(by, "check_answers")
    with writing(store):
        at = events.moment(store, now)
        if not store.changed("UPDATE saved_answers SET active = 0 WHERE id = ? AND active = 1", [saved_id]):
            raise Refused("saved_answer_unknown")
        events.record(store, "retire_answer", "saved_answer", saved_id, by=by, at=at)
        store.touch("answers")
