-- Queries of casework/issue.c.

-- name: issue_of_casefile
SELECT id, body_key, body_name, subject, complaint_kind, finding, fault_type, outcome
FROM case_issue WHERE casefile_id = $1 ORDER BY position, id LIMIT 12

-- name: issue_insert
INSERT INTO case_issue (casefile_id, body_key, body_name, subject, position) VALUES ($1, $2, $3, $4, $5) RETURNING id

-- name: issue_set_finding
UPDATE case_issue SET finding = $2, fault_type = $3 WHERE id = $1

-- name: issue_set_outcome
UPDATE case_issue SET outcome = $2 WHERE id = $1

-- name: issue_delete
DELETE FROM case_issue WHERE id = $1 AND casefile_id = $2
