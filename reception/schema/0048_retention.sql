-- History goes by retention alone, and retention takes nothing young: an act that removes writes down here, for as long as
-- it lasts, before when it removes, and the store holds it to that.
CREATE TABLE retention_leave (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  before TEXT NOT NULL CHECK (length(before) = 24)
) STRICT;
-- 网络安全法 21: logs are kept for six months at least, whatever a centre set.
CREATE TRIGGER retention_leave_for_the_old BEFORE INSERT ON retention_leave
WHEN NEW.before > (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', at, '-184 days') FROM events ORDER BY id DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'history is kept for six months'); END;
CREATE TRIGGER retention_leave_stays BEFORE UPDATE ON retention_leave
BEGIN SELECT RAISE(ABORT, 'a leave is not widened'); END;
DROP TRIGGER events_no_delete;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
WHEN NOT EXISTS (SELECT 1 FROM retention_leave WHERE OLD.at < before)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

-- Whose visits still name somebody: what retention looks for each day, among a million that name nobody.
CREATE INDEX visits_naming_somebody ON visits (arrived_at)
WHERE name IS NOT NULL OR phone IS NOT NULL OR unit_id IS NOT NULL;
