/* The table of a referral's moves, and the three doors through which a view of it changes. */
#include "cooperation/referral.h"

#include "base/util.h"

#include <assert.h>
#include <string.h>

static const struct {
	const char *name, *label;
} states[REFERRAL_STATE_MAX] = {
	[REFERRAL_DRAFT] = { "draft", N_("Draft") },
	[REFERRAL_CONSENT_ASKED] = { "consent_asked", N_("Consent asked") },
	[REFERRAL_READY] = { "ready", N_("Ready to send") },
	[REFERRAL_SENT] = { "sent", N_("Sent") },
	[REFERRAL_INFORMATION_ASKED] = { "information_asked", N_("More information asked") },
	[REFERRAL_ACCEPTED] = { "accepted", N_("Accepted") },
	[REFERRAL_REFUSED] = { "refused", N_("Refused") },
	[REFERRAL_OUTCOME_PROPOSED] = { "outcome_proposed", N_("Outcome proposed") },
	[REFERRAL_OUTCOME_ACCEPTED] = { "outcome_accepted", N_("Outcome accepted") },
	[REFERRAL_OUTCOME_DISPUTED] = { "outcome_disputed", N_("Outcome disputed") },
	[REFERRAL_CLOSING] = { "closing", N_("Closing proposed") },
	[REFERRAL_CLOSED] = { "closed", N_("Closed") },
	[REFERRAL_WITHDRAWN] = { "withdrawn", N_("Withdrawn") },
	[REFERRAL_GIVEN_UP] = { "given_up", N_("Given up before sending") },
};

const char *referral_state_name(enum referral_state state)
{
	return states[state].name;
}

const char *referral_state_label(enum referral_state state)
{
	return states[state].label;
}

bool referral_state_parse(const char *name, enum referral_state *ret_state)
{
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (strcmp(states[i].name, name) == 0) {
			*ret_state = (enum referral_state)i;
			return true;
		}
	return false;
}

bool referral_state_over(enum referral_state state)
{
	return state == REFERRAL_REFUSED || state == REFERRAL_CLOSED || state == REFERRAL_WITHDRAWN ||
	       state == REFERRAL_GIVEN_UP;
}

bool referral_state_open(enum referral_state state)
{
	return state >= REFERRAL_SENT && !referral_state_over(state);
}

/* --- tables ---------------------------------------------------------------------------------------------------------
 */

#define FROM(state) (1u << REFERRAL_##state)
#define SAME REFERRAL_STATE_MAX

static const struct {
	enum referral_step step;
	unsigned from;
	enum referral_state to;
} steps[] = {
	{ STEP_ASK_CONSENT, FROM(DRAFT) | FROM(READY), REFERRAL_CONSENT_ASKED },
	{ STEP_CONSENT_GIVEN, FROM(CONSENT_ASKED), REFERRAL_READY },
	{ STEP_CONSENT_REFUSED, FROM(CONSENT_ASKED), REFERRAL_DRAFT },
	{ STEP_CONSENT_WITHDRAWN, FROM(READY), REFERRAL_DRAFT },
	{ STEP_EDIT, FROM(DRAFT) | FROM(CONSENT_ASKED) | FROM(READY), REFERRAL_DRAFT },
	{ STEP_GIVE_UP, FROM(DRAFT) | FROM(CONSENT_ASKED) | FROM(READY), REFERRAL_GIVEN_UP },
};

#define ANY_OPEN                                                                                                       \
	(FROM(SENT) | FROM(INFORMATION_ASKED) | FROM(ACCEPTED) | FROM(OUTCOME_PROPOSED) | FROM(OUTCOME_ACCEPTED) |     \
	    FROM(OUTCOME_DISPUTED) | FROM(CLOSING))
#define IN_WORK                                                                                                        \
	(FROM(ACCEPTED) | FROM(OUTCOME_PROPOSED) | FROM(OUTCOME_ACCEPTED) | FROM(OUTCOME_DISPUTED) | FROM(CLOSING))
#define ANY_SHARED (ANY_OPEN | FROM(REFUSED) | FROM(CLOSED) | FROM(WITHDRAWN))

