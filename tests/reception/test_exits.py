"""Every repair has an honest end: cancelled, signed, waived or closed without consent, whatever was paid before."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from db.store import Store, writing
from reception import (
    acceptance,
    case_care,
    case_filters,
    case_links,
    case_lists,
    charges,
    feedback,
    follow_ups,
    liability,
    message_texts,
    order_papers,
    order_steps,
    owner_view,
    owner_words,
    quotations,
    repair_facts,
    repair_figures,
    repairs,
    reprints,
    result_papers,
    slips,
    without_consent,
    work_orders,
)
from reception.cases import Case, whole
from reception.permissions import TOKEN_HOLDER, Role
from reception.price_lines import Wanted
from reception.refusal import Refused
from reception.work_orders import Order
from tests.conftest import Clock, actor
from tests.reception.life import Life


class Money(Life):
    """A life with prices: quotes, answers, money in and back, each with a nonce of its own."""

    def quote(self, no: str, yuan: str = "75", *, agree: bool | None = True) -> quotations.Quotation:
        """Quote a price; with `agree` None the owner does not answer."""
        self.count += 1
        lines = [Wanted(name="人工", unit="次", price=yuan)]
        made = quotations.make(self.store, nonce=f"q{self.count}", no=no, lines=lines, by=self.desk, now=self.now)
        return made if agree is None else self.answer(no, made, agree=agree)

    def answer(self, no: str, made: quotations.Quotation, *, agree: bool) -> quotations.Quotation:
        """Record what he says to it."""
        return quotations.answer(
            self.store, no=no, quotation_id=made.id, agree=agree, how="face", by=self.desk, now=self.now
        )

    def pay(self, no: str, fen: int = 7500, *, back: bool = False) -> None:
        """Take money, or give it back."""
        self.count += 1
        form: dict[str, Any] = {"nonce": f"m{self.count}", "no": no, "amount_fen": fen, "method": "cash"}
        if back:
            charges.refund(self.store, **form, reason="不修了", by=self.desk, now=self.now)
        else:
            charges.pay(self.store, **form, by=self.desk, now=self.now)

    def cancel(self, no: str) -> Case:
        """End it before any work."""
        form = {"reason": "owner_wish", "channel": "phone", "text": "已取消"}
        return acceptance.cancel(self.store, no=no, **form, by=self.desk, now=self.now)

    def tell_result(self, no: str) -> None:
        """Tell the owner the result."""
        form: dict[str, Any] = {"about": "result", "channel": "phone", "text": "已处理"}
        feedback.give(self.store, no=no, **form, by=self.desk, now=self.now)

    def give_up(self, no: str, reason: str = "业主拒签，已多次沟通") -> Case:
        """Close it without consent, as the manager."""
        manager = actor(self.store, Role.MANAGER)
        return without_consent.close(self.store, no=no, reason=reason, by=manager, now=self.now)

    def prepaid(self) -> Case:
        """A repair that was quoted, agreed to and paid, and nobody has come yet."""
        case = self.register()
        self.bear(case.no, "paid")
        self.quote(case.no)
        self.pay(case.no)
        return case

    def begun(self, verdict: str = "paid") -> Order:
        """Work that was begun: for the price agreed to, or while nobody has decided ('')."""
        order = self.on_site(liability=verdict)
        if verdict == "paid":
            self.quote(order.case_no)
        order_steps.start(self.store, order_no=order.no, by=self.worker, now=self.now)
        return order

    def finish(self, order: Order) -> None:
        """Say that it is repaired."""
        order_steps.finish(self.store, order_no=order.no, work_done="更换", by=self.worker, now=self.now)

    def see_signature(self, order: Order, how: str = "paper") -> Case:
        """See the owner's signature."""
        return acceptance.sign(self.store, order_no=order.no, how=how, note="出差", by=self.desk, now=self.now)


@pytest.fixture
def life(store: Store, clock: Clock) -> Money:
    """The acts of a repair and its money."""
    return Money(store, clock)


def refuses(code: str, act: Callable[..., Any], *given: Any, **named: Any) -> None:
    """The act is refused with this code."""
    with pytest.raises(Refused) as caught:
        act(*given, **named)
    assert caught.value.code == code


# What was paid before the work


