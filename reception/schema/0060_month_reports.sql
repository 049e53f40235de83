-- Month report (月报, domain.md SYS-22, K10): the figures of a month as they were on its third working day, once.
CREATE TABLE month_reports (
  month TEXT PRIMARY KEY CHECK (month GLOB '20[0-9][0-9]-[01][0-9]'),
  frozen_at TEXT NOT NULL,
  -- Names, values and definitions of that moment: codes, counts and sentences of ours, nothing of a person.
  figures TEXT NOT NULL CHECK (json_valid(figures)),
  -- What whoever answers for it says to the figures, when it is issued.
  analysis TEXT NOT NULL DEFAULT '',
  issued_at TEXT,
  issued_by INTEGER REFERENCES staff (id),
  -- The day on which it was last counted again, for later edits.
  checked_on TEXT NOT NULL CHECK (checked_on GLOB '????-??-??'),
  CHECK ((issued_at IS NULL) = (issued_by IS NULL)),
  CHECK (analysis = '' OR issued_at IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER month_reports_stay BEFORE UPDATE OF month, frozen_at, figures ON month_reports
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) BEGIN SELECT RAISE(ABORT, 'a frozen month stays'); END;
CREATE TRIGGER month_reports_issued_once BEFORE UPDATE OF analysis, issued_at, issued_by ON month_reports
WHEN OLD.issued_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM erasure_leave)
BEGIN SELECT RAISE(ABORT, 'a month is issued once'); END;
-- Only what a clock that ran ahead froze goes, when the clock is declared right.
CREATE TRIGGER month_reports_never_go BEFORE DELETE ON month_reports
WHEN OLD.frozen_at <= (SELECT at FROM events ORDER BY id DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'a frozen month stays'); END;

-- What a figure of a frozen month became by later edits, each time that it was found another.
CREATE TABLE month_corrections (
  id INTEGER PRIMARY KEY,
  month TEXT NOT NULL REFERENCES month_reports (month) ON DELETE CASCADE,
  figure TEXT NOT NULL CHECK (figure GLOB '[a-z]*/*'),
  -- The value and of how many, as JSON; [null, null] where the figure was not there.
  was TEXT NOT NULL CHECK (json_valid(was)),
  became TEXT NOT NULL CHECK (json_valid(became) AND became <> was),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX month_corrections_month ON month_corrections (month, id);
CREATE TRIGGER month_corrections_no_update BEFORE UPDATE ON month_corrections
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

-- What a month is counted from, among all that ever was.
CREATE INDEX visits_arrived ON visits (arrived_at);
CREATE INDEX print_jobs_queued_at ON print_jobs (queued_at);
