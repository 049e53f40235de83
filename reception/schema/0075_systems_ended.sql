-- How many keys and subscriptions of other systems a restore ended: they have to be made anew.
ALTER TABLE restorations ADD COLUMN systems_ended INTEGER NOT NULL DEFAULT 0 CHECK (systems_ended >= 0);
