-- Lists of casework, and what hangs on one case.
--
-- A list is walked from a key, up to five lists merged: $1 to $5 are names of lists, '' for none; ($6, $7) the key to begin
-- behind; $8 the bound at the other end; $9 and $10 who reads, and for whom (0: nobody); $11 how many at the most. The columns
-- are read by list_walk.c, in this order.

-- name: list_down
SELECT w.at, c.id, c.number, c.state, c.person_name, c.body_key, c.body_name, c.body_country, c.subject, c.received_at,
  c.assigned_to, s.name, c.due_at, c.due_rule, c.has_referral, c.lang, c.unit, c.identity, c.channel, c.closed_at, c.closing,
  (SELECT count(*) FROM case_member m WHERE m.casefile_id = c.id AND m.until IS NULL AND m.staff_id IN ($9, $10)) AS in_team,
  (SELECT count(*) FROM case_conflict x WHERE x.casefile_id = c.id AND x.lifted_at IS NULL AND x.staff_id IN ($9, $10)) AS kept, c.urgent
FROM (SELECT at, casefile_id FROM (
    SELECT at, casefile_id FROM (SELECT at, casefile_id FROM case_list WHERE list = $1 AND (at, casefile_id) < ($6, $7) AND at >= $8
      ORDER BY at DESC, casefile_id DESC LIMIT $11) AS b1
    UNION SELECT at, casefile_id FROM (SELECT at, casefile_id FROM case_list WHERE list = $2 AND (at, casefile_id) < ($6, $7) AND at >= $8
      ORDER BY at DESC, casefile_id DESC LIMIT $11) AS b2
    UNION SELECT at, casefile_id FROM (SELECT at, casefile_id FROM case_list WHERE list = $3 AND (at, casefile_id) < ($6, $7) AND at >= $8
      ORDER BY at DESC, casefile_id DESC LIMIT $11) AS b3
    UNION SELECT at, casefile_id FROM (SELECT at, casefile_id FROM case_list WHERE list = $4 AND (at, casefile_id) < ($6, $7) AND at >= $8
      ORDER BY at DESC, casefile_id DESC LIMIT $11) AS b4
    UNION SELECT at, casefile_id FROM (SELECT at, casefile_id FROM case_list WHERE list = $5 AND (at, casefile_id) < ($6, $7) AND at >= $8
      ORDER BY at DESC, casefile_id DESC LIMIT $11) AS b5) AS u
    ORDER BY at DESC, casefile_id DESC LIMIT $11) AS w
  JOIN casefile c ON c.id = w.casefile_id LEFT JOIN staff s ON s.id = c.assigned_to
ORDER BY w.at DESC, w.casefile_id DESC

-- name: list_up
SELECT w.at, c.id, c.number, c.state, c.person_name, c.body_key, c.body_name, c.body_country, c.subject, c.received_at,
  c.assigned_to, s.name, c.due_at, c.due_rule, c.has_referral, c.lang, c.unit, c.identity, c.channel, c.closed_at, c.closing,
  (SELECT count(*) FROM case_member m WHERE m.casefile_id = c.id AND m.until IS NULL AND m.staff_id IN ($9, $10)) AS in_team,
  (SELECT count(*) FROM case_conflict x WHERE x.casefile_id = c.id AND x.lifted_at IS NULL AND x.staff_id IN ($9, $10)) AS kept, c.urgent
FROM (SELECT at, casefile_id FROM (
    SELECT at, casefile_id FROM (SELECT at, casefile_id FROM case_list WHERE list = $1 AND (at, casefile_id) > ($6, $7) AND at < $8
      ORDER BY at, casefile_id LIMIT $11) AS b1
    UNION SELECT at, casefile_id FROM (SELECT at, casefile_id FROM case_list WHERE list = $2 AND (at, casefile_id) > ($6, $7) AND at < $8
      ORDER BY at, casefile_id LIMIT $11) AS b2
    UNION SELECT at, casefile_id FROM (SELECT at, casefile_id FROM case_list WHERE list = $3 AND (at, casefile_id) > ($6, $7) AND at < $8
      ORDER BY at, casefile_id LIMIT $11) AS b3
    UNION SELECT at, casefile_id FROM (SELECT at, casefile_id FROM case_list WHERE list = $4 AND (at, casefile_id) > ($6, $7) AND at < $8
      ORDER BY at, casefile_id LIMIT $11) AS b4
    UNION SELECT at, casefile_id FROM (SELECT at, casefile_id FROM case_list WHERE list = $5 AND (at, casefile_id) > ($6, $7) AND at < $8
      ORDER BY at, casefile_id LIMIT $11) AS b5) AS u
    ORDER BY at, casefile_id LIMIT $11) AS w
  JOIN casefile c ON c.id = w.casefile_id LEFT JOIN staff s ON s.id = c.assigned_to
