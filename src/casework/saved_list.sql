-- Lists that people keep.

-- name: saved_list_insert
INSERT INTO saved_list (owner, name, shared, filter, columns, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id

-- name: saved_list_by_id
SELECT id, owner, name, shared, filter, columns FROM saved_list WHERE id = $1

-- name: saved_list_own
SELECT id, owner, name, shared, filter, columns FROM saved_list WHERE owner = $1 ORDER BY id LIMIT 50

-- Shared with a unit that the reader belongs to ($1: the reader's unit; a unit's list is for those below it, too).
-- name: saved_list_of_units
SELECT l.id, l.owner, l.name, l.shared, l.filter, l.columns FROM unit_reach r JOIN saved_list l ON l.shared = 'unit:' || r.within
WHERE r.unit = $1 AND l.shared <> '' AND l.owner <> $2 ORDER BY l.id LIMIT 50

-- name: saved_list_of_role
SELECT id, owner, name, shared, filter, columns FROM saved_list WHERE shared = $1 AND shared <> '' AND owner <> $2 ORDER BY id LIMIT 50

-- name: saved_list_delete
DELETE FROM saved_list WHERE id = $1 AND owner = $2
