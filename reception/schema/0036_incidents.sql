-- Incidents (突发事件, domain.md SYS-33): always sealed, on no shared list; open -> contained -> handled -> reported -> archived.
INSERT INTO case_states (kind, state, terminal) VALUES
  ('incident', 'open', 0), ('incident', 'contained', 0), ('incident', 'handled', 0), ('incident', 'reported', 0),
  ('incident', 'archived', 1), ('incident', 'withdrawn', 1);

-- The record 《突发事件处理记录表》 (FRM-15). Who raised it by the silent key chooses the class later.
CREATE TABLE incidents (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  site TEXT NOT NULL CHECK (site IN ('office', 'company')),
  class TEXT CHECK (class IN ('A', 'B', 'C')),
  arrival TEXT NOT NULL DEFAULT '' CHECK (arrival IN ('', 'owner', 'staff', 'media', 'government')),
  counter TEXT REFERENCES counters (no),
  -- Not the case's visit: what lists the matters of a visit must not name this one.
  ticket_id INTEGER REFERENCES tickets (id),
  place TEXT NOT NULL DEFAULT '',
  -- Whoever acknowledged first receives the visitor.
  receiver_id INTEGER REFERENCES staff (id),
  receiver_at TEXT,
  escalated_at TEXT,
  organisation TEXT NOT NULL DEFAULT '',
  headcount INTEGER CHECK (headcount BETWEEN 1 AND 999),
  composition TEXT NOT NULL DEFAULT '',
  purpose TEXT NOT NULL DEFAULT '',
  eta TEXT,
  media INTEGER CHECK (media IN (0, 1)),
  facts TEXT NOT NULL DEFAULT '',
  actions TEXT NOT NULL DEFAULT '',
  result TEXT NOT NULL DEFAULT '',
  measures TEXT NOT NULL DEFAULT '',
  -- Two who write the record at once: the second looks again.
  version INTEGER NOT NULL DEFAULT 0,
  archive_no TEXT UNIQUE,
  study_title TEXT NOT NULL DEFAULT '',
  study TEXT NOT NULL DEFAULT '',
  CHECK ((receiver_id IS NULL) = (receiver_at IS NULL)),
  CHECK ((study = '') = (study_title = ''))
) STRICT;
CREATE INDEX incidents_ticket ON incidents (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE TRIGGER incidents_always_sealed BEFORE INSERT ON incidents
WHEN (SELECT sealed FROM cases WHERE id = NEW.case_id) = 0 BEGIN SELECT RAISE(ABORT, 'an incident is sealed'); END;
CREATE TRIGGER incidents_stay_sealed BEFORE UPDATE OF sealed ON cases
WHEN NEW.kind = 'incident' AND NEW.sealed = 0 BEGIN SELECT RAISE(ABORT, 'an incident is sealed'); END;
CREATE TRIGGER incidents_classed_when_handled BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'incident' AND NEW.state IN ('handled', 'reported', 'archived')
  AND (SELECT class FROM incidents WHERE case_id = NEW.id) IS NULL
BEGIN SELECT RAISE(ABORT, 'handled without a class'); END;

-- Who of the staff saw it on his screen, and said so.
CREATE TABLE incident_seen (
  case_id INTEGER NOT NULL REFERENCES incidents (case_id),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  at TEXT NOT NULL,
  PRIMARY KEY (case_id, staff_id)
) STRICT, WITHOUT ROWID;

-- Whom to notify: by site and class, in this order; nobody there within the minutes: the next. The centre's own list.
CREATE TABLE incident_contacts (
  id INTEGER PRIMARY KEY,
  site TEXT NOT NULL CHECK (site IN ('office', 'company')),
  class TEXT NOT NULL CHECK (class IN ('any', 'A', 'B', 'C')),
  moment TEXT NOT NULL CHECK (moment IN ('at_once', 'if_needed', 'media', 'out_of_control', 'afterwards')),
  title TEXT NOT NULL CHECK (title <> ''),
  title_en TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  staff TEXT REFERENCES staff (login),
  wait_minutes INTEGER NOT NULL DEFAULT 5 CHECK (wait_minutes >= 0),
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

-- What whoever stands before the visitor reads: where to, step by step, what to say, what not. The centre's own list.
CREATE TABLE incident_cards (
  id INTEGER PRIMARY KEY,
  site TEXT NOT NULL CHECK (site IN ('office', 'company')),
  class TEXT NOT NULL CHECK (class IN ('any', 'A', 'B', 'C')),
  kind TEXT NOT NULL CHECK (kind IN ('place', 'step', 'say', 'dont', 'escalate')),
  text TEXT NOT NULL CHECK (text <> ''),
  text_en TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

-- Whom was notified, when, which way, reached or not.
CREATE TABLE incident_notices (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES incidents (case_id),
  contact_id INTEGER REFERENCES incident_contacts (id),
  -- As the list called him then.
  title TEXT NOT NULL,
  title_en TEXT NOT NULL,
  name TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('screen', 'phone', 'face', 'message')),
  reached INTEGER NOT NULL CHECK (reached IN (0, 1)),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX incident_notices_case ON incident_notices (case_id, id);
CREATE TRIGGER incident_notices_no_update BEFORE UPDATE ON incident_notices
BEGIN SELECT RAISE(ABORT, 'notices are append-only'); END;

INSERT INTO incident_contacts (site, class, moment, title, title_en, wait_minutes, position) VALUES
  ('office', 'any', 'at_once', '客服主管', 'Head of customer service', 5, 0),
  ('office', 'any', 'at_once', '管理处主任', 'Director of the management office', 10, 1),
  ('office', 'A', 'if_needed', '客服主管', 'Head of customer service', 5, 2),
  ('office', 'A', 'media', '客服主管', 'Head of customer service', 5, 3),
  ('office', 'A', 'media', '管理处主任', 'Director of the management office', 5, 4),
  ('office', 'A', 'out_of_control', '客服主管', 'Head of customer service', 5, 5),
  ('office', 'B', 'if_needed', '管理处主任', 'Director of the management office', 10, 6),
  ('office', 'B', 'out_of_control', '人事专管员', 'Personnel officer', 5, 7),
  ('office', 'C', 'at_once', '管理处主任', 'Director of the management office', 5, 8),
  ('office', 'C', 'at_once', '安全主管', 'Head of security', 10, 9),
  ('office', 'C', 'at_once', '公司行政公关部', 'Administration and public relations', 10, 10),
  ('office', 'C', 'afterwards', '分管主管领导', 'Leader in charge', 0, 11),
  ('company', 'any', 'at_once', '客服中心负责人', 'Head of the service centre', 5, 12),
  ('company', 'A', 'at_once', '客服中心负责人', 'Head of the service centre', 5, 13),
  ('company', 'A', 'if_needed', '行政公关部（安排接待地点）', 'Administration and public relations (the room)', 10, 14),
  ('company', 'A', 'media', '行政公关部', 'Administration and public relations', 5, 15),
  ('company', 'B', 'at_once', '人力资源部', 'Human resources', 5, 16),
  ('company', 'B', 'if_needed', '人力资源部经理或专业公司负责人', 'Manager of human resources, or head of that company', 10, 17),
  ('company', 'C', 'at_once', '行政公关部', 'Administration and public relations', 5, 18);

INSERT INTO incident_cards (site, class, kind, text, text_en, position) VALUES
  ('office', 'any', 'place', '洽谈室；不在公共区域交谈', 'The meeting room; no talk in the public area', 0),
  ('office', 'any', 'step', '礼貌得体，主动让座、倒茶', 'Be courteous; offer a seat and tea', 1),
  ('office', 'any', 'step', '先听完，把时间、人数和说的话记下来', 'Hear the person out; note time, number of people, what is said', 2),
  ('office', 'any', 'step', '留意外围：有没有人拍摄、采访、聚集', 'Keep an eye on the outside: filming, interviews, a crowd', 3),
  ('office', 'any', 'say', '“您请坐，我马上请负责人来，我先把情况记下来。”', '“Please sit down. The person in charge is coming; I am taking notes.”', 4),
  ('office', 'any', 'dont', '不发生正面冲突，不流露反感和敌意', 'No clash; show no dislike and no hostility', 5),
  ('office', 'any', 'dont', '不议论、不指点来访的人', 'Do not comment on the visitor, do not point', 6),
  ('office', 'any', 'dont', '不清楚的事不直接回答，不表态、不承诺', 'No answer to what you are not sure of, no view, no promise', 7),
  ('office', 'A', 'step', '顾客服务人员接待并记录；需要时与客服主管一起答复', 'The desk receives and notes; the head joins the answer if needed', 8),
  ('office', 'A', 'step', '发现媒体拍摄：马上通知客服主管和管理处主任到场', 'Media filming: call the head of service and the director at once', 9),
  ('office', 'A', 'say', '“您反映的问题我们会认真处理，由负责人当面答复您。”', '“We take this seriously; the person in charge answers you in person.”', 10),
  ('office', 'A', 'escalate', '控制不住：先安抚，马上请客服主管直接接触、协调', 'Out of control: calm the person, let the head of service take over', 11),
  ('office', 'B', 'step', '耐心、诚恳，按合理合法的原则答复', 'Be patient and sincere; answer within reason and the law', 12),
  ('office', 'B', 'step', '需要时请管理处主任与来访员工沟通', 'If needed, the director talks with the employee', 13),
  ('office', 'B', 'say', '“您的情况我先记录，马上请负责人和您谈。”', '“I note your situation; somebody in charge talks with you now.”', 14),
  ('office', 'B', 'dont', '不评价原来的处理决定', 'Do not judge the decision that was taken', 15),
  ('office', 'B', 'escalate', '控制不住：请人事专管员，到管理处主任办公室协调', 'Out of control: the personnel officer, in the director''s office', 16),
  ('office', 'C', 'place', '指定接待区域（洽谈室或会议室）', 'The reception area named for this (meeting room)', 17),
  ('office', 'C', 'step', '先通知管理处主任，再把来访者带到指定区域', 'Tell the director first, then lead the visitors to the area', 18),
  ('office', 'C', 'step', '作好安全措施，避免业主和其他人围观', 'Keep it safe; keep onlookers away', 19),
  ('office', 'C', 'step', '管理处主任通知公司行政公关部，按公司要求安排受访人', 'The director asks the company''s public relations who may speak', 20),
  ('office', 'C', 'say', '“请到接待室稍坐，负责人马上到。请出示证件以便登记。”', '“Please take a seat; the person in charge is coming. May I see a card?”', 21),
  ('office', 'C', 'dont', '基层职员不接受采访，不回答提问', 'Staff give no interview and answer no questions', 22),
  ('office', 'C', 'dont', '不提供资料，不阻拦依法检查', 'Hand out no documents; do not hinder a lawful inspection', 23),
  ('office', 'C', 'escalate', '管理处主任及时向分管主管领导汇报', 'The director reports to the leader in charge', 24),
  ('company', 'any', 'place', '洽谈室；人多时安排在会议室', 'The meeting room; the conference room for a group', 25),
  ('company', 'any', 'step', '礼貌得体，引导到洽谈室休息', 'Be courteous; lead the person to the meeting room', 26),
  ('company', 'any', 'step', '留意外围：有没有媒体采访、摄影摄像', 'Keep an eye on the outside: media, cameras', 27),
  ('company', 'any', 'say', '“您请到洽谈室休息，负责的同事马上来接待您。”', '“Please rest in the meeting room; the colleague in charge is coming.”', 28),
  ('company', 'any', 'dont', '不流露反感和敌意，不议论、不指点来访的人', 'Show no dislike and no hostility; do not comment, do not point', 29),
  ('company', 'any', 'dont', '不清楚的事不直接回答，不表态、不承诺', 'No answer to what you are not sure of, no view, no promise', 30),
  ('company', 'A', 'step', '事先得知：先了解人数、组成、目的、到达时间，并通知客服中心', 'Told ahead: how many, who, why, when; tell the service centre', 31),
  ('company', 'A', 'step', '电话请客服中心人员引导到洽谈室并接待', 'Telephone the service centre to lead and receive the visitor', 32),
  ('company', 'A', 'escalate', '发现媒体：马上通知行政公关部，转交其处理', 'Media: tell public relations at once, they take over', 33),
  ('company', 'B', 'step', '马上通知人力资源部，由其安排人员和领导答复', 'Tell human resources at once; they arrange who answers', 34),
  ('company', 'B', 'dont', '不评价原来的处理决定', 'Do not judge the decision that was taken', 35),
  ('company', 'B', 'escalate', '请人力资源部经理或专业公司负责人到场', 'Ask the manager of human resources, or the head of that company', 36),
  ('company', 'C', 'step', '先知会行政公关部，由其总体协调安排', 'Tell public relations first; they coordinate everything', 37),
  ('company', 'C', 'dont', '不接受采访，不回答提问，不提供资料', 'No interview, no answers, no documents', 38),
  ('company', 'C', 'escalate', '行政公关部未接通：打给其负责人，同时请来访者在会议室稍候', 'Not reached: call their head; the visitors wait in the room', 39);
