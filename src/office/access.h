/*
 * One question for every door: may this actor do this act to this object? Pure; asked by pages, API, lists, files and
 * background work alike. What each role may is data of the profile (roles.json); what an act is called, and which doors
 * it stands for, is written here once. A test walks objects × roles × doors from the route tables.
 *
 *     e = may(rq->actor, ACT_CASE_READ, &object, &fault);
 *
 * Need to know: a right is given within a scope, and an officer whom a conflict of interest keeps from a case is told
 * that there is no such case (requirements 60 to 63, R-41, R-42).
 */
#ifndef SULH_OFFICE_ACCESS_H
#define SULH_OFFICE_ACCESS_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct profile;

enum actor_kind {
	ACTOR_NOBODY,
	ACTOR_PERSON,
	ACTOR_STAFF,
	ACTOR_PROGRAM,
	ACTOR_AGENCY, /* a focal person of a body complained of */
	ACTOR_PARTNER,
	ACTOR_SYSTEM
};

enum act {
	ACT_COMPLAIN,      /* file a complaint */
	ACT_CASE_FOLLOW,   /* the person's own view, messages, files, consent */
	ACT_AGENCY_ANSWER, /* a body's own pages: requests addressed to it */
	ACT_QUEUE_READ,    /* the list: number, state, clocks, no content */
	ACT_CASE_READ,     /* content of a case */
	ACT_CASE_ENTER,    /* take a complaint down at the desk */
	ACT_CASE_REGISTER, /* register, acknowledge, screen */
	ACT_CASE_SCREEN,   /* answer the tests of admissibility, keep the people, pass on what is not ours */
	ACT_CASE_ASSIGN,
	ACT_CASE_WORK,   /* admit, notes, messages, documents, agency, hearings, drafts, close */
	ACT_CASE_DECIDE, /* sign findings, recommendations, decisions on review */
	ACT_CASE_MEDIATE,
	ACT_CASE_REOPEN,
	ACT_CASE_REVIEW, /* take petitions, name the reviewer, record appeals */
	ACT_CASE_LINK,
	ACT_CASE_BULK,
	ACT_CLOCK_CHANGE, /* pause, extend */
	ACT_TASK_WORK,
	ACT_IDENTITY_READ,    /* who a person is whose identity is withheld */
	ACT_IDENTITY_OPEN,    /* ask for it, with a reason */
	ACT_IDENTITY_APPROVE, /* the second person */
	ACT_BREAK_GLASS,      /* look into a case outside one's scope, with a reason and notice */
	ACT_CONFLICT_SET,     /* keep an officer from a case */
	ACT_EXPORT,
	ACT_REFERRAL_WORK, /* packet, consent, send, answer */
	ACT_REFERRAL_READ,
	ACT_AGREEMENT_READ,
	ACT_AGREEMENT_DRAFT,
	ACT_AGREEMENT_SIGN, /* sign, suspend, resume, terminate */
	ACT_PARTNER_READ,
	ACT_PARTNER_PAIR,  /* fetch an identity, confirm its fingerprint, block */
	ACT_OFFICE_READ,   /* lists, limits, bodies, holidays, units, states */
	ACT_OFFICE_CHANGE, /* change them, dated */
	ACT_STAFF_MANAGE,
	ACT_SUBSTITUTE, /* say who stands in for whom */
	ACT_JOURNAL_READ,
	ACT_MAX
};

/* How far a right reaches. */
#define SCOPE_ANY 1u
#define SCOPE_MINE 2u      /* cases that one leads or is in the team of, or whom one stands in for does */
#define SCOPE_UNIT 4u      /* cases of the own unit and of those below it */
#define SCOPE_INTAKE 8u    /* cases in the phase of intake: the registrar still has them */
#define SCOPE_REFERRAL 16u /* cases that carry a referral */

struct rights {
	unsigned char scope[ACT_MAX]; /* bits SCOPE_…; 0: not at all */
};

