-- What was left out of the warranty, where the officer found it so (保修办法 17).
ALTER TABLE liability_decisions ADD COLUMN exclusion TEXT NOT NULL DEFAULT ''
  CHECK (exclusion IN ('', 'misuse', 'third_party', 'force_majeure', 'service'));
