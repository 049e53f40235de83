-- The line of those who are received on the visit day, and the room that they are called to (K5): no counter has either.
-- The first letter, apart in sound, that the centre has not given to a line of its own.
WITH letters (letter, nth) AS (VALUES ('H', 1), ('K', 2), ('N', 3), ('R', 4), ('S', 5), ('X', 6), ('Y', 7), ('Z', 8), ('Q', 9), ('L', 10), ('M', 11))
INSERT INTO lines (code, prefix, name, name_en, position, session)
SELECT 'visit-guest', letter, '接访来宾', 'Visit-day guests', 95, 1 FROM letters
WHERE letter NOT IN (SELECT prefix FROM lines) ORDER BY nth LIMIT 1;
INSERT INTO counters (no, name, name_en, room, session)
SELECT 'session', name, name_en, 1, 1 FROM rooms WHERE code = 'reception';
-- One room, and one line that leads to it.
CREATE UNIQUE INDEX lines_one_session ON lines (session) WHERE session = 1;
CREATE UNIQUE INDEX counters_one_session ON counters (session) WHERE session = 1;
-- Whatever an act forgets: a guest is at no counter, and the room holds nobody else.
CREATE TRIGGER tickets_guests_to_the_room BEFORE UPDATE OF counter, for_counter, line ON tickets
WHEN (NEW.counter IS NOT NULL AND (SELECT session FROM counters WHERE no = NEW.counter)
      <> (SELECT session FROM lines WHERE code = NEW.line))
  OR (NEW.for_counter IS NOT NULL AND ((SELECT session FROM counters WHERE no = NEW.for_counter) = 1
      OR (SELECT session FROM lines WHERE code = NEW.line) = 1))
  OR ((SELECT session FROM lines WHERE code = NEW.line) <> (SELECT session FROM lines WHERE code = OLD.line))
BEGIN SELECT RAISE(ABORT, 'a guest of the visit day is called from its session alone'); END;
-- Whom the session calls, by the day.
CREATE INDEX visit_day_bookings_here ON visit_day_bookings (visit_day_id, ticket_id) WHERE ticket_id IS NOT NULL;
