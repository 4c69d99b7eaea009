-- Queries of the clocks of a case: casework/case_clock*.c and ladder_job.c.

-- name: clock_insert
INSERT INTO clock (casefile_id, rule, started_at, due_at, stopped_at, explanation, target_at, remind_at)
VALUES ($1, $2, $3, $4, NULL, $5, $6, $7)

-- The earliest that runs; when all that are open stand still, due_at is NULL and due_rule names one of them.
-- name: casefile_set_due
UPDATE casefile SET
  due_at = (SELECT k.due_at FROM clock k
    WHERE k.casefile_id = $1 AND k.stopped_at IS NULL AND k.paused = 0 ORDER BY k.due_at, k.id LIMIT 1),
  due_rule = (SELECT k.rule FROM clock k
    WHERE k.casefile_id = $1 AND k.stopped_at IS NULL ORDER BY k.paused, k.due_at, k.id LIMIT 1)
WHERE id = $1

-- name: clock_open_of_rule
SELECT id, paused FROM clock WHERE casefile_id = $1 AND rule = $2 AND stopped_at IS NULL ORDER BY id

-- name: clock_open_of_casefile
SELECT id, paused FROM clock WHERE casefile_id = $1 AND stopped_at IS NULL ORDER BY id

-- name: clock_stop
UPDATE clock SET stopped_at = $2, paused = 0, remind_at = NULL WHERE id = $1

-- name: clock_save
UPDATE clock SET due_at = $2, paused = $3, target_at = $4, remind_at = $5, explanation = $6 WHERE id = $1

-- name: clock_by_id
SELECT id, casefile_id, rule, started_at, due_at, stopped_at, paused, target_at, remind_at, explanation
FROM clock WHERE id = $1

-- name: clock_of_casefile
SELECT id, casefile_id, rule, started_at, due_at, stopped_at, paused, target_at, remind_at, explanation
FROM clock WHERE casefile_id = $1 ORDER BY id

-- Pauses (kind 1) and extensions (kind 2) of all clocks of a case in one statement: the case page has few to spend.
-- name: clock_changes_of_casefile
SELECT 1 AS kind, p.clock_id, p.id, p.from_at AS at, p.to_at, p.reason, p.words, p.begun_by
FROM clock_pause p JOIN clock k ON k.id = p.clock_id WHERE k.casefile_id = $1
UNION ALL
SELECT 2, e.clock_id, e.id, e.at, e.amount, '', e.reason, e.by_name
FROM clock_extension e JOIN clock k ON k.id = e.clock_id WHERE k.casefile_id = $1
ORDER BY 1, 3

-- name: clock_changes
SELECT 1 AS kind, p.clock_id, p.id, p.from_at AS at, p.to_at, p.reason, p.words, p.begun_by
FROM clock_pause p WHERE p.clock_id = $1
UNION ALL
SELECT 2, e.clock_id, e.id, e.at, e.amount, '', e.reason, e.by_name
FROM clock_extension e WHERE e.clock_id = $1
ORDER BY 1, 3

-- name: clock_pause_begin
INSERT INTO clock_pause (clock_id, from_at, to_at, reason, words, begun_by, ended_by)
VALUES ($1, $2, NULL, $3, $4, $5, '')

-- name: clock_pause_end
UPDATE clock_pause SET to_at = $2, ended_by = $3 WHERE clock_id = $1 AND to_at IS NULL

-- name: clock_extension_insert
INSERT INTO clock_extension (clock_id, at, amount, reason, by_name) VALUES ($1, $2, $3, $4, $5)

-- name: clock_steps
SELECT step, at, told FROM clock_step WHERE clock_id = $1 AND due_at = $2

-- name: clock_steps_of_casefile
SELECT s.clock_id, s.step, s.at, s.told, s.due_at
FROM clock_step s JOIN clock k ON k.id = s.clock_id WHERE k.casefile_id = $1 ORDER BY s.at, s.step

-- name: clock_step_insert
INSERT INTO clock_step (clock_id, step, due_at, at, told) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (clock_id, step, due_at) DO NOTHING

-- name: clock_to_remind
SELECT id, casefile_id FROM clock WHERE remind_at IS NOT NULL AND remind_at <= $1 ORDER BY remind_at, id LIMIT 50

-- name: clock_set_remind
UPDATE clock SET remind_at = $2 WHERE id = $1

-- name: clock_running_after
SELECT k.id, k.casefile_id FROM clock k WHERE k.stopped_at IS NULL AND k.id > $1 ORDER BY k.id LIMIT 200

-- name: ladder_staff
SELECT id, name, roles, unit FROM staff WHERE active = 1 ORDER BY id

-- name: clock_last_id
SELECT coalesce(max(id), 0) FROM clock

-- name: recount_candidates
SELECT id FROM clock
WHERE stopped_at IS NULL AND id > $1 AND id <= $2 AND paused = 0 AND due_at >= $3 AND started_at < $4
ORDER BY id LIMIT 400

-- name: recount_open
SELECT id FROM clock_recount WHERE ended_at IS NULL ORDER BY id LIMIT 1

-- name: recount_covered
SELECT coalesce(max(change_id), 0) FROM clock_recount

-- name: calendar_last_change
SELECT coalesce(max(id), 0) FROM calendar_change

-- name: recount_insert
INSERT INTO clock_recount (change_id, began_at, last_id, seen_id, seen, moved, ended_at)
VALUES ($1, $2, $3, 0, 0, 0, NULL) RETURNING id

-- name: recount_next
SELECT k.id FROM clock k
WHERE k.stopped_at IS NULL AND k.id > (SELECT r.seen_id FROM clock_recount r WHERE r.id = $1)
ORDER BY k.id LIMIT 100

-- name: recount_went_on
UPDATE clock_recount SET seen_id = $2, seen = seen + $3, moved = moved + $4 WHERE id = $1

-- name: recount_end
UPDATE clock_recount SET ended_at = $2 WHERE id = $1

-- name: recount_newest
SELECT id, change_id, began_at, last_id, seen_id, seen, moved, ended_at FROM clock_recount ORDER BY id DESC LIMIT 20
