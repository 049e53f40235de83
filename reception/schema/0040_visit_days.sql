-- 物业接访日 (SYS-08, K6): the days themselves. Which weekday of the month: the centre's own list (part I, trap 3 and J6).
CREATE TABLE visit_day_rules (
  id INTEGER PRIMARY KEY,
  nth INTEGER NOT NULL CHECK (nth BETWEEN 1 AND 5),
  -- Monday is 0.
  weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
  opens TEXT NOT NULL DEFAULT '10:00' CHECK (opens GLOB '[0-2][0-9]:[0-5][0-9]'),
  closes TEXT NOT NULL DEFAULT '12:00' CHECK (closes GLOB '[0-2][0-9]:[0-5][0-9]'),
  room TEXT NOT NULL DEFAULT 'reception' REFERENCES rooms (code),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  UNIQUE (nth, weekday),
  CHECK (closes > opens)
) STRICT;
INSERT INTO visit_day_rules (nth, weekday) VALUES (1, 4);

CREATE TABLE visit_days (
  id INTEGER PRIMARY KEY,
  rule_id INTEGER NOT NULL REFERENCES visit_day_rules (id),
  nominal_on TEXT NOT NULL CHECK (nominal_on GLOB '????-??-??'),
  actual_on TEXT NOT NULL UNIQUE CHECK (actual_on GLOB '????-??-??' AND actual_on >= nominal_on),
  provisional INTEGER NOT NULL CHECK (provisional IN (0, 1)),
  state TEXT NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'published', 'open', 'held', 'summarised')),
  -- Of the site's own clock; copied from the rule, so that a later rule does not move what was promised.
  opens TEXT NOT NULL CHECK (opens GLOB '[0-2][0-9]:[0-5][0-9]'),
  closes TEXT NOT NULL CHECK (closes GLOB '[0-2][0-9]:[0-5][0-9]'),
  room TEXT NOT NULL REFERENCES rooms (code),
  -- The manager; NULL while nobody of that role works here. Away means a deputy, never another date (K6).
  host_id INTEGER REFERENCES staff (id),
  deputy_id INTEGER REFERENCES staff (id),
  deputy_reason TEXT CHECK (deputy_reason <> ''),
  published_at TEXT,
  opened_at TEXT,
  held_at TEXT,
  summarised_at TEXT,
  CHECK (closes > opens),
  CHECK ((deputy_id IS NULL) = (deputy_reason IS NULL)),
  CHECK ((published_at IS NULL) = (state = 'planned')),
  CHECK ((opened_at IS NOT NULL) = (state IN ('open', 'held', 'summarised'))),
  CHECK ((held_at IS NOT NULL) = (state IN ('held', 'summarised'))),
  CHECK ((summarised_at IS NOT NULL) = (state = 'summarised'))
) STRICT;
-- Never two in a month by one rule (K3, 12).
CREATE UNIQUE INDEX visit_days_once_a_month ON visit_days (rule_id, substr(nominal_on, 1, 7));

-- A published day moves only with a reason, and never because the host is away.
CREATE TABLE visit_day_moves (
  id INTEGER PRIMARY KEY,
  visit_day_id INTEGER NOT NULL REFERENCES visit_days (id),
  was_on TEXT NOT NULL,
  now_on TEXT NOT NULL CHECK (now_on <> was_on),
  cause TEXT NOT NULL CHECK (cause IN ('calendar', 'premises', 'authority', 'emergency')),
  reason TEXT NOT NULL CHECK (reason <> ''),
  at TEXT NOT NULL,
  by_id INTEGER REFERENCES staff (id)
) STRICT;
CREATE INDEX visit_day_moves_of ON visit_day_moves (visit_day_id, id);
CREATE TRIGGER visit_day_moves_no_update BEFORE UPDATE ON visit_day_moves
BEGIN SELECT RAISE(ABORT, 'moves are append-only'); END;
CREATE TRIGGER visit_days_move_with_a_reason BEFORE UPDATE OF actual_on ON visit_days
WHEN NEW.actual_on <> OLD.actual_on AND OLD.state <> 'planned' AND NOT EXISTS (
  SELECT 1 FROM visit_day_moves WHERE visit_day_id = NEW.id AND now_on = NEW.actual_on AND was_on = OLD.actual_on)
