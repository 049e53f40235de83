-- What many lists read without asking is never sealed: those of repairs, of dangers, of the visit day.
CREATE TRIGGER cases_sealed_kinds BEFORE UPDATE OF sealed ON cases
WHEN NEW.sealed > 0 AND NEW.kind IN ('repair', 'emergency', 'visit-day')
BEGIN SELECT RAISE(ABORT, 'cases of this kind are never sealed'); END;
CREATE TRIGGER cases_born_sealed_kinds BEFORE INSERT ON cases
WHEN NEW.sealed > 0 AND NEW.kind IN ('repair', 'emergency', 'visit-day')
BEGIN SELECT RAISE(ABORT, 'cases of this kind are never sealed'); END;
CREATE INDEX cases_sealed ON cases (id) WHERE sealed > 0;
CREATE INDEX case_accused_staff ON case_accused (staff_id);
