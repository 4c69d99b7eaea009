-- Queries of casework/body_merge.c. For each noun that refers to a body three: what refers to it is listed ($1 merge, $2
-- source), goes over ($1 source, $2 target), and comes back ($1 merge, $2 source, $3 target).

-- name: merge_insert
INSERT INTO body_merge (source_key, target_key, facts, reason, moved, at, actor, actor_name, undone_at, undone_by)
VALUES ($1, $2, $3, $4, 0, $5, $6, $7, NULL, '') RETURNING id

-- name: merge_by_id
SELECT source_key, target_key, moved, undone_at FROM body_merge WHERE id = $1

-- name: merge_of_body
SELECT id, source_key, target_key, facts, reason, moved, at, actor_name, undone_at, undone_by FROM body_merge
WHERE source_key = $1 OR target_key = $1 ORDER BY id DESC LIMIT 50

-- name: merge_set_moved
UPDATE body_merge SET moved = $2 WHERE id = $1

-- name: merge_set_undone
UPDATE body_merge SET undone_at = $2, undone_by = $3 WHERE id = $1 AND undone_at IS NULL

-- name: merge_set_body
UPDATE body SET merged_into = $2, version = version + 1 WHERE key = $1

-- name: merge_children
SELECT b.key FROM body_merge_row r JOIN body b ON b.id = r.row_id WHERE r.merge_id = $1 AND r.noun = 'child'

-- name: merge_open_requests
SELECT count(*) FROM agency_request WHERE body_key = $1 AND body_key <> '' AND is_open = 1

-- name: merge_list_casefile
INSERT INTO body_merge_row (merge_id, noun, row_id)
SELECT CAST($1 AS BIGINT), 'casefile', id FROM casefile WHERE body_key = $2 AND body_key <> ''

-- name: merge_move_casefile
UPDATE casefile SET body_key = $2 WHERE body_key = $1 AND body_key <> ''

-- name: merge_back_casefile
UPDATE casefile SET body_key = $2
WHERE body_key = $3 AND body_key <> '' AND id IN (SELECT row_id FROM body_merge_row WHERE merge_id = $1 AND noun = 'casefile')

-- name: merge_list_request
INSERT INTO body_merge_row (merge_id, noun, row_id)
SELECT CAST($1 AS BIGINT), 'request', id FROM agency_request WHERE body_key = $2 AND body_key <> ''

-- name: merge_move_request
UPDATE agency_request SET body_key = $2 WHERE body_key = $1 AND body_key <> ''

-- name: merge_back_request
UPDATE agency_request SET body_key = $2
WHERE body_key = $3 AND body_key <> '' AND id IN (SELECT row_id FROM body_merge_row WHERE merge_id = $1 AND noun = 'request')

-- name: merge_list_recommendation
INSERT INTO body_merge_row (merge_id, noun, row_id)
SELECT CAST($1 AS BIGINT), 'recommendation', id FROM recommendation WHERE body_key = $2 AND body_key <> ''

-- name: merge_move_recommendation
UPDATE recommendation SET body_key = $2, whom = 'key:' || CAST($2 AS TEXT) WHERE body_key = $1 AND body_key <> ''

-- name: merge_back_recommendation
UPDATE recommendation SET body_key = $2, whom = 'key:' || CAST($2 AS TEXT)
WHERE body_key = $3 AND body_key <> ''
  AND id IN (SELECT row_id FROM body_merge_row WHERE merge_id = $1 AND noun = 'recommendation')

-- name: merge_list_issue
INSERT INTO body_merge_row (merge_id, noun, row_id)
SELECT CAST($1 AS BIGINT), 'issue', id FROM case_issue WHERE body_key = $2 AND body_key <> ''

-- name: merge_move_issue
UPDATE case_issue SET body_key = $2 WHERE body_key = $1 AND body_key <> ''

