-- 会议室使用、预定一览表 (SYS-44): rooms, and who has which one when. The visit day stands in the same list.
CREATE TABLE rooms (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (name <> ''),
  name_en TEXT NOT NULL,
  seats INTEGER CHECK (seats > 0),
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
-- RUL-04: 物业服务中心接待室.
INSERT INTO rooms (code, name, name_en, position) VALUES
  ('reception', '接待室', 'Reception room', 1), ('meeting', '会议室', 'Meeting room', 2);

CREATE TABLE room_bookings (
  id INTEGER PRIMARY KEY,
  room TEXT NOT NULL REFERENCES rooms (code),
  from_at TEXT NOT NULL CHECK (length(from_at) = 24),
  to_at TEXT NOT NULL CHECK (length(to_at) = 24 AND to_at > from_at),
  purpose TEXT NOT NULL CHECK (purpose <> ''),
  -- Who meets there, and answers for the room.
  holder_id INTEGER REFERENCES staff (id),
  visit_day_id INTEGER REFERENCES visit_days (id),
  state TEXT NOT NULL DEFAULT 'booked' CHECK (state IN ('booked', 'used', 'cancelled')),
  reason TEXT CHECK (reason <> ''),
  at TEXT NOT NULL,
  by_id INTEGER REFERENCES staff (id),
  CHECK ((reason IS NOT NULL) = (state = 'cancelled')),
  -- Somebody answers for it, or a visit day is held there.
  CHECK (holder_id IS NOT NULL OR visit_day_id IS NOT NULL)
) STRICT;
CREATE INDEX room_bookings_room ON room_bookings (room, from_at) WHERE state <> 'cancelled';
CREATE UNIQUE INDEX room_bookings_visit_day ON room_bookings (visit_day_id) WHERE state <> 'cancelled';
CREATE TRIGGER room_bookings_apart BEFORE INSERT ON room_bookings
WHEN NEW.state <> 'cancelled' AND EXISTS (SELECT 1 FROM room_bookings WHERE room = NEW.room AND state <> 'cancelled'
  AND from_at < NEW.to_at AND to_at > NEW.from_at)
BEGIN SELECT RAISE(ABORT, 'the room is taken'); END;
CREATE TRIGGER room_bookings_moved_apart BEFORE UPDATE OF room, from_at, to_at, state ON room_bookings
WHEN NEW.state <> 'cancelled' AND EXISTS (SELECT 1 FROM room_bookings WHERE room = NEW.room AND state <> 'cancelled'
  AND id <> NEW.id AND from_at < NEW.to_at AND to_at > NEW.from_at)
BEGIN SELECT RAISE(ABORT, 'the room is taken'); END;
