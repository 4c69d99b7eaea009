-- Intake and screening: who complains for whom, earlier complaints of the same person, admissibility, transfers.

ALTER TABLE casefile ADD COLUMN class TEXT NOT NULL DEFAULT 'complaint';  -- profile_case_class: may be converted, with history
ALTER TABLE casefile ADD COLUMN sent_on TEXT NOT NULL DEFAULT '';         -- ISO date on the letter or postmark, '' unknown
ALTER TABLE casefile ADD COLUMN happened_on TEXT NOT NULL DEFAULT '';     -- ISO date from which a limit to complain counts, '' unknown
ALTER TABLE casefile ADD COLUMN entered_at INTEGER NOT NULL DEFAULT 0;    -- when the desk typed it in; 0: filed by the person
ALTER TABLE casefile ADD COLUMN urgent TEXT NOT NULL DEFAULT '';          -- 'life', 'child', 'detainee', 'reprisal', '' not

ALTER TABLE party ADD COLUMN kind TEXT NOT NULL DEFAULT 'natural';        -- 'natural', 'organisation', 'group', 'anonymous'
ALTER TABLE party ADD COLUMN id_no TEXT NOT NULL DEFAULT '';              -- national identity or company number
ALTER TABLE party ADD COLUMN answer_by TEXT NOT NULL DEFAULT '';          -- 'post', 'email', 'phone', 'page', 'collect', '' not asked
ALTER TABLE party ADD COLUMN authority TEXT NOT NULL DEFAULT '';          -- of a representative: kind of authority, '' none
ALTER TABLE party ADD COLUMN authority_document TEXT NOT NULL DEFAULT ''; -- which paper shows it
ALTER TABLE party ADD COLUMN authority_until TEXT NOT NULL DEFAULT '';    -- ISO date, '' without end
ALTER TABLE party ADD COLUMN consent TEXT NOT NULL DEFAULT '';            -- of somebody affected: 'given', 'refused', 'impossible', '' not asked
ALTER TABLE party ADD COLUMN removed_at INTEGER;                          -- NULL while the person belongs to the case
ALTER TABLE party ADD COLUMN removed_why TEXT NOT NULL DEFAULT '';

-- What may be asked about a person. No row: not asked. Value 'refused' or 'unknown': asked in vain. 'group' may have several.
CREATE TABLE party_trait (
  party_id INTEGER NOT NULL REFERENCES party (id),
  trait TEXT NOT NULL,                 -- 'sex', 'birth_date', 'age_band', 'nationality', 'language', 'disability', 'detention', 'group'
  value TEXT NOT NULL,
  PRIMARY KEY (party_id, trait, value)
) WITHOUT ROWID;

-- What a person's entry was before each change.
CREATE TABLE party_change (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  party_id INTEGER NOT NULL REFERENCES party (id),
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,                 -- as journal.actor
  actor_name TEXT NOT NULL,
  what TEXT NOT NULL,                  -- 'added', 'changed', 'removed'
  before TEXT NOT NULL                 -- JSON of the entry, '{}' when added
);
CREATE INDEX party_change_casefile ON party_change (casefile_id, id);

-- Finds earlier complaints of the same person by looking up, never by searching. Keyed digests: the table alone tells nothing.
-- Whose identity is withheld is not in it.
CREATE TABLE person_key (
  kind TEXT NOT NULL,                  -- casework/person_key.h
  digest TEXT NOT NULL,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  party_id INTEGER NOT NULL REFERENCES party (id),
  PRIMARY KEY (kind, digest, casefile_id, party_id)
) WITHOUT ROWID;

-- Tests of admissibility as they were answered. The last answer to a question counts; earlier ones stay.
CREATE TABLE screening_answer (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  question TEXT NOT NULL,              -- key in the profile's admissibility.json
  answer TEXT NOT NULL,                -- 'yes', 'no', 'not_applicable'
  reason TEXT NOT NULL,
  overridden INTEGER NOT NULL,         -- 1: let pass by discretion, `reason` says why
  actor TEXT NOT NULL,                 -- as journal.actor
  actor_name TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX screening_answer_casefile ON screening_answer (casefile_id, id);

-- A complaint passed on to whoever can deal with it, watched until that office answers. States: casework/case_transfer.h
CREATE TABLE case_transfer (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  office_key TEXT NOT NULL,            -- key in the profile's offices.json, '' for one that is not listed
  office_name TEXT NOT NULL,
  country TEXT NOT NULL,               -- ISO 3166-1 alpha-2, '' unknown
  what TEXT NOT NULL,                  -- what is sent
  state TEXT NOT NULL,
  ground TEXT NOT NULL,                -- of 'impossible': 'person_refused', 'none_competent'; of 'refused': their words
  consent TEXT NOT NULL,               -- how the person agreed, '' not yet
  method TEXT NOT NULL,                -- 'post', 'email', 'hand', 'system', '' not sent yet
  their_number TEXT NOT NULL,
  answer TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  consented_at INTEGER,
  sent_at INTEGER,
  due_at INTEGER,                      -- when that office should have answered; NULL until sent
  confirmed_at INTEGER,
  ended_at INTEGER                     -- answered, refused, given up or impossible
);
CREATE INDEX case_transfer_casefile ON case_transfer (casefile_id, id);
-- Only what is still waited for: the list of the desk.
CREATE INDEX case_transfer_waiting ON case_transfer (due_at, id) WHERE due_at IS NOT NULL AND ended_at IS NULL;
