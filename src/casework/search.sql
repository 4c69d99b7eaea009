-- What the search knows of each case.

-- name: search_append
UPDATE case_words SET words = words || ' ' || $2
WHERE casefile_id = $1 AND length(words) < 262144 AND EXISTS (SELECT 1 FROM casefile c WHERE c.id = $1 AND c.identity = 'open')

-- name: search_set
UPDATE case_words SET people = $2, body = $3, words = $4 WHERE casefile_id = $1

-- name: search_case
SELECT number, content, identity, body_key, body_name, person_name FROM casefile WHERE id = $1

-- name: search_people
SELECT name, father_name, passport_no, phone, email, address FROM party WHERE casefile_id = $1 ORDER BY id

-- What was written in a case, for everybody who may read it.
-- name: search_texts
SELECT body, id AS n FROM case_text WHERE casefile_id = $1
UNION ALL SELECT question || ' ' || reply || ' ' || remedy, id FROM agency_request WHERE casefile_id = $1
UNION ALL SELECT addressee || ' ' || measure || ' ' || evidence, id FROM recommendation WHERE casefile_id = $1
ORDER BY 2

-- name: search_backlog
SELECT done, until FROM search_backlog

-- name: search_backlog_done
UPDATE search_backlog SET done = $1

-- name: search_unindexed
SELECT c.id FROM casefile c LEFT JOIN case_words w ON w.casefile_id = c.id
WHERE c.id > $1 AND c.id <= $2 AND w.casefile_id IS NULL ORDER BY c.id LIMIT 50
