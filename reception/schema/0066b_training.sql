-- 培训 (SYS-50): what new staff do in practice mode, one after the other. A task is done by acts that the history shows.
CREATE TABLE training_tasks (
  code TEXT PRIMARY KEY CHECK (code GLOB '[a-z]*'),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  how TEXT NOT NULL,
  how_en TEXT NOT NULL,
  -- Which act of the history counts, and how often it is to be done.
  act TEXT NOT NULL,
  times INTEGER NOT NULL DEFAULT 1 CHECK (times BETWEEN 1 AND 20),
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO training_tasks (code, name, name_en, how, how_en, act, times, position) VALUES
  ('call', '叫号', 'Call a number', '选一个窗口坐下，按“呼叫下一位”。看清号码和业务再开口。', 'Sit down at a counter and press “Call next”. Read the number and the service before you speak.', 'call', 3, 1),
  ('receive', '接待并办结', 'Receive and complete', '来访人到窗口后按“到了，开始”，起身问好；办完按“接待完成”。', 'When the visitor comes press “Arrived, start” and rise to greet; afterwards press “Reception done”.', 'complete', 2, 2),
  ('missed', '过号', 'A number that does not come', '叫号无人应答，重呼后仍没有来，按“过号”。', 'Nobody comes, nor after a second call: press “Missed”.', 'miss', 1, 3),
  ('back', '恢复排队', 'Back to the queue', '过号的来访人回来了：在左边名单中恢复排队，并请他稍候。', 'He comes after all: bring him back from the list at the left, and ask him to wait a moment.', 'restore', 1, 4),
  ('later', '稍后再叫', 'Call later', '来访人要回去取资料：按“稍后再叫”，选原因。', 'He must fetch papers: press “Call later” and choose why.', 'park', 1, 5),
  ('other-line', '转业务', 'Another service', '取错了号：转到正确的业务，号码不变，不让他重排。', 'He took the wrong number: send him to the right service, with the same number.', 'transfer', 1, 6),
  ('for-visitor', '代客取号', 'A number for a visitor', '有位老人不会用自助机：在左下角替他取号。', 'An old visitor cannot use the kiosk: take a number for him, below the queue.', 'issue', 1, 7),
  ('repair', '登记报修', 'Register a repair', '问清房号、电话、部位、内容、方便时间，登记两件报修。', 'Ask for home, telephone, place, what is broken and when it suits; register two repairs.', 'open_repair', 2, 8),
  ('dispatch', '派工', 'Send a worker', '打开刚登记的报修，派给维修人员，约好时间。', 'Open a repair that you registered, and send a worker at an agreed time.', 'dispatch', 1, 9),
  ('complaint', '登记投诉', 'Register a complaint', '先听完，再复述，登记事实和诉求，不争辩。', 'Hear him out, repeat what you heard, register facts and wish; do not argue.', 'open_complaint', 1, 10),
  ('inquiry', '登记咨询', 'Register a question', '能答的当场答；不能答的记下，约定答复时间。', 'Answer what you can; note what you cannot, and agree when he hears.', 'open_inquiry', 1, 11),
  ('visit-day', '预约接访日', 'Book the visit day', '为业主预约经理接待日，打印预约单交给他。', 'Book the manager’s visit day for an owner, and hand him the slip.', 'open_visit-day', 1, 12),
  ('phone', '登记来电', 'Note a phone call', '三声内接起，报中心名称；记下事由；让对方先挂。', 'Answer within three rings with the centre’s name; note the matter; let the caller hang up first.', 'note_call', 1, 13),
  ('document', '核验证件', 'See a document', '接待中请来访人出示证件，只登记“看过”，不记号码。', 'While serving, ask for a document; note that it was seen, never its number.', 'check_identity', 1, 14),
  ('feedback', '告知进展', 'Tell how it stands', '打开一件事项，把进展告知当事人，登记方式和内容。', 'Open a matter, tell the person how it stands, and note how and what was said.', 'feedback', 1, 15),
  ('reprint', '补打票据', 'Print a paper again', '来访人的号票没有打出来：补打一张，票上会有“补打”字样。', 'The ticket did not come out: print it again; the copy is marked.', 'reprint', 1, 16);

-- Who passed what: as the task stood then, for a task may be reworded later.
CREATE TABLE training_passes (
  id INTEGER PRIMARY KEY,
  task TEXT NOT NULL REFERENCES training_tasks (code),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  times INTEGER NOT NULL CHECK (times BETWEEN 1 AND 20),
  at TEXT NOT NULL CHECK (length(at) = 24),
  UNIQUE (staff_id, task)
) STRICT;
CREATE TRIGGER training_passes_stay BEFORE UPDATE OF task, staff_id, times, at ON training_passes
BEGIN SELECT RAISE(ABORT, 'what was passed stays'); END;
