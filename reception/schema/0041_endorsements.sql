-- 签批 (RUL-05, RUL-06, K7): the chain is data, for the procedures give it in two orders (part I, trap 3). Steps of one
-- position are signed side by side; a position begins when the one before it is complete.
CREATE TABLE sign_steps (
  step TEXT PRIMARY KEY CHECK (step IN ('review', 'departments', 'supervisor', 'service_head', 'manager')),
  position INTEGER NOT NULL CHECK (position >= 1),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  -- Who signs, where no role says it: the step of the supervisor.
  signer TEXT REFERENCES staff (login),
  CHECK (step <> 'manager' OR active = 1),
  CHECK (step <> 'supervisor' OR active = 0 OR signer IS NOT NULL)
) STRICT, WITHOUT ROWID;
-- 主管 (ROL-22) is a step of its own only where the centre wants it.
INSERT INTO sign_steps (step, position, active) VALUES
  ('review', 1, 1), ('departments', 2, 1), ('supervisor', 3, 0), ('service_head', 3, 1), ('manager', 4, 1);

-- One signature, asked for or given. The rows of a booking's chain are written when it goes into signing; `wording` is
-- the matter they are under, `round` begins anew when somebody disagreed.
CREATE TABLE endorsements (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES visit_day_bookings (case_id),
  wording INTEGER NOT NULL,
  round INTEGER NOT NULL CHECK (round >= 1),
  step TEXT NOT NULL REFERENCES sign_steps (step),
  position INTEGER NOT NULL,
  -- Whose head signs, at the step of the departments.
  department TEXT REFERENCES departments (code),
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'agreed', 'disagreed', 'void')),
  -- What was void: 'reworded', 'returned', 'rechained'; 'withdrawn' what nobody needs to sign any more.
  void_reason TEXT CHECK (void_reason IN ('reworded', 'returned', 'rechained', 'withdrawn')),
  -- RUL-06: an opinion, a department and a deadline in each signature that agrees; the reason in one that does not.
  opinion TEXT CHECK (opinion <> ''),
  handling_department TEXT REFERENCES departments (code),
  deadline_on TEXT CHECK (deadline_on GLOB '????-??-??'),
  -- 同意前述意见: taken over from this signature.
  inherits_id INTEGER REFERENCES endorsements (id),
  -- Whose signature it is; a deputy signs for him (K3, 6), or somebody saw it on the paper.
  signed_for INTEGER REFERENCES staff (id),
  signed_by INTEGER REFERENCES staff (id),
  on_behalf INTEGER NOT NULL DEFAULT 0 CHECK (on_behalf IN (0, 1)),
  on_paper INTEGER NOT NULL DEFAULT 0 CHECK (on_paper IN (0, 1)),
  signed_at TEXT,
  asked_at TEXT NOT NULL,
  remind_at TEXT,
  reminded_at TEXT,
  due_at TEXT,
  CHECK ((department IS NOT NULL) = (step = 'departments')),
  CHECK (state <> 'agreed' OR (opinion IS NOT NULL AND handling_department IS NOT NULL AND deadline_on IS NOT NULL)),
  CHECK (state <> 'disagreed' OR opinion IS NOT NULL),
  CHECK (state NOT IN ('agreed', 'disagreed') OR (signed_at IS NOT NULL AND signed_by IS NOT NULL AND signed_for IS NOT NULL)),
  CHECK (state <> 'pending' OR signed_at IS NULL),
  CHECK ((state = 'void') = (void_reason IS NOT NULL)),
  -- His own hand, or it says on whose behalf.
  CHECK (signed_by IS NULL OR signed_by = signed_for OR on_behalf = 1 OR on_paper = 1)
) STRICT;
CREATE UNIQUE INDEX endorsements_once ON endorsements (case_id, wording, round, step, coalesce(department, ''));
CREATE INDEX endorsements_pending ON endorsements (step, department) WHERE state = 'pending';
CREATE TRIGGER endorsements_signed_stay BEFORE UPDATE ON endorsements
WHEN OLD.state <> 'pending' AND (NEW.opinion IS NOT OLD.opinion OR NEW.handling_department IS NOT OLD.handling_department
  OR NEW.deadline_on IS NOT OLD.deadline_on OR NEW.signed_for IS NOT OLD.signed_for OR NEW.signed_by IS NOT OLD.signed_by
  OR NEW.signed_at IS NOT OLD.signed_at OR NEW.wording <> OLD.wording OR NEW.case_id <> OLD.case_id OR NEW.step <> OLD.step
  OR NEW.state NOT IN (OLD.state, 'void'))
BEGIN SELECT RAISE(ABORT, 'a signature is never changed'); END;
CREATE TRIGGER endorsements_stay BEFORE DELETE ON endorsements WHEN OLD.state <> 'pending'
BEGIN SELECT RAISE(ABORT, 'a signature is never removed'); END;

-- RUL-05, K3, 6: never admitted with a missing or void signature. Whoever walked in needs the manager's own, no more.
CREATE TRIGGER visit_day_admitted_by_every_signature BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'visit-day' AND NEW.state IN ('admitted', 'scheduled', 'checked_in', 'met') AND NEW.state <> OLD.state AND (
  -- The manager's signature under this wording stands in every chain, and is his own for who walked in.
  NOT EXISTS (SELECT 1 FROM endorsements JOIN visit_day_bookings AS booked USING (case_id)
    WHERE case_id = NEW.id AND endorsements.wording = booked.wording AND step = 'manager' AND state = 'agreed'
      AND (booked.walk_in = 0 OR (on_behalf = 0 AND on_paper = 0 AND (SELECT role FROM staff WHERE staff.id = signed_for) = 'manager')))
  -- Nobody of its chain is still to sign, or disagreed, or signed what was changed since.
  OR EXISTS (SELECT 1 FROM endorsements JOIN visit_day_bookings AS booked USING (case_id)
    WHERE case_id = NEW.id AND endorsements.wording = booked.wording AND state <> 'agreed'
      AND round = (SELECT max(round) FROM endorsements WHERE case_id = NEW.id))
  -- And its chain left no step out.
  OR EXISTS (SELECT 1 FROM sign_steps JOIN visit_day_bookings AS booked ON booked.case_id = NEW.id
    WHERE sign_steps.active = 1 AND booked.walk_in = 0 AND OLD.state IN ('booked', 'under_review', 'signing') AND NOT EXISTS (
      SELECT 1 FROM endorsements AS given WHERE given.case_id = NEW.id AND given.step = sign_steps.step
        AND given.wording = booked.wording AND given.state = 'agreed'))
)
BEGIN SELECT RAISE(ABORT, 'admitted without every signature'); END;
CREATE TRIGGER visit_day_reworded BEFORE UPDATE OF matter ON visit_day_bookings
WHEN NEW.matter <> OLD.matter AND NEW.wording <> OLD.wording + 1
BEGIN SELECT RAISE(ABORT, 'a matter changed under its signatures'); END;
CREATE TRIGGER visit_day_bookings_begin_unsigned BEFORE INSERT ON cases
WHEN NEW.kind = 'visit-day' AND NEW.state <> 'booked'
BEGIN SELECT RAISE(ABORT, 'a booking begins as one'); END;
