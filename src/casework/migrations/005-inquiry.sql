-- Inquiry and decision: what is complained of by body and right, hearings, mediation, findings, recommendations.

-- A pair of body and right: each gets a finding and an outcome of its own. A case without rows has the one pair that was filed.
CREATE TABLE case_issue (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  body_key TEXT NOT NULL,              -- profile body, '' when only a name was given
  body_name TEXT NOT NULL,
  subject TEXT NOT NULL,               -- the right or subject, '' none yet
  complaint_kind TEXT NOT NULL DEFAULT '',
  finding TEXT NOT NULL DEFAULT '',    -- casework/finding.h: finding_results; '' until a finding was issued
  fault_type TEXT NOT NULL DEFAULT '',
  outcome TEXT NOT NULL DEFAULT '',
  position INTEGER NOT NULL            -- order on the page
);
CREATE INDEX case_issue_casefile ON case_issue (casefile_id, position, id);

-- An oral hearing, a spot inspection, an examination of records.
CREATE TABLE hearing (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  kind TEXT NOT NULL,                  -- 'oral', 'inspection', 'records'
  state TEXT NOT NULL,                 -- 'set', 'held', 'minuted', 'adjourned', 'cancelled'
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  place TEXT NOT NULL,
  room TEXT NOT NULL,                  -- '' when it has none of its own
  room_key TEXT NOT NULL,              -- folded, for the clash check
  officer INTEGER NOT NULL REFERENCES staff (id), -- who conducts it
  purpose TEXT NOT NULL,
  told INTEGER NOT NULL,               -- 1: the person is invited and reads of it
  reason TEXT NOT NULL DEFAULT '',     -- why adjourned or cancelled
  follows INTEGER,                     -- hearing.id that was adjourned to this one
  set_at INTEGER NOT NULL,
  set_by TEXT NOT NULL,                -- as journal.actor
  ended_at INTEGER                     -- when it was recorded as held, adjourned or cancelled
);
CREATE INDEX hearing_casefile ON hearing (casefile_id, starts_at, id);
CREATE INDEX hearing_officer ON hearing (officer, starts_at) WHERE state = 'set';
CREATE INDEX hearing_room ON hearing (room_key, starts_at) WHERE state = 'set' AND room_key <> '';

CREATE TABLE hearing_guest (
  id INTEGER PRIMARY KEY,
  hearing_id INTEGER NOT NULL REFERENCES hearing (id),
  kind TEXT NOT NULL,                  -- 'person' (the complainant), 'body', 'other'
  name TEXT NOT NULL,                  -- '' for the complainant: the case knows
  came INTEGER                         -- 1, 0; NULL until it was held
);
CREATE INDEX hearing_guest_hearing ON hearing_guest (hearing_id, id);

-- Minutes grow by versions; one that is signed is the last.
CREATE TABLE hearing_minutes (
  id INTEGER PRIMARY KEY,
  hearing_id INTEGER NOT NULL REFERENCES hearing (id),
  version INTEGER NOT NULL,
  body TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  author TEXT NOT NULL,                -- as journal.actor
  author_name TEXT NOT NULL,
  at INTEGER NOT NULL,
  signed_at INTEGER,
  signed_by TEXT NOT NULL DEFAULT '',  -- as journal.actor
  signed_name TEXT NOT NULL DEFAULT '',
  UNIQUE (hearing_id, version)
);

-- The mediator's compartment. Nothing of it stands in events, texts or the search; the settlement becomes readable when issued.
CREATE TABLE mediation (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  state TEXT NOT NULL,                 -- 'open', 'settled', 'failed', 'withdrawn'
  version INTEGER NOT NULL,            -- raised by every change inside: optimistic lock
  mediator INTEGER NOT NULL REFERENCES staff (id),
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  settlement TEXT NOT NULL DEFAULT '', -- a draft until state is 'settled'
  sha256 TEXT NOT NULL DEFAULT ''      -- of the settlement as issued
);
CREATE UNIQUE INDEX mediation_open ON mediation (casefile_id) WHERE state = 'open';
CREATE INDEX mediation_casefile ON mediation (casefile_id, id);

