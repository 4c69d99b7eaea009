-- Queries of casework/notice.c.

-- name: notice_insert
INSERT INTO notice (staff_id, at, kind, casefile_id, task_id, data, read_at) VALUES ($1, $2, $3, $4, $5, $6, NULL)

-- name: notice_before
SELECT id, at, kind, casefile_id, task_id, data, read_at FROM notice
WHERE staff_id = $1 AND id < $2 ORDER BY id DESC LIMIT 51

-- name: notice_set_read
UPDATE notice SET read_at = $3 WHERE staff_id = $1 AND id = $2 AND read_at IS NULL

-- name: notice_set_all_read
UPDATE notice SET read_at = $2 WHERE staff_id = $1 AND read_at IS NULL