ORDER BY w.at, w.casefile_id

-- How long a list is: kept, not counted.
-- name: list_count
SELECT n FROM case_list_count WHERE list = $1

-- The same for one reader ($2, $3): what a conflict keeps from them is not counted.
-- name: list_count_for
SELECT k.n - (SELECT count(*) FROM case_conflict x CROSS JOIN casefile c CROSS JOIN case_list l
  WHERE c.id = x.casefile_id AND l.list = k.list AND l.at IN (c.received_at, c.due_at) AND l.casefile_id = c.id AND x.staff_id IN ($2, $3) AND x.lifted_at IS NULL)
FROM case_list_count k WHERE k.list = $1

-- Counts of all lists behind one door: $1 'staff:3/', $2 'staff:30' (the byte after '/'). What a conflict keeps from the
-- reader ($3, $4) is not counted for them either.
-- name: list_counts
SELECT k.list, k.n - (SELECT count(*) FROM case_conflict x CROSS JOIN casefile c CROSS JOIN case_list l
  WHERE c.id = x.casefile_id AND l.list = k.list AND l.at IN (c.received_at, c.due_at) AND l.casefile_id = c.id AND x.staff_id IN ($3, $4) AND x.lifted_at IS NULL)
FROM case_list_count k WHERE k.list >= $1 AND k.list < $2 ORDER BY k.list

-- What is late, due today and due this week, each at most 51 ("50+"): $1 a list by due day, $2 now, $3 the end of today, $4
-- the end of the week, $5 and $6 the reader.
-- name: list_due
SELECT (SELECT count(*) FROM (SELECT 1 FROM case_list l WHERE l.list = $1 AND l.at >= 0 AND l.at < $2
    AND NOT EXISTS (SELECT 1 FROM case_conflict x WHERE x.casefile_id = l.casefile_id AND x.staff_id IN ($5, $6) AND x.lifted_at IS NULL) LIMIT 51) AS few),
  (SELECT count(*) FROM (SELECT 1 FROM case_list l WHERE l.list = $1 AND l.at >= $2 AND l.at < $3
    AND NOT EXISTS (SELECT 1 FROM case_conflict x WHERE x.casefile_id = l.casefile_id AND x.staff_id IN ($5, $6) AND x.lifted_at IS NULL) LIMIT 51) AS few),
  (SELECT count(*) FROM (SELECT 1 FROM case_list l WHERE l.list = $1 AND l.at >= $3 AND l.at < $4
    AND NOT EXISTS (SELECT 1 FROM case_conflict x WHERE x.casefile_id = l.casefile_id AND x.staff_id IN ($5, $6) AND x.lifted_at IS NULL) LIMIT 51) AS few)

-- Who works in a unit, with how many open cases and how old: $1 the unit, $2 the id to go on behind; younger than $3,
-- than $4, than $5, and older; $6 now. Figures come from the lists' counts and from at most 51 entries each.
-- name: workload_staff
SELECT s.id, s.name, coalesce((SELECT n FROM case_list_count WHERE list = 'staff:' || s.id || '/open'), 0),
  (SELECT count(*) FROM (SELECT 1 FROM case_list l WHERE l.list = 'staff:' || s.id || '/due' AND l.at < $6 LIMIT 51) AS few),
  (SELECT count(*) FROM (SELECT 1 FROM case_list l WHERE l.list = 'staff:' || s.id || '/open' AND l.at >= $3 LIMIT 51) AS few),
  (SELECT count(*) FROM (SELECT 1 FROM case_list l WHERE l.list = 'staff:' || s.id || '/open' AND l.at >= $4 AND l.at < $3 LIMIT 51) AS few),
  (SELECT count(*) FROM (SELECT 1 FROM case_list l WHERE l.list = 'staff:' || s.id || '/open' AND l.at >= $5 AND l.at < $4 LIMIT 51) AS few),
  (SELECT count(*) FROM (SELECT 1 FROM case_list l WHERE l.list = 'staff:' || s.id || '/open' AND l.at < $5 LIMIT 51) AS few)
