-- Queries of casework/registry.c and casework/body_acts.c: the registry of bodies.

-- name: registry_count
SELECT count(*) FROM body

-- name: registry_bodies
-- All of them, for the cache: some hundred or thousand, read when one was changed.
SELECT id, key, parent_key, kind, country, region, register_no, web, note, merged_into, names, former, synthetic, since, until,
  version
FROM body ORDER BY key

-- name: registry_mandates
SELECT body_key, may, since, until, matters, not_ours, source FROM body_mandate ORDER BY body_key, id

-- name: reach_delete
DELETE FROM body_reach

-- name: reach_compute
-- A merged body's place in the tree is that of the body it became: its children hang there already.
INSERT INTO body_reach (within, body_key)
WITH RECURSIVE up (within, body_key, steps) AS (
  SELECT key, key, 0 FROM body
  UNION ALL
  SELECT b.parent_key, up.body_key, up.steps + 1 FROM up JOIN body b ON b.key = up.within
  WHERE b.parent_key <> '' AND up.steps < 20
)
SELECT DISTINCT within, body_key FROM up

-- name: body_insert
INSERT INTO body (key, parent_key, kind, country, region, names, former, register_no, web, note, synthetic, since, until,
  merged_into, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', 1)

-- name: body_update
UPDATE body SET parent_key = $3, kind = $4, country = $5, region = $6, names = $7, former = $8, register_no = $9, web = $10,
  note = $11, since = $12, until = $13, version = version + 1
WHERE key = $1 AND version = $2

-- name: body_raise
-- A part of it changed.
UPDATE body SET version = version + 1 WHERE key = $1

-- name: mandate_insert
INSERT INTO body_mandate (body_key, may, since, until, matters, not_ours, source) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: mandate_of_body
SELECT id, may, since, until, matters, not_ours, source FROM body_mandate WHERE body_key = $1 ORDER BY id

-- name: contact_insert
INSERT INTO body_contact (body_key, part, name, post, email, phone, deputy_name, deputy_post, deputy_email, deputy_phone, active,
  confirmed_at, confirmed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12) RETURNING id

-- name: contact_confirm
UPDATE body_contact SET confirmed_at = $3, confirmed_by = $4 WHERE id = $1 AND body_key = $2 AND active = 1

-- name: contact_end
UPDATE body_contact SET active = 0 WHERE id = $1 AND body_key = $2 AND active = 1

-- name: contact_of_body
SELECT id, part, name, post, email, phone, deputy_name, deputy_post, deputy_email, deputy_phone, confirmed_at, confirmed_by
FROM body_contact WHERE body_key = $1 AND active = 1 ORDER BY id

-- name: contact_stale
-- Longest unconfirmed first; the page goes on after (confirmed_at, id).
SELECT id, body_key, part, name, post, confirmed_at FROM body_contact
WHERE active = 1 AND confirmed_at < $1 AND (confirmed_at > $2 OR (confirmed_at = $2 AND id > $3))
ORDER BY confirmed_at, id LIMIT 51
