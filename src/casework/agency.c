/* Rules of reports asked from bodies: the states and their arrows, days, and what may be said to whom. */
#include "casework/agency.h"

#include "base/util.h"
#include "office/current.h"
#include "text/date.h"

#include <string.h>

const char *const agency_positions[] = { "accepts", "partly", "denies", NULL };
const char *const agency_person_answers[] = { "accepts", "comments", NULL };

static const struct {
	const char *key, *label, *tone;
} states[AGENCY_STATE_MAX] = {
	[AGENCY_ASKED] = { "asked", N_("Waiting for its report"), "waiting" },
	[AGENCY_EXTENSION_ASKED] = { "extension_asked", N_("Asks for more time"), "new" },
	[AGENCY_EXTENSION_GRANTED] = { "extension_granted", N_("More time granted"), "waiting" },
	[AGENCY_EXTENSION_REFUSED] = { "extension_refused", N_("More time refused"), "waiting" },
	[AGENCY_REMINDED] = { "reminded", N_("Reminded"), "waiting" },
	[AGENCY_ESCALATED] = { "escalated", N_("Its head was turned to"), "refused" },
	[AGENCY_ANSWERED] = { "answered", N_("Answered"), "done" },
	[AGENCY_WITHDRAWN] = { "withdrawn", N_("Withdrawn"), "closed" },
};

const char *agency_state_key(enum agency_state state)
{
	return states[state].key;
}

const char *agency_state_label(enum agency_state state)
{
	return states[state].label;
}

const char *agency_state_tone(enum agency_state state)
{
	return states[state].tone;
}

bool agency_state_parse(const char *key, enum agency_state *ret)
{
	for (enum agency_state s = 0; s < AGENCY_STATE_MAX; s++) {
		if (!strcmp(states[s].key, key)) {
			*ret = s;
			return true;
		}
	}
	return false;
}

bool agency_state_open(enum agency_state state)
{
	return state != AGENCY_ANSWERED && state != AGENCY_WITHDRAWN;
}

/* --- steps ------------------------------------------------------------------------------------------------------- */

#define FROM(state) (1u << AGENCY_##state)
#define OPEN                                                                                                           \
	(FROM(ASKED) | FROM(EXTENSION_ASKED) | FROM(EXTENSION_GRANTED) | FROM(EXTENSION_REFUSED) | FROM(REMINDED) |    \
	    FROM(ESCALATED))

static const struct {
	unsigned from;
	enum agency_state to;
	const char *otherwise; /* said where an open request is not in one of these */
} steps[AGENCY_STEP_MAX] = {
	[AGENCY_REMIND] = { OPEN & ~FROM(EXTENSION_ASKED), AGENCY_REMINDED,
	    N_("This body has asked for more time. Answer that first.") },
	[AGENCY_ESCALATE] = { OPEN & ~FROM(EXTENSION_ASKED), AGENCY_ESCALATED,
	    N_("This body has asked for more time. Answer that first.") },
	[AGENCY_REPLY] = { OPEN, AGENCY_ANSWERED, NULL },
	[AGENCY_EXTEND] = { FROM(ASKED) | FROM(EXTENSION_GRANTED) | FROM(REMINDED), AGENCY_EXTENSION_ASKED,
	    N_("More time cannot be asked for any more.") },
	[AGENCY_GRANT] = { FROM(EXTENSION_ASKED), AGENCY_EXTENSION_GRANTED,
	    N_("This body has not asked for more time.") },
	[AGENCY_REFUSE] = { FROM(EXTENSION_ASKED), AGENCY_EXTENSION_REFUSED,
	    N_("This body has not asked for more time.") },
	[AGENCY_WITHDRAW] = { OPEN, AGENCY_WITHDRAWN, NULL },
};

static enum err conflict(struct fault *fault, const char *key)
{
	return fault_set(fault, ERR_CONFLICT, "state", key, NULL);
}

enum err agency_next(const struct agency_request *request, bool case_closed, enum agency_step step,
    enum agency_state *ret_to, struct fault *fault)
{
	if (request->state == AGENCY_ANSWERED)
		return conflict(fault, N_("This body has answered already."));
	if (request->state == AGENCY_WITHDRAWN)
		return conflict(fault, N_("This request was withdrawn."));
	if (case_closed)
		return conflict(fault, N_("This case is closed."));
	if (!(steps[step].from & 1u << request->state))
		return conflict(fault, steps[step].otherwise);
	if (step == AGENCY_ESCALATE && !request->reminded_at)
		return conflict(
		    fault, N_("Remind the body first; its head is turned to only when the reminder did not help."));
	if (step == AGENCY_ESCALATE && request->escalated_at)
		return conflict(fault, N_("The head of this body has been turned to already."));
	/* A reminder after the head was turned to goes to the head as well. */
	*ret_to = step == AGENCY_REMIND && request->escalated_at ? AGENCY_ESCALATED : steps[step].to;
	return OK;
}

