-- Lists of casework: the queue, the search, and what hangs on one case.
-- A row of a list: what casework/queue.c reads, in this order.

-- name: queue_after
SELECT c.id, c.number, c.state, c.person_name, c.body_key, c.body_name, c.body_country, c.subject, c.received_at, c.assigned_to,
  s.name, c.due_at, c.due_rule, c.has_referral, c.lang
FROM casefile c LEFT JOIN staff s ON s.id = c.assigned_to
WHERE c.state = $1 AND (c.received_at, c.id) > ($2, $3)
  AND NOT EXISTS (SELECT 1 FROM case_conflict x WHERE x.casefile_id = c.id AND x.staff_id = $4 AND x.lifted_at IS NULL)
ORDER BY c.received_at, c.id LIMIT 51

-- name: queue_before
SELECT c.id, c.number, c.state, c.person_name, c.body_key, c.body_name, c.body_country, c.subject, c.received_at, c.assigned_to,
  s.name, c.due_at, c.due_rule, c.has_referral, c.lang
FROM casefile c LEFT JOIN staff s ON s.id = c.assigned_to
WHERE c.state = $1 AND (c.received_at, c.id) < ($2, $3)
  AND NOT EXISTS (SELECT 1 FROM case_conflict x WHERE x.casefile_id = c.id AND x.staff_id = $4 AND x.lifted_at IS NULL)
ORDER BY c.received_at DESC, c.id DESC LIMIT 51

-- name: mine_after
SELECT c.id, c.number, c.state, c.person_name, c.body_key, c.body_name, c.body_country, c.subject, c.received_at, c.assigned_to,
  s.name, c.due_at, c.due_rule, c.has_referral, c.lang
FROM casefile c LEFT JOIN staff s ON s.id = c.assigned_to
WHERE c.assigned_to = $1 AND c.phase <> 4 AND (c.received_at, c.id) > ($2, $3)
  AND NOT EXISTS (SELECT 1 FROM case_conflict x WHERE x.casefile_id = c.id AND x.staff_id = $1 AND x.lifted_at IS NULL)
ORDER BY c.received_at, c.id LIMIT 51

-- name: mine_before
SELECT c.id, c.number, c.state, c.person_name, c.body_key, c.body_name, c.body_country, c.subject, c.received_at, c.assigned_to,
  s.name, c.due_at, c.due_rule, c.has_referral, c.lang
FROM casefile c LEFT JOIN staff s ON s.id = c.assigned_to
WHERE c.assigned_to = $1 AND c.phase <> 4 AND (c.received_at, c.id) < ($2, $3)
  AND NOT EXISTS (SELECT 1 FROM case_conflict x WHERE x.casefile_id = c.id AND x.staff_id = $1 AND x.lifted_at IS NULL)
ORDER BY c.received_at DESC, c.id DESC LIMIT 51

-- name: queue_counts
SELECT name, n FROM tally
WHERE name >= 'casefile:' AND name < 'casefile;'

-- What the reader may read: $2 everything, $3 cases assigned to this staff id, $4 cases with a referral, $5 cases that the
-- registrar still has. The newest first, which is the order of ids.
-- name: queue_search
-- engine: sqlite
SELECT c.id, c.number, c.state, c.person_name, c.body_key, c.body_name, c.body_country, c.subject, c.received_at, c.assigned_to,
  s.name, c.due_at, c.due_rule, c.has_referral, c.lang
FROM case_search f JOIN casefile c ON c.id = f.rowid LEFT JOIN staff s ON s.id = c.assigned_to
WHERE case_search MATCH $1
  AND ($2 <> 0 OR c.assigned_to = $3 OR ($4 <> 0 AND c.has_referral <> 0) OR ($5 <> 0 AND c.phase = 0))
  AND NOT EXISTS (SELECT 1 FROM case_conflict x WHERE x.casefile_id = c.id AND x.staff_id = $6 AND x.lifted_at IS NULL)
ORDER BY f.rowid DESC LIMIT 51
-- engine: postgresql
SELECT c.id, c.number, c.state, c.person_name, c.body_key, c.body_name, c.body_country, c.subject, c.received_at, c.assigned_to,
  s.name, c.due_at, c.due_rule, c.has_referral, c.lang
FROM case_search f JOIN casefile c ON c.id = f.rowid LEFT JOIN staff s ON s.id = c.assigned_to
WHERE f.words @@ plainto_tsquery('simple', $1)
  AND (CAST($2 AS BIGINT) <> 0 OR c.assigned_to = $3 OR (CAST($4 AS BIGINT) <> 0 AND c.has_referral <> 0)
    OR (CAST($5 AS BIGINT) <> 0 AND c.phase = 0))
  AND NOT EXISTS (SELECT 1 FROM case_conflict x WHERE x.casefile_id = c.id AND x.staff_id = $6 AND x.lifted_at IS NULL)
ORDER BY f.rowid DESC LIMIT 51
-- engine: both

-- name: queue_by_number
SELECT c.id, c.number, c.state, c.person_name, c.body_key, c.body_name, c.body_country, c.subject, c.received_at, c.assigned_to,
  s.name, c.due_at, c.due_rule, c.has_referral, c.lang
FROM casefile c LEFT JOIN staff s ON s.id = c.assigned_to
WHERE c.number = $1
  AND NOT EXISTS (SELECT 1 FROM case_conflict x WHERE x.casefile_id = c.id AND x.staff_id = $2 AND x.lifted_at IS NULL)

-- What was asked from bodies and recommended to them, in one statement: the case page has few to spend.
-- name: dealings_of_casefile
SELECT 1 AS kind, id, body_name AS whom, question AS words, asked_at AS at, due_at, reminded_at, escalated_at,
  replied_at AS answered_at, state AS result, reply AS answer, remedy
FROM agency_request WHERE casefile_id = $1
UNION ALL
SELECT 2, id, addressee, measure, issued_at, due_at, reminded_at, NULL, evidence_at, state, evidence, ''
FROM recommendation WHERE casefile_id = $1
ORDER BY 1, 2

-- name: acknowledged_count
SELECT count(*) FROM case_event WHERE casefile_id = $1 AND kind = 'acknowledged'