static const struct {
	enum message_type type;
	unsigned from;
	enum referral_state to;
} moves[] = {
	{ MESSAGE_REFERRAL_OFFER, FROM(READY), REFERRAL_SENT },
	{ MESSAGE_REFERRAL_ACCEPT, FROM(SENT) | FROM(INFORMATION_ASKED), REFERRAL_ACCEPTED },
	{ MESSAGE_REFERRAL_REFUSE, FROM(SENT) | FROM(INFORMATION_ASKED), REFERRAL_REFUSED },
	{ MESSAGE_REFERRAL_ASK, FROM(SENT) | FROM(INFORMATION_ASKED), REFERRAL_INFORMATION_ASKED },
	{ MESSAGE_REFERRAL_ASK, FROM(ACCEPTED) | FROM(OUTCOME_DISPUTED), SAME },
	{ MESSAGE_REFERRAL_ANSWER, FROM(INFORMATION_ASKED), REFERRAL_SENT },
	{ MESSAGE_REFERRAL_ANSWER, FROM(SENT) | FROM(ACCEPTED) | FROM(OUTCOME_DISPUTED), SAME },
	{ MESSAGE_REFERRAL_PROGRESS, IN_WORK, SAME },
	{ MESSAGE_REFERRAL_OUTCOME, FROM(ACCEPTED) | FROM(OUTCOME_DISPUTED), REFERRAL_OUTCOME_PROPOSED },
	{ MESSAGE_REFERRAL_OUTCOME_ACCEPT, FROM(OUTCOME_PROPOSED), REFERRAL_OUTCOME_ACCEPTED },
	{ MESSAGE_REFERRAL_OUTCOME_DISPUTE, FROM(OUTCOME_PROPOSED) | FROM(CLOSING), REFERRAL_OUTCOME_DISPUTED },
	{ MESSAGE_REFERRAL_CLOSE, FROM(ACCEPTED) | FROM(OUTCOME_ACCEPTED) | FROM(OUTCOME_DISPUTED), REFERRAL_CLOSING },
	{ MESSAGE_REFERRAL_CLOSE_CONFIRM, FROM(CLOSING), REFERRAL_CLOSED },
	{ MESSAGE_REFERRAL_WITHDRAW, ANY_OPEN, REFERRAL_WITHDRAWN },
	{ MESSAGE_NOTE, ANY_SHARED, SAME },
};

enum err referral_prepare(
    enum referral_state from, enum referral_step step, enum referral_state *ret_state, struct fault *fault)
{
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		if (steps[i].step == step && steps[i].from & 1u << from) {
			*ret_state = steps[i].to;
			return OK;
		}
	return fault_set(fault, ERR_CONFLICT, NULL,
	    N_("This step is not possible while the referral's state is “{state}”."), "state", states[from].label,
	    NULL);
}

enum err referral_move(enum referral_state from, enum message_type type, enum side side, enum referral_state *ret_state,
    struct fault *fault)
{
	if (!(message_rule(type)->by & (side == SIDE_HOME ? BY_OPENER : BY_OTHER)))
		return fault_set(
		    fault, ERR_CONFLICT, NULL, N_("The other office takes this step, not this one."), NULL);
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].type == type && moves[i].from & 1u << from) {
			*ret_state = moves[i].to == SAME ? from : moves[i].to;
			return OK;
		}
	return fault_set(fault, ERR_CONFLICT, NULL,
	    N_("This step is not possible while the referral's state is “{state}”."), "state", states[from].label,
	    NULL);
}

enum message_type referral_may(enum referral_state state, enum side side, size_t i)
{
	enum referral_state to;

	for (int type = MESSAGE_REFERRAL_OFFER; type < MESSAGE_TYPE_MAX; type++)
		if (referral_move(state, (enum message_type)type, side, &to, NULL) == OK && i-- == 0)
			return (enum message_type)type;
	return MESSAGE_TYPE_MAX;
}

/* --- views ----------------------------------------------------------------------------------------------------------
 */

static bool moves_state(enum message_type type)
{
	return message_rule(type)->moves;
}

static bool counts(const struct referral_pending *p)
{
	return p->state == PENDING_WAITING && moves_state(p->type);
}

static void pending_remove(struct referral_view *v, size_t at)
{
	v->pending_count--;
	memmove(&v->pending[at], &v->pending[at + 1], (v->pending_count - at) * sizeof(v->pending[0]));
	memset(&v->pending[v->pending_count], 0, sizeof(v->pending[0]));
}

static void drop(struct referral_view *v, size_t at, struct referral_dropped *dropped)
{
	dropped->message[dropped->count++] = v->pending[at].message;
	pending_remove(v, at);
}

/*
 * Plays the waiting messages over the settled state, and drops those that are not legal any more. A withdrawal whose
 * offer never arrived ends the referral at home alone.
 */
static void replay(struct referral_view *v, struct referral_dropped *dropped)
{
	enum referral_state state = v->settled;

	for (size_t i = 0; i < v->pending_count;) {
		const struct referral_pending *p = &v->pending[i];

		if (p->state != PENDING_WAITING || (p->signed_out && !moves_state(p->type)) ||
		    referral_move(state, p->type, v->self, &state, NULL) == OK) {
			i++;
			continue;
		}
		if (p->type == MESSAGE_REFERRAL_WITHDRAW && state == REFERRAL_READY)
			v->settled = state = REFERRAL_GIVEN_UP;
		drop(v, i, dropped);
	}
	v->shown = state;
}

