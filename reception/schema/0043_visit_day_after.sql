-- After the day: its summary (FRM-11), what many spoke of (SYS-23), and what broke the rules (SYS-24).
CREATE TABLE visit_day_summaries (
  visit_day_id INTEGER PRIMARY KEY REFERENCES visit_days (id),
  -- What the figures were when it was written, as JSON; codes and counts only.
  figures TEXT NOT NULL,
  remarks TEXT NOT NULL,
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE TRIGGER visit_day_summaries_stay BEFORE UPDATE ON visit_day_summaries
BEGIN SELECT RAISE(ABORT, 'a summary is not rewritten'); END;

CREATE TABLE common_issues (
  id INTEGER PRIMARY KEY,
  visit_day_id INTEGER NOT NULL REFERENCES visit_days (id),
  topic TEXT NOT NULL REFERENCES complaint_classes (code),
  -- How many spoke of it that day.
  count INTEGER NOT NULL CHECK (count >= 1),
  -- What shall keep it from coming again, and who sees to that.
  action TEXT NOT NULL CHECK (action <> ''),
  owner_id INTEGER NOT NULL REFERENCES staff (id),
  due_on TEXT NOT NULL CHECK (due_on GLOB '????-??-??'),
  -- Whether it is open, done, late, and with what result: as its supervision stands.
  supervision_id INTEGER NOT NULL UNIQUE REFERENCES supervisions (id),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  UNIQUE (visit_day_id, topic)
) STRICT;

-- 接访日监督评估: a rule that was broken, found by the box or by somebody, and how it was put right.
CREATE TABLE oversight_findings (
  id INTEGER PRIMARY KEY,
  visit_day_id INTEGER NOT NULL REFERENCES visit_days (id),
  case_id INTEGER REFERENCES cases (id),
  -- Which rule: a code of reception/oversight.py.
  rule TEXT NOT NULL CHECK (rule <> ''),
  -- What was seen, in the centre's words; '' where the box found it and the rule says it all.
  note TEXT NOT NULL,
  found_at TEXT NOT NULL,
  -- NULL: the box.
  found_by INTEGER REFERENCES staff (id),
  correction TEXT CHECK (correction <> ''),
  corrected_at TEXT,
  corrected_by INTEGER REFERENCES staff (id),
  CHECK ((correction IS NULL) = (corrected_at IS NULL) AND (correction IS NULL) = (corrected_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX oversight_findings_once ON oversight_findings (visit_day_id, rule, coalesce(case_id, 0)) WHERE found_by IS NULL;
CREATE INDEX oversight_findings_open ON oversight_findings (visit_day_id) WHERE correction IS NULL;
