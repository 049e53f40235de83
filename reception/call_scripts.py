"""该怎么说: what the caller says, sentence by sentence, from the centre's own list and the records of the case."""

from dataclasses import dataclass

from db.store import Store
from reception import booking_facts, complaint_facts, feedback, given_by
from reception.cases import Case
from reception.given_by import NOBODY_SIGNED, Given
from reception.permissions import Actor
from reception.site import site
from reception.wording import Words

# The steps of a call, in the order of the talk. `dissatisfied` stands beside the others: it is not always said.
STEPS = {
    "greeting": Words("开场", "Opening"),
    "about": Words("来意", "What it is about"),
    "price": Words("核实价格", "The price"),
    "signature": Words("核实签字", "The signature"),
    "reply": Words("核对答复", "The reply"),
    "question": Words("提问", "Questions"),
    "dissatisfied": Words("对方不满意时", "If he is not content"),
    "closing": Words("结束", "Closing"),
}
KINDS = {
    "any": Words("所有", "all"),
    "repair": Words("报修", "repairs"),
    "complaint": Words("投诉", "complaints"),
    "visit-day": Words("接访", "visit-day matters"),
}
# Of these the person was given a reply, which the caller reads to him.
REPLIED = frozenset({complaint_facts.KIND, booking_facts.KIND})
# Of many decisions the last ones are read.
MOST_TOLD = 3
DESK = Words("前台", "the front desk")


@dataclass(frozen=True, slots=True)
class Said:
    """A step of the call: its sentences, and what the records say that the caller compares with the answer."""

    step: str
    name: Words
    sentences: tuple[Words, ...]
    note: Words | None


def of_case(store: Store, case: Case, *, by: Actor) -> list[Said]:
    """Return what this caller says in a call about a case; steps that do not apply are left out."""
    notes = _notes(store, case)
    fillers = _fillers(store, case, by)
    found: dict[str, list[Words]] = {}
    for row in store.rows(
        "SELECT step, text, text_en FROM call_lines WHERE active = 1 AND kind IN ('any', ?) ORDER BY position, id",
        [case.kind],
    ):
        found.setdefault(row["step"], []).append(_filled(Words(row["text"], row["text_en"] or row["text"]), fillers))
    return [
        Said(step, name, tuple(found[step]), notes.get(step))
        for step, name in STEPS.items()
        if step in found and (step in notes or step not in {"price", "signature", "reply"})
    ]


def _notes(store: Store, case: Case) -> dict[str, Words]:
    """Return what is on record: how price and signature came, which reply was given; a step without one is not said."""
    if case.kind in REPLIED:
        reply = _reply(store, case)
        return {"reply": Words(reply, reply)} if reply else {}
    steps = {"price": "price", "sign": "signature"}
    return {
        steps[one.what]: _with_sum(one)
        for one in given_by.of_case(store, case.id)
        if one.how not in NOBODY_SIGNED.values()
    }


def _with_sum(one: Given) -> Words:
    if one.fen is None:
        return one.how
    total = f"¥{one.fen // 100:,}.{one.fen % 100:02d}"
    return Words(f"{total}，{one.how.zh}", f"{total}, {one.how.en}")


def _reply(store: Store, case: Case) -> str:
    if case.kind == booking_facts.KIND:
        told = [one.text for one in feedback.of_case(store, case.id) if one.about == "result"]
        return "；".join(told[-MOST_TOLD:])
    said = [one.text for one in complaint_facts.replies(store, case.id) if one.round == case.round]
    return said[-1] if said else ""


def _fillers(store: Store, case: Case, by: Actor) -> dict[str, Words]:
    centre, reply = site(store), _reply(store, case) if case.kind in REPLIED else ""
    return {
        "{centre}": Words(centre.name, centre.name_en),
        "{caller}": Words(by.name, by.name),
        "{no}": Words(case.no, case.no),
        "{phone}": Words(centre.phone, centre.phone) if centre.phone else DESK,
        "{reply}": Words(reply, reply),
    }


def _filled(text: Words, fillers: dict[str, Words]) -> Words:
    zh, en = text
    for mark, value in fillers.items():
        zh, en = zh.replace(mark, value.zh), en.replace(mark, value.en)
    return Words(zh, en)
