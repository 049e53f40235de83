-- 房屋验收及整改 (SYS-36, FRM-13): a home looked at item by item at hand-over; what is wrong goes to the developer as work
-- orders; what was done is checked, shown to the owner, and he signs.
INSERT INTO case_states (kind, state, terminal, answered) VALUES
  ('inspection', 'appointed', 0, 0), ('inspection', 'inspected', 0, 0), ('inspection', 'rectifying', 0, 0),
  ('inspection', 'rechecked', 0, 0), ('inspection', 'reappointed', 0, 0),
  ('inspection', 'accepted', 1, 1), ('inspection', 'withdrawn', 1, 1);
-- A home is inspected once at a time.
CREATE UNIQUE INDEX inspections_one_open ON cases (unit_id) WHERE kind = 'inspection' AND closed_at IS NULL;

CREATE TABLE inspections (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  template TEXT NOT NULL REFERENCES procedure_templates (code),
  -- Who built it and puts right what is wrong.
  developer TEXT NOT NULL,
  -- When the owner and maintenance meet at the home: the first time, then the second.
  agreed_at TEXT NOT NULL CHECK (length(agreed_at) = 24),
  remark TEXT NOT NULL DEFAULT '',
  inspected_at TEXT CHECK (length(inspected_at) = 24),
  -- Who of maintenance guided the owner through it.
  inspector_id INTEGER REFERENCES staff (id),
  -- The owner signed on paper: when that was entered, and who saw it.
  signed_at TEXT CHECK (length(signed_at) = 24),
  signed_seen_by INTEGER REFERENCES staff (id),
  CHECK ((inspected_at IS NULL) = (inspector_id IS NULL)),
  CHECK ((signed_at IS NULL) = (signed_seen_by IS NULL)),
  CHECK (signed_at IS NULL OR inspected_at IS NOT NULL)
) STRICT;

-- What a meter of a home showed, in hundredths of its unit; none: the home has no such meter. The last one holds.
CREATE TABLE inspection_readings (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES inspections (case_id),
  unit_id INTEGER NOT NULL REFERENCES units (id),
  kind TEXT NOT NULL CHECK (kind IN ('water', 'electric', 'gas')),
  hundredths INTEGER CHECK (hundredths BETWEEN 0 AND 99999999),
  -- The owner confirmed it on the form (共同确认); nothing else is entered.
  owner_confirmed INTEGER NOT NULL CHECK (owner_confirmed = 1),
  -- Why it stands below the one before: that was misread, the meter was changed.
  reason TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL CHECK (length(at) = 24),
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX inspection_readings_of_home ON inspection_readings (unit_id, kind, id);
CREATE INDEX inspection_readings_of_case ON inspection_readings (case_id, kind, id);
CREATE TRIGGER inspection_readings_stay BEFORE UPDATE OF case_id, unit_id, kind, hundredths, owner_confirmed, at, by_id
ON inspection_readings
BEGIN SELECT RAISE(ABORT, 'a reading is corrected by another, never rewritten'); END;
CREATE TRIGGER inspection_readings_never_go BEFORE DELETE ON inspection_readings
BEGIN SELECT RAISE(ABORT, 'a reading is corrected by another, never rewritten'); END;
CREATE TRIGGER inspection_readings_run_on BEFORE INSERT ON inspection_readings
WHEN NEW.reason = '' AND NEW.hundredths < (SELECT hundredths FROM inspection_readings
  WHERE unit_id = NEW.unit_id AND kind = NEW.kind AND hundredths IS NOT NULL ORDER BY id DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'a meter does not run back'); END;

-- 质量问题: each is a repair with a work order of its own. What and where stands there, and whether it was done.
CREATE TABLE inspection_defects (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES inspections (case_id),
  repair_id INTEGER NOT NULL UNIQUE REFERENCES repairs (case_id),
  at TEXT NOT NULL CHECK (length(at) = 24),
  by_id INTEGER NOT NULL REFERENCES staff (id),
  -- A head let it go, and why: it was none, or the owner takes it as it is.
  dropped_at TEXT CHECK (length(dropped_at) = 24),
  dropped_by INTEGER REFERENCES staff (id),
  reason TEXT NOT NULL DEFAULT '',
  CHECK ((dropped_at IS NULL) = (dropped_by IS NULL)),
  CHECK (dropped_at IS NULL OR reason <> '')
) STRICT;
CREATE INDEX inspection_defects_of ON inspection_defects (case_id, id);
-- The developer bears it, never an owner: as the law has it of what he sold (建设单位保修).
CREATE TRIGGER inspection_defects_of_the_developer BEFORE INSERT ON inspection_defects
WHEN (SELECT liability FROM repairs WHERE case_id = NEW.repair_id) <> 'warranty'
BEGIN SELECT RAISE(ABORT, 'the developer bears a defect'); END;
CREATE TRIGGER inspection_defects_never_paid BEFORE UPDATE OF liability ON repairs
WHEN NEW.liability = 'paid' AND EXISTS (SELECT 1 FROM inspection_defects WHERE repair_id = NEW.case_id)
BEGIN SELECT RAISE(ABORT, 'the developer bears a defect'); END;

-- What is not yet done and passed by a check (复检) of its newest order, nor let go.
CREATE VIEW inspection_defects_open AS
  SELECT * FROM inspection_defects AS defect WHERE dropped_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM work_orders JOIN cases ON cases.id = work_orders.case_id
    WHERE work_orders.case_id = defect.repair_id AND work_orders.rechecked_at IS NOT NULL
      AND work_orders.id = (SELECT max(id) FROM work_orders WHERE case_id = defect.repair_id)
      AND cases.state IN ('rechecked', 'signed', 'followed_up', 'closed'));

