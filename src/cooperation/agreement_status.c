/* What both sides did to an agreement, and the state that follows from it. */
#include "cooperation/agreement.h"
#include "cooperation/agreement_inner.h"

#include "base/util.h"

#include <string.h>

static const struct {
	const char *name, *label;
} states[AGREEMENT_STATE_MAX] = {
	[AGREEMENT_DRAFT] = { "draft", N_("Draft") },
	[AGREEMENT_PROPOSED] = { "proposed", N_("Proposed") },
	[AGREEMENT_DECLINED] = { "declined", N_("Declined") },
	[AGREEMENT_SIGNED] = { "signed", N_("Signed, not yet in force") },
	[AGREEMENT_IN_FORCE] = { "in_force", N_("In force") },
	[AGREEMENT_SUSPENDED] = { "suspended", N_("Suspended") },
	[AGREEMENT_TERMINATED] = { "terminated", N_("Terminated") },
	[AGREEMENT_EXPIRED] = { "expired", N_("Expired") },
};

const char *agreement_state_name(enum agreement_state state)
{
	return states[state].name;
}

const char *agreement_state_label(enum agreement_state state)
{
	return states[state].label;
}

bool agreement_state_parse(const char *name, enum agreement_state *ret_state)
{
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (strcmp(states[i].name, name) == 0) {
			*ret_state = (enum agreement_state)i;
			return true;
		}
	return false;
}

json_t *agreement_status_json(const struct agreement_status *s)
{
	json_t *json = json_object();

	json_put_int(json, "proposer", s->proposer);
	json_put(json, "signed", json_pack("[bb]", s->has_signed[0], s->has_signed[1]));
	json_put_bool(json, "declined", s->declined);
	json_put(json, "suspended", json_pack("[bb]", s->suspended[0], s->suspended[1]));
	json_put(json, "ends", json_pack("[II]", (json_int_t)s->ends[0], (json_int_t)s->ends[1]));
	return json;
}

enum err agreement_status_parse(const json_t *json, struct agreement_status *ret_status)
{
	struct agreement_status s = AGREEMENT_STATUS_INIT;
	int has_signed[2], suspended[2], declined;
	json_int_t ends[2];

	if (json_unpack((json_t *)(uintptr_t)json, "{s:i, s:[bb], s:b, s:[bb], s:[II]}", "proposer", &s.proposer,
		"signed", &has_signed[0], &has_signed[1], "declined", &declined, "suspended", &suspended[0],
		&suspended[1], "ends", &ends[0], &ends[1]) != 0 ||
	    s.proposer < -1 || s.proposer > 1)
		return ERR_INVALID;
	s.declined = declined;
	for (int i = 0; i < 2; i++) {
		s.has_signed[i] = has_signed[i];
		s.suspended[i] = suspended[i];
		s.ends[i] = ends[i];
	}
	*ret_status = s;
	return OK;
}

static bool both_signed(const struct agreement_status *s)
{
	return s->has_signed[0] && s->has_signed[1];
}

static int64_t terminated_from(const struct agreement_status *s)
{
	return s->ends[0] < s->ends[1] ? s->ends[0] : s->ends[1];
}

enum agreement_state agreement_state(const struct agreement *a, const struct agreement_status *s, int64_t at)
{
	if (s->declined)
		return AGREEMENT_DECLINED;
	if (s->proposer < 0)
		return AGREEMENT_DRAFT;
	if (!both_signed(s))
		return AGREEMENT_PROPOSED;
	if (at >= terminated_from(s))
		return AGREEMENT_TERMINATED;
	if (at >= a->valid_end)
		return AGREEMENT_EXPIRED;
	if (s->suspended[0] || s->suspended[1])
		return AGREEMENT_SUSPENDED;
	return at < a->valid_from ? AGREEMENT_SIGNED : AGREEMENT_IN_FORCE;
}

int64_t agreement_changes_at(const struct agreement *a, const struct agreement_status *s, int64_t at)
{
	int64_t moments[] = { a->valid_from, a->valid_end, terminated_from(s) };
	int64_t next = AGREEMENT_NEVER;

	for (size_t i = 0; i < ARRAY_LEN(moments); i++)
		if (moments[i] > at && moments[i] < next &&
		    agreement_state(a, s, moments[i]) != agreement_state(a, s, at))
			next = moments[i];
	return next;
}

