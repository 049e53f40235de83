-- 预约来访 (SYS-12), 文件转交 (SYS-25), 公务接洽 (SYS-29): visitors and papers that belong to one member of staff.
INSERT INTO case_states (kind, state, terminal, answered) VALUES
  ('appointment', 'booked', 0, 0), ('appointment', 'confirmed', 0, 0), ('appointment', 'rescheduled', 0, 0),
  ('appointment', 'arrived', 0, 0), ('appointment', 'done', 1, 0), ('appointment', 'cancelled', 1, 1),
  ('appointment', 'no_show', 1, 0),
  ('handover', 'received', 0, 0), ('handover', 'notified', 0, 0), ('handover', 'delivered', 1, 0),
  ('handover', 'returned', 1, 0),
  ('official', 'received', 0, 0), ('official', 'handed', 0, 0), ('official', 'closed', 1, 1);

-- What a member of staff is told of a case, until he says that he has seen it, or a colleague that he told him.
CREATE TABLE tellings (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  what TEXT NOT NULL CHECK (what <> ''),
  at TEXT NOT NULL,
  seen_at TEXT,
  seen_by INTEGER REFERENCES staff (id),
  CHECK ((seen_at IS NULL) = (seen_by IS NULL))
) STRICT;
CREATE INDEX tellings_unseen ON tellings (staff_id, id) WHERE seen_at IS NULL;
CREATE INDEX tellings_case ON tellings (case_id, id);

