-- Why somebody saw a name and a telephone whole that he neither holds nor serves. The event beside it says who, what and
-- when, and bears the reason's code; the words of "other" stand here alone, and go with the event.
CREATE TABLE reveals (
  event_id INTEGER PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  at TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (length(reason) > 0),
  words TEXT NOT NULL DEFAULT '' CHECK ((reason = 'other') = (length(words) > 0))
) STRICT;
CREATE INDEX reveals_at ON reveals (at);
CREATE INDEX reveals_by ON reveals (by_id, at);
CREATE TRIGGER reveals_no_update BEFORE UPDATE OF event_id, by_id, at, reason ON reveals
BEGIN SELECT RAISE(ABORT, 'a reveal is append-only'); END;
CREATE TRIGGER reveals_no_delete BEFORE DELETE ON reveals
WHEN NOT EXISTS (SELECT 1 FROM retention_leave WHERE OLD.at < before)
BEGIN SELECT RAISE(ABORT, 'a reveal is append-only'); END;
