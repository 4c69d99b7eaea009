-- Who we are and what we did: staff, sessions, tokens, numbers, journal, stored bytes, leases.
-- Moments are milliseconds since 1970 in UTC; digests are lower-case hex unless the column says otherwise.

CREATE TABLE staff (
  id INTEGER PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,          -- lower case
  name TEXT NOT NULL,
  roles TEXT NOT NULL,                 -- role keys separated by one space, see office/access.c
  password TEXT NOT NULL,              -- Argon2id, libsodium's text form
  lang TEXT NOT NULL,
  active INTEGER NOT NULL,             -- 0 = may not log in
  created_at INTEGER NOT NULL
);

-- A browser that showed a password (staff) or a number with its code (person). The cookie's value is not stored.
CREATE TABLE session (
  id TEXT PRIMARY KEY,                 -- SHA-256 of the cookie
  kind TEXT NOT NULL,                  -- 'staff' or 'person'
  subject INTEGER NOT NULL,            -- staff.id or casefile.id
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL          -- absolute end, whatever happens
);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE api_token (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,           -- SHA-256 of the token
  label TEXT NOT NULL,
  roles TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER                   -- NULL = valid
);

-- Gap-free numbers: one row a series ("WMS-2026"), raised in the transaction that uses the number.
CREATE TABLE number_series (
  name TEXT PRIMARY KEY,
  last INTEGER NOT NULL
);

-- Append-only and chained (crypto/hashchain.h). Erasing a payload sets payload and salt to NULL; the chain stays.
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,                 -- 'staff:3', 'person:17', 'partner:az…', 'program:2', 'system'
  act TEXT NOT NULL,                   -- 'casefile.register', 'casefile.read', …
  object TEXT NOT NULL,                -- 'casefile:17', …
  salt BLOB,
  payload TEXT,                        -- canonical JSON
  commitment BLOB NOT NULL,
  hash BLOB NOT NULL
);
CREATE INDEX journal_object ON journal (object, seq);

-- Our signature over a moment of the journal, so that cutting off its end is seen as well.
CREATE TABLE checkpoint (
  seq INTEGER PRIMARY KEY,             -- journal.seq that it covers
  at INTEGER NOT NULL,
  signed TEXT NOT NULL                 -- JWS, typ sulh-checkpoint+jws
);

-- Bytes by content. A row is complete when every chunk is there and the digest was checked.
CREATE TABLE blob (
  sha256 TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  complete INTEGER NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE TABLE blob_chunk (
  sha256 TEXT NOT NULL,
  n INTEGER NOT NULL,                  -- from 0; each 262144 bytes but the last
  data BLOB NOT NULL,
  PRIMARY KEY (sha256, n)
);

-- Background work is leased, so that two processes never do the same.
CREATE TABLE lease (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until INTEGER NOT NULL
);

-- Counts that pages show, kept by the transaction that changes what they count.
CREATE TABLE tally (
  name TEXT PRIMARY KEY,               -- 'casefile:received', 'casefile:open', …
  n INTEGER NOT NULL
);
