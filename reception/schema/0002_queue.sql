CREATE TABLE visits (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'desk')),
  purpose TEXT NOT NULL REFERENCES lines (code),
  name TEXT,
  phone TEXT,
  unit_id INTEGER REFERENCES units (id),
  priority INTEGER NOT NULL DEFAULT 0 CHECK (priority IN (0, 1)),
  notice_version TEXT,
  arrived_at TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'registered' CHECK (state IN ('registered', 'in_reception', 'closed', 'auto_closed')),
  left_at TEXT,
  -- Data of a person only under a notice that was shown at a kiosk, or by a member of staff who told it.
  CHECK (channel = 'desk' OR notice_version IS NOT NULL OR (name IS NULL AND phone IS NULL AND unit_id IS NULL)),
  CHECK ((state IN ('closed', 'auto_closed')) = (left_at IS NOT NULL))
) STRICT;

CREATE TABLE tickets (
  id INTEGER PRIMARY KEY,
  visit_id INTEGER NOT NULL UNIQUE REFERENCES visits (id),
  token TEXT NOT NULL UNIQUE CHECK (length(token) = 26),
  day_on TEXT NOT NULL,
  prefix TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  no TEXT NOT NULL,
  line TEXT NOT NULL REFERENCES lines (code),
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'called', 'serving', 'parked', 'missed',
                                                         'completed', 'cancelled', 'expired')),
  counter TEXT REFERENCES counters (no),
  served_by INTEGER REFERENCES staff (id),
  issued_at TEXT NOT NULL,
  -- The place in the queue: (rank_at, rank_tie, id). Apart from issued_at, which never changes.
  rank_at TEXT NOT NULL,
  rank_tie INTEGER NOT NULL DEFAULT 0,
  calls INTEGER NOT NULL DEFAULT 0 CHECK (calls >= 0),
  misses INTEGER NOT NULL DEFAULT 0 CHECK (misses >= 0),
  called_at TEXT,
  started_at TEXT,
  ended_at TEXT,
  -- A number is never used twice on a day (domain.md K3, 1).
  UNIQUE (day_on, prefix, number),
  CHECK (state NOT IN ('called', 'serving') OR (counter IS NOT NULL AND called_at IS NOT NULL)),
  CHECK ((state IN ('completed', 'cancelled', 'expired')) = (ended_at IS NOT NULL))
) STRICT;

-- A counter serves at most one ticket, and so a ticket stands at one counter (domain.md K3, 2).
CREATE UNIQUE INDEX tickets_one_at_a_counter ON tickets (counter) WHERE state IN ('called', 'serving');
CREATE INDEX tickets_waiting ON tickets (rank_at, rank_tie, id) WHERE state = 'waiting';
CREATE INDEX tickets_no ON tickets (no, id);
CREATE INDEX tickets_set_aside ON tickets (state, id) WHERE state IN ('missed', 'parked');

-- Every press of "next" and every recall. Displays play the calls after the last they played, by id.
CREATE TABLE calls (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  counter TEXT NOT NULL REFERENCES counters (no),
  at TEXT NOT NULL,
  -- What the same press completed, and the state it was in: undo gives it back.
  displaced_ticket_id INTEGER REFERENCES tickets (id),
  displaced_state TEXT CHECK (displaced_state IN ('called', 'serving')),
  undone_at TEXT,
  CHECK ((displaced_ticket_id IS NULL) = (displaced_state IS NULL))
) STRICT;
CREATE INDEX calls_counter ON calls (counter, id);
CREATE INDEX calls_ticket ON calls (ticket_id, id);
