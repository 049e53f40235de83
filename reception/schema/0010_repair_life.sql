-- The whole life of a repair (domain.md K2, WorkOrder). The state of the case is the state of its live work order.
INSERT INTO case_states (kind, state, terminal, answered) VALUES
  ('repair', 'accepted', 0, 0), ('repair', 'on_site', 0, 0), ('repair', 'suspended', 0, 0), ('repair', 'returned', 0, 0),
  ('repair', 'finished', 0, 0), ('repair', 'rechecked', 0, 0), ('repair', 'signed', 0, 0),
  ('repair', 'followed_up', 0, 0), ('repair', 'rework', 0, 0), ('repair', 'merged', 1, 0);
UPDATE case_states SET answered = 1 WHERE kind = 'repair' AND state = 'cancelled';

-- The dates that warranty is counted from (J3).
ALTER TABLE units ADD COLUMN completion_on TEXT CHECK (completion_on GLOB '????-??-??');
ALTER TABLE units ADD COLUMN handover_on TEXT CHECK (handover_on GLOB '????-??-??');
ALTER TABLE units ADD COLUMN contract_end_on TEXT CHECK (contract_end_on GLOB '????-??-??');

-- Warranty by part of the home, with both clocks: A from completion, B from hand-over; in months, or heating seasons.
CREATE TABLE warranty_rules (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  category TEXT NOT NULL,
  completion_months INTEGER CHECK (completion_months > 0),
  handover_months INTEGER CHECK (handover_months > 0),
  completion_seasons INTEGER CHECK (completion_seasons > 0),
  handover_seasons INTEGER CHECK (handover_seasons > 0),
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  CHECK (coalesce(completion_months, handover_months, completion_seasons, handover_seasons) IS NOT NULL)
) STRICT, WITHOUT ROWID;
-- The national figures (质量管理条例 40, 保修办法 7, 商品住宅两书规定); a centre sets its own where they are longer.
INSERT INTO warranty_rules (code, name, name_en, category, completion_months, handover_months, completion_seasons,
                            handover_seasons, position) VALUES
  ('structure', '主体结构、地基', 'Structure, foundation', 'wall', 600, NULL, NULL, NULL, 0),
  ('roof', '屋面防水', 'Roof waterproofing', 'wall', 60, 36, NULL, NULL, 1),
  ('leak', '卫生间、房间、外墙防渗漏', 'Bathroom, room, outer-wall leak', 'wall', 60, 12, NULL, NULL, 2),
  ('heating', '供热、供冷系统', 'Heating, cooling', 'water', NULL, NULL, 2, 1, 3),
  ('pipes', '给排水管道、设备安装', 'Water pipes, equipment', 'water', 24, 12, NULL, NULL, 4),
  ('blockage', '管道堵塞', 'Pipe blockage', 'water', NULL, 2, NULL, NULL, 5),
  ('wiring', '电气管线', 'Electric lines', 'power', 24, NULL, NULL, NULL, 6),
  ('lamps', '灯具、开关', 'Lamps, switches', 'power', NULL, 6, NULL, NULL, 7),
  ('decoration', '装修工程', 'Decoration', 'wall', 24, NULL, NULL, NULL, 8),
  ('plaster', '墙面、顶棚抹灰', 'Plaster of walls, ceilings', 'wall', NULL, 12, NULL, NULL, 9),
  ('floor', '地面空鼓、开裂', 'Hollow or cracked floors', 'wall', NULL, 12, NULL, NULL, 10),
  ('doors', '门窗、五金', 'Doors, windows, hardware', 'door', 24, 12, NULL, NULL, 11),
  ('sanitary', '卫生洁具', 'Sanitary ware', 'water', NULL, 12, NULL, NULL, 12);

-- Where repairs of a category go: a department's team, or one worker.
CREATE TABLE dispatch_rules (
  category TEXT PRIMARY KEY,
  department TEXT NOT NULL REFERENCES departments (code),
  worker TEXT REFERENCES staff (login)
) STRICT, WITHOUT ROWID;

CREATE TABLE new_repairs (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  category TEXT NOT NULL CHECK (category IN ('water', 'power', 'door', 'wall', 'lift', 'public', 'safety', 'other')),
  content TEXT NOT NULL CHECK (content <> ''),
  place TEXT NOT NULL,
  convenient_time TEXT NOT NULL,
  urgency TEXT NOT NULL CHECK (urgency IN ('urgent', 'ordinary', 'planned')),
  part TEXT REFERENCES warranty_rules (code),
  liability TEXT NOT NULL DEFAULT 'undetermined' CHECK (liability IN ('undetermined', 'warranty', 'paid', 'common')),
  -- The state that a suspended repair goes back to.
  suspended_from TEXT
) STRICT;
INSERT INTO new_repairs (case_id, category, content, place, convenient_time, urgency)
  SELECT case_id, category, content, place, convenient_time, urgency FROM repairs;