def test_a_prepaid_repair_is_cancelled_once_nothing_is_held(life: Money, store: Store) -> None:
    case = life.prepaid()
    refuses("money_held", life.cancel, case.no)
    life.pay(case.no, back=True)
    assert life.cancel(case.no).state == "cancelled"
    over = charges.withdrawn(store, case.id)
    assert [(one.total_fen, one.paid_fen, one.refunded_fen) for one in over] == [(7500, 7500, 7500)]
    assert over[0].withdrawal and over[0].withdrawal.reason == "业主要求取消" and over[0].withdrawal.by_name == "王琳"
    assert not charges.of_case(store, case.id).charged
    # Its receipts can still be printed again, as they were.
    again = [charges.receipt(store, case, one.no) for one in over[0].payments]
    assert [(one.amount, one.due, one.refund) for one in again] == [("75.00", "0.00", False), ("75.00", "0.00", True)]
    assert again[0].lines and again[0].total == "75.00"


def test_who_bears_it_is_decided_anew_once_nothing_is_held(life: Money, store: Store) -> None:
    case = life.prepaid()
    refuses("money_held", life.bear, case.no, "warranty")
    life.pay(case.no, back=True)
    life.bear(case.no, "warranty")
    assert repair_facts.liability(store, case.id) == "warranty" and quotations.latest(store, case.id) is None
    assert [one.withdrawal.reason for one in charges.withdrawn(store, case.id) if one.withdrawal] == ["按现场情况"]
    # And it may become paid work again, for another price.
    life.bear(case.no, "paid")
    life.quote(case.no, "90")
    life.pay(case.no, 9000)
    assert charges.of_case(store, case.id).total_fen == 9000


def test_a_withdrawn_charge_allows_a_new_quote(life: Money, store: Store) -> None:
    case = life.prepaid()
    refuses("charged_already", life.quote, case.no, "120")
    form: dict[str, Any] = {"no": case.no, "by": life.desk}
    refuses("money_held", charges.withdraw, store, **form, reason="改项目", now=life.now)
    life.pay(case.no, back=True)
    refuses("reason_missing", charges.withdraw, store, **form, reason=" ", now=life.now)
    charges.withdraw(store, **form, reason="改项目", now=life.now)
    refuses("not_charged", charges.withdraw, store, **form, reason="改项目", now=life.now)
    life.quote(case.no, "120")
    life.pay(case.no, 12000)
    account = charges.of_case(store, case.id)
    assert (account.total_fen, account.due_fen, len(charges.withdrawn(store, case.id))) == (12000, 0, 1)
    assert store.value("SELECT count(*) FROM events WHERE what = 'withdraw_charge'") == 1


def test_the_same_price_may_be_charged_again(life: Money, store: Store) -> None:
    case = life.prepaid()
    life.pay(case.no, back=True)
    charges.withdraw(store, no=case.no, reason="收款方式弄错", by=life.desk, now=life.now)
    assert charges.due_fen(store, case.id) == 7500
    life.pay(case.no)
    assert charges.due_fen(store, case.id) == 0


def test_a_case_is_not_merged_away_with_the_owner_s_money(life: Money, store: Store) -> None:
    case, other = life.prepaid(), life.register()
    fields: dict[str, Any] = {"no": case.no, "into": other.no, "by": life.desk}
    refuses("money_held", case_links.merge, store, **fields, now=life.now)
    life.pay(case.no, back=True)
    case_links.merge(store, **fields, now=life.now)
    assert whole(store, case.id).state == "merged" and not charges.of_case(store, case.id).charged


def test_what_was_given_back_is_not_asked_for_again(life: Money, store: Store) -> None:
    order = life.begun()
    life.finish(order)
    life.see_signature(order)
    life.pay(order.case_no)
    life.pay(order.case_no, 2000, back=True)
    account = charges.of_case(store, order.case_id)
    assert (account.due_fen, account.held_fen, account.state) == (0, 5500, "part_refunded")
    refuses("more_than_due", life.pay, order.case_no, 2000)
    assert charges.due_fen(store, order.case_id) == 0 and not charges.owes(store, order.case_id)
    report = repair_figures.report(store, by=life.head, now=life.now)
    found = {figure.code: figure.value for _, of in report.sections for figure in of}
    assert (found["unpaid"], found["refunded"], found["withdrawn"]) == (0, 2000, 0)
    life.pay(order.case_no, 5500, back=True)
    assert charges.of_case(store, order.case_id).state == "refunded"
    refund = charges.of_case(store, order.case_id).payments[-1]
    assert charges.receipt(store, whole(store, order.case_id), refund.no).due == "0.00"


