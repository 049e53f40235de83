-- The states each kind of case may have; a new kind adds its rows with its own migration.
CREATE TABLE case_states (
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  terminal INTEGER NOT NULL CHECK (terminal IN (0, 1)),
  PRIMARY KEY (kind, state)
) STRICT, WITHOUT ROWID;

-- What all kinds share. Each kind keeps its details in its own table.
CREATE TABLE cases (
  id INTEGER PRIMARY KEY,
  no TEXT NOT NULL UNIQUE,
  token TEXT NOT NULL UNIQUE CHECK (length(token) = 26),
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  visit_id INTEGER REFERENCES visits (id),
  unit_id INTEGER REFERENCES units (id),
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  phone_tail TEXT NOT NULL GENERATED ALWAYS AS (substr(phone, -4)) STORED,
  owner_id INTEGER NOT NULL REFERENCES staff (id),
  department TEXT NOT NULL REFERENCES departments (code),
  received_at TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  closed_at TEXT,
  FOREIGN KEY (kind, state) REFERENCES case_states (kind, state)
) STRICT;
CREATE INDEX cases_open ON cases (kind, id) WHERE closed_at IS NULL;
CREATE INDEX cases_unit ON cases (unit_id, id);
CREATE INDEX cases_phone_tail ON cases (phone_tail, id);
CREATE INDEX cases_visit ON cases (visit_id);
