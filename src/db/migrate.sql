-- What brought this database's schema to where it is: one row a migration, never changed afterwards.

-- name: migration_table
-- engine: sqlite
CREATE TABLE IF NOT EXISTS schema_migration (
  name TEXT PRIMARY KEY,        -- room/number-subject
  sha256 TEXT NOT NULL,         -- of its text, in hexadecimal
  applied_at INTEGER NOT NULL   -- ms since 1970
) STRICT
-- engine: postgresql
CREATE TABLE IF NOT EXISTS schema_migration (
  name TEXT COLLATE "C" PRIMARY KEY,
  sha256 TEXT NOT NULL,
  applied_at BIGINT NOT NULL
)

-- name: migrations_applied
SELECT name, sha256 FROM schema_migration ORDER BY name

-- name: migration_applied
SELECT count(*) FROM schema_migration WHERE name = $1

-- name: migration_record
INSERT INTO schema_migration (name, sha256, applied_at) VALUES ($1, $2, $3)