FROM staff s WHERE s.unit = $1 AND s.active <> 0 AND s.id > $2 ORDER BY s.id LIMIT 51

-- The same for a unit and each below it.
-- name: workload_units
SELECT r.unit, coalesce((SELECT n FROM case_list_count WHERE list = 'unit:' || r.unit || '/open'), 0),
  (SELECT count(*) FROM (SELECT 1 FROM case_list l WHERE l.list = 'unit:' || r.unit || '/due' AND l.at < $5 LIMIT 51) AS few),
  (SELECT count(*) FROM (SELECT 1 FROM case_list l WHERE l.list = 'unit:' || r.unit || '/open' AND l.at >= $2 LIMIT 51) AS few),
  (SELECT count(*) FROM (SELECT 1 FROM case_list l WHERE l.list = 'unit:' || r.unit || '/open' AND l.at >= $3 AND l.at < $2 LIMIT 51) AS few),
  (SELECT count(*) FROM (SELECT 1 FROM case_list l WHERE l.list = 'unit:' || r.unit || '/open' AND l.at >= $4 AND l.at < $3 LIMIT 51) AS few),
  (SELECT count(*) FROM (SELECT 1 FROM case_list l WHERE l.list = 'unit:' || r.unit || '/open' AND l.at < $4 LIMIT 51) AS few),
  coalesce((SELECT n FROM case_list_count WHERE list = 'unit:' || r.unit || '/free'), 0)
FROM unit_reach r WHERE r.within = $1 ORDER BY r.unit

-- What the lead has seen: only the lead's own mark goes ($2, or in whose name: $3).
-- name: news_seen
DELETE FROM case_news WHERE casefile_id = $1
  AND EXISTS (SELECT 1 FROM casefile c WHERE c.id = $1 AND c.assigned_to IN ($2, $3))

-- The search, the newest first: $1 as search_match writes it, $2 the id to begin below, $3 and $4 who reads, $5 how many
-- at the most.
-- name: search_page
-- engine: sqlite
SELECT c.id, c.id, c.number, c.state, c.person_name, c.body_key, c.body_name, c.body_country, c.subject, c.received_at,
  c.assigned_to, s.name, c.due_at, c.due_rule, c.has_referral, c.lang, c.unit, c.identity, c.channel, c.closed_at, c.closing,
  (SELECT count(*) FROM case_member m WHERE m.casefile_id = c.id AND m.until IS NULL AND m.staff_id IN ($3, $4)) AS in_team,
  (SELECT count(*) FROM case_conflict x WHERE x.casefile_id = c.id AND x.lifted_at IS NULL AND x.staff_id IN ($3, $4)) AS kept, c.urgent
FROM case_search f CROSS JOIN casefile c LEFT JOIN staff s ON s.id = c.assigned_to
WHERE case_search MATCH $1 AND f.rowid < $2 AND c.id = f.rowid
ORDER BY f.rowid DESC LIMIT $5
-- engine: postgresql
SELECT c.id, c.id, c.number, c.state, c.person_name, c.body_key, c.body_name, c.body_country, c.subject, c.received_at,
  c.assigned_to, s.name, c.due_at, c.due_rule, c.has_referral, c.lang, c.unit, c.identity, c.channel, c.closed_at, c.closing,
  (SELECT count(*) FROM case_member m WHERE m.casefile_id = c.id AND m.until IS NULL AND m.staff_id IN ($3, $4)) AS in_team,
  (SELECT count(*) FROM case_conflict x WHERE x.casefile_id = c.id AND x.lifted_at IS NULL AND x.staff_id IN ($3, $4)) AS kept, c.urgent
FROM (SELECT casefile_id FROM case_words WHERE vector @@ CAST($1 AS tsquery) AND casefile_id < $2
    ORDER BY casefile_id DESC LIMIT $5) AS f
  JOIN casefile c ON c.id = f.casefile_id LEFT JOIN staff s ON s.id = c.assigned_to
