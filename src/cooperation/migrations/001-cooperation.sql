-- Other institutions, what was agreed with them, what was asked of them, and every byte that went between.

CREATE TABLE partner (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,            -- the office id that its identity names
  name TEXT NOT NULL,                  -- JSON object by language
  country TEXT NOT NULL,
  url TEXT NOT NULL,
  keys TEXT NOT NULL,                  -- JWK Set, pinned
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL,                 -- 'seen' (fetched), 'confirmed' (fingerprint compared by a person), 'blocked'
  added_at INTEGER NOT NULL,
  confirmed_by INTEGER,                -- staff.id
  confirmed_at INTEGER
);

CREATE TABLE agreement (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,            -- also the uid of its thread
  partner_id INTEGER NOT NULL REFERENCES partner (id),
  document TEXT NOT NULL,              -- canonical bytes (RFC 8785) that both sign
  sha256 TEXT NOT NULL,                -- of document, base64url
  ours TEXT,                           -- our JWS over it, NULL until we signed
  theirs TEXT,                         -- the partner's
  status TEXT NOT NULL,                -- JSON (struct agreement_status): what holds for what we send
  arriving TEXT NOT NULL,              -- the same for what arrives: an own signature or resumption on its way counts
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  version INTEGER NOT NULL             -- raised by every act and every saved draft
);

-- What each side did to an agreement, in the order in which we recorded or applied it. The status is the fold of these.
CREATE TABLE agreement_act (
  id INTEGER PRIMARY KEY,
  agreement_id INTEGER NOT NULL REFERENCES agreement (id),
  message_id TEXT NOT NULL,            -- the message that carried it
  type TEXT NOT NULL,                  -- 'agreement.suspend'
  party INTEGER NOT NULL,              -- place in the document's parties
  state TEXT NOT NULL,                 -- 'waiting' (ours, no receipt yet), 'settled', 'refused'
  at INTEGER NOT NULL,                 -- recorded or applied
  answered_at INTEGER,
  actor_name TEXT NOT NULL,
  reason TEXT NOT NULL,
  lang TEXT NOT NULL,                  -- of the reason
  effective TEXT NOT NULL,             -- day of a termination, '' otherwise
  refusal TEXT NOT NULL                -- code, '' otherwise
);
CREATE INDEX agreement_act_agreement ON agreement_act (agreement_id, id);
CREATE INDEX agreement_act_message ON agreement_act (message_id);

-- A correspondence with one partner: an agreement's or a referral's. Each direction has its own numbers and chain.
CREATE TABLE thread (
  uid TEXT PRIMARY KEY,
  partner_id INTEGER NOT NULL REFERENCES partner (id),
  kind TEXT NOT NULL,                  -- 'agreement', 'referral'
  opener INTEGER NOT NULL,             -- 1: we sent its first message
  agreement_uid TEXT NOT NULL,         -- '' for an agreement's own thread
  out_seq INTEGER NOT NULL,            -- last receipted number of ours
  out_head TEXT NOT NULL,              -- hash of that message, '' before the first
  in_seq INTEGER NOT NULL,             -- last applied number of theirs
  in_head TEXT NOT NULL,
  acked INTEGER NOT NULL               -- how many of our messages they have said to have applied
);

CREATE TABLE message (
  position INTEGER PRIMARY KEY,        -- our own order of arrival and of sending
  id TEXT NOT NULL,                    -- jti
  partner_id INTEGER NOT NULL REFERENCES partner (id),
  thread_uid TEXT NOT NULL,            -- thread.uid; a refused message may name one that is not there
  direction TEXT NOT NULL,             -- 'out', 'in'
  seq INTEGER NOT NULL,                -- 0 while an outgoing one is not signed yet
  type TEXT NOT NULL,
  body TEXT NOT NULL,                  -- JSON
  agreement_uid TEXT NOT NULL,
  clause TEXT NOT NULL,
  raw TEXT,                            -- the JWS; NULL while an outgoing one is not signed yet
  sha256 TEXT,                         -- of raw, base64url
  state TEXT NOT NULL,                 -- out: 'queued', 'signed', 'receipted', 'refused', 'dropped'; in: 'receipted', 'refused'
  pending TEXT NOT NULL,               -- out, referral: '', 'applied', 'void' (enum pending_state in referral.h)
  answer TEXT,                         -- receipt or refusal, JWS
  created_at INTEGER NOT NULL,
  answered_at INTEGER,
  attempts INTEGER NOT NULL,
  next_try_at INTEGER NOT NULL,        -- outgoing: when to try (again)
  last_error TEXT NOT NULL,            -- why the last try failed: a refusal code or a message key
  UNIQUE (partner_id, direction, id)
);
CREATE INDEX message_thread ON message (thread_uid, direction, position);
CREATE INDEX message_due ON message (direction, state, next_try_at, position);

