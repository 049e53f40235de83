-- 回访台 (SYS-18): what an attempt came to besides yes and no, and when the person asked to be called again.
ALTER TABLE follow_ups ADD COLUMN outcome TEXT CHECK (
  outcome IS NULL OR (outcome IN ('later', 'wrong_number', 'refused') AND (outcome = 'refused') = reached AND score IS NULL));
ALTER TABLE follow_ups ADD COLUMN again_at TEXT CHECK ((again_at IS NOT NULL) = (outcome IS 'later'));

-- Who calls whom just now: nobody is called by two; one that was forgotten ends by itself.
CREATE TABLE follow_up_claims (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  by_id INTEGER NOT NULL REFERENCES staff (id),
  taken_at TEXT NOT NULL,
  until_at TEXT NOT NULL CHECK (until_at > taken_at)
) STRICT;

-- What people wrote with their points: somebody of the centre has read it.
ALTER TABLE survey_responses ADD COLUMN read_at TEXT;
ALTER TABLE survey_responses ADD COLUMN read_by INTEGER REFERENCES staff (id) CHECK ((read_by IS NULL) = (read_at IS NULL));
CREATE INDEX survey_responses_unread ON survey_responses (id) WHERE comment <> '' AND read_at IS NULL;

-- What is said on the telephone, sentence by sentence: the centre's own list.
CREATE TABLE call_lines (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('any', 'repair', 'complaint')),
  step TEXT NOT NULL
    CHECK (step IN ('greeting', 'about', 'price', 'signature', 'reply', 'question', 'dissatisfied', 'closing')),
  text TEXT NOT NULL CHECK (text <> ''),
  text_en TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
INSERT INTO call_lines (kind, step, position, text, text_en) VALUES
  ('any', 'greeting', 1, '您好，这里是{centre}，我是{caller}。请问您现在方便说话吗？',
   'Hello, this is {caller} of {centre}. Is this a good time to talk?'),
  ('repair', 'about', 1, '您报修的事情（{no}）已经处理完，想听听您的意见，大约一分钟。',
   'It is about your repair ({no}), which has been done. May I ask how it went? It takes a minute.'),
  ('complaint', 'about', 1, '您反映的问题（{no}）我们已经答复，想听听您的意见，大约一分钟。',
   'It is about your complaint ({no}), to which you had our reply. May I ask how you find it? It takes a minute.'),
  ('repair', 'price', 1, '维修价格是您本人同意的吗？当时是怎么告诉您的？',
   'Did you yourself agree to the price? How were you told?'),
  ('repair', 'signature', 1, '完工后，是您本人验收签字的吗？', 'Did you yourself accept the work and sign for it?'),
  ('complaint', 'reply', 1, '我们给您的答复是：“{reply}”。您收到的是这样吗？',
   'Our reply to you was: "{reply}". Is that what you were told?'),
  ('repair', 'question', 1, '师傅是按约定的时间上门的吗？', 'Did the worker come at the time that was agreed?'),
  ('repair', 'question', 2, '问题彻底解决了吗？现在用起来正常吗？', 'Is it solved for good? Does everything work now?'),
  ('complaint', 'question', 1, '答复里说的，都做到了吗？', 'Was everything done that the reply said?'),
  ('any', 'question', 9, '请您打个分：5 分非常满意，1 分非常不满意。',
   'How satisfied are you, from 5, very satisfied, to 1, very dissatisfied?'),
  ('any', 'dissatisfied', 1, '对不起，没有让您满意。请您说说哪里还不好，我马上记下来。',
   'I am sorry. Please tell me what is still not right; I write it down now.'),
  ('any', 'dissatisfied', 2, '这件事会重新处理，由客服主管负责跟进。',
   'It will be taken up again, and the head of customer service looks after it.'),
  ('any', 'closing', 1, '谢谢您。以后有事请打 {phone}。再见。', 'Thank you. Please call {phone} whenever you need us. Goodbye.');

