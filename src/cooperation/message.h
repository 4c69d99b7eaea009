/*
 * A message between two offices: its header, its types, and the checks that a receiver makes, without I/O
 * (docs/exchange.md sections 5, 7, 8, 10). inbox.c runs them in the order of enum refusal, each only after the one
 * before held:
 *
 *     message_check_size → jwe_open → jws_peek + message_header_parse → message_check_sender → jws_verify
 *     → message_check_audience → message_check_duplicate → message_check_age → message_check_agreement → thread_check
 *     → message_check_body → consent_check_statement → agreement_allows → referral_receive / agreement_receive
 *
 * What a step refuses becomes the refusal of the step's code; refusal_of() tells the code for the crypto steps.
 */
#ifndef SULH_COOPERATION_MESSAGE_H
#define SULH_COOPERATION_MESSAGE_H

#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "cooperation/thread.h"
#include "crypto/keys.h"

#include <stdbool.h>
#include <stdint.h>

#define TYP_IDENTITY "sulh-identity+jws"
#define TYP_MESSAGE "sulh-message+jws"
#define TYP_RECEIPT "sulh-receipt+jws"
#define TYP_REFUSAL "sulh-refusal+jws"
#define TYP_AGREEMENT "sulh-agreement+jws"

#define MESSAGE_WIRE_LIMIT (2 * 1024 * 1024) /* bytes of an HTTP body */
#define MESSAGE_BODY_LIMIT (1024 * 1024)     /* bytes of the JSON payload */
#define MESSAGE_AGE_DAYS 60                  /* a partner may be down for a month */
#define MESSAGE_AHEAD_SECONDS 300            /* clocks differ */
#define MESSAGE_REFERRAL_CLAUSE "assistance" /* `cls` of everything in a referral */
#define RETRY_FIRST_MS 1000
#define RETRY_MOST_MS (15 * 60 * 1000)

enum message_type {
	MESSAGE_AGREEMENT_PROPOSE,
	MESSAGE_AGREEMENT_SIGN,
	MESSAGE_AGREEMENT_DECLINE,
	MESSAGE_AGREEMENT_SUSPEND,
	MESSAGE_AGREEMENT_RESUME,
	MESSAGE_AGREEMENT_TERMINATE,
	MESSAGE_REFERRAL_OFFER,
	MESSAGE_REFERRAL_ACCEPT,
	MESSAGE_REFERRAL_REFUSE,
	MESSAGE_REFERRAL_ASK,
	MESSAGE_REFERRAL_ANSWER,
	MESSAGE_REFERRAL_PROGRESS,
	MESSAGE_REFERRAL_OUTCOME,
	MESSAGE_REFERRAL_OUTCOME_ACCEPT,
	MESSAGE_REFERRAL_OUTCOME_DISPUTE,
	MESSAGE_REFERRAL_CLOSE,
	MESSAGE_REFERRAL_CLOSE_CONFIRM,
	MESSAGE_REFERRAL_WITHDRAW,
	MESSAGE_NOTE,
	MESSAGE_TYPE_MAX
};

enum thread_kind { THREAD_AGREEMENT, THREAD_REFERRAL };

enum message_by { BY_OPENER = 1, BY_OTHER = 2, BY_BOTH = 3 };

struct message_rule {
	const char *name;  /* as it travels: "referral.offer" */
	const char *label; /* message key */
	int threads;       /* bits of 1 << enum thread_kind */
	enum message_by by;
	bool opens;           /* first of its thread */
	bool moves;           /* changes the thread's state; the others inform */
	bool needs_agreement; /* in a referral's thread */
	const struct schema *body;
};

const struct message_rule *message_rule(enum message_type);
bool message_type_parse(const char *name, enum message_type *ret_type);

struct message_header {
	enum message_type type;
	char id[UUID_TEXT]; /* jti */
	char thread[UUID_TEXT];
	int64_t seq;                /* from 1, per direction */
	char prev[HASH_TEXT];       /* "" for the first */
	char ack[HASH_TEXT];        /* "" for none */
	char issuer[KEY_ID_TEXT];   /* office id of the sender */
	char audience[KEY_ID_TEXT]; /* office id of the receiver */
	char kid[KEY_ID_TEXT];      /* sender's signing key; set by parsing, put in by jws_sign */
	char agreement[UUID_TEXT];  /* "" in an agreement's thread */
	char clause[65];
	int64_t at; /* seconds */
};

