-- A worker's own phone: signed in for thirty days behind a PIN. Only hashes of what the phone keeps and of what he types.
CREATE TABLE worker_devices (
  id INTEGER PRIMARY KEY,
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  kind TEXT NOT NULL CHECK (kind IN ('iphone', 'android', 'harmony', 'other')),
  key_hash TEXT NOT NULL UNIQUE,
  pin_hash TEXT NOT NULL,
  pin_failures INTEGER NOT NULL DEFAULT 0 CHECK (pin_failures BETWEEN 0 AND 5),
  -- The opening that the PIN unlocked, and when it was last used; none: locked.
  opening_hash TEXT,
  used_at TEXT,
  added_at TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  expires_at TEXT NOT NULL CHECK (expires_at > added_at),
  CHECK ((opening_hash IS NULL) = (used_at IS NULL))
) STRICT;
CREATE INDEX worker_devices_staff ON worker_devices (staff_id);
-- Who leaves, changes his work, or whose password was set anew, is out at once, whoever changed it and by whichever way.
CREATE TRIGGER worker_devices_end_with_the_worker AFTER UPDATE OF active, role, password_hash ON staff
WHEN NEW.active = 0 OR NEW.role NOT IN ('worker', 'team_leader') OR NEW.password_hash <> OLD.password_hash
BEGIN DELETE FROM worker_devices WHERE staff_id = NEW.id; END;

-- Photos of a repair: before and after the work, or with the report. The pictures lie in the folder `photos` beside the
-- store; `file` is the path below it.
CREATE TABLE photos (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES repairs (case_id),
  order_id INTEGER REFERENCES work_orders (id),
  stage TEXT NOT NULL CHECK (stage IN ('report', 'before', 'after')),
  file TEXT NOT NULL UNIQUE CHECK (file GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]/*.jpg'),
  bytes INTEGER NOT NULL CHECK (bytes > 0),
  at TEXT NOT NULL,
  by_id INTEGER REFERENCES staff (id),
  CHECK ((stage = 'report') = (order_id IS NULL))
) STRICT;
CREATE INDEX photos_case ON photos (case_id, id);
CREATE INDEX photos_order ON photos (order_id, stage);
