-- The store was put back from a backup: what was done between `lost_from` and `lost_until` may be missing. Staff see it until
-- somebody who may says that he has read it. Numbers go on behind a gap, so that none in a visitor's hand is given twice.
CREATE TABLE restorations (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL CHECK (length(at) = 24),
  reason TEXT NOT NULL CHECK (reason IN ('damaged', 'missing', 'asked')),
  backup TEXT NOT NULL,
  lost_from TEXT NOT NULL CHECK (length(lost_from) = 24),
  lost_until TEXT NOT NULL CHECK (length(lost_until) = 24),
  -- By how much every series went forward; one that the backup does not know begins behind as much.
  jump INTEGER NOT NULL CHECK (jump > 0),
  -- The last local day on which numbers may have been taken that the backup does not know of.
  days_through TEXT NOT NULL CHECK (days_through GLOB '????-??-??'),
  pictures_missing INTEGER NOT NULL CHECK (pictures_missing >= 0),
  kept_aside TEXT NOT NULL,
  acknowledged_by INTEGER REFERENCES staff (id),
  acknowledged_at TEXT CHECK (length(acknowledged_at) = 24),
  CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL))
) STRICT;
