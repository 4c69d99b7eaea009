/*
 * A complaint that is not ours, passed on to whoever can deal with it and watched until that office answers: an object
 * of its own beside the case, so that nobody is "disposed of" by being told to go elsewhere (domain.md 1.5, S79).
 *
 *     prepared ─consent→ consented ─send→ sent ─confirm→ confirmed ─answer→ answered
 *         │                  │              └──────────────┴─refuse→ refused
 *         └──give_up─────────┴→ given_up         (from nothing) ─→ impossible: nobody competent, or the person refused
 *
 * A case may be closed for a reason that needs a transfer once one was sent, a referral was, or why none can be is
 * recorded.
 */
#ifndef SULH_CASEWORK_CASE_TRANSFER_H
#define SULH_CASEWORK_CASE_TRANSFER_H

#include "casework/casefile.h"

enum transfer_state {
	TRANSFER_PREPARED,
	TRANSFER_CONSENTED, /* the person agrees, and how is recorded */
	TRANSFER_SENT,
	TRANSFER_CONFIRMED, /* they have it, under a number of theirs */
	TRANSFER_ANSWERED,
	TRANSFER_REFUSED,
	TRANSFER_GIVEN_UP,
	TRANSFER_IMPOSSIBLE, /* with the ground */
	TRANSFER_STATE_MAX
};
enum transfer_move {
	TRANSFER_CONSENT,
	TRANSFER_SEND,
	TRANSFER_CONFIRM,
	TRANSFER_ANSWER,
	TRANSFER_REFUSE,
	TRANSFER_GIVE_UP,
	TRANSFER_MOVE_MAX
};

const char *transfer_state_key(enum transfer_state);   /* as stored */
const char *transfer_state_label(enum transfer_state); /* message key */
bool transfer_state_parse(const char *key, enum transfer_state *ret_state);

/* The rule. Pure. */
enum err transfer_next(
    enum transfer_state from, enum transfer_move, enum transfer_state *ret_to, struct fault *) MUST_CHECK;
/* Does a transfer in this state let a case be closed as not ours? */
bool transfer_frees(enum transfer_state);
/* May the case be closed for this reason? `freed`: some transfer or a referral lets it. */
enum err transfer_may_close(const struct closing *, bool freed, struct fault *) MUST_CHECK;

extern const char *const transfer_methods[];  /* 'post', 'email', 'hand', 'system'; ended by NULL */
extern const char *const transfer_consents[]; /* how the person agreed: 'written', 'spoken', 'page' */
extern const char *const transfer_grounds[];  /* of 'impossible': 'person_refused', 'none_competent' */

struct transfer_new {
	const char *office_key, *office_name, *country; /* a key of offices.json, or name and country */
	const char *what;
};
/* --- the doors --- */
enum err transfer_prepare(const struct casefile_act *, struct casefile *, const struct transfer_new *, int64_t *ret_id,
    struct fault *) MUST_CHECK;
enum err transfer_impossible(const struct casefile_act *, struct casefile *, const char *ground, const char *words,
    int64_t *ret_id, struct fault *) MUST_CHECK;
/* What a step needs beside the move; the rest is "". */
struct transfer_step {
	const char *consent, *method, *their_number, *words;
	int64_t due_at; /* of 'send': when an answer is expected; 0: a month */
};
enum err transfer_move(const struct casefile_act *, struct casefile *, int64_t id, enum transfer_move,
    const struct transfer_step *, struct fault *) MUST_CHECK;
/* May the case be closed for this reason, as its transfers and referrals stand? Asked by casefile_close. */
enum err transfer_check_closing(
    const struct casefile_act *, const struct casefile *, const struct closing *, struct fault *) MUST_CHECK;

/* [{id, office_name, country_name, what, state {key, label, tone}, sent, due, late, their_number, answer, can {…}}] */
enum err case_transfer_list(const struct casefile_act *, enum lang, int64_t casefile_id, json_t **ret_list) MUST_CHECK;

/* The row that db_next stands on, of any statement whose first columns are those of transfer_by_id. */
json_t *transfer_row_json(const struct casefile_act *, enum lang, const struct db_rows *);

extern const struct event_table transfer_events;
extern const struct desk_act_table transfer_acts;
extern const struct route_table transfer_routes;

#endif