# Closed without consent


def test_the_manager_closes_what_the_owner_does_not_sign(life: Money, store: Store) -> None:
    order = life.finished()
    manager = actor(store, Role.MANAGER)
    fields: dict[str, Any] = {"no": order.case_no, "reason": "业主拒签", "by": manager}
    # He is told the result all the same, and only the manager may.
    refuses("feedback_missing", without_consent.close, store, **fields, now=life.now)
    life.tell_result(order.case_no)
    refuses("reason_missing", without_consent.close, store, **fields | {"reason": ""}, now=life.now)
    for one in (life.desk, life.head, life.leader, life.worker):
        refuses("not_permitted", without_consent.close, store, **fields | {"by": one}, now=life.now)
    without_consent.close(store, **fields, now=life.now)
    ended = work_orders.find(store, order.no)
    assert (life.state(order), ended.state, ended.state_reason) == ("closed", "cancelled", "without_consent")
    assert [one.reason for one in without_consent.of_case(store, order.case_id)] == ["业主拒签"]
    assert without_consent.stands(store, order.case_no)
    # Counted apart: not among those that owners accepted.
    report = repair_figures.report(store, by=life.head, now=life.now)
    found = {figure.code: figure for _, of in report.sections for figure in of}
    assert (found["without_consent"].value, found["completion"].value, found["completion"].whole) == (1, 0, 1)
    wanted = case_filters.parse(store, {"scope": ["all"]})
    listed = case_lists.everything(store, wanted, by=life.desk, now=life.now)
    assert [entry.state_words.zh for entry in listed] == ["未经同意结案"]
    assert case_lists.rows(store, listed)[0]["state"] == without_consent.NAME
    view = owner_view.progress(store, whole(store, order.case_id), now=life.now)
    assert view.sentence == owner_words.WITHOUT_CONSENT and without_consent.NAME in {one.words for one in view.steps}
    # His own word is heard, but opens nothing again: the manager has decided.
    token = store.value("SELECT token FROM cases WHERE id = ?", [order.case_id])
    follow_ups.answer(store, token=token, score="1", by=TOKEN_HOLDER, now=life.now)
    assert life.state(order) == "closed"


def test_rework_has_an_end(life: Money, store: Store) -> None:
    order = life.signed()
    life.tell_result(order.case_no)
    acceptance.rework(store, no=order.case_no, reason="又漏了", by=life.head, now=life.now)
    refuses("step_not_now", life.cancel, order.case_no)
    # What he was told of the work before is no word about this one.
    refuses("feedback_missing", life.give_up, order.case_no)
    life.tell_result(order.case_no)
    assert life.give_up(order.case_no).state == "closed"
    # It can be opened again, and then it is no longer closed without consent.
    acceptance.rework(store, no=order.case_no, reason="经理同意再修", by=life.head, now=life.now)
    assert not without_consent.stands(store, order.case_no) and len(without_consent.of_case(store, order.case_id)) == 1


@pytest.mark.parametrize("steps", range(5))
def test_rework_under_way_is_ended_too(life: Money, store: Store, steps: int) -> None:
    first = life.signed()
    no = first.case_no
    acceptance.rework(store, no=no, reason="又漏了", by=life.head, now=life.now)
    work_orders.dispatch(store, no=no, worker="zhaogang", by=life.desk, now=life.now)
    live = work_orders.live(store, first.case_id)
    assert live is not None
    todo: list[Callable[[], Any]] = [
        lambda: order_steps.accept(store, order_no=live.no, by=life.worker, now=life.now),
        lambda: order_steps.arrive(store, order_no=live.no, by=life.worker, now=life.now),
        lambda: order_steps.suspend(store, order_no=live.no, reason="owner", by=life.worker, now=life.now),
    ]
    for step in todo[:steps]:
        step()
    if steps == 4:
        order_steps.resume(store, order_no=live.no, by=life.worker, now=life.now)
    life.tell_result(no)
    life.give_up(no)
    assert work_orders.live(store, first.case_id) is None
    assert store.value("SELECT count(*) FROM case_pauses WHERE until_at IS NULL") == 0
    assert store.value("SELECT count(*) FROM clocks WHERE stopped_at IS NULL") == 0
    waiting = "SELECT count(*) FROM print_jobs WHERE part LIKE ? AND state = 'queued'"
    assert store.value(waiting, [f"{live.no}:%"]) == 0


