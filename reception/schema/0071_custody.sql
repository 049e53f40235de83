-- 房屋托管 (SYS-37, FRM-17, RUL-26, RUL-27): a vacant home in the centre's care. Limits and readings are hundredths of a
-- unit (m3, kWh); the share is what is asked of the management fee, in percent.
CREATE TABLE custodies (
  id INTEGER PRIMARY KEY,
  no TEXT NOT NULL UNIQUE CHECK (no GLOB 'TG[0-9]*'),
  unit_id INTEGER NOT NULL REFERENCES units (id),
  state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'active', 'ended', 'withdrawn')),
  from_on TEXT NOT NULL CHECK (from_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  until_on TEXT CHECK (until_on >= from_on AND until_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  keys INTEGER NOT NULL CHECK (keys IN (0, 1)),
  water_limit INTEGER NOT NULL CHECK (water_limit BETWEEN 0 AND 99999999),
  electric_limit INTEGER NOT NULL CHECK (electric_limit BETWEEN 0 AND 99999999),
  share INTEGER NOT NULL CHECK (share BETWEEN 1 AND 100),
  opened_at TEXT NOT NULL,
  opened_by INTEGER NOT NULL REFERENCES staff (id),
  -- Who saw both sides sign the agreement.
  signed_at TEXT,
  signed_by INTEGER REFERENCES staff (id),
  -- Ended (the day of the site), or a draft that came to nothing: with its reason.
  closed_at TEXT,
  closed_by INTEGER REFERENCES staff (id),
  ended_on TEXT CHECK (ended_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  keys_back INTEGER NOT NULL DEFAULT 0 CHECK (keys_back IN (0, 1)),
  reason TEXT NOT NULL DEFAULT '',
  CHECK ((signed_at IS NULL) = (signed_by IS NULL)),
  CHECK ((state IN ('active', 'ended')) = (signed_at IS NOT NULL)),
  CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
  CHECK ((state IN ('ended', 'withdrawn')) = (closed_at IS NOT NULL)),
  CHECK ((state = 'ended') = (ended_on IS NOT NULL)),
  CHECK (state <> 'ended' OR keys = 0 OR keys_back = 1),
  CHECK (state <> 'withdrawn' OR reason <> '')
) STRICT;
-- A home is in custody once.
CREATE UNIQUE INDEX custodies_once ON custodies (unit_id) WHERE state IN ('draft', 'active');
CREATE INDEX custodies_of_unit ON custodies (unit_id);
CREATE INDEX custodies_by_state ON custodies (state, id);

-- What the meters showed. Nothing is changed: a wrong one is corrected by another, which says why.
CREATE TABLE custody_readings (
  id INTEGER PRIMARY KEY,
  custody_id INTEGER NOT NULL REFERENCES custodies (id),
  meter TEXT NOT NULL CHECK (meter IN ('water', 'electric')),
  part TEXT NOT NULL CHECK (part IN ('first', 'during', 'last')),
  value INTEGER NOT NULL CHECK (value BETWEEN 0 AND 99999999),
  corrects_id INTEGER UNIQUE REFERENCES custody_readings (id),
  reason TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  CHECK ((corrects_id IS NULL) = (reason = ''))
) STRICT;
CREATE INDEX custody_readings_of ON custody_readings (custody_id, meter);
CREATE UNIQUE INDEX custody_readings_once ON custody_readings (custody_id, meter, part)
  WHERE part <> 'during' AND corrects_id IS NULL;
CREATE TRIGGER custody_readings_stay BEFORE UPDATE ON custody_readings
WHEN NEW.value <> OLD.value OR NEW.meter <> OLD.meter OR NEW.custody_id <> OLD.custody_id OR NEW.at <> OLD.at
BEGIN SELECT RAISE(ABORT, 'a reading is corrected by another one'); END;
CREATE TRIGGER custody_readings_rise BEFORE INSERT ON custody_readings
WHEN NEW.corrects_id IS NULL AND EXISTS (
  SELECT 1 FROM custody_readings AS earlier WHERE custody_id = NEW.custody_id AND meter = NEW.meter
  AND value > NEW.value AND NOT EXISTS (SELECT 1 FROM custody_readings WHERE corrects_id = earlier.id))
BEGIN SELECT RAISE(ABORT, 'a meter does not run back'); END;

-- 大雨: declared for a day; ended, or called off. One at a time for a day.
CREATE TABLE rain_warnings (
  id INTEGER PRIMARY KEY,
  rain_on TEXT NOT NULL CHECK (rain_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  declared_at TEXT NOT NULL,
  declared_by INTEGER NOT NULL REFERENCES staff (id),
  came INTEGER CHECK (came IN (0, 1)),
  ended_on TEXT CHECK (ended_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  ended_by INTEGER REFERENCES staff (id),
  CHECK ((came IS NULL) = (ended_on IS NULL) AND (came IS NULL) = (ended_by IS NULL)),
  CHECK (came IS NOT 1 OR ended_on >= rain_on)
) STRICT;
CREATE UNIQUE INDEX rain_warnings_once ON rain_warnings (rain_on) WHERE came IS NOT 0;

-- Rounds that were made. Which are wanted is derived from the days (`rules/custody.py`): none is lost in a power cut.
CREATE TABLE custody_rounds (
  id INTEGER PRIMARY KEY,
  custody_id INTEGER NOT NULL REFERENCES custodies (id),
  kind TEXT NOT NULL CHECK (kind IN ('week', 'before', 'after')),
  -- The Monday of its week.
  week TEXT CHECK (week GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]') CHECK (strftime('%w', week) = '1'),
  warning_id INTEGER REFERENCES rain_warnings (id),
  result TEXT NOT NULL CHECK (result IN ('ok', 'finding')),
  case_id INTEGER REFERENCES cases (id),
  at TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES staff (id),
  CHECK ((kind = 'week') = (week IS NOT NULL) AND (kind = 'week') = (warning_id IS NULL)),
  CHECK ((result = 'finding') = (case_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX custody_rounds_week ON custody_rounds (custody_id, week) WHERE kind = 'week';
CREATE UNIQUE INDEX custody_rounds_rain ON custody_rounds (custody_id, warning_id, kind) WHERE kind <> 'week';
CREATE TRIGGER custody_rounds_of_active BEFORE INSERT ON custody_rounds
WHEN (SELECT state FROM custodies WHERE id = NEW.custody_id) <> 'active'
BEGIN SELECT RAISE(ABORT, 'this home is not in custody'); END;

-- What the owner has to be told: a meter above its limit, a finding. To do until somebody notes that he was, and how.
CREATE TABLE custody_tellings (
  id INTEGER PRIMARY KEY,
  custody_id INTEGER NOT NULL REFERENCES custodies (id),
  what TEXT NOT NULL CHECK (what IN ('water', 'electric', 'finding')),
  reading_id INTEGER REFERENCES custody_readings (id),
  case_id INTEGER UNIQUE REFERENCES cases (id),
  opened_at TEXT NOT NULL,
  told_at TEXT,
  told_by INTEGER REFERENCES staff (id),
  -- Of a meter also that its reading was corrected, and nothing is above the limit any more.
  channel TEXT CHECK (channel IN ('phone', 'message', 'chat', 'face', 'paper', 'corrected')),
  note TEXT NOT NULL DEFAULT '',
  CHECK ((what = 'finding') = (case_id IS NOT NULL) AND (what = 'finding') = (reading_id IS NULL)),
  CHECK ((told_at IS NULL) = (told_by IS NULL) AND (told_at IS NULL) = (channel IS NULL)),
  CHECK (told_at IS NULL OR note <> '')
) STRICT;
CREATE UNIQUE INDEX custody_tellings_open ON custody_tellings (custody_id, what) WHERE told_at IS NULL AND what <> 'finding';
CREATE INDEX custody_tellings_to_do ON custody_tellings (opened_at) WHERE told_at IS NULL;
CREATE INDEX custody_tellings_of ON custody_tellings (custody_id);

-- It ends once the owner knows everything, and the meters were read a last time.
CREATE TRIGGER custodies_end BEFORE UPDATE OF state ON custodies
WHEN NEW.state = 'ended' AND OLD.state <> 'ended' AND (
  EXISTS (SELECT 1 FROM custody_tellings WHERE custody_id = NEW.id AND told_at IS NULL)
  OR 2 <> (SELECT count(DISTINCT meter) FROM custody_readings WHERE custody_id = NEW.id AND part = 'last'))
BEGIN SELECT RAISE(ABORT, 'the owner is told, and the meters are read, before it ends'); END;
CREATE TRIGGER custodies_over BEFORE UPDATE OF state ON custodies
WHEN OLD.state IN ('ended', 'withdrawn') AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'this custody is over'); END;
