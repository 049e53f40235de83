"""What must never be found in a store (domain.md K3), each a query that returns what breaks it."""

NEVER = {
    "K3.6 two orders out for one repair": (
        "SELECT case_id FROM work_orders WHERE state = 'live' GROUP BY case_id HAVING count(*) > 1"
    ),
    "the state of a repair is that of its order": (
        "SELECT no FROM cases WHERE kind = 'repair' AND (state IN ('dispatched', 'accepted', 'on_site', 'suspended', "
        "'finished', 'rechecked')) <> EXISTS (SELECT 1 FROM work_orders WHERE case_id = cases.id AND state = 'live')"
    ),
    "K3.8 paid work without consent": (
        "SELECT work_orders.no FROM work_orders JOIN repairs USING (case_id) WHERE bears = 'paid' AND started_at "
        "IS NOT NULL AND NOT EXISTS (SELECT 1 FROM quotations WHERE quotations.case_id = repairs.case_id AND state = "
        "'agreed')"
    ),
    "K3.8 finished without an agreed price": (
        "SELECT case_id FROM work_orders JOIN repairs USING (case_id) WHERE bears = 'paid' AND signed_at IS NOT "
        "NULL AND NOT EXISTS (SELECT 1 FROM quotations WHERE quotations.case_id = repairs.case_id AND state = "
        "'agreed')"
    ),
    "K3.8 charged for what is free": (
        "SELECT charges.id FROM standing_charges AS charges JOIN repairs USING (case_id) WHERE bears <> 'paid'"
    ),
    "K3.8 waived though a price could be asked": (
        "SELECT case_id FROM repairs WHERE waived = 1 AND NOT EXISTS (SELECT 1 FROM work_orders WHERE "
        "work_orders.case_id = repairs.case_id AND started_at IS NOT NULL)"
    ),
    "charged for what will not be done": (
        "SELECT no FROM cases JOIN standing_charges ON case_id = cases.id WHERE state IN ('cancelled', 'merged')"
    ),
    "two charges for one repair": ("SELECT case_id FROM standing_charges GROUP BY case_id HAVING count(*) > 1"),
    "a charge withdrawn with money in it": (
        "SELECT charge_id FROM charge_withdrawals JOIN payments USING (charge_id) GROUP BY charge_id HAVING "
        "sum(iif(kind = 'payment', amount_fen, -amount_fen)) <> 0"
    ),
    "K3.8 total is not the sum": (
        "SELECT id FROM charges WHERE total_fen <> (SELECT sum(amount_fen) FROM quotation_lines WHERE "
        "quotation_lines.quotation_id = charges.quotation_id)"
    ),
    "money beyond the charge": (
        "SELECT charge_id FROM payments GROUP BY charge_id HAVING sum(iif(kind = 'payment', amount_fen, -amount_fen)) "
        "NOT BETWEEN 0 AND (SELECT total_fen FROM charges WHERE id = charge_id)"
    ),
    "K3.9 paid without a decision": (
        "SELECT case_id FROM repairs WHERE liability <> 'undetermined' AND liability IS NOT (SELECT liability FROM "
        "liability_decisions WHERE liability_decisions.case_id = repairs.case_id ORDER BY id DESC LIMIT 1)"
    ),
    "K3.10 closed without an answer": (
        "SELECT no FROM cases WHERE kind = 'repair' AND state IN ('closed', 'cancelled') AND NOT EXISTS (SELECT 1 "
        "FROM feedback_notices WHERE case_id = cases.id AND about = 'result' AND feedback_notices.round = "
        "cases.round)"
    ),
    "K3.10 closed without a signature": (
        "SELECT no FROM cases WHERE kind = 'repair' AND state IN ('signed', 'followed_up', 'closed') AND NOT EXISTS "
        "(SELECT 1 FROM work_orders WHERE case_id = cases.id AND state = 'done' AND (signed_how IN ('paper', 'phone', "
        "'kiosk') OR signed_note <> '' OR signed_how = 'common_area')) AND NOT (state = 'closed' AND EXISTS (SELECT 1 "
        "FROM closings_without_consent AS given_up WHERE given_up.case_id = cases.id AND given_up.round = cases.round))"
    ),
    "merged and never answered": (
        "SELECT target.no FROM cases AS target JOIN cases AS merged ON merged.merged_into = target.id WHERE "
        "target.state = 'closed' AND NOT EXISTS (SELECT 1 FROM feedback_notices WHERE case_id = merged.id AND about = "
        "'result')"
    ),
    "warranty signed without a second look": (
        "SELECT work_orders.no FROM work_orders JOIN repairs USING (case_id) WHERE liability = 'warranty' AND state = "
        "'done' AND (rechecked_at IS NULL OR rechecked_by = worker_id) AND signed_at > (SELECT max(at) FROM "
        "liability_decisions WHERE liability_decisions.case_id = repairs.case_id)"
    ),
    "K3.11 followed up by the worker": (
        "SELECT follow_ups.id FROM follow_ups JOIN work_orders USING (case_id) WHERE worker_id = follow_ups.by_id AND "
        "work_orders.dispatched_at < follow_ups.at AND work_orders.signed_at IS NOT NULL"
    ),
    "K3.13 a deadline changed silently": (
        "SELECT case_id FROM clocks WHERE due_at <> (SELECT due_at FROM deadlines WHERE deadlines.case_id = "
        "clocks.case_id AND deadlines.clock = clocks.clock AND deadlines.round = clocks.round ORDER BY id DESC LIMIT "
        "1)"
    ),
    "a clock runs on after the end": (
        "SELECT no FROM cases JOIN clocks ON clocks.case_id = cases.id WHERE cases.closed_at IS NOT NULL AND "
        "clocks.stopped_at IS NULL"
    ),
    "K3.16 time runs back": (
        "SELECT id FROM events AS later WHERE at < (SELECT at FROM events WHERE id < later.id ORDER BY id DESC LIMIT 1)"
    ),
    "K3.19 opening + new - closed = carried": (
        "SELECT 1 WHERE (SELECT count(*) FROM cases) - (SELECT count(*) FROM cases WHERE closed_at IS NOT NULL) <> "
        "(SELECT count(*) FROM cases WHERE closed_at IS NULL)"
    ),
    "closed_at and the state disagree": (
        "SELECT no FROM cases JOIN case_states USING (kind, state) WHERE (closed_at IS NOT NULL) <> terminal"
    ),
    "a slip of an order that is over still waits": (
        "SELECT part FROM print_jobs JOIN work_orders ON print_jobs.part LIKE work_orders.no || ':%' WHERE "
        "work_orders.state IN ('returned', 'cancelled') AND print_jobs.state = 'queued'"
    ),
}
