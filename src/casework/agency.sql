-- Queries of casework/agency.c.

-- name: agency_insert
INSERT INTO agency_request (casefile_id, body_name, question, asked_at, due_at, reminded_at, escalated_at, replied_at,
  position, reply, remedy)
VALUES ($1, $2, $3, $4, $5, NULL, NULL, NULL, '', '', '') RETURNING id

-- name: agency_by_id
SELECT id, casefile_id, asked_at, due_at, reminded_at, escalated_at, replied_at, body_name, question, position, reply, remedy
FROM agency_request WHERE id = $1

-- name: agency_set_reminded
UPDATE agency_request SET reminded_at = $2 WHERE id = $1

-- name: agency_set_escalated
UPDATE agency_request SET escalated_at = $2 WHERE id = $1

-- name: agency_set_reply
UPDATE agency_request SET replied_at = $2, position = $3, reply = $4, remedy = $5 WHERE id = $1
