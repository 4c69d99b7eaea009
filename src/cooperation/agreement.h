/*
 * An agreement (memorandum) whose clauses the program obeys, without I/O (docs/exchange.md section 13, requirements
 * 101-103). The document is JSON; both parties sign its canonical bytes. What has happened to it is a small status of
 * per-side acts; the state follows from document, status and time, so that acts which cross commute.
 *
 *     e = agreement_parse(text, len, &agreement, &fault);
 *     e = agreement_in_force(agreement, &status, now, &fault);            the fault names the clause that stops it
 *     e = agreement_allows(agreement, &request, &clause, &fault);
 *
 * Party 0 and 1 are the places in `parties`, whoever proposed.
 */
#ifndef SULH_COOPERATION_AGREEMENT_H
#define SULH_COOPERATION_AGREEMENT_H

#include "base/err.h"
#include "base/json.h"
#include "cooperation/message.h"

#include <stdbool.h>
#include <stdint.h>

#define AGREEMENT_TEXT_LIMIT (256 * 1024)

struct agreement; /* a parsed, valid document */

/* From JSON as a form built it: every rule of the table and between the fields. The JSON is borrowed and copied. */
enum err agreement_from_json(const json_t *, struct agreement **ret_agreement, struct fault *) MUST_CHECK;
/* From a signed payload: the same, and the bytes must be the canonical ones. */
enum err agreement_parse(const char *text, size_t len, struct agreement **ret_agreement, struct fault *) MUST_CHECK;
void agreement_free(struct agreement *);

const char *agreement_text(const struct agreement *);   /* canonical bytes, what both sign; lent */
const json_t *agreement_json(const struct agreement *); /* lent */
const char *agreement_uid(const struct agreement *);
const char *agreement_party_id(const struct agreement *, int party);
int agreement_party_of(const struct agreement *, const char *office_id); /* 0, 1; -1: neither */
const char *agreement_title(const struct agreement *, const char *lang); /* falls back to the authentic language */

enum agreement_limit_key {
	LIMIT_FIRST_REPLY,
	LIMIT_PREPARE,
	LIMIT_ACCEPT,
	LIMIT_SOLVE,
	LIMIT_ACCEPT_SOLUTION,
	LIMIT_MAX
};
enum limit_unit { LIMIT_DAYS, LIMIT_WORKING_DAYS, LIMIT_WEEKS, LIMIT_MONTHS, LIMIT_UNIT_MAX };
struct agreement_limit {
	int amount;
	enum limit_unit unit;
	bool agreed; /* false: the default of requirement 105 */
};
struct agreement_limit agreement_clock(const struct agreement *, enum agreement_limit_key);
const char *agreement_clock_name(enum agreement_limit_key); /* "accept_solution" */

/* --- what happened to it -------------------------------------------------------------------------------------------
 */

#define AGREEMENT_NEVER INT64_MAX

struct agreement_status {
	int proposer; /* party; -1: draft, not proposed yet */
	bool has_signed[2];
	bool declined;
	bool suspended[2];
	int64_t ends[2]; /* ms at which that party's termination acts; AGREEMENT_NEVER */
};
#define AGREEMENT_STATUS_INIT                                                                                          \
	{                                                                                                              \
		-1, { false, false }, false, { false, false },                                                         \
		{                                                                                                      \
			AGREEMENT_NEVER, AGREEMENT_NEVER                                                               \
		}                                                                                                      \
	}

json_t *agreement_status_json(const struct agreement_status *); /* for storing; yours */
enum err agreement_status_parse(const json_t *, struct agreement_status *ret_status) MUST_CHECK;

enum agreement_state {
	AGREEMENT_DRAFT,
	AGREEMENT_PROPOSED,
	AGREEMENT_DECLINED,
	AGREEMENT_SIGNED, /* by both, not yet valid */
	AGREEMENT_IN_FORCE,
	AGREEMENT_SUSPENDED,
	AGREEMENT_TERMINATED,
	AGREEMENT_EXPIRED,
	AGREEMENT_STATE_MAX
};
const char *agreement_state_name(enum agreement_state);
const char *agreement_state_label(enum agreement_state);
bool agreement_state_parse(const char *name, enum agreement_state *ret_state);
enum agreement_state agreement_state(const struct agreement *, const struct agreement_status *, int64_t at);
/* The next moment after `at` at which the state changes by itself; AGREEMENT_NEVER. For reminders and expiry alerts. */
int64_t agreement_changes_at(const struct agreement *, const struct agreement_status *, int64_t at);

/*
 * An act of one party: MESSAGE_AGREEMENT_*; `effective` the day of a termination ("YYYY-MM-DD", else NULL). `seen`: the
 * party knew of every act that we recorded; without it a proposer's decline and the other's signature have crossed and
 * the proposer decides (*ret_refusal REFUSAL_CROSSED). For own acts `seen` is true and ret_refusal may be NULL.
 * ERR_CONFLICT.
 *
 * When an own act is moved into the status: what stops (decline, suspend, terminate) and the proposal at recording;
 * what permits (sign, resume) at its receipt, or when the partner's `ack` names it: another thread could overtake it.
 * For what *arrives* under the agreement, an own sign or resume that is on its way counts already: move it into a copy.
 */
struct agreement_act {
	enum message_type type;
	int party;
	const char *effective;
	bool seen;
};
enum err agreement_move(const struct agreement_status *, const struct agreement_act *,
    struct agreement_status *ret_status, enum refusal *ret_refusal, struct fault *) MUST_CHECK;
/* Takes an own act back that was moved in at recording and that the partner finally refused. */
void agreement_undo(struct agreement_status *, const struct agreement_act *);

/* --- what it allows ------------------------------------------------------------------------------------------------
 */

/* ERR_DENIED unless in force at that moment; field is the clause's key, the sentence names its article. */
enum err agreement_in_force(
    const struct agreement *, const struct agreement_status *, int64_t at, struct fault *) MUST_CHECK;

struct agreement_request {
	const char *kind;        /* of assistance: "referral" */
	int home;                /* party that sends it */
	const char *nationality; /* two capitals; NULL or "": unknown */
	const char *residence;
	const char *subject;           /* key; NULL: not asked about */
	const char *const *categories; /* of data, from packet.h; ended by NULL; NULL: none */
};
/* OK and the key of the clause used (lent), or ERR_DENIED with the key of the clause that is missing as field. */
enum err agreement_allows(
    const struct agreement *, const struct agreement_request *, const char **ret_clause, struct fault *) MUST_CHECK;
/* Fills `out` (CATEGORIES_MAX + 1 places, ended by NULL) with the categories of a body's fields and files. */
#define CATEGORIES_MAX 16
enum err agreement_body_categories(const json_t *body, const char *out[CATEGORIES_MAX + 1], struct fault *) MUST_CHECK;
/* Header and status together: `agr` is this agreement, both sides are its parties, in force. (`cls` is
 * checked by message_check_clause.) */
enum err message_check_agreement(const struct message_header *, const struct agreement *,
    const struct agreement_status *, int64_t at, struct fault *) MUST_CHECK;
int agreement_article(const char *clause); /* 0: no such clause */

#endif
