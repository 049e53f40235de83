-- Where a printer is, in one word: tcp://HOST:PORT, usb:/dev/usb/lp0, cups:QUEUE or folder:/PATH.
ALTER TABLE printers ADD COLUMN address TEXT NOT NULL DEFAULT '';
UPDATE printers SET address = 'tcp://' || iif(instr(host, ':'), '[' || host || ']', host) || ':' || port;
ALTER TABLE printers DROP COLUMN host;
ALTER TABLE printers DROP COLUMN port;

-- What else a printer is able to do. `answers`: it replies to status questions at all.
ALTER TABLE printers ADD COLUMN dpi INTEGER NOT NULL DEFAULT 203 CHECK (dpi BETWEEN 100 AND 600);
ALTER TABLE printers ADD COLUMN buzzer TEXT NOT NULL DEFAULT 'none' CHECK (buzzer IN ('none', 'esc_b', 'esc_a'));
ALTER TABLE printers ADD COLUMN drawer INTEGER NOT NULL DEFAULT 0 CHECK (drawer IN (0, 1));
ALTER TABLE printers ADD COLUMN answers INTEGER NOT NULL DEFAULT 1 CHECK (answers IN (0, 1));
ALTER TABLE printers ADD COLUMN model TEXT NOT NULL DEFAULT '';
-- Set by staff, cleared by the printer's worker, which alone talks to it.
ALTER TABLE printers ADD COLUMN probe_wanted INTEGER NOT NULL DEFAULT 0 CHECK (probe_wanted IN (0, 1));

-- Taken out of service; its papers keep its name.
ALTER TABLE printers ADD COLUMN retired INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1));

-- Who takes over the waiting papers when this printer has been in trouble for so many seconds.
ALTER TABLE printers ADD COLUMN fallback TEXT REFERENCES printers (name) CHECK (fallback <> name);
ALTER TABLE printers ADD COLUMN fallback_after INTEGER NOT NULL DEFAULT 60 CHECK (fallback_after BETWEEN 5 AND 3600);

-- Which printer a kind of paper goes to; a kind that is not here goes to the front printer.
CREATE TABLE paper_routes (
  kind TEXT PRIMARY KEY,
  printer TEXT NOT NULL REFERENCES printers (name)
) STRICT, WITHOUT ROWID;

-- Which one of several papers of one kind about one subject: the worker's copy, the owner's.
ALTER TABLE print_jobs ADD COLUMN part TEXT NOT NULL DEFAULT '';
-- A queued paper that does not come out by itself any more and waits for staff (待补打): it came too late for the
-- visitor who stood there (stale), its number was called meanwhile (called), or its facts were wiped (wiped).
ALTER TABLE print_jobs ADD COLUMN held TEXT
  CHECK (held IS NULL OR (held IN ('stale', 'called', 'wiped') AND state = 'queued'));
ALTER TABLE print_jobs ADD COLUMN stale_at TEXT;
-- The facts are kept until then; afterwards they are '{}', and only the state stays.
ALTER TABLE print_jobs ADD COLUMN wipe_at TEXT;
ALTER TABLE print_jobs ADD COLUMN wiped INTEGER NOT NULL DEFAULT 0 CHECK (wiped = 0 OR facts = '{}');
UPDATE print_jobs SET wipe_at = strftime('%Y-%m-%dT%H:%M:%fZ', queued_at, '+1 day');
-- About this very printer, such as its self-test: on another one it would say what is not so.
ALTER TABLE print_jobs ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1));
ALTER TABLE print_jobs ADD COLUMN diverted_from TEXT;
-- When a member of staff said what became of a doubtful paper; its state stays what the printer let us know.
ALTER TABLE print_jobs ADD COLUMN looked_at TEXT;

-- A partial index serves only a query that names its very condition.
DROP INDEX print_jobs_open;
CREATE INDEX print_jobs_queued ON print_jobs (printer, id) WHERE state = 'queued';
DROP INDEX print_jobs_doubtful;
CREATE INDEX print_jobs_doubtful ON print_jobs (id) WHERE state IN ('uncertain', 'failed') AND looked_at IS NULL;
CREATE INDEX print_jobs_to_wipe ON print_jobs (wipe_at) WHERE wiped = 0;
