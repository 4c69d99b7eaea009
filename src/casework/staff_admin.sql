-- Queries of casework/invite.c.

-- name: invite_insert
INSERT INTO staff_invite (hash, staff_id, made_by, made_at, until, used_at) VALUES ($1, $2, $3, $4, $5, NULL)

-- name: invite_drop
DELETE FROM staff_invite WHERE staff_id = $1 AND used_at IS NULL

-- name: invite_find
SELECT i.staff_id, s.login, s.name FROM staff_invite i JOIN staff s ON s.id = i.staff_id
WHERE i.hash = $1 AND i.used_at IS NULL AND i.until > $2 AND s.active = 1

-- name: invite_use
UPDATE staff_invite SET used_at = $2 WHERE hash = $1 AND used_at IS NULL
