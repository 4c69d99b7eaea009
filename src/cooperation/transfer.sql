-- Queries of cooperation/transfer.c.

-- name: transfer_insert
INSERT INTO transfer (id, direction, message_id, referral_id, partner_id, name, type, size, sha256, key, chunks, state, started,
  next_try_at, attempts, last_error)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, 0, '')

-- name: transfer_release
UPDATE transfer SET state = 'moving', next_try_at = $2 WHERE message_id = $1 AND direction = 'out' AND state = 'waiting'

-- name: transfer_due
-- What was withdrawn or refused is not pushed any further.
SELECT id FROM transfer WHERE direction = 'out' AND state = 'moving' AND next_try_at <= $1
  AND NOT EXISTS (SELECT 1 FROM referral r WHERE r.id = transfer.referral_id AND r.state IN ('withdrawn', 'refused'))
ORDER BY next_try_at LIMIT 64

-- name: transfer_by_id
-- Of a referral that was withdrawn or refused nothing more is taken.
SELECT t.id, t.referral_id, t.partner_id, t.name, t.type, t.size, t.sha256, t.key, t.chunks,
  CASE WHEN t.state = 'moving' AND EXISTS (SELECT 1 FROM referral r WHERE r.id = t.referral_id AND r.state IN ('withdrawn', 'refused'))
    THEN 'broken' ELSE t.state END,
  t.started, t.attempts, p.url
FROM transfer t JOIN partner p ON p.id = t.partner_id WHERE t.id = $1 AND t.direction = $2

-- name: transfer_state
UPDATE transfer SET state = $3, last_error = $4 WHERE id = $1 AND direction = $2

-- name: transfer_retry
UPDATE transfer SET attempts = attempts + 1, next_try_at = $2, last_error = $3 WHERE id = $1 AND direction = 'out'

-- name: transfer_paused
UPDATE transfer SET attempts = 0, next_try_at = $2, last_error = '' WHERE id = $1 AND direction = 'out'

-- name: transfer_restart
UPDATE transfer SET started = started + 1 WHERE id = $1 AND direction = 'in'

-- name: transfer_chunk_insert
INSERT INTO transfer_chunk (transfer_id, n, data) VALUES ($1, $2, $3) ON CONFLICT (transfer_id, n) DO NOTHING

-- name: transfer_chunks
SELECT n FROM transfer_chunk WHERE transfer_id = $1 ORDER BY n

-- name: transfer_chunk_count
SELECT count(*) FROM transfer_chunk WHERE transfer_id = $1

-- name: transfer_to_blob
INSERT INTO blob_chunk (sha256, n, data) SELECT $2, n, data FROM transfer_chunk WHERE transfer_id = $1
ON CONFLICT (sha256, n) DO UPDATE SET data = excluded.data

-- name: transfer_chunks_delete
DELETE FROM transfer_chunk WHERE transfer_id = $1

-- name: transfer_over
-- Files that were still coming when their referral was withdrawn or refused.
SELECT t.id, t.referral_id FROM transfer t JOIN referral r ON r.id = t.referral_id
WHERE t.direction = 'in' AND t.state = 'moving' AND r.state IN ('withdrawn', 'refused') ORDER BY t.id LIMIT 50

-- name: transfer_of_referral
SELECT id, direction, name, type, size, state, chunks, last_error,
  (SELECT count(*) FROM transfer_chunk c WHERE c.transfer_id = transfer.id AND transfer.state = 'moving')
FROM transfer WHERE referral_id = $1 ORDER BY id

