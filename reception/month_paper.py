"""A month's paper (domain.md K10): tickets, other papers, reprints, failed prints, rolls. Numbers alone."""

from db import paper_length, printers
from db.store import Store
from reception import seals
from reception.case_flow import Month
from reception.month_content import Section
from reception.month_definitions import figure
from reception.papers import Ticket
from reception.permissions import Actor
from reception.site import site
from reception.wording import Words


def section(store: Store, of: Month, *, by: Actor) -> Section:
    """Return what was printed in a month of what is open to a reader, each figure with its definition."""
    row = store.row(
        "SELECT coalesce(sum(kind = :ticket AND first AND good), 0),"  # noqa: S608
        " coalesce(sum(kind <> :ticket AND first AND good), 0),"
        " coalesce(sum(NOT first), 0), coalesce(sum(state IN ('failed', 'uncertain')), 0),"
        " coalesce(sum(state IN ('printed', 'sent', 'failed', 'uncertain')), 0) FROM (SELECT kind, state,"
        " copy_no = 0 AS first, state IN ('printed', 'sent') AS good FROM print_jobs INDEXED BY print_jobs_queued_at"
        " WHERE queued_at >= :begin AND queued_at < :end"
        # Papers of what is sealed, and of whom one role alone receives: others would count along.
        " AND NOT EXISTS (SELECT 1 FROM cases WHERE ref LIKE 'case:%' AND cases.id = CAST(substr(ref, 6) AS INTEGER)"
        f" AND NOT {seals.open_to(by)})"
        " AND NOT EXISTS (SELECT 1 FROM tickets JOIN lines ON lines.code = line WHERE ref LIKE 'ticket:%'"
        " AND tickets.id = CAST(substr(ref, 8) AS INTEGER) AND hears IS NOT NULL))",
        {"ticket": Ticket.KIND, "begin": of.begin, "end": of.end},
    )
    assert row is not None
    tickets, papers, reprints, failed, ended = row
    mm = sum(paper_length.printed_mm(store, one.name, of.begin, of.end) for one in printers.printers(store))
    return Section(
        "paper",
        Words("票据", "Paper"),
        (
            figure("tickets", tickets),
            figure("papers", papers),
            figure("reprints", reprints),
            figure("failed_prints", failed, ended),
            figure("rolls", _rolls(store, of)),
            figure("paper_metres", round(mm / 1000)),
            figure("paper_rolls", round(mm / (site(store).paper_roll_metres * 100))),
        ),
    )


def _rolls(store: Store, of: Month) -> int:
    """Return the rolls of paper that were changed (SYS-45), of every width; what was taken back does not count."""
    row = store.row(
        "SELECT coalesce(sum(quantity), 0) FROM consumable_uses JOIN consumables ON code = item"
        " WHERE used_on BETWEEN ? AND ? AND roll IS NOT NULL AND taken_back_at IS NULL",
        [f"{of.code}-01", f"{of.code}-31"],
    )
    assert row is not None
    return int(row[0])
