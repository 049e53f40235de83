-- Inquiries (咨询, SYS-11): answered at once, or promised at an agreed time after somebody who knows was asked.
INSERT INTO case_states (kind, state, terminal, answered) VALUES
  ('inquiry', 'open', 0, 0), ('inquiry', 'promised', 0, 0), ('inquiry', 'answered', 0, 1), ('inquiry', 'replied', 0, 1),
  ('inquiry', 'closed', 1, 1);

-- What people ask about: the centre's own list (RUL-38).
CREATE TABLE inquiry_categories (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  -- Who knows, when the desk does not.
  department TEXT REFERENCES departments (code),
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO inquiry_categories (code, name, name_en, position) VALUES
  ('utilities', '水电费缴纳', 'Water, power bills', 0), ('fees', '物业费用', 'Property fees', 1),
  ('facilities', '公共设施使用', 'Shared facilities', 2), ('renovation', '装修手续', 'Renovation', 3),
  ('parking', '停车车位', 'Parking', 4), ('papers', '证明资料', 'Certificates', 5), ('safety', '安全保障', 'Security', 6),
  ('other', '其他', 'Other', 7);

-- Answers worth keeping (常见问答): proposed at the desk, checked by a head before anybody finds them.
CREATE TABLE saved_answers (
  id INTEGER PRIMARY KEY,
  category TEXT NOT NULL REFERENCES inquiry_categories (code),
  question TEXT NOT NULL CHECK (question <> ''),
  answer TEXT NOT NULL CHECK (answer <> ''),
  from_case_id INTEGER REFERENCES cases (id),
  proposed_by INTEGER NOT NULL REFERENCES staff (id),
  proposed_at TEXT NOT NULL,
  checked_by INTEGER REFERENCES staff (id),
  checked_at TEXT,
  used INTEGER NOT NULL DEFAULT 0 CHECK (used >= 0),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  -- Grows with every change: nobody checks words that he did not see.
  edition INTEGER NOT NULL DEFAULT 1 CHECK (edition >= 1),
  CHECK ((checked_by IS NULL) = (checked_at IS NULL))
) STRICT;
CREATE INDEX saved_answers_used ON saved_answers (used DESC, id) WHERE active = 1 AND checked_at IS NOT NULL;
CREATE INDEX saved_answers_open ON saved_answers (id) WHERE active = 1 AND checked_at IS NULL;

CREATE TABLE inquiries (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  category TEXT NOT NULL REFERENCES inquiry_categories (code),
  question TEXT NOT NULL CHECK (question <> ''),
  -- Who was asked last; NULL: his department, or nobody. The owner of the case answers for it all the same (首问负责).
  expert_id INTEGER REFERENCES staff (id)
) STRICT;
CREATE INDEX inquiries_category ON inquiries (category);
CREATE INDEX inquiries_expert ON inquiries (expert_id) WHERE expert_id IS NOT NULL;

-- By when the person hears, as agreed with him; another time has a reason.
CREATE TABLE inquiry_promises (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES inquiries (case_id),
  round INTEGER NOT NULL,
  due_at TEXT NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX inquiry_promises_case ON inquiry_promises (case_id, id);

-- Who was asked, each time: a department, or somebody in it.
CREATE TABLE inquiry_consultations (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES inquiries (case_id),
  round INTEGER NOT NULL,
  department TEXT NOT NULL REFERENCES departments (code),
  expert_id INTEGER REFERENCES staff (id),
  note TEXT NOT NULL,
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX inquiry_consultations_case ON inquiry_consultations (case_id, id);

-- What whoever knows said to the desk: not yet what the person was told.
CREATE TABLE inquiry_advice (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES inquiries (case_id),
  round INTEGER NOT NULL,
  text TEXT NOT NULL CHECK (text <> ''),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX inquiry_advice_case ON inquiry_advice (case_id, id);

-- The answer in the words that were given, and the saved answer it was taken from.
CREATE TABLE inquiry_answers (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES inquiries (case_id),
  round INTEGER NOT NULL,
  text TEXT NOT NULL CHECK (text <> ''),
  saved_id INTEGER REFERENCES saved_answers (id),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  UNIQUE (case_id, round)
) STRICT;

CREATE TRIGGER inquiry_promises_no_update BEFORE UPDATE ON inquiry_promises
BEGIN SELECT RAISE(ABORT, 'promises are append-only'); END;
CREATE TRIGGER inquiry_consultations_no_update BEFORE UPDATE ON inquiry_consultations
BEGIN SELECT RAISE(ABORT, 'consultations are append-only'); END;
CREATE TRIGGER inquiry_advice_no_update BEFORE UPDATE ON inquiry_advice
BEGIN SELECT RAISE(ABORT, 'advice is append-only'); END;
CREATE TRIGGER inquiry_answers_no_update BEFORE UPDATE ON inquiry_answers
BEGIN SELECT RAISE(ABORT, 'answers are append-only'); END;
CREATE TRIGGER inquiries_answered_in_words BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'inquiry' AND NEW.state IN ('answered', 'replied') AND NEW.state <> OLD.state
  AND NOT EXISTS (SELECT 1 FROM inquiry_answers WHERE case_id = NEW.id AND round = NEW.round)
BEGIN SELECT RAISE(ABORT, 'answered without an answer'); END;
CREATE TRIGGER inquiries_promised_with_a_time BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'inquiry' AND NEW.state = 'promised' AND NEW.state <> OLD.state
  AND NOT EXISTS (SELECT 1 FROM inquiry_promises WHERE case_id = NEW.id AND round = NEW.round)
BEGIN SELECT RAISE(ABORT, 'promised without a time'); END;