-- name: merge_back_issue
UPDATE case_issue SET body_key = $2
WHERE body_key = $3 AND body_key <> '' AND id IN (SELECT row_id FROM body_merge_row WHERE merge_id = $1 AND noun = 'issue')

-- name: merge_list_finding_comment
INSERT INTO body_merge_row (merge_id, noun, row_id)
SELECT CAST($1 AS BIGINT), 'finding_comment', id FROM finding_comment WHERE body_key = $2 AND body_key <> ''

-- name: merge_move_finding_comment
UPDATE finding_comment SET body_key = $2 WHERE body_key = $1 AND body_key <> ''

-- name: merge_back_finding_comment
UPDATE finding_comment SET body_key = $2
WHERE body_key = $3 AND body_key <> '' AND id IN (SELECT row_id FROM body_merge_row WHERE merge_id = $1 AND noun = 'finding_comment')

-- name: merge_forget_days
-- The counts of recommendations by addressee are made anew for both bodies; those of all together do not change.
DELETE FROM recommendation_day WHERE what = 'due' AND whom = 'key:' || CAST($1 AS TEXT)

-- name: merge_count_days
INSERT INTO recommendation_day (what, whom, day, n)
SELECT 'due', whom, due_day, count(*) FROM recommendation
WHERE body_key = $1 AND body_key <> '' AND state <> 'implemented' GROUP BY whom, due_day

-- name: merge_forget_body
DELETE FROM recommendation_body WHERE whom = 'key:' || CAST($1 AS TEXT)

-- name: merge_count_body
INSERT INTO recommendation_body (whom, body_key, name, open, done)
SELECT whom, body_key, min(addressee), sum(CASE WHEN state = 'implemented' THEN 0 ELSE 1 END),
  sum(CASE WHEN state = 'implemented' THEN 1 ELSE 0 END)
FROM recommendation WHERE body_key = $1 AND body_key <> '' GROUP BY whom, body_key

-- name: merge_list_account
INSERT INTO body_merge_row (merge_id, noun, row_id)
SELECT CAST($1 AS BIGINT), 'account', id FROM agency_account WHERE body_key = $2

-- name: merge_move_account
UPDATE agency_account SET body_key = $2 WHERE body_key = $1

-- name: merge_back_account
UPDATE agency_account SET body_key = $2
WHERE body_key = $3 AND id IN (SELECT row_id FROM body_merge_row WHERE merge_id = $1 AND noun = 'account')

-- name: merge_list_token
INSERT INTO body_merge_row (merge_id, noun, row_id)
SELECT CAST($1 AS BIGINT), 'token', id FROM agency_token WHERE body_key = $2

-- name: merge_move_token
UPDATE agency_token SET body_key = $2 WHERE body_key = $1

-- name: merge_back_token
UPDATE agency_token SET body_key = $2
WHERE body_key = $3 AND id IN (SELECT row_id FROM body_merge_row WHERE merge_id = $1 AND noun = 'token')

-- name: merge_list_contact
INSERT INTO body_merge_row (merge_id, noun, row_id)
SELECT CAST($1 AS BIGINT), 'contact', id FROM body_contact WHERE body_key = $2

-- name: merge_move_contact
UPDATE body_contact SET body_key = $2 WHERE body_key = $1

-- name: merge_back_contact
UPDATE body_contact SET body_key = $2
WHERE body_key = $3 AND id IN (SELECT row_id FROM body_merge_row WHERE merge_id = $1 AND noun = 'contact')

-- name: merge_list_child
INSERT INTO body_merge_row (merge_id, noun, row_id)
SELECT CAST($1 AS BIGINT), 'child', id FROM body WHERE parent_key = $2

-- name: merge_move_child
UPDATE body SET parent_key = $2, version = version + 1 WHERE parent_key = $1

-- name: merge_back_child
UPDATE body SET parent_key = $2, version = version + 1
WHERE parent_key = $3 AND id IN (SELECT row_id FROM body_merge_row WHERE merge_id = $1 AND noun = 'child')
