-- Queries of referrals.

-- name: referral_insert
INSERT INTO referral (uid, side, partner_id, agreement_uid, casefile_id, partner_number, state, settled, packet, supplement, story,
  result, due_at, created_at, changed_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, '{}', '{}', '', $9, $10, $10, 1) RETURNING id

-- name: referral_by_id
SELECT id, uid, side, partner_id, agreement_uid, casefile_id, partner_number, state, settled, packet, supplement, story, result,
  due_at, created_at, changed_at, version
FROM referral WHERE id = $1

-- name: referral_id_by_uid
SELECT id FROM referral WHERE uid = $1

-- name: referral_ids_of_casefile
SELECT id FROM referral WHERE casefile_id = $1 ORDER BY id

-- name: referral_save
UPDATE referral SET casefile_id = $3, partner_number = $4, state = $5, settled = $6, packet = $7, supplement = $8, story = $9,
  result = $10, due_at = $11, changed_at = $12, version = version + $13
WHERE id = $1 AND version = $2

-- name: referral_pending
SELECT position, type, state, pending FROM message
WHERE thread_uid = $1 AND direction = 'out' AND state IN ('queued', 'signed') ORDER BY position

-- name: referral_answered_one
SELECT pending FROM message WHERE position = $1

-- name: referral_sent_types
SELECT type, state FROM message
WHERE thread_uid = $1 AND direction = 'out' AND state IN ('queued', 'signed', 'receipted') ORDER BY position

-- name: referral_set_pending
UPDATE message SET pending = $2 WHERE position = $1

-- name: referral_drop_message
UPDATE message SET state = 'dropped', answered_at = $2 WHERE position = $1 AND state = 'queued'

-- name: referral_message_type
SELECT type FROM message WHERE position = $1

-- name: referral_open_list
SELECT r.id, r.side, r.state, r.settled, r.partner_id, r.partner_number, r.casefile_id, c.number, r.due_at, r.changed_at, r.packet,
  c.due_at, c.due_rule, c.received_at, r.created_at
FROM referral r LEFT JOIN casefile c ON c.id = r.casefile_id
WHERE r.id > $1 AND r.state NOT IN ('refused', 'closed', 'withdrawn', 'given_up') ORDER BY r.id LIMIT 51

-- name: referral_over_list
SELECT r.id, r.side, r.state, r.settled, r.partner_id, r.partner_number, r.casefile_id, c.number, r.due_at, r.changed_at, r.packet,
  c.due_at, c.due_rule, c.received_at, r.created_at
FROM referral r LEFT JOIN casefile c ON c.id = r.casefile_id
WHERE r.id < $1 AND r.state IN ('refused', 'closed', 'withdrawn', 'given_up') ORDER BY r.id DESC LIMIT 51

-- name: referral_note_insert
INSERT INTO referral_note (referral_id, direction, lang, body, author_name, at) VALUES ($1, $2, $3, $4, $5, $6)

-- name: referral_notes
SELECT direction, lang, body, author_name, at FROM referral_note WHERE referral_id = $1 ORDER BY id

-- name: referral_files_in
SELECT name, type, size, sha256 FROM transfer WHERE referral_id = $1 AND direction = 'in' AND state = 'complete' ORDER BY id

-- name: referral_party
SELECT name, father_name, birth_date, nationality, passport_no, phone, email, address
FROM party WHERE casefile_id = $1 AND role = 'complainant' ORDER BY id LIMIT 1

-- name: referral_document
SELECT name, type, size, sha256 FROM document WHERE id = $1 AND casefile_id = $2

-- name: referral_blob_needed
SELECT count(*) FROM transfer WHERE sha256 = $1 AND state <> 'broken'
