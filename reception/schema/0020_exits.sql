-- Honest ends for every repair: charges that are withdrawn, consent that stands until the next, a fee waived, a case
-- closed without the person's consent.

-- What was charged is withdrawn as a record of its own, once nothing of the money is held; then it may be charged anew.
-- A case may so have several charges, of which one stands. SQLite changes no constraint: both tables are built anew.
DROP TRIGGER quotations_stand_once_charged;
DROP TRIGGER repairs_charged_stay_paid;
CREATE TABLE new_charges (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES repairs (case_id),
  quotation_id INTEGER NOT NULL REFERENCES quotations (id),
  total_fen INTEGER NOT NULL CHECK (total_fen >= 0),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
INSERT INTO new_charges SELECT id, case_id, quotation_id, total_fen, at, by_id FROM charges;
CREATE TABLE new_payments (
  id INTEGER PRIMARY KEY,
  charge_id INTEGER NOT NULL REFERENCES new_charges (id),
  no TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund')),
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  method TEXT NOT NULL CHECK (method IN ('cash', 'wechat', 'alipay', 'card', 'transfer')),
  reason TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  CHECK (kind = 'payment' OR reason <> '')
) STRICT;
INSERT INTO new_payments SELECT id, charge_id, no, kind, amount_fen, method, reason, at, by_id FROM payments;
DROP TABLE payments;
DROP TABLE charges;
ALTER TABLE new_charges RENAME TO charges;
ALTER TABLE new_payments RENAME TO payments;
CREATE INDEX charges_at ON charges (at);
CREATE INDEX charges_case ON charges (case_id, id);
CREATE INDEX payments_charge ON payments (charge_id, id);

CREATE TABLE charge_withdrawals (
  charge_id INTEGER PRIMARY KEY REFERENCES charges (id),
  reason TEXT NOT NULL CHECK (reason <> ''),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE TRIGGER charge_withdrawals_no_update BEFORE UPDATE ON charge_withdrawals
BEGIN SELECT RAISE(ABORT, 'a withdrawal is not changed'); END;
CREATE TRIGGER charge_withdrawals_when_nothing_is_held BEFORE INSERT ON charge_withdrawals
WHEN (SELECT coalesce(sum(iif(kind = 'payment', amount_fen, -amount_fen)), 0) FROM payments
      WHERE charge_id = NEW.charge_id) <> 0
BEGIN SELECT RAISE(ABORT, 'money is held'); END;
CREATE VIEW standing_charges AS
  SELECT * FROM charges WHERE NOT EXISTS (SELECT 1 FROM charge_withdrawals WHERE charge_id = charges.id);

CREATE TRIGGER charges_no_update BEFORE UPDATE ON charges
BEGIN SELECT RAISE(ABORT, 'a charge is not changed'); END;
CREATE TRIGGER charges_one_stands BEFORE INSERT ON charges
WHEN EXISTS (SELECT 1 FROM standing_charges WHERE case_id = NEW.case_id)
BEGIN SELECT RAISE(ABORT, 'charged already'); END;
CREATE TRIGGER charges_only_for_agreed_paid_work BEFORE INSERT ON charges
WHEN (SELECT bears FROM repairs WHERE case_id = NEW.case_id) <> 'paid'
  OR (SELECT state FROM quotations WHERE id = NEW.quotation_id AND case_id = NEW.case_id) IS NOT 'agreed'
  OR NEW.total_fen IS NOT (SELECT coalesce(sum(amount_fen), 0) FROM quotation_lines WHERE quotation_id = NEW.quotation_id)
BEGIN SELECT RAISE(ABORT, 'charged what was not agreed'); END;
CREATE TRIGGER quotations_stand_once_charged BEFORE UPDATE OF state ON quotations
WHEN NEW.state <> 'agreed' AND EXISTS (SELECT 1 FROM standing_charges WHERE quotation_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a charged quotation stands'); END;
CREATE TRIGGER payments_no_update BEFORE UPDATE ON payments
BEGIN SELECT RAISE(ABORT, 'a payment is not changed'); END;
CREATE TRIGGER payments_within_the_charge BEFORE INSERT ON payments
WHEN (SELECT coalesce(sum(iif(kind = 'payment', amount_fen, -amount_fen)), 0) FROM payments
      WHERE charge_id = NEW.charge_id) + iif(NEW.kind = 'payment', NEW.amount_fen, -NEW.amount_fen)
  NOT BETWEEN 0 AND (SELECT total_fen FROM charges WHERE id = NEW.charge_id)
BEGIN SELECT RAISE(ABORT, 'paid more than charged, or refunded more than paid'); END;
CREATE TRIGGER payments_of_a_standing_charge BEFORE INSERT ON payments
WHEN EXISTS (SELECT 1 FROM charge_withdrawals WHERE charge_id = NEW.charge_id)
BEGIN SELECT RAISE(ABORT, 'the charge was withdrawn'); END;
-- Nothing is charged for work that will not be done.
CREATE TRIGGER cases_end_uncharged BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'repair' AND NEW.state IN ('cancelled', 'merged') AND NEW.state <> OLD.state
  AND EXISTS (SELECT 1 FROM standing_charges WHERE case_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'charged already'); END;

-- What the owner agreed to stands until he agrees to another price.
DROP INDEX quotations_one_open;
CREATE UNIQUE INDEX quotations_one_asked ON quotations (case_id) WHERE state = 'quoted';
-- Until now a new quote ended the consent before it: give work that had begun by it its price back.
UPDATE quotations SET state = 'agreed' WHERE id IN (
  SELECT max(id) FROM quotations AS before WHERE state = 'superseded' AND answered_at IS NOT NULL
    AND (SELECT liability FROM repairs WHERE case_id = before.case_id) = 'paid'
    AND EXISTS (SELECT 1 FROM work_orders WHERE case_id = before.case_id AND started_at IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM quotations WHERE case_id = before.case_id AND state = 'agreed')
  GROUP BY case_id);
CREATE UNIQUE INDEX quotations_one_agreed ON quotations (case_id) WHERE state = 'agreed';

-- The owner's to bear and not charged: work began before anybody had decided and agreed on a price (K3, 8 and 9). A
-- decision of its own, so that lists and figures tell it from paid service; `bears` is what everybody reads.
ALTER TABLE liability_decisions ADD COLUMN waived INTEGER NOT NULL DEFAULT 0
  CHECK (waived = 0 OR (waived = 1 AND liability = 'paid'));
ALTER TABLE repairs ADD COLUMN waived INTEGER NOT NULL DEFAULT 0
  CHECK (waived = 0 OR (waived = 1 AND liability = 'paid'));
ALTER TABLE repairs ADD COLUMN bears TEXT GENERATED ALWAYS AS (iif(waived = 1, 'waived', liability)) VIRTUAL;
CREATE INDEX liability_decisions_waived ON liability_decisions (at) WHERE waived = 1;
DROP TRIGGER repairs_liability_by_decision;
CREATE TRIGGER repairs_liability_by_decision BEFORE UPDATE OF liability, waived ON repairs
WHEN NEW.liability IS NOT (SELECT liability FROM liability_decisions WHERE case_id = NEW.case_id ORDER BY id DESC LIMIT 1)
  OR NEW.waived IS NOT (SELECT waived FROM liability_decisions WHERE case_id = NEW.case_id ORDER BY id DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'liability is decided, not assumed'); END;
DROP TRIGGER work_orders_no_paid_work_without_consent;
CREATE TRIGGER work_orders_no_paid_work_without_consent BEFORE UPDATE OF started_at, finished_at ON work_orders
WHEN ((NEW.started_at IS NOT NULL AND OLD.started_at IS NULL) OR (NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL))
  AND (SELECT bears FROM repairs WHERE case_id = NEW.case_id) = 'paid'
  AND NOT EXISTS (SELECT 1 FROM quotations WHERE case_id = NEW.case_id AND state = 'agreed')
BEGIN SELECT RAISE(ABORT, 'paid work without consent'); END;
DROP TRIGGER repairs_not_paid_after_the_start;
CREATE TRIGGER repairs_not_paid_after_the_start BEFORE UPDATE OF liability, waived ON repairs
WHEN NEW.liability = 'paid' AND NEW.waived = 0 AND (OLD.liability <> 'paid' OR OLD.waived = 1)
  AND EXISTS (SELECT 1 FROM work_orders WHERE case_id = NEW.case_id AND started_at IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM quotations WHERE case_id = NEW.case_id AND state = 'agreed')
BEGIN SELECT RAISE(ABORT, 'paid work without consent'); END;
CREATE TRIGGER repairs_waived_only_where_it_must_be BEFORE UPDATE OF liability, waived ON repairs
WHEN NEW.waived = 1 AND OLD.waived = 0
  AND (NOT EXISTS (SELECT 1 FROM work_orders WHERE case_id = NEW.case_id AND started_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM quotations WHERE case_id = NEW.case_id AND state = 'agreed'))
BEGIN SELECT RAISE(ABORT, 'a price can be asked'); END;
CREATE TRIGGER repairs_charged_stay_paid BEFORE UPDATE OF liability, waived ON repairs
WHEN (NEW.liability <> 'paid' OR NEW.waived = 1) AND OLD.liability = 'paid' AND OLD.waived = 0
  AND EXISTS (SELECT 1 FROM standing_charges WHERE case_id = NEW.case_id)
BEGIN SELECT RAISE(ABORT, 'charged already'); END;

-- 未经同意结案 (RUL-14): the manager's word that it is over, of this time that the work was done, and why.
CREATE TABLE closings_without_consent (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  round INTEGER NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  UNIQUE (case_id, round)
) STRICT;
CREATE INDEX closings_without_consent_at ON closings_without_consent (at);
CREATE TRIGGER closings_without_consent_no_update BEFORE UPDATE ON closings_without_consent
BEGIN SELECT RAISE(ABORT, 'closings are append-only'); END;
DROP TRIGGER repairs_end_signed;
CREATE TRIGGER repairs_end_signed BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'repair' AND NEW.state IN ('signed', 'followed_up', 'closed') AND NEW.state <> OLD.state
  AND NOT EXISTS (SELECT 1 FROM work_orders WHERE case_id = NEW.id AND state = 'done'
                  AND id = (SELECT max(id) FROM work_orders WHERE case_id = NEW.id))
  AND NOT (NEW.state = 'closed' AND EXISTS (
    SELECT 1 FROM closings_without_consent WHERE case_id = NEW.id AND round = NEW.round)
    AND EXISTS (SELECT 1 FROM work_orders WHERE case_id = NEW.id AND finished_at IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'closed without a signature'); END;
