-- 安全检查 (SYS-48): what is looked at before a number is taken at the desk, where the centre has it so.
CREATE TABLE security_items (
  code TEXT PRIMARY KEY CHECK (code GLOB '[a-z]*'),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO security_items (code, name, name_en, position) VALUES
  ('gate', '已通过安检门或手持检测', 'Went through the gate, or was checked by hand-held device', 1),
  ('bags', '行李、包裹由来访人自行打开查看', 'Bags and parcels were opened by the visitor himself', 2),
  ('goods', '未携带易燃易爆物品和管制刀具', 'Nothing inflammable or explosive, no controlled knife', 3);

-- That a visitor was checked, and nothing of what was found: the point of the list alone. No visit: he got no number.
CREATE TABLE security_checks (
  id INTEGER PRIMARY KEY,
  visit_id INTEGER UNIQUE REFERENCES visits (id),
  result TEXT NOT NULL CHECK (result IN ('ok', 'refused')),
  item TEXT REFERENCES security_items (code),
  at TEXT NOT NULL CHECK (length(at) = 24),
  by_id INTEGER NOT NULL REFERENCES staff (id),
  CHECK ((result = 'refused') = (item IS NOT NULL)),
  CHECK (result = 'refused' OR visit_id IS NOT NULL)
) STRICT;
CREATE INDEX security_checks_at ON security_checks (at);

-- One more thing that rings: a visitor was not let through, and security is called. Nobody's case.
CREATE TABLE rings_with_security (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('help', 'gas', 'water', 'lift', 'fire', 'injury', 'security')),
  at TEXT NOT NULL,
  presses INTEGER NOT NULL DEFAULT 1 CHECK (presses > 0),
  case_id INTEGER REFERENCES cases (id),
  taken_at TEXT,
  taken_by INTEGER REFERENCES staff (id),
  CHECK ((taken_at IS NULL) = (taken_by IS NULL)),
  CHECK ((kind IN ('help', 'security')) = (case_id IS NULL))
) STRICT;
INSERT INTO rings_with_security (id, kind, at, presses, case_id, taken_at, taken_by)
  SELECT id, kind, at, presses, case_id, taken_at, taken_by FROM rings;
DROP TABLE rings;
ALTER TABLE rings_with_security RENAME TO rings;
-- Repeated presses join the ring that nobody took yet.
CREATE UNIQUE INDEX rings_open ON rings (kind) WHERE taken_at IS NULL;
