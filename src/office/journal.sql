-- Queries of office/journal.c.

-- name: journal_last
SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1

-- name: journal_append
INSERT INTO journal (seq, at, actor, act, object, salt, payload, commitment, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: journal_count
SELECT count(*) FROM journal

-- name: journal_page
SELECT seq, at, actor, act, object, salt, payload, commitment, hash FROM journal WHERE seq > $1 ORDER BY seq LIMIT 1000

-- name: journal_erasures
SELECT count(*) FROM journal WHERE object = $1 AND act = 'journal.erase' AND seq > $2

-- name: checkpoint_last
SELECT seq, at, signed FROM checkpoint ORDER BY seq DESC LIMIT 1

-- name: checkpoint_add
INSERT INTO checkpoint (seq, at, signed) VALUES ($1, $2, $3)

-- name: checkpoint_all
SELECT seq, signed FROM checkpoint ORDER BY seq

-- What an auditor reads: no payloads.
-- name: journal_newest
SELECT seq, at, actor, act, object FROM journal WHERE seq < $1 ORDER BY seq DESC LIMIT 101

-- name: journal_of_object
SELECT seq, at, actor, act, object FROM journal WHERE object = $1 AND seq < $2 ORDER BY seq DESC LIMIT 101
