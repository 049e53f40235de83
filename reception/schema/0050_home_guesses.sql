-- 猜号: at the kiosk a home and four digits of a telephone show whose home it is, masked. What did not fit is counted, so that
-- nobody tries them all: by the home, by the digits, and over all. Gone after a day (`reception/home_guesses`).
CREATE TABLE home_guesses (
  unit_id INTEGER NOT NULL REFERENCES units (id),
  tail TEXT NOT NULL CHECK (length(tail) = 4),
  at TEXT NOT NULL CHECK (length(at) = 24),
  PRIMARY KEY (unit_id, tail)
) STRICT, WITHOUT ROWID;
CREATE INDEX home_guesses_tail ON home_guesses (tail);
CREATE INDEX home_guesses_at ON home_guesses (at);

-- Who of the staff typed the telephone of a visit; NULL: the visitor himself. Who typed one sees no matter whole by it.
ALTER TABLE visits ADD COLUMN phone_by INTEGER REFERENCES staff (id);
CREATE INDEX visits_phone_by ON visits (phone_by) WHERE phone_by IS NOT NULL;
