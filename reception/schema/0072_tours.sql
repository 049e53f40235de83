-- 参观接待 (SYS-43, FRM-21, RUL-29..32, RUL-42): a group is shown the estate; what every department does, and by when,
-- are the items of the case (0062).
INSERT INTO case_states (kind, state, terminal, answered) VALUES
  ('tour', 'received', 0, 0), ('tour', 'prepared', 0, 0), ('tour', 'checked', 0, 0), ('tour', 'in_progress', 0, 0),
  ('tour', 'restored', 0, 0), ('tour', 'reviewed', 0, 0), ('tour', 'filed', 1, 1), ('tour', 'cancelled', 1, 1);

CREATE TABLE tours (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  organisation TEXT NOT NULL CHECK (organisation <> ''),
  -- RUL-31: 一类 to 四类.
  level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 4),
  booked INTEGER NOT NULL CHECK (booked IN (0, 1)),
  people INTEGER NOT NULL CHECK (people BETWEEN 1 AND 999),
  plates TEXT NOT NULL,
  -- A line for each who has a sign on the table.
  guests TEXT NOT NULL,
  -- Where they are led, in this order.
  places TEXT NOT NULL CHECK (places <> ''),
  needs TEXT NOT NULL,
  -- 来函: its number and day, empty where none came.
  letter TEXT NOT NULL,
  starts_at TEXT NOT NULL CHECK (length(starts_at) = 24),
  ends_at TEXT NOT NULL CHECK (length(ends_at) = 24 AND ends_at > starts_at),
  -- RUL-32: not within the opening hours of its day; then the manager approves it, for this time alone.
  outside INTEGER NOT NULL CHECK (outside IN (0, 1)),
  approved_at TEXT CHECK (length(approved_at) = 24),
  approved_by INTEGER REFERENCES staff (id),
  approval TEXT NOT NULL DEFAULT '',
  room_booking_id INTEGER REFERENCES room_bookings (id),
  -- 总结: what went well, what is to be better.
  well TEXT NOT NULL DEFAULT '',
  better TEXT NOT NULL DEFAULT '',
  reviewed_at TEXT CHECK (length(reviewed_at) = 24),
  reviewed_by INTEGER REFERENCES staff (id),
  -- Why it was called off.
  reason TEXT NOT NULL DEFAULT '',
  CHECK ((approved_at IS NULL) = (approved_by IS NULL) AND (approved_at IS NULL) = (approval = '')),
  CHECK (outside = 1 OR approved_at IS NULL),
  CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (well = ''))
) STRICT;
CREATE INDEX tours_day ON tours (starts_at);
CREATE UNIQUE INDEX tours_room ON tours (room_booking_id) WHERE room_booking_id IS NOT NULL;

