/*
 * A referral's states and moves, and how two offices that act in the same second end in the same state, without I/O
 * (docs/exchange.md section 14). Home speaks with the person, lead with the authority (requirement 104).
 *
 * One table holds every arrow; referral_move asks it. A referral moves through three doors, each a function from a
 * view to a new view, so that a transaction can load, ask, save:
 *
 *     referral_record    we act: a move goes into the queue and the shown state changes at once
 *     referral_receive   the partner's message is about to be applied
 *     referral_answered  our first unanswered message got its receipt or its final refusal
 *
 * A view is loaded from two columns and the thread's unanswered outgoing messages (queued or signed, oldest first):
 * `settled` counts only what both sides are known to have applied, `shown` adds our own waiting moves.
 *
 * Why they converge: home decides. The lead's move is refused with REFUSAL_CROSSED unless it has seen every move that
 * home has recorded; so in home's order each move of the lead follows all it should have known, and the lead takes its
 * own move back as soon as a move of home arrives that had not seen it. tests/unit/test_referral.c walks every
 * interleaving.
 */
#ifndef SULH_COOPERATION_REFERRAL_H
#define SULH_COOPERATION_REFERRAL_H

#include "base/err.h"
#include "cooperation/message.h"

#include <stdbool.h>

enum referral_state {
	REFERRAL_DRAFT, /* the first three: home alone; what the lead has before the offer counts as READY */
	REFERRAL_CONSENT_ASKED,
	REFERRAL_READY,
	REFERRAL_SENT,
	REFERRAL_INFORMATION_ASKED,
	REFERRAL_ACCEPTED,
	REFERRAL_REFUSED,
	REFERRAL_OUTCOME_PROPOSED,
	REFERRAL_OUTCOME_ACCEPTED,
	REFERRAL_OUTCOME_DISPUTED,
	REFERRAL_CLOSING,
	REFERRAL_CLOSED,
	REFERRAL_WITHDRAWN,
	REFERRAL_GIVEN_UP, /* by home before the lead had anything: there is no thread */
	REFERRAL_STATE_MAX
};

const char *referral_state_name(enum referral_state);  /* "outcome_proposed": as stored and in the API */
const char *referral_state_label(enum referral_state); /* message key */
bool referral_state_parse(const char *name, enum referral_state *ret_state);
bool referral_state_open(enum referral_state); /* sent and not over: the work list */
bool referral_state_over(enum referral_state); /* refused, closed, withdrawn, given up */

/* --- home alone, before anything left the office ------------------------------------------------------------------ */

enum referral_step {
	STEP_ASK_CONSENT,       /* draft, ready → consent_asked */
	STEP_CONSENT_GIVEN,     /* consent_asked → ready */
	STEP_CONSENT_REFUSED,   /* consent_asked → draft */
	STEP_CONSENT_WITHDRAWN, /* ready → draft; once sent it is MESSAGE_REFERRAL_WITHDRAW */
	STEP_EDIT,              /* draft stays; consent_asked, ready → draft: another packet needs another consent */
	STEP_GIVE_UP,           /* draft, consent_asked, ready → given_up */
	STEP_MAX
};
enum err referral_prepare(
    enum referral_state, enum referral_step, enum referral_state *ret_state, struct fault *) MUST_CHECK;

/* --- the table ---------------------------------------------------------------------------------------------------- */

/* The arrow that `type`, written by `side`, takes from `from`. ERR_CONFLICT: none; the fault says what the state is. */
enum err referral_move(enum referral_state from, enum message_type type, enum side side, enum referral_state *ret_state,
    struct fault *) MUST_CHECK;
/* The i-th type that this side may send in this state, MESSAGE_TYPE_MAX after the last: the buttons of the page. */
enum message_type referral_may(enum referral_state, enum side, size_t i);

/* --- two sides ---------------------------------------------------------------------------------------------------- */

enum pending_state {
	PENDING_WAITING, /* not known to be applied by the partner */
	PENDING_APPLIED, /* the partner's ack named it; its receipt is still fetched, for the proof */
	PENDING_VOID,    /* crossed: will be refused; its refusal is still fetched, since that frees the number */
};

#define REFERRAL_QUEUE_MAX 16                         /* messages of ours that may wait for the partner */
#define REFERRAL_PENDING_MAX (REFERRAL_QUEUE_MAX + 1) /* and a withdrawal: a person's no always finds a place */

struct referral_pending {
	int64_t message; /* the caller's number of it, given back in struct referral_dropped */
	enum message_type type;
	enum pending_state state;
	bool signed_out; /* may have left the office; only the first can be */
};

struct referral_view {
	enum side self;
	enum referral_state settled;
	enum referral_state shown;
	struct referral_pending pending[REFERRAL_PENDING_MAX]; /* oldest first; unused places are zero */
	size_t pending_count;
};

/* Messages that were never signed and now never will be: the caller takes them out of its queue and tells the officer.
 */
struct referral_dropped {
	int64_t message[REFERRAL_PENDING_MAX];
	size_t count;
};

/* What the partner knew of us when it wrote, from its `ack` (thread_ack). */
struct referral_seen {
	bool head;  /* it had applied our first unanswered message */
	bool moves; /* it had applied the last move that we recorded, sent or still queued; true when there is none */
};

/* Sets `shown` anew from `settled` and the waiting moves; for views loaded from the database. */
void referral_view_refresh(struct referral_view *);

/* ERR_CONFLICT with the reason when the move is not possible now, or when too much waits already. `message`
 * may be set in pending[pending_count - 1] afterwards. */
enum err referral_record(struct referral_view *, enum message_type, struct fault *) MUST_CHECK;

/*
 * ERR_CONFLICT and *ret_refusal (REFUSAL_MOVE or REFUSAL_CROSSED) when the message must be refused; the view is as it
 * was then. On the lead's side our own moves may become void: signed ones stay in the queue as PENDING_VOID, unsigned
 * ones are dropped.
 */
enum err referral_receive(struct referral_view *, enum message_type, struct referral_seen, enum refusal *ret_refusal,
    struct referral_dropped *ret_dropped, struct fault *) MUST_CHECK;

/*
 * The first of `pending` got its receipt (`accepted`) or its final refusal and leaves the queue. After a refusal,
 * unsigned messages behind it that are no longer legal are dropped. ERR_UNTRUSTED when the partner broke its promise
 * (refused what it had acknowledged, receipted what crossed): the thread needs people, the view is unchanged.
 */
enum err referral_answered(
    struct referral_view *, bool accepted, struct referral_dropped *ret_dropped, struct fault *) MUST_CHECK;

#endif
