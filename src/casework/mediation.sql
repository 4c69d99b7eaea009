-- Queries of casework/mediation.c and mediation_desk.c: the only ones that read the compartment.

-- name: mediation_insert
INSERT INTO mediation (casefile_id, state, version, mediator, started_at) VALUES ($1, 'open', 1, $2, $3) RETURNING id

-- name: mediation_of_casefile
SELECT id, casefile_id, version, mediator, started_at, ended_at, state, settlement
FROM mediation WHERE casefile_id = $1 ORDER BY id DESC LIMIT 1

-- name: mediation_touch
UPDATE mediation SET version = version + 1 WHERE id = $1 AND version = $2

-- name: mediation_set_settlement
UPDATE mediation SET settlement = $3, version = version + 1 WHERE id = $1 AND version = $2

-- name: mediation_set_ended
UPDATE mediation SET state = $3, ended_at = $4, sha256 = $5, version = version + 1 WHERE id = $1 AND version = $2

-- name: mediation_entry_insert
INSERT INTO mediation_entry (mediation_id, kind, held_on, words, sha256, author, author_name, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: mediation_entries
SELECT kind, held_on, words, author_name, at FROM mediation_entry WHERE mediation_id = $1 ORDER BY id

-- What everybody on the case may know: that it runs or how it ended, and a settlement that was issued.
-- name: mediation_outside
SELECT m.state, m.started_at, m.ended_at, s.name, CASE WHEN m.state = 'settled' THEN m.settlement ELSE '' END
FROM mediation m JOIN staff s ON s.id = m.mediator WHERE m.casefile_id = $1 ORDER BY m.id
