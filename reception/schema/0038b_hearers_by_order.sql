-- By the order of the cases, not by their times: a clock that ran ahead and was put right makes later what was before.
-- The last case that was here when somebody became a head; NULL: always one.
ALTER TABLE staff ADD COLUMN heads_behind INTEGER;
UPDATE staff SET heads_behind = coalesce((SELECT max(id) FROM cases WHERE received_at < heads_since), 0)
WHERE heads_since IS NOT NULL;
ALTER TABLE staff DROP COLUMN heads_since;
