-- Queries of intake: people of a case, by what they are known again, what the desk notes, admissibility.

-- name: casefile_set_intake
UPDATE casefile SET class = $2, sent_on = $3, happened_on = $4, entered_at = $5, urgent = $6 WHERE id = $1

-- name: casefile_withhold
UPDATE casefile SET identity = 'withheld' WHERE id = $1

-- name: casefile_intake
SELECT class, sent_on, happened_on, entered_at, urgent FROM casefile WHERE id = $1

-- name: casefile_classify
UPDATE casefile SET class = $2, sent_on = $3, happened_on = $4, urgent = $5 WHERE id = $1

-- Who complains is called so in lists as well; not where the identity is withheld.
-- name: casefile_set_person
UPDATE casefile SET person_name = $2 WHERE id = $1 AND identity = 'open'

-- What party_insert of casefile.sql does not say.
-- name: party_update
UPDATE party SET role = $2, name = $3, father_name = $4, birth_date = $5, nationality = $6, passport_no = $7, phone = $8,
  email = $9, address = $10, kind = $11, id_no = $12, answer_by = $13, authority = $14, authority_document = $15,
  authority_until = $16, consent = $17
WHERE id = $1

-- name: party_remove
UPDATE party SET removed_at = $2, removed_why = $3 WHERE id = $1

-- name: party_people
SELECT id, role, name, father_name, birth_date, nationality, passport_no, phone, email, address, kind, id_no, answer_by,
  authority, authority_document, authority_until, consent, removed_why, removed_at
FROM party WHERE casefile_id = $1 ORDER BY id

-- name: party_traits
SELECT t.party_id, t.trait, t.value FROM party p JOIN party_trait t ON t.party_id = p.id
WHERE p.casefile_id = $1 ORDER BY t.party_id, t.trait, t.value

-- name: party_trait_insert
INSERT INTO party_trait (party_id, trait, value) VALUES ($1, $2, $3) ON CONFLICT (party_id, trait, value) DO NOTHING

-- name: party_trait_delete
DELETE FROM party_trait WHERE party_id = $1

-- name: party_change_insert
INSERT INTO party_change (casefile_id, party_id, at, actor, actor_name, what, before) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: party_change_list
SELECT h.party_id, h.at, h.actor_name, h.what, h.before FROM party_change h WHERE h.casefile_id = $1 ORDER BY h.id

-- As many rows as PERSON_KEYS_MAX; unused places repeat the first.
-- name: person_key_insert
INSERT INTO person_key (kind, digest, casefile_id, party_id) VALUES
  ($3, $4, $1, $2), ($5, $6, $1, $2), ($7, $8, $1, $2), ($9, $10, $1, $2), ($11, $12, $1, $2), ($13, $14, $1, $2),
  ($15, $16, $1, $2), ($17, $18, $1, $2), ($19, $20, $1, $2), ($21, $22, $1, $2), ($23, $24, $1, $2), ($25, $26, $1, $2)
ON CONFLICT (kind, digest, casefile_id, party_id) DO NOTHING

-- name: person_key_delete
DELETE FROM person_key WHERE kind = $1 AND digest = $2 AND casefile_id = $3 AND party_id = $4

-- The newest cases that share this fact, walked backwards along the key.
-- name: person_key_find
SELECT k.casefile_id FROM person_key k JOIN casefile c ON c.id = k.casefile_id
WHERE k.kind = $1 AND k.digest = $2 AND c.identity = 'open'
ORDER BY k.casefile_id DESC LIMIT 20

-- name: screening_insert
INSERT INTO screening_answer (casefile_id, question, answer, reason, overridden, actor, actor_name, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id

-- name: screening_of_casefile
SELECT question, answer, reason, overridden, actor_name, at FROM screening_answer WHERE casefile_id = $1 ORDER BY id