CREATE TABLE referral (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,            -- thread uid
  side TEXT NOT NULL,                  -- 'home' or 'lead': what we are
  partner_id INTEGER NOT NULL REFERENCES partner (id),
  agreement_uid TEXT NOT NULL,
  casefile_id INTEGER REFERENCES casefile (id), -- lead: NULL until accepted
  partner_number TEXT NOT NULL,        -- their case number, '' unknown
  state TEXT NOT NULL,                 -- cooperation/referral.h: as shown, with our own moves that still wait
  settled TEXT NOT NULL,               -- what both sides are known to have applied
  packet TEXT NOT NULL,                -- JSON, as cooperation/referral_db.h says
  supplement TEXT NOT NULL,            -- JSON: the answer that is being prepared, '{}' when none
  story TEXT NOT NULL,                 -- JSON: question, refusal, outcome, objections, closing as they were last told
  result TEXT NOT NULL,                -- '', 'resolved', 'partly', 'unresolved', 'moved_to_formal_path'
  due_at INTEGER,                      -- lead: until when the offer is to be accepted or refused
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  version INTEGER NOT NULL             -- raised by every change: optimistic lock
);
CREATE INDEX referral_casefile ON referral (casefile_id);
-- What somebody still works on: the list of an old office is not walked through its finished ones.
CREATE INDEX referral_open ON referral (id) WHERE state NOT IN ('refused', 'closed', 'withdrawn', 'given_up');

-- What a person was asked to agree to, and what became of it.
CREATE TABLE consent (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  referral_id INTEGER NOT NULL REFERENCES referral (id),
  part TEXT NOT NULL,                  -- 'offer', 'answer': which packet it is about
  packet TEXT NOT NULL,                -- canonical JSON of fields with values and files, as they were when it was asked
  shown TEXT NOT NULL,                 -- canonical JSON of all that the person saw when deciding, '' until then
  digest TEXT NOT NULL,                -- SHA-256 of shown, base64url: what the partner is told
  lang TEXT NOT NULL,                  -- in which it was shown
  asked_at INTEGER NOT NULL,
  state TEXT NOT NULL,                 -- 'asked', 'given', 'refused', 'withdrawn', 'replaced' (the packet was changed first)
  decided_at INTEGER,
  withdrawn_at INTEGER
);
CREATE INDEX consent_casefile ON consent (casefile_id, id);
CREATE INDEX consent_referral ON consent (referral_id, id);

-- Words between the two liaison officers on one referral.
CREATE TABLE referral_note (
  id INTEGER PRIMARY KEY,
  referral_id INTEGER NOT NULL REFERENCES referral (id),
  direction TEXT NOT NULL,             -- 'out', 'in'
  lang TEXT NOT NULL,
  body TEXT NOT NULL,
  author_name TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX referral_note_referral ON referral_note (referral_id, id);

-- Files on their way, by the random id that the announcing message carries.
CREATE TABLE transfer (
  id TEXT PRIMARY KEY,                 -- 16 random bytes, hex: the capability
  direction TEXT NOT NULL,             -- 'out', 'in'
  message_id TEXT NOT NULL,
  referral_id INTEGER NOT NULL,
  partner_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,                -- of the plain bytes
  key TEXT NOT NULL,                   -- base64url, 32 bytes
  chunks INTEGER NOT NULL,
  state TEXT NOT NULL,                 -- 'waiting' (message not receipted), 'moving', 'complete', 'broken'
  started INTEGER NOT NULL,            -- times it began anew after a wrong digest
  next_try_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  last_error TEXT NOT NULL
);
CREATE INDEX transfer_due ON transfer (direction, state, next_try_at);
CREATE TABLE transfer_chunk (
  transfer_id TEXT NOT NULL REFERENCES transfer (id),
  n INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (transfer_id, n)
);
