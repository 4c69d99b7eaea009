/*
 * The people of a case: who complains, for whom, who acts for them, who saw it. Each in a role, each with what may be
 * known of a person; and of each fact that may be asked it is kept apart whether it was not asked, refused or unknown
 * (requirement 4). What was filed stays in the case's content as it came; these rows may be added to, changed and
 * ended, and what they said before stays in party_change.
 *
 *     e = party_add(act, c, &who, &id, fault);
 */
#ifndef SULH_CASEWORK_PARTY_H
#define SULH_CASEWORK_PARTY_H

#include "casework/casefile.h"
#include "casework/form_fields.h"

#define PARTY_GROUPS 12

/* Texts are "" or NULL where there is nothing. Traits ("sex" … "detention"): "" not asked, 'refused', 'unknown', or a
 * key of their list. */
struct intake_party {
	const char *role; /* 'complainant', 'affected', 'representative', 'witness' */
	const char *name, *father_name, *birth_date;
	const char *nationality; /* ISO 3166-1 alpha-2, 'refused' or 'unknown' */
	const char *passport_no, *phone, *email, *address;
	const char *kind; /* 'natural' (also ""), 'organisation', 'group', 'anonymous' */
	const char *id_no, *answer_by;
	const char *authority, *authority_document, *authority_until; /* of a representative */
	const char *consent;                                          /* of somebody affected */
	const char *sex, *age_band, *language, *disability, *detention;
	bool group[PARTY_GROUPS]; /* in the order of party_groups */
	const char *groups_said;  /* "", 'refused', 'unknown', 'none' */
};

/* Codes, each ended by NULL. */
extern const char *const party_roles[], *const party_kinds[], *const party_answers[], *const party_authorities[];
extern const char *const party_consents[], *const party_sexes[], *const party_age_bands[], *const party_disabilities[];
extern const char *const party_detentions[], *const party_groups[], *const party_groups_said[];
extern const char *const party_languages[];
/* A code of one of these lists in words; the code itself when it is none. */
const char *party_words(enum lang, const char *list, const char *code);

/* The rules of one person; adds every fault, its field with `prefix` before it. Pure. `today`: days since 1970. */
enum err party_check(const struct intake_party *, const char *prefix, int64_t today, struct faults *);
/* What is known of the person, members that say nothing left out. Yours. */
json_t *party_json(const struct intake_party *);
/* SHA-256 of its canonical form, in hex: what the journal holds an entry against. */
enum err party_digest(const struct intake_party *, char out[65]) MUST_CHECK;
/* Is the person in detention, as far as was said? */
bool party_detained(const struct intake_party *);

/* --- doors; each journals and keeps what was before. --- */
enum err party_add(const struct casefile_act *, struct casefile *, const struct intake_party *, int64_t *ret_id,
    struct fault *) MUST_CHECK;
enum err party_change(
    const struct casefile_act *, struct casefile *, int64_t id, const struct intake_party *, struct fault *) MUST_CHECK;
enum err party_remove(
    const struct casefile_act *, struct casefile *, int64_t id, const char *why, struct fault *) MUST_CHECK;

/* --- inside a filing: casework/intake.c --- */
/* Writes the row, its traits and, unless the identity is withheld, its keys. */
enum err party_file(const struct casefile_act *, int64_t casefile_id, const struct intake_party *, bool withheld,
    int64_t *ret_id) MUST_CHECK;

struct party_row {
	int64_t id, removed_at;
	const char *removed_why;
	struct intake_party who;
};
/* Everybody, those who were removed as well; the arena's. */
enum err party_load(
    struct db_tx *, struct arena *, int64_t casefile_id, struct party_row **ret_rows, size_t *ret_n) MUST_CHECK;

extern const struct event_table party_events;

/* --- forms: casework/party_form.c --- */
/* The fields of a person; offsets are in struct party_form and, as `who` comes first, in struct intake_party. The first
 * is the version, which belongs to the case. */
struct party_form {
	struct intake_party who;
	int64_t version;
	const char *removed_why;
};
#define PARTY_FIELDS 36
extern const struct field party_fields[PARTY_FIELDS];

extern const struct form_hint party_hints[];
/* form_options of these fields, their names with or without "other_" before them. `arg`: not used. */
bool party_options(const void *arg, enum lang, const char *field, json_t *list);

extern const struct desk_act_table party_acts;
extern const struct route_table party_routes;
extern const struct case_tab party_tab;

#endif