CREATE TABLE new_work_orders (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES new_repairs (case_id),
  no TEXT NOT NULL UNIQUE,
  token TEXT NOT NULL UNIQUE CHECK (length(token) = 26),
  reworks_id INTEGER REFERENCES new_work_orders (id),
  department TEXT NOT NULL REFERENCES departments (code),
  -- NULL: the team of the department; whoever accepts it is its worker then.
  worker_id INTEGER REFERENCES staff (id),
  appointed_at TEXT,
  state TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'returned', 'cancelled', 'done')),
  state_reason TEXT NOT NULL DEFAULT '',
  dispatched_at TEXT NOT NULL,
  dispatched_by INTEGER NOT NULL REFERENCES staff (id),
  accepted_at TEXT,
  arrived_at TEXT,
  started_at TEXT,
  finished_at TEXT,
  work_done TEXT NOT NULL DEFAULT '',
  labour_minutes INTEGER CHECK (labour_minutes >= 0),
  rechecked_at TEXT,
  rechecked_by INTEGER REFERENCES staff (id),
  signed_at TEXT,
  -- owner_absent and common_area: nobody signed, for the reason recorded.
  signed_how TEXT CHECK (signed_how IN ('paper', 'phone', 'kiosk', 'owner_absent', 'common_area')),
  signed_note TEXT NOT NULL DEFAULT '',
  signed_seen_by INTEGER REFERENCES staff (id),
  CHECK ((state = 'done') = (signed_at IS NOT NULL)),
  CHECK ((signed_at IS NULL) = (signed_how IS NULL)),
  CHECK (signed_how IS NOT 'owner_absent' OR signed_note <> ''),
  CHECK (signed_how NOT IN ('paper', 'owner_absent', 'common_area') OR signed_seen_by IS NOT NULL),
  CHECK (signed_seen_by IS NULL OR signed_seen_by IS NOT worker_id),
  CHECK (signed_at IS NULL OR finished_at IS NOT NULL),
  CHECK (finished_at IS NULL OR (started_at IS NOT NULL AND finished_at >= started_at)),
  CHECK (started_at IS NULL OR (arrived_at IS NOT NULL AND started_at >= arrived_at)),
  CHECK (accepted_at IS NULL OR worker_id IS NOT NULL),
  CHECK (rechecked_by IS NULL OR rechecked_by IS NOT worker_id),
  CHECK (state <> 'returned' OR state_reason <> '')
) STRICT;
INSERT INTO new_work_orders (id, case_id, no, token, department, dispatched_at, dispatched_by)
  SELECT id, case_id, no, token, department, dispatched_at, dispatched_by FROM work_orders;
DROP TABLE work_orders;
DROP TABLE repairs;
ALTER TABLE new_repairs RENAME TO repairs;
ALTER TABLE new_work_orders RENAME TO work_orders;
CREATE INDEX work_orders_case ON work_orders (case_id, id);
CREATE INDEX work_orders_worker ON work_orders (worker_id, state);
CREATE INDEX work_orders_team ON work_orders (department) WHERE state = 'live' AND worker_id IS NULL;
-- Two dispatchers at once: one wins.
CREATE UNIQUE INDEX work_orders_one_live ON work_orders (case_id) WHERE state = 'live';

CREATE TABLE order_materials (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES work_orders (id),
  name TEXT NOT NULL CHECK (name <> ''),
  -- In hundredths of the unit.
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  unit TEXT NOT NULL,
  supplied_by TEXT NOT NULL CHECK (supplied_by IN ('house', 'owner'))
) STRICT;
CREATE INDEX order_materials_order ON order_materials (order_id);

-- 保修判定: what the officer decided, and why; append-only, the last one holds.
CREATE TABLE liability_decisions (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES repairs (case_id),
  liability TEXT NOT NULL CHECK (liability IN ('undetermined', 'warranty', 'paid', 'common')),
  proposed TEXT NOT NULL CHECK (proposed IN ('undetermined', 'warranty', 'paid', 'common')),
  part TEXT REFERENCES warranty_rules (code),
  ends_on TEXT,
  reason TEXT NOT NULL CHECK (reason <> ''),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX liability_decisions_case ON liability_decisions (case_id, id);
CREATE TRIGGER liability_decisions_no_update BEFORE UPDATE ON liability_decisions
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

-- Never "paid" by default (K3, 9): a repair begins undetermined, and changes only by a decision.
CREATE TRIGGER repairs_begin_undetermined BEFORE INSERT ON repairs WHEN NEW.liability <> 'undetermined'
BEGIN SELECT RAISE(ABORT, 'liability is decided, not assumed'); END;
CREATE TRIGGER repairs_liability_by_decision BEFORE UPDATE OF liability ON repairs
WHEN NEW.liability IS NOT (SELECT liability FROM liability_decisions WHERE case_id = NEW.case_id ORDER BY id DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'liability is decided, not assumed'); END;

-- A repair is accepted and closed only with the owner's signature, or the recorded reason why there is none (K3, 10).
CREATE TRIGGER repairs_end_signed BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'repair' AND NEW.state IN ('signed', 'followed_up', 'closed') AND NEW.state <> OLD.state
  AND NOT EXISTS (SELECT 1 FROM work_orders WHERE case_id = NEW.id AND state = 'done'
                  AND id = (SELECT max(id) FROM work_orders WHERE case_id = NEW.id))
BEGIN SELECT RAISE(ABORT, 'closed without a signature'); END;
-- What a warranty repair was worth is seen by a second pair of eyes, and nothing is signed while undetermined.
CREATE TRIGGER work_orders_signed_when_due BEFORE UPDATE OF signed_at ON work_orders
WHEN NEW.signed_at IS NOT NULL AND OLD.signed_at IS NULL AND (
  (SELECT liability FROM repairs WHERE case_id = NEW.case_id) = 'undetermined'
  OR ((SELECT liability FROM repairs WHERE case_id = NEW.case_id) = 'warranty' AND NEW.rechecked_at IS NULL))
BEGIN SELECT RAISE(ABORT, 'signed before its time'); END;
-- 回访 is never made by the worker of the same order (K3, 11).
CREATE TRIGGER follow_ups_by_somebody_else BEFORE INSERT ON follow_ups
WHEN EXISTS (SELECT 1 FROM work_orders WHERE case_id = NEW.case_id AND worker_id = NEW.by_id)
BEGIN SELECT RAISE(ABORT, 'followed up by the worker'); END;
