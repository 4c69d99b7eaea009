-- Queries of casework/finding_acts.c and finding_view.c.

-- name: finding_insert
INSERT INTO finding (casefile_id, state, version, drafted_by, drafted_name, drafted_at)
VALUES ($1, 'draft', 1, $2, $3, $4) RETURNING id

-- name: finding_by_id
SELECT id, casefile_id, version, issued_at, state FROM finding WHERE id = $1

-- name: finding_open_count
SELECT count(*) FROM finding WHERE casefile_id = $1 AND state IN ('draft', 'circulated')

-- name: finding_issued_count
SELECT count(*) FROM finding WHERE casefile_id = $1 AND state = 'issued'

-- name: finding_set_version
UPDATE finding SET version = version + 1, state = 'draft' WHERE id = $1 AND version = $2 AND state IN ('draft', 'circulated')

-- name: finding_set_circulated
UPDATE finding SET state = 'circulated', circulated_at = $2 WHERE id = $1

-- name: finding_set_dropped
UPDATE finding SET state = 'dropped', reason = $2 WHERE id = $1

-- name: finding_set_issued
UPDATE finding SET state = 'issued', issued_at = $2, issued_by = $3, issued_name = $4, sha256 = $5 WHERE id = $1

-- name: finding_version_insert
INSERT INTO finding_version (finding_id, version, facts, reasons, results, sha256, author, author_name, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: finding_version_get
SELECT facts, reasons, results FROM finding_version WHERE finding_id = $1 AND version = $2

-- name: finding_comment_insert
INSERT INTO finding_comment (finding_id, version, side, body_key, body_name, asked_at, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: finding_comments_open
SELECT id, finding_id, due_at, answered_at, closed, side, body_name
FROM finding_comment WHERE finding_id = $1 AND closed = 0 ORDER BY id LIMIT 40

-- name: finding_comments_close
UPDATE finding_comment SET closed = 1 WHERE finding_id = $1 AND closed = 0 AND answered_at IS NULL

-- name: finding_comment_by_id
SELECT id, finding_id, due_at, answered_at, closed, side, body_name FROM finding_comment WHERE id = $1

-- name: finding_comment_answer
UPDATE finding_comment SET answered_at = $2, position = $3, facts_wrong = $4, words = $5, entered_by = $6, entered_name = $7
WHERE id = $1 AND answered_at IS NULL

-- name: finding_of_casefile
SELECT f.id, f.state, f.version, f.drafted_name, f.drafted_at, f.circulated_at, f.reason, f.issued_at, f.issued_name, f.sha256,
  v.facts, v.reasons, v.results, v.author_name, v.at
FROM finding f JOIN finding_version v ON v.finding_id = f.id AND v.version = f.version WHERE f.casefile_id = $1 ORDER BY f.id

-- name: finding_versions_of_casefile
SELECT v.finding_id, v.version, v.author_name, v.at, v.facts, v.reasons
FROM finding f JOIN finding_version v ON v.finding_id = f.id WHERE f.casefile_id = $1 AND v.version < f.version
ORDER BY v.finding_id, v.version DESC

-- name: finding_comments_of_casefile
SELECT k.finding_id, k.id, k.version, k.side, k.body_name, k.asked_at, k.due_at, k.answered_at, k.position, k.facts_wrong, k.words,
  k.entered_name, k.closed, k.body_key
FROM finding f JOIN finding_comment k ON k.finding_id = f.id WHERE f.casefile_id = $1 ORDER BY k.finding_id, k.id

-- For `sulh verify`: what was issued on a case, and the text that was.
-- name: finding_sealed
SELECT f.id, f.version, f.sha256, v.facts, v.reasons, v.results
FROM finding f JOIN finding_version v ON v.finding_id = f.id AND v.version = f.version
WHERE f.casefile_id = $1 AND f.state = 'issued' ORDER BY f.id

-- name: finding_journal
SELECT payload FROM journal WHERE object = $1 AND act = 'finding.issue' ORDER BY seq

-- Drafts on which a body is asked and has not answered.
-- name: finding_asked
SELECT k.id, k.asked_at, k.due_at, k.body_key, k.body_name, c.number
FROM finding_comment k JOIN finding f ON f.id = k.finding_id JOIN casefile c ON c.id = f.casefile_id
WHERE k.side = 'body' AND k.answered_at IS NULL AND k.closed = 0 AND k.body_key <> '' AND k.body_key = $1
  AND (k.due_at, k.id) > ($2, $3)
ORDER BY k.due_at, k.id LIMIT 51

-- name: finding_asked_within
-- The same for a body and those below it: a range of the index for each of them.
SELECT k.id, k.asked_at, k.due_at, k.body_key, k.body_name, c.number
FROM body_reach b JOIN finding_comment k ON k.body_key = b.body_key JOIN finding f ON f.id = k.finding_id
JOIN casefile c ON c.id = f.casefile_id
WHERE b.within = $1 AND k.side = 'body' AND k.answered_at IS NULL AND k.closed = 0 AND k.body_key <> ''
  AND (k.due_at, k.id) > ($2, $3)
ORDER BY k.due_at, k.id LIMIT 51

-- name: finding_asked_one
SELECT k.id, f.casefile_id, k.body_key, k.body_name, k.asked_at, k.due_at, v.facts, v.reasons, v.results
FROM finding_comment k JOIN finding f ON f.id = k.finding_id
JOIN finding_version v ON v.finding_id = f.id AND v.version = k.version
WHERE k.id = $1 AND k.side = 'body' AND k.body_key <> '' AND k.answered_at IS NULL AND k.closed = 0 AND f.state = 'circulated'