CREATE TRIGGER inspections_inspected_when_complete BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'inspection' AND NEW.state IN ('inspected', 'accepted') AND NEW.state <> OLD.state AND (
  (SELECT count(DISTINCT kind) FROM inspection_readings WHERE case_id = NEW.id) < 3
  OR EXISTS (SELECT 1 FROM case_items WHERE case_id = NEW.id AND required = 1 AND state = 'open')
  OR (SELECT inspected_at FROM inspections WHERE case_id = NEW.id) IS NULL)
BEGIN SELECT RAISE(ABORT, 'not looked at to the end'); END;
CREATE TRIGGER inspections_passed_when_done BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'inspection' AND NEW.state IN ('rechecked', 'reappointed', 'accepted') AND NEW.state <> OLD.state
  AND EXISTS (SELECT 1 FROM inspection_defects_open WHERE case_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a defect is open'); END;
CREATE TRIGGER inspections_accepted_when_signed BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'inspection' AND NEW.state = 'accepted' AND NEW.state <> OLD.state
  AND (SELECT signed_at FROM inspections WHERE case_id = NEW.id) IS NULL
BEGIN SELECT RAISE(ABORT, 'the owner did not sign'); END;

-- What is looked at, as the procedures have it (逐项检查验收); a centre changes it in its settings.
INSERT INTO procedure_templates (code, name, name_en, serves, public, position) VALUES
  ('home-inspection', '房屋质量验收', 'Home inspection', 'inspection', 0, 20);
INSERT INTO procedure_items (template, section, text, text_en, position) VALUES
  ('home-inspection', 'checks', '墙面、地面、顶棚', 'Walls, floors, ceilings', 1),
  ('home-inspection', 'checks', '门窗、锁具、玻璃', 'Doors, windows, locks, glass', 2),
  ('home-inspection', 'checks', '给水、排水、地漏', 'Water, drains', 3),
  ('home-inspection', 'checks', '电路、开关、插座、配电箱', 'Wiring, switches, sockets, fuse box', 4),
  ('home-inspection', 'checks', '厨房、卫生间防水', 'Kitchen and bathroom watertight', 5),
  ('home-inspection', 'checks', '燃气管道及阀门', 'Gas pipes and valves', 6),
  ('home-inspection', 'checks', '暖气、空调位', 'Heating, places for air conditioning', 7),
  ('home-inspection', 'checks', '对讲、弱电', 'Intercom, low voltage', 8),
  ('home-inspection', 'checks', '阳台、栏杆', 'Balcony, railings', 9),
  ('home-inspection', 'checks', '钥匙试开', 'Keys tried', 10);
