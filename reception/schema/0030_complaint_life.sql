-- The whole life of a complaint (domain.md K2): assigned, investigated, replied, followed up, closed; opened again.
INSERT INTO case_states (kind, state, terminal, answered) VALUES
  ('complaint', 'assigned', 0, 0), ('complaint', 'investigating', 0, 0), ('complaint', 'replied', 0, 0),
  ('complaint', 'followed_up', 0, 0), ('complaint', 'reopened', 0, 0), ('complaint', 'merged', 1, 0);
UPDATE case_states SET answered = 1 WHERE kind = 'complaint' AND state = 'withdrawn';

-- What complaints are about, and which department looks into each: the centre's own list.
CREATE TABLE complaint_classes (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  department TEXT REFERENCES departments (code),
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO complaint_classes (code, name, name_en, position) VALUES
  ('service', '服务态度', 'Service', 0), ('repair', '维修质量', 'Repair work', 1), ('fees', '物业费用', 'Fees', 2),
  ('cleaning', '环境卫生', 'Cleaning', 3), ('security', '安全保障', 'Security', 4), ('parking', '车辆停放', 'Parking', 5),
  ('noise', '噪音扰民', 'Noise', 6), ('facilities', '公共设施', 'Shared facilities', 7), ('other', '其他', 'Other', 8);

CREATE TABLE new_complaints (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  category TEXT NOT NULL REFERENCES complaint_classes (code),
  severity TEXT NOT NULL DEFAULT 'ordinary' CHECK (severity IN ('ordinary', 'serious')),
  facts TEXT NOT NULL CHECK (facts <> ''),
  wish TEXT NOT NULL,
  -- Who looks into it; the owner of the case answers for it all the same (首问负责).
  handler_id INTEGER REFERENCES staff (id)
) STRICT;
INSERT INTO new_complaints (case_id, category, facts, wish) SELECT case_id, category, facts, wish FROM complaints;
DROP TABLE complaints;
ALTER TABLE new_complaints RENAME TO complaints;
CREATE INDEX complaints_category ON complaints (category);
CREATE INDEX complaints_handler ON complaints (handler_id) WHERE handler_id IS NOT NULL;

-- What was found, each time somebody looked into it: "invalid" is a finding, and no way out of an answer.
CREATE TABLE complaint_findings (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES complaints (case_id),
  round INTEGER NOT NULL,
  finding TEXT NOT NULL CHECK (finding IN ('valid', 'partly', 'invalid')),
  text TEXT NOT NULL CHECK (text <> ''),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX complaint_findings_case ON complaint_findings (case_id, id);
CREATE TRIGGER complaint_findings_no_update BEFORE UPDATE ON complaint_findings
BEGIN SELECT RAISE(ABORT, 'findings are append-only'); END;

-- The reply in the words that were given; each time the complaint was opened again needs one of its own.
CREATE TABLE complaint_replies (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES complaints (case_id),
  round INTEGER NOT NULL,
  text TEXT NOT NULL CHECK (text <> ''),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX complaint_replies_case ON complaint_replies (case_id, id);
CREATE TRIGGER complaint_replies_no_update BEFORE UPDATE ON complaint_replies
BEGIN SELECT RAISE(ABORT, 'replies are append-only'); END;
CREATE TRIGGER complaints_replied_in_words BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'complaint' AND NEW.state = 'replied' AND OLD.state <> 'replied' AND NOT (
  EXISTS (SELECT 1 FROM complaint_replies WHERE case_id = NEW.id AND round = NEW.round)
  AND EXISTS (SELECT 1 FROM complaint_findings WHERE case_id = NEW.id AND round = NEW.round)
)
BEGIN SELECT RAISE(ABORT, 'replied without a reply'); END;

-- 上报 (SYS-31): not to be solved at once, so a superior takes it on; the person is told how it goes on, and when next.
-- The same superior again is a new promise on the same level.
CREATE TABLE case_escalations (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  round INTEGER NOT NULL,
  level INTEGER NOT NULL CHECK (level >= 1),
  to_id INTEGER NOT NULL REFERENCES staff (id),
  reason TEXT NOT NULL CHECK (reason <> ''),
  plan TEXT NOT NULL CHECK (plan <> ''),
  next_update_at TEXT NOT NULL,
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX case_escalations_case ON case_escalations (case_id, id);
CREATE INDEX case_escalations_to ON case_escalations (to_id);
CREATE TRIGGER case_escalations_no_update BEFORE UPDATE ON case_escalations
BEGIN SELECT RAISE(ABORT, 'escalations are append-only'); END;
