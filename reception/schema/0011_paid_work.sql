-- Paid work (有偿服务, SYS-06): the price list, quotations with the owner's consent, charges, money. All money in fen.
CREATE TABLE price_items (
  code TEXT PRIMARY KEY,
  category TEXT NOT NULL,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  unit TEXT NOT NULL,
  pricing TEXT NOT NULL CHECK (pricing IN ('fixed', 'range', 'from', 'negotiable', 'free')),
  low_fen INTEGER CHECK (low_fen >= 0),
  high_fen INTEGER CHECK (high_fen >= low_fen),
  material TEXT NOT NULL CHECK (material IN ('own', 'priced', 'included')),
  material_fen INTEGER CHECK (material_fen >= 0),
  duration TEXT NOT NULL DEFAULT '',
  remark TEXT NOT NULL DEFAULT '',
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  CHECK (pricing NOT IN ('fixed', 'range', 'from') OR low_fen IS NOT NULL),
  CHECK ((pricing = 'range') = (high_fen IS NOT NULL)),
  CHECK ((material = 'priced') = (material_fen IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE quotations (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES repairs (case_id),
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL DEFAULT 'quoted' CHECK (state IN ('quoted', 'agreed', 'declined', 'superseded')),
  made_at TEXT NOT NULL,
  made_by INTEGER NOT NULL REFERENCES staff (id),
  -- When, how and to whom the owner said yes or no.
  answered_at TEXT,
  answered_how TEXT CHECK (answered_how IN ('face', 'paper', 'call', 'phone', 'kiosk')),
  answer_seen_by INTEGER REFERENCES staff (id),
  UNIQUE (case_id, version),
  CHECK (state NOT IN ('agreed', 'declined') OR (answered_at IS NOT NULL AND answered_how IS NOT NULL)),
  CHECK (answered_how NOT IN ('face', 'paper', 'call') OR answer_seen_by IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX quotations_one_open ON quotations (case_id) WHERE state IN ('quoted', 'agreed');

CREATE TABLE quotation_lines (
  id INTEGER PRIMARY KEY,
  quotation_id INTEGER NOT NULL REFERENCES quotations (id),
  price_item TEXT REFERENCES price_items (code),
  kind TEXT NOT NULL CHECK (kind IN ('labour', 'material')),
  name TEXT NOT NULL CHECK (name <> ''),
  unit TEXT NOT NULL,
  -- In hundredths of the unit; the amount is rounded half up to a fen.
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  price_fen INTEGER NOT NULL CHECK (price_fen >= 0),
  amount_fen INTEGER NOT NULL CHECK (amount_fen = (quantity * price_fen + 50) / 100)
) STRICT;
CREATE INDEX quotation_lines_quotation ON quotation_lines (quotation_id);
CREATE TRIGGER quotation_lines_no_update BEFORE UPDATE ON quotation_lines
BEGIN SELECT RAISE(ABORT, 'a quotation is not changed, a new one is made'); END;
CREATE TRIGGER quotation_lines_no_delete BEFORE DELETE ON quotation_lines
BEGIN SELECT RAISE(ABORT, 'a quotation is not changed, a new one is made'); END;
CREATE TRIGGER quotation_lines_before_the_answer BEFORE INSERT ON quotation_lines
WHEN (SELECT state FROM quotations WHERE id = NEW.quotation_id) <> 'quoted'
BEGIN SELECT RAISE(ABORT, 'a quotation is not changed, a new one is made'); END;

-- What is to be paid: the sum of the lines that the owner agreed to, once.
CREATE TABLE charges (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL UNIQUE REFERENCES repairs (case_id),
  quotation_id INTEGER NOT NULL UNIQUE REFERENCES quotations (id),
  total_fen INTEGER NOT NULL CHECK (total_fen >= 0),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE TRIGGER charges_no_update BEFORE UPDATE ON charges
BEGIN SELECT RAISE(ABORT, 'a charge is not changed'); END;
CREATE TRIGGER charges_only_for_agreed_paid_work BEFORE INSERT ON charges
WHEN (SELECT liability FROM repairs WHERE case_id = NEW.case_id) <> 'paid'
  OR (SELECT state FROM quotations WHERE id = NEW.quotation_id AND case_id = NEW.case_id) IS NOT 'agreed'
  OR NEW.total_fen IS NOT (SELECT coalesce(sum(amount_fen), 0) FROM quotation_lines WHERE quotation_id = NEW.quotation_id)
BEGIN SELECT RAISE(ABORT, 'charged what was not agreed'); END;
CREATE TRIGGER quotations_stand_once_charged BEFORE UPDATE OF state ON quotations
WHEN NEW.state <> 'agreed' AND EXISTS (SELECT 1 FROM charges WHERE quotation_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a charged quotation stands'); END;

-- Money in and money back, each a line of its own with its own receipt.
CREATE TABLE payments (
  id INTEGER PRIMARY KEY,
  charge_id INTEGER NOT NULL REFERENCES charges (id),
  no TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund')),
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  method TEXT NOT NULL CHECK (method IN ('cash', 'wechat', 'alipay', 'card', 'transfer')),
  reason TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  CHECK (kind = 'payment' OR reason <> '')
) STRICT;
CREATE INDEX payments_charge ON payments (charge_id, id);
CREATE TRIGGER payments_no_update BEFORE UPDATE ON payments
BEGIN SELECT RAISE(ABORT, 'a payment is not changed'); END;
CREATE TRIGGER payments_within_the_charge BEFORE INSERT ON payments
WHEN (SELECT coalesce(sum(iif(kind = 'payment', amount_fen, -amount_fen)), 0) FROM payments
      WHERE charge_id = NEW.charge_id) + iif(NEW.kind = 'payment', NEW.amount_fen, -NEW.amount_fen)
  NOT BETWEEN 0 AND (SELECT total_fen FROM charges WHERE id = NEW.charge_id)
BEGIN SELECT RAISE(ABORT, 'paid more than charged, or refunded more than paid'); END;

-- No paid work starts, and none ends, without the price the owner agreed to (K3, 8).
CREATE TRIGGER work_orders_no_paid_work_without_consent BEFORE UPDATE OF started_at, finished_at ON work_orders
WHEN ((NEW.started_at IS NOT NULL AND OLD.started_at IS NULL) OR (NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL))
  AND (SELECT liability FROM repairs WHERE case_id = NEW.case_id) = 'paid'
  AND NOT EXISTS (SELECT 1 FROM quotations WHERE case_id = NEW.case_id AND state = 'agreed')
BEGIN SELECT RAISE(ABORT, 'paid work without consent'); END;
-- Work that began as free stays free; what was charged is given back before it is called free.
CREATE TRIGGER repairs_not_paid_after_the_start BEFORE UPDATE OF liability ON repairs
WHEN NEW.liability = 'paid' AND OLD.liability <> 'paid'
  AND EXISTS (SELECT 1 FROM work_orders WHERE case_id = NEW.case_id AND started_at IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM quotations WHERE case_id = NEW.case_id AND state = 'agreed')
BEGIN SELECT RAISE(ABORT, 'paid work without consent'); END;
CREATE TRIGGER repairs_charged_stay_paid BEFORE UPDATE OF liability ON repairs
WHEN NEW.liability <> 'paid' AND OLD.liability = 'paid' AND EXISTS (SELECT 1 FROM charges WHERE case_id = NEW.case_id)
BEGIN SELECT RAISE(ABORT, 'charged already'); END;
