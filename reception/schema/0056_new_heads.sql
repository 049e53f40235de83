-- An account that became a head's hears nothing that is sealed before another head has confirmed it (`new_heads`).
ALTER TABLE staff ADD COLUMN unconfirmed INTEGER NOT NULL DEFAULT 0 CHECK (unconfirmed IN (0, 1));

-- Through whose hands an account went: who made it, gave it its role, set it back in use, gave it a one-time code. None of
-- these confirms it, nor whoever made these.
CREATE TABLE staff_makers (
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  by_id INTEGER NOT NULL REFERENCES staff (id),
  PRIMARY KEY (staff_id, by_id)
) STRICT, WITHOUT ROWID;

-- As far as history tells it.
INSERT OR IGNORE INTO staff_makers (staff_id, by_id)
SELECT subject_id, by_id FROM events JOIN staff ON staff.id = subject_id
WHERE subject = 'staff' AND what = 'give_code' AND by_id IN (SELECT id FROM staff);
INSERT OR IGNORE INTO staff_makers (staff_id, by_id)
SELECT staff.id, by_id FROM events JOIN staff ON staff.login = json_extract(detail, '$.key')
WHERE subject = 'setting' AND what = 'set_staff' AND by_id IN (SELECT id FROM staff) AND by_id <> staff.id;

-- Whoever is a head stays one; but for an account in which nobody ever was, where another head is.
UPDATE staff SET unconfirmed = 1
WHERE role IN ('service_head', 'manager') AND must_change = 1
  AND NOT EXISTS (SELECT 1 FROM events WHERE subject = 'staff' AND subject_id = staff.id AND what = 'change_password')
  AND EXISTS (SELECT 1 FROM staff AS other WHERE other.role IN ('service_head', 'manager') AND other.active = 1
              AND other.must_change = 0);
