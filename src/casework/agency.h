/*
 * A report asked from a body: a letter and its questions, the files that an officer chose to send along, a day by which
 * to answer, and what became of it. Several bodies may be asked at once; the case is "with the body" while any of them
 * still has to answer. The rules are pure (agency.c); each act loads, asks the rule, saves, journals and writes its
 * event in the caller's transaction (agency_acts.c).
 *
 *     asked ─ask extension→ extension_asked ─grant→ extension_granted, ─refuse→ extension_refused
 *     asked, extension_granted, extension_refused, reminded ─remind→ reminded ─escalate→ escalated
 *     any of these ─answer→ answered        any of these ─withdraw→ withdrawn
 *
 * What it says stands in the events' data as well: cooperation passes it on to a partner institution from there.
 */
#ifndef SULH_CASEWORK_AGENCY_H
#define SULH_CASEWORK_AGENCY_H

#include "casework/casefile.h"
#include "casework/registry.h"

enum agency_state {
	AGENCY_ASKED,
	AGENCY_EXTENSION_ASKED,
	AGENCY_EXTENSION_GRANTED,
	AGENCY_EXTENSION_REFUSED,
	AGENCY_REMINDED,
	AGENCY_ESCALATED,
	AGENCY_ANSWERED,
	AGENCY_WITHDRAWN,
	AGENCY_STATE_MAX
};

enum agency_step {
	AGENCY_REMIND,
	AGENCY_ESCALATE,
	AGENCY_REPLY,
	AGENCY_EXTEND, /* the body asks for more time */
	AGENCY_GRANT,
	AGENCY_REFUSE,
	AGENCY_WITHDRAW,
	AGENCY_STEP_MAX
};

struct agency_request { /* texts live in the arena given to agency_load */
	int64_t id, casefile_id, version, asked_at, due_at;
	int64_t reminded_at, escalated_at, replied_at, withdrawn_at; /* 0: has not happened */
	int64_t offered_at, person_at;
	int64_t asked_by; /* staff.id, 0 unknown */
	enum agency_state state;
	bool told;                        /* the body learns who complained */
	const char *body_key;             /* '' when only a name was written */
	const char *body_name, *question; /* the letter */
	const char *questions;            /* one a line */
	const char *position;             /* '' while unanswered, else 'accepts', 'partly', 'denies' */
	const char *reply, *remedy, *remedy_due, *answered_by;
	const char *person_answer, *person_words; /* 'accepts', 'comments' */
	const char *withdrawn_why;
};

extern const char *const agency_positions[];      /* 'accepts', 'partly', 'denies', NULL */
extern const char *const agency_person_answers[]; /* 'accepts', 'comments', NULL */

const char *agency_state_key(enum agency_state);   /* 'extension_asked': as stored */
const char *agency_state_label(enum agency_state); /* message key */
const char *agency_state_tone(enum agency_state);
bool agency_state_parse(const char *key, enum agency_state *ret);
bool agency_state_open(enum agency_state); /* an answer is still awaited */

/* --- rules: agency.c --------------------------------------------------------------------------------------------- */

/* Where this step leads, or why it may not be done. A reminder any time while unanswered, as often as needed; the head
 * of the body only after a reminder and once; more time is asked for before the head was turned to, and not again after
 * a refusal; an answer once. */
enum err agency_next(const struct agency_request *, bool case_closed, enum agency_step, enum agency_state *ret_to,
    struct fault *) MUST_CHECK;
/* A body may be asked where the profile lets a case go to it, and beside that from admission to closing. */
enum err agency_may_ask(const struct profile *, const struct state *, struct fault *) MUST_CHECK;
/* By when a body asked now has to answer: the limit in force from "agency_asked" to "agency_replied". */
enum err agency_due(const struct office *, int64_t now, int64_t *ret_due_at, struct fault *) MUST_CHECK;
/* The last moment to which the law lets a request be extended, after so many extensions; ERR_CONFLICT when to none. */
enum err agency_extension_latest(const struct office *, const struct agency_request *, int64_t granted,
    int64_t *ret_latest, struct fault *) MUST_CHECK;
