-- Queries of casework/assignment_db.c and casework/staff_skill.c.

-- name: officer_all
SELECT s.id, s.name, s.unit, s.roles, s.lang, coalesce(t.n, 0),
  coalesce((SELECT 1 FROM case_conflict k WHERE k.casefile_id = $1 AND k.staff_id = s.id AND k.lifted_at IS NULL), 0),
  CASE WHEN EXISTS (SELECT 1 FROM substitution u WHERE u.absent = s.id AND u.ended_at IS NULL AND u.from_at <= $2 AND u.to_at > $2)
    THEN 1 ELSE 0 END
FROM staff s LEFT JOIN tally t ON t.name = 'lead:' || s.id
WHERE s.active = 1 ORDER BY s.id

-- name: skill_all
SELECT k.staff_id, k.kind, k.key FROM staff_skill k JOIN staff s ON s.id = k.staff_id
WHERE s.active = 1 ORDER BY k.staff_id, k.kind, k.key

-- name: skill_of_staff
SELECT kind, key FROM staff_skill WHERE staff_id = $1 ORDER BY kind, key

-- name: skill_delete
DELETE FROM staff_skill WHERE staff_id = $1

-- name: skill_insert
INSERT INTO staff_skill (staff_id, kind, key) VALUES ($1, $2, $3)

-- Who admitted it: the last of its events of that kind.
-- name: admitted_by
SELECT actor FROM case_event WHERE casefile_id = $1 AND kind = 'admitted' ORDER BY id DESC LIMIT 1

-- name: member_list
SELECT m.staff_id, s.name, m.part, m.since, m.until, s.unit FROM case_member m JOIN staff s ON s.id = m.staff_id
WHERE m.casefile_id = $1 ORDER BY m.since, m.staff_id

-- The open cases that somebody leads, piece by piece: reassigning them all.
-- name: led_open
SELECT id FROM casefile WHERE assigned_to = $1 AND phase <> 4 AND id > $2 ORDER BY id LIMIT 100
