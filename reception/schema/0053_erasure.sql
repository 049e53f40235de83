-- Erasing one person (PIPL 47): under a leave, which lasts for one act, words may be taken out of what is append-only.
-- Only words: every other column stands as it did, leave or no leave.
CREATE TABLE erasure_leave (
  one INTEGER PRIMARY KEY CHECK (one = 1)
) STRICT;

DROP TRIGGER appointment_changes_no_update;
CREATE TRIGGER appointment_changes_no_update BEFORE UPDATE ON appointment_changes
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.case_id IS NOT OLD.case_id OR NEW.edition IS NOT OLD.edition OR
  NEW.was_at IS NOT OLD.was_at OR NEW.was_host_id IS NOT OLD.was_host_id OR NEW.at IS NOT OLD.at OR NEW.by_id IS NOT
  OLD.by_id
BEGIN SELECT RAISE(ABORT, 'changes are append-only'); END;

DROP TRIGGER calendar_changes_no_update;
CREATE TRIGGER calendar_changes_no_update BEFORE UPDATE ON calendar_changes
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.day_on IS NOT OLD.day_on OR
  NEW.was_kind IS NOT OLD.was_kind OR NEW.kind IS NOT OLD.kind OR NEW.source IS NOT OLD.source OR NEW.at IS NOT
  OLD.at OR NEW.by_role IS NOT OLD.by_role OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

DROP TRIGGER case_escalations_no_update;
CREATE TRIGGER case_escalations_no_update BEFORE UPDATE ON case_escalations
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR NEW.round
  IS NOT OLD.round OR NEW.level IS NOT OLD.level OR NEW.to_id IS NOT OLD.to_id OR NEW.next_update_at IS NOT
  OLD.next_update_at OR NEW.at IS NOT OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'escalations are append-only'); END;

DROP TRIGGER charge_withdrawals_no_update;
CREATE TRIGGER charge_withdrawals_no_update BEFORE UPDATE ON charge_withdrawals
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.charge_id IS NOT OLD.charge_id OR NEW.at IS NOT OLD.at OR
  NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'a withdrawal is not changed'); END;

DROP TRIGGER closings_without_consent_no_update;
CREATE TRIGGER closings_without_consent_no_update BEFORE UPDATE ON closings_without_consent
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR NEW.round
  IS NOT OLD.round OR NEW.at IS NOT OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'closings are append-only'); END;

DROP TRIGGER complaint_findings_no_update;
CREATE TRIGGER complaint_findings_no_update BEFORE UPDATE ON complaint_findings
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR NEW.round
  IS NOT OLD.round OR NEW.finding IS NOT OLD.finding OR NEW.at IS NOT OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'findings are append-only'); END;

DROP TRIGGER complaint_replies_no_update;
CREATE TRIGGER complaint_replies_no_update BEFORE UPDATE ON complaint_replies
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR NEW.round
  IS NOT OLD.round OR NEW.at IS NOT OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'replies are append-only'); END;

DROP TRIGGER day_checks_no_update;
CREATE TRIGGER day_checks_no_update BEFORE UPDATE ON day_checks
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.day_on IS NOT OLD.day_on OR NEW.item IS
  NOT OLD.item OR NEW.part IS NOT OLD.part OR NEW.state IS NOT OLD.state OR NEW.found IS NOT OLD.found OR NEW.at IS
  NOT OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'checks are append-only'); END;

DROP TRIGGER deadlines_no_update;
CREATE TRIGGER deadlines_no_update BEFORE UPDATE ON deadlines
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR NEW.clock
  IS NOT OLD.clock OR NEW.round IS NOT OLD.round OR NEW.due_at IS NOT OLD.due_at OR NEW.at IS NOT OLD.at OR
  NEW.by_role IS NOT OLD.by_role OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'deadlines are append-only'); END;

DROP TRIGGER events_no_update;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.what IS NOT
  OLD.what OR NEW.subject IS NOT OLD.subject OR NEW.subject_id IS NOT OLD.subject_id OR NEW.by_role IS NOT
  OLD.by_role OR NEW.by_id IS NOT OLD.by_id OR NEW.from_state IS NOT OLD.from_state OR NEW.to_state IS NOT
  OLD.to_state
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

DROP TRIGGER fault_expectations_no_update;
CREATE TRIGGER fault_expectations_no_update BEFORE UPDATE ON fault_expectations
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.fault_id IS NOT OLD.fault_id OR
  NEW.expected_at IS NOT OLD.expected_at OR NEW.at IS NOT OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'promised times are append-only'); END;

DROP TRIGGER feedback_notices_no_update;
CREATE TRIGGER feedback_notices_no_update BEFORE UPDATE ON feedback_notices
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR NEW.round
  IS NOT OLD.round OR NEW.about IS NOT OLD.about OR NEW.channel IS NOT OLD.channel OR NEW.at IS NOT OLD.at OR
  NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'feedback is append-only'); END;

