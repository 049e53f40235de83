-- The working calendar in two layers (K6): what the notice of the State Council says, and the manager's word above it.
-- `calendar_days` is what holds; a word that is taken back leaves the notice standing again.
CREATE TABLE official_days (
  day_on TEXT PRIMARY KEY CHECK (day_on GLOB '????-??-??'),
  kind TEXT NOT NULL CHECK (kind IN ('work', 'rest')),
  name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO official_days (day_on, kind, name) SELECT day_on, kind, note FROM calendar_days WHERE source = 'official';

-- Who changed which day of the calendar, from what to what (NULL: an ordinary day), and why. Append-only.
CREATE TABLE calendar_changes (
  id INTEGER PRIMARY KEY,
  day_on TEXT NOT NULL CHECK (day_on GLOB '????-??-??'),
  was_kind TEXT CHECK (was_kind IN ('work', 'rest')),
  was_note TEXT NOT NULL,
  kind TEXT CHECK (kind IN ('work', 'rest')),
  note TEXT NOT NULL,
  -- The manager's own word, a notice that was imported, or official days that came with the box.
  source TEXT NOT NULL CHECK (source IN ('manager', 'import', 'box')),
  reason TEXT NOT NULL CHECK (reason <> ''),
  at TEXT NOT NULL,
  by_role TEXT NOT NULL,
  by_id INTEGER REFERENCES staff (id)
) STRICT;
CREATE INDEX calendar_changes_day ON calendar_changes (day_on, id);
CREATE TRIGGER calendar_changes_no_update BEFORE UPDATE ON calendar_changes
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER calendar_changes_no_delete BEFORE DELETE ON calendar_changes
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

-- Who was asked to receive in the host's place, and whether he has seen it; NULL: the host receives again.
CREATE TABLE visit_day_deputies (
  id INTEGER PRIMARY KEY,
  visit_day_id INTEGER NOT NULL REFERENCES visit_days (id),
  staff_id INTEGER REFERENCES staff (id),
  reason TEXT NOT NULL CHECK (reason <> ''),
  at TEXT NOT NULL,
  by_id INTEGER REFERENCES staff (id),
  seen_at TEXT
) STRICT;
CREATE INDEX visit_day_deputies_day ON visit_day_deputies (visit_day_id, id);
CREATE INDEX visit_day_deputies_unseen ON visit_day_deputies (staff_id) WHERE seen_at IS NULL;
CREATE TRIGGER visit_day_deputies_stay BEFORE UPDATE ON visit_day_deputies
WHEN NEW.staff_id IS NOT OLD.staff_id OR NEW.reason <> OLD.reason OR NEW.at <> OLD.at OR OLD.seen_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER visit_day_deputies_no_delete BEFORE DELETE ON visit_day_deputies
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

-- A notice is imported like everything else that comes in a file.
CREATE TABLE new_imports (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('units', 'residents', 'cases', 'prices', 'calendar')),
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
