-- Queries of office/current.c, code_change.c, limit_change.c and holiday.c.

-- name: generation_read
SELECT n FROM office_generation WHERE id = 1

-- name: generation_raise
UPDATE office_generation SET n = n + 1 WHERE id = 1

-- All that was entered; a few hundred rows in an office's life.
-- name: code_version_all
SELECT id, list, key, valid_from, valid_to, withdrawn, names, parent, of_keys, position, un_theme, sdg_target, closing
FROM code_version ORDER BY id

-- name: code_version_insert
INSERT INTO code_version (list, key, valid_from, valid_to, withdrawn, names, parent, of_keys, position, un_theme,
  sdg_target, closing, reason, made_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id

-- name: code_version_of_key
SELECT id, reason, made_at, made_by FROM code_version WHERE list = $1 AND key = $2 ORDER BY id

-- name: code_version_latest
SELECT COALESCE(max(id), 0) FROM code_version WHERE list = $1 AND key = $2

-- name: limit_version_all
SELECT id, key, valid_from, amount, unit, rolls, warn_hours, extend_amount, extend_times, pausable, source, confirmed
FROM limit_version ORDER BY id

-- name: limit_version_insert
INSERT INTO limit_version (key, valid_from, amount, unit, rolls, warn_hours, extend_amount, extend_times, pausable,
  source, decided_by, confirmed, made_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id

-- name: limit_version_of_key
SELECT id, valid_from, decided_by, made_at, made_by FROM limit_version WHERE key = $1 ORDER BY id

-- name: limit_version_latest
SELECT COALESCE(max(id), 0) FROM limit_version WHERE key = $1

-- name: calendar_change_all
SELECT kind, day, key, names, confirmed, source FROM calendar_change ORDER BY id

-- name: calendar_change_insert
INSERT INTO calendar_change (kind, day, key, names, confirmed, source, made_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
