/*
 * Consent to pass data on: exactly these fields and files, to exactly this receiver, for this purpose, under this
 * agreement, given and not withdrawn (requirement 103, domain R-23). No I/O.
 *
 * What the person is shown is one JSON object; home stores its canonical form, and its hash travels with the packet.
 */
#ifndef SULH_COOPERATION_CONSENT_H
#define SULH_COOPERATION_CONSENT_H

#include "base/err.h"
#include "base/json.h"
#include "cooperation/message.h"

#include <stdint.h>

#define CONSENT_PURPOSE "referral"
#define CONSENT_FIELDS_MAX 32
#define CONSENT_FILES_MAX 20

/* One handing-over: what is asked for, or what is about to leave. All lent. */
struct consent_scope {
	const char *receiver;  /* office id */
	const char *agreement; /* uid */
	const char *purpose;
	const char *const *fields; /* packet keys */
	size_t field_count;
	const char *const *files; /* hash_text of the plain bytes */
	size_t file_count;
};

struct consent {
	struct consent_scope scope;
	const char *text_version; /* of the wording that was shown */
	const char *language;
	const char *digest;   /* hash of the canonical bytes shown */
	int64_t granted_at;   /* ms; 0: not given */
	int64_t withdrawn_at; /* ms; 0: stands */
};

/* The object that the person sees and that is hashed: scope with sorted fields and files, text_version, language.
 * Yours. */
json_t *consent_shown(const struct consent_scope *, const char *text_version, const char *language);
/* Hash of its canonical form. */
enum err consent_digest(const json_t *shown, char out[HASH_TEXT]) MUST_CHECK;

/* ERR_DENIED unless the consent covers this handing-over exactly; the fault's field names what is missing or too much.
 */
enum err consent_covers(const struct consent *, const struct consent_scope *, int64_t now, struct fault *) MUST_CHECK;

/* The `consent` member of an offer or answer. Yours. */
json_t *consent_statement(const struct consent *);
/*
 * The receiver's side: the statement in `body` names us, this agreement, and exactly the fields and files of the body.
 * OK for a body without packet. ERR_DENIED.
 */
enum err consent_check_statement(
    const json_t *body, const char *own_id, const char *agreement, int64_t now, struct fault *) MUST_CHECK;

#endif
