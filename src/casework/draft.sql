-- Queries of casework/draft.c.

-- name: draft_by_id
SELECT data, created_at, casefile_id FROM draft WHERE id = $1

-- name: draft_keep
INSERT INTO draft (id, data, created_at, casefile_id) VALUES ($1, $2, $3, NULL)
ON CONFLICT (id) DO UPDATE SET data = excluded.data WHERE draft.casefile_id IS NULL

-- name: draft_set_sent
UPDATE draft SET data = '{}', casefile_id = $2 WHERE id = $1

-- name: draft_delete
DELETE FROM draft WHERE id = $1

-- name: draft_old
SELECT id FROM draft WHERE created_at < $1 ORDER BY created_at, id LIMIT 50

-- name: draft_file_insert
INSERT INTO draft_file (draft_id, sha256, name, type, size) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (draft_id, sha256) DO NOTHING

-- name: draft_file_list
SELECT name, type, size, sha256 FROM draft_file WHERE draft_id = $1 ORDER BY name, sha256

-- name: draft_file_delete
DELETE FROM draft_file WHERE draft_id = $1 AND sha256 = $2

-- Who else holds these bytes: a case, or somebody's draft.
-- name: draft_file_holders
SELECT (SELECT count(*) FROM document WHERE sha256 = $1) + (SELECT count(*) FROM draft_file WHERE sha256 = $1)
