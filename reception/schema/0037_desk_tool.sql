-- Why a visitor left though no matter was recorded (RUL-21): said at the counter, in one press.
CREATE TABLE visit_ends (
  visit_id INTEGER PRIMARY KEY REFERENCES visits (id),
  reason TEXT NOT NULL CHECK (reason IN ('answered', 'wrong_place', 'form_only', 'under_way', 'host')),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;

-- What to say and what comes next, by what is in front of whoever sits at the desk: a ticket, or a kind of case, and
-- its state (SYS-32). The centre's own list; what has no line shows nothing.
CREATE TABLE scripts (
  code TEXT PRIMARY KEY,
  say TEXT NOT NULL,
  say_en TEXT NOT NULL,
  then_do TEXT NOT NULL,
  then_do_en TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
