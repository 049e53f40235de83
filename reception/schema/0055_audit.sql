-- The audit log is read by period; the store's own times only rise, so the newest rows stand at the end of this, too.
CREATE INDEX events_at ON events (at);

-- REPLACE takes a row away without firing the trigger on DELETE: an event of a number that is there is refused (a row that
-- is still to get its number has none yet, which SQLite shows here as -1).
CREATE TRIGGER events_never_replaced BEFORE INSERT ON events
WHEN NEW.id > 0 AND EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

-- What was refused, counted by day: whoever knocks a million times makes one row of each kind.
CREATE TABLE refusals (
  day_on TEXT NOT NULL,
  -- Which of the two apps, and which of its rooms; '' for an address that does not exist.
  app TEXT NOT NULL CHECK (app IN ('kiosk', 'desk')),
  place TEXT NOT NULL CHECK (length(place) <= 60),
  code TEXT NOT NULL CHECK (length(code) <= 60),
  -- 0: nobody who was known.
  staff_id INTEGER NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0),
  first_at TEXT NOT NULL CHECK (length(first_at) = 24),
  last_at TEXT NOT NULL CHECK (length(last_at) = 24),
  PRIMARY KEY (day_on, app, place, code, staff_id)
) STRICT, WITHOUT ROWID;

-- Seals over the history, one an hour: a chain, so that nobody changes what was sealed without changing every later seal.
-- `detail` is outside: an erasure strikes a person out of it. What retention removed leaves its seal with fewer rows.
CREATE TABLE history_seals (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  from_id INTEGER NOT NULL,
  to_id INTEGER NOT NULL CHECK (to_id >= from_id),
  count INTEGER NOT NULL CHECK (count > 0),
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  chain TEXT NOT NULL CHECK (length(chain) = 64),
  sealed_at TEXT NOT NULL CHECK (length(sealed_at) = 24)
) STRICT;
CREATE TRIGGER history_seals_follow BEFORE INSERT ON history_seals
WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM history_seals)
  OR NEW.from_id <= (SELECT coalesce(max(to_id), NEW.from_id - 1) FROM history_seals)
BEGIN SELECT RAISE(ABORT, 'seals follow each other'); END;
CREATE TRIGGER history_seals_no_update BEFORE UPDATE ON history_seals
BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
CREATE TRIGGER history_seals_no_delete BEFORE DELETE ON history_seals
BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
