"""What the owner sees of the inspection of his home: where it stands in a plain sentence; nothing personal in it."""

from datetime import datetime
from typing import Final

from db.store import Store
from reception import inspection_facts, said
from reception.cases import Case
from reception.owner_steps import Step
from reception.owner_view import Progress
from reception.site import site
from reception.wording import Words

_STEPS: Final = {
    "open_inspection": Words("已约定验收", "Agreed"),
    "reschedule_inspection": Words("已改约", "Another time agreed"),
    "inspect_home": Words("已验收", "Inspected"),
    "rectify": Words("质量问题已派工返修", "Defects sent out to be put right"),
    "find_defect": Words("再次发现问题，继续返修", "Something more was found"),
    "pass_inspection": Words("返修已复检合格", "Work checked and good"),
    "reappoint_inspection": Words("已约定再次验收", "Second acceptance agreed"),
    "accept_inspection": Words("验收合格，您已签字", "Accepted, you signed"),
    "withdraw_inspection": Words("已撤销", "Withdrawn"),
}
_SAID: Final = {
    "inspected": Words(
        "房屋已验收，未记录质量问题，待您签字确认", "Your home was inspected, no defect was written down; please sign"
    ),
    "rechecked": Words(
        "质量问题已返修并复检合格，我们会与您约定再次验收",
        "The defects were put right and checked; we will agree a time with you for the second acceptance",
    ),
    "accepted": Words("房屋验收合格，谢谢", "Your home was accepted, thank you"),
    "withdrawn": Words("这次验收已撤销，如需验收请到前台", "This inspection was withdrawn; please ask at the desk"),
}


def progress(store: Store, case: Case, *, now: datetime | None, judged_at: datetime | None = None) -> Progress:
    """Return how an inspection stands. It is said by its date, whenever it is read."""
    found, sentence = inspection_facts.details(store, case), _SAID.get(case.state)
    if case.state in {"appointed", "reappointed"}:
        when = said.moment(found.agreed_at, zone=site(store).zone)
        again = case.state == "reappointed"
        sentence = Words(
            f"约定 {when.zh} {'再次' if again else ''}验收，维修人员在房屋等候",
            f"{'Second acceptance' if again else 'Inspection'} on {when.en}; our people wait at your home",
        )
    if case.state == "rectifying":
        left, all_of_them = len(found.open_defects), sum(one.dropped_at is None for one in found.defects)
        sentence = Words(
            f"{all_of_them} 处质量问题由开发商返修，已复检合格 {all_of_them - left} 处",
            f"{all_of_them} defects are being put right by the developer, {all_of_them - left} are checked and good",
        )
    assert sentence is not None
    return Progress(sentence, None, _steps(store, case), None, frozenset(), bool(case.phone), "")


def _steps(store: Store, case: Case) -> tuple[Step, ...]:
    rows = store.rows("SELECT at, what FROM events WHERE subject = 'case' AND subject_id = ? ORDER BY id", [case.id])
    return tuple(Step(row["at"], _STEPS[row["what"]]) for row in rows if row["what"] in _STEPS)
