-- Openings with a reason and conflicts of interest (casework/opening.c, access_tab.c).

-- name: opening_insert
INSERT INTO case_opening (casefile_id, kind, staff_id, staff_name, reason, asked_at, decided_by, decided_name, decided_at,
  granted, until)
VALUES ($1, $2, $3, $4, $5, $6, NULL, '', $7, $8, $9) RETURNING id

-- name: opening_by_id
SELECT id, casefile_id, staff_id, decided_at, kind FROM case_opening WHERE id = $1

-- name: opening_waiting_of
SELECT count(*) FROM case_opening WHERE casefile_id = $1 AND staff_id = $2 AND kind = 'identity' AND decided_at IS NULL

-- name: opening_decide
UPDATE case_opening SET decided_by = $2, decided_name = $3, decided_at = $4, granted = $5, until = $6 WHERE id = $1

-- name: opening_of_casefile
SELECT id, kind, staff_id, staff_name, reason, asked_at, decided_name, decided_at, granted, until
FROM case_opening WHERE casefile_id = $1 ORDER BY id DESC LIMIT 100

-- Who waits for a second person, the oldest first.
-- name: opening_waiting
SELECT o.id, o.casefile_id, c.number, o.staff_id, o.staff_name, o.reason, o.asked_at
FROM case_opening o JOIN casefile c ON c.id = o.casefile_id
WHERE o.kind = 'identity' AND o.decided_at IS NULL AND o.id > $1
  AND NOT EXISTS (SELECT 1 FROM case_conflict x WHERE x.casefile_id = o.casefile_id AND x.staff_id = $2 AND x.lifted_at IS NULL)
ORDER BY o.id LIMIT 51

-- name: conflict_put
INSERT INTO case_conflict (casefile_id, staff_id, reason, set_by, set_at, lifted_at) VALUES ($1, $2, $3, $4, $5, NULL)
ON CONFLICT (casefile_id, staff_id) DO UPDATE SET reason = $3, set_by = $4, set_at = $5, lifted_at = NULL

-- name: conflict_lift
UPDATE case_conflict SET lifted_at = $3 WHERE casefile_id = $1 AND staff_id = $2 AND lifted_at IS NULL

-- name: conflict_of_casefile
SELECT x.staff_id, s.name, x.reason, x.set_at FROM case_conflict x JOIN staff s ON s.id = x.staff_id
WHERE x.casefile_id = $1 AND x.lifted_at IS NULL ORDER BY s.name, x.staff_id

-- The last who looked or changed something, from the journal.
-- name: trace_of_casefile
SELECT at, actor, act FROM journal WHERE object = $1 ORDER BY seq DESC LIMIT 50
