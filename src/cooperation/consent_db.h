/*
 * Consents as stored: what was asked, exactly what the person saw when deciding, and what was decided (consent.h has
 * the rule). What was shown is kept as canonical bytes with their digest, and the digest travels with the packet.
 *
 *     e = consent_ask(act, &referral, CONSENT_OFFER, packet, &id);            officer
 *     e = consent_decide(act, &decision, &fault);                             person
 *     e = consent_require(act, &referral, CONSENT_OFFER, packet, &row, &fault);   before anything leaves
 */
#ifndef SULH_COOPERATION_CONSENT_DB_H
#define SULH_COOPERATION_CONSENT_DB_H

#include "cooperation/consent.h"
#include "cooperation/referral_db.h"

#define CONSENT_OFFER "offer"
#define CONSENT_ANSWER "answer"
/* Of the wording of templates/referral/consent.html: raised whenever a sentence there changes its meaning. */
#define CONSENT_TEXT_VERSION "2026-11"

struct consent_row { /* texts and JSON in the arena given */
	int64_t id, casefile_id, referral_id, asked_at, decided_at, withdrawn_at;
	const char *part, *digest, *lang, *state;
	json_t *packet; /* {fields: {key: text}, files: [{name, type, size, sha256}]} */
	json_t *shown;  /* NULL until decided */
};

enum err consent_load(struct db_tx *, struct arena *, int64_t id, struct consent_row *ret_row) MUST_CHECK;
/* The newest of that part; ERR_NOT_FOUND when none was asked. */
enum err consent_last(
    struct db_tx *, struct arena *, int64_t referral_id, const char *part, struct consent_row *ret_row) MUST_CHECK;
enum err consent_each(struct db_tx *, struct arena *, int64_t casefile_id,
    enum err (*visit)(const struct consent_row *, void *arg), void *arg) MUST_CHECK;

/* Asks the person of the home case about these fields and files; what was asked before for the same part is replaced.
 */
enum err consent_ask(
    const struct casefile_act *, const struct referral *, const char *part, const json_t *packet) MUST_CHECK;
/* The packet was changed: what was asked and not answered counts no more. */
enum err consent_replace(const struct casefile_act *, const struct referral *, const char *part) MUST_CHECK;

/* Everything that the person sees, in that language; canonical bytes of it are kept and hashed. Yours. */
enum err consent_paper(const struct casefile_act *, const struct consent_row *, const struct referral *, enum lang,
    json_t **ret_paper) MUST_CHECK;

/* OK only when the newest consent of that part is given, stands, and covers exactly these fields, values and files. */
enum err consent_require(const struct casefile_act *, const struct referral *, const char *part, const json_t *packet,
    struct consent_row *ret_row, struct fault *) MUST_CHECK;
/* The `consent` member of the message; yours. */
json_t *consent_row_statement(const struct consent_row *);

/* --- what the person does ----------------------------------------------------------------------------------------- */

enum consent_verb { CONSENT_GIVE, CONSENT_REFUSE, CONSENT_WITHDRAW };
struct consent_decision {
	int64_t casefile_id, consent_id; /* a consent of another case is none of theirs: ERR_NOT_FOUND */
	enum consent_verb verb;
	enum lang lang;     /* of the page on which it was read */
	const char *digest; /* of what that page showed; for giving, it must be what would be kept */
};
/* Giving makes the referral ready, refusing makes it a draft again; withdrawing takes a sent one back at once. */
enum err consent_decide(const struct casefile_act *, const struct consent_decision *, struct fault *) MUST_CHECK;

#endif
