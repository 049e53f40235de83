-- The systems of a company that may read the box (docs/api.md). Only a hash of the key that the other system holds.
CREATE TABLE api_tokens (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  key_hash TEXT NOT NULL UNIQUE CHECK (length(key_hash) = 64),
  -- Words of the list of scopes, a space between.
  scopes TEXT NOT NULL CHECK (scopes GLOB '[a-z]*'),
  -- The last day on which it opens anything.
  expires_on TEXT NOT NULL CHECK (expires_on GLOB '????-??-??'),
  made_by INTEGER NOT NULL REFERENCES staff (id),
  made_at TEXT NOT NULL CHECK (length(made_at) = 24),
  used_at TEXT CHECK (length(used_at) = 24),
  revoked_at TEXT CHECK (length(revoked_at) = 24)
) STRICT;

-- Whom the box tells by itself. A signature needs the secret itself; it goes with the subscription.
CREATE TABLE webhooks (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  url TEXT NOT NULL CHECK (length(url) BETWEEN 10 AND 300),
  secret TEXT UNIQUE CHECK (secret GLOB 'whsec_*'),
  ticket_called INTEGER NOT NULL CHECK (ticket_called IN (0, 1)),
  case_changed INTEGER NOT NULL CHECK (case_changed IN (0, 1)),
  made_by INTEGER NOT NULL REFERENCES staff (id),
  made_at TEXT NOT NULL CHECK (length(made_at) = 24),
  ended_at TEXT CHECK (length(ended_at) = 24),
  -- How its receiver answers: when it last took something; how often in a row it did not, why, and when it is asked again.
  delivered_at TEXT CHECK (length(delivered_at) = 24),
  failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
  failed_at TEXT CHECK (length(failed_at) = 24),
  failed_by TEXT CHECK (failed_by GLOB '[a-z]*'),
  next_at TEXT CHECK (length(next_at) = 24),
  CHECK (ticket_called OR case_changed),
  CHECK ((ended_at IS NULL) = (secret IS NOT NULL)),
  CHECK ((failures = 0) = (failed_by IS NULL))
) STRICT;

-- What waits to be told: which event to whom. What is said of it is read from the history when it is sent, so that a case
-- that was sealed meanwhile is never told of. A row goes once its receiver has taken it.
CREATE TABLE webhook_messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  webhook_id INTEGER NOT NULL REFERENCES webhooks (id),
  event_id INTEGER NOT NULL,
  mark TEXT NOT NULL UNIQUE CHECK (mark GLOB 'msg_*'),
  happened_at TEXT NOT NULL CHECK (length(happened_at) = 24),
  parked_at TEXT CHECK (length(parked_at) = 24),
  UNIQUE (webhook_id, event_id)
) STRICT;
CREATE INDEX webhook_messages_front ON webhook_messages (webhook_id, id) WHERE parked_at IS NULL;
CREATE INDEX webhook_messages_parked ON webhook_messages (webhook_id, parked_at) WHERE parked_at IS NOT NULL;

-- By triggers: an event stands in the history exactly when it waits to be told, whichever act wrote it.
CREATE TRIGGER webhook_ticket_called AFTER INSERT ON events
WHEN NEW.subject = 'ticket' AND NEW.what IN ('call', 'recall')
BEGIN
  INSERT INTO webhook_messages (webhook_id, event_id, mark, happened_at)
  SELECT id, NEW.id, 'msg_' || lower(hex(randomblob(16))), NEW.at FROM webhooks
  WHERE ended_at IS NULL AND ticket_called = 1 AND EXISTS (
    SELECT 1 FROM tickets JOIN lines ON lines.code = tickets.line
    WHERE tickets.id = NEW.subject_id AND lines.hears IS NULL);
END;
CREATE TRIGGER webhook_case_changed AFTER INSERT ON events
WHEN NEW.subject = 'case' AND NEW.to_state IS NOT NULL AND NEW.to_state IS NOT NEW.from_state
BEGIN
  INSERT INTO webhook_messages (webhook_id, event_id, mark, happened_at)
  SELECT id, NEW.id, 'msg_' || lower(hex(randomblob(16))), NEW.at FROM webhooks
  WHERE ended_at IS NULL AND case_changed = 1 AND EXISTS (
    SELECT 1 FROM cases WHERE cases.id = NEW.subject_id AND cases.sealed = 0);
END;

-- Whoever copies the cases asks for what changed since, in this order.
CREATE INDEX cases_changed ON cases (changed_at, no);
-- The same for the tickets of a day.
CREATE INDEX tickets_of_a_day ON tickets (day_on, issued_at, no);