CREATE TABLE mediation_entry (
  id INTEGER PRIMARY KEY,
  mediation_id INTEGER NOT NULL REFERENCES mediation (id),
  kind TEXT NOT NULL,                  -- 'session', 'note'
  held_on TEXT NOT NULL,               -- ISO date of a session, '' for a note
  words TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  author TEXT NOT NULL,                -- as journal.actor
  author_name TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX mediation_entry_mediation ON mediation_entry (mediation_id, id);

CREATE TABLE finding (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  state TEXT NOT NULL,                 -- 'draft', 'circulated', 'issued', 'dropped'
  version INTEGER NOT NULL,            -- of the text: the newest finding_version
  drafted_by TEXT NOT NULL,            -- as journal.actor
  drafted_name TEXT NOT NULL,
  drafted_at INTEGER NOT NULL,
  circulated_at INTEGER,
  reason TEXT NOT NULL DEFAULT '',     -- why dropped
  issued_at INTEGER,
  issued_by TEXT NOT NULL DEFAULT '',
  issued_name TEXT NOT NULL DEFAULT '',
  sha256 TEXT NOT NULL DEFAULT ''      -- of the canonical JSON of what was issued, as the journal recorded it
);
CREATE INDEX finding_casefile ON finding (casefile_id, id);

CREATE TABLE finding_version (
  id INTEGER PRIMARY KEY,
  finding_id INTEGER NOT NULL REFERENCES finding (id),
  version INTEGER NOT NULL,
  facts TEXT NOT NULL,                 -- what the office found to have happened
  reasons TEXT NOT NULL,               -- what follows from it
  results TEXT NOT NULL,               -- JSON [{issue, body, subject, result, fault_type}]
  sha256 TEXT NOT NULL,
  author TEXT NOT NULL,
  author_name TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (finding_id, version)
);

-- What the sides say to a draft, asked for until a day.
CREATE TABLE finding_comment (
  id INTEGER PRIMARY KEY,
  finding_id INTEGER NOT NULL REFERENCES finding (id),
  version INTEGER NOT NULL,            -- of the text that was sent
  side TEXT NOT NULL,                  -- 'person', 'body'
  body_key TEXT NOT NULL,              -- of a body, when the profile knows it
  body_name TEXT NOT NULL,             -- '' for the person
  asked_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  answered_at INTEGER,                 -- NULL: nothing came yet
  position TEXT NOT NULL DEFAULT '',   -- 'agrees', 'partly', 'disagrees'
  facts_wrong TEXT NOT NULL DEFAULT '', -- what is not right in the facts
  words TEXT NOT NULL DEFAULT '',
  entered_by TEXT NOT NULL DEFAULT '', -- as journal.actor: the person, an officer for the body, its focal person
  entered_name TEXT NOT NULL DEFAULT '',
  closed INTEGER NOT NULL DEFAULT 0    -- 1: the draft was revised or dropped before an answer came
);
CREATE INDEX finding_comment_finding ON finding_comment (finding_id, id);

-- Recommendations: more than one measure in words.
ALTER TABLE recommendation ADD COLUMN body_key TEXT NOT NULL DEFAULT '';
ALTER TABLE recommendation ADD COLUMN whom TEXT NOT NULL DEFAULT '';      -- the addressee for lists: 'key:nadra' or 'name:' and the folded name
ALTER TABLE recommendation ADD COLUMN kind TEXT NOT NULL DEFAULT 'personal'; -- 'personal', 'systemic', 'legislative'
ALTER TABLE recommendation ADD COLUMN public_text TEXT NOT NULL DEFAULT ''; -- without personal data; measure is the private text
ALTER TABLE recommendation ADD COLUMN ground TEXT NOT NULL DEFAULT '';    -- law it rests on
ALTER TABLE recommendation ADD COLUMN finding_id INTEGER;
ALTER TABLE recommendation ADD COLUMN issued_day INTEGER NOT NULL DEFAULT 0; -- day since 1970-01-01 in the office's zone
ALTER TABLE recommendation ADD COLUMN due_day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE recommendation ADD COLUMN replied_at INTEGER;                 -- last answer of the body
ALTER TABLE recommendation ADD COLUMN reply TEXT NOT NULL DEFAULT '';     -- its words
ALTER TABLE recommendation ADD COLUMN degree TEXT NOT NULL DEFAULT '';    -- last assessment: 'none', 'partly', 'substantially', 'fully'
ALTER TABLE recommendation ADD COLUMN reminded_at INTEGER;
ALTER TABLE recommendation ADD COLUMN reminders INTEGER NOT NULL DEFAULT 0;
ALTER TABLE recommendation ADD COLUMN escalated TEXT NOT NULL DEFAULT ''; -- the highest step: 'superior', 'head', 'special_report'
UPDATE recommendation SET issued_day = issued_at / 86400000, due_day = due_at / 86400000, whom = 'name:' || addressee,
  replied_at = CASE WHEN state = 'issued' THEN NULL ELSE evidence_at END,
  degree = CASE WHEN state = 'implemented' THEN 'fully' ELSE '' END;
CREATE INDEX recommendation_open ON recommendation (due_day, id) WHERE state <> 'implemented';
CREATE INDEX recommendation_whom ON recommendation (whom, due_day, id) WHERE state <> 'implemented';

-- How far a recommendation was carried out, as somebody saw it on a day: never changed, only added to.
CREATE TABLE recommendation_assessment (
  id INTEGER PRIMARY KEY,
  recommendation_id INTEGER NOT NULL REFERENCES recommendation (id),
  degree TEXT NOT NULL,
  words TEXT NOT NULL,                 -- on what evidence
  actor TEXT NOT NULL,                 -- as journal.actor
  actor_name TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX recommendation_assessment_of ON recommendation_assessment (recommendation_id, id);

CREATE TABLE recommendation_document (
  assessment_id INTEGER NOT NULL REFERENCES recommendation_assessment (id),
  document_id INTEGER NOT NULL REFERENCES document (id),
  PRIMARY KEY (assessment_id, document_id)
);

-- What else was done about it: answers, reminders, escalations.
CREATE TABLE recommendation_act (
  id INTEGER PRIMARY KEY,
  recommendation_id INTEGER NOT NULL REFERENCES recommendation (id),
  kind TEXT NOT NULL,                  -- 'reply', 'remind', 'escalate'
  value TEXT NOT NULL,                 -- the answer, or the step of the escalation
  words TEXT NOT NULL,
  actor TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX recommendation_act_of ON recommendation_act (recommendation_id, id);

-- Open recommendations by day, kept in the transaction that changes them: what is overdue, and how old the unanswered ones are.
CREATE TABLE recommendation_day (
  what TEXT NOT NULL,                  -- 'due' (open, by due day), 'unanswered' (by day of issue)
  whom TEXT NOT NULL,                  -- '' all together, else recommendation.whom
  day INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (what, whom, day)
);
CREATE TABLE recommendation_body (
  whom TEXT PRIMARY KEY,
  body_key TEXT NOT NULL,
  name TEXT NOT NULL,                  -- as last written
  open INTEGER NOT NULL,
  done INTEGER NOT NULL
);
CREATE INDEX recommendation_body_open ON recommendation_body (open DESC, whom);
INSERT INTO recommendation_day (what, whom, day, n)
  SELECT 'due', '', due_day, count(*) FROM recommendation WHERE state <> 'implemented' GROUP BY due_day;
INSERT INTO recommendation_day (what, whom, day, n)
  SELECT 'due', whom, due_day, count(*) FROM recommendation WHERE state <> 'implemented' GROUP BY whom, due_day;
INSERT INTO recommendation_day (what, whom, day, n)
  SELECT 'unanswered', '', issued_day, count(*) FROM recommendation WHERE state = 'issued' GROUP BY issued_day;
INSERT INTO recommendation_body (whom, body_key, name, open, done)
  SELECT whom, '', min(addressee), sum(CASE WHEN state = 'implemented' THEN 0 ELSE 1 END),
    sum(CASE WHEN state = 'implemented' THEN 1 ELSE 0 END) FROM recommendation GROUP BY whom;
