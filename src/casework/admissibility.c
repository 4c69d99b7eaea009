/* Rules of admissibility. No present moment, no storage. */
#include "casework/admissibility.h"

#include <string.h>

const char *const screening_answers[] = { "yes", "no", "not_applicable", NULL };

bool screening_asks(const struct screening_question *question, const char *case_class)
{
	for (size_t i = 0; profile_case_class[i]; i++)
		if (!strcmp(profile_case_class[i], case_class))
			return question->classes & CLASS_BIT(i);
	return true;
}

bool screening_fails(const struct screening_question *question, const char *answer)
{
	return strcmp(answer, "not_applicable") != 0 && strcmp(answer, question->wanted ? "yes" : "no") != 0;
}

static const struct screening_given *find(const struct screening_given *given, size_t n, const char *question)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(given[i].question, question))
			return &given[i];
	return NULL;
}

enum screening_verdict screening_verdict(const struct profile *profile, const char *case_class,
    const struct screening_given *given, size_t n, const struct screening_question **ret_failing)
{
	const struct screening_question *open = NULL;
	*ret_failing = NULL;
	for (size_t i = 0; i < profile->questions; i++) {
		const struct screening_question *question = &profile->question[i];
		const struct screening_given *answer = find(given, n, question->key);
		if (!screening_asks(question, case_class))
			continue;
		if (answer && screening_fails(question, answer->answer) && !answer->overridden) {
			*ret_failing = question;
			return SCREENING_INADMISSIBLE;
		}
		if (!answer && !open)
			open = question;
	}
	*ret_failing = open;
	return open ? SCREENING_OPEN : SCREENING_ADMISSIBLE;
}

static bool known_answer(const char *answer)
{
	for (size_t i = 0; screening_answers[i]; i++)
		if (!strcmp(screening_answers[i], answer))
			return true;
	return false;
}

enum err screening_may_answer(const struct screening_question *question, const char *answer, const char *reason,
    bool overrule, struct fault *fault)
{
	if (!known_answer(answer))
		return fault_set(fault, ERR_INVALID, "answer", N_("Choose an answer."), NULL);
	bool fails = screening_fails(question, answer);
	if (overrule && !fails)
		return fault_set(fault, ERR_CONFLICT, "answer",
		    N_("This answer does not stand in the way; there is nothing to overrule."), NULL);
	if (overrule && !question->override)
		return fault_set(
		    fault, ERR_CONFLICT, "answer", N_("The law leaves no discretion in this question."), NULL);
	if ((fails || overrule) && !*reason)
		return fault_set(fault, ERR_INVALID, "reason", N_("Write the reason for this answer."), NULL);
	return OK;
}

enum err screening_may_admit(const struct profile *profile, const char *case_class, const struct screening_given *given,
    size_t n, struct fault *fault)
{
	const struct screening_question *failing;
	switch (screening_verdict(profile, case_class, given, n, &failing)) {
	case SCREENING_ADMISSIBLE:
		return OK;
	case SCREENING_OPEN:
		return fault_set(fault, ERR_CONFLICT, "screening",
		    N_("Answer all questions of admissibility first: they stand under “Screening”."), NULL);
	default:
		return fault_set(fault, ERR_CONFLICT, "screening",
		    N_("An answer stands in the way of taking this up. Close the case with its reason, or overrule it "
		       "where the law allows."),
		    NULL);
	}
}

/* --- proposals --------------------------------------------------------------------------------------------------- */

static struct screening_proposal propose(const struct screening_question *question, bool passes, const char *words)
{
	return (struct screening_proposal) { question->wanted == passes ? "yes" : "no", words };
}

static const struct screening_proposal nothing = { "", NULL };

static struct screening_proposal by_body(const struct screening_question *question, const struct body *body)
{
	if (!body)
		return nothing;
	if (body->in_mandate)
		return propose(question, true, N_("The body is on the list of those we oversee."));
	if (body->not_ours && !strcmp(body->not_ours, question->closing))
		return propose(question, false, N_("The list says that this body is not ours."));
	return nothing;
}

/* What the person said about it: affirmed, or the answer to a question. NULL: nothing. */
static const char *said(const char *const *declarations, const char *key)
{
	size_t len = strlen(key);
	for (const char *const *d = declarations; d && *d; d++)
		if (!strncmp(*d, key, len) && (!(*d)[len] || (*d)[len] == '='))
			return (*d)[len] ? *d + len + 1 : "";
	return NULL;
}

static struct screening_proposal by_declaration(
    const struct screening_question *question, const struct screening_known *known)
{
	const char *words = question->declaration ? said(known->declarations, question->declaration) : NULL;
	if (words && !*words)
		return propose(question, true, N_("The person affirmed this."));
	if (words) /* questions of both lists are worded alike: yes is yes */
		return (struct screening_proposal) { !strcmp(words, "yes") ? "yes" : "no",
			N_("The person answered this.") };
	if (question->declaration && !known->declared)
		return (struct screening_proposal) { "", N_("The person was not asked to affirm this. Ask.") };
	return nothing;
}

static struct screening_proposal by_time(
    const struct screening_question *question, const struct calendar *calendar, const struct screening_known *known)
{
	if (!known->limit || known->happened_day == CALENDAR_FIRST)
		return by_declaration(question, known);
	const struct clock_course course = { .rule = known->limit,
		.calendar = calendar,
		.start_ms = zone_day_start(calendar->zone, civil_from_days(known->happened_day)) };
	struct clock_due due;
	if (clock_course_due(&course, &due, NULL))
		return nothing;
	bool in_time = known->received_day <= due.due_day;
	return propose(question, in_time,
	    in_time ? N_("Counted from the day it happened, it came in time.")
		    : N_("Counted from the day it happened, it came late."));
}

struct screening_proposal screening_propose(
    const struct screening_question *question, const struct calendar *calendar, const struct screening_known *known)
{
	switch (question->hint) {
	case SCREENING_HINT_MANDATE:
		return by_body(question, known->body);
	case SCREENING_HINT_DECLARATION:
		return by_declaration(question, known);
	case SCREENING_HINT_IN_TIME:
		return by_time(question, calendar, known);
	case SCREENING_HINT_ANONYMOUS:
		return known->anonymous ? (struct screening_proposal) { "", N_("It is anonymous: look for facts.") }
					: propose(question, true, N_("It is not anonymous."));
	case SCREENING_HINT_REPEAT:
		if (known->earlier)
			return (struct screening_proposal) { "", N_("There are earlier complaints: compare them.") };
		return propose(question, true, N_("No earlier complaint of this person was found."));
	default:
		return nothing;
	}
}

static bool holds(const char *const *list, const char *key)
{
	for (const char *const *one = list; key && *one; one++)
		if (!strcmp(*one, key))
			return true;
	return false;
}

int screening_office_fits(const struct other_office *office, const struct profile *profile, const struct body *body,
    const char *country, const char *reason)
{
	const char *where = body ? body->country : country;
	bool abroad = where && *where && strcmp(where, profile->country) != 0;
	int fits = 0;
	if (body && holds(office->body, body->key))
		fits += 4;
	if (abroad && !strcmp(office->country, where))
		fits += 2;
	if (reason && *reason && holds(office->reason, reason))
		fits += 1;
	return abroad && strcmp(office->country, where) != 0 ? 0 : fits;
}
