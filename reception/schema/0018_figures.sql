-- What the month figures and a worker's day look for, among all that ever was.
CREATE INDEX clocks_due ON clocks (due_at);
CREATE INDEX work_orders_finished ON work_orders (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX work_orders_signed ON work_orders (signed_at) WHERE signed_at IS NOT NULL;
CREATE INDEX charges_at ON charges (at);
-- The visits of one home.
CREATE INDEX visits_unit ON visits (unit_id, id) WHERE unit_id IS NOT NULL;