def test_what_was_never_finished_is_no_matter_of_consent(life: Money, store: Store) -> None:
    order = life.dispatched()
    life.tell_result(order.case_no)
    refuses("never_finished", life.give_up, order.case_no)
    refuses("step_not_now", life.give_up, life.register().no)
    # As nothing is signed before somebody has decided who bears it.
    undecided = life.begun("")
    life.finish(undecided)
    life.tell_result(undecided.case_no)
    refuses("liability_undetermined", life.give_up, undecided.case_no)
    life.bear(undecided.case_no, "waived")
    assert life.give_up(undecided.case_no).state == "closed"
    # Nor does the store take the manager's word for it.
    with writing(store):
        store.execute(
            "INSERT INTO closings_without_consent (case_id, round, reason, at, by_id) VALUES (?, 0, 'x', 'x', 1)",
            [order.case_id],
        )
    with pytest.raises(sqlite3.IntegrityError, match="without a signature"), writing(store):
        store.execute("UPDATE cases SET state = 'closed', closed_at = 'x' WHERE id = ?", [order.case_id])


def test_everybody_merged_into_it_knows_before_it_is_closed_without_consent(life: Money, store: Store) -> None:
    order, twin = life.finished(), life.register()
    case_links.merge(store, no=twin.no, into=order.case_no, by=life.desk, now=life.now)
    life.tell_result(order.case_no)
    refuses("merged_unanswered", life.give_up, order.case_no)


def unpaid(life: Money) -> int | None:
    """What the figures of the month call unpaid, in fen."""
    report = repair_figures.report(life.store, by=life.head, now=life.now)
    return next(figure.value for _, of in report.sections for figure in of if figure.code == "unpaid")


@pytest.mark.parametrize("asked_more", [False, True])
def test_what_was_agreed_is_charged_by_the_closing_and_may_be_withdrawn_after_it(
    life: Money, store: Store, asked_more: bool
) -> None:
    order = life.begun()
    life.finish(order)
    if asked_more:
        life.quote(order.case_no, "300", agree=None)
    life.tell_result(order.case_no)
    life.give_up(order.case_no)
    account = charges.of_case(store, order.case_id)
    # The work was done for that price: it is owed, and the month says so.
    assert (account.total_fen, account.state, unpaid(life)) == (7500, "due", 7500)
    life.pay(order.case_no, 2000)
    form: dict[str, Any] = {"no": order.case_no, "reason": "经理决定不再追收", "now": life.now}
    refuses("money_held", charges.withdraw, store, **form, by=life.desk)
    life.pay(order.case_no, 2000, back=True)
    charges.withdraw(store, **form, by=actor(store, Role.MANAGER))
    assert unpaid(life) == 0 and not charges.of_case(store, order.case_id).charged
    assert [one.withdrawal.reason for one in charges.withdrawn(store, order.case_id) if one.withdrawal] == [
        "经理决定不再追收"
    ]
    refuses("case_over", charges.withdraw, store, **form, by=life.desk)


def test_an_unpaid_charge_of_before_may_be_withdrawn_after_the_closing_a_paid_one_not(
    life: Money, store: Store
) -> None:
    owing, paid = life.begun(), life.begun()
    for order in (owing, paid):
        life.finish(order)
        charges.charge(store, no=order.case_no, by=life.desk, now=life.now)
        life.tell_result(order.case_no)
    life.pay(paid.case_no)
    for order in (owing, paid):
        life.give_up(order.case_no)
    form: dict[str, Any] = {"reason": "业主去世", "by": life.desk}
    refuses("case_over", charges.withdraw, store, no=paid.case_no, **form, now=life.now)
    charges.withdraw(store, no=owing.case_no, **form, now=life.now)
    assert unpaid(life) == 0


def test_a_charge_that_the_desk_withdrew_is_not_made_again_by_the_closing(life: Money, store: Store) -> None:
    order = life.begun()
    life.finish(order)
    charges.charge(store, no=order.case_no, by=life.desk, now=life.now)
    charges.withdraw(store, no=order.case_no, reason="免收", by=life.desk, now=life.now)
    life.tell_result(order.case_no)
    life.give_up(order.case_no)
    assert not charges.of_case(store, order.case_id).charged and unpaid(life) == 0


