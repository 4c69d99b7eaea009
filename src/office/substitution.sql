-- Queries of office/substitution.c.

-- name: substitution_insert
INSERT INTO substitution (kind, absent, deputy, role, unit, rights, from_at, to_at, note, made_at, made_by, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL) RETURNING id

-- All that touch one of these two persons or this post from a moment on: what the guards look at.
-- name: substitution_near
SELECT id, kind, absent, deputy, role, unit, rights, from_at, to_at
FROM substitution WHERE deputy IN ($1, $2) AND to_at > $3 AND ended_at IS NULL
UNION
SELECT id, kind, absent, deputy, role, unit, rights, from_at, to_at
FROM substitution WHERE absent IN ($1, $2) AND to_at > $3 AND ended_at IS NULL
UNION
SELECT id, kind, absent, deputy, role, unit, rights, from_at, to_at
FROM substitution WHERE kind = 'acting' AND role = $4 AND unit = $5 AND to_at > $3 AND ended_at IS NULL
ORDER BY 1

-- name: substitution_by_id
SELECT x.id, x.kind, x.absent, x.deputy, x.role, x.unit, x.rights, x.from_at, x.to_at, x.note, x.made_at, x.made_by,
  x.ended_at, b.name, d.name, b.unit
FROM substitution x JOIN staff d ON d.id = x.deputy LEFT JOIN staff b ON b.id = x.absent WHERE x.id = $1

-- name: substitution_end
UPDATE substitution SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL AND to_at > $2

-- What somebody may work as now.
-- name: substitution_for_deputy
SELECT x.id, x.kind, x.absent, x.deputy, x.role, x.unit, x.rights, x.from_at, x.to_at, x.note, x.made_at, x.made_by,
  x.ended_at, b.name, d.name, b.unit
FROM substitution x JOIN staff d ON d.id = x.deputy LEFT JOIN staff b ON b.id = x.absent
WHERE x.deputy = $1 AND x.to_at > $2 AND x.ended_at IS NULL ORDER BY x.from_at, x.id LIMIT 50

-- name: substitution_of_absent
SELECT x.id, x.kind, x.absent, x.deputy, x.role, x.unit, x.rights, x.from_at, x.to_at, x.note, x.made_at, x.made_by,
  x.ended_at, b.name, d.name, b.unit
FROM substitution x JOIN staff d ON d.id = x.deputy LEFT JOIN staff b ON b.id = x.absent
WHERE x.absent = $1 AND x.to_at > $2 AND x.ended_at IS NULL ORDER BY x.from_at, x.id LIMIT 50

-- The newest first, ended ones too: what was in force when something was done.
-- name: substitution_before
SELECT x.id, x.kind, x.absent, x.deputy, x.role, x.unit, x.rights, x.from_at, x.to_at, x.note, x.made_at, x.made_by,
  x.ended_at, b.name, d.name, b.unit
FROM substitution x JOIN staff d ON d.id = x.deputy LEFT JOIN staff b ON b.id = x.absent
WHERE x.id < $1 ORDER BY x.id DESC LIMIT 51

-- Who holds a post now in an absent or missing head's stead.
-- name: substitution_acting
SELECT x.id, x.kind, x.absent, x.deputy, x.role, x.unit, x.rights, x.from_at, x.to_at, x.note, x.made_at, x.made_by,
  x.ended_at, b.name, d.name, b.unit
FROM substitution x JOIN staff d ON d.id = x.deputy LEFT JOIN staff b ON b.id = x.absent
WHERE x.kind = 'acting' AND x.role = $1 AND x.unit = $2 AND x.to_at > $3 AND x.from_at <= $3 AND x.ended_at IS NULL
  AND d.active = 1
ORDER BY x.id

-- name: session_act_for
UPDATE session SET acts_for = $2 WHERE id = $1
