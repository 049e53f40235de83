-- What the centre decides about its lines and counters.
ALTER TABLE lines ADD COLUMN hint TEXT NOT NULL DEFAULT '';
ALTER TABLE lines ADD COLUMN hint_en TEXT NOT NULL DEFAULT '';
ALTER TABLE lines ADD COLUMN active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1));
-- The kiosk asks for the home before the matter: then the open repairs of the household stand beside the matters.
ALTER TABLE lines ADD COLUMN home_first INTEGER NOT NULL DEFAULT 0 CHECK (home_first IN (0, 1));
UPDATE lines SET home_first = 1 WHERE code IN ('repair', 'visit-day');

-- A counter is a window or a room (洽谈室, RUL-39); what it may do now stands in `state`.
ALTER TABLE counters ADD COLUMN room INTEGER NOT NULL DEFAULT 0 CHECK (room IN (0, 1));
ALTER TABLE counters ADD COLUMN active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1));
ALTER TABLE counters ADD COLUMN state TEXT NOT NULL DEFAULT 'closed' CHECK (state IN ('open', 'paused', 'closed'));
ALTER TABLE counters ADD COLUMN state_reason TEXT;
ALTER TABLE counters ADD COLUMN state_at TEXT;

-- The lines that a counter serves; a counter without a row serves them all.
CREATE TABLE counter_lines (
  counter TEXT NOT NULL REFERENCES counters (no),
  line TEXT NOT NULL REFERENCES lines (code),
  PRIMARY KEY (counter, line)
) STRICT, WITHOUT ROWID;

-- What visitors come for (事由): categories of a line, and below them sub-categories. `asks`: what the kiosk asks then.
CREATE TABLE purposes (
  code TEXT PRIMARY KEY,
  line TEXT NOT NULL REFERENCES lines (code),
  parent TEXT REFERENCES purposes (code),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  asks TEXT NOT NULL DEFAULT 'nothing' CHECK (asks IN ('nothing', 'home', 'department')),
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX purposes_line ON purposes (line, position);

-- The department that a visitor came to see.
ALTER TABLE visits ADD COLUMN host TEXT REFERENCES departments (code);

-- What a visitor said at the kiosk that he came for; one visit may have several matters.
CREATE TABLE visit_matters (
  visit_id INTEGER NOT NULL REFERENCES visits (id),
  position INTEGER NOT NULL,
  purpose TEXT REFERENCES purposes (code),
  -- He asks after this case of his household instead of raising it again.
  case_id INTEGER REFERENCES cases (id),
  PRIMARY KEY (visit_id, position),
  CHECK ((purpose IS NULL) <> (case_id IS NULL))
) STRICT, WITHOUT ROWID;

ALTER TABLE tickets ADD COLUMN priority INTEGER NOT NULL DEFAULT 0 CHECK (priority IN (0, 1));
-- The time of an appointment, from whose check-in the ticket comes.
ALTER TABLE tickets ADD COLUMN due_at TEXT;
-- A colleague sent the visitor to this counter (转窗口): nobody else calls him.
ALTER TABLE tickets ADD COLUMN for_counter TEXT REFERENCES counters (no);
-- Back from a missed call, or later by his own wish: he lets `let_pass` go first, counted from this call.
ALTER TABLE tickets ADD COLUMN return_call_id INTEGER;
ALTER TABLE tickets ADD COLUMN let_pass INTEGER CHECK (let_pass > 0);
ALTER TABLE tickets ADD COLUMN postponed INTEGER NOT NULL DEFAULT 0 CHECK (postponed IN (0, 1));
-- He showed his ticket to the scanner after the call: he is on his way to the counter.
ALTER TABLE tickets ADD COLUMN arrived_at TEXT;
ALTER TABLE tickets ADD COLUMN park_reason TEXT;
-- Ended by the close of the day while being served.
ALTER TABLE tickets ADD COLUMN closed_by_day INTEGER NOT NULL DEFAULT 0 CHECK (closed_by_day IN (0, 1));
UPDATE tickets SET priority = (SELECT priority FROM visits WHERE visits.id = tickets.visit_id);
CREATE INDEX tickets_served ON tickets (ended_at) WHERE state = 'completed';
CREATE INDEX tickets_open ON tickets (issued_at) WHERE state IN ('waiting', 'called', 'serving', 'missed', 'parked');

-- As what a ticket was called (reception/rules/order.py), in which line, and why out of order.
ALTER TABLE calls ADD COLUMN line TEXT REFERENCES lines (code);
ALTER TABLE calls ADD COLUMN called_as TEXT;
ALTER TABLE calls ADD COLUMN from_state TEXT NOT NULL DEFAULT 'waiting'
  CHECK (from_state IN ('waiting', 'missed', 'parked'));
ALTER TABLE calls ADD COLUMN recall INTEGER NOT NULL DEFAULT 0 CHECK (recall IN (0, 1));
UPDATE calls SET line = (SELECT line FROM tickets WHERE tickets.id = calls.ticket_id), called_as = 'ordinary';

-- What the attract screen and the display tell, in its dates.
CREATE TABLE notices (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL CHECK (title <> ''),
  title_en TEXT NOT NULL,
  from_on TEXT NOT NULL CHECK (from_on GLOB '????-??-??'),
  until_on TEXT NOT NULL CHECK (until_on GLOB '????-??-??'),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  CHECK (from_on <= until_on)
) STRICT;
CREATE INDEX notices_until ON notices (until_on);

-- Somebody at the kiosk rings for staff: for help, or for an emergency (险情), until one takes it.
CREATE TABLE rings (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('help', 'gas', 'water', 'lift', 'fire', 'injury')),
  at TEXT NOT NULL,
  presses INTEGER NOT NULL DEFAULT 1 CHECK (presses > 0),
  case_id INTEGER REFERENCES cases (id),
  taken_at TEXT,
  taken_by INTEGER REFERENCES staff (id),
  CHECK ((taken_at IS NULL) = (taken_by IS NULL)),
  CHECK ((kind = 'help') = (case_id IS NULL))
) STRICT;
-- Repeated presses join the ring that nobody took yet.
CREATE UNIQUE INDEX rings_open ON rings (kind) WHERE taken_at IS NULL;