enum err agency_may_ask(const struct profile *profile, const struct state *state, struct fault *fault)
{
	const struct state *to;
	if (state->phase == PHASE_INTAKE || state->phase == PHASE_CLOSED)
		return casefile_next(profile, state, "ask_agency", &to, fault);
	return OK;
}

/* --- days -------------------------------------------------------------------------------------------------------- */

static const struct clock_rule *reply_rule(const struct office *office, int64_t at)
{
	return office_clock_between(office, "agency_asked", "agency_replied", office_day(office, at));
}

static enum err no_rule(struct fault *fault)
{
	return fault_set(fault, ERR_INVALID, "agency_body",
	    N_("The institution's profile has no time limit for a body's report."), NULL);
}

enum err agency_due(const struct office *office, int64_t now, int64_t *ret_due_at, struct fault *fault)
{
	const struct clock_rule *rule = reply_rule(office, now);
	struct clock_due due;
	if (!rule)
		return no_rule(fault);
	enum err e = clock_due(rule, office_calendar(office), now, &due);
	if (!e)
		*ret_due_at = due.due_ms;
	return e;
}

enum err agency_extension_latest(const struct office *office, const struct agency_request *request, int64_t granted,
    int64_t *ret_latest, struct fault *fault)
{
	const struct clock_rule *rule = reply_rule(office, request->asked_at);
	struct clock_due due;
	if (!rule)
		return no_rule(fault);
	if (!rule->extend_amount || granted >= rule->extend_times)
		return conflict(fault, N_("The time for this report cannot be made longer any more."));
	const struct clock_extension extension = { rule->extend_amount * (granted + 1), "", "" };
	const struct clock_course course = { .rule = rule,
		.calendar = office_calendar(office),
		.start_ms = request->asked_at,
		.extension = &extension,
		.extensions = 1 };
	enum err e = clock_course_due(&course, &due, NULL);
	if (!e)
		*ret_latest = due.due_ms;
	return e;
}

enum err agency_extension_until(const struct office *office, const struct agency_request *request, int64_t granted,
    const char *day, int64_t *ret_until, struct fault *fault)
{
	const char *zone = office->profile->calendar.zone;
	struct civil date;
	char latest_day[11];
	int64_t latest;
	enum err e = agency_extension_latest(office, request, granted, &latest, fault);
	if (e)
		return e;
	if (civil_parse(day, &date))
		return fault_set(fault, ERR_INVALID, "until", N_("Write a date that exists, as year-month-day."), NULL);
	int64_t until = zone_day_start(zone, civil_from_days(civil_days(date) + 1)) - 1;
	if (until <= request->due_at)
		return fault_set(
		    fault, ERR_INVALID, "until", N_("Choose a day after the one on which it is due now."), NULL);
	civil_format(latest_day, zone_date(zone, latest));
	if (until > latest)
		return fault_set(fault, ERR_INVALID, "until", N_("The time can be made longer until {day} at most."),
		    "day", latest_day, NULL);
	*ret_until = until;
	return OK;
}

/* --- people ------------------------------------------------------------------------------------------------------ */

enum err agency_person_may(const struct agency_request *request, struct fault *fault)
{
	if (!request->offered_at)
		return fault_set(fault, ERR_NOT_FOUND, NULL, N_("There is no such page."), NULL);
	if (*request->person_answer)
		return conflict(fault, N_("You have told us already what you think of this."));
	return OK;
}

bool agency_names_person(struct arena *arena, const char *text, const char *person_name)
{
	const char *name = text_fold(arena, person_name), *words = text_fold(arena, text);
	size_t len = strlen(name);
	if (len < 4) /* an initial stands in every text */
		return false;
	for (const char *at = words; (at = strstr(at, name)); at++)
		if ((at == words || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	return false;
}

const char *agency_tally(struct arena *arena, const char *body_key)
{
	return arena_printf(arena, "agency:open:%s", body_key);
}
