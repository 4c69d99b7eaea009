-- Queries of casework/agency_acts.c, agency_tab.c and agency_portal.c.

-- name: agency_insert
INSERT INTO agency_request (casefile_id, body_name, question, asked_at, due_at, reminded_at, escalated_at, replied_at,
  position, reply, remedy, body_key, state, is_open, listed_at, questions, told, asked_by)
VALUES ($1, $2, $3, $4, $5, NULL, NULL, NULL, '', '', '', $6, 'asked', 1, $5, $7, $8, $9) RETURNING id

-- name: agency_by_id
SELECT id, casefile_id, version, asked_at, due_at, reminded_at, escalated_at, replied_at, withdrawn_at, offered_at,
  person_at, asked_by, told, state, body_key, body_name, question, questions, position, reply, remedy, remedy_due, answered_by,
  person_answer, person_words, withdrawn_why
FROM agency_request WHERE id = $1

-- name: agency_of_casefile
SELECT id, casefile_id, version, asked_at, due_at, reminded_at, escalated_at, replied_at, withdrawn_at, offered_at,
  person_at, asked_by, told, state, body_key, body_name, question, questions, position, reply, remedy, remedy_due, answered_by,
  person_answer, person_words, withdrawn_why
FROM agency_request WHERE casefile_id = $1 ORDER BY id

-- name: agency_open_of_casefile
SELECT count(*) FROM agency_request WHERE casefile_id = $1 AND is_open = 1

-- name: agency_set_state
-- $3: still open; $4: what lists go by.
UPDATE agency_request SET state = $2, is_open = $3, listed_at = $4, version = version + 1 WHERE id = $1

-- name: agency_set_reminded
UPDATE agency_request SET reminded_at = $2 WHERE id = $1

-- name: agency_set_escalated
UPDATE agency_request SET escalated_at = $2 WHERE id = $1

-- name: agency_set_withdrawn
UPDATE agency_request SET withdrawn_at = $2, withdrawn_why = $3 WHERE id = $1

-- name: agency_set_due
UPDATE agency_request SET due_at = $2 WHERE id = $1

-- name: agency_set_reply
UPDATE agency_request SET replied_at = $2, position = $3, reply = $4, remedy = $5, remedy_due = $6, answered_by = $7 WHERE id = $1

-- name: agency_set_offered
UPDATE agency_request SET offered_at = $2 WHERE id = $1 AND offered_at IS NULL

-- name: agency_set_person
UPDATE agency_request SET person_answer = $2, person_words = $3, person_at = $4 WHERE id = $1 AND person_answer = ''

-- name: agency_extension_insert
INSERT INTO agency_extension (request_id, until, reason, asked_at, asked_by, decided_at, granted, granted_until, words, decided_by)
VALUES ($1, $2, $3, $4, $5, NULL, NULL, NULL, '', '') RETURNING id

-- name: agency_extension_open
SELECT id, until FROM agency_extension WHERE request_id = $1 AND decided_at IS NULL ORDER BY id DESC LIMIT 1

-- name: agency_extensions_granted
SELECT count(*) FROM agency_extension WHERE request_id = $1 AND granted = 1

-- name: agency_extension_decide
UPDATE agency_extension SET decided_at = $2, granted = $3, granted_until = $4, words = $5, decided_by = $6 WHERE id = $1

-- name: agency_extensions_of_casefile
SELECT x.request_id, x.until, x.reason, x.asked_at, x.decided_at, x.granted, x.granted_until, x.words
FROM agency_extension x JOIN agency_request r ON r.id = x.request_id WHERE r.casefile_id = $1 ORDER BY x.id

-- name: agency_extensions_of_request
SELECT request_id, until, reason, asked_at, decided_at, granted, granted_until, words
FROM agency_extension WHERE request_id = $1 ORDER BY id

-- name: agency_document_insert
INSERT INTO agency_document (request_id, document_id, from_body) VALUES ($1, $2, $3)

-- name: agency_document_case
SELECT casefile_id FROM document WHERE id = $1

-- name: agency_documents_of_request
SELECT d.id, d.name, d.type, d.size, a.from_body FROM agency_document a JOIN document d ON d.id = a.document_id
WHERE a.request_id = $1 ORDER BY a.from_body, d.id

-- name: agency_documents_of_casefile
SELECT d.id, d.name, d.type, d.size, a.from_body, a.request_id
FROM agency_request r JOIN agency_document a ON a.request_id = r.id JOIN document d ON d.id = a.document_id
WHERE r.casefile_id = $1 ORDER BY a.from_body, d.id

