-- Queries of casework: one case. Lists are in desk.sql.

-- name: casefile_insert
INSERT INTO casefile (number, submission, code_hash, state, version, channel, lang, received_at, content, content_sha256,
  body_key, body_name, body_country, subject, person_name, embassy_not_told, has_referral, assigned_to,
  due_at, due_rule, closing, closed_at)
VALUES ($1, $2, $3, 'received', 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, NULL, NULL, NULL, '', NULL)
RETURNING id

-- Who works on it, from whom it is kept, to whom it was opened for now ($2: the present moment).
-- name: casefile_by_id
-- engine: sqlite
SELECT c.id, c.version, c.received_at, c.assigned_to, c.due_at, c.closed_at, c.state, c.number, c.channel, c.lang, c.content,
  c.content_sha256, c.body_key, c.body_name, c.body_country, c.subject, c.person_name, c.due_rule, c.closing, c.unit,
  coalesce((SELECT ',' || group_concat(m.staff_id, ',') || ',' FROM case_member m WHERE m.casefile_id = c.id AND m.until IS NULL), ''),
  coalesce((SELECT ',' || group_concat(x.staff_id, ',') || ',' FROM case_conflict x WHERE x.casefile_id = c.id AND x.lifted_at IS NULL), ''),
  coalesce((SELECT ',' || group_concat(o.staff_id, ',') || ',' FROM case_opening o
    WHERE o.casefile_id = c.id AND o.kind = 'glass' AND o.granted = 1 AND o.until > $2), ''),
  coalesce((SELECT ',' || group_concat(o.staff_id, ',') || ',' FROM case_opening o
    WHERE o.casefile_id = c.id AND o.kind = 'identity' AND o.granted = 1 AND o.until > $2), ''),
  c.embassy_not_told, c.has_referral, c.identity = 'withheld'
FROM casefile c WHERE c.id = $1
-- engine: postgresql
SELECT c.id, c.version, c.received_at, c.assigned_to, c.due_at, c.closed_at, c.state, c.number, c.channel, c.lang, c.content,
  c.content_sha256, c.body_key, c.body_name, c.body_country, c.subject, c.person_name, c.due_rule, c.closing, c.unit,
  coalesce((SELECT ',' || string_agg(CAST(m.staff_id AS TEXT), ',') || ',' FROM case_member m WHERE m.casefile_id = c.id AND m.until IS NULL), ''),
  coalesce((SELECT ',' || string_agg(CAST(x.staff_id AS TEXT), ',') || ',' FROM case_conflict x WHERE x.casefile_id = c.id AND x.lifted_at IS NULL), ''),
  coalesce((SELECT ',' || string_agg(CAST(o.staff_id AS TEXT), ',') || ',' FROM case_opening o
    WHERE o.casefile_id = c.id AND o.kind = 'glass' AND o.granted = 1 AND o.until > $2), ''),
  coalesce((SELECT ',' || string_agg(CAST(o.staff_id AS TEXT), ',') || ',' FROM case_opening o
    WHERE o.casefile_id = c.id AND o.kind = 'identity' AND o.granted = 1 AND o.until > $2), ''),
  c.embassy_not_told, c.has_referral, c.identity = 'withheld'
FROM casefile c WHERE c.id = $1
-- engine: both

-- name: casefile_by_number
SELECT id FROM casefile WHERE number = $1

-- name: casefile_by_submission
SELECT id, number, received_at, content_sha256 FROM casefile WHERE submission = $1

-- name: casefile_code
SELECT id, code_hash FROM casefile WHERE number = $1

-- name: casefile_set_state
UPDATE casefile SET state = $2, version = version + 1, closing = $4, closed_at = $5, phase = $6 WHERE id = $1 AND version = $3

-- name: casefile_raise
UPDATE casefile SET version = version + 1 WHERE id = $1 AND version = $2

-- name: casefile_set_unit
UPDATE casefile SET unit = $2 WHERE id = $1

-- name: member_put
INSERT INTO case_member (casefile_id, staff_id, part, since, until) VALUES ($1, $2, $3, $4, NULL)
ON CONFLICT (casefile_id, staff_id) DO UPDATE SET part = $3, since = $4, until = NULL

-- name: member_end
UPDATE case_member SET until = $3 WHERE casefile_id = $1 AND staff_id = $2 AND until IS NULL

-- name: casefile_set_assigned
UPDATE casefile SET assigned_to = $2, version = version + 1 WHERE id = $1 AND version = $3

-- name: casefile_set_subject
UPDATE casefile SET subject = $2 WHERE id = $1

-- name: casefile_set_referral
UPDATE casefile SET has_referral = 1 WHERE id = $1

-- name: party_insert
INSERT INTO party (casefile_id, role, name, father_name, birth_date, nationality, passport_no, phone, email, address)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id

-- name: party_of_casefile
SELECT role, name, father_name, birth_date, nationality, passport_no, phone, email, address
FROM party WHERE casefile_id = $1 AND removed_at IS NULL ORDER BY id

-- name: document_insert
INSERT INTO document (casefile_id, name, type, size, sha256, origin, added_by, added_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id

-- name: document_of_casefile
SELECT id, name, type, size, sha256, origin, added_at FROM document WHERE casefile_id = $1 ORDER BY id

-- name: document_by_id
SELECT casefile_id, name, type, size, sha256, origin FROM document WHERE id = $1

-- name: event_insert
INSERT INTO case_event (casefile_id, at, kind, actor, actor_name, shown, data, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT version FROM casefile WHERE id = $1))

-- name: event_of_casefile
SELECT id, at, kind, actor_name, shown, data FROM case_event WHERE casefile_id = $1 ORDER BY id

-- What came after the version that somebody has open.
-- name: event_since
SELECT id, at, kind, actor_name, shown, data FROM case_event WHERE casefile_id = $1 AND version > $2 ORDER BY id DESC LIMIT 20

-- name: text_insert
INSERT INTO case_text (casefile_id, kind, lang, body, sha256, author, author_name, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id

-- name: text_of_casefile
SELECT id, kind, lang, body, author_name, at FROM case_text WHERE casefile_id = $1 ORDER BY id

-- name: search_insert
-- engine: sqlite
INSERT INTO case_words (casefile_id, words, people, body, doors) VALUES ($1, $2, $3, $4,
  (SELECT group_concat('@' || door, ' ') FROM case_door WHERE casefile_id = $1)
  || coalesce((SELECT group_concat(' @not:' || staff_id, '') FROM case_conflict WHERE casefile_id = $1 AND lifted_at IS NULL), ''))
-- engine: postgresql
INSERT INTO case_words (casefile_id, words, people, body, doors) VALUES ($1, $2, $3, $4, case_doors($1))
-- engine: both