-- Three more steps that an item may be required before: the preparations, the safety check, the end of what is undone
-- afterwards. A CHECK is not changed in place: the table is made anew, with every row.
CREATE TABLE new_procedure_items (
  id INTEGER PRIMARY KEY,
  template TEXT NOT NULL REFERENCES procedure_templates (code),
  -- NULL: for every variant.
  variant TEXT REFERENCES procedure_variants (code),
  section TEXT NOT NULL CHECK (section IN ('documents', 'forms', 'fees', 'keys', 'goods', 'signatures', 'tasks',
                                           'checks')),
  text TEXT NOT NULL CHECK (text <> ''),
  text_en TEXT NOT NULL,
  required INTEGER NOT NULL DEFAULT 1 CHECK (required IN (0, 1)),
  -- The step that a required one must be done before.
  gate TEXT NOT NULL DEFAULT 'close' CHECK (gate IN ('prepare', 'check', 'start', 'restore', 'close')),
  -- Whose it is; NULL: of whoever has the case.
  department TEXT REFERENCES departments (code),
  role TEXT,
  -- Minutes from the anchor of the case, before it below 0; NULL: at no set time.
  offset_minutes INTEGER CHECK (offset_minutes BETWEEN -43200 AND 43200),
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
INSERT INTO new_procedure_items SELECT * FROM procedure_items;
DROP TABLE procedure_items;
ALTER TABLE new_procedure_items RENAME TO procedure_items;
CREATE INDEX procedure_items_of ON procedure_items (template, position);

-- RUL-42: a safety check is made, never let go.
CREATE TRIGGER case_items_checks_stay BEFORE UPDATE OF state ON case_items
WHEN NEW.state = 'waived' AND NEW.gate = 'check'
BEGIN SELECT RAISE(ABORT, 'a safety check is not let go'); END;

-- The way of a tour: each state from the one before it, and only once what it asks for is done. What was checked and
-- taken back since is open again, so that the start asks for everything before it, too.
CREATE TRIGGER tours_states BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'tour' AND NEW.state <> OLD.state AND NOT CASE NEW.state
  WHEN 'received' THEN OLD.state IN ('prepared', 'checked')
  WHEN 'prepared' THEN OLD.state = 'received'
  WHEN 'checked' THEN OLD.state = 'prepared'
  WHEN 'in_progress' THEN OLD.state = 'checked'
  WHEN 'restored' THEN OLD.state = 'in_progress'
  WHEN 'reviewed' THEN OLD.state = 'restored' AND (SELECT reviewed_at FROM tours WHERE case_id = NEW.id) IS NOT NULL
  WHEN 'filed' THEN OLD.state = 'reviewed'
  ELSE OLD.state IN ('received', 'prepared', 'checked') AND (SELECT reason FROM tours WHERE case_id = NEW.id) <> ''
  END
BEGIN SELECT RAISE(ABORT, 'a tour does not stand so'); END;
CREATE TRIGGER tours_items BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'tour' AND NEW.state <> OLD.state AND EXISTS (
  SELECT 1 FROM case_items WHERE case_id = NEW.id AND required = 1 AND state = 'open' AND CASE NEW.state
    WHEN 'prepared' THEN gate = 'prepare'
    WHEN 'checked' THEN gate IN ('prepare', 'check')
    WHEN 'in_progress' THEN gate IN ('prepare', 'check', 'start')
    WHEN 'restored' THEN gate = 'restore'
    WHEN 'filed' THEN 1
    ELSE 0 END)
BEGIN SELECT RAISE(ABORT, 'a required item is open'); END;
CREATE TRIGGER tours_checked BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'tour' AND NEW.state IN ('checked', 'in_progress') AND NEW.state <> OLD.state
  AND (SELECT count(*) FROM case_items WHERE case_id = NEW.id AND gate = 'check' AND state = 'done') < 4
BEGIN SELECT RAISE(ABORT, 'the four safety checks are not made'); END;
CREATE TRIGGER tours_approved BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'tour' AND NEW.state IN ('prepared', 'checked', 'in_progress') AND NEW.state <> OLD.state
  AND EXISTS (SELECT 1 FROM tours WHERE case_id = NEW.id AND outside = 1 AND approved_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'the manager has not approved it'); END;
CREATE INDEX cases_of_tour ON cases (state, id) WHERE kind = 'tour';

-- What the procedures name (参观接待工作流程 and 工作规程, 一类参观接待规格); a centre changes it in its settings. The place says
-- whose it is: from 100 customer service, 200 engineering, 300 security, 400 cleaning, 500 greening.
INSERT INTO procedure_templates (code, name, name_en, serves, effect, dated, public, position) VALUES
  ('tour', '参观接待', 'Tour reception', 'tour', 'none', 0, 0, 10);
INSERT INTO procedure_variants (code, template, name, name_en, position) VALUES
  ('tour-1', 'tour', '一类参观：中心领导、国外重要来宾', 'Level 1: leaders, important guests from abroad', 1),
  ('tour-2', 'tour', '二类参观：上级领导检查', 'Level 2: inspection by superiors', 2),
  ('tour-3', 'tour', '三类参观：兄弟单位交流', 'Level 3: exchange with colleagues', 3),
  ('tour-4', 'tour', '四类参观：普通团体、准租赁户', 'Level 4: ordinary groups, prospective tenants', 4);
INSERT INTO procedure_items (template, variant, section, text, text_en, required, gate, offset_minutes, position) VALUES
  ('tour', 'tour-1', 'tasks', '经理召集各部门主管布置工作细则和注意事项', 'Manager briefs the heads of all departments', 1, 'prepare', -1440, 101),
  ('tour', 'tour-1', 'tasks', '制定《接待支配表》，定岗、定人，规划路线', 'Plan of the reception: posts, people, route', 1, 'prepare', -1440, 102),
  ('tour', 'tour-2', 'tasks', '制定《接待支配表》，定岗、定人，规划路线', 'Plan of the reception: posts, people, route', 1, 'prepare', -1440, 102),
  ('tour', 'tour-1', 'tasks', '检查接待准备状态（视频系统、会议场地、会议用品）', 'Readiness checked: video, meeting place, supplies', 1, 'prepare', -1440, 103),
  ('tour', NULL, 'tasks', '与对方确认行程、人数、到达时间和车牌', 'Programme, number, arrival and plates confirmed', 1, 'prepare', NULL, 104),
  ('tour', 'tour-1', 'tasks', '打印并摆放桌牌', 'Table signs printed and set out', 1, 'prepare', -720, 105),
  ('tour', 'tour-2', 'tasks', '打印并摆放桌牌', 'Table signs printed and set out', 1, 'prepare', -720, 105),
  ('tour', 'tour-3', 'tasks', '打印并摆放桌牌', 'Table signs printed and set out', 0, 'prepare', -720, 105),
  ('tour', NULL, 'tasks', '准备宣传、提示、警示标语和标识牌', 'Banners, notices and signs made ready', 0, 'prepare', -720, 106),
  ('tour', 'tour-1', 'tasks', '落实会议要求的相关事项', 'What the meeting asks for is settled', 1, 'prepare', -720, 107),
  ('tour', 'tour-1', 'tasks', '按《会议室使用、预定一览表》准备用品、用具', 'Supplies laid out by the list of rooms', 1, 'start', -60, 108),
  ('tour', NULL, 'tasks', '会同项目管理层巡查参观路线（迎宾水牌、地毯、卫生）', 'Route inspected with management: welcome board, carpet, cleanness', 1, 'start', -60, 109),
  ('tour', NULL, 'tasks', '开启展厅大门，填写值班记录', 'Hall opened, duty record written', 1, 'start', -30, 110),
  ('tour', 'tour-1', 'tasks', '客服人员全部到岗，大门口迎候', 'All of customer service in place, welcoming at the door', 1, 'start', -15, 111),
  ('tour', 'tour-2', 'tasks', '客服人员全部到岗，大门口迎候', 'All of customer service in place, welcoming at the door', 1, 'start', -15, 111),
  ('tour', 'tour-3', 'tasks', '客服人员到岗迎候', 'Customer service in place to welcome', 1, 'start', -15, 111),
  ('tour', 'tour-4', 'tasks', '客服人员到岗迎候', 'Customer service in place to welcome', 1, 'start', -15, 111),
  ('tour', NULL, 'tasks', '检查参观区域设备运行、设施完好', 'Installations on the route run and are sound', 1, 'prepare', -720, 201),
  ('tour', NULL, 'tasks', '施工区域摆放明显提示标识', 'Works on the route are marked', 0, 'prepare', -720, 202),
  ('tour', 'tour-1', 'tasks', '拟定电梯等公共设备突发故障应急预案', 'Emergency plan for lifts and shared installations', 1, 'prepare', -1440, 203),
  ('tour', 'tour-2', 'tasks', '拟定电梯等公共设备突发故障应急预案', 'Emergency plan for lifts and shared installations', 1, 'prepare', -1440, 203),
  ('tour', 'tour-1', 'tasks', '调试会议视音响系统、灯光', 'Picture, sound and light tuned', 1, 'prepare', -720, 204),
  ('tour', 'tour-2', 'tasks', '调试会议视音响系统、灯光', 'Picture, sound and light tuned', 1, 'prepare', -720, 204),
  ('tour', NULL, 'tasks', '开启空调', 'Air conditioning on', 1, 'start', -120, 205),
  ('tour', NULL, 'tasks', '开设手动专梯，在电梯旁迎候', 'Dedicated lift by hand, waiting beside it', 1, 'start', -30, 206),
  ('tour', NULL, 'tasks', '车岗熟记参观车牌，预留嘉宾停车位', 'Plates known at the gate, guest parking kept free', 1, 'prepare', -720, 301),
  ('tour', NULL, 'tasks', '停车位专人值岗，大堂引导客人、维持秩序', 'Posts at parking and lobby, guests guided', 1, 'start', -30, 302),
  ('tour', 'tour-1', 'tasks', '彻底清洁会议厅、设备房及死角卫生', 'Hall, plant rooms and corners cleaned thoroughly', 1, 'prepare', -720, 401),
  ('tour', NULL, 'tasks', '清洁参观所到区域', 'Where the guests go is cleaned', 1, 'start', -60, 402),
  ('tour', NULL, 'tasks', '清洁展厅门前', 'In front of the hall is cleaned', 1, 'start', -60, 403),
  ('tour', 'tour-1', 'tasks', '准备会议所用植物', 'Plants for the meeting', 1, 'prepare', -720, 501),
  ('tour', 'tour-2', 'tasks', '准备会议所用植物', 'Plants for the meeting', 0, 'prepare', -720, 501),
  ('tour', NULL, 'tasks', '撤离水牌、桌牌、标识牌、标语', 'Boards, signs and banners taken away', 1, 'restore', 60, 121),
  ('tour', NULL, 'tasks', '关闭或恢复空调、专梯等设备', 'Air conditioning, lift and others as before', 1, 'restore', 60, 221),
  ('tour', NULL, 'tasks', '恢复停车位和出入秩序', 'Parking and access as before', 1, 'restore', 30, 321),
  ('tour', NULL, 'tasks', '清理清洁现场', 'Cleaned up', 1, 'restore', 60, 421),
  ('tour', NULL, 'checks', '逃生通道畅通', 'Escape routes are clear', 1, 'check', -120, 331),
  ('tour', NULL, 'checks', '灭火器材到位', 'Fire extinguishers are in place', 1, 'check', -120, 332),
  ('tour', NULL, 'checks', '应急指示灯正常工作', 'Emergency lights work', 1, 'check', -120, 231),
  ('tour', NULL, 'checks', '电梯正常工作', 'Lifts work', 1, 'check', -120, 232);
-- A centre that is new has no departments yet: `tour_departments.give` says the same once it has.
UPDATE procedure_items SET department = CASE position / 100 WHEN 1 THEN 'service' WHEN 2 THEN 'maintenance'
    WHEN 3 THEN 'security' WHEN 4 THEN 'cleaning' ELSE 'greening' END
WHERE template = 'tour' AND CASE position / 100 WHEN 1 THEN 'service' WHEN 2 THEN 'maintenance'
    WHEN 3 THEN 'security' WHEN 4 THEN 'cleaning' ELSE 'greening' END IN (SELECT code FROM departments);
