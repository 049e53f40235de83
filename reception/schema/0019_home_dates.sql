-- Why a date of a home was changed at the desk, by whom: its warranties hang on it.
CREATE TABLE home_date_changes (
  id INTEGER PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES units (id),
  field TEXT NOT NULL CHECK (field IN ('completion_on', 'handover_on', 'contract_end_on')),
  was TEXT CHECK (was GLOB '????-??-??'),
  became TEXT CHECK (became GLOB '????-??-??'),
  reason TEXT NOT NULL CHECK (reason <> ''),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  CHECK (was IS NOT became)
) STRICT;
CREATE INDEX home_date_changes_unit ON home_date_changes (unit_id, id);
CREATE TRIGGER home_date_changes_no_update BEFORE UPDATE ON home_date_changes
BEGIN SELECT RAISE(ABORT, 'changes of dates are append-only'); END;
