-- A booking is fed back once the owner was told what became of every decision, never before (RUL-08).
CREATE TRIGGER visit_day_fed_back_when_told BEFORE UPDATE OF state ON cases
WHEN NEW.kind = 'visit-day' AND NEW.state IN ('fed_back', 'followed_up', 'closed') AND NEW.state <> OLD.state AND EXISTS (
  SELECT 1 FROM resolutions WHERE case_id = NEW.id AND NOT EXISTS (
    SELECT 1 FROM supervision_tellings WHERE supervision_tellings.supervision_id = resolutions.supervision_id))
BEGIN SELECT RAISE(ABORT, 'fed back before every decision was told'); END;
-- A decision that is taken back was promised all the same: the owner hears of it in the same breath.
CREATE TRIGGER resolutions_withdrawn_when_told BEFORE UPDATE OF state ON supervisions
WHEN NEW.state = 'withdrawn' AND EXISTS (SELECT 1 FROM resolutions WHERE supervision_id = NEW.id)
  AND NOT EXISTS (SELECT 1 FROM supervision_tellings WHERE supervision_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'withdrawn before the person knew'); END;
-- Nor is it forgotten whose it was.
CREATE TRIGGER resolutions_supervised_once BEFORE UPDATE OF supervision_id ON resolutions
WHEN OLD.supervision_id IS NOT NULL AND NEW.supervision_id IS NOT OLD.supervision_id
BEGIN SELECT RAISE(ABORT, 'a decision is supervised once'); END;
