-- name: sample_add
INSERT INTO sample (n, t, b) VALUES ($1, $2, $3) RETURNING id

-- name: sample_add_swapped
-- The placeholders do not appear in the order of their numbers.
INSERT INTO sample (b, t, n) VALUES ($3, $2, $1);

-- name: sample_default
INSERT INTO sample (n) VALUES ($1) RETURNING t

-- name: sample_by_id
SELECT n, t, b FROM sample WHERE id = $1

-- name: sample_by_n
SELECT id FROM sample WHERE n = $1

-- name: sample_count
SELECT count(*) FROM sample

-- name: sample_sum
SELECT sum(n), count(*) > 0, count(*) < 0 FROM sample

-- name: sample_all
SELECT n FROM sample ORDER BY n

-- name: sample_by_text
SELECT t FROM sample ORDER BY t

-- name: sample_like
SELECT count(*) FROM sample WHERE t LIKE $1 ESCAPE '\'

-- name: sample_texts_from
SELECT t FROM sample WHERE t >= $1

-- name: sample_set_n
UPDATE sample SET n = $2 WHERE n = $1

-- name: sample_optional
SELECT count(*) FROM sample WHERE CAST($1 AS BIGINT) IS NULL OR n = $1

-- name: taken_add
INSERT INTO taken (name) VALUES ($1)

-- name: taken_add_or_not
INSERT INTO taken (name) VALUES ($1) ON CONFLICT (name) DO NOTHING

-- name: taken_count
SELECT count(*) FROM taken

-- name: series_next
SELECT coalesce(max(n), 0) + 1 FROM series

-- name: series_add
INSERT INTO series (n) VALUES ($1)

-- name: series_check
SELECT count(*), count(DISTINCT n), max(n) FROM series

-- name: counter_get
SELECT value FROM counter WHERE id = $1

-- name: counter_set
UPDATE counter SET value = $2 WHERE id = $1

-- name: counter_sum
SELECT CAST(sum(value) AS BIGINT) FROM counter

-- name: pledge_add
INSERT INTO pledge (sample) VALUES ($1)

-- name: pledge_check_null
INSERT INTO pledge (sample) VALUES (NULL)

-- name: made_for
SELECT engine FROM made_for

-- name: engine_name
-- engine: sqlite
SELECT 'sqlite'
-- engine: postgresql
SELECT 'postgresql'

-- name: no_such_table
SELECT 1 FROM nowhere

-- name: migration_names
SELECT name FROM schema_migration ORDER BY name

-- name: migration_forge
INSERT INTO schema_migration (name, sha256, applied_at) VALUES ($1, $2, 0)

-- name: page_count
-- engine: sqlite
PRAGMA page_count
-- engine: postgresql
SELECT 0

-- name: end_backend
-- Ends the connection that runs it.
-- engine: sqlite
SELECT 1
-- engine: postgresql
SELECT pg_terminate_backend(pg_backend_pid())

-- name: other_backends_end
-- engine: sqlite
SELECT 0
-- engine: postgresql
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND application_name = $1

-- name: counter_any_get
-- A sequential read of all rows: two works that each read all and write another row cross each other.
SELECT sum(value) FROM counter

-- name: one_needs_less
-- engine: sqlite
SELECT CAST($1 AS BIGINT) + CAST($2 AS BIGINT)
-- engine: postgresql
SELECT CAST($1 AS BIGINT)

-- name: prepared_count
-- engine: sqlite
SELECT 0
-- engine: postgresql
SELECT count(*) FROM pg_prepared_statements
