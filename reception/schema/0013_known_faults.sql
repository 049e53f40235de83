-- 已知故障: one fault, however many homes it strikes. Open until restored (or withdrawn, when it was declared by
-- mistake), closed once every home on its list was told.
CREATE TABLE known_faults (
  id INTEGER PRIMARY KEY,
  no TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'restored', 'withdrawn', 'closed')),
  cause TEXT NOT NULL CHECK (cause IN ('water', 'power', 'heating', 'lift', 'gas', 'network', 'other')),
  what TEXT NOT NULL CHECK (what <> ''),
  what_en TEXT NOT NULL,
  -- Which homes: the whole estate without a building, a whole building without a unit.
  building TEXT NOT NULL,
  unit TEXT NOT NULL,
  expected_at TEXT,
  -- Who holds it, and so sees its homes whole.
  owner_id INTEGER NOT NULL REFERENCES staff (id),
  declared_at TEXT NOT NULL,
  restored_at TEXT,
  withdrawn_at TEXT,
  -- What the homes are told: that it is restored, or why it was withdrawn.
  notice TEXT NOT NULL DEFAULT '',
  closed_at TEXT,
  CHECK (unit = '' OR building <> ''),
  CHECK ((state = 'open') = (restored_at IS NULL AND withdrawn_at IS NULL)),
  CHECK (restored_at IS NULL OR withdrawn_at IS NULL),
  CHECK (state <> 'restored' OR restored_at IS NOT NULL),
  CHECK (state <> 'withdrawn' OR withdrawn_at IS NOT NULL),
  CHECK ((state = 'open') = (notice = '')),
  CHECK ((state = 'closed') = (closed_at IS NOT NULL))
) STRICT;
-- Read at every look at the kiosk's start, the display and every desk.
CREATE INDEX known_faults_unclosed ON known_faults (id) WHERE closed_at IS NULL;
CREATE INDEX known_faults_closed ON known_faults (closed_at) WHERE closed_at IS NOT NULL;

-- Every time that was ever promised, and why it changed; NULL: nobody knows yet.
CREATE TABLE fault_expectations (
  id INTEGER PRIMARY KEY,
  fault_id INTEGER NOT NULL REFERENCES known_faults (id),
  expected_at TEXT,
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX fault_expectations_fault ON fault_expectations (fault_id, id);
CREATE TRIGGER fault_expectations_no_update BEFORE UPDATE ON fault_expectations
BEGIN SELECT RAISE(ABORT, 'promised times are append-only'); END;
CREATE TRIGGER fault_expectations_with_a_reason BEFORE INSERT ON fault_expectations
WHEN NEW.reason = '' AND EXISTS (SELECT 1 FROM fault_expectations WHERE fault_id = NEW.fault_id)
BEGIN SELECT RAISE(ABORT, 'a promised time was changed without a reason'); END;
CREATE TRIGGER known_faults_begin BEFORE INSERT ON known_faults WHEN NEW.state <> 'open' OR NEW.expected_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a fault begins open, its time by its history'); END;
CREATE TRIGGER known_faults_expected_by_history BEFORE UPDATE OF expected_at ON known_faults
WHEN NEW.expected_at IS NOT (SELECT expected_at FROM fault_expectations WHERE fault_id = NEW.id ORDER BY id DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'a promised time was changed silently'); END;

-- 我家也是: each home once. `outside`: it does not lie in the declared area.
CREATE TABLE fault_households (
  id INTEGER PRIMARY KEY,
  fault_id INTEGER NOT NULL REFERENCES known_faults (id),
  unit_id INTEGER NOT NULL REFERENCES units (id),
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  outside INTEGER NOT NULL CHECK (outside IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('kiosk', 'desk', 'case')),
  -- Of the privacy notice under which name and phone were taken.
  notice_version TEXT NOT NULL,
  at TEXT NOT NULL,
  by_id INTEGER REFERENCES staff (id),
  told_at TEXT,
  told_by INTEGER REFERENCES staff (id),
  told_channel TEXT CHECK (told_channel IN ('phone', 'message', 'chat', 'face', 'paper')),
  unreachable_at TEXT,
  UNIQUE (fault_id, unit_id),
  CHECK ((told_at IS NULL) = (told_channel IS NULL) AND (told_at IS NULL) = (told_by IS NULL)),
  CHECK (told_at IS NULL OR unreachable_at IS NULL)
) STRICT;
CREATE TRIGGER fault_households_join_while_open BEFORE INSERT ON fault_households
WHEN (SELECT state FROM known_faults WHERE id = NEW.fault_id) IS NOT 'open' OR NEW.told_at IS NOT NULL
  OR NEW.unreachable_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the fault is over'); END;

-- Attempts to tell a home, also those that reached nobody.
CREATE TABLE fault_tellings (
  id INTEGER PRIMARY KEY,
  household_id INTEGER NOT NULL REFERENCES fault_households (id),
  channel TEXT NOT NULL CHECK (channel IN ('phone', 'message', 'chat', 'face', 'paper')),
  reached INTEGER NOT NULL CHECK (reached IN (0, 1)),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX fault_tellings_household ON fault_tellings (household_id, id);
CREATE TRIGGER fault_tellings_no_update BEFORE UPDATE ON fault_tellings
BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END;
CREATE TRIGGER fault_households_unreachable_after_two BEFORE UPDATE OF unreachable_at ON fault_households
WHEN NEW.unreachable_at IS NOT NULL
  AND (SELECT count(*) FROM fault_tellings WHERE household_id = NEW.id AND reached = 0) < 2
BEGIN SELECT RAISE(ABORT, 'unreachable before it was tried'); END;

-- Repairs that are this same fault; a repair belongs to one.
CREATE TABLE fault_cases (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  fault_id INTEGER NOT NULL REFERENCES known_faults (id),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX fault_cases_fault ON fault_cases (fault_id);

-- No case is closed without an answer (domain.md K3, 10): so neither is a fault.
CREATE TRIGGER known_faults_moves BEFORE UPDATE OF state ON known_faults
WHEN NEW.state <> OLD.state AND NOT (
  (OLD.state = 'open' AND NEW.state IN ('restored', 'withdrawn'))
  OR (OLD.state IN ('restored', 'withdrawn') AND NEW.state = 'closed'))
BEGIN SELECT RAISE(ABORT, 'no such step of a fault'); END;
CREATE TRIGGER known_faults_closed_only_when_told BEFORE UPDATE OF state ON known_faults
WHEN NEW.state = 'closed' AND EXISTS (
  SELECT 1 FROM fault_households WHERE fault_id = NEW.id AND told_at IS NULL AND unreachable_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'closed before everybody was told'); END;
