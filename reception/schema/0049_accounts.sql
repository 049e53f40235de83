-- 登录: how often a log-in failed in a row, by what was tried: a name as it was typed (whether somebody has it or not), a
-- name in a browser that its member of staff used before, or an open session. Only a hash: somebody may have typed his
-- password into the field of the name. Kept in the store, so that a restart forgives nobody.
CREATE TABLE login_failures (
  key_hash TEXT PRIMARY KEY CHECK (length(key_hash) = 64),
  failures INTEGER NOT NULL CHECK (failures >= 1),
  failed_at TEXT NOT NULL CHECK (length(failed_at) = 24)
) STRICT, WITHOUT ROWID;
CREATE INDEX login_failures_at ON login_failures (failed_at);

-- Browsers in which a member of staff logged in before (OWASP: device cookies): a stranger who types wrong passwords under
-- his name elsewhere does not lock him out of his own place.
CREATE TABLE known_browsers (
  key_hash TEXT NOT NULL CHECK (length(key_hash) = 64),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  used_at TEXT NOT NULL CHECK (length(used_at) = 24),
  PRIMARY KEY (key_hash, staff_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_browsers_of ON known_browsers (staff_id, used_at);

ALTER TABLE staff DROP COLUMN failures;
ALTER TABLE staff DROP COLUMN failed_at;
-- Until when a one-time code opens anything; NULL: no limit, as on the first administrator's slip.
ALTER TABLE staff ADD COLUMN code_until TEXT CHECK (length(code_until) = 24);

-- A session that nobody used for a while is locked, not gone: the same person goes on where he was.
ALTER TABLE sessions ADD COLUMN locked_at TEXT CHECK (length(locked_at) = 24);
-- What the browser says of itself, coarsely: enough to tell two of one's own apart.
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
CREATE INDEX sessions_of ON sessions (staff_id);
