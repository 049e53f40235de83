-- 耗材 (SYS-45, FRM-23): what the centre uses up, planned and counted by the month.
CREATE TABLE consumables (
  code TEXT PRIMARY KEY CHECK (code GLOB '[a-z]*'),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  -- Each, box, roll: what one of them is.
  unit TEXT NOT NULL,
  unit_en TEXT NOT NULL,
  -- Rolls of this width are counted by the press of whoever changes one.
  roll TEXT UNIQUE CHECK (roll IS NULL OR roll IN ('80', '58')),
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO consumables (code, name, name_en, unit, unit_en, roll, position) VALUES
  ('roll-80', '热敏纸卷 80 mm', 'Paper rolls, 80 mm', '卷', 'rolls', '80', 1),
  ('roll-58', '热敏纸卷 58 mm', 'Paper rolls, 58 mm', '卷', 'rolls', '58', 2),
  ('a4', 'A4 复印纸', 'A4 paper', '包', 'reams', NULL, 3),
  ('toner', '打印机硒鼓', 'Toner', '支', 'pieces', NULL, 4),
  ('pens', '签字笔', 'Pens', '支', 'pieces', NULL, 5),
  ('folders', '档案袋、文件夹', 'Files and folders', '个', 'pieces', NULL, 6),
  ('cups', '一次性水杯', 'Paper cups', '包', 'packs', NULL, 7),
  ('water', '桶装饮用水', 'Drinking water', '桶', 'bottles', NULL, 8);

CREATE TABLE consumable_plans (
  month TEXT NOT NULL CHECK (month GLOB '20[0-9][0-9]-[01][0-9]'),
  item TEXT NOT NULL REFERENCES consumables (code),
  planned INTEGER NOT NULL CHECK (planned BETWEEN 0 AND 9999),
  at TEXT NOT NULL CHECK (length(at) = 24),
  by_id INTEGER REFERENCES staff (id),
  PRIMARY KEY (month, item)
) STRICT, WITHOUT ROWID;

-- What was used, or a roll that was changed at a printer. What was noted by mistake is taken back, and stays to be read.
CREATE TABLE consumable_uses (
  id INTEGER PRIMARY KEY,
  item TEXT NOT NULL REFERENCES consumables (code),
  used_on TEXT NOT NULL CHECK (used_on GLOB '20[0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 9999),
  note TEXT NOT NULL DEFAULT '',
  printer TEXT REFERENCES printers (name),
  at TEXT NOT NULL CHECK (length(at) = 24),
  by_id INTEGER REFERENCES staff (id),
  taken_back_at TEXT,
  taken_back_by INTEGER REFERENCES staff (id),
  CHECK (taken_back_at IS NOT NULL OR taken_back_by IS NULL),
  CHECK (printer IS NULL OR quantity = 1)
) STRICT;
CREATE INDEX consumable_uses_day ON consumable_uses (used_on, item);
CREATE INDEX consumable_uses_roll ON consumable_uses (printer, at) WHERE printer IS NOT NULL AND taken_back_at IS NULL;
CREATE TRIGGER consumable_uses_stay BEFORE UPDATE OF item, used_on, quantity, printer, at, by_id ON consumable_uses
BEGIN SELECT RAISE(ABORT, 'what was used stays as noted; it may be taken back'); END;
