-- Queries of office/blob.c.

-- name: blob_find
SELECT size, complete FROM blob WHERE sha256 = $1

-- name: blob_insert
INSERT INTO blob (sha256, size, complete, created_at) VALUES ($1, $2, 0, $3) ON CONFLICT (sha256) DO NOTHING

-- name: blob_chunk_insert
INSERT INTO blob_chunk (sha256, n, data) VALUES ($1, $2, $3) ON CONFLICT (sha256, n) DO UPDATE SET data = excluded.data

-- name: blob_chunk_read
SELECT data FROM blob_chunk WHERE sha256 = $1 AND n = $2

-- name: blob_complete
UPDATE blob SET complete = 1 WHERE sha256 = $1

-- name: blob_delete
DELETE FROM blob WHERE sha256 = $1 AND complete = 0

-- name: blob_drop
DELETE FROM blob WHERE sha256 = $1

-- name: blob_chunks_delete
DELETE FROM blob_chunk WHERE sha256 = $1

-- name: blob_unfinished
SELECT sha256 FROM blob WHERE complete = 0 AND created_at < $1 LIMIT 50

-- name: blob_count
SELECT count(*) FROM blob WHERE complete = 1

-- name: blob_page
SELECT sha256, size FROM blob WHERE complete = 1 AND sha256 > $1 ORDER BY sha256 LIMIT 100
