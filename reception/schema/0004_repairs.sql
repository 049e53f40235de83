-- Domain.md K2, WorkOrder: the states up to dispatch are walked now, the rest by the life of a repair.
INSERT INTO case_states (kind, state, terminal) VALUES
  ('repair', 'registered', 0), ('repair', 'dispatched', 0), ('repair', 'closed', 1), ('repair', 'cancelled', 1);

CREATE TABLE repairs (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  category TEXT NOT NULL CHECK (category IN ('water', 'power', 'door', 'wall', 'lift', 'public', 'other')),
  content TEXT NOT NULL CHECK (content <> ''),
  place TEXT NOT NULL,
  convenient_time TEXT NOT NULL,
  urgency TEXT NOT NULL CHECK (urgency IN ('urgent', 'ordinary', 'planned'))
) STRICT;

CREATE TABLE work_orders (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES repairs (case_id),
  no TEXT NOT NULL UNIQUE,
  token TEXT NOT NULL UNIQUE CHECK (length(token) = 26),
  department TEXT NOT NULL REFERENCES departments (code),
  state TEXT NOT NULL DEFAULT 'dispatched' CHECK (state IN ('dispatched')),
  dispatched_at TEXT NOT NULL,
  dispatched_by INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX work_orders_case ON work_orders (case_id);
-- A repair is dispatched once; a returned order gets a state of its own before the next.
CREATE UNIQUE INDEX work_orders_one_live ON work_orders (case_id) WHERE state = 'dispatched';
