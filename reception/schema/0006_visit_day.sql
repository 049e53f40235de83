INSERT INTO case_states (kind, state, terminal) VALUES
  ('visit-day', 'booked', 0), ('visit-day', 'withdrawn', 1), ('visit-day', 'closed', 1);

CREATE TABLE visit_day_bookings (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  matter TEXT NOT NULL CHECK (matter <> ''),
  nominal_on TEXT NOT NULL CHECK (nominal_on GLOB '????-??-??'),
  visit_day_on TEXT NOT NULL CHECK (visit_day_on GLOB '????-??-??'),
  provisional INTEGER NOT NULL CHECK (provisional IN (0, 1))
) STRICT;
CREATE INDEX visit_day_bookings_day ON visit_day_bookings (visit_day_on);
