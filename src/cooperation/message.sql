-- Queries of the exchange: threads and messages.

-- name: thread_insert
INSERT INTO thread (uid, partner_id, kind, opener, agreement_uid, out_seq, out_head, in_seq, in_head, acked)
VALUES ($1, $2, $3, $4, $5, 0, '', 0, '', 0)

-- name: thread_by_uid
SELECT partner_id, kind, opener, agreement_uid, out_seq, out_head, in_seq, in_head, acked FROM thread WHERE uid = $1

-- name: thread_out
UPDATE thread SET out_seq = $2, out_head = $3 WHERE uid = $1

-- name: thread_in
UPDATE thread SET in_seq = $2, in_head = $3, acked = $4 WHERE uid = $1

-- name: thread_all
SELECT uid, partner_id, kind, opener, agreement_uid, out_seq, out_head, in_seq, in_head, acked FROM thread
WHERE uid > $1 ORDER BY uid LIMIT 200

-- name: thread_count
SELECT count(*) FROM thread

-- name: message_queue
INSERT INTO message (id, partner_id, thread_uid, direction, seq, type, body, agreement_uid, clause, raw, sha256, state, pending, answer,
  created_at, answered_at, attempts, next_try_at, last_error)
VALUES ($1, $2, $3, 'out', 0, $4, $5, $6, $7, NULL, NULL, 'queued', '', NULL, $8, NULL, 0, $8, '')

-- name: message_due
SELECT m.position, m.thread_uid, m.next_try_at FROM message m
WHERE m.direction = 'out' AND m.state IN ('queued', 'signed') AND m.next_try_at <= $1
  AND NOT EXISTS (SELECT 1 FROM message e WHERE e.thread_uid = m.thread_uid AND e.direction = 'out'
    AND e.state IN ('queued', 'signed') AND e.position < m.position)
ORDER BY m.next_try_at, m.position LIMIT 512

-- name: message_out
SELECT m.id, m.partner_id, m.thread_uid, m.seq, m.type, m.body, m.agreement_uid, m.clause, m.raw, m.sha256, m.state, m.created_at,
  m.attempts, t.kind, t.opener, t.out_seq, t.out_head, t.in_seq, t.in_head, t.acked
FROM message m JOIN thread t ON t.uid = m.thread_uid WHERE m.position = $1

-- name: message_sign
UPDATE message SET seq = $2, raw = $3, sha256 = $4, state = 'signed' WHERE position = $1 AND state = 'queued'

-- name: message_answered
UPDATE message SET state = $2, answer = $3, answered_at = $4, last_error = $5 WHERE position = $1 AND state = 'signed'

-- name: message_failed
UPDATE message SET attempts = attempts + 1, next_try_at = $2, last_error = $3 WHERE position = $1 AND state IN ('queued', 'signed')

-- name: message_drop_before_withdrawal
UPDATE message SET state = 'dropped', last_error = $2 WHERE position = $1 AND state = 'queued'
  AND EXISTS (SELECT 1 FROM message w WHERE w.thread_uid = message.thread_uid AND w.direction = 'out' AND w.state = 'queued'
    AND w.position > message.position AND w.type = 'referral.withdraw')

-- name: message_wake_thread
UPDATE message SET next_try_at = $2 WHERE thread_uid = $1 AND direction = 'out' AND state = 'queued' AND next_try_at > $2

-- name: message_wake_partner
UPDATE message SET next_try_at = $2 WHERE partner_id = $1 AND direction = 'out' AND state IN ('queued', 'signed') AND next_try_at > $2

-- name: message_waiting
SELECT m.id, m.type, m.thread_uid, m.attempts, m.next_try_at, m.last_error, m.created_at, m.partner_id, r.casefile_id
FROM message m LEFT JOIN referral r ON r.uid = m.thread_uid
WHERE m.direction = 'out' AND m.state IN ('queued', 'signed') ORDER BY m.position LIMIT 200

-- name: message_known
SELECT sha256, state, answer, last_error FROM message WHERE partner_id = $1 AND direction = 'in' AND id = $2

-- name: message_receive
INSERT INTO message (id, partner_id, thread_uid, direction, seq, type, body, agreement_uid, clause, raw, sha256, state, pending, answer,
  created_at, answered_at, attempts, next_try_at, last_error)
VALUES ($1, $2, $3, 'in', $4, $5, $6, $7, $8, $9, $10, $11, '', $12, $13, $13, 0, 0, $14)

-- name: message_sent_hashes
SELECT sha256, state FROM message WHERE thread_uid = $1 AND direction = 'out' AND state IN ('receipted', 'signed') ORDER BY position

-- name: message_applied_hashes
SELECT sha256 FROM message WHERE thread_uid = $1 AND direction = 'in' AND state = 'receipted' ORDER BY position

-- name: message_pending
SELECT count(*) FROM message WHERE thread_uid = $1 AND direction = 'out' AND state = 'signed'

-- name: message_queued_ahead
SELECT count(*) FROM message WHERE thread_uid = $1 AND direction = 'out' AND state IN ('queued', 'signed')

-- name: message_of_thread
SELECT position, id, direction, seq, type, raw, sha256, state, answer, body FROM message WHERE thread_uid = $1 ORDER BY position

-- name: message_count
SELECT count(*) FROM message
