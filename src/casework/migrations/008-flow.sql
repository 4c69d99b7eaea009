-- Who gets a case, how cases hang together, and what happens to a decision afterwards.

-- What an officer knows, speaks and is responsible for: what the proposal of an assignment goes by.
CREATE TABLE staff_skill (
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  kind TEXT NOT NULL,                  -- 'subject', 'lang', 'region'
  key TEXT NOT NULL,
  PRIMARY KEY (staff_id, kind, key)
);

-- A link by which somebody sets a first password of their own, once.
CREATE TABLE staff_invite (
  hash TEXT PRIMARY KEY,               -- SHA-256 of what the link holds
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  made_by TEXT NOT NULL,               -- as journal.actor
  made_at INTEGER NOT NULL,
  until INTEGER NOT NULL,
  used_at INTEGER                      -- NULL: still good until then
);
CREATE INDEX staff_invite_staff ON staff_invite (staff_id);

-- How cases hang together: casework/link.h. Undone, never deleted.
CREATE TABLE case_link (
  id INTEGER PRIMARY KEY,
  from_id INTEGER NOT NULL REFERENCES casefile (id),
  to_id INTEGER NOT NULL REFERENCES casefile (id),
  kind TEXT NOT NULL,                  -- 'derived', 'joined', 'related', 'follow_up'
  reason TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  added_name TEXT NOT NULL,
  undone_at INTEGER,                   -- NULL while it holds
  undone_name TEXT NOT NULL,
  undo_reason TEXT NOT NULL
);
CREATE INDEX case_link_from ON case_link (from_id, id);
CREATE INDEX case_link_to ON case_link (to_id, id);
CREATE UNIQUE INDEX case_link_main ON case_link (to_id) WHERE kind = 'joined' AND undone_at IS NULL;
CREATE UNIQUE INDEX case_link_once ON case_link (from_id, to_id, kind) WHERE undone_at IS NULL;

-- Reviews by the office and appeals outside: casework/review.h.
CREATE TABLE case_review (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  way TEXT NOT NULL,                   -- key in the profile's review.json
  asked_by TEXT NOT NULL,              -- 'person', 'body'
  ground TEXT NOT NULL,
  words TEXT NOT NULL,
  filed_at INTEGER NOT NULL,
  original_at INTEGER NOT NULL,        -- day of the decision that is looked at again
  late INTEGER NOT NULL,               -- 1: past the limit, let in with late_reason
  late_reason TEXT NOT NULL,
  reviewer INTEGER,                    -- staff.id; NULL: none named, or decided outside
  reviewer_name TEXT NOT NULL,
  due_at INTEGER,                      -- NULL: no limit
  stay_until INTEGER,                  -- the order is not carried out until then; NULL: it is
  stay_ended_at INTEGER,
  state TEXT NOT NULL,                 -- 'asked', 'decided', 'withdrawn'
  outcome TEXT NOT NULL,
  outcome_words TEXT NOT NULL,
  decided_at INTEGER,
  decided_name TEXT NOT NULL
);
CREATE INDEX case_review_casefile ON case_review (casefile_id, id);
CREATE UNIQUE INDEX case_review_open ON case_review (casefile_id) WHERE state = 'asked';
CREATE INDEX case_review_stay ON case_review (stay_until, id) WHERE stay_until IS NOT NULL AND stay_ended_at IS NULL;

ALTER TABLE casefile ADD COLUMN decided_at INTEGER;  -- the first decision, kept whatever follows; NULL: none yet
ALTER TABLE casefile ADD COLUMN reopened_at INTEGER; -- the last reopening; NULL: never
UPDATE casefile SET decided_at = closed_at WHERE closed_at IS NOT NULL;

-- The case's version after the event: who holds an older page is shown what came since.
ALTER TABLE case_event ADD COLUMN version INTEGER NOT NULL DEFAULT 0;

-- How many open cases somebody leads: 'lead:ID'.
INSERT INTO tally (name, n)
SELECT 'lead:' || assigned_to, count(*) FROM casefile WHERE assigned_to IS NOT NULL AND closed_at IS NULL GROUP BY assigned_to;
