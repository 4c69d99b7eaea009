-- Queries of casework/casework_verify.c.

-- name: verify_count
SELECT count(*) FROM casefile

-- name: verify_page
SELECT id FROM casefile WHERE id > $1 ORDER BY id LIMIT 500

-- name: verify_casefile
SELECT number, content, content_sha256, state, closing, lang, body_key, body_name, body_country, subject, person_name,
  embassy_not_told, assigned_to, received_at, identity
FROM casefile WHERE id = $1

-- name: verify_merges
-- Merges of bodies that this case followed, oldest first.
SELECT m.source_key, m.target_key FROM body_merge_row r JOIN body_merge m ON m.id = r.merge_id
WHERE r.noun = 'casefile' AND r.row_id = $1 AND m.undone_at IS NULL ORDER BY m.id

-- name: verify_journal
SELECT act, payload, at FROM journal
WHERE object = $1 AND act LIKE 'casefile.%' ESCAPE '\' AND act <> 'casefile.read'
ORDER BY seq

-- name: verify_texts
SELECT id, kind, body, sha256 FROM case_text WHERE casefile_id = $1 ORDER BY id

-- name: verify_documents
SELECT d.id, d.name, d.type, d.size, d.sha256, b.complete, b.size
FROM document d LEFT JOIN blob b ON b.sha256 = d.sha256 WHERE d.casefile_id = $1 ORDER BY d.id
