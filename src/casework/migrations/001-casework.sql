-- Complaints and what became of them.

CREATE TABLE casefile (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,         -- by the profile's pattern, gap-free within the year
  submission TEXT NOT NULL UNIQUE,     -- idempotency key: hash of the draft's token, or what the program sent
  code_hash TEXT NOT NULL,             -- HMAC of the secret code; '' when nobody may follow by code
  state TEXT NOT NULL,                 -- casework/casefile.h
  version INTEGER NOT NULL,            -- raised by every move: optimistic lock
  channel TEXT NOT NULL,               -- 'web', 'api', 'partner', 'desk'
  lang TEXT NOT NULL,                  -- the person's language
  received_at INTEGER NOT NULL,
  content TEXT NOT NULL,               -- canonical JSON of all that was filed: what the receipt signs
  content_sha256 TEXT NOT NULL,
  body_key TEXT NOT NULL,              -- profile body, '' when only a name was given
  body_name TEXT NOT NULL,
  body_country TEXT NOT NULL,          -- ISO 3166-1 alpha-2, '' unknown
  subject TEXT NOT NULL,               -- profile subject key, '' none yet
  person_name TEXT NOT NULL,           -- of the complainant, for lists
  embassy_not_told INTEGER NOT NULL,   -- 1: nothing to the person's embassy
  has_referral INTEGER NOT NULL,       -- 1: a referral to or from another institution hangs on it
  assigned_to INTEGER,                 -- staff.id
  due_at INTEGER,                      -- earliest running clock, NULL none: kept by clock_start and clock_stop
  due_rule TEXT,
  closing TEXT NOT NULL,               -- closing reason key, '' while open
  closed_at INTEGER
);
CREATE INDEX casefile_queue ON casefile (state, received_at, id);
-- Only what somebody still works on: an officer's closed cases of ten years are not walked past, and a new complaint costs no entry.
CREATE INDEX casefile_mine ON casefile (assigned_to, received_at, id) WHERE assigned_to IS NOT NULL AND state <> 'closed';

CREATE TABLE party (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  role TEXT NOT NULL,                  -- 'complainant', 'representative', 'affected'
  name TEXT NOT NULL,
  father_name TEXT NOT NULL,           -- patronymic
  birth_date TEXT NOT NULL,            -- ISO date or ''
  nationality TEXT NOT NULL,           -- ISO 3166-1 alpha-2 or ''
  passport_no TEXT NOT NULL,
  phone TEXT NOT NULL,
  email TEXT NOT NULL,
  address TEXT NOT NULL
);
CREATE INDEX party_casefile ON party (casefile_id);

CREATE TABLE document (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  name TEXT NOT NULL,
  type TEXT NOT NULL,                  -- as libmagic found it
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,                -- blob.sha256
  origin TEXT NOT NULL,                -- 'person', 'staff', 'partner', 'agency'
  added_by TEXT NOT NULL,              -- as journal.actor
  added_at INTEGER NOT NULL
);
CREATE INDEX document_casefile ON document (casefile_id);
CREATE INDEX document_sha256 ON document (sha256); -- whether a blob is still needed

-- The chronology: one row for each thing that happened, in no language; pages word it by kind and data.
CREATE TABLE case_event (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,                  -- casework/event.h
  actor TEXT NOT NULL,                 -- as journal.actor
  actor_name TEXT NOT NULL,
  shown INTEGER NOT NULL,              -- 1: the person sees it too
  data TEXT NOT NULL                   -- JSON object with the event's values
);
CREATE INDEX case_event_casefile ON case_event (casefile_id, id);

-- Words between the office and the person, and notes that stay inside.
CREATE TABLE case_text (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  kind TEXT NOT NULL,                  -- 'to_person', 'from_person', 'note'
  lang TEXT NOT NULL,
  body TEXT NOT NULL,
  sha256 TEXT NOT NULL,                -- of body, as the journal recorded it
  author TEXT NOT NULL,                -- as journal.actor
  author_name TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX case_text_casefile ON case_text (casefile_id, id);

CREATE TABLE clock (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  rule TEXT NOT NULL,                  -- key in the profile's clocks.json or 'agreement.accept' …
  started_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  stopped_at INTEGER,                  -- NULL while it runs
  explanation TEXT NOT NULL            -- JSON by clock_explain_json: start, rule, source, skipped days, due
);
CREATE INDEX clock_casefile ON clock (casefile_id, id);

-- A report asked from the body complained of.
CREATE TABLE agency_request (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  body_name TEXT NOT NULL,
  question TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  reminded_at INTEGER,
  escalated_at INTEGER,
  replied_at INTEGER,
  position TEXT NOT NULL,              -- '', 'accepts', 'partly', 'denies'
  reply TEXT NOT NULL,
  remedy TEXT NOT NULL                 -- what the body offers
);
CREATE INDEX agency_request_casefile ON agency_request (casefile_id, id);

CREATE TABLE recommendation (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  addressee TEXT NOT NULL,
  measure TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  state TEXT NOT NULL,                 -- 'issued', 'accepted', 'implemented', 'refused'
  evidence TEXT NOT NULL,
  evidence_at INTEGER
);
CREATE INDEX recommendation_casefile ON recommendation (casefile_id, id);

-- A complaint being written, between its form and "send". Lives a day; afterwards it only remembers its casefile.
CREATE TABLE draft (
  id TEXT PRIMARY KEY,                 -- SHA-256 of the cookie
  data TEXT NOT NULL,                  -- JSON of the form; '{}' once sent
  created_at INTEGER NOT NULL,
  casefile_id INTEGER                  -- NULL until sent
);
CREATE INDEX draft_created ON draft (created_at);

-- Files sent with a draft's form; they become documents when it is filed, and go with it when it is not.
CREATE TABLE draft_file (
  draft_id TEXT NOT NULL REFERENCES draft (id),
  sha256 TEXT NOT NULL,                -- blob.sha256
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (draft_id, sha256)
);
CREATE INDEX draft_file_sha256 ON draft_file (sha256);

-- engine: sqlite
CREATE VIRTUAL TABLE case_search USING fts5 (words, content='', tokenize='unicode61 remove_diacritics 0');
-- engine: postgresql
CREATE TABLE case_search (rowid BIGINT PRIMARY KEY, words tsvector NOT NULL);
CREATE INDEX case_search_words ON case_search USING gin (words);
-- engine: both
