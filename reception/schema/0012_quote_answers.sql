-- What was left out of the warranty, where the officer found it so (保修办法 17).
ALTER TABLE liability_decisions ADD COLUMN exclusion TEXT NOT NULL DEFAULT ''
  CHECK (exclusion IN ('', 'misuse', 'third_party', 'force_majeure', 'service'));

-- Wrong last digits of a phone, by case: whoever holds a paper has few tries, also across restarts; then staff only.
CREATE TABLE phone_tail_tries (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  failures INTEGER NOT NULL CHECK (failures > 0),
  failed_at TEXT NOT NULL
) STRICT;
