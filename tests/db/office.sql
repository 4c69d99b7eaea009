-- Damage done to an office's tables by hand, and what tests count.

-- name: break_at
UPDATE journal SET at = at + 1 WHERE seq = 3

-- name: break_actor
UPDATE journal SET actor = 'staff:2' WHERE seq = 3

-- name: break_act
UPDATE journal SET act = 'casefile.closed' WHERE seq = 3

-- name: break_object
UPDATE journal SET object = 'casefile:8' WHERE seq = 3

-- name: break_payload
UPDATE journal SET payload = '{"n":4}' WHERE seq = 3

-- name: break_salt
UPDATE journal SET salt = commitment WHERE seq = 3

-- name: break_commitment
UPDATE journal SET commitment = hash WHERE seq = 3

-- name: break_hash
UPDATE journal SET hash = commitment WHERE seq = 3

-- name: break_half_erased
UPDATE journal SET payload = NULL WHERE seq = 3

-- name: break_missing
DELETE FROM journal WHERE seq = 3

-- name: break_end
DELETE FROM journal WHERE seq >= 5

-- name: break_signature
UPDATE checkpoint SET signed = replace(signed, '.', '.A')

-- name: break_checkpoints
DELETE FROM checkpoint

-- name: break_all
DELETE FROM journal

-- name: erase_payload
UPDATE journal SET payload = NULL, salt = NULL WHERE seq = 3

-- name: count_reads
SELECT count(*) FROM journal WHERE act = 'casefile.read'

-- name: count_failed_logins
SELECT count(*) FROM journal WHERE act = 'staff.login_failed'

-- name: break_chunk
-- engine: sqlite
UPDATE blob_chunk SET data = zeroblob(length(data)) WHERE n = 1
-- engine: postgresql
UPDATE blob_chunk SET data = set_byte(data, 0, (get_byte(data, 0) + 1) % 256) WHERE n = 1

-- name: count_chunks
SELECT count(*) FROM blob_chunk

