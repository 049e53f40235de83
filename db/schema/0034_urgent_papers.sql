-- Who must leave a burning house does not stand in line behind receipts: an urgent paper is the next one.
ALTER TABLE print_jobs ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0 CHECK (urgent IN (0, 1));
DROP INDEX print_jobs_queued;
CREATE INDEX print_jobs_queued ON print_jobs (printer, urgent DESC, id) WHERE state = 'queued';