CREATE TABLE appointments (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  host_id INTEGER NOT NULL REFERENCES staff (id),
  purpose TEXT NOT NULL CHECK (purpose <> ''),
  bring TEXT NOT NULL,
  place TEXT NOT NULL,
  expected_at TEXT NOT NULL CHECK (length(expected_at) = 24),
  -- Of its slip: each change of time or host makes a new one.
  edition INTEGER NOT NULL DEFAULT 1 CHECK (edition >= 1),
  -- Still to come, or here: the time of his host is taken.
  live INTEGER NOT NULL DEFAULT 1 CHECK (live IN (0, 1)),
  arrived_at TEXT,
  ticket_id INTEGER UNIQUE REFERENCES tickets (id),
  CHECK ((arrived_at IS NULL) = (ticket_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX appointments_host ON appointments (host_id, expected_at) WHERE live = 1;
CREATE INDEX appointments_expected ON appointments (expected_at);
CREATE INDEX appointments_live ON appointments (expected_at) WHERE live = 1;

-- Nobody changes an appointment privately (RUL-19): what it was, why it was changed, by whom.
CREATE TABLE appointment_changes (
  case_id INTEGER NOT NULL REFERENCES appointments (case_id),
  edition INTEGER NOT NULL,
  was_at TEXT NOT NULL,
  was_host_id INTEGER NOT NULL REFERENCES staff (id),
  reason TEXT NOT NULL CHECK (reason <> ''),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  PRIMARY KEY (case_id, edition)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER appointment_changes_no_update BEFORE UPDATE ON appointment_changes
BEGIN SELECT RAISE(ABORT, 'changes are append-only'); END;
CREATE TRIGGER appointments_change_with_a_reason BEFORE UPDATE OF expected_at, host_id ON appointments
WHEN (NEW.expected_at <> OLD.expected_at OR NEW.host_id <> OLD.host_id) AND NOT EXISTS (
  SELECT 1 FROM appointment_changes WHERE case_id = NEW.case_id AND edition = NEW.edition
    AND NEW.edition = OLD.edition + 1 AND was_at = OLD.expected_at AND was_host_id = OLD.host_id)
BEGIN SELECT RAISE(ABORT, 'an appointment was changed privately'); END;
CREATE TRIGGER appointments_change_is_told AFTER UPDATE OF expected_at, host_id ON appointments
WHEN (NEW.expected_at <> OLD.expected_at OR NEW.host_id <> OLD.host_id) AND NOT EXISTS (
  SELECT 1 FROM feedback_notices JOIN appointment_changes AS made ON made.case_id = feedback_notices.case_id
  WHERE made.case_id = NEW.case_id AND made.edition = NEW.edition AND feedback_notices.at >= made.at)
BEGIN SELECT RAISE(ABORT, 'the visitor was not told'); END;

-- Who brought it is the person of the case; it is for a member of staff or for a home.
CREATE TABLE handovers (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  sender TEXT NOT NULL,
  to_staff_id INTEGER REFERENCES staff (id),
  to_unit_id INTEGER REFERENCES units (id),
  item TEXT NOT NULL CHECK (item <> ''),
  pieces INTEGER NOT NULL CHECK (pieces BETWEEN 1 AND 999),
  place TEXT NOT NULL CHECK (place <> ''),
  -- Its end: who took it, and who saw him sign the record on paper.
  taken_at TEXT,
  taken_by TEXT NOT NULL DEFAULT '',
  seen_by INTEGER REFERENCES staff (id),
  CHECK ((to_staff_id IS NULL) <> (to_unit_id IS NULL)),
  CHECK ((taken_at IS NULL) = (seen_by IS NULL) AND (taken_at IS NULL) = (taken_by = ''))
) STRICT;
CREATE TRIGGER handovers_delivered_to_somebody BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'handover' AND NEW.state = 'delivered' AND OLD.state <> 'delivered'
  AND NOT EXISTS (SELECT 1 FROM handovers WHERE case_id = NEW.id AND taken_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'delivered to nobody'); END;

CREATE TABLE officials (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  organisation TEXT NOT NULL CHECK (organisation <> ''),
  matter TEXT NOT NULL CHECK (matter <> ''),
  counterpart_id INTEGER REFERENCES staff (id)
) STRICT;

-- 身份核验 (SYS-14): THAT a document was seen, of what kind, by whom, when, whether it matched. Its number is kept
-- nowhere (K3, 15): no column takes one.
CREATE TABLE identity_checks (
  id INTEGER PRIMARY KEY,
  case_id INTEGER REFERENCES cases (id),
  visit_id INTEGER REFERENCES visits (id),
  whose TEXT NOT NULL CHECK (whose IN ('visitor', 'owner', 'agent')),
  document TEXT NOT NULL CHECK (document IN ('id_card', 'passport', 'residence_permit', 'work_card', 'licence',
                                             'property_papers', 'introduction', 'power_of_attorney')),
  matched INTEGER NOT NULL CHECK (matched IN (0, 1)),
  note TEXT NOT NULL CHECK (length(note) <= 40 AND note NOT GLOB '*[0-9０-９]*'),
  at TEXT NOT NULL CHECK (length(at) = 24 AND at GLOB '20[0-9][0-9]-[01][0-9]-[0-3][0-9]T*Z'),
  by_id INTEGER NOT NULL REFERENCES staff (id),
  CHECK ((case_id IS NULL) <> (visit_id IS NULL))
) STRICT;
CREATE INDEX identity_checks_case ON identity_checks (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX identity_checks_visit ON identity_checks (visit_id, id) WHERE visit_id IS NOT NULL;
CREATE TRIGGER identity_checks_no_update BEFORE UPDATE ON identity_checks
BEGIN SELECT RAISE(ABORT, 'checks are append-only'); END;

-- 受委托人 (ROL-20): somebody raised the case for its owner; what he may do follows from the documents that were seen.
CREATE TABLE case_agents (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  name TEXT NOT NULL CHECK (name <> '' AND length(name) <= 40 AND name NOT GLOB '*[0-9０-９]*'),
  phone TEXT NOT NULL CHECK (length(phone) <= 12),
  at TEXT NOT NULL CHECK (length(at) = 24 AND at GLOB '20[0-9][0-9]-[01][0-9]-[0-3][0-9]T*Z'),
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
