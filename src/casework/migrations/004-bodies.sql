-- Bodies complained of, the people who answer for them, and what they are asked.
-- Days are ISO dates, '' open; moments are milliseconds.

-- The registry. Begins as the profile's bodies.json (casework/registry.c), edited on pages from then on.
CREATE TABLE body (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,            -- what casefile.body_key holds: never changes, never used again
  parent_key TEXT NOT NULL,            -- the superior institution, '' none
  kind TEXT NOT NULL,                  -- key in the profile's kinds of bodies
  country TEXT NOT NULL,               -- ISO 3166-1 alpha-2
  region TEXT NOT NULL,                -- where in the country, in words, '' everywhere
  names TEXT NOT NULL,                 -- JSON object by language
  former TEXT NOT NULL,                -- JSON array of names it had: they still find it
  register_no TEXT NOT NULL,           -- in the state's register of institutions or taxpayers, '' unknown
  web TEXT NOT NULL,
  note TEXT NOT NULL,                  -- for staff
  synthetic INTEGER NOT NULL,          -- 1: invented for demonstration
  since TEXT NOT NULL,                 -- first day of its existence
  until TEXT NOT NULL,                 -- last one
  merged_into TEXT NOT NULL,           -- key of the body that it became, '' itself
  version INTEGER NOT NULL             -- raised by every change: optimistic lock
);
CREATE INDEX body_parent ON body (parent_key);

-- Whether one may complain of it, and from when to when. The last row that covers a day speaks for it.
CREATE TABLE body_mandate (
  id INTEGER PRIMARY KEY,
  body_key TEXT NOT NULL REFERENCES body (key),
  may TEXT NOT NULL,                   -- 'yes', 'no', 'listed': only in the matters listed
  since TEXT NOT NULL,
  until TEXT NOT NULL,
  matters TEXT NOT NULL,               -- JSON array of subjects' keys
  not_ours TEXT NOT NULL,              -- closing reason to propose when one may not, '' none
  source TEXT NOT NULL                 -- law or decision
);
CREATE INDEX body_mandate_body ON body_mandate (body_key, id);

-- A body and every one above it, itself included: what "this body and those below" means to SQL.
CREATE TABLE body_reach (
  within TEXT NOT NULL,
  body_key TEXT NOT NULL,
  PRIMARY KEY (within, body_key)
);

-- Focal persons, heads, other officials. Nobody without a deputy, nobody for ever: an entry is confirmed again and again.
CREATE TABLE body_contact (
  id INTEGER PRIMARY KEY,
  body_key TEXT NOT NULL REFERENCES body (key),
  part TEXT NOT NULL,                  -- 'focal', 'head', 'official'
  name TEXT NOT NULL,
  post TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  deputy_name TEXT NOT NULL,
  deputy_post TEXT NOT NULL,
  deputy_email TEXT NOT NULL,
  deputy_phone TEXT NOT NULL,
  active INTEGER NOT NULL,             -- 0: holds the post no more
  confirmed_at INTEGER NOT NULL,       -- when somebody last made sure
  confirmed_by TEXT NOT NULL           -- their name
);
CREATE INDEX body_contact_body ON body_contact (body_key, active, id);
CREATE INDEX body_contact_confirmed ON body_contact (active, confirmed_at, id);

-- People of a body who log in. There is no password until the person sets one by the link that was given once.
CREATE TABLE agency_account (
  id INTEGER PRIMARY KEY,
  body_key TEXT NOT NULL REFERENCES body (key),
  below INTEGER NOT NULL,              -- 1: the bodies below it too
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  post TEXT NOT NULL,
  lang TEXT NOT NULL,
  password TEXT NOT NULL,              -- Argon2id; '' none yet
  link_hash TEXT NOT NULL,             -- SHA-256 of the link's secret, '' none open
  link_until INTEGER NOT NULL,
  active INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,            -- as journal.actor
  seen_at INTEGER                      -- last login
);
CREATE INDEX agency_account_body ON agency_account (body_key, id);
CREATE INDEX agency_account_link ON agency_account (link_hash) WHERE link_hash <> '';

-- Programs of a body.
CREATE TABLE agency_token (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,           -- SHA-256 of the token
  body_key TEXT NOT NULL REFERENCES body (key),
  below INTEGER NOT NULL,
  label TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  revoked_at INTEGER
);
CREATE INDEX agency_token_body ON agency_token (body_key, id);

