/* Rules about bodies: mandate by day, and when two entries may become one. */
#include "casework/body.h"

#include <stdio.h>
#include <string.h>

const char *const body_contact_parts[] = { "focal", "head", "official", NULL };
const char *const body_mandate_words[] = { "yes", "no", "listed", NULL };

/* --- mandate ----------------------------------------------------------------------------------------------------- */

const struct mandate *body_mandate_on(const struct body *body, int64_t day)
{
	const struct mandate *found = NULL;
	for (size_t i = 0; i < body->mandates; i++)
		if (body->mandate[i].since <= day && day <= body->mandate[i].until)
			found = &body->mandate[i];
	return found;
}

bool body_open_to(const struct body *body, int64_t day, const char *subject)
{
	const struct mandate *m = body_mandate_on(body, day);
	if (!m || m->may == MANDATE_NO)
		return false;
	if (m->may == MANDATE_YES || !*subject)
		return true;
	for (size_t i = 0; i < m->matters; i++)
		if (!strcmp(m->matter[i], subject))
			return true;
	return false;
}

/* --- merging ----------------------------------------------------------------------------------------------------- */

static enum err check_fact(const struct body_merging *m, const char *key, const char *field, struct fault *fault)
{
	for (size_t i = 0; i < m->facts; i++) {
		if (strcmp(m->fact[i].key, key))
			continue;
		if (*m->fact[i].source && *m->fact[i].target)
			return OK;
		return fault_set(fault, ERR_INVALID, field,
		    N_("This is not known of both. Choose something that stands on both sides."), NULL);
	}
	return fault_set(fault, ERR_INVALID, field, N_("Choose one of the answers."), NULL);
}

enum err body_may_merge(const struct body_merging *m, const char *fact1, const char *fact2, struct fault *fault)
{
	if (m->source == m->target || !strcmp(m->source->key, m->target->key))
		return fault_set(fault, ERR_INVALID, "target", N_("Choose another body than this one."), NULL);
	if (*m->source->merged_into || *m->target->merged_into)
		return fault_set(fault, ERR_CONFLICT, "target",
		    N_("One of these has become part of another body already. Undo that first."), NULL);
	if (m->related)
		return fault_set(
		    fault, ERR_CONFLICT, "target", N_("One of these stands above the other. Change that first."), NULL);
	enum err e = check_fact(m, fact1, "fact1", fault);
	if (!e)
		e = check_fact(m, fact2, "fact2", fault);
	if (!e && !strcmp(fact1, fact2))
		return fault_set(fault, ERR_INVALID, "fact2", N_("Choose two different facts."), NULL);
	return e;
}
