-- What a person at the desk asks of the box itself (set the time, back up to a stick). The desk's sandbox may do none of it:
-- the act stands here, `lobbydesk watch` hands it on, and a unit with just the right to do it does it and says how it ended.
CREATE TABLE box_wishes (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('set_time', 'stick_backup')),
  detail TEXT NOT NULL CHECK (json_valid(detail)),
  asked_by INTEGER REFERENCES staff (id),
  asked_at TEXT NOT NULL CHECK (length(asked_at) = 24),
  state TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'done', 'failed')),
  outcome TEXT NOT NULL DEFAULT '',
  ended_at TEXT CHECK (length(ended_at) = 24),
  CHECK ((state = 'asked') = (ended_at IS NULL))
) STRICT;
-- One of a kind at a time: the unit that does it cannot mix two up.
CREATE UNIQUE INDEX box_wishes_open ON box_wishes (kind) WHERE state = 'asked';
