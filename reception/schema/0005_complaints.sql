INSERT INTO case_states (kind, state, terminal) VALUES
  ('complaint', 'received', 0), ('complaint', 'acknowledged', 0), ('complaint', 'closed', 1),
  ('complaint', 'withdrawn', 1);

CREATE TABLE complaints (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  category TEXT NOT NULL CHECK (category IN ('service', 'repair', 'fees', 'cleaning', 'security', 'parking', 'noise',
                                             'facilities', 'other')),
  facts TEXT NOT NULL CHECK (facts <> ''),
  wish TEXT NOT NULL
) STRICT;