-- 督办 (SYS-21): a decision with a department and a deadline, kept in sight until it is done and the person knows.
CREATE TABLE supervisions (
  id INTEGER PRIMARY KEY,
  no TEXT NOT NULL UNIQUE,
  -- NULL: a decision of its own, without a case.
  case_id INTEGER REFERENCES cases (id),
  matter TEXT NOT NULL CHECK (matter <> ''),
  opinion TEXT NOT NULL CHECK (opinion <> ''),
  department TEXT NOT NULL REFERENCES departments (code),
  charge_id INTEGER NOT NULL REFERENCES staff (id),
  decided_by INTEGER NOT NULL REFERENCES staff (id),
  state TEXT NOT NULL CHECK (state IN ('open', 'reminded', 'overdue', 'done', 'closed', 'withdrawn')),
  opened_at TEXT NOT NULL,
  opened_by INTEGER NOT NULL REFERENCES staff (id),
  due_at TEXT NOT NULL CHECK (due_at > opened_at),
  remind_at TEXT NOT NULL,
  -- Once late, late for good: a later deadline does not make it kept.
  overdue_at TEXT,
  done_at TEXT,
  done_by INTEGER REFERENCES staff (id),
  result TEXT CHECK (result <> ''),
  closed_at TEXT,
  reason TEXT CHECK (reason <> ''),
  CHECK ((done_at IS NOT NULL) = (state IN ('done', 'closed'))),
  CHECK ((done_at IS NULL) = (result IS NULL) AND (done_at IS NULL) = (done_by IS NULL)),
  CHECK ((closed_at IS NOT NULL) = (state IN ('closed', 'withdrawn'))),
  CHECK ((reason IS NOT NULL) = (state = 'withdrawn')),
  -- Without a case there is nobody to tell.
  CHECK (NOT (state = 'done' AND case_id IS NULL))
) STRICT;
CREATE INDEX supervisions_running ON supervisions (due_at) WHERE state IN ('open', 'reminded', 'overdue');
CREATE INDEX supervisions_untold ON supervisions (id) WHERE state = 'done';
CREATE INDEX supervisions_closed ON supervisions (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX supervisions_case ON supervisions (case_id) WHERE case_id IS NOT NULL;

-- Every deadline with its reason; the one in force is the last (K3, 13).
CREATE TABLE supervision_deadlines (
  id INTEGER PRIMARY KEY,
  supervision_id INTEGER NOT NULL REFERENCES supervisions (id),
  due_at TEXT NOT NULL,
  -- '' for the first.
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX supervision_deadlines_of ON supervision_deadlines (supervision_id, id);
CREATE TRIGGER supervision_deadlines_no_update BEFORE UPDATE ON supervision_deadlines
BEGIN SELECT RAISE(ABORT, 'deadlines are append-only'); END;
CREATE TRIGGER supervision_deadlines_reason BEFORE INSERT ON supervision_deadlines
WHEN NEW.reason = '' AND EXISTS (SELECT 1 FROM supervision_deadlines WHERE supervision_id = NEW.supervision_id)
BEGIN SELECT RAISE(ABORT, 'a deadline moved without a reason'); END;
CREATE TRIGGER supervisions_deadline_told BEFORE UPDATE OF due_at ON supervisions
WHEN NEW.due_at <> OLD.due_at AND NEW.due_at IS NOT (SELECT due_at FROM supervision_deadlines
  WHERE supervision_id = NEW.id ORDER BY id DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'a deadline moved silently'); END;
CREATE TRIGGER supervisions_late_for_good BEFORE UPDATE OF overdue_at ON supervisions
WHEN OLD.overdue_at IS NOT NULL AND NEW.overdue_at IS NOT OLD.overdue_at
  -- But for what a clock that ran ahead said of a time that is still to come.
  AND NOT (NEW.overdue_at IS NULL AND OLD.overdue_at > (SELECT at FROM events ORDER BY id DESC LIMIT 1))
BEGIN SELECT RAISE(ABORT, 'late is late'); END;

-- Which notice told the person what became of it: with a case it is closed by that alone.
CREATE TABLE supervision_tellings (
  supervision_id INTEGER PRIMARY KEY REFERENCES supervisions (id),
  notice_id INTEGER NOT NULL REFERENCES feedback_notices (id)
) STRICT;
CREATE TRIGGER supervisions_closed_when_told BEFORE UPDATE OF state ON supervisions
WHEN NEW.state = 'closed' AND NEW.case_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM supervision_tellings
  JOIN feedback_notices ON feedback_notices.id = notice_id
  WHERE supervision_id = NEW.id AND feedback_notices.case_id = NEW.case_id AND feedback_notices.at >= NEW.done_at)
BEGIN SELECT RAISE(ABORT, 'closed before the person knew'); END;
