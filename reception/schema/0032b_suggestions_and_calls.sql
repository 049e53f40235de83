-- Suggestions (意见建议, SYS-20): passed to the department that decides, answered; without a contact on the notice board.
INSERT INTO case_states (kind, state, terminal, answered) VALUES
  ('suggestion', 'received', 0, 0), ('suggestion', 'forwarded', 0, 0), ('suggestion', 'answered', 0, 1),
  ('suggestion', 'closed', 1, 1);

CREATE TABLE suggestion_topics (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  department TEXT REFERENCES departments (code),
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO suggestion_topics (code, name, name_en, position) VALUES
  ('service', '服务与沟通', 'Service', 0), ('greenery', '环境与绿化', 'Greenery, cleaning', 1),
  ('facilities', '公共设施', 'Shared facilities', 2), ('safety', '安全秩序', 'Safety', 3),
  ('parking', '停车与出入', 'Parking, access', 4), ('activities', '社区活动', 'Events', 5), ('other', '其他', 'Other', 6);

CREATE TABLE suggestions (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  topic TEXT NOT NULL REFERENCES suggestion_topics (code),
  text TEXT NOT NULL CHECK (text <> ''),
  -- What was answered, and where it can be read by whoever left no contact.
  answer TEXT NOT NULL DEFAULT '',
  answered_at TEXT,
  answered_by INTEGER REFERENCES staff (id),
  on_board INTEGER NOT NULL DEFAULT 0 CHECK (on_board IN (0, 1)),
  CHECK ((answer = '') = (answered_at IS NULL) AND (answer = '') = (answered_by IS NULL))
) STRICT;
CREATE INDEX suggestions_topic ON suggestions (topic);
CREATE TRIGGER suggestions_answered_once BEFORE UPDATE OF answer ON suggestions WHEN OLD.answer <> ''
BEGIN SELECT RAISE(ABORT, 'a suggestion is answered once'); END;
CREATE TRIGGER suggestions_answered_in_words BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'suggestion' AND NEW.state = 'answered' AND NEW.state <> OLD.state
  AND (SELECT answer FROM suggestions WHERE case_id = NEW.id) = ''
BEGIN SELECT RAISE(ABORT, 'answered without an answer'); END;

-- Calls (来电, SYS-13): every call that was noted, also one that led to no case. No number of the caller stands here
-- but of calls without a case: with one it is in the case, under the rules of the case.
CREATE TABLE phone_calls (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  case_id INTEGER UNIQUE REFERENCES cases (id),
  -- What became of a call that is no case.
  outcome TEXT CHECK (outcome IN ('wrong_number', 'transferred', 'information', 'silent', 'other')),
  phone TEXT NOT NULL,
  transfer_to TEXT NOT NULL,
  note TEXT NOT NULL,
  -- A sample: whoever counted them wrote them down (RUL-16).
  rings INTEGER CHECK (rings BETWEEN 1 AND 30),
  by_id INTEGER NOT NULL REFERENCES staff (id),
  CHECK ((case_id IS NULL) = (outcome IS NOT NULL)),
  CHECK (outcome IS NOT 'transferred' OR transfer_to <> ''),
  CHECK (case_id IS NULL OR phone = '')
) STRICT;
CREATE TRIGGER phone_calls_no_update BEFORE UPDATE OF at, outcome, transfer_to, rings, by_id, case_id ON phone_calls
BEGIN SELECT RAISE(ABORT, 'calls are append-only'); END;
CREATE INDEX phone_calls_at ON phone_calls (at);
CREATE INDEX phone_calls_sampled ON phone_calls (at) WHERE rings IS NOT NULL;
