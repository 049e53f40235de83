-- A booking is fed back once the owner was told what became of every decision, never before (RUL-08).
CREATE TRIGGER visit_day_fed_back_when_told BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'visit-day' AND NEW.state IN ('fed_back', 'followed_up', 'closed') AND NEW.state <> OLD.state AND EXISTS (
  SELECT 1 FROM resolutions WHERE case_id = NEW.id AND NOT EXISTS (
    SELECT 1 FROM supervision_tellings WHERE supervision_tellings.supervision_id = resolutions.supervision_id))
BEGIN SELECT RAISE(ABORT, 'fed back before every decision was told'); END;
-- A decision that is taken back was promised all the same: the owner hears of it in the same breath.
CREATE TRIGGER resolutions_withdrawn_when_told BEFORE UPDATE OF state ON supervisions
WHEN NEW.state = 'withdrawn' AND EXISTS (SELECT 1 FROM resolutions WHERE supervision_id = NEW.id)
  AND NOT EXISTS (SELECT 1 FROM supervision_tellings WHERE supervision_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'withdrawn before the person knew'); END;
-- Nor is it forgotten whose it was.
CREATE TRIGGER resolutions_supervised_once BEFORE UPDATE OF supervision_id ON resolutions
WHEN OLD.supervision_id IS NOT NULL AND NEW.supervision_id IS NOT OLD.supervision_id
BEGIN SELECT RAISE(ABORT, 'a decision is supervised once'); END;

-- Visit-day matters are followed up by telephone as the others are.
CREATE TABLE new_call_lines (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('any', 'repair', 'complaint', 'visit-day')),
  step TEXT NOT NULL
    CHECK (step IN ('greeting', 'about', 'price', 'signature', 'reply', 'question', 'dissatisfied', 'closing')),
  text TEXT NOT NULL CHECK (text <> ''),
  text_en TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
INSERT INTO new_call_lines SELECT id, kind, step, text, text_en, position, active FROM call_lines;
DROP TABLE call_lines;
ALTER TABLE new_call_lines RENAME TO call_lines;
INSERT INTO call_lines (kind, step, position, text, text_en) VALUES
  ('visit-day', 'about', 1, '您在接访日反映的事情（{no}）已经有了结果，想听听您的意见，大约一分钟。',
   'It is about what you brought to the visit day ({no}); it has been dealt with. May I ask how you find it?'),
  ('visit-day', 'reply', 1, '我们告诉您的结果是：“{reply}”。您收到的是这样吗？',
   'We told you this came of it: "{reply}". Is that what you were told?'),
  ('visit-day', 'question', 1, '当天答应您的，都按期做到了吗？', 'Was everything done that was promised to you that day, and in time?'),
  ('visit-day', 'question', 2, '对接访的时间、等候和接待，您有什么意见？', 'How did you find the day itself: the time, the waiting, the talk?');

INSERT INTO scripts (code, say, say_en, then_do, then_do_en) VALUES
  ('visit-day-supervised', '您反映的事情正在落实，每一项的结果都会告诉您。', 'What was decided is being done; you hear what comes of each.',
   '承办部门：按期落实，登记结果；接待员：逐项告知业主。', 'Department: do it in time, note it. Receptionist: tell the owner of each.'),
  ('visit-day-fed-back', '您好，想了解您对接访处理结果是否满意？', 'Hello, are you content with what came of your visit?',
   '接待员：回访，记录评价和意见。', 'Receptionist: follow up, note the score and what was said.'),
  ('visit-day-followed-up', '谢谢您的意见，再见。', 'Thank you for telling us, goodbye.',
   '接待员：不满意的重新处理，其余归档。', 'Receptionist: what is not good is taken up again, the rest is filed.'),
  ('visit-day-reopened', '对不起，我们重新处理，由负责人跟进。', 'I am sorry; it is taken up again, and a head looks after it.',
   '客服主管或经理：重新作出处理意见，定部门和期限。', 'Head of service or manager: decide anew, with department and deadline.');