-- Two entries that turned out to be one institution. What followed is listed row by row, so that it can go back.
CREATE TABLE body_merge (
  id INTEGER PRIMARY KEY,
  source_key TEXT NOT NULL,
  target_key TEXT NOT NULL,
  facts TEXT NOT NULL,                 -- JSON array of {fact, source, target}: what was seen side by side
  reason TEXT NOT NULL,
  moved INTEGER NOT NULL,              -- rows that followed
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  undone_at INTEGER,
  undone_by TEXT NOT NULL
);
CREATE INDEX body_merge_source ON body_merge (source_key, id);
CREATE INDEX body_merge_target ON body_merge (target_key, id);

CREATE TABLE body_merge_row (
  merge_id INTEGER NOT NULL REFERENCES body_merge (id),
  noun TEXT NOT NULL,                  -- 'casefile', 'request', 'recommendation', …: casework/body_merge.c
  row_id INTEGER NOT NULL,
  PRIMARY KEY (merge_id, noun, row_id)
);

CREATE INDEX casefile_body ON casefile (body_key, id) WHERE body_key <> '';

-- What a body is asked: a letter and what hangs on it. docs/states.md has its moves.
ALTER TABLE agency_request ADD COLUMN body_key TEXT NOT NULL DEFAULT '';   -- '' where only a name was written
ALTER TABLE agency_request ADD COLUMN state TEXT NOT NULL DEFAULT 'asked';
ALTER TABLE agency_request ADD COLUMN is_open INTEGER NOT NULL DEFAULT 1;  -- 0: answered or withdrawn
ALTER TABLE agency_request ADD COLUMN listed_at INTEGER NOT NULL DEFAULT 0; -- due while open, then when it ended: what lists go by
ALTER TABLE agency_request ADD COLUMN questions TEXT NOT NULL DEFAULT '';  -- one a line
ALTER TABLE agency_request ADD COLUMN told INTEGER NOT NULL DEFAULT 0;     -- 1: the body learns who complained
ALTER TABLE agency_request ADD COLUMN asked_by INTEGER;                    -- staff.id
ALTER TABLE agency_request ADD COLUMN remedy_due TEXT NOT NULL DEFAULT ''; -- by when the body means to do it
ALTER TABLE agency_request ADD COLUMN answered_by TEXT NOT NULL DEFAULT ''; -- as journal.actor
ALTER TABLE agency_request ADD COLUMN offered_at INTEGER;                  -- remedy put before the person
ALTER TABLE agency_request ADD COLUMN person_answer TEXT NOT NULL DEFAULT ''; -- 'accepts', 'comments'
ALTER TABLE agency_request ADD COLUMN person_words TEXT NOT NULL DEFAULT '';
ALTER TABLE agency_request ADD COLUMN person_at INTEGER;
ALTER TABLE agency_request ADD COLUMN withdrawn_at INTEGER;
ALTER TABLE agency_request ADD COLUMN withdrawn_why TEXT NOT NULL DEFAULT '';
ALTER TABLE agency_request ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
UPDATE agency_request SET is_open = CASE WHEN replied_at IS NULL THEN 1 ELSE 0 END,
  listed_at = CASE WHEN replied_at IS NULL THEN due_at ELSE replied_at END,
  state = CASE WHEN replied_at IS NOT NULL THEN 'answered' WHEN escalated_at IS NOT NULL THEN 'escalated'
    WHEN reminded_at IS NOT NULL THEN 'reminded' ELSE 'asked' END;
CREATE INDEX agency_request_body ON agency_request (body_key, is_open, listed_at, id) WHERE body_key <> '';

CREATE TABLE agency_extension (
  id INTEGER PRIMARY KEY,
  request_id INTEGER NOT NULL REFERENCES agency_request (id),
  until INTEGER NOT NULL,              -- wanted
  reason TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  asked_by TEXT NOT NULL,              -- as journal.actor
  decided_at INTEGER,
  granted INTEGER,                     -- 1, 0; NULL undecided
  granted_until INTEGER,
  words TEXT NOT NULL,                 -- the officer's reason
  decided_by TEXT NOT NULL
);
CREATE INDEX agency_extension_request ON agency_extension (request_id, id);

-- Which files went along with a request, and which came with the answer. Nothing else of the case is shown to a body.
CREATE TABLE agency_document (
  request_id INTEGER NOT NULL REFERENCES agency_request (id),
  document_id INTEGER NOT NULL REFERENCES document (id),
  from_body INTEGER NOT NULL,          -- 1: came with the answer
  PRIMARY KEY (request_id, document_id)
);
CREATE INDEX agency_document_document ON agency_document (document_id);
