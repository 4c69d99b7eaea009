-- Queries of casework/recommendation_acts.c, recommendation_list.c and recommendation_view.c.

-- name: recommendation_insert
INSERT INTO recommendation (casefile_id, addressee, measure, issued_at, due_at, state, evidence, evidence_at, body_key, whom, kind,
  public_text, ground, finding_id, issued_day, due_day)
VALUES ($1, $2, $3, $4, $5, 'issued', '', NULL, $6, $7, $8, $9, $10,
  (SELECT max(f.id) FROM finding f WHERE f.casefile_id = $1 AND f.state = 'issued'), $11, $12) RETURNING id

-- name: recommendation_by_id
SELECT id, casefile_id, issued_at, due_at, issued_day, due_day, reminded_at, body_key, addressee, whom, kind, measure, public_text,
  state, degree, escalated
FROM recommendation WHERE id = $1

-- name: recommendation_set_reply
UPDATE recommendation SET state = $2, reply = $3, replied_at = $4 WHERE id = $1

-- name: recommendation_set_degree
UPDATE recommendation SET state = $2, degree = $3, evidence = $4, evidence_at = $5 WHERE id = $1

-- name: recommendation_open_of_casefile
SELECT count(*) FROM recommendation WHERE casefile_id = $1 AND state <> 'implemented'

-- name: recommendation_set_reminded
UPDATE recommendation SET reminded_at = $2, reminders = reminders + 1 WHERE id = $1

-- name: recommendation_set_escalated
UPDATE recommendation SET state = 'defied', escalated = $2 WHERE id = $1

-- name: recommendation_assessment_insert
INSERT INTO recommendation_assessment (recommendation_id, degree, words, actor, actor_name, at)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING id

-- Only a document of the same case, and each once.
-- name: recommendation_document_insert
INSERT INTO recommendation_document (assessment_id, document_id)
SELECT $1, d.id FROM document d WHERE d.id = $2 AND d.casefile_id = $3 ON CONFLICT DO NOTHING

-- name: recommendation_act_insert
INSERT INTO recommendation_act (recommendation_id, kind, value, words, actor, actor_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: recommendation_names
SELECT name FROM party WHERE casefile_id = $1 AND name <> '' ORDER BY id LIMIT 40

-- name: recommendation_day_add
INSERT INTO recommendation_day (what, whom, day, n) VALUES ($1, $2, $3, $4)
ON CONFLICT (what, whom, day) DO UPDATE SET n = recommendation_day.n + $4

-- name: recommendation_body_add
INSERT INTO recommendation_body (whom, body_key, name, open, done) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (whom) DO UPDATE SET name = $3, open = recommendation_body.open + $4, done = recommendation_body.done + $5

-- name: recommendation_of_casefile
SELECT id, addressee, kind, measure, public_text, ground, issued_at, due_at, state, reply, replied_at, degree, reminded_at, reminders,
  escalated, evidence, evidence_at
FROM recommendation WHERE casefile_id = $1 ORDER BY id

-- name: recommendation_assessments_of_casefile
SELECT a.recommendation_id, a.id, a.degree, a.words, a.actor_name, a.at
FROM recommendation r JOIN recommendation_assessment a ON a.recommendation_id = r.id WHERE r.casefile_id = $1
ORDER BY a.recommendation_id, a.id

-- name: recommendation_documents_of_casefile
SELECT k.assessment_id, d.id, d.name
FROM recommendation r JOIN recommendation_assessment a ON a.recommendation_id = r.id
JOIN recommendation_document k ON k.assessment_id = a.id JOIN document d ON d.id = k.document_id
WHERE r.casefile_id = $1 ORDER BY k.assessment_id, d.id

-- name: recommendation_acts_of_casefile
SELECT a.recommendation_id, a.kind, a.value, a.words, a.actor_name, a.at
FROM recommendation r JOIN recommendation_act a ON a.recommendation_id = r.id WHERE r.casefile_id = $1
ORDER BY a.recommendation_id, a.id

-- The list: open ones by due day; $4 a day before which they are due (a great one for all of them).
-- name: recommendation_list_after
SELECT r.id, r.casefile_id, r.addressee, r.body_key, r.kind, r.public_text, r.due_at, r.state, r.degree, r.reminders, r.escalated,
  r.due_day, r.whom, r.replied_at, r.issued_day
FROM recommendation r
WHERE r.state <> 'implemented' AND (r.due_day, r.id) > ($1, $2) AND r.due_day < $3
ORDER BY r.due_day, r.id LIMIT 51

-- name: recommendation_list_before
SELECT r.id, r.casefile_id, r.addressee, r.body_key, r.kind, r.public_text, r.due_at, r.state, r.degree, r.reminders, r.escalated,
  r.due_day, r.whom, r.replied_at, r.issued_day
FROM recommendation r
WHERE r.state <> 'implemented' AND (r.due_day, r.id) < ($1, $2) AND r.due_day < $3
ORDER BY r.due_day DESC, r.id DESC LIMIT 51

-- name: recommendation_whom_after
SELECT r.id, r.casefile_id, r.addressee, r.body_key, r.kind, r.public_text, r.due_at, r.state, r.degree, r.reminders, r.escalated,
  r.due_day, r.whom, r.replied_at, r.issued_day
FROM recommendation r
WHERE r.whom = $4 AND r.state <> 'implemented' AND (r.due_day, r.id) > ($1, $2) AND r.due_day < $3
ORDER BY r.due_day, r.id LIMIT 51

-- name: recommendation_whom_before
SELECT r.id, r.casefile_id, r.addressee, r.body_key, r.kind, r.public_text, r.due_at, r.state, r.degree, r.reminders, r.escalated,
  r.due_day, r.whom, r.replied_at, r.issued_day
FROM recommendation r
WHERE r.whom = $4 AND r.state <> 'implemented' AND (r.due_day, r.id) < ($1, $2) AND r.due_day < $3
ORDER BY r.due_day DESC, r.id DESC LIMIT 51

-- name: recommendation_due_count
SELECT coalesce(sum(n), 0) FROM recommendation_day WHERE what = 'due' AND whom = $1 AND day < $2

-- name: recommendation_open_count
SELECT coalesce(sum(n), 0) FROM recommendation_day WHERE what = 'due' AND whom = $1

-- Unanswered ones by age in steps of 30 days: a row a step.
-- name: recommendation_ages
SELECT ($1 - day) / 30, sum(n) FROM recommendation_day WHERE what = 'unanswered' AND whom = '' AND day <= $1
GROUP BY ($1 - day) / 30 ORDER BY 1

-- name: recommendation_bodies
SELECT whom, body_key, name, open, done FROM recommendation_body WHERE open > 0 ORDER BY open DESC, whom LIMIT 50