/* --- acts -----------------------------------------------------------------------------------------------------------
 */

static enum err impossible(enum refusal code, enum refusal *ret_refusal, struct fault *fault, const char *key)
{
	if (ret_refusal)
		*ret_refusal = code;
	return fault_set(fault, ERR_CONFLICT, NULL, key, NULL);
}

static enum err act_before_force(
    struct agreement_status *s, const struct agreement_act *act, enum refusal *ret_refusal, struct fault *fault)
{
	/* The proposer's decline was recorded first; the other side had not seen it (section 14, the proposer decides).
	 */
	if (s->declined && act->type == MESSAGE_AGREEMENT_DECLINE && !act->seen)
		return OK; /* both declined at once: the same end, and nobody's act has to be taken back */
	if (s->declined)
		return impossible(act->seen ? REFUSAL_MOVE : REFUSAL_CROSSED, ret_refusal, fault,
		    N_("The agreement has been declined."));
	if (both_signed(s))
		return impossible(REFUSAL_MOVE, ret_refusal, fault, N_("Both parties have signed already."));
	if (act->type == MESSAGE_AGREEMENT_DECLINE) {
		s->declined = true;
		return OK;
	}
	if (act->party == s->proposer)
		return impossible(
		    REFUSAL_MOVE, ret_refusal, fault, N_("The proposing party has signed with its proposal."));
	s->has_signed[act->party] = true;
	return OK;
}

static enum err act_in_force(
    struct agreement_status *s, const struct agreement_act *act, enum refusal *ret_refusal, struct fault *fault)
{
	int64_t day = act->effective ? day_start(act->effective) : AGREEMENT_NEVER;

	if (!both_signed(s))
		return impossible(REFUSAL_MOVE, ret_refusal, fault, N_("The agreement is not signed by both parties."));
	if (act->type == MESSAGE_AGREEMENT_TERMINATE) {
		if (day == AGREEMENT_NEVER)
			return impossible(
			    REFUSAL_MOVE, ret_refusal, fault, N_("A termination names the day from which it acts."));
		/* Only ever earlier: a termination given cannot be put off by the one who gave it. */
		if (day < s->ends[act->party])
			s->ends[act->party] = day;
		return OK;
	}
	s->suspended[act->party] = act->type == MESSAGE_AGREEMENT_SUSPEND;
	return OK;
}

enum err agreement_move(const struct agreement_status *from, const struct agreement_act *act,
    struct agreement_status *ret_status, enum refusal *ret_refusal, struct fault *fault)
{
	struct agreement_status s = *from;
	enum err e;

	if (act->type == MESSAGE_AGREEMENT_PROPOSE) {
		if (s.proposer >= 0)
			return impossible(
			    REFUSAL_MOVE, ret_refusal, fault, N_("The agreement has been proposed already."));
		s.proposer = act->party;
		s.has_signed[act->party] = true;
		*ret_status = s;
		return OK;
	}
	if (s.proposer < 0)
		return impossible(REFUSAL_MOVE, ret_refusal, fault, N_("The agreement has not been proposed yet."));
	if (act->type == MESSAGE_AGREEMENT_SIGN || act->type == MESSAGE_AGREEMENT_DECLINE)
		e = act_before_force(&s, act, ret_refusal, fault);
	else
		e = act_in_force(&s, act, ret_refusal, fault);
	if (!e)
		*ret_status = s;
	return e;
}

void agreement_undo(struct agreement_status *s, const struct agreement_act *act)
{
	switch (act->type) {
	case MESSAGE_AGREEMENT_PROPOSE:
		s->proposer = -1;
		s->has_signed[act->party] = false;
		break;
	case MESSAGE_AGREEMENT_SUSPEND:
		s->suspended[act->party] = false;
		break;
	case MESSAGE_AGREEMENT_TERMINATE:
		s->ends[act->party] = AGREEMENT_NEVER;
		break;
	case MESSAGE_AGREEMENT_DECLINE:
		s->declined = false;
		break;
	default: /* a signature and a resumption count only from their receipt */
		break;
	}
}
