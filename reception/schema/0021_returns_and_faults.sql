-- Why an order came back, in words: asked where the reason is 其他.
ALTER TABLE work_orders ADD COLUMN state_note TEXT NOT NULL DEFAULT '';

-- A clock that was met counts anew when the order came back. How it was met before stays here: it counts in the month.
CREATE TABLE clock_runs (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  clock TEXT NOT NULL,
  round INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  due_at TEXT NOT NULL,
  stopped_at TEXT NOT NULL
) STRICT;
CREATE INDEX clock_runs_case ON clock_runs (case_id);
CREATE INDEX clock_runs_due ON clock_runs (due_at);
CREATE TRIGGER clock_runs_no_update BEFORE UPDATE ON clock_runs
BEGIN SELECT RAISE(ABORT, 'what a clock came to is append-only'); END;

-- 并入故障: the fault holds a repair until it is told with it, taken out, or goes its own way again (`released_at`).
ALTER TABLE fault_cases ADD COLUMN released_at TEXT;
-- Those noted before this kept a life of their own, with their clocks.
UPDATE fault_cases SET released_at = at;

-- Homes that were told a time that was promised anew.
CREATE TABLE fault_promises_told (
  household_id INTEGER NOT NULL REFERENCES fault_households (id),
  expectation_id INTEGER NOT NULL REFERENCES fault_expectations (id),
  channel TEXT NOT NULL CHECK (channel IN ('phone', 'message', 'chat', 'face', 'paper')),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  PRIMARY KEY (household_id, expectation_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER fault_promises_told_no_update BEFORE UPDATE ON fault_promises_told
BEGIN SELECT RAISE(ABORT, 'what was said is append-only'); END;

-- How many came back is counted on every screen of the desk.
CREATE INDEX cases_returned ON cases (department) WHERE state = 'returned' AND kind = 'repair';
