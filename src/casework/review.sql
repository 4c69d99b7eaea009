-- Queries of casework/review_db.c.

-- name: review_insert
INSERT INTO case_review (casefile_id, way, asked_by, ground, words, filed_at, original_at, late, late_reason, reviewer, reviewer_name,
  due_at, stay_until, stay_ended_at, state, outcome, outcome_words, decided_at, decided_name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, '', $10, $11, NULL, 'asked', '', '', NULL, '') RETURNING id

-- name: review_by_id
SELECT id, casefile_id, way, asked_by, ground, words, filed_at, original_at, late, late_reason, reviewer, reviewer_name, due_at,
  stay_until, stay_ended_at, state, outcome, outcome_words, decided_at, decided_name
FROM case_review WHERE id = $1

-- name: review_of_case
SELECT id, casefile_id, way, asked_by, ground, words, filed_at, original_at, late, late_reason, reviewer, reviewer_name, due_at,
  stay_until, stay_ended_at, state, outcome, outcome_words, decided_at, decided_name
FROM case_review WHERE casefile_id = $1 ORDER BY id

-- name: review_open_of_case
SELECT id FROM case_review WHERE casefile_id = $1 AND state = 'asked'

-- name: review_set_reviewer
UPDATE case_review SET reviewer = $2, reviewer_name = $3 WHERE id = $1 AND state = 'asked'

-- name: review_set_outcome
UPDATE case_review SET state = $2, outcome = $3, outcome_words = $4, decided_at = $5, decided_name = $6
WHERE id = $1 AND state = 'asked'

-- name: review_end_stay
UPDATE case_review SET stay_ended_at = $2 WHERE id = $1 AND stay_until IS NOT NULL AND stay_ended_at IS NULL

-- name: stay_over
SELECT id, casefile_id, way FROM case_review
WHERE stay_until IS NOT NULL AND stay_ended_at IS NULL AND stay_until < $1 ORDER BY stay_until, id LIMIT 50

-- When the case was first decided, and when it was last: what the limits for filing count from.
-- name: case_decided
SELECT c.decided_at, c.closed_at, c.reopened_at,
  (SELECT max(r.decided_at) FROM case_review r WHERE r.casefile_id = c.id AND r.state = 'decided')
FROM casefile c WHERE c.id = $1

-- name: case_set_decided
UPDATE casefile SET decided_at = $2 WHERE id = $1 AND decided_at IS NULL

-- name: case_set_reopened
UPDATE casefile SET reopened_at = $2 WHERE id = $1

-- name: finding_issued_at
SELECT at FROM case_event WHERE casefile_id = $1 AND kind = 'finding_issued' ORDER BY id DESC LIMIT 1

-- Everybody who did something in the case, by what they did.
-- name: involved_events
SELECT DISTINCT actor, kind FROM case_event WHERE casefile_id = $1 AND actor LIKE 'staff:%'

-- name: involved_assigned
SELECT data FROM case_event WHERE casefile_id = $1 AND kind = 'assigned'

-- name: involved_members
SELECT staff_id, part FROM case_member WHERE casefile_id = $1

-- name: withdrawal_said
SELECT id FROM case_event WHERE casefile_id = $1 AND kind = 'withdrawal' ORDER BY id DESC LIMIT 1
