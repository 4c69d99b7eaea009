-- Queries of office/staff.c and office/session.c.

-- name: staff_insert
INSERT INTO staff (login, name, roles, password, lang, active, created_at, unit)
VALUES ($1, $2, $3, $4, $5, 1, $6, $7) RETURNING id

-- name: staff_by_login
SELECT id, login, name, roles, lang, active, password, unit FROM staff WHERE login = $1

-- name: staff_id_of
SELECT id FROM staff WHERE login = $1

-- name: staff_by_id
SELECT id, login, name, roles, lang, active, password, unit FROM staff WHERE id = $1

-- name: staff_active
SELECT id, login, name, roles, lang, active, password, unit FROM staff WHERE active = 1 ORDER BY name, id

-- name: staff_all
SELECT id, login, name, roles, lang, active, password, unit FROM staff ORDER BY login

-- name: staff_roles
UPDATE staff SET roles = $2 WHERE id = $1 AND roles <> $2

-- name: staff_unit
UPDATE staff SET unit = $2 WHERE id = $1 AND unit <> $2

-- name: staff_activate
UPDATE staff SET active = $2 WHERE id = $1 AND active <> $2

-- name: staff_password
UPDATE staff SET password = $2 WHERE id = $1

-- name: session_insert
INSERT INTO session (id, kind, subject, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)

-- name: session_by_id
SELECT kind, subject, seen_at, expires_at FROM session WHERE id = $1

-- name: session_staff
SELECT s.seen_at, s.expires_at, u.id, u.name, u.roles, u.active, u.lang, u.unit,
  x.id, x.absent, x.role, x.unit, x.rights, b.name, b.roles, b.unit, b.active
FROM session s JOIN staff u ON u.id = s.subject
  LEFT JOIN substitution x ON x.id = s.acts_for AND x.deputy = u.id AND x.from_at <= $2 AND x.to_at > $2
    AND x.ended_at IS NULL
  LEFT JOIN staff b ON b.id = x.absent
WHERE s.id = $1 AND s.kind = 'staff'

-- name: session_touch
UPDATE session SET seen_at = $2 WHERE id = $1

-- name: session_delete
DELETE FROM session WHERE id = $1

-- name: session_delete_staff
DELETE FROM session WHERE kind = 'staff' AND subject = $1

-- name: session_sweep
DELETE FROM session WHERE expires_at < $1

-- name: token_insert
INSERT INTO api_token (hash, label, roles, created_at) VALUES ($1, $2, $3, $4) RETURNING id

-- name: token_by_hash
SELECT id, label, roles FROM api_token WHERE hash = $1 AND revoked_at IS NULL

-- name: token_all
SELECT id, label, roles, created_at, revoked_at FROM api_token ORDER BY id

-- name: token_revoke
UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL

-- name: staff_change
UPDATE staff SET name = $2, lang = $3, roles = $4, unit = $5 WHERE id = $1

-- name: staff_page
SELECT s.id, s.login, s.name, s.roles, s.unit, s.active, coalesce(t.n, 0)
FROM staff s LEFT JOIN tally t ON t.name = 'lead:' || s.id
WHERE s.login > $1 ORDER BY s.login LIMIT 51