/* The members that jws_sign puts beside alg, typ and kid. Yours. */
json_t *message_header_json(const struct message_header *);
/* The whole protected header as jws_peek returned it; exactly our members. ERR_INVALID. */
enum err message_header_parse(const json_t *, struct message_header *ret_header, struct fault *) MUST_CHECK;

/* --- refusals: code, HTTP status, whether final (section 8) ------------------------------------------------------- */

enum refusal {
	REFUSAL_SIZE,
	REFUSAL_ENVELOPE,
	REFUSAL_ALGORITHM,
	REFUSAL_KEY,
	REFUSAL_FORM,
	REFUSAL_SENDER,
	REFUSAL_SIGNATURE, /* up to here the writer is not proven: not final, not stored */
	REFUSAL_AUDIENCE,
	REFUSAL_DUPLICATE,
	REFUSAL_AGE,
	REFUSAL_AGREEMENT,
	REFUSAL_CLAUSE,
	REFUSAL_SEQUENCE,
	REFUSAL_SCHEMA,
	REFUSAL_CONSENT,
	REFUSAL_MOVE,
	REFUSAL_CROSSED,
	REFUSAL_MAX
};

struct refusal_info {
	const char *code; /* as it travels */
	int http_status;
	bool final;
	const char *sentence; /* message key: what it means for the officer who sent */
};

const struct refusal_info *refusal_info(enum refusal);
bool refusal_parse(const char *code, enum refusal *ret_refusal);
/* Which code a refusal of jwe_open (REFUSAL_KEY as `step`), jws_peek (REFUSAL_FORM) or jws_verify (REFUSAL_SIGNATURE)
 * carries, by the fault that it left. */
enum refusal refusal_of(enum refusal step, const struct fault *);

/* --- the checks ----------------------------------------------------------------------------------------------------
 */

/* What we hold about the office that `iss` names. */
struct message_partner {
	bool known;          /* paired at all */
	bool confirmed;      /* people compared the fingerprint, and it is not suspended */
	const char *sign_id; /* kid of the key that `kid` was looked up as; NULL: none such */
	int64_t key_from;    /* s; 0 for the first key of a partner: no earlier one can be meant */
	int64_t key_until;   /* s; INT64_MAX while it is current */
};

enum err message_check_size(size_t len, struct fault *) MUST_CHECK;
enum err message_check_sender(const struct message_header *, const struct message_partner *, struct fault *) MUST_CHECK;
enum err message_check_audience(const struct message_header *, const char *own_id, struct fault *) MUST_CHECK;
/* `known_hash`: hash of the message stored under this sender and id, NULL: none. *ret_again: answer as before, stop. */
enum err message_check_duplicate(const char *known_hash, const char *hash, bool *ret_again, struct fault *) MUST_CHECK;
enum err message_check_age(const struct message_header *, int64_t now_ms, struct fault *) MUST_CHECK;
/* The type belongs to this kind of thread, that side may write it, and it opens the thread if and only if it is new. */
enum err message_check_type(
    const struct message_header *, enum thread_kind, enum side, bool thread_new, struct fault *) MUST_CHECK;
/* In a referral's thread `cls` is "assistance", in an agreement's it and `agr` are empty. ERR_DENIED. */
enum err message_check_clause(const struct message_header *, enum thread_kind, struct fault *) MUST_CHECK;
/* Parses the payload and holds it against the type's table; the JSON is yours. */
enum err message_check_body(
    enum message_type, const char *payload, size_t len, json_t **ret_body, struct fault *) MUST_CHECK;
/* The same for a body that we are about to send, so that the partner never has to refuse it. */
enum err message_check_own_body(enum message_type, const json_t *body, struct fault *) MUST_CHECK;

/* The files announced in a body, lent; NULL when none. */
const json_t *message_files(const json_t *body);

/* Milliseconds to wait after the n-th failed try (from 1), before the variation of a quarter. Capped: trap 8. */
int64_t retry_delay_ms(int tries);

#endif
