-- What a running office changes about itself: code lists, legal limits, holidays. Laid over the profile's files.
-- Days count from 1970-01-01 in the office's zone. Rows are never changed or deleted: the latest one counts.

-- Raised by every change here, so that each `sulh serve` notices that what it holds in memory is old.
CREATE TABLE office_generation (
  id INTEGER PRIMARY KEY,              -- always 1
  n INTEGER NOT NULL
);
INSERT INTO office_generation (id, n) VALUES (1, 0);

-- A version of an entry of a code list: how it is from valid_from on, until its next version begins.
CREATE TABLE code_version (
  id INTEGER PRIMARY KEY,
  list TEXT NOT NULL,                  -- key of the list: 'faults'
  key TEXT NOT NULL,
  valid_from INTEGER NOT NULL,         -- day
  valid_to INTEGER,                    -- last day on which it is offered; NULL without end
  withdrawn INTEGER NOT NULL,          -- 1 = not offered from valid_from on
  names TEXT NOT NULL,                 -- JSON: {"az": …}
  parent TEXT,
  of_keys TEXT NOT NULL,               -- keys of the list that this one depends on, parted by a space; '' all
  position INTEGER NOT NULL,
  un_theme TEXT,
  sdg_target TEXT,
  closing TEXT,
  reason TEXT NOT NULL,                -- why, in the words of who entered it
  made_at INTEGER NOT NULL,
  made_by TEXT NOT NULL                -- actor's tag
);
CREATE INDEX code_version_key ON code_version (list, key, id);

-- A version of a legal limit. Name and events stay those of the profile's rule with this key.
CREATE TABLE limit_version (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,                   -- 'pk.decide'
  valid_from INTEGER NOT NULL,         -- day; clocks that began before keep the version before
  amount INTEGER NOT NULL,
  unit TEXT NOT NULL,                  -- office/clock.h
  rolls INTEGER NOT NULL,
  warn_hours INTEGER NOT NULL,
  extend_amount INTEGER NOT NULL,      -- 0 = no extension
  extend_times INTEGER NOT NULL,
  pausable INTEGER NOT NULL,
  source TEXT NOT NULL,                -- law or decision
  decided_by TEXT NOT NULL,            -- who decided it, in words
  confirmed INTEGER NOT NULL,          -- 1 = checked against the text
  made_at INTEGER NOT NULL,
  made_by TEXT NOT NULL
);
CREATE INDEX limit_version_key ON limit_version (key, id);

-- Changes of the calendar, applied in the order of id.
CREATE TABLE calendar_change (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,                  -- office/calendar_change.h: 'put_holiday', 'drop_holiday', …
  day INTEGER NOT NULL,
  key TEXT NOT NULL,                   -- of the feast; '' where the kind has none
  names TEXT NOT NULL,                 -- JSON; '{}' where the kind has none
  confirmed INTEGER NOT NULL,          -- 0 = expected, waits for a decision
  source TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  made_by TEXT NOT NULL
);
