-- The day itself: who accompanies the host, who was met and when, what was decided.
-- 陪同部门 (ROL-11, ROL-12), chosen by the host from what the owners want to speak about.
CREATE TABLE visit_day_departments (
  visit_day_id INTEGER NOT NULL REFERENCES visit_days (id),
  department TEXT NOT NULL REFERENCES departments (code),
  -- Who comes for it; NULL: its head.
  staff_id INTEGER REFERENCES staff (id),
  PRIMARY KEY (visit_day_id, department)
) STRICT, WITHOUT ROWID;

-- One talk in the room, from the press that begins it to that which ends it.
CREATE TABLE visit_day_meetings (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL UNIQUE REFERENCES visit_day_bookings (case_id),
  visit_day_id INTEGER NOT NULL REFERENCES visit_days (id),
  host_id INTEGER NOT NULL REFERENCES staff (id),
  recorder_id INTEGER NOT NULL REFERENCES staff (id),
  began_at TEXT NOT NULL,
  -- When it was to end, and by how many minutes the host let it go on.
  planned_end_at TEXT NOT NULL,
  extended_minutes INTEGER NOT NULL DEFAULT 0 CHECK (extended_minutes >= 0),
  ended_at TEXT,
  CHECK (ended_at IS NULL OR ended_at >= began_at)
) STRICT;
-- One room, one talk at a time.
CREATE UNIQUE INDEX visit_day_meetings_one ON visit_day_meetings (visit_day_id) WHERE ended_at IS NULL;

-- 决议 (RUL-06, RUL-08, K3, 7): what the host decided; never without who does it and by when.
CREATE TABLE resolutions (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES visit_day_bookings (case_id),
  -- In the room, or after it was opened again.
  round INTEGER NOT NULL,
  opinion TEXT NOT NULL CHECK (opinion <> ''),
  department TEXT NOT NULL REFERENCES departments (code),
  due_on TEXT NOT NULL CHECK (due_on GLOB '????-??-??'),
  -- Why one was added while the others are followed; NULL: decided with them.
  reason TEXT CHECK (reason <> ''),
  -- It was read to the owner, and he signed the paper, or would not; who saw it.
  read_back_at TEXT,
  signed TEXT CHECK (signed IN ('paper', 'refused', 'absent')),
  seen_by INTEGER REFERENCES staff (id),
  supervision_id INTEGER UNIQUE REFERENCES supervisions (id),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  CHECK ((signed IS NULL) = (seen_by IS NULL))
) STRICT;
CREATE INDEX resolutions_case ON resolutions (case_id, id);
CREATE TRIGGER resolutions_stay BEFORE UPDATE ON resolutions
WHEN NEW.opinion <> OLD.opinion OR NEW.department <> OLD.department OR NEW.due_on <> OLD.due_on OR NEW.at <> OLD.at
  OR NEW.case_id <> OLD.case_id OR NEW.by_id <> OLD.by_id OR NEW.reason IS NOT OLD.reason OR NEW.round <> OLD.round
BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;
CREATE TRIGGER visit_day_resolved_by_a_decision BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'visit-day' AND NEW.state = 'resolved' AND OLD.state <> 'resolved'
  AND NOT EXISTS (SELECT 1 FROM resolutions WHERE case_id = NEW.id AND round = NEW.round)
BEGIN SELECT RAISE(ABORT, 'resolved without a decision'); END;
-- Every decision is a supervised matter.
CREATE TRIGGER visit_day_supervised_every_decision BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'visit-day' AND NEW.state = 'supervised' AND OLD.state <> 'supervised'
  AND EXISTS (SELECT 1 FROM resolutions WHERE case_id = NEW.id AND supervision_id IS NULL)
BEGIN SELECT RAISE(ABORT, 'a decision that nobody watches'); END;

-- What was decided is never left behind: it is read to the owner, and watched, before his booking goes another way.
CREATE TRIGGER visit_day_decided_is_read BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'visit-day' AND NEW.state IN ('withdrawn', 'no_show', 'admitted') AND NEW.state <> OLD.state
  AND EXISTS (SELECT 1 FROM resolutions WHERE case_id = NEW.id AND supervision_id IS NULL)
BEGIN SELECT RAISE(ABORT, 'a decision that nobody watches'); END;

-- Guests of the day wait for the session page alone; no counter calls them (K5).
ALTER TABLE lines ADD COLUMN session INTEGER NOT NULL DEFAULT 0 CHECK (session IN (0, 1));
-- The room that they are called to.
ALTER TABLE counters ADD COLUMN session INTEGER NOT NULL DEFAULT 0 CHECK (session IN (0, 1));