BEGIN SELECT RAISE(ABORT, 'a published day moved silently'); END;
CREATE TRIGGER visit_days_held_stay BEFORE UPDATE OF actual_on ON visit_days
WHEN NEW.actual_on <> OLD.actual_on AND OLD.state IN ('open', 'held', 'summarised')
BEGIN SELECT RAISE(ABORT, 'a day that was held does not move'); END;
-- One seat of one slot. `slack`: kept free as breathing room, given on the day (walk-ins, an extension).
CREATE TABLE visit_day_slots (
  id INTEGER PRIMARY KEY,
  visit_day_id INTEGER NOT NULL REFERENCES visit_days (id),
  starts TEXT NOT NULL CHECK (starts GLOB '[0-2][0-9]:[0-5][0-9]'),
  minutes INTEGER NOT NULL CHECK (minutes > 0),
  seat INTEGER NOT NULL DEFAULT 1 CHECK (seat >= 1),
  slack INTEGER NOT NULL DEFAULT 0 CHECK (slack IN (0, 1)),
  -- Who has it: nobody takes a seat that somebody has, nobody has two.
  case_id INTEGER UNIQUE REFERENCES cases (id),
  UNIQUE (visit_day_id, starts, seat)
) STRICT;
CREATE TRIGGER visit_day_slots_taken_once BEFORE UPDATE OF case_id ON visit_day_slots
WHEN OLD.case_id IS NOT NULL AND NEW.case_id IS NOT NULL AND NEW.case_id <> OLD.case_id
BEGIN SELECT RAISE(ABORT, 'the slot is taken'); END;

-- The life of a booking (K2); which act leads where stands in rules/booking_states.py.
INSERT INTO case_states (kind, state, terminal, answered) VALUES
  ('visit-day', 'under_review', 0, 0), ('visit-day', 'signing', 0, 0), ('visit-day', 'admitted', 0, 0),
  ('visit-day', 'scheduled', 0, 0), ('visit-day', 'checked_in', 0, 0), ('visit-day', 'met', 0, 0),
  ('visit-day', 'resolved', 0, 0), ('visit-day', 'supervised', 0, 0), ('visit-day', 'fed_back', 0, 0),
  ('visit-day', 'followed_up', 0, 0), ('visit-day', 'reopened', 0, 0), ('visit-day', 'not_admitted', 1, 1),
  ('visit-day', 'no_show', 1, 0);

CREATE TABLE new_visit_day_bookings (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  visit_day_id INTEGER NOT NULL REFERENCES visit_days (id),
  unit_id INTEGER NOT NULL REFERENCES units (id),
  matter TEXT NOT NULL CHECK (matter <> ''),
  -- Of the matter: a new one voids every signature under the old.
  wording INTEGER NOT NULL DEFAULT 1 CHECK (wording >= 1),
  -- What it is about, for the departments that sign and for the analysis (SYS-23): the classes of complaints.
  topic TEXT NOT NULL DEFAULT 'other' REFERENCES complaint_classes (code),
  -- RUL-07: the file of the home knows him as owner, his papers were seen, he acts for the owner; or it is to be seen.
  ownership TEXT NOT NULL DEFAULT 'unchecked' CHECK (ownership IN ('register', 'papers', 'agent', 'unchecked')),
  -- On the waiting list since; NULL: he has a slot, or had.
  waiting_at TEXT,
  walk_in INTEGER NOT NULL DEFAULT 0 CHECK (walk_in IN (0, 1)),
  -- It takes its home's one place of the day, until it is withdrawn, not admitted, or nobody came.
  live INTEGER NOT NULL DEFAULT 1 CHECK (live IN (0, 1)),
  -- Of its slip: each change of day or slot makes a new one.
  edition INTEGER NOT NULL DEFAULT 1 CHECK (edition >= 1),
  arrived_at TEXT,
  arrival TEXT CHECK (arrival IN ('early', 'on_time', 'late', 'walk_in')),
  ticket_id INTEGER UNIQUE REFERENCES tickets (id),
  CHECK ((arrived_at IS NULL) = (arrival IS NULL))
) STRICT;
INSERT INTO visit_days (rule_id, nominal_on, actual_on, provisional, opens, closes, room)
SELECT 1, min(nominal_on), max(visit_day_on), max(provisional), '10:00', '12:00', 'reception'
FROM visit_day_bookings GROUP BY substr(nominal_on, 1, 7);
INSERT INTO new_visit_day_bookings (case_id, visit_day_id, unit_id, matter, waiting_at, live)
SELECT case_id, visit_days.id, cases.unit_id, matter, cases.received_at,
  -- Until now a home could book twice.
  cases.closed_at IS NULL AND row_number() OVER (PARTITION BY visit_days.id, cases.unit_id, cases.closed_at IS NULL ORDER BY case_id) = 1
