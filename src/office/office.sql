-- Queries of office/series.c, office/numbering.c and office/job.c.

-- name: series_raise
INSERT INTO number_series (name, last) VALUES ($1, 1)
ON CONFLICT (name) DO UPDATE SET last = number_series.last + 1 RETURNING last

-- name: series_last
SELECT last FROM number_series WHERE name = $1

-- name: series_set
INSERT INTO number_series (name, last) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET last = $2

-- name: tally_change
INSERT INTO tally (name, n) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET n = tally.n + $2

-- name: tally_read
SELECT n FROM tally WHERE name = $1

-- name: lease_take
INSERT INTO lease (name, holder, until) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET holder = $2, until = $3 WHERE lease.holder = $2 OR lease.until < $4

-- name: lease_renew
UPDATE lease SET until = $3 WHERE name = $1 AND holder = $2 AND until > 0

-- name: lease_give_back
UPDATE lease SET until = 0 WHERE name = $1 AND holder = $2

-- name: reach_read
SELECT within, unit FROM unit_reach ORDER BY within, unit

-- name: reach_clear
DELETE FROM unit_reach

-- name: reach_insert
INSERT INTO unit_reach (within, unit) VALUES ($1, $2)
