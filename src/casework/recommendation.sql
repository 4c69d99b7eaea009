-- Queries of casework/recommendation.c.

-- name: recommendation_insert
INSERT INTO recommendation (casefile_id, addressee, measure, issued_at, due_at, state, evidence, evidence_at)
VALUES ($1, $2, $3, $4, $5, 'issued', '', NULL) RETURNING id

-- name: recommendation_by_id
SELECT id, casefile_id, issued_at, due_at, evidence_at, addressee, measure, state, evidence FROM recommendation WHERE id = $1

-- name: recommendation_set_state
UPDATE recommendation SET state = $2, evidence = $3, evidence_at = $4 WHERE id = $1
