-- How much paper a job took, in millimetres, as its bytes were built: what is left of a roll is estimated by it.
ALTER TABLE print_jobs ADD COLUMN length_mm INTEGER CHECK (length_mm IS NULL OR length_mm > 0);
CREATE INDEX print_jobs_length ON print_jobs (printer, ended_at, length_mm) WHERE length_mm IS NOT NULL;
