-- Which erasures of the journal beside the store were done in this store. A store that was put back from a backup lacks
-- those that came after it: by this it is known which are to be done again, whatever any clock said. Keyed hashes alone.
CREATE TABLE erasure_entries (
  id TEXT PRIMARY KEY CHECK (length(id) = 32),
  entry TEXT NOT NULL,
  at TEXT NOT NULL CHECK (length(at) = 24)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER erasure_entries_no_update BEFORE UPDATE ON erasure_entries
BEGIN SELECT RAISE(ABORT, 'what was erased stays erased'); END;
CREATE TRIGGER erasure_entries_no_delete BEFORE DELETE ON erasure_entries
BEGIN SELECT RAISE(ABORT, 'what was erased stays erased'); END;

-- Matters whose time is over (domain.md K12): nobody's any more. What is counted stays.
CREATE TABLE retired_cases (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  at TEXT NOT NULL CHECK (length(at) = 24)
) STRICT;
