-- Time: what a clock lived through, the steps before and after its end, notices to officers, tasks, and what a changed
-- calendar moves.

-- 1: it stands still now; due_at is then what it was before.
ALTER TABLE clock ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
-- What the office aims at, before the limit itself; NULL: nothing of its own.
ALTER TABLE clock ADD COLUMN target_at INTEGER;
-- When the next step of the ladder is due; NULL: none, or it stands still or has ended.
ALTER TABLE clock ADD COLUMN remind_at INTEGER;
UPDATE clock SET remind_at = 0 WHERE stopped_at IS NULL; -- looked at by the next run
CREATE INDEX clock_remind ON clock (remind_at, id) WHERE remind_at IS NOT NULL;
CREATE INDEX clock_running ON clock (id) WHERE stopped_at IS NULL; -- walked when the calendar changes

CREATE TABLE clock_pause (
  id INTEGER PRIMARY KEY,
  clock_id INTEGER NOT NULL REFERENCES clock (id),
  from_at INTEGER NOT NULL,
  to_at INTEGER,                       -- NULL while it lasts
  reason TEXT NOT NULL,                -- key in the profile's pause_reasons
  words TEXT NOT NULL,
  begun_by TEXT NOT NULL,              -- names as shown
  ended_by TEXT NOT NULL               -- '' while it lasts
);
CREATE INDEX clock_pause_clock ON clock_pause (clock_id, id);

CREATE TABLE clock_extension (
  id INTEGER PRIMARY KEY,
  clock_id INTEGER NOT NULL REFERENCES clock (id),
  at INTEGER NOT NULL,
  amount INTEGER NOT NULL,             -- in the rule's unit
  reason TEXT NOT NULL,                -- in words; the person reads them
  by_name TEXT NOT NULL
);
CREATE INDEX clock_extension_clock ON clock_extension (clock_id, id);

-- Steps of the ladder that were done: each once for a clock and an end, whatever happens to the program.
CREATE TABLE clock_step (
  clock_id INTEGER NOT NULL REFERENCES clock (id),
  step TEXT NOT NULL,                  -- 'soon', 'late', or a key of the profile's escalations
  due_at INTEGER NOT NULL,             -- the end that it was about
  at INTEGER NOT NULL,
  told TEXT NOT NULL,                  -- JSON: names of those who were told
  PRIMARY KEY (clock_id, step, due_at)
);

-- What an officer should know; tally 'notice:ID' counts the unread.
CREATE TABLE notice (
  id INTEGER PRIMARY KEY,
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,                  -- casework/notice.c
  casefile_id INTEGER,                 -- NULL: about no case
  task_id INTEGER,
  data TEXT NOT NULL,                  -- JSON object with the values of its sentence
  read_at INTEGER                      -- NULL: not yet
);
CREATE INDEX notice_staff ON notice (staff_id, id);
CREATE INDEX notice_unread ON notice (staff_id, id) WHERE read_at IS NULL;

CREATE TABLE task (
  id INTEGER PRIMARY KEY,
  casefile_id INTEGER REFERENCES casefile (id), -- NULL: on no case
  series_id INTEGER,                   -- task_series.id that made it; NULL: given by hand
  series_day INTEGER,                  -- for which of its days
  kind TEXT NOT NULL,                  -- casework/task.h
  words TEXT NOT NULL,
  state TEXT NOT NULL,                 -- casework/task.h
  version INTEGER NOT NULL,
  assigner INTEGER NOT NULL,           -- staff.id
  controller INTEGER,                  -- staff.id; NULL: the assigner looks after it
  created_at INTEGER NOT NULL,
  due_at INTEGER,                      -- NULL: no deadline
  remind_at INTEGER,                   -- of the deadline, before it and then after it; NULL: no more
  document_needed INTEGER NOT NULL,    -- 1: it closes with a document
  ended_at INTEGER,
  opinion TEXT NOT NULL,               -- code of its kind; '' while open
  opinion_words TEXT NOT NULL,
  document_id INTEGER                  -- the closing document
);
CREATE INDEX task_casefile ON task (casefile_id, id) WHERE casefile_id IS NOT NULL;
CREATE INDEX task_remind ON task (remind_at, id) WHERE remind_at IS NOT NULL;
CREATE UNIQUE INDEX task_series_day ON task (series_id, series_day) WHERE series_id IS NOT NULL;

-- Who has to do with a task and as what: one list of an officer is one range of the index.
CREATE TABLE task_part (
  task_id INTEGER NOT NULL REFERENCES task (id),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  part TEXT NOT NULL,                  -- 'do', 'gave', 'control'
  place INTEGER NOT NULL,              -- of those who do it: 0 is responsible
  ended INTEGER NOT NULL,              -- 1: done or withdrawn
  order_at INTEGER NOT NULL,           -- deadline, the end of time where there is none
  PRIMARY KEY (task_id, part, staff_id)
);
CREATE INDEX task_part_list ON task_part (staff_id, part, ended, order_at, task_id);

CREATE TABLE task_history (
  id INTEGER PRIMARY KEY,
  task_id INTEGER NOT NULL REFERENCES task (id),
  at INTEGER NOT NULL,
  move TEXT NOT NULL,                  -- casework/task.h
  state TEXT NOT NULL,                 -- after it
  by_name TEXT NOT NULL,
  words TEXT NOT NULL
);
CREATE INDEX task_history_task ON task_history (task_id, id);

-- Tasks that come again and again.
CREATE TABLE task_series (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  words TEXT NOT NULL,
  assigner INTEGER NOT NULL,
  controller INTEGER,
  executors TEXT NOT NULL,             -- staff ids separated by one space, the responsible one first
  period TEXT NOT NULL,                -- 'day', 'week', 'month', 'year'
  every INTEGER NOT NULL,              -- each n-th of them
  from_day INTEGER NOT NULL,           -- days since 1970-01-01: the first, from which the others are counted
  to_day INTEGER,                      -- NULL: without end
  workdays INTEGER NOT NULL,           -- 1: a day of rest moves to the next working day
  days_to_do INTEGER NOT NULL,
  next_day INTEGER,                    -- of the next task; NULL: ended
  created_at INTEGER NOT NULL
);
CREATE INDEX task_series_assigner ON task_series (assigner, id);
CREATE INDEX task_series_next ON task_series (next_day, id) WHERE next_day IS NOT NULL;

-- After a change of the calendar: how far the running clocks have been counted again.
CREATE TABLE clock_recount (
  id INTEGER PRIMARY KEY,
  change_id INTEGER NOT NULL,          -- last calendar_change.id that it takes into account
  began_at INTEGER NOT NULL,
  last_id INTEGER NOT NULL,            -- greatest clock.id at the beginning, for the progress
  seen_id INTEGER NOT NULL,            -- last clock.id that was looked at
  seen INTEGER NOT NULL,               -- how many were
  moved INTEGER NOT NULL,              -- how many ends moved
  ended_at INTEGER                     -- NULL while it goes on
);
CREATE INDEX clock_recount_open ON clock_recount (id) WHERE ended_at IS NULL;
