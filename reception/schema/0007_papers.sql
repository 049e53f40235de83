-- Both copies of a work order stood in the spool under one name.
UPDATE print_jobs SET part = json_extract(facts, '$.no') || ':' || iif(json_extract(facts, '$.for_worker'), 'worker', 'owner')
WHERE kind = 'work_order';

-- Tickets that were queued before the rule get it too: nobody stands there any more.
UPDATE print_jobs SET stale_at = strftime('%Y-%m-%dT%H:%M:%fZ', queued_at, '+3 minutes')
WHERE kind = 'ticket' AND state = 'queued';

-- Nothing prints twice unmarked: of each paper there is one original (copy 0), and one of each copy.
CREATE UNIQUE INDEX print_jobs_no_unmarked_double ON print_jobs (ref, kind, part, copy_no);
DROP INDEX print_jobs_ref;

-- The morning self-test (晨检, domain.md SYS-10): its papers stand in the spool; here is what else it asked.
CREATE TABLE self_tests (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  by_id INTEGER REFERENCES staff (id),
  -- How far the clock of the desk's computer stood from the clock of the box, in seconds; NULL: it did not say.
  clock_apart INTEGER
) STRICT;

-- Displays that showed the test, by the key each one keeps while its page is open.
CREATE TABLE self_test_displays (
  self_test_id INTEGER NOT NULL REFERENCES self_tests (id),
  display TEXT NOT NULL CHECK (length(display) BETWEEN 1 AND 64),
  shown_at TEXT NOT NULL,
  PRIMARY KEY (self_test_id, display)
) STRICT, WITHOUT ROWID;
