-- The last case that was here when somebody became a head, with this account: he hears what comes after it. NULL: always
-- one. By the order of the cases, not by time: a clock that ran ahead and was put right makes later what was before.
ALTER TABLE staff ADD COLUMN heads_behind INTEGER;
