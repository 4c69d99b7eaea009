/* Recommendations: the rules. */
#include "casework/recommendation.h"

#include "base/util.h"
#include "office/current.h"
#include "text/date.h"

#include <string.h>

const char *const recommendation_kinds[] = { "personal", "systemic", "legislative", NULL };
const char *const recommendation_replies[] = { "accepted", "partly", "refused", NULL };
const char *const recommendation_degrees[] = { "none", "partly", "substantially", "fully", NULL };
const char *const recommendation_steps[] = { "superior", "head", "special_report", NULL };

#define NAME_PART_MIN 3 /* letters of a part of a name that gives somebody away */

static int place_of(const char *const *list, const char *value)
{
	for (int i = 0; list[i]; i++)
		if (!strcmp(list[i], value))
			return i;
	return -1;
}

enum err recommendation_may_issue(enum phase phase, struct fault *fault)
{
	if (phase == PHASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	if (phase == PHASE_INTAKE)
		return fault_set(fault, ERR_CONFLICT, "state",
		    N_("A recommendation can be made only after the complaint was admitted."), NULL);
	return OK;
}

enum err recommendation_may(
    const struct recommendation *r, enum recommendation_act act, int64_t now, struct fault *fault)
{
	if (!strcmp(r->state, "implemented"))
		return fault_set(fault, ERR_CONFLICT, "state", N_("This recommendation has been carried out."), NULL);
	if (act != RECOMMENDATION_ESCALATE)
		return OK;
	if (now <= r->due_at && strcmp(r->state, "refused") && strcmp(r->state, "defied"))
		return fault_set(fault, ERR_CONFLICT, "state",
		    N_("The body has until its day to act; turn to others only when it refused or that day has "
		       "passed."),
		    NULL);
	if (!strcmp(r->escalated, "special_report"))
		return fault_set(
		    fault, ERR_CONFLICT, "state", N_("A special report was made; there is no higher step."), NULL);
	return OK;
}

enum err recommendation_next(const struct recommendation *r, enum recommendation_act act, const char *value,
    const char **ret_state, struct fault *fault)
{
	bool reply = act == RECOMMENDATION_REPLY;
	if (place_of(reply ? recommendation_replies : recommendation_degrees, value) < 0)
		return fault_set(
		    fault, ERR_INVALID, reply ? "answer" : "degree", N_("Choose one of the answers."), NULL);
	enum err e = recommendation_may(r, act, 0, fault);
	if (e)
		return e;
	/* A body that only repeats its refusal stays one that defies. */
	if (reply)
		*ret_state = !strcmp(r->state, "defied") && !strcmp(value, "refused") ? "defied" : value;
	else
		*ret_state = strcmp(value, "fully") ? r->state : "implemented";
	return OK;
}

enum err recommendation_may_step(const char *escalated, const char *step, struct fault *fault)
{
	int before = place_of(recommendation_steps, escalated), now = place_of(recommendation_steps, step);
	if (now < 0)
		return fault_set(fault, ERR_INVALID, "step", N_("Choose to whom it goes."), NULL);
	if (now <= before)
		return fault_set(
		    fault, ERR_CONFLICT, "step", N_("This step was taken already; choose a higher one."), NULL);
	return OK;
}

/* --- its day ----------------------------------------------------------------------------------------------------- */

enum err recommendation_due(
    const struct office *office, const char *date, int64_t now, int64_t *ret_due_at, struct fault *fault)
{
	const char *zone = office->profile->calendar.zone;
	int64_t today = office_day(office, now);
	struct civil day;
	if (*date) {
		if (civil_parse(date, &day) || civil_days(day) <= today)
			return fault_set(fault, ERR_INVALID, "due", N_("Choose a day that is still to come."), NULL);
		*ret_due_at = zone_day_start(zone, civil_from_days(civil_days(day) + 1)) - 1;
		return OK;
	}
	const struct clock_rule *rule = office_clock_between(office, "recommended", "implemented", today);
	struct clock_due due;
	if (!rule)
		return fault_set(fault, ERR_INVALID, "due", N_("Give the day by which it is to be carried out."), NULL);
	enum err e = clock_due(rule, office_calendar(office), now, &due);
	if (!e)
		*ret_due_at = due.due_ms;
	return e;
}

int recommendation_age_step(int64_t issued_day, int64_t today)
{
	return today > issued_day ? (int)((today - issued_day) / 30) : 0;
}

/* --- the public text --------------------------------------------------------------------------------------------- */

/* Folded text is words with one space between; both ends get one, so that a word is found as a word. */
static bool has_word(struct arena *arena, const char *text, const char *word, size_t len)
{
	return strstr(text, arena_printf(arena, " %.*s ", (int)len, word)) != NULL;
}

static bool names_somebody(struct arena *arena, const char *text, const char *name)
{
	const char *p = text_fold(arena, name);
	while (*p) {
		size_t len = strcspn(p, " ");
		if (utf8_length(arena_strndup(arena, p, len)) >= NAME_PART_MIN && has_word(arena, text, p, len))
			return true;
		p += len + (p[len] == ' ');
	}
	return false;
}

enum err recommendation_public_ok(
    struct arena *arena, const char *public_text, const char *const *names, size_t n, struct fault *fault)
{
	const char *text = arena_printf(arena, " %s ", text_fold(arena, public_text));
	for (size_t i = 0; i < n; i++)
		if (names_somebody(arena, text, names[i]))
			return fault_set(fault, ERR_INVALID, "public_text",
			    N_("The public text holds a name of this case. Write it so that nobody can be recognised."),
			    NULL);
	return OK;
}
