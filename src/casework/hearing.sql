-- Queries of casework/hearing.c and hearing_desk.c.

-- name: hearing_insert
INSERT INTO hearing (casefile_id, kind, state, starts_at, ends_at, place, room, room_key, officer, purpose, told, follows, set_at, set_by)
VALUES ($1, $2, 'set', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id

-- name: hearing_by_id
SELECT h.id, h.casefile_id, h.starts_at, h.ends_at, h.officer, h.told, h.kind, h.state, h.place, h.room, h.purpose,
  (SELECT max(m.version) FROM hearing_minutes m WHERE m.hearing_id = h.id)
FROM hearing h WHERE h.id = $1

-- What overlaps $2 to $3; nothing is longer than a day, so that the index is read only there.
-- name: hearing_clash_officer
SELECT starts_at FROM hearing
WHERE state = 'set' AND officer = $1 AND starts_at < $3 AND starts_at > CAST($2 AS BIGINT) - 86400001 AND ends_at > $2 AND id <> $4
ORDER BY starts_at LIMIT 1

-- name: hearing_clash_room
SELECT starts_at FROM hearing
WHERE state = 'set' AND room_key <> '' AND room_key = $1 AND starts_at < $3 AND starts_at > CAST($2 AS BIGINT) - 86400001 AND ends_at > $2 AND id <> $4
ORDER BY starts_at LIMIT 1

-- name: hearing_set_state
UPDATE hearing SET state = $2, reason = $3, ended_at = $4 WHERE id = $1

-- name: hearing_guest_insert
INSERT INTO hearing_guest (hearing_id, kind, name) VALUES ($1, $2, $3)

-- name: hearing_guests_copy
INSERT INTO hearing_guest (hearing_id, kind, name) SELECT $2, kind, name FROM hearing_guest WHERE hearing_id = $1 ORDER BY id

-- name: hearing_guest_ids
SELECT id FROM hearing_guest WHERE hearing_id = $1 ORDER BY id LIMIT 12

-- name: hearing_guest_came
UPDATE hearing_guest SET came = $2 WHERE id = $1

-- name: hearing_minutes_insert
INSERT INTO hearing_minutes (hearing_id, version, body, sha256, author, author_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: hearing_minutes_sign
UPDATE hearing_minutes SET signed_at = $3, signed_by = $4, signed_name = $5 WHERE hearing_id = $1 AND version = $2

-- name: hearing_minutes_body
SELECT body FROM hearing_minutes WHERE hearing_id = $1 AND version = $2

-- name: hearing_of_casefile
SELECT h.id, h.kind, h.state, h.starts_at, h.ends_at, h.place, h.room, h.officer, s.name, h.purpose, h.told, h.reason
FROM hearing h JOIN staff s ON s.id = h.officer WHERE h.casefile_id = $1 ORDER BY h.starts_at, h.id

-- name: hearing_guests_of_casefile
SELECT g.hearing_id, g.kind, g.name, g.came
FROM hearing h JOIN hearing_guest g ON g.hearing_id = h.id WHERE h.casefile_id = $1 ORDER BY g.hearing_id, g.id

-- name: hearing_minutes_of_casefile
SELECT m.hearing_id, m.version, m.body, m.author_name, m.at, m.signed_name, m.signed_at
FROM hearing h JOIN hearing_minutes m ON m.hearing_id = h.id WHERE h.casefile_id = $1 ORDER BY m.hearing_id, m.version DESC

-- An officer's own, the earliest first: what was to be held and is not recorded yet stands before what is to come.
-- name: hearing_of_officer
SELECT h.id, h.casefile_id, h.kind, h.starts_at, h.ends_at, h.place, h.room, h.told
FROM hearing h WHERE h.state = 'set' AND h.officer = $1 AND (h.starts_at, h.id) > ($2, $3)
ORDER BY h.starts_at, h.id LIMIT 51