DROP TRIGGER home_date_changes_no_update;
CREATE TRIGGER home_date_changes_no_update BEFORE UPDATE ON home_date_changes
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.field IS NOT OLD.field OR NEW.was IS
  NOT OLD.was OR NEW.became IS NOT OLD.became OR NEW.at IS NOT OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'changes of dates are append-only'); END;

DROP TRIGGER incident_notices_no_update;
CREATE TRIGGER incident_notices_no_update BEFORE UPDATE ON incident_notices
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR
  NEW.contact_id IS NOT OLD.contact_id OR NEW.channel IS NOT OLD.channel OR NEW.reached IS NOT OLD.reached OR NEW.at
  IS NOT OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'notices are append-only'); END;

DROP TRIGGER inquiry_advice_no_update;
CREATE TRIGGER inquiry_advice_no_update BEFORE UPDATE ON inquiry_advice
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR NEW.round
  IS NOT OLD.round OR NEW.at IS NOT OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'advice is append-only'); END;

DROP TRIGGER inquiry_answers_no_update;
CREATE TRIGGER inquiry_answers_no_update BEFORE UPDATE ON inquiry_answers
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR NEW.round
  IS NOT OLD.round OR NEW.saved_id IS NOT OLD.saved_id OR NEW.at IS NOT OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'answers are append-only'); END;

DROP TRIGGER inquiry_consultations_no_update;
CREATE TRIGGER inquiry_consultations_no_update BEFORE UPDATE ON inquiry_consultations
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR NEW.round
  IS NOT OLD.round OR NEW.department IS NOT OLD.department OR NEW.expert_id IS NOT OLD.expert_id OR NEW.at IS NOT
  OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'consultations are append-only'); END;

DROP TRIGGER inquiry_promises_no_update;
CREATE TRIGGER inquiry_promises_no_update BEFORE UPDATE ON inquiry_promises
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR NEW.round
  IS NOT OLD.round OR NEW.due_at IS NOT OLD.due_at OR NEW.at IS NOT OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'promises are append-only'); END;

DROP TRIGGER liability_decisions_no_update;
CREATE TRIGGER liability_decisions_no_update BEFORE UPDATE ON liability_decisions
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR
  NEW.liability IS NOT OLD.liability OR NEW.proposed IS NOT OLD.proposed OR NEW.part IS NOT OLD.part OR NEW.ends_on
  IS NOT OLD.ends_on OR NEW.at IS NOT OLD.at OR NEW.by_id IS NOT OLD.by_id OR NEW.exclusion IS NOT OLD.exclusion OR
  NEW.waived IS NOT OLD.waived
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

DROP TRIGGER log_notes_no_update;
CREATE TRIGGER log_notes_no_update BEFORE UPDATE ON log_notes
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.by_id IS NOT
  OLD.by_id OR NEW.kind IS NOT OLD.kind
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

DROP TRIGGER payments_no_update;
CREATE TRIGGER payments_no_update BEFORE UPDATE ON payments
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.charge_id IS NOT OLD.charge_id OR
  NEW.no IS NOT OLD.no OR NEW.kind IS NOT OLD.kind OR NEW.amount_fen IS NOT OLD.amount_fen OR NEW.method IS NOT
  OLD.method OR NEW.at IS NOT OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'a payment is not changed'); END;

DROP TRIGGER quotation_lines_no_update;
CREATE TRIGGER quotation_lines_no_update BEFORE UPDATE ON quotation_lines
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.quotation_id IS NOT OLD.quotation_id OR
  NEW.price_item IS NOT OLD.price_item OR NEW.kind IS NOT OLD.kind OR NEW.quantity IS NOT OLD.quantity OR
  NEW.price_fen IS NOT OLD.price_fen OR NEW.amount_fen IS NOT OLD.amount_fen
BEGIN SELECT RAISE(ABORT, 'a quotation is not changed, a new one is made'); END;

DROP TRIGGER supervision_deadlines_no_update;
CREATE TRIGGER supervision_deadlines_no_update BEFORE UPDATE ON supervision_deadlines
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.supervision_id IS NOT
  OLD.supervision_id OR NEW.due_at IS NOT OLD.due_at OR NEW.at IS NOT OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'deadlines are append-only'); END;

DROP TRIGGER visit_day_changes_no_update;
CREATE TRIGGER visit_day_changes_no_update BEFORE UPDATE ON visit_day_changes
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.case_id IS NOT OLD.case_id OR NEW.edition IS NOT OLD.edition OR
  NEW.was_on IS NOT OLD.was_on OR NEW.was_starts IS NOT OLD.was_starts OR NEW.cause IS NOT OLD.cause OR NEW.at IS
  NOT OLD.at OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'changes are append-only'); END;