FROM visit_day_bookings JOIN cases ON cases.id = case_id 
JOIN visit_days ON substr(visit_days.nominal_on, 1, 7) = substr(visit_day_bookings.nominal_on, 1, 7);
UPDATE new_visit_day_bookings SET waiting_at = NULL WHERE live = 0;
DROP TABLE visit_day_bookings;
ALTER TABLE new_visit_day_bookings RENAME TO visit_day_bookings;
CREATE INDEX visit_day_bookings_day ON visit_day_bookings (visit_day_id);
CREATE UNIQUE INDEX visit_day_bookings_household ON visit_day_bookings (visit_day_id, unit_id) WHERE live = 1;

-- What a booking was before: another day, another slot; with the reason, told to the owner.
CREATE TABLE visit_day_changes (
  case_id INTEGER NOT NULL REFERENCES visit_day_bookings (case_id),
  edition INTEGER NOT NULL,
  was_on TEXT NOT NULL,
  -- '' while it waited for one.
  was_starts TEXT NOT NULL,
  cause TEXT NOT NULL CHECK (cause IN ('day_moved', 'room_changed', 'confirmed', 'slot_changed', 'moved_up', 'rebooked', 'overrun',
    'reworded')),
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  by_id INTEGER REFERENCES staff (id),
  PRIMARY KEY (case_id, edition)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER visit_day_changes_no_update BEFORE UPDATE ON visit_day_changes
BEGIN SELECT RAISE(ABORT, 'changes are append-only'); END;
-- Never on a closed day (K3, 12).
CREATE TRIGGER visit_days_open_day BEFORE INSERT ON visit_days
WHEN coalesce((SELECT kind = 'rest' FROM calendar_days WHERE day_on = NEW.actual_on),
  strftime('%w', NEW.actual_on) IN ('0', '6') OR (
    -- Certain before any notice (rules/working_days.py).
    strftime('%m-%d', NEW.actual_on) IN ('01-01', '05-01', '05-02', '10-01', '10-02', '10-03')
    AND CAST(strftime('%Y', NEW.actual_on) AS INTEGER) NOT IN (SELECT year FROM calendar_years)))
BEGIN SELECT RAISE(ABORT, 'a visit day on a closed day'); END;
CREATE TRIGGER visit_days_moved_to_open_day BEFORE UPDATE OF actual_on ON visit_days
WHEN coalesce((SELECT kind = 'rest' FROM calendar_days WHERE day_on = NEW.actual_on),
  strftime('%w', NEW.actual_on) IN ('0', '6') OR (
    -- Certain before any notice (rules/working_days.py).
    strftime('%m-%d', NEW.actual_on) IN ('01-01', '05-01', '05-02', '10-01', '10-02', '10-03')
    AND CAST(strftime('%Y', NEW.actual_on) AS INTEGER) NOT IN (SELECT year FROM calendar_years)))
BEGIN SELECT RAISE(ABORT, 'a visit day on a closed day'); END;
