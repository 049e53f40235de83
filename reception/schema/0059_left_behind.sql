-- Whoever is not in use has no password: in use again he begins with a one-time code. Those of before had kept theirs.
UPDATE staff SET password_hash = '', must_change = 1, code_until = NULL WHERE active = 0;
-- By what a matter of an old list is known goes with whom it was about: those who were erased before this had left it.
DELETE FROM imported_cases WHERE case_id IN (SELECT id FROM cases WHERE name = '');
