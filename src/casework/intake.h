/*
 * A complaint comes in: from the public form (through a draft and its check page), from a program, or from a partner
 * institution. One function gives the number, writes everything in one transaction and makes filing twice impossible.
 */
#ifndef SULH_CASEWORK_INTAKE_H
#define SULH_CASEWORK_INTAKE_H

#include "base/id.h"
#include "casework/casefile.h"
#include "casework/party.h"

struct intake {
	const char *submission; /* idempotency key, unique for ever */
	const char *channel;    /* intake_channels, 'web', 'api' or 'partner' */
	enum lang lang;
	struct intake_party person;         /* who complains; empty for what the office begins itself */
	const struct intake_party *another; /* on whose behalf, or who acts for the person; NULL none */
	const char *case_class;             /* profile_case_class; NULL: a complaint */
	const char *sent_on, *happened_on;  /* ISO dates; NULL or "" unknown */
	const char *urgent;                 /* intake_urgencies; NULL or "" not */
	int64_t received_at;                /* when it came in, if it is entered later; 0: now */
	bool confidential;                  /* the person's identity is to be withheld */
	bool body_known;                    /* the key is one of the registry's; else it must be one of the profile's */
	const char *body_key, *body_name, *body_country;
	const char *subject;
	const char *facts, *remedy, *steps_taken;
	bool embassy_not_told;
	const char *const *declarations;      /* keys that were ticked, NULL-terminated */
	const struct document_new *documents; /* blobs are stored before */
	size_t document_count;
	const char *numbering; /* key of the register; NULL the office's first */
	const char *number;    /* given by hand; NULL or "" the register's next */
};

struct intake_result {
	int64_t casefile_id;
	char number[48];
	char code[CODE_TEXT]; /* derived from the submission, so that a second press shows the same */
	bool again;           /* this submission was filed before: nothing new was written */
	bool differs;         /* it was, and with other content than this time */
	int64_t received_at;
	char content_sha256[65];
};

/* How a complaint that an officer enters came in; ended by NULL. And why one cannot wait. */
extern const char *const intake_channels[], *const intake_urgencies[];
/* Was it entered by an officer, who must not be stopped by what the person did not say? */
bool intake_by_officer(const struct intake *);

/* The rules of a complaint (lengths, body or name, declarations that the profile demands, dates): adds every fault. */
enum err intake_check(const struct office *, const struct intake *, struct faults *);
/* Files it: casefile, party, documents, event, clock, journal, search words, tally; durable when it returns. Everything
 * that can be computed before the transaction is. */
enum err intake_file(struct office *, const struct actor *, const struct intake *, int64_t now,
    struct intake_result *ret_result, struct fault *) MUST_CHECK;
/* The same inside a transaction that somebody else began (a partner's referral that was accepted). */
enum err intake_file_in(
    const struct casefile_act *, const struct intake *, struct intake_result *ret_result, struct fault *) MUST_CHECK;

/* The secret code of a submission, and what the database keeps of a code: an HMAC under the office's secret. */
void intake_code(const struct office *, const char *submission, char out[CODE_TEXT]);
void intake_code_hash(const struct office *, const char *code, char out[65]);

/* The receipt: compact JWS, typ sulh-complaint-receipt+jws, payload {office, office_name, number, received_at,
 * content, content_sha256, keys}. Made from what is stored, the same every time. free() it. */
enum err receipt_make(struct office *, int64_t casefile_id, char **ret_jws) MUST_CHECK;

#endif
