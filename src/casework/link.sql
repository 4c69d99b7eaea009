-- Queries of casework/link_db.c.

-- name: link_insert
INSERT INTO case_link (from_id, to_id, kind, reason, added_at, added_name, undone_at, undone_name, undo_reason)
VALUES ($1, $2, $3, $4, $5, $6, NULL, '', '') RETURNING id

-- name: link_by_id
SELECT from_id, to_id, kind, undone_at FROM case_link WHERE id = $1

-- name: link_undo
UPDATE case_link SET undone_at = $2, undone_name = $3, undo_reason = $4 WHERE id = $1 AND undone_at IS NULL

-- name: link_between
SELECT id FROM case_link WHERE undone_at IS NULL AND kind = $3
  AND ((from_id = $1 AND to_id = $2) OR (from_id = $2 AND to_id = $1)) LIMIT 1

-- What stands directly above a case by derived and follow-up links.
-- name: link_above
SELECT from_id FROM case_link WHERE to_id = $1 AND kind IN ('derived', 'follow_up') AND undone_at IS NULL

-- name: link_end
SELECT c.id, c.number, c.body_key, c.body_name, c.phase, c.channel, c.reopened_at, c.decided_at,
  coalesce((SELECT l.from_id FROM case_link l WHERE l.to_id = c.id AND l.kind = 'joined' AND l.undone_at IS NULL), 0),
  (SELECT count(*) FROM case_link l WHERE l.from_id = c.id AND l.kind = 'joined' AND l.undone_at IS NULL)
FROM casefile c WHERE c.id = $1

-- The open ones joined into a case, as link_end reads them: what keeps it from being closed alone.
-- name: link_joined_open
SELECT c.id, c.number, c.body_key, c.body_name, c.phase, c.channel, c.reopened_at, c.decided_at, l.from_id, 0
FROM case_link l JOIN casefile c ON c.id = l.to_id
WHERE l.from_id = $1 AND l.kind = 'joined' AND l.undone_at IS NULL AND c.phase <> 4 ORDER BY l.id LIMIT $2

-- name: link_of_case
SELECT l.id, l.from_id, l.to_id, l.kind, l.reason, l.added_at, l.added_name, l.undone_at, l.undone_name, l.undo_reason
FROM case_link l WHERE l.from_id = $1
UNION ALL
SELECT l.id, l.from_id, l.to_id, l.kind, l.reason, l.added_at, l.added_name, l.undone_at, l.undone_name, l.undo_reason
FROM case_link l WHERE l.to_id = $1
ORDER BY 1 DESC LIMIT 101
