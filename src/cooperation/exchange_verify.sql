-- Queries of cooperation/exchange_verify.c.

-- name: verify_thread_count
SELECT count(*) FROM thread

-- name: verify_threads
SELECT uid FROM thread WHERE uid > $1 ORDER BY uid LIMIT 200

-- name: verify_messages
SELECT id, partner_id, direction, seq, type, body, agreement_uid, clause, raw, sha256, state, answer, last_error
FROM message WHERE thread_uid = $1 ORDER BY position

-- name: verify_agreement_act
SELECT type, direction, state, body, last_error FROM message WHERE id = $1 AND thread_uid = $2

-- name: verify_agreement_messages
-- Every message of the thread that had an effect has its act, and no other.
SELECT count(*) FROM message WHERE thread_uid = $1
  AND (direction = 'out' OR state = 'receipted')
  AND id NOT IN (SELECT message_id FROM agreement_act WHERE agreement_id = $2)
