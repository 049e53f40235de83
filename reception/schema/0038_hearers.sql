-- Since when somebody is a head, with this account: he hears what was sealed to the heads from then on. NULL: always.
ALTER TABLE staff ADD COLUMN heads_since TEXT;
