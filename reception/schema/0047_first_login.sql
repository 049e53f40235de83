-- Whoever was given a one-time code does nothing at the desk before he has changed it for a password of his own.
ALTER TABLE staff ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1));
