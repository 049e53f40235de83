-- 换表: a meter that was exchanged counts on from what the new one showed. `piece` 0 is the meter of the begin, 1 its first
-- successor; readings rise within one.
ALTER TABLE custody_readings ADD COLUMN piece INTEGER NOT NULL DEFAULT 0
  CHECK (piece BETWEEN 0 AND 99) CHECK (part <> 'first' OR piece = 0);
DROP TRIGGER custody_readings_stay;
CREATE TRIGGER custody_readings_stay BEFORE UPDATE ON custody_readings
WHEN NEW.value <> OLD.value OR NEW.meter <> OLD.meter OR NEW.custody_id <> OLD.custody_id OR NEW.at <> OLD.at
  OR NEW.piece <> OLD.piece
BEGIN SELECT RAISE(ABORT, 'a reading is corrected by another one'); END;
DROP TRIGGER custody_readings_rise;
CREATE TRIGGER custody_readings_rise BEFORE INSERT ON custody_readings
WHEN NEW.corrects_id IS NULL AND EXISTS (
  SELECT 1 FROM custody_readings AS earlier WHERE custody_id = NEW.custody_id AND meter = NEW.meter
  AND piece = NEW.piece AND value > NEW.value
  AND NOT EXISTS (SELECT 1 FROM custody_readings WHERE corrects_id = earlier.id))
BEGIN SELECT RAISE(ABORT, 'a meter does not run back'); END;
-- Nothing is read of a meter that is gone, and none is skipped; a correction is of the same one.
CREATE TRIGGER custody_readings_pieces BEFORE INSERT ON custody_readings
WHEN iif(NEW.corrects_id IS NOT NULL,
  NEW.piece <> (SELECT piece FROM custody_readings WHERE id = NEW.corrects_id),
  NEW.piece - coalesce((SELECT max(piece) FROM custody_readings WHERE custody_id = NEW.custody_id AND meter = NEW.meter), 0)
    NOT IN (0, 1))
BEGIN SELECT RAISE(ABORT, 'a reading is of the meter that hangs there'); END;
