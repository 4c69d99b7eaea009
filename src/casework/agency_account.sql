-- Queries of casework/agency_account.c: who of a body may come in.

-- name: account_insert
INSERT INTO agency_account (body_key, below, login, name, post, lang, password, link_hash, link_until, active, created_at,
  created_by, seen_at)
VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, 1, $9, $10, NULL) RETURNING id

-- name: account_login_taken
SELECT id FROM staff WHERE login = $1

-- name: account_by_login
SELECT id, active, password FROM agency_account WHERE login = $1

-- name: account_by_id
SELECT id, body_key, below, name, active, lang FROM agency_account WHERE id = $1

-- name: account_of_body
SELECT id, login, name, post, below, active, password, seen_at FROM agency_account WHERE body_key = $1 ORDER BY id

-- name: account_set_link
UPDATE agency_account SET password = '', link_hash = $3, link_until = $4 WHERE id = $1 AND body_key = $2 AND active = 1

-- name: account_close
UPDATE agency_account SET active = 0, link_hash = '' WHERE id = $1 AND body_key = $2 AND active = 1

-- name: account_by_link
SELECT id FROM agency_account WHERE link_hash = $1 AND link_hash <> '' AND link_until > $2 AND active = 1

-- name: account_set_password
UPDATE agency_account SET password = $2, link_hash = '', link_until = 0 WHERE id = $1

-- name: account_password
SELECT password FROM agency_account WHERE id = $1 AND active = 1

-- name: account_set_seen
UPDATE agency_account SET seen_at = $2 WHERE id = $1

-- name: account_end_sessions
DELETE FROM session WHERE kind = 'agency' AND subject = $1

-- name: body_token_insert
INSERT INTO agency_token (hash, body_key, below, label, created_at, created_by, revoked_at)
VALUES ($1, $2, $3, $4, $5, $6, NULL) RETURNING id

-- name: body_token_by_hash
SELECT id, body_key, below, label FROM agency_token WHERE hash = $1 AND revoked_at IS NULL

-- name: body_token_of_body
SELECT id, label, below, revoked_at, created_at FROM agency_token WHERE body_key = $1 ORDER BY id

-- name: body_token_revoke
UPDATE agency_token SET revoked_at = $3 WHERE id = $1 AND body_key = $2 AND revoked_at IS NULL
