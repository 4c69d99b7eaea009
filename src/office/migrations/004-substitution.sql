-- Who works in whose name, and for how long.

CREATE TABLE substitution (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,                  -- 'absence': for a person who is away; 'acting': holds a head's post meanwhile
  absent INTEGER REFERENCES staff (id), -- NULL: the post is vacant ('acting')
  deputy INTEGER NOT NULL REFERENCES staff (id),
  role TEXT NOT NULL,                  -- 'acting': the post's role; '' for an absence
  unit TEXT NOT NULL,                  -- 'acting': its unit; '' for the institution or an absence
  rights TEXT NOT NULL,                -- 'cases': the absent person's cases with the own rights; 'all': the rights too
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,              -- the first moment after it
  note TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  made_by TEXT NOT NULL,               -- name as shown
  ended_at INTEGER                     -- NULL: it was not ended before its time
);
CREATE INDEX substitution_deputy ON substitution (deputy, to_at);
CREATE INDEX substitution_absent ON substitution (absent, to_at);
CREATE INDEX substitution_post ON substitution (role, unit, to_at) WHERE kind = 'acting';

-- substitution.id in whose name this session works; it counts only while the substitution does.
ALTER TABLE session ADD COLUMN acts_for INTEGER;
