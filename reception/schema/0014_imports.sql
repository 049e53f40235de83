-- What was taken over from files: how often, by whom, and which opening cases, so that no line comes twice.
CREATE TABLE imports (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('units', 'residents', 'cases', 'prices')),
  -- Of the file, which is not kept.
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  added INTEGER NOT NULL CHECK (added >= 0),
  changed INTEGER NOT NULL CHECK (changed >= 0),
  same INTEGER NOT NULL CHECK (same >= 0),
  at TEXT NOT NULL,
  by_role TEXT NOT NULL,
  by_id INTEGER REFERENCES staff (id)
) STRICT;

CREATE TABLE imported_cases (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  import_id INTEGER NOT NULL REFERENCES imports (id),
  -- Of the old number, or of home, time and matter where there was none; never of a name or a phone.
  fingerprint TEXT NOT NULL UNIQUE CHECK (length(fingerprint) = 64)
) STRICT;
CREATE INDEX imported_cases_import ON imported_cases (import_id);
