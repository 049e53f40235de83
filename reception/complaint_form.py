"""《投诉意见登记表》(FRM-05) on one sheet: who complained of what, what was found, replied, told."""

from dataclasses import dataclass

from db.store import Store
from reception import case_form, complaint_facts
from reception.case_form import BLANK, NOTHING, Head, Rated, Told
from reception.cases import Case
from reception.complaint_facts import Escalation, Finding, Reply
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class ComplaintForm:
    """The form of a complaint. Without values it is the blank one; lists are oldest first."""

    head: Head = BLANK
    category: Words = NOTHING
    severity: str = ""
    facts: str = ""
    wish: str = ""
    handler: str = ""
    found: tuple[Finding, ...] = ()
    replies: tuple[Reply, ...] = ()
    raised: tuple[Escalation, ...] = ()
    told: tuple[Told, ...] = ()
    rated: tuple[Rated, ...] = ()

    @property
    def finding(self) -> str:
        """What was found last, a code; '' until it was looked into."""
        return self.found[-1].finding if self.found else ""


def of(store: Store, case: Case) -> ComplaintForm:
    """Return the form of a complaint, for whoever was found to read the case: masked as it is."""
    complaint = complaint_facts.details(store, case)
    return ComplaintForm(
        head=case_form.head(store, case),
        category=complaint.category_words,
        severity=complaint.severity,
        facts=complaint.facts,
        wish=complaint.wish,
        handler=complaint.handler,
        found=tuple(complaint_facts.findings(store, case.id)),
        replies=tuple(complaint_facts.replies(store, case.id)),
        raised=tuple(complaint_facts.escalations(store, case.id)),
        told=case_form.told(store, case),
        rated=case_form.rated(store, case),
    )