struct actor {
	enum actor_kind kind;
	int64_t id;             /* staff.id, api_token.id, casefile.id for a person, partner.id, account of a body */
	int64_t stands_for;     /* staff.id in whose name this officer works now; 0: the own */
	int64_t acts_for;       /* substitution.id by which; also an acting head's on a vacant post; 0: none */
	const char *in_name_of; /* that person or post, as shown; NULL: the own name */
	const char *own_name;   /* without the other's; only beside in_name_of */
	const char *roles;      /* keys parted by a space; NULL or "" for others than officers and programs */
	const struct rights *rights; /* what the roles allow together; NULL: nothing */
	const char *unit;            /* own unit; NULL or "" for none */
	const char *const *units;    /* own unit and all below it, ended by NULL; NULL for none */
	const char *body;            /* key of the body that a focal person answers for; NULL otherwise */
	bool below;                  /* and for the bodies below it */
	const char *name;            /* as shown; "" for nobody */
	const char *tag;             /* 'staff:3', 'staff:3/5' when 3 works in the name of 5: what the journal writes */
	const char *session;         /* session.id, for logging out; NULL otherwise */
};

/* What is asked about. Lists are staff ids, each between commas: ",3,17,"; NULL or "" for none. */
struct object {
	int64_t casefile_id; /* 0 = none */
	int64_t assigned_to; /* staff.id of who leads, 0 = nobody */
	const char *unit;
	const char *team;      /* who works on it beside the lead */
	const char *conflicts; /* from whom it is kept */
	const char *opened_to; /* who broke the glass, while that lasts */
	const char *knowing;   /* who may know a withheld identity, while that lasts */
	const char *body;      /* of a request: which body it is addressed to, as its path: "/ministry/agency/" */
	bool intake;           /* phase of intake */
	bool has_referral;     /* a referral hangs on the case */
	bool withheld;         /* the person's identity is withheld */
};

/* OK, ERR_LOGIN (nobody asks), ERR_DENIED with the reason, or ERR_NOT_FOUND where even existence is not theirs. */
enum err may(const struct actor *, enum act, const struct object *, struct fault *) MUST_CHECK;
/* Could the actor do it to some case? For menus and lists. */
bool may_somewhere(const struct actor *, enum act);
/* The same as a refusal: before a form is looked at, and for lists that hold only what is theirs. */
enum err may_ever(const struct actor *, enum act, struct fault *) MUST_CHECK;
/* Through which scopes it is allowed to this object: bits SCOPE_…, 0 when it is not. "Who can see this, and why". */
unsigned may_through(const struct actor *, enum act, const struct object *);
/* Is the officer kept from it? */
bool conflicts(const struct actor *, const struct object *);
/* Does the list of ids hold this one? */
bool ids_hold(const char *ids, int64_t id);

/* Is the body with this key the last of the path, or anywhere in it? Keys hold no slash. */
bool body_path_is(const char *path, const char *key);
bool body_path_within(const char *path, const char *key);

const char *act_key(enum act);   /* "case_read": as in roles.json */
const char *act_label(enum act); /* message key */
bool act_parse(const char *key, enum act *ret_act);
/* Acts that a role may be given: not those of everybody, of the person and of bodies. */
bool act_is_for_roles(enum act);
const char *scope_key(unsigned bit); /* "mine" */
const char *scope_label(unsigned bit);
bool scope_parse(const char *key, unsigned *ret_bit);

/* What these roles allow together: "registrar liaison" (or with commas). ERR_INVALID names a role that the profile does
 * not have, or says that none was named. */
enum err rights_of(const struct profile *, const char *roles, struct rights *ret_rights, struct fault *) MUST_CHECK;
/* The keys once each, in the profile's order, parted by one space; what rights_of accepted. */
void roles_format(const struct profile *, const char *roles, char out[256]);
bool roles_have(const char *roles, const char *key);

/* For route.who: which actors a door lets try at all. */
#define WHO_STAFF 1u
#define WHO_PERSON 2u  /* has shown number and code */
#define WHO_PROGRAM 4u /* bearer token */
#define WHO_AGENCY 8u  /* focal person of a body */

#endif
