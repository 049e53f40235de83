-- Whoever is not in use has no password: in use again he begins with a one-time code. Those of before had kept theirs.
UPDATE staff SET password_hash = '', must_change = 1, code_until = NULL WHERE active = 0;
