-- What every kind of case shares after it was opened: where it came from, what it is tied to, who was told what.
ALTER TABLE cases ADD COLUMN source TEXT NOT NULL DEFAULT 'desk'
  CHECK (source IN ('kiosk', 'desk', 'phone', 'patrol', 'case', 'import'));
ALTER TABLE cases ADD COLUMN spawned_from INTEGER REFERENCES cases (id);
ALTER TABLE cases ADD COLUMN merged_into INTEGER REFERENCES cases (id);
-- How often it was opened again; what must be said or done anew after that is counted by this round.
ALTER TABLE cases ADD COLUMN round INTEGER NOT NULL DEFAULT 0 CHECK (round >= 0);
CREATE INDEX cases_owner ON cases (owner_id) WHERE closed_at IS NULL;
CREATE INDEX cases_department ON cases (department, kind) WHERE closed_at IS NULL;
CREATE INDEX cases_received ON cases (kind, received_at);
CREATE INDEX cases_closed ON cases (kind, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX cases_merged ON cases (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX cases_spawned ON cases (spawned_from) WHERE spawned_from IS NOT NULL;

-- A state that may be entered only once the person who raised the case has been told its result (domain.md K3, 10).
ALTER TABLE case_states ADD COLUMN answered INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0, 1));
UPDATE case_states SET answered = 1 WHERE state = 'closed';

-- What was said to the person, by which way, by whom, in the words as said (SYS-17).
CREATE TABLE feedback_notices (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  round INTEGER NOT NULL,
  about TEXT NOT NULL CHECK (about IN ('progress', 'result')),
  channel TEXT NOT NULL CHECK (channel IN ('phone', 'message', 'chat', 'face', 'paper')),
  receiver TEXT NOT NULL,
  text TEXT NOT NULL CHECK (text <> ''),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX feedback_notices_case ON feedback_notices (case_id, id);
CREATE TRIGGER feedback_notices_no_update BEFORE UPDATE ON feedback_notices
BEGIN SELECT RAISE(ABORT, 'feedback is append-only'); END;

-- 回访: attempts count, also those that reached nobody (SYS-18).
CREATE TABLE follow_ups (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  round INTEGER NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('phone', 'visit', 'chat')),
  reached INTEGER NOT NULL CHECK (reached IN (0, 1)),
  score INTEGER CHECK (score BETWEEN 1 AND 5),
  comment TEXT NOT NULL,
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  CHECK (reached = 1 OR score IS NULL)
) STRICT;
CREATE INDEX follow_ups_case ON follow_ups (case_id, id);

-- What the person himself answered: on the slip, on the phone page, at the kiosk (SYS-19, K9).
CREATE TABLE survey_responses (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  round INTEGER NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('paper', 'phone', 'kiosk')),
  score INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
  comment TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (case_id, round)
) STRICT;

CREATE TABLE case_notes (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  text TEXT NOT NULL CHECK (text <> ''),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX case_notes_case ON case_notes (case_id, id);

-- Cases that belong together without one being the other.
CREATE TABLE case_links (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  other_id INTEGER NOT NULL REFERENCES cases (id),
  PRIMARY KEY (case_id, other_id),
  CHECK (case_id < other_id)
) STRICT, WITHOUT ROWID;

-- The clocks of a case (K8): each runs from its start until what it waits for has happened.
CREATE TABLE clocks (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  clock TEXT NOT NULL,
  round INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  due_at TEXT NOT NULL,
  stopped_at TEXT,
  -- Ended because the case did, or because it no longer applies: it says nothing about being on time.
  void INTEGER NOT NULL DEFAULT 0 CHECK (void IN (0, 1)),
  CHECK (void = 0 OR stopped_at IS NOT NULL),
  PRIMARY KEY (case_id, clock, round)
) STRICT, WITHOUT ROWID;
CREATE INDEX clocks_running ON clocks (due_at) WHERE stopped_at IS NULL;

-- Every deadline that was ever set, with its reason and who set it (K3, 13).
CREATE TABLE deadlines (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  clock TEXT NOT NULL,
  round INTEGER NOT NULL,
  due_at TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  at TEXT NOT NULL,
  by_role TEXT NOT NULL,
  by_id INTEGER REFERENCES staff (id)
) STRICT;
CREATE INDEX deadlines_case ON deadlines (case_id, clock, round, id);
CREATE TRIGGER deadlines_no_update BEFORE UPDATE ON deadlines
BEGIN SELECT RAISE(ABORT, 'deadlines are append-only'); END;
CREATE TRIGGER clocks_start_with_a_reason BEFORE INSERT ON clocks
WHEN NEW.due_at IS NOT (SELECT due_at FROM deadlines WHERE case_id = NEW.case_id AND clock = NEW.clock
                        AND round = NEW.round ORDER BY id DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'a deadline without its reason'); END;
CREATE TRIGGER clocks_move_with_a_reason BEFORE UPDATE OF due_at ON clocks
WHEN NEW.due_at IS NOT (SELECT due_at FROM deadlines WHERE case_id = NEW.case_id AND clock = NEW.clock
                        AND round = NEW.round ORDER BY id DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'a deadline was changed silently'); END;

-- 挂起: the only thing that stops a clock for a while.
CREATE TABLE case_pauses (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  reason TEXT NOT NULL,
  note TEXT NOT NULL,
  from_at TEXT NOT NULL,
  until_at TEXT CHECK (until_at >= from_at)
) STRICT;
CREATE UNIQUE INDEX case_pauses_one ON case_pauses (case_id) WHERE until_at IS NULL;
CREATE INDEX case_pauses_case ON case_pauses (case_id, id);

-- An overdue clock was handed up to the head.
CREATE TABLE escalations (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  clock TEXT NOT NULL,
  round INTEGER NOT NULL,
  to_id INTEGER NOT NULL REFERENCES staff (id),
  at TEXT NOT NULL,
  UNIQUE (case_id, clock, round)
) STRICT;

CREATE TRIGGER cases_closed_only_when_answered BEFORE UPDATE OF state ON cases
WHEN NEW.state <> OLD.state
  AND (SELECT answered FROM case_states WHERE kind = NEW.kind AND state = NEW.state) = 1
  AND (
    NOT EXISTS (SELECT 1 FROM feedback_notices WHERE case_id = NEW.id AND round = NEW.round AND about = 'result')
    OR EXISTS (
      SELECT 1 FROM cases AS merged WHERE merged.merged_into = NEW.id AND NOT EXISTS (
        SELECT 1 FROM feedback_notices WHERE case_id = merged.id AND about = 'result'
      )
    )
  )
BEGIN SELECT RAISE(ABORT, 'closed without an answer'); END;
CREATE TRIGGER cases_begin_open BEFORE INSERT ON cases
WHEN (SELECT terminal FROM case_states WHERE kind = NEW.kind AND state = NEW.state) = 1
BEGIN SELECT RAISE(ABORT, 'a case begins open'); END;
CREATE TRIGGER cases_end_in_a_terminal_state BEFORE UPDATE OF state, closed_at ON cases
WHEN (NEW.closed_at IS NOT NULL) <> ((SELECT terminal FROM case_states WHERE kind = NEW.kind AND state = NEW.state) = 1)
BEGIN SELECT RAISE(ABORT, 'closed_at goes with a terminal state'); END;

-- Tries of the last four digits of a telephone by whoever bears a code (reception/phone_tails.py).
CREATE TABLE phone_tail_tries (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  failures INTEGER NOT NULL CHECK (failures > 0),
  failed_at TEXT NOT NULL
) STRICT;
