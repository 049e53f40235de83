-- 物品放行 (SYS-34, FRM-14, RUL-34, K2 ReleasePass): goods leave the estate by a pass, looked at at the gate, once.
INSERT INTO case_states (kind, state, terminal, answered) VALUES
  ('release', 'applied', 0, 0), ('release', 'approved', 0, 0), ('release', 'printed', 0, 0),
  ('release', 'released', 0, 0), ('release', 'returned', 1, 0), ('release', 'refused', 1, 0),
  ('release', 'expired', 1, 0);

CREATE TABLE release_passes (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  -- Of the code on both parts of the pass: it opens the page of the gate, and no page where the applicant decides.
  token TEXT NOT NULL UNIQUE CHECK (length(token) = 26),
  -- How the applicant belongs to the home, and by which document that was seen; never its number.
  relation TEXT NOT NULL CHECK (relation IN ('owner', 'family', 'tenant', 'company', 'agent')),
  document TEXT NOT NULL CHECK (document IN ('register', 'deed', 'lease', 'licence', 'letter')),
  moving INTEGER NOT NULL CHECK (moving IN (0, 1)),
  owner_agreed TEXT NOT NULL CHECK (owner_agreed IN ('', 'present', 'letter', 'call')),
  valid_on TEXT NOT NULL CHECK (valid_on GLOB '????-??-??'),
  plate TEXT NOT NULL,
  applied_by INTEGER NOT NULL REFERENCES staff (id),
  approved_at TEXT,
  approved_by INTEGER REFERENCES staff (id),
  -- The goods left: when, by whom it was written down, and how he knew (at the gate, or from the paper that came back).
  out_at TEXT,
  out_by INTEGER REFERENCES staff (id),
  out_how TEXT NOT NULL DEFAULT '' CHECK (out_how IN ('', 'gate', 'paper')),
  -- Why it was refused: at the gate, what differed.
  reason TEXT NOT NULL DEFAULT '',
  CHECK (relation <> 'tenant' OR moving = 0 OR owner_agreed <> ''),
  CHECK ((approved_at IS NULL) = (approved_by IS NULL)),
  CHECK (approved_by IS NULL OR approved_by <> applied_by),
  CHECK ((out_at IS NULL) = (out_by IS NULL) AND (out_at IS NULL) = (out_how = '')),
  CHECK (out_at IS NULL OR approved_at IS NOT NULL)
) STRICT;
CREATE INDEX release_passes_day ON release_passes (valid_on);

CREATE TABLE release_items (
  case_id INTEGER NOT NULL REFERENCES release_passes (case_id),
  position INTEGER NOT NULL,
  item TEXT NOT NULL CHECK (item <> ''),
  quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 999),
  unit TEXT NOT NULL,
  -- What the gate saw: 1 it left, 0 it stayed; NULL: not looked at yet.
  went INTEGER CHECK (went IN (0, 1)),
  PRIMARY KEY (case_id, position)
) STRICT;

-- What was approved is what the gate looks at: nothing is put on a pass afterwards, and no number of it changes.
CREATE TRIGGER release_items_before_approval BEFORE INSERT ON release_items
WHEN (SELECT state FROM cases WHERE id = NEW.case_id) <> 'applied'
BEGIN SELECT RAISE(ABORT, 'nothing is put on an approved pass'); END;
CREATE TRIGGER release_items_stay BEFORE UPDATE OF quantity ON release_items
BEGIN SELECT RAISE(ABORT, 'nothing on a pass is changed'); END;
-- Never twice out, and never out without having been approved.
CREATE TRIGGER release_out_once BEFORE UPDATE OF out_at ON release_passes WHEN OLD.out_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'these goods are out'); END;
CREATE TRIGGER release_states BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'release' AND NEW.state <> OLD.state AND NOT EXISTS (
  SELECT 1 FROM release_passes WHERE case_id = NEW.id AND CASE
    WHEN NEW.state IN ('approved', 'printed') THEN approved_at IS NOT NULL AND out_at IS NULL
    WHEN NEW.state IN ('released', 'returned') THEN out_at IS NOT NULL
    ELSE out_at IS NULL END)
BEGIN SELECT RAISE(ABORT, 'a pass does not stand so'); END;
-- The list of the gate, and what the desk still has to do with one.
CREATE INDEX cases_of_release ON cases (state, id) WHERE kind = 'release';