DROP TRIGGER visit_day_moves_no_update;
CREATE TRIGGER visit_day_moves_no_update BEFORE UPDATE ON visit_day_moves
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.id IS NOT OLD.id OR NEW.visit_day_id IS NOT OLD.visit_day_id OR
  NEW.was_on IS NOT OLD.was_on OR NEW.now_on IS NOT OLD.now_on OR NEW.cause IS NOT OLD.cause OR NEW.at IS NOT OLD.at
  OR NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'moves are append-only'); END;

DROP TRIGGER visit_day_summaries_stay;
CREATE TRIGGER visit_day_summaries_stay BEFORE UPDATE ON visit_day_summaries
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.visit_day_id IS NOT OLD.visit_day_id OR NEW.at IS NOT OLD.at OR
  NEW.by_id IS NOT OLD.by_id
BEGIN SELECT RAISE(ABORT, 'a summary is not rewritten'); END;

-- These stand by what they say: under a leave, the words alone are let go.
DROP TRIGGER endorsements_signed_stay;
CREATE TRIGGER endorsements_signed_stay BEFORE UPDATE ON endorsements
WHEN OLD.state <> 'pending' AND ((NEW.opinion IS NOT OLD.opinion AND NOT EXISTS (SELECT 1 FROM erasure_leave))
  OR NEW.handling_department IS NOT OLD.handling_department OR NEW.deadline_on IS NOT OLD.deadline_on
  OR NEW.signed_for IS NOT OLD.signed_for OR NEW.signed_by IS NOT OLD.signed_by OR NEW.signed_at IS NOT OLD.signed_at
  OR NEW.wording <> OLD.wording OR NEW.case_id <> OLD.case_id OR NEW.step <> OLD.step OR NEW.state NOT IN (OLD.state, 'void'))
BEGIN SELECT RAISE(ABORT, 'a signature is never changed'); END;

DROP TRIGGER resolutions_stay;
CREATE TRIGGER resolutions_stay BEFORE UPDATE ON resolutions
WHEN ((NEW.opinion <> OLD.opinion OR NEW.reason IS NOT OLD.reason) AND NOT EXISTS (SELECT 1 FROM erasure_leave))
  OR NEW.department <> OLD.department OR NEW.due_on <> OLD.due_on OR NEW.at <> OLD.at OR NEW.case_id <> OLD.case_id
  OR NEW.by_id <> OLD.by_id OR NEW.round <> OLD.round
BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;

DROP TRIGGER suggestions_answered_once;
CREATE TRIGGER suggestions_answered_once BEFORE UPDATE OF answer ON suggestions
WHEN OLD.answer <> '' AND NOT EXISTS (SELECT 1 FROM erasure_leave)
BEGIN SELECT RAISE(ABORT, 'a suggestion is answered once'); END;

DROP TRIGGER visit_day_reworded;
CREATE TRIGGER visit_day_reworded BEFORE UPDATE OF matter ON visit_day_bookings
WHEN NEW.matter <> OLD.matter AND NEW.wording <> OLD.wording + 1 AND NOT EXISTS (SELECT 1 FROM erasure_leave)
BEGIN SELECT RAISE(ABORT, 'a matter changed under its signatures'); END;

DROP TRIGGER phone_calls_no_update;
CREATE TRIGGER phone_calls_no_update BEFORE UPDATE OF at, outcome, transfer_to, rings, by_id, case_id ON phone_calls
WHEN NOT EXISTS (SELECT 1 FROM erasure_leave) OR NEW.at <> OLD.at OR NEW.outcome IS NOT OLD.outcome
  OR NEW.rings IS NOT OLD.rings OR NEW.by_id <> OLD.by_id OR NEW.case_id IS NOT OLD.case_id
BEGIN SELECT RAISE(ABORT, 'calls are append-only'); END;

DROP TRIGGER visit_day_deputies_stay;
CREATE TRIGGER visit_day_deputies_stay BEFORE UPDATE ON visit_day_deputies
WHEN NEW.staff_id IS NOT OLD.staff_id OR NEW.at <> OLD.at
  OR ((NEW.reason <> OLD.reason OR OLD.seen_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM erasure_leave))
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

DROP TRIGGER sign_deputies_stay;
CREATE TRIGGER sign_deputies_stay BEFORE UPDATE ON sign_deputies
WHEN NEW.for_id <> OLD.for_id OR NEW.deputy_id <> OLD.deputy_id OR NEW.at <> OLD.at OR NEW.from_at <> OLD.from_at
  OR NEW.until_at <> OLD.until_at OR NEW.by_id <> OLD.by_id
  OR ((NEW.reason <> OLD.reason OR OLD.ended_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM erasure_leave))
BEGIN SELECT RAISE(ABORT, 'a deputy is ended, never changed'); END;
