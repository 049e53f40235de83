-- How far each topic has moved; screens compare and look again.
CREATE TABLE pulse (
  topic TEXT PRIMARY KEY,
  revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT, WITHOUT ROWID;

-- A printer and what it is able to do (printing.md). state is what its worker last saw.
CREATE TABLE printers (
  name TEXT PRIMARY KEY,
  label TEXT NOT NULL DEFAULT '',
  host TEXT NOT NULL,
  port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
  width_dots INTEGER NOT NULL DEFAULT 576 CHECK (width_dots BETWEEN 256 AND 1024),
  columns INTEGER NOT NULL DEFAULT 48 CHECK (columns BETWEEN 16 AND 96),
  chinese TEXT NOT NULL DEFAULT 'gbk' CHECK (chinese IN ('none', 'gb2312', 'gbk')),
  native_qr INTEGER NOT NULL DEFAULT 1 CHECK (native_qr IN (0, 1)),
  cutter INTEGER NOT NULL DEFAULT 1 CHECK (cutter IN (0, 1)),
  confirms TEXT NOT NULL DEFAULT 'gs_h' CHECK (confirms IN ('gs_h', 'gs_r', 'none')),
  state TEXT NOT NULL DEFAULT 'unknown'
    CHECK (state IN ('unknown', 'ready', 'paper_low', 'paper_out', 'cover_open', 'error', 'mute', 'absent')),
  since TEXT
) STRICT, WITHOUT ROWID;

-- The spool: facts, never bytes. Ids are not used again, so a paper's job id stays its own.
CREATE TABLE print_jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  printer TEXT NOT NULL REFERENCES printers (name),
  kind TEXT NOT NULL,
  ref TEXT NOT NULL,
  copy_no INTEGER NOT NULL DEFAULT 0 CHECK (copy_no >= 0),
  facts TEXT NOT NULL CHECK (json_valid(facts)),
  state TEXT NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'sending', 'printed', 'sent', 'uncertain', 'failed', 'void')),
  queued_at TEXT NOT NULL,
  sending_at TEXT,
  ended_at TEXT,
  error TEXT,
  CHECK ((state IN ('printed', 'sent', 'uncertain', 'failed', 'void')) = (ended_at IS NOT NULL)),
  CHECK (state NOT IN ('sending', 'printed', 'sent', 'uncertain') OR sending_at IS NOT NULL)
) STRICT;

CREATE INDEX print_jobs_open ON print_jobs (printer, id) WHERE state IN ('queued', 'sending');
CREATE INDEX print_jobs_doubtful ON print_jobs (id) WHERE state IN ('uncertain', 'failed');
CREATE INDEX print_jobs_ref ON print_jobs (ref);

-- A printer does one paper at a time; a second worker cannot claim beside the first.
CREATE UNIQUE INDEX print_jobs_one_sending ON print_jobs (printer) WHERE state = 'sending';
