-- What a case may be sealed to: 1, the heads (head of service, manager); 2, the manager alone; 0, not sealed.
ALTER TABLE cases ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0 CHECK (sealed IN (0, 1, 2));

-- Whom a sealed case is about: it does not exist for him, whatever his role (domain.md K3, 18).
CREATE TABLE case_accused (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  PRIMARY KEY (case_id, staff_id)
) STRICT, WITHOUT ROWID;

-- Who is let in besides the heads: whoever raised it, whoever was told of it.
CREATE TABLE case_readers (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  PRIMARY KEY (case_id, staff_id)
) STRICT, WITHOUT ROWID;

-- A line whose visitors one role alone hears: no counter serves it, no list of the others knows it.
ALTER TABLE lines ADD COLUMN hears TEXT CHECK (hears IN ('service_head', 'manager'));
-- The first letters that the centre has not given to a line of its own.
WITH letters (letter, nth) AS (VALUES ('L', 1), ('M', 2), ('K', 3), ('N', 4), ('R', 5), ('S', 6), ('X', 7), ('Y', 8), ('Z', 9)),
free AS (SELECT letter, row_number() OVER (ORDER BY nth) AS place FROM letters
         WHERE letter NOT IN (SELECT prefix FROM lines))
INSERT INTO lines (code, prefix, name, name_en, position, hears)
SELECT code, letter, name, name_en, 89 + place, hears FROM free JOIN
  (SELECT 1 AS nth, 'heard-by-head' AS code, '专人接待（客服主管）' AS name,
          'Received in private (head of service)' AS name_en, 'service_head' AS hears
   UNION ALL SELECT 2, 'heard-by-manager', '专人接待（项目经理）', 'Received in private (manager)', 'manager')
  ON nth = place;
