/* Findings: the rules. */
#include "casework/finding.h"

#include "base/util.h"
#include "text/date.h"

#include <stdio.h>
#include <string.h>

const char *const finding_positions[] = { "agrees", "partly", "disagrees", NULL };

static const struct {
	const char *from;
	enum finding_step step;
	const char *to;
} arrows[] = {
	{ "draft", FINDING_REVISE, "draft" },
	{ "draft", FINDING_CIRCULATE, "circulated" },
	{ "draft", FINDING_ISSUE, "issued" },
	{ "draft", FINDING_DROP, "dropped" },
	{ "circulated", FINDING_REVISE, "draft" },
	{ "circulated", FINDING_COMMENT, "circulated" },
	{ "circulated", FINDING_ISSUE, "issued" },
	{ "circulated", FINDING_DROP, "dropped" },
};

enum err finding_next(const char *state, enum finding_step step, const char **ret_to, struct fault *fault)
{
	for (size_t i = 0; i < ARRAY_LEN(arrows); i++) {
		if (!strcmp(arrows[i].from, state) && arrows[i].step == step) {
			*ret_to = arrows[i].to;
			return OK;
		}
	}
	if (!strcmp(state, "issued"))
		return fault_set(
		    fault, ERR_CONFLICT, "state", N_("This finding was issued; it does not change any more."), NULL);
	if (!strcmp(state, "dropped"))
		return fault_set(fault, ERR_CONFLICT, "state", N_("This draft was given up."), NULL);
	if (step == FINDING_COMMENT)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This draft is not out for comments."), NULL);
	return fault_set(fault, ERR_CONFLICT, "state", N_("This draft is out for comments already."), NULL);
}

bool finding_wrong(const char *result)
{
	return !strcmp(result, "violation") || !strcmp(result, "partly");
}

static enum err missing(struct fault *fault, const char *field, size_t pair, const char *key)
{
	char name[32], number[24];
	snprintf(name, sizeof(name), "%s_%zu", field, pair + 1);
	snprintf(number, sizeof(number), "%zu", pair + 1);
	return fault_set(fault, ERR_INVALID, name, key, "n", number, NULL);
}

enum err finding_complete(const struct finding_pairs *pairs, size_t n, struct fault *fault)
{
	for (size_t i = 0; i < n; i++) {
		bool wrong = finding_wrong(pairs->result[i]);
		if (!*pairs->result[i])
			return missing(fault, "result", i, N_("Point {n} has no result yet."));
		if (wrong && !*pairs->fault_type[i])
			return missing(fault, "fault", i, N_("Say what kind of fault was found on point {n}."));
		if (!wrong && *pairs->fault_type[i])
			return missing(fault, "fault", i, N_("Point {n} has a kind of fault, but no fault was found."));
	}
	return OK;
}

enum err finding_heard(const struct finding_comment *comment, size_t n, int64_t now, struct fault *fault)
{
	for (size_t i = 0; i < n; i++)
		if (!comment[i].closed && !comment[i].answered_at && now <= comment[i].due_at)
			return fault_set(fault, ERR_CONFLICT, "state",
			    N_("Somebody who was asked for comments still has time to answer."), NULL);
	return OK;
}

enum err finding_comment_due(const char *zone, const char *date, int64_t now, int64_t *ret_due_at, struct fault *fault)
{
	struct civil day;
	if (civil_parse(date, &day) || civil_days(day) <= civil_days(zone_date(zone, now)))
		return fault_set(fault, ERR_INVALID, "comment_due", N_("Choose a day that is still to come."), NULL);
	*ret_due_at = zone_day_start(zone, civil_from_days(civil_days(day) + 1)) - 1;
	return OK;
}

enum err finding_may_comment(const struct finding_comment *comment, const char *state, struct fault *fault)
{
	const char *to;
	if (comment->answered_at)
		return fault_set(fault, ERR_CONFLICT, "state", N_("The comments are here already."), NULL);
	if (comment->closed)
		return fault_set(fault, ERR_CONFLICT, "state",
		    N_("The draft was changed meanwhile; comments are no longer asked on this version."), NULL);
	return finding_next(state, FINDING_COMMENT, &to, fault);
}
