-- Queries of cooperation/agreement_db.c and agreement_acts.c.

-- name: agreement_insert
INSERT INTO agreement (uid, partner_id, document, sha256, ours, theirs, status, arriving, created_at, changed_at, version)
VALUES ($1, $2, $3, $4, NULL, $5, $6, $6, $7, $7, 1) RETURNING id

-- name: agreement_by_id
SELECT a.id, a.uid, a.partner_id, a.document, a.sha256, a.ours, a.theirs, a.status, a.arriving, a.created_at, a.changed_at, a.version, p.uid
FROM agreement a JOIN partner p ON p.id = a.partner_id WHERE a.id = $1

-- name: agreement_by_uid
SELECT a.id, a.uid, a.partner_id, a.document, a.sha256, a.ours, a.theirs, a.status, a.arriving, a.created_at, a.changed_at, a.version, p.uid
FROM agreement a JOIN partner p ON p.id = a.partner_id WHERE a.uid = $1

-- name: agreement_all
SELECT a.id, a.uid, a.partner_id, a.document, a.sha256, a.ours, a.theirs, a.status, a.arriving, a.created_at, a.changed_at, a.version, p.uid
FROM agreement a JOIN partner p ON p.id = a.partner_id ORDER BY a.id DESC

-- name: agreement_gate
-- Without the document: this is asked for every message of a referral.
SELECT partner_id, sha256, status, arriving FROM agreement WHERE uid = $1

-- name: agreement_redraft
UPDATE agreement SET document = $2, sha256 = $3, changed_at = $4, version = version + 1 WHERE id = $1

-- name: agreement_discard
DELETE FROM agreement WHERE id = $1

-- name: agreement_set_status
UPDATE agreement SET status = $2, arriving = $3, changed_at = $4 WHERE id = $1

-- name: agreement_raise_version
-- For forms: an act was added. A receipt that only confirms one must not make an officer's open page stale.
UPDATE agreement SET version = version + 1 WHERE id = $1

-- name: agreement_set_ours
UPDATE agreement SET ours = $2 WHERE id = $1

-- name: agreement_set_theirs
UPDATE agreement SET theirs = $2 WHERE id = $1

-- name: agreement_act_insert
INSERT INTO agreement_act (agreement_id, message_id, type, party, state, at, answered_at, actor_name, reason, lang, effective, refusal)
VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8, $9, $10, '')

-- name: agreement_act_list
SELECT type, party, state, at, answered_at, actor_name, reason, lang, effective, refusal, message_id
FROM agreement_act WHERE agreement_id = $1 ORDER BY id

-- name: agreement_act_receipted
UPDATE agreement_act SET state = 'settled', answered_at = $2 WHERE message_id = $1 AND state <> 'refused'

-- name: agreement_act_refused
UPDATE agreement_act SET state = 'refused', answered_at = $2, refusal = $3 WHERE message_id = $1 AND state = 'waiting'

-- name: agreement_act_confirmed
-- The partner's message names our unanswered one: it was applied there (docs/exchange.md section 6).
UPDATE agreement_act SET state = 'settled', answered_at = $2
WHERE agreement_id = $1 AND state = 'waiting'
  AND message_id IN (SELECT id FROM message WHERE thread_uid = $3 AND direction = 'out' AND state = 'signed')

-- name: agreement_sent_count
SELECT count(*) FROM message WHERE thread_uid = $1 AND direction = 'out' AND state IN ('receipted', 'signed')

-- name: agreement_recorded_count
SELECT count(*) FROM message WHERE thread_uid = $1 AND direction = 'out' AND state IN ('receipted', 'signed', 'queued')

-- name: agreement_messages
-- For the signed document and the verification: when and by which message each side's acts went.
SELECT id, direction, type, state, created_at, answered_at FROM message WHERE thread_uid = $1 ORDER BY position