ORDER BY c.id DESC
-- engine: both

-- How many there are, counted to one more than is said.
-- name: search_count
-- engine: sqlite
SELECT count(*) FROM (SELECT rowid FROM case_search WHERE case_search MATCH $1 LIMIT 1001)
-- engine: postgresql
SELECT count(*) FROM (SELECT casefile_id FROM case_words WHERE vector @@ CAST($1 AS tsquery) LIMIT 1001) AS few
-- engine: both

-- name: search_by_number
SELECT c.id, c.id, c.number, c.state, c.person_name, c.body_key, c.body_name, c.body_country, c.subject, c.received_at,
  c.assigned_to, s.name, c.due_at, c.due_rule, c.has_referral, c.lang, c.unit, c.identity, c.channel, c.closed_at, c.closing,
  (SELECT count(*) FROM case_member m WHERE m.casefile_id = c.id AND m.until IS NULL AND m.staff_id IN ($2, $3)) AS in_team,
  (SELECT count(*) FROM case_conflict x WHERE x.casefile_id = c.id AND x.lifted_at IS NULL AND x.staff_id IN ($2, $3)) AS kept, c.urgent
FROM casefile c LEFT JOIN staff s ON s.id = c.assigned_to
WHERE c.number = $1

-- Cases by their ids, twenty at most: $1 and $2 who reads.
-- name: list_by_ids
SELECT c.id, c.id, c.number, c.state, c.person_name, c.body_key, c.body_name, c.body_country, c.subject, c.received_at,
  c.assigned_to, s.name, c.due_at, c.due_rule, c.has_referral, c.lang, c.unit, c.identity, c.channel, c.closed_at, c.closing,
  (SELECT count(*) FROM case_member m WHERE m.casefile_id = c.id AND m.until IS NULL AND m.staff_id IN ($1, $2)) AS in_team,
  (SELECT count(*) FROM case_conflict x WHERE x.casefile_id = c.id AND x.lifted_at IS NULL AND x.staff_id IN ($1, $2)) AS kept, c.urgent
FROM casefile c LEFT JOIN staff s ON s.id = c.assigned_to
WHERE c.id IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)

-- The newest cases that a query finds, by id alone.
-- name: similar_ids
-- engine: sqlite
SELECT rowid FROM case_search WHERE case_search MATCH $1 ORDER BY rowid DESC LIMIT 200
-- engine: postgresql
SELECT casefile_id FROM case_words WHERE vector @@ CAST($1 AS tsquery) ORDER BY casefile_id DESC LIMIT 200
-- engine: both

-- name: similar_words
SELECT words FROM case_words WHERE casefile_id = $1

-- How cases ended, in the words used then: 1 the letter of closing, 2 the finding.
-- name: similar_texts
SELECT e.casefile_id, 1 AS kind, e.data, '' AS more FROM case_event e
WHERE e.casefile_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AND e.kind = 'closed'
UNION ALL
SELECT f.casefile_id, 2, v.reasons, v.facts FROM finding f JOIN finding_version v ON v.finding_id = f.id AND v.version = f.version
WHERE f.casefile_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AND f.state = 'issued'
ORDER BY 1, 2

-- For snippets of one page: what was filed, and the words that the index holds where they are needed.
-- name: search_text
SELECT c.id, c.content, CASE WHEN c.identity = 'open' THEN NULL ELSE (SELECT w.words FROM case_words w WHERE w.casefile_id = c.id) END
FROM casefile c WHERE c.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)

-- What was asked from bodies and recommended to them, in one statement: the case page has few to spend.
-- name: dealings_of_casefile
SELECT 1 AS kind, id, body_name AS whom, question AS words, asked_at AS at, due_at, reminded_at, escalated_at,
  replied_at AS answered_at, state AS result, reply AS answer, remedy
FROM agency_request WHERE casefile_id = $1
UNION ALL
SELECT 2, id, addressee, measure, issued_at, due_at, reminded_at, NULL, evidence_at, state, evidence, ''
FROM recommendation WHERE casefile_id = $1
ORDER BY 1, 2

-- name: acknowledged_count
SELECT count(*) FROM case_event WHERE casefile_id = $1 AND kind = 'acknowledged'
