-- Everything a centre decides, one JSON value a key.
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;

CREATE TABLE departments (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
  id INTEGER PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('receptionist', 'assistant', 'service_head', 'department_head', 'worker',
                                     'team_leader', 'manager', 'administrator')),
  department TEXT NOT NULL REFERENCES departments (code),
  password_hash TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  -- Throttle of the login: kept here, so that a restart does not reset it.
  failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
  failed_at TEXT
) STRICT;

-- Only a hash of the key that the browser holds; the row dies at logout or after idle time.
CREATE TABLE sessions (
  key_hash TEXT PRIMARY KEY,
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  counter TEXT REFERENCES counters (no),
  created_at TEXT NOT NULL,
  seen_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE units (
  id INTEGER PRIMARY KEY,
  building TEXT NOT NULL,
  unit TEXT NOT NULL,
  room TEXT NOT NULL,
  UNIQUE (building, unit, room)
) STRICT;

CREATE TABLE residents (
  id INTEGER PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES units (id),
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  phone_tail TEXT NOT NULL GENERATED ALWAYS AS (substr(phone, -4)) STORED,
  relation TEXT NOT NULL CHECK (relation IN ('owner', 'family', 'tenant', 'agent'))
) STRICT;
CREATE INDEX residents_unit ON residents (unit_id, phone_tail);

-- A line of business (业务类别). Prefixes sound apart (domain.md K4).
CREATE TABLE lines (
  code TEXT PRIMARY KEY,
  prefix TEXT NOT NULL UNIQUE CHECK (length(prefix) = 1),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
  no TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Exceptions to Monday-Friday; source says by whom (official notice or the manager).
CREATE TABLE calendar_days (
  day_on TEXT PRIMARY KEY CHECK (day_on GLOB '????-??-??'),
  kind TEXT NOT NULL CHECK (kind IN ('work', 'rest')),
  note TEXT NOT NULL,
  source TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The years for which the official notice is in the table; any other year is provisional (暂定).
CREATE TABLE calendar_years (
  year INTEGER PRIMARY KEY
) STRICT;

-- The last number taken of each series; taken in the transaction of its row.
CREATE TABLE sequences (
  series TEXT PRIMARY KEY,
  last INTEGER NOT NULL CHECK (last > 0)
) STRICT, WITHOUT ROWID;

-- One row a form that created something: the same nonce gives the same result, with other content a refusal.
CREATE TABLE nonces (
  nonce TEXT PRIMARY KEY CHECK (length(nonce) BETWEEN 1 AND 128),
  act TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  result INTEGER NOT NULL,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- History: what, to what, by whom, when, from state, to state. Append-only; only retention removes.
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL CHECK (length(at) = 24),
  what TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_id INTEGER NOT NULL,
  by_role TEXT NOT NULL,
  by_id INTEGER,
  from_state TEXT,
  to_state TEXT,
  detail TEXT CHECK (detail IS NULL OR json_valid(detail))
) STRICT;
CREATE INDEX events_subject ON events (subject, subject_id);
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER events_time_never_runs_back BEFORE INSERT ON events
WHEN NEW.at < (SELECT at FROM events ORDER BY id DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'event before the last event'); END;
