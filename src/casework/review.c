/* What may happen to a decision afterwards: the rules. */
#include "casework/review.h"

#include "base/util.h"

#include <string.h>

const char *involvement_words(enum involvement how)
{
	static const char *const words[INVOLVED_MAX] = {
		[INVOLVED_REGISTERED] = N_("registered the complaint"),
		[INVOLVED_ADMITTED] = N_("admitted the complaint"),
		[INVOLVED_LED] = N_("led the case"),
		[INVOLVED_MEMBER] = N_("belonged to the team"),
		[INVOLVED_SIGNED] = N_("signed the decision"),
		[INVOLVED_CLOSED] = N_("closed the case"),
		[INVOLVED_WORKED] = N_("worked on the case"),
	};
	return words[how];
}

enum err review_may_file(const struct review_way *way, const struct review_case *c, int64_t now, bool condoned,
    bool *ret_late, struct fault *fault)
{
	if (!c->decided)
		return fault_set(
		    fault, ERR_CONFLICT, "way", N_("There is no decision yet that could be looked at again."), NULL);
	if (c->open)
		return fault_set(
		    fault, ERR_CONFLICT, "way", N_("A review or an appeal is under way already; it ends first."), NULL);
	bool late = c->file_due_at != CLOCK_OPEN && now > c->file_due_at;
	if (late && !way->condonable)
		return fault_set(fault, ERR_CONFLICT, "way",
		    N_("The time for this has passed, and the law lets no late one in."), NULL);
	if (late && !condoned)
		return fault_set(fault, ERR_INVALID, "late_reason",
		    N_("The time for this has passed. Say why it is let in all the same."), NULL);
	*ret_late = late;
	return OK;
}

enum err review_may_take(const struct review_rules *rules, const struct involved *involved, size_t n, int64_t staff,
    const char *name, struct fault *fault)
{
	for (size_t i = 0; i < n; i++) {
		if (involved[i].staff != staff || !(rules->excludes & (1u << involved[i].how)))
			continue;
		/* The argument "state" is a message key itself: text_fault puts it into the reader's language. */
		return fault_set(fault, ERR_CONFLICT, "staff_id",
		    N_("{name} {state} before; a review is for somebody who was not involved."), "name", name, "state",
		    involvement_words(involved[i].how), NULL);
	}
	return OK;
}

bool review_is_open(const struct review *review)
{
	return !strcmp(review->state, "asked");
}

enum err review_may_decide(const struct review_way *way, const struct review *review, const struct actor *actor,
    const char *outcome, struct fault *fault)
{
	if (!review_is_open(review))
		return fault_set(fault, ERR_CONFLICT, "outcome", N_("This has been decided already."), NULL);
	if (!review_outcome_find(way, outcome))
		return fault_set(fault, ERR_INVALID, "outcome", N_("Choose an outcome from the list."), NULL);
	if (way->outside)
		return OK;
	if (!review->reviewer)
		return fault_set(fault, ERR_CONFLICT, "outcome", N_("Name the reviewer first."), NULL);
	if (actor->kind != ACTOR_STAFF || review->reviewer != actor->id)
		return fault_set(fault, ERR_DENIED, "outcome", N_("Only the reviewer decides: {name}."), "name",
		    review->reviewer_name, NULL);
	return OK;
}