INSERT INTO case_states (kind, state, terminal) VALUES
  ('emergency', 'open', 0), ('emergency', 'contained', 0), ('emergency', 'handled', 0), ('emergency', 'reported', 0),
  ('emergency', 'archived', 1);
CREATE TABLE emergencies (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  hazard TEXT NOT NULL CHECK (hazard IN ('gas', 'water', 'lift', 'fire', 'injury')),
  place TEXT NOT NULL
) STRICT;

-- The log of a day, written when it is closed; figures only.
CREATE TABLE day_logs (
  day_on TEXT PRIMARY KEY CHECK (day_on GLOB '????-??-??'),
  closed_at TEXT NOT NULL,
  by_id INTEGER REFERENCES staff (id),
  facts TEXT NOT NULL CHECK (json_valid(facts))
) STRICT, WITHOUT ROWID;

-- What phones outside were found to reach, and when the box last tried (settings keep only what somebody decided).
CREATE TABLE reachability (
  url TEXT PRIMARY KEY,
  tried_at TEXT NOT NULL,
  reached INTEGER NOT NULL CHECK (reached IN (0, 1))
) STRICT, WITHOUT ROWID;

-- By this the box knows itself when it asks for its own page through the public address.
INSERT INTO settings (key, value) VALUES ('box_id', json_quote(lower(hex(randomblob(16)))));

-- What a display said of its voice in the self-test: ok, missing (clips), blocked (by the browser).
ALTER TABLE self_test_displays ADD COLUMN voice TEXT NOT NULL DEFAULT 'missing'
  CHECK (voice IN ('ok', 'missing', 'blocked'));

-- Time never runs back, save where a person says that the clock was wrong: from that event on history goes on.
DROP TRIGGER events_time_never_runs_back;
CREATE TRIGGER events_time_never_runs_back BEFORE INSERT ON events
WHEN NEW.what <> 'correct_clock' AND NEW.at < (SELECT at FROM events ORDER BY id DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'event before the last event'); END;
