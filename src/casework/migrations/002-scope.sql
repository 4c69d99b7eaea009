-- Where a case stands and who may see it: phase, unit, team, conflicts of interest, openings with a reason.

ALTER TABLE casefile ADD COLUMN phase INTEGER NOT NULL DEFAULT 0;      -- enum phase of office/profile.h; follows the state
ALTER TABLE casefile ADD COLUMN unit TEXT NOT NULL DEFAULT '';         -- key of a unit, '' until it was given to one
ALTER TABLE casefile ADD COLUMN identity TEXT NOT NULL DEFAULT 'open'; -- 'open', 'withheld': then person_name is an alias
UPDATE casefile SET phase = CASE state WHEN 'received' THEN 0 WHEN 'registered' THEN 0 WHEN 'closed' THEN 4 ELSE 1 END;

DROP INDEX casefile_mine;
CREATE INDEX casefile_mine ON casefile (assigned_to, received_at, id) WHERE assigned_to IS NOT NULL AND phase <> 4;

-- Who works on a case beside the one who leads it.
CREATE TABLE case_member (
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  part TEXT NOT NULL,                  -- 'member', 'mediator', 'reviewer'
  since INTEGER NOT NULL,
  until INTEGER,                       -- NULL while it lasts
  PRIMARY KEY (casefile_id, staff_id)
);
CREATE INDEX case_member_staff ON case_member (staff_id, casefile_id);

-- From whom a case is kept: it is gone from that officer's lists, search, counts and pages.
CREATE TABLE case_conflict (
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  reason TEXT NOT NULL,
  set_by TEXT NOT NULL,                -- as journal.actor
  set_at INTEGER NOT NULL,
  lifted_at INTEGER,                   -- NULL while it lasts
  PRIMARY KEY (casefile_id, staff_id)
);
CREATE INDEX case_conflict_staff ON case_conflict (staff_id, casefile_id);

-- What was opened beyond the usual right, for a time, with a reason: a case ('glass'), or a withheld identity, which
-- needs a second person.
CREATE TABLE case_opening (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER NOT NULL REFERENCES casefile (id),
  kind TEXT NOT NULL,                  -- 'glass', 'identity'
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  staff_name TEXT NOT NULL,
  reason TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  decided_by INTEGER,                  -- staff.id of the second person; NULL: not decided, or none was needed
  decided_name TEXT NOT NULL,
  decided_at INTEGER,
  granted INTEGER NOT NULL,            -- 1: holds until `until`
  until INTEGER                        -- NULL: not granted
);
CREATE INDEX case_opening_casefile ON case_opening (casefile_id, id);
CREATE INDEX case_opening_waiting ON case_opening (kind, id) WHERE decided_at IS NULL;
