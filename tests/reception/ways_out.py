"""A way out of every repair: whatever happened to it, a few permitted and honest acts end it (domain.md K2, RUL-14).

Honest: what an owner bears is not called free, nobody agrees, signs or pays who does not want to.
"""

from collections.abc import Callable
from typing import Any

from reception import (
    acceptance,
    case_care,
    charges,
    fault_cases,
    fault_records,
    feedback,
    follow_ups,
    liability,
    order_steps,
    quotations,
    repair_facts,
    repairs,
    without_consent,
    work_orders,
)
from reception.cases import Case, whole
from reception.permissions import Role
from reception.price_lines import Wanted
from reception.refusal import Refused
from tests.conftest import actor
from tests.reception.life import Life

MOST = 40
LATER = "2027-01-04T10:00"


class WayOut:
    """Ends one repair, for an owner who goes along with everything, or one who wants no more of it."""

    def __init__(self, life: Life, case_id: int, *, willing: bool) -> None:
        self.life, self.store, self.case_id, self.willing = life, life.store, case_id, willing
        self.manager = actor(self.store, Role.MANAGER)
        self.count = 0

    def walk(self) -> None:
        """End it, or fail with where it is stuck."""
        for _ in range(MOST):
            case = whole(self.store, self.case_id)
            if case.closed_at is not None:
                return
            try:
                (self._along if self.willing else self._away)(case)
            except Refused as refused:
                bears = repair_facts.liability(self.store, case.id)
                raise AssertionError(
                    f"no way out of {case.state} ({bears}, willing={self.willing}): {refused.code}"
                ) from refused
        raise AssertionError(f"no way out within {MOST} acts")

    def _do(self, act: Callable[..., Any], **fields: Any) -> None:
        act(self.store, now=self.life.now, **{"by": self.life.desk, **fields})

    def _nonce(self) -> str:
        self.count += 1
        return f"out-{self.case_id}-{self.count}"

    def _is(self, question: str) -> bool:
        return self.store.value(f"SELECT 1 FROM {question}", [self.case_id]) is not None  # noqa: S608

    def _tell(self, case: Case) -> None:
        self._do(feedback.give, no=case.no, about="result", channel="phone", text="已处理", merged_too=True)

    def _decide(self, case: Case) -> None:
        """What nobody has decided is the owner's to bear, but for shared areas: the hardest of the honest answers."""
        shared = repair_facts.details(self.store, case).category in repair_facts.OF_SHARED_AREAS
        fields: dict[str, Any] = {"no": case.no, "part": "", "reason": "现场"}
        if shared:
            self._do(liability.decide, liability="common", **fields)
            return
        try:
            self._do(liability.decide, liability="paid", **fields)
        except Refused:
            self._do(liability.decide, liability="waived", **fields)

    def _away(self, case: Case) -> None:
        """He agrees to nothing and signs nothing; what was agreed before stands."""
        asked = quotations.latest(self.store, case.id)
        if not self._is("work_orders WHERE case_id = ? AND started_at IS NOT NULL"):
            held = charges.of_case(self.store, case.id).held_fen
            if held:
                form = {"amount_fen": held, "method": "cash", "reason": "不修了"}
                self._do(charges.refund, nonce=self._nonce(), no=case.no, **form)
            else:
                form = {"reason": "owner_wish", "channel": "phone", "text": "已取消"}
                self._do(acceptance.cancel, no=case.no, **form)
        elif case.state not in quotations.OVER and repair_facts.liability(self.store, case.id) == "undetermined":
            self._decide(case)
        elif self._is("work_orders WHERE case_id = ? AND finished_at IS NOT NULL"):
            self._tell(case)
            self._do(without_consent.close, no=case.no, reason="业主不同意", by=self.manager)
        elif asked is not None and asked.state == "quoted":
            self._do(quotations.answer, no=case.no, quotation_id=asked.id, agree=False, how="face")
        else:
            live = work_orders.live(self.store, case.id)
            assert live is not None, case.state
            act = order_steps.resume if case.state == "suspended" else order_steps.finish
            also = {} if case.state == "suspended" else {"work_done": "做到业主要求停止为止"}
            self._do(act, order_no=live.no, **also)

    def _along(self, case: Case) -> None:
        """He agrees, signs and pays: it comes to its file without the manager."""
        bears = repair_facts.liability(self.store, case.id)
        live = work_orders.live(self.store, case.id)
        fault = fault_records.holding(self.store, case.id)
        if fault is not None:
            self._do(fault_cases.detach, fault_id=str(fault.id), case_no=case.no)
        elif live is None and case.state in {"registered", "returned", "rework"}:
            blank = dict.fromkeys(("unit", "category", "content", "place"), "")
            person = {"name": "张建国", "phone": "13800005678", "convenient_time": "下午"}
            self._do(repairs.amend, no=case.no, **blank, **person)
            self._do(work_orders.dispatch, no=case.no, worker="zhaogang", appointed_at=self._agreed(case))
        elif live is None:
            self._to_the_file(case)
        elif bears == "undetermined":
            self._decide(case)
        elif case.state == "suspended":
            self._do(order_steps.resume, order_no=live.no)
        elif case.state in {"dispatched", "accepted"}:
            self._do(order_steps.arrive, order_no=live.no, worker="" if live.worker_id else "zhaogang")
        elif case.state == "on_site" and live.started_at is None:
            if bears == "paid" and quotations.agreed(self.store, case.id) is None:
                self._agree(case)
            self._do(order_steps.start, order_no=live.no)
        elif case.state == "on_site":
            self._do(order_steps.finish, order_no=live.no, work_done="更换")
        elif case.state == "finished" and bears == "warranty":
            self._do(acceptance.recheck, order_no=live.no)
        else:
            self._do(acceptance.sign, order_no=live.no, how="paper")

    def _agreed(self, case: Case) -> str:
        """By appointment nobody goes out without the time that was agreed."""
        planned = repair_facts.details(self.store, case).urgency == "planned"
        return LATER if planned else ""

    def _agree(self, case: Case) -> None:
        line = Wanted(name="人工", unit="次", price="30")
        self._do(quotations.make, nonce=self._nonce(), no=case.no, lines=[line])
        asked = quotations.latest(self.store, case.id)
        assert asked is not None
        self._do(quotations.answer, no=case.no, quotation_id=asked.id, agree=True, how="face")

    def _to_the_file(self, case: Case) -> None:
        due = charges.due_fen(self.store, case.id)
        lacking = case_care.before_filing(self.store, case)
        if lacking == "unpaid" and due:
            self._do(charges.pay, nonce=self._nonce(), no=case.no, amount_fen=due, method="cash")
        elif lacking == "unpaid":
            self._do(charges.charge, no=case.no)
        elif lacking in {"feedback_missing", "merged_unanswered"}:
            self._tell(case)
        elif lacking == "follow_up_missing":
            form = {"method": "phone", "reached": "1", "score": "5"}
            self._do(follow_ups.record, no=case.no, by=self.life.head, **form)
        else:
            self._do(case_care.close, no=case.no)
