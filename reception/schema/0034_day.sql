-- The work log (工作日志, domain.md SYS-30) is read from the history: events already know every intake and its result.
CREATE INDEX events_of_the_log ON events (at) WHERE to_state IS NOT NULL;

-- What somebody writes into the log by hand (值班记录, FRM-20); a `handover` is for the next shift (交接班).
CREATE TABLE log_notes (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL CHECK (length(at) = 24),
  by_id INTEGER NOT NULL REFERENCES staff (id),
  kind TEXT NOT NULL CHECK (kind IN ('note', 'handover')),
  text TEXT NOT NULL CHECK (text <> '')
) STRICT;
CREATE INDEX log_notes_at ON log_notes (at);
CREATE TRIGGER log_notes_no_update BEFORE UPDATE ON log_notes BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_notes_no_delete BEFORE DELETE ON log_notes BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TABLE log_note_reads (
  note_id INTEGER NOT NULL REFERENCES log_notes (id),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  at TEXT NOT NULL,
  PRIMARY KEY (note_id, staff_id)
) STRICT, WITHOUT ROWID;

-- What is looked at before the doors open and before they close. `measure`: what the store itself knows about it.
CREATE TABLE check_items (
  code TEXT PRIMARY KEY,
  part TEXT NOT NULL CHECK (part IN ('opening', 'closing')),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  measure TEXT,
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO check_items (code, part, name, name_en, measure, position) VALUES
  ('self-test', 'opening', '设备自检', 'Self-test of the equipment', 'self_test', 1),
  ('paper', 'opening', '打印机有纸', 'Paper in the printers', 'printers', 2),
  ('clock', 'opening', '时钟准确', 'The clock is right', 'clock', 3),
  ('handed-over', 'opening', '交接班留言已看', 'Notes of the last shift read', 'handovers', 4),
  ('notices', 'opening', '公告是最新的', 'Notices are up to date', 'notices', 5),
  ('comfort', 'opening', '饮水、座位、老花镜就绪', 'Water, seats and reading glasses ready', NULL, 6),
  ('nobody-waits', 'closing', '无人等候', 'Nobody is waiting', 'waiting', 1),
  ('set-aside', 'closing', '稍后再叫、过号的已有着落', 'Parked and missed numbers settled', 'aside', 2),
  ('guests-gone', 'closing', '来访客人已离开', 'Visitors to hosts have left', 'guests', 3),
  ('promises', 'closing', '今天答应的回电、答复已完成', 'Calls and answers promised for today made', 'promises', 4),
  ('papers', 'closing', '单据已处理', 'Papers settled', 'papers', 5),
  ('money', 'closing', '钱款清点入柜', 'Money counted and locked away', NULL, 6),
  ('lights-doors', 'closing', '灯、空调、门窗已关', 'Lights, air conditioning, windows and doors', NULL, 7);

-- Who ticked what, or why he passed over it; the newest row of an item of a day stands. The words are those of then.
CREATE TABLE day_checks (
  id INTEGER PRIMARY KEY,
  day_on TEXT NOT NULL CHECK (day_on GLOB '????-??-??'),
  item TEXT NOT NULL REFERENCES check_items (code),
  part TEXT NOT NULL CHECK (part IN ('opening', 'closing')),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('done', 'skipped')),
  reason TEXT NOT NULL,
  -- What the store counted at that moment; NULL: nothing to count.
  found INTEGER,
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  CHECK ((state = 'skipped') = (reason <> ''))
) STRICT;
CREATE INDEX day_checks_day ON day_checks (day_on, item, id);
CREATE TRIGGER day_checks_no_update BEFORE UPDATE ON day_checks
BEGIN SELECT RAISE(ABORT, 'checks are append-only'); END;
CREATE TRIGGER day_checks_no_delete BEFORE DELETE ON day_checks
BEGIN SELECT RAISE(ABORT, 'checks are append-only'); END;

-- Who came to see a host and has not left (离开登记, SYS-26).
CREATE INDEX visits_with_host_inside ON visits (arrived_at) WHERE host IS NOT NULL AND left_at IS NULL;
CREATE INDEX self_tests_at ON self_tests (at);