def test_nobody_reads_that_it_is_repaired_where_the_manager_closed_it(life: Money, store: Store) -> None:
    order = life.signed()
    life.tell_result(order.case_no)
    acceptance.rework(store, no=order.case_no, reason="又漏了", by=life.head, now=life.now)
    twin = life.register(unit="1-1-102", phone="13900002222", name="王芳")
    case_links.merge(store, no=twin.no, into=order.case_no, by=life.desk, now=life.now)
    life.tell_result(twin.no)
    life.tell_result(order.case_no)
    life.give_up(order.case_no)
    # Neither the paper, nor that of whoever was merged into it, nor what he reads of it, calls it repaired.
    case, other = whole(store, order.case_id), whole(store, twin.id)
    assert result_papers.slip(store, case, 1).result == owner_words.WITHOUT_CONSENT
    assert result_papers.slip(store, other, 0).result.zh == "与同一问题的报修合并处理：已结案"
    view = owner_view.progress(store, other, now=life.now)
    assert view.sentence.zh == "与同一问题的报修合并处理：已结案"
    assert "已修好" not in {one.words.zh for one in view.steps}
    # What was told of the work before stays told; opened again, this round stays the one that the manager ended.
    assert result_papers.slip(store, case, 0).result == result_papers.REPAIRED
    acceptance.rework(store, no=order.case_no, reason="经理同意再修", by=life.head, now=life.now)
    case = whole(store, order.case_id)
    assert result_papers.slip(store, case, 1).result == owner_words.WITHOUT_CONSENT
    assert "正在安排师傅" in owner_view.progress(store, other, now=life.now).sentence.zh


# The price agreed before


def test_a_raise_that_is_declined_leaves_the_price_before(life: Money, store: Store) -> None:
    order = life.begun()
    no = order.case_no
    raised = life.quote(no, "120", agree=None)
    assert quotations.latest(store, order.case_id) == raised
    kept = quotations.agreed(store, order.case_id)
    assert kept is not None and kept.total_fen == 7500
    # The owner reads so himself, on his page and in what he is sent.
    case = whole(store, order.case_id)
    assert owner_view.progress(store, case, now=life.now).note == owner_words.ASK_CHANGE
    assert "报价改为 120.00 元" in message_texts.texts(store, case, now=life.now)[0].words.zh
    # Nobody charges the one while the other is being asked.
    refuses("quotation_waits", life.pay, no)
    life.answer(no, raised, agree=False)
    assert quotations.latest(store, order.case_id) == kept
    life.finish(order)
    life.see_signature(order)
    life.pay(no)
    life.tell_result(no)
    form = {"method": "phone", "reached": "1", "score": "5"}
    follow_ups.record(store, no=no, **form, by=life.head, now=life.now)
    assert case_care.close(store, no=no, by=life.desk, now=life.now).state == "closed"


def test_a_raise_that_is_agreed_takes_its_place(life: Money, store: Store) -> None:
    order = life.begun()
    life.quote(order.case_no, "120")
    assert [(one.state, one.total_fen) for one in quotations.of_case(store, order.case_id)] == [
        ("agreed", 12000),
        ("superseded", 7500),
    ]


def test_what_is_still_asked_when_he_signs_lapses(life: Money, store: Store) -> None:
    order = life.begun()
    life.quote(order.case_no, "120", agree=None)
    life.finish(order)
    life.see_signature(order)
    assert [one.state for one in quotations.of_case(store, order.case_id)] == ["superseded", "agreed"]
    assert charges.due_fen(store, order.case_id) == 7500


# Begun before anybody decided


