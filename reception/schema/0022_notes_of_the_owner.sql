-- A note may come from somebody who is no member of staff: the owner by his code, the kiosk, the box itself.
CREATE TABLE new_case_notes (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  text TEXT NOT NULL CHECK (text <> ''),
  at TEXT NOT NULL,
  by_id INTEGER REFERENCES staff (id),
  -- Who it was, where it was nobody of the staff: a role of `reception/permissions.py`.
  by_role TEXT NOT NULL DEFAULT '',
  CHECK ((by_id IS NULL) = (by_role <> ''))
) STRICT;
-- The notes of a bad answer stood under the name of the head, who never wrote them.
INSERT INTO new_case_notes (id, case_id, text, at, by_id, by_role)
  SELECT id, case_id, text, at, iif(text = '回访/评价不满意，重新处理', NULL, by_id),
    iif(text = '回访/评价不满意，重新处理',
      coalesce((SELECT by_role FROM events WHERE subject = 'case' AND subject_id = case_notes.case_id
        AND what = 'rework' AND events.at = case_notes.at AND by_role IN ('token_holder', 'kiosk')), 'box'), '')
  FROM case_notes;
DROP TABLE case_notes;
ALTER TABLE new_case_notes RENAME TO case_notes;
CREATE INDEX case_notes_case ON case_notes (case_id, id);
