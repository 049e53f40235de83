-- Notices (公告), publication of accounts (收支公布), events of the estate (社区活动): written, then published by a head,
-- shown from day to day of the site, and over by the day alone (domain.md SYS-40 to 42). The one-line notices of the
-- settings stay in `notices`.
CREATE TABLE announcements (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('notice', 'works', 'safety', 'accounts', 'event')),
  title TEXT NOT NULL CHECK (title <> ''),
  title_en TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL DEFAULT '',
  body_en TEXT NOT NULL DEFAULT '',
  from_on TEXT NOT NULL CHECK (from_on GLOB '????-??-??'),
  until_on TEXT NOT NULL CHECK (until_on GLOB '????-??-??'),
  period TEXT NOT NULL DEFAULT '',
  event_on TEXT CHECK (event_on GLOB '????-??-??'),
  begins TEXT CHECK (begins GLOB '[0-2][0-9]:[0-5][0-9]'),
  ends TEXT CHECK (ends GLOB '[0-2][0-9]:[0-5][0-9]'),
  place TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'withdrawn')),
  revision INTEGER NOT NULL DEFAULT 1 CHECK (revision > 0),
  written_by INTEGER NOT NULL REFERENCES staff (id),
  written_at TEXT NOT NULL,
  published_by INTEGER REFERENCES staff (id),
  published_at TEXT,
  withdrawn_by INTEGER REFERENCES staff (id),
  withdrawn_at TEXT,
  reason TEXT NOT NULL DEFAULT '',
  CHECK (from_on <= until_on),
  CHECK ((kind = 'event') = (event_on IS NOT NULL)),
  -- Nobody is invited to what is over.
  CHECK (event_on IS NULL OR (until_on <= event_on AND place <> '' AND begins IS NOT NULL)),
  CHECK (ends IS NULL OR (begins IS NOT NULL AND ends > begins)),
  CHECK ((kind = 'accounts') = (period <> '')),
  CHECK ((published_at IS NULL) = (published_by IS NULL)),
  CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
  CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
  CHECK (state <> 'draft' OR published_at IS NULL),
  CHECK (state <> 'published' OR published_at IS NOT NULL),
  CHECK (state <> 'withdrawn' OR published_at IS NULL OR reason <> ''),
  -- Figures are published by another than wrote them.
  CHECK (kind <> 'accounts' OR published_by IS NULL OR published_by <> written_by)
) STRICT;
CREATE INDEX announcements_until ON announcements (state, until_on);

-- What came in and went out, item by item, in whole fen; sums are reckoned, never typed.
CREATE TABLE announcement_lines (
  announcement_id INTEGER NOT NULL REFERENCES announcements (id),
  position INTEGER NOT NULL CHECK (position > 0),
  side TEXT NOT NULL CHECK (side IN ('income', 'expense')),
  item TEXT NOT NULL CHECK (item <> ''),
  fen INTEGER NOT NULL CHECK (fen BETWEEN 0 AND 999999999),
  PRIMARY KEY (announcement_id, position)
) STRICT, WITHOUT ROWID;

-- What people have read stays as they read it: it is withdrawn, and another one written.
CREATE TRIGGER announcements_stand BEFORE UPDATE ON announcements
WHEN OLD.state <> 'draft' AND (NEW.kind IS NOT OLD.kind OR NEW.from_on IS NOT OLD.from_on OR NEW.until_on IS NOT
  OLD.until_on OR NEW.event_on IS NOT OLD.event_on OR NEW.begins IS NOT OLD.begins OR NEW.ends IS NOT OLD.ends OR
  NEW.written_by IS NOT OLD.written_by OR NEW.revision IS NOT OLD.revision OR NEW.published_at IS NOT OLD.published_at
  OR NEW.published_by IS NOT OLD.published_by OR (NOT EXISTS (SELECT 1 FROM erasure_leave) AND (NEW.title IS NOT
  OLD.title OR NEW.title_en IS NOT OLD.title_en OR NEW.body IS NOT OLD.body OR NEW.body_en IS NOT OLD.body_en OR
  NEW.place IS NOT OLD.place OR NEW.period IS NOT OLD.period)))
BEGIN SELECT RAISE(ABORT, 'what was published stands'); END;
CREATE TRIGGER announcements_stay BEFORE DELETE ON announcements
BEGIN SELECT RAISE(ABORT, 'notices are withdrawn, not deleted'); END;
CREATE TRIGGER announcement_lines_stand BEFORE UPDATE ON announcement_lines
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.fen IS NOT OLD.fen OR NEW.side IS NOT OLD.side
BEGIN SELECT RAISE(ABORT, 'lines are written anew'); END;
CREATE TRIGGER announcement_lines_stay BEFORE DELETE ON announcement_lines
WHEN (SELECT state FROM announcements WHERE id = OLD.announcement_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'what was published stands'); END;
CREATE TRIGGER announcement_lines_late BEFORE INSERT ON announcement_lines
WHEN (SELECT state FROM announcements WHERE id = NEW.announcement_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'what was published stands'); END;
