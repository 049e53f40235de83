-- Whether home and telephone recognised a resident as the telephone of a visit was typed: only then are other matters of
-- that telephone his who stands there, and open to who serves him (`reception/serving`). Of visits from before nobody knows.
ALTER TABLE visits ADD COLUMN recognised INTEGER NOT NULL DEFAULT 0 CHECK (recognised IN (0, 1));