def test_what_began_undecided_and_is_the_owner_s_is_waived(life: Money, store: Store) -> None:
    order = life.begun("")
    case = whole(store, order.case_id)
    refuses("work_began_free", life.bear, case.no, "paid")
    assert "paid" not in liability.choices(store, case) and "waived" in liability.choices(store, case)
    fields: dict[str, Any] = {"no": case.no, "liability": "waived", "part": "", "by": life.desk}
    refuses("reason_missing", liability.decide, store, **fields, reason="", now=life.now)
    liability.decide(store, **fields, reason="业主装修损坏，开工前未报价", now=life.now)
    assert repair_facts.liability(store, case.id) == "waived"
    assert liability.decisions(store, case.id)[0].liability == "waived"
    refuses("not_paid_work", charges.charge, store, no=case.no, by=life.desk, now=life.now)
    refuses("work_began_free", life.bear, case.no, "paid")
    life.finish(order)
    life.see_signature(order)
    assert not charges.owes(store, case.id)
    # Lists and figures tell it from paid service.
    wanted = case_filters.parse(store, {"kind": ["repair"], "liability": ["waived"], "scope": ["all"]})
    assert [entry.liability for entry in case_lists.everything(store, wanted, by=life.desk, now=life.now)] == ["waived"]
    report = repair_figures.report(store, by=life.head, now=life.now)
    divided = {part.name.zh: part.flow.carried for _, parts in report.divisions for part in parts}
    assert (divided[repair_facts.LIABILITIES["waived"].zh], divided["有偿服务"]) == (1, 0)
    assert next(one.value for _, of in report.sections for one in of if one.code == "waived") == 1


def test_nothing_is_waived_where_a_price_can_be_asked(life: Money, store: Store) -> None:
    case = life.register()
    refuses("waiver_not_needed", life.bear, case.no, "waived")
    refuses("waiver_not_needed", life.bear, life.begun().case_no, "waived")
    public = life.on_site(category="public", liability="")
    order_steps.start(store, order_no=public.no, by=life.worker, now=life.now)
    refuses("common_not_paid", life.bear, public.case_no, "waived")


def test_waived_work_is_done_again_for_nothing(life: Money, store: Store) -> None:
    order = life.begun("")
    life.bear(order.case_no, "waived")
    life.finish(order)
    life.see_signature(order)
    acceptance.rework(store, no=order.case_no, reason="又漏了", by=life.head, now=life.now)
    work_orders.dispatch(store, no=order.case_no, worker="zhaogang", by=life.desk, now=life.now)
    again = work_orders.live(store, order.case_id)
    assert again is not None
    order_steps.arrive(store, order_no=again.no, by=life.worker, now=life.now)
    assert work_orders.find(store, again.no).started_at is not None


# Slips and papers


@pytest.mark.parametrize(("written", "code"), [({"told": True}, "told_absent"), ({"score": "5"}, "score_absent")])
def test_who_was_absent_was_told_nothing_and_ticked_nothing(life: Money, written: dict[str, Any], code: str) -> None:
    order = life.finished()
    slip = slips.Slip(how="owner_absent", note="出差", **written)
    form: dict[str, Any] = {"nonce": "s", "order_no": order.no, "by": life.desk}
    refuses(code, slips.hand_in, life.store, slip=slip, **form, now=life.now)
    assert life.store.value("SELECT count(*) FROM feedback_notices") == 0


def test_the_slip_of_an_order_that_is_over_is_not_printed_again(life: Money, store: Store) -> None:
    back, cancelled, done = life.dispatched(), life.dispatched(), life.signed()
    order_steps.send_back(store, order_no=back.no, reason="no_time", by=life.worker, now=life.now)
    life.cancel(cancelled.case_no)
    jobs = {row["part"]: row["id"] for row in store.rows("SELECT id, part FROM print_jobs WHERE kind = 'work_order'")}
    form: dict[str, Any] = {"by": life.desk, "now": life.now}
    for order in (back, cancelled):
        for copy in work_orders.COPIES:
            refuses("order_over", reprints.reprint, store, job_id=str(jobs[f"{order.no}:{copy}"]), nonce="p", **form)
    with writing(store):
        store.execute(
            "UPDATE print_jobs SET state = 'printed', sending_at = 'x', ended_at = 'x' WHERE part LIKE ?",
            [f"{done.no}:%"],
        )
    assert reprints.reprint(store, job_id=str(jobs[f"{done.no}:worker"]), nonce="p", **form)
    assert order_papers.is_over(store, back.no) and not order_papers.is_over(store, done.no)


def test_what_the_owner_signed_for_is_not_changed(life: Money, store: Store) -> None:
    order = life.signed()
    same = dict.fromkeys(("name", "phone", "unit", "category", "place", "convenient_time"), "")
    fields: dict[str, Any] = {"no": order.case_no, **same, "content": "换了三个龙头", "by": life.desk}
    refuses("signed_for", repairs.amend, store, **fields, now=life.now)
    follow_ups.record(store, no=order.case_no, method="phone", reached="1", score="5", by=life.head, now=life.now)
    refuses("signed_for", repairs.amend, store, **fields, now=life.now)