-- name: agency_document_of_request
SELECT d.name, d.type, d.size, d.sha256, a.from_body FROM agency_document a JOIN document d ON d.id = a.document_id
WHERE a.request_id = $1 AND a.document_id = $2

-- name: agency_clock_again
-- The case's limits that an answer stopped at this moment go on while other bodies still have to answer.
UPDATE clock SET stopped_at = NULL, remind_at = 0
WHERE casefile_id = $1 AND stopped_at = $2
  AND (started_at IN (SELECT r.asked_at FROM agency_request r WHERE r.casefile_id = $1 AND r.is_open = 1)
    OR started_at IN (SELECT r.reminded_at FROM agency_request r WHERE r.casefile_id = $1 AND r.is_open = 1))

-- name: agency_list_open
-- What one body has to answer, by the day it is due; the page goes on after (listed_at, id).
SELECT r.id, r.asked_at, r.due_at, r.state, r.body_key, r.body_name, r.position, r.listed_at, c.number
FROM agency_request r JOIN casefile c ON c.id = r.casefile_id
WHERE r.body_key = $1 AND r.body_key <> '' AND r.is_open = 1 AND (r.listed_at > $2 OR (r.listed_at = $2 AND r.id > $3))
ORDER BY r.listed_at, r.id LIMIT 51

-- name: agency_list_ended
SELECT r.id, r.asked_at, r.due_at, r.state, r.body_key, r.body_name, r.position, r.listed_at, c.number
FROM agency_request r JOIN casefile c ON c.id = r.casefile_id
WHERE r.body_key = $1 AND r.body_key <> '' AND r.is_open = 0 AND (r.listed_at < $2 OR (r.listed_at = $2 AND r.id < $3))
ORDER BY r.listed_at DESC, r.id DESC LIMIT 51

-- name: agency_list_open_within
-- The same for a body and those below it: a range of the index for each of them.
SELECT r.id, r.asked_at, r.due_at, r.state, r.body_key, r.body_name, r.position, r.listed_at, c.number
FROM body_reach b JOIN agency_request r ON r.body_key = b.body_key JOIN casefile c ON c.id = r.casefile_id
WHERE b.within = $1 AND r.body_key <> '' AND r.is_open = 1 AND (r.listed_at > $2 OR (r.listed_at = $2 AND r.id > $3))
ORDER BY r.listed_at, r.id LIMIT 51

-- name: agency_list_ended_within
SELECT r.id, r.asked_at, r.due_at, r.state, r.body_key, r.body_name, r.position, r.listed_at, c.number
FROM body_reach b JOIN agency_request r ON r.body_key = b.body_key JOIN casefile c ON c.id = r.casefile_id
WHERE b.within = $1 AND r.body_key <> '' AND r.is_open = 0 AND (r.listed_at < $2 OR (r.listed_at = $2 AND r.id < $3))
ORDER BY r.listed_at DESC, r.id DESC LIMIT 51

-- name: agency_person
-- Only where the officer decided that the body is told.
SELECT name, father_name, birth_date FROM party WHERE casefile_id = $1 AND role = 'complainant' ORDER BY id LIMIT 1

-- name: agency_recommendations
-- What is recommended to a body (and, with reach, to those below it), by due day; the page goes on after (due_day, id).
SELECT r.id, r.body_key, r.addressee, r.measure, r.due_at, r.state, r.due_day, c.number
FROM body_reach b JOIN recommendation r ON r.body_key = b.body_key JOIN casefile c ON c.id = r.casefile_id
WHERE b.within = $1 AND (b.body_key = $1 OR $4 = 1) AND r.body_key <> '' AND r.state <> 'implemented'
  AND (r.due_day > $2 OR (r.due_day = $2 AND r.id > $3))
ORDER BY r.due_day, r.id LIMIT 51

-- name: agency_recommendations_done
SELECT r.id, r.body_key, r.addressee, r.measure, r.due_at, r.state, r.due_day, c.number
FROM body_reach b JOIN recommendation r ON r.body_key = b.body_key JOIN casefile c ON c.id = r.casefile_id
WHERE b.within = $1 AND (b.body_key = $1 OR $4 = 1) AND r.body_key <> '' AND r.state = 'implemented'
  AND (r.due_day < $2 OR (r.due_day = $2 AND r.id < $3))
ORDER BY r.due_day DESC, r.id DESC LIMIT 51

-- name: agency_recommendation_replies
SELECT value, words, at FROM recommendation_act WHERE recommendation_id = $1 AND kind = 'reply' ORDER BY id
