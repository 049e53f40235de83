-- 代签 (K3, 6): who signs for whom, from when until when, and why; named by the person himself or by the manager.
CREATE TABLE sign_deputies (
  id INTEGER PRIMARY KEY,
  for_id INTEGER NOT NULL REFERENCES staff (id),
  deputy_id INTEGER NOT NULL REFERENCES staff (id),
  from_at TEXT NOT NULL CHECK (length(from_at) = 24),
  until_at TEXT NOT NULL CHECK (length(until_at) = 24 AND until_at > from_at),
  reason TEXT NOT NULL CHECK (reason <> ''),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  ended_at TEXT,
  ended_by INTEGER REFERENCES staff (id),
  CHECK (deputy_id <> for_id),
  -- Nobody makes himself the deputy of another.
  CHECK (deputy_id <> by_id),
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) STRICT;
CREATE INDEX sign_deputies_deputy ON sign_deputies (deputy_id, until_at) WHERE ended_at IS NULL;
CREATE INDEX sign_deputies_until ON sign_deputies (until_at) WHERE ended_at IS NULL;
CREATE TRIGGER sign_deputies_stay BEFORE UPDATE ON sign_deputies
WHEN OLD.ended_at IS NOT NULL OR NEW.for_id <> OLD.for_id OR NEW.deputy_id <> OLD.deputy_id OR NEW.at <> OLD.at
  OR NEW.from_at <> OLD.from_at OR NEW.until_at <> OLD.until_at OR NEW.reason <> OLD.reason OR NEW.by_id <> OLD.by_id
BEGIN SELECT RAISE(ABORT, 'a deputy is ended, never changed'); END;
CREATE TRIGGER sign_deputies_no_delete BEFORE DELETE ON sign_deputies
BEGIN SELECT RAISE(ABORT, 'a deputy is ended, never removed'); END;

-- What an owner is to be told of his booking while it is signed: his words were changed, or it was not signed in time.
-- It is told once a notice of the case is no older.
CREATE TABLE signing_news (
  case_id INTEGER NOT NULL REFERENCES visit_day_bookings (case_id),
  what TEXT NOT NULL CHECK (what IN ('reworded', 'unsigned')),
  -- Of which wording, or of which day.
  about TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (case_id, what, about)
) STRICT, WITHOUT ROWID;

-- A signature is his whom the step asks, whoever puts it down (RUL-05, K7). A department without a head of its own is
-- answered for as everywhere in the house (reception/duty.py).
CREATE TRIGGER endorsements_of_whom_is_asked BEFORE UPDATE OF state ON endorsements
WHEN NEW.state IN ('agreed', 'disagreed') AND OLD.state = 'pending' AND NOT EXISTS (
  SELECT 1 FROM staff WHERE id = NEW.signed_for AND active = 1 AND CASE NEW.step
    WHEN 'review' THEN role IN ('service_head', 'assistant')
    WHEN 'manager' THEN role = 'manager'
    WHEN 'service_head' THEN role = 'service_head'
    WHEN 'supervisor' THEN login = (SELECT signer FROM sign_steps WHERE step = 'supervisor')
    ELSE role IN ('department_head', 'service_head', 'manager') AND (department = NEW.department OR NOT EXISTS (
      SELECT 1 FROM staff WHERE active = 1 AND department = NEW.department
        AND role IN ('department_head', 'service_head', 'manager'))) END)
BEGIN SELECT RAISE(ABORT, 'a signature of somebody who is not asked'); END;
CREATE TRIGGER endorsements_by_a_deputy BEFORE UPDATE OF state ON endorsements
WHEN NEW.state IN ('agreed', 'disagreed') AND OLD.state = 'pending' AND NEW.on_behalf = 1 AND (
  NEW.signed_by = NEW.signed_for OR NEW.on_paper = 1 OR NOT EXISTS (
    SELECT 1 FROM sign_deputies WHERE for_id = NEW.signed_for AND deputy_id = NEW.signed_by AND ended_at IS NULL
      AND from_at <= NEW.signed_at AND until_at > NEW.signed_at))
BEGIN SELECT RAISE(ABORT, 'signed on behalf of somebody who named no deputy'); END;
-- Who saw a signature on the paper is another than who signs it, and none of those who sign here themselves.
CREATE TRIGGER endorsements_seen_on_paper BEFORE UPDATE OF state ON endorsements
WHEN NEW.state IN ('agreed', 'disagreed') AND OLD.state = 'pending' AND (
  (NEW.on_paper = 1 AND NEW.signed_by = NEW.signed_for) OR EXISTS (
    SELECT 1 FROM endorsements AS other WHERE other.case_id = NEW.case_id AND other.round = NEW.round
      AND other.on_paper <> NEW.on_paper AND other.signed_by = NEW.signed_by))
BEGIN SELECT RAISE(ABORT, 'seen on paper by one who signs himself'); END;
-- 同意前述意见: what is taken over is what stands there, in a signature of this booking under this wording.
CREATE TRIGGER endorsements_inherit_what_stands BEFORE UPDATE OF state ON endorsements
WHEN NEW.state = 'agreed' AND NEW.inherits_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM endorsements AS given WHERE given.id = NEW.inherits_id AND given.id <> NEW.id
    AND given.case_id = NEW.case_id AND given.wording = NEW.wording AND given.state = 'agreed'
    AND given.opinion = NEW.opinion AND given.handling_department = NEW.handling_department
    AND given.deadline_on = NEW.deadline_on)
BEGIN SELECT RAISE(ABORT, 'taken over from a signature that does not stand'); END;

-- Who stays booked has no time yet, or walked in on the day.
UPDATE scripts SET say = '已为您登记，排上了马上通知您。', say_en = 'You are on the list; we tell you as soon as there is a place.',
  then_do = '候补的：有空位自动递补；当天来的：请项目经理签批。',
  then_do_en = 'On the waiting list: moves up by itself. Walked in: ask the manager to sign.'
  WHERE code = 'visit-day-booked' AND then_do = '主管：确认日期和接待的人。';
INSERT INTO scripts (code, say, say_en, then_do, then_do_en) VALUES
  ('visit-day-under-review', '您反映的事项正在审核，结果会告诉您。', 'Your matter is being reviewed; we tell you the result.',
   '客服主管或助理：核对事由和业主身份，选责任部门，提交签批。', 'Head of service or assistant: check the matter, choose departments, send it on.'),
  ('visit-day-signing', '您的事项正在逐一签批，办好后告诉您。', 'Your matter is being signed; we tell you once it is done.',
   '被请签批的人：写明意见、承办部门、期限；不同意的退回。', 'Whoever is asked: opinion, department, deadline; or send it back.'),
  ('visit-day-admitted', '已安排接待，请按单上的时间来。', 'You will be received; please come at the time on the slip.',
   '接待员：告知业主；客服：等接待领导定陪同部门。', 'Receptionist: tell the owner. Service: the host chooses who accompanies him.'),
  ('visit-day-not-admitted', '这件事先由部门处理，进展会告诉您。', 'A department handles this first; we tell you how it goes on.',
   '接待员：交给业主新事项的回执。', 'Receptionist: hand over the receipt of the new matter.');
