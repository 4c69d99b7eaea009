-- Queries of casework/task_db.c, task_list.c and task_series.c.

-- name: task_insert
INSERT INTO task (casefile_id, series_id, series_day, kind, words, state, version, assigner, controller, created_at, due_at,
  document_needed, ended_at, opinion, opinion_words, document_id, remind_at)
VALUES ($1, $2, $3, $4, $5, 'open', 1, $6, $7, $8, $9, $10, NULL, '', '', NULL, $11) RETURNING id

-- name: task_by_id
SELECT id, casefile_id, version, assigner, controller, created_at, due_at, ended_at, document_id, series_id, state, kind,
  words, opinion, opinion_words, document_needed
FROM task WHERE id = $1

-- name: task_of_day
SELECT id FROM task WHERE series_id = $1 AND series_day = $2

-- name: task_save
UPDATE task SET state = $3, version = version + 1, due_at = $4, ended_at = $5, opinion = $6, opinion_words = $7,
  document_id = $8, remind_at = $9
WHERE id = $1 AND version = $2

-- name: task_to_remind
SELECT id FROM task WHERE remind_at IS NOT NULL AND remind_at <= $1 ORDER BY remind_at, id LIMIT 50

-- name: task_set_remind
UPDATE task SET remind_at = $2 WHERE id = $1

-- name: task_part_insert
INSERT INTO task_part (task_id, staff_id, part, place, ended, order_at) VALUES ($1, $2, $3, $4, $5, $6)

-- name: task_parts_of
SELECT p.staff_id, p.part, s.name FROM task_part p JOIN staff s ON s.id = p.staff_id
WHERE p.task_id = $1 ORDER BY p.part, p.place, p.staff_id

-- name: task_parts_save
UPDATE task_part SET ended = $2, order_at = $3 WHERE task_id = $1

-- name: task_part_drop_doers
DELETE FROM task_part WHERE task_id = $1 AND part = 'do'

-- name: task_history_insert
INSERT INTO task_history (task_id, at, move, state, by_name, words) VALUES ($1, $2, $3, $4, $5, $6)

-- name: task_history_of
SELECT at, move, state, by_name, words FROM task_history WHERE task_id = $1 ORDER BY id

-- A row of a list: what task_list.c reads, in this order. The responsible one's name is what a list shows.
-- name: task_list_after
SELECT t.id, t.kind, t.words, t.state, t.due_at, t.casefile_id, c.number, r.name, g.name, p.order_at
FROM task_part p JOIN task t ON t.id = p.task_id
  LEFT JOIN casefile c ON c.id = t.casefile_id
  LEFT JOIN task_part d ON d.task_id = t.id AND d.part = 'do' AND d.place = 0
  LEFT JOIN staff r ON r.id = d.staff_id
  JOIN staff g ON g.id = t.assigner
WHERE p.staff_id = $1 AND p.part = $2 AND p.ended = $3 AND (p.order_at, p.task_id) > ($4, $5)
ORDER BY p.order_at, p.task_id LIMIT 51

-- name: task_list_of_case
SELECT t.id, t.kind, t.words, t.state, t.due_at, t.casefile_id, '', r.name, g.name, 0
FROM task t
  LEFT JOIN task_part d ON d.task_id = t.id AND d.part = 'do' AND d.place = 0
  LEFT JOIN staff r ON r.id = d.staff_id
  JOIN staff g ON g.id = t.assigner
WHERE t.casefile_id = $1 ORDER BY t.id

-- name: task_counts
SELECT name, n FROM tally WHERE name IN ($1, $2, $3)

-- name: task_document_is_of
SELECT casefile_id FROM document WHERE id = $1

-- name: series_insert
INSERT INTO task_series (kind, words, assigner, controller, executors, period, every, from_day, to_day, workdays,
  days_to_do, next_day, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $8, $12) RETURNING id

-- name: series_by_id
SELECT id, kind, words, assigner, controller, executors, period, every, from_day, to_day, workdays, days_to_do, next_day
FROM task_series WHERE id = $1

-- name: series_due
SELECT id FROM task_series WHERE next_day IS NOT NULL AND next_day <= $1 ORDER BY next_day, id LIMIT 50

-- name: series_set_next
UPDATE task_series SET next_day = $2 WHERE id = $1

-- name: series_before
SELECT q.id, q.kind, q.words, q.assigner, q.controller, q.executors, q.period, q.every, q.from_day, q.to_day, q.workdays,
  q.days_to_do, q.next_day
FROM task_series q WHERE q.assigner = $1 AND q.id < $2 ORDER BY q.id DESC LIMIT 51
