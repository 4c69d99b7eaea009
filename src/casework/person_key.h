/*
 * By what somebody is known again: numbers of papers, telephone, e-mail, and the name as it sounds, in whatever script
 * it was written. Each becomes a keyed digest in table person_key, so that earlier complaints are looked up, never
 * searched, and the table alone tells nothing. What is found is a suggestion to an officer: nothing is ever merged by
 * it.
 *
 *     struct person_keys keys;
 *     person_keys_make(office, arena, &who, &keys);
 *     e = person_keys_insert(tx, &keys, casefile_id, party_id);
 *
 * Whose identity is withheld has no row here, and cases with a withheld identity are left out when looking up as well.
 */
#ifndef SULH_CASEWORK_PERSON_KEY_H
#define SULH_CASEWORK_PERSON_KEY_H

#include "casework/casefile.h"

#define PERSON_KEYS_MAX 12
#define PERSON_DIGEST_TEXT 25

enum person_fact { PERSON_ID, PERSON_PHONE, PERSON_EMAIL, PERSON_NAME_BIRTH, PERSON_NAME, PERSON_FACT_MAX };

/* Texts may be NULL or "". */
struct person_facts {
	const char *name, *birth_date, *id_no, *passport_no, *phone, *email;
};

struct person_keys {
	struct person_key {
		enum person_fact fact;
		char digest[PERSON_DIGEST_TEXT];
	} at[PERSON_KEYS_MAX];
	size_t n;
};

/* --- what of a fact is compared; "" when it says too little. Pure. --- */
const char *person_id_plain(struct arena *, const char *typed); /* letters and digits, capitals */
const char *person_phone_plain(
    struct arena *, const char *typed); /* last nine digits: with or without the country code */
const char *person_email_plain(struct arena *, const char *typed);
/* The words of a name in alphabetical order as text_fold_name writes them, two at a time, so that an omitted or added
 * patronymic does not matter; at most PERSON_NAMES_MAX. */
#define PERSON_NAMES_MAX 4
size_t person_name_plain(struct arena *, const char *typed, const char *ret_names[PERSON_NAMES_MAX]);

/* --- digests and their table --- */
void person_keys_make(const struct office *, struct arena *, const struct person_facts *, struct person_keys *ret);
enum err person_keys_insert(
    struct db_tx *, const struct person_keys *, int64_t casefile_id, int64_t party_id) MUST_CHECK;
enum err person_keys_delete(
    struct db_tx *, const struct person_keys *, int64_t casefile_id, int64_t party_id) MUST_CHECK;

/* Earlier and running complaints that share a fact with this person, the surest first:
 * [{id, number, link, state, received, closed, person, body_name, reasons [words], sure}] of cases that the reader may
 * read; for others only {hidden: true, ask: officer's name, reasons}. `except`: the case being looked at, 0 none. */
enum err person_duplicates(
    const struct casefile_act *, enum lang, const struct person_facts *, int64_t except, json_t **ret_list) MUST_CHECK;

#endif
