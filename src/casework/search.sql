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
UNION ALL SELECT question || ' ' || questions || ' ' || reply || ' ' || remedy, id FROM agency_request WHERE casefile_id = $1
UNION ALL SELECT addressee || ' ' || measure || ' ' || evidence, id FROM recommendation WHERE casefile_id = $1
UNION ALL SELECT v.facts || ' ' || v.reasons, f.id FROM finding f JOIN finding_version v ON v.finding_id = f.id AND v.version = f.version
  WHERE f.casefile_id = $1 AND f.state = 'issued'
ORDER BY 2

-- name: search_backlog
SELECT done, until FROM search_backlog

-- name: search_backlog_done
UPDATE search_backlog SET done = $1

-- name: search_unindexed
SELECT c.id FROM casefile c LEFT JOIN case_words w ON w.casefile_id = c.id
WHERE c.id > $1 AND c.id <= $2 AND w.casefile_id IS NULL ORDER BY c.id LIMIT 50

-- name: list_units
SELECT stale, done, until FROM case_list_units

-- name: list_units_clear
DELETE FROM case_list WHERE list >= 'unit:' AND list < 'unit;'

-- name: list_units_fill
INSERT INTO case_list (list, at, casefile_id)
SELECT list, at, casefile_id FROM case_list_of WHERE list >= 'unit:' AND list < 'unit;'

-- name: list_units_followed
UPDATE case_list_units SET stale = 0, done = 0, until = (SELECT coalesce(max(id), 0) FROM casefile)

-- name: list_units_done
UPDATE case_list_units SET done = $1

-- name: list_units_doors
-- engine: sqlite
UPDATE case_words SET doors = (SELECT group_concat('@' || door, ' ') FROM case_door WHERE casefile_id = $1)
  || coalesce((SELECT group_concat(' @not:' || staff_id, '') FROM case_conflict WHERE casefile_id = $1 AND lifted_at IS NULL), '')
WHERE casefile_id = $1
-- engine: postgresql
UPDATE case_words SET doors = case_doors($1) WHERE casefile_id = $1
-- engine: both
