"""What a month report shows to its reader alone (domain.md K10, STA-08): incidents, and cases sealed from others.

It is counted when he looks, by what is open to him, and never frozen: what is kept for several holds nothing that is
sealed from one of them (`month_figures`).
"""

from datetime import datetime

from db.store import Store
from reception import case_flow, incident_figures, seals
from reception.month_content import Section
from reception.permissions import Actor, permit
from reception.repair_rates import Figure
from reception.wording import Words

NAME = Words("突发事件与受限事项", "Incidents and sealed cases")


def of_month(store: Store, *, month: str = "", by: Actor, now: datetime) -> Section:
    """Return the incidents of a month and the sealed cases received in it, as far as they are open to the reader.

    Refuses `not_permitted`, `month_invalid`.
    """
    permit(by, "see_incident_figures")
    of = case_flow.month(store, month, now=now)
    found = incident_figures.of_span(store, of.begin, of.end, by=by, now=now)
    sealed = store.counts(
        "SELECT kind, count(*) FROM cases INDEXED BY cases_received WHERE kind = 'complaint'"  # noqa: S608
        f" AND received_at >= :begin AND received_at < :end AND sealed > 0 AND {seals.open_to(by)} GROUP BY kind",
        {"begin": of.begin, "end": of.end},
    )
    classes = tuple(
        Figure(f"incidents_{number}", name, count, "count", Words("本月的突发事件。", "Of the incidents of the month."))
        for number, (name, count) in enumerate(found.by_class or ())
    )
    return Section(
        "apart",
        NAME,
        (
            Figure(
                "incidents",
                Words("突发事件", "Incidents"),
                found.total,
                "count",
                Words(
                    f"登记时间在本月的，误报不计；任一类少于 {incident_figures.FEWEST} 件时不分类。",
                    f"Noted in the month, mistakes not counted; by class only where none is below"
                    f" {incident_figures.FEWEST}.",
                ),
            ),
            *classes,
            Figure(
                "incidents_in_time",
                Words("专项记录按时填报", "Records filed in time"),
                found.in_time,
                "rate",
                Words(
                    "分子：按时填报的记录。分母：本月突发事件中填报已到期或已填报的。",
                    "Counted: records filed in time. Out of: those of the month's incidents that are filed or due.",
                ),
                found.due,
            ),
            Figure(
                "sealed_complaints",
                Words("受限投诉", "Sealed complaints"),
                sealed.get("complaint", 0),
                "count",
                Words(
                    "本月受理、仅对您开放的受限投诉；不计入冻结的指标。",
                    "Sealed complaints received in the month that are open to you; not in the frozen figures.",
                ),
            ),
        ),
    )
