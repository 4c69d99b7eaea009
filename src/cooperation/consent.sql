-- Queries of consents.

-- name: consent_insert
INSERT INTO consent (casefile_id, referral_id, part, packet, shown, digest, lang, asked_at, state, decided_at, withdrawn_at)
VALUES ($1, $2, $3, $4, '', '', $5, $6, 'asked', NULL, NULL) RETURNING id

-- name: consent_by_id
SELECT id, casefile_id, referral_id, part, packet, shown, digest, lang, asked_at, state, decided_at, withdrawn_at FROM consent
WHERE id = $1

-- name: consent_last
SELECT id FROM consent WHERE referral_id = $1 AND part = $2 ORDER BY id DESC LIMIT 1

-- name: consent_ids_of_casefile
SELECT id FROM consent WHERE casefile_id = $1 ORDER BY id

-- name: consent_ids_of_referral
SELECT id FROM consent WHERE referral_id = $1 ORDER BY id

-- name: consent_decide
UPDATE consent SET state = $2, shown = $3, digest = $4, lang = $5, decided_at = $6 WHERE id = $1 AND state = 'asked'

-- name: consent_withdraw
UPDATE consent SET state = 'withdrawn', withdrawn_at = $2 WHERE id = $1 AND state = 'given'

-- name: consent_replace
UPDATE consent SET state = 'replaced' WHERE referral_id = $1 AND part = $2 AND state = 'asked'
