-- Queries of casework/case_transfer.c: complaints passed on to other offices.

-- name: case_transfer_insert
INSERT INTO case_transfer (casefile_id, office_key, office_name, country, what, state, ground, consent, method, their_number,
  answer, created_at, consented_at, sent_at, due_at, confirmed_at, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', '', $8, $9, NULL, NULL, NULL, NULL, $10) RETURNING id

-- name: case_transfer_by_id
SELECT casefile_id, office_key, office_name, country, what, state, ground, consent, method, their_number, answer, created_at,
  consented_at, sent_at, due_at, confirmed_at, ended_at, id
FROM case_transfer WHERE id = $1

-- name: case_transfer_of_casefile
SELECT casefile_id, office_key, office_name, country, what, state, ground, consent, method, their_number, answer, created_at,
  consented_at, sent_at, due_at, confirmed_at, ended_at, id
FROM case_transfer WHERE casefile_id = $1 ORDER BY id

-- name: case_transfer_set
UPDATE case_transfer SET state = $2, consent = $3, method = $4, their_number = $5, answer = $6, consented_at = $7,
  sent_at = $8, due_at = $9, confirmed_at = $10, ended_at = $11
WHERE id = $1

-- What lets a case be closed as not ours: a transfer under way, a recorded reason why none can be, or a referral.
-- name: case_transfer_freeing
SELECT (SELECT count(*) FROM case_transfer WHERE casefile_id = $1 AND state IN ('sent', 'confirmed', 'answered', 'impossible'))
  + (SELECT count(*) FROM case_event WHERE casefile_id = $1 AND kind IN ('referral_sent', 'referral_received'))

-- The desk's list of what is still waited for, the longest due first.
-- name: case_transfer_waiting
SELECT t.casefile_id, t.office_key, t.office_name, t.country, t.what, t.state, t.ground, t.consent, t.method, t.their_number,
  t.answer, t.created_at, t.consented_at, t.sent_at, t.due_at, t.confirmed_at, t.ended_at, t.id, c.number
FROM case_transfer t JOIN casefile c ON c.id = t.casefile_id
WHERE t.due_at IS NOT NULL AND t.ended_at IS NULL AND (t.due_at, t.id) > ($1, $2)
ORDER BY t.due_at, t.id LIMIT 51