void referral_view_refresh(struct referral_view *v)
{
	struct referral_dropped dropped = { .count = 0 };

	replay(v, &dropped);
	assert(dropped.count == 0); /* what is stored was legal when it was stored */
}

enum err referral_record(struct referral_view *v, enum message_type type, struct fault *fault)
{
	enum referral_state to;
	enum err e = referral_move(v->shown, type, v->self, &to, fault);

	if (e)
		return e;
	if (v->pending_count >= (type == MESSAGE_REFERRAL_WITHDRAW ? REFERRAL_PENDING_MAX : REFERRAL_QUEUE_MAX))
		return fault_set(fault, ERR_CONFLICT, NULL,
		    N_("Too many messages of this referral wait for the partner. Try again when it answers."), NULL);
	v->pending[v->pending_count++] = (struct referral_pending) { .type = type };
	v->shown = to;
	return OK;
}

/* The partner's ack named our first unanswered message: that is as good as its receipt. */
static void settle_head(struct referral_view *v)
{
	struct referral_pending *head = &v->pending[0];
	enum err e = OK;

	if (v->pending_count == 0 || head->state != PENDING_WAITING)
		return;
	if (moves_state(head->type))
		e = referral_move(v->settled, head->type, v->self, &v->settled, NULL);
	assert(e == OK);
	(void)e;
	head->state = PENDING_APPLIED;
}

/* Home had not seen our moves when it recorded its own: they will be refused, so they do not count from now on. */
static void take_back(struct referral_view *v, struct referral_dropped *dropped)
{
	for (size_t i = v->pending_count; i-- > 0;) {
		if (!counts(&v->pending[i]))
			continue;
		if (v->pending[i].signed_out)
			v->pending[i].state = PENDING_VOID;
		else
			drop(v, i, dropped);
	}
}

static enum err refuse(enum refusal code, enum refusal *ret_refusal, struct fault *fault)
{
	*ret_refusal = code;
	if (code == REFUSAL_CROSSED)
		return fault_set(fault, ERR_CONFLICT, NULL,
		    N_("The other office had already acted when this was sent. Look at its message and decide anew."),
		    NULL);
	return ERR_CONFLICT;
}

static enum err receive_at_home(struct referral_view *v, enum message_type type, struct referral_seen seen,
    enum refusal *ret_refusal, struct fault *fault)
{
	/* Our queue is part of the order: a move of the lead comes after what we have recorded, sent or not. */
	if (moves_state(type) && !seen.moves)
		return refuse(REFUSAL_CROSSED, ret_refusal, fault);
	if (referral_move(v->shown, type, SIDE_LEAD, &v->shown, fault) != OK)
		return refuse(seen.moves ? REFUSAL_MOVE : REFUSAL_CROSSED, ret_refusal, fault);
	/* A lead's move has seen all of ours, so nothing of ours waits and the settled state moves with it. */
	if (moves_state(type))
		v->settled = v->shown;
	return OK;
}

static enum err receive_at_lead(struct referral_view *v, enum message_type type, enum refusal *ret_refusal,
    struct referral_dropped *dropped, struct fault *fault)
{
	if (referral_move(v->settled, type, SIDE_HOME, &v->settled, fault) != OK)
		return refuse(REFUSAL_MOVE, ret_refusal, fault);
	if (moves_state(type))
		take_back(v, dropped);
	return OK;
}

enum err referral_receive(struct referral_view *view, enum message_type type, struct referral_seen seen,
    enum refusal *ret_refusal, struct referral_dropped *ret_dropped, struct fault *fault)
{
	struct referral_view v = *view;
	struct referral_dropped dropped = { .count = 0 };
	enum err e;

	if (seen.head)
		settle_head(&v);
	e = v.self == SIDE_HOME ? receive_at_home(&v, type, seen, ret_refusal, fault)
				: receive_at_lead(&v, type, ret_refusal, &dropped, fault);
	if (e)
		return e;
	replay(&v, &dropped);
	*view = v;
	*ret_dropped = dropped;
	return OK;
}

enum err referral_answered(
    struct referral_view *view, bool accepted, struct referral_dropped *ret_dropped, struct fault *fault)
{
	struct referral_view v = *view;
	struct referral_dropped dropped = { .count = 0 };
	enum pending_state state = v.pending[0].state;

	assert(v.pending_count > 0);
	if (accepted ? state == PENDING_VOID : state == PENDING_APPLIED)
		return fault_set(
		    fault, ERR_UNTRUSTED, NULL, N_("The partner's answer contradicts what it had told before."), NULL);
	if (accepted)
		settle_head(&v);
	pending_remove(&v, 0);
	replay(&v, &dropped);
	*view = v;
	*ret_dropped = dropped;
	return OK;
}
