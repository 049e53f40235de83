-- 收费通知与催缴 (SYS-39, FRM-24, RUL-28): what homes are asked to pay, by the lists of the finance department. No ledger:
-- no money is taken here. A month is counted from year 0, twelve a year. Late is derived from the day, never stored.
CREATE TABLE fees (
  id INTEGER PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES units (id),
  item TEXT NOT NULL CHECK (item IN ('property', 'energy', 'water', 'electricity', 'gas')),
  from_month INTEGER NOT NULL CHECK (from_month BETWEEN 23400 AND 25211),
  to_month INTEGER NOT NULL CHECK (to_month BETWEEN from_month AND from_month + 35),
  amount_fen INTEGER NOT NULL CHECK (amount_fen BETWEEN 1 AND 999999999),
  due_on TEXT NOT NULL CHECK (due_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  -- Of common energy alone: hundredths of m2, and fen for one and a month; then the amount is what they come to.
  area INTEGER CHECK (area > 0),
  rate_fen INTEGER CHECK (rate_fen > 0),
  state TEXT NOT NULL DEFAULT 'notified' CHECK (state IN ('notified', 'paid', 'withdrawn')),
  notified_at TEXT NOT NULL,
  -- When a notice with this line on it was last printed.
  noticed_at TEXT,
  settled_at TEXT CHECK ((settled_at IS NULL) = (state = 'notified')),
  settled_by INTEGER REFERENCES staff (id) CHECK ((settled_by IS NULL) = (state = 'notified')),
  reason TEXT CHECK (reason <> '') CHECK ((reason IS NOT NULL) = (state = 'withdrawn')),
  CHECK ((area IS NULL) = (rate_fen IS NULL) AND (area IS NULL OR item = 'energy')),
  CHECK (area IS NULL OR amount_fen = (area * rate_fen * (to_month - from_month + 1) + 50) / 100)
) STRICT;
-- Nobody is asked twice for one thing.
CREATE UNIQUE INDEX fees_once ON fees (unit_id, item, from_month, to_month) WHERE state <> 'withdrawn';
CREATE INDEX fees_open ON fees (unit_id, due_on, amount_fen) WHERE state = 'notified';
CREATE INDEX fees_of_unit ON fees (unit_id, settled_at);
CREATE INDEX fees_settled ON fees (settled_at) WHERE settled_at IS NOT NULL;

-- Told by telephone: one call a day a home. Taken before it is made, so that no two people make it.
CREATE TABLE fee_calls (
  id INTEGER PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES units (id),
  called_on TEXT NOT NULL CHECK (called_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  outcome TEXT CHECK (outcome IN ('told', 'will_pay', 'has_paid', 'disputes', 'unreached')),
  note TEXT NOT NULL DEFAULT '' CHECK (note = '' OR outcome IS NOT NULL),
  UNIQUE (unit_id, called_on)
) STRICT;
CREATE INDEX fee_calls_at ON fee_calls (at);

-- The list is imported like everything else that comes in a file.
CREATE TABLE new_imports (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('units', 'residents', 'cases', 'prices', 'calendar', 'fees')),
  -- Of the file, which is not kept.
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  added INTEGER NOT NULL CHECK (added >= 0),
  changed INTEGER NOT NULL CHECK (changed >= 0),
  same INTEGER NOT NULL CHECK (same >= 0),
  at TEXT NOT NULL,
  by_role TEXT NOT NULL,
  by_id INTEGER REFERENCES staff (id)
) STRICT;
INSERT INTO new_imports SELECT * FROM imports;
-- Rows that point at a table keep it from being dropped: they step aside meanwhile.
CREATE TEMP TABLE aside AS SELECT * FROM imported_cases;
DELETE FROM imported_cases;
DROP TABLE imports;
ALTER TABLE new_imports RENAME TO imports;
INSERT INTO imported_cases SELECT * FROM aside;
DROP TABLE aside;
