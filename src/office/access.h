/*
 * One question for every door: may this actor do this act to this object? Pure; asked by pages, API, lists, files and
 * background work alike. The table of acts and roles stands in access.c and is walked by a test.
 *
 *     e = may(rq->actor, ACT_CASE_READ, &object, &fault);
 */
#ifndef SULH_OFFICE_ACCESS_H
#define SULH_OFFICE_ACCESS_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum role {
	ROLE_REGISTRAR,
	ROLE_INVESTIGATOR,
	ROLE_LIAISON,
	ROLE_COMMISSIONER,
	ROLE_AUDITOR,
	ROLE_ADMINISTRATOR,
	ROLE_MAX
};

enum actor_kind { ACTOR_NOBODY, ACTOR_PERSON, ACTOR_STAFF, ACTOR_PROGRAM, ACTOR_PARTNER, ACTOR_SYSTEM };

struct actor {
	enum actor_kind kind;
	int64_t id;          /* staff.id, api_token.id, casefile.id for a person, partner.id */
	unsigned roles;      /* bits 1u << ROLE_… */
	const char *name;    /* as shown; "" for nobody */
	const char *tag;     /* 'staff:3': what the journal writes */
	const char *session; /* session.id, for logging out; NULL otherwise */
};

enum act {
	ACT_COMPLAIN,      /* file a complaint */
	ACT_CASE_FOLLOW,   /* the person's own view, messages, files, consent */
	ACT_QUEUE_READ,    /* the list: number, state, clocks, no content */
	ACT_CASE_READ,     /* content of a case */
	ACT_CASE_REGISTER, /* register, acknowledge */
	ACT_CASE_ASSIGN,
	ACT_CASE_WORK,     /* admit, notes, messages, documents, agency, recommendation, close */
	ACT_REFERRAL_WORK, /* packet, consent, send, answer */
	ACT_REFERRAL_READ,
	ACT_AGREEMENT_READ,
	ACT_AGREEMENT_DRAFT,
	ACT_AGREEMENT_SIGN, /* sign, suspend, resume, terminate */
	ACT_PARTNER_READ,
	ACT_PARTNER_PAIR, /* fetch an identity, confirm its fingerprint, block */
	ACT_STAFF_MANAGE,
	ACT_JOURNAL_READ,
	ACT_MAX
};

/* What is asked about. Only the members that an act's row names are looked at. */
struct object {
	int64_t casefile_id;   /* 0 = none */
	int64_t assigned_to;   /* staff.id, 0 = nobody */
	bool unassigned_state; /* received or registered: the registrar still has it */
	bool has_referral;     /* a referral hangs on the case: liaison officers may work with it */
};

/* OK, ERR_LOGIN (nobody asks), ERR_DENIED with the reason, or ERR_NOT_FOUND where even existence is not theirs. */
enum err may(const struct actor *, enum act, const struct object *, struct fault *) MUST_CHECK;

bool role_parse(const char *key, enum role *ret_role); /* "liaison" */
const char *role_key(enum role);
const char *role_label(enum role);                                                      /* message key */
enum err roles_parse(const char *keys, unsigned *ret_roles, struct fault *) MUST_CHECK; /* "registrar liaison" */
void roles_format(unsigned roles, char out[128]);

/* For route.who: which actors a door lets try at all. */
#define WHO_STAFF 1u
#define WHO_PERSON 2u  /* has shown number and code */
#define WHO_PROGRAM 4u /* bearer token */

#endif
