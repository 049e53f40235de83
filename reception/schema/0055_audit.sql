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
