-- Queries of cooperation/partner.c.

-- name: partner_insert
INSERT INTO partner (uid, name, country, url, keys, fingerprint, state, added_at)
VALUES ($1, $2, $3, $4, $5, $6, 'seen', $7) RETURNING id

-- name: partner_refresh
UPDATE partner SET name = $2, country = $3, url = $4, keys = $5, fingerprint = $6 WHERE id = $1 AND state = 'seen'

-- name: partner_move
UPDATE partner SET url = $2 WHERE id = $1 AND url <> $2

-- name: partner_by_id
SELECT id, uid, name, country, url, keys, fingerprint, state, confirmed_at FROM partner WHERE id = $1

-- name: partner_by_uid
SELECT id, uid, name, country, url, keys, fingerprint, state, confirmed_at FROM partner WHERE uid = $1

-- name: partner_all
SELECT id, uid, name, country, url, keys, fingerprint, state, confirmed_at FROM partner ORDER BY id

-- name: partner_confirm
UPDATE partner SET state = 'confirmed', confirmed_by = $2, confirmed_at = $3 WHERE id = $1 AND state <> 'confirmed' AND fingerprint = $4

-- name: partner_block
UPDATE partner SET state = 'blocked' WHERE id = $1 AND state <> 'blocked'
