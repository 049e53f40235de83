-- Finding a case by the name of its person.
CREATE INDEX cases_name ON cases (name, id);

-- Who lived in a home, or owned it, and moved out: kept, but recognised nowhere any more. Of those who are in
-- `residents`, everybody still belongs to the home.
CREATE TABLE former_residents (
  id INTEGER PRIMARY KEY,
  -- What he was in `residents`.
  resident_id INTEGER NOT NULL,
  unit_id INTEGER NOT NULL REFERENCES units (id),
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  relation TEXT NOT NULL CHECK (relation IN ('owner', 'family', 'tenant', 'agent')),
  moved_out_at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX former_residents_unit ON former_residents (unit_id, id);