/* A day (ISO) as the moment at which it ends, later than the present due date and not later than the law lets. */
enum err agency_extension_until(const struct office *, const struct agency_request *, int64_t granted, const char *day,
    int64_t *ret_until, struct fault *) MUST_CHECK;
/* May the person say something to what the body offers? Once, when an officer has put it before them. */
enum err agency_person_may(const struct agency_request *, struct fault *) MUST_CHECK;
/* Does a text name the person (both as they are written)? Pure. */
bool agency_names_person(struct arena *, const char *text, const char *person_name);
/* How open requests of a body are counted: "agency:open:nadra". */
const char *agency_tally(struct arena *, const char *body_key);

/* --- acts: agency_acts.c ----------------------------------------------------------------------------------------- */

enum err agency_load(struct db_tx *, struct arena *, int64_t id, struct agency_request *ret_request) MUST_CHECK;

struct agency_requests {
	struct agency_request *at; /* in the order they were asked */
	size_t n;
};
enum err agency_list(struct db_tx *, struct arena *, int64_t casefile_id, struct agency_requests *ret) MUST_CHECK;

#define AGENCY_DOCUMENTS 20
struct agency_question {
	const char *body_name;    /* as typed or chosen: a name of the registry, else it stays a name */
	const char *question;     /* the letter */
	const char *questions;    /* one a line, may be '' */
	bool tell;                /* who complained */
	const int64_t *documents; /* of the case, to be sent along; 0 unused */
	size_t document_count;
};
enum err agency_ask(const struct casefile_act *, struct casefile *, const struct agency_question *,
    int64_t seen_version, int64_t *ret_id, struct fault *) MUST_CHECK;
enum err agency_remind(
    const struct casefile_act *, const struct casefile *, int64_t request_id, struct fault *) MUST_CHECK;
enum err agency_escalate(
    const struct casefile_act *, const struct casefile *, int64_t request_id, struct fault *) MUST_CHECK;
enum err agency_withdraw(const struct casefile_act *, struct casefile *, int64_t request_id, const char *why,
    int64_t seen_version, struct fault *) MUST_CHECK;
/* Every open request of a case that was closed: nobody works on what nobody waits for. */
enum err agency_withdraw_all(const struct casefile_act *, int64_t casefile_id) MUST_CHECK;

struct agency_answer {
	const char *position, *reply;
	const char *remedy, *remedy_due;  /* may be ''; the day ISO */
	const struct document_new *files; /* bytes stored already */
	size_t file_count;
};
/* By an officer who has it on paper, or by the body itself (the actor says which). */
enum err agency_record_reply(const struct casefile_act *, struct casefile *, int64_t request_id,
    const struct agency_answer *, int64_t seen_version, struct fault *) MUST_CHECK;

/* The body wants until the end of that day. */
enum err agency_extension_ask(const struct casefile_act *, const struct casefile *, int64_t request_id,
    const char *until, const char *reason, struct fault *) MUST_CHECK;
/* `until` '' grants what was asked for. */
enum err agency_extension_decide(const struct casefile_act *, const struct casefile *, int64_t request_id, bool grant,
    const char *until, const char *words, struct fault *) MUST_CHECK;

/* A notice to whoever leads the case, else to whoever asked; `kind` of notice.c. For what a body did by itself. */
enum err agency_notify(const struct casefile_act *, const struct casefile *, int64_t asked_by, const char *body_name,
    const char *kind) MUST_CHECK;

/* What the body offers is put before the person; what the person says to it. */
enum err agency_remedy_offer(
    const struct casefile_act *, const struct casefile *, int64_t request_id, struct fault *) MUST_CHECK;
enum err agency_remedy_answer(const struct casefile_act *, const struct casefile *, int64_t request_id,
    const char *answer, const char *words, struct fault *) MUST_CHECK;

#endif
