/* How cases hang together: the rules. */
#include "casework/link.h"

#include "base/util.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const link_kinds[LINK_KIND_MAX + 1] = { "derived", "joined", "related", "follow_up", NULL };

bool link_kind_parse(const char *key, enum link_kind *ret_kind)
{
	for (enum link_kind k = 0; k < LINK_KIND_MAX; k++) {
		if (!strcmp(link_kinds[k], key)) {
			*ret_kind = k;
			return true;
		}
	}
	return false;
}

const char *link_kind_words(enum link_kind kind, bool from_here)
{
	static const char *const words[LINK_KIND_MAX][2] = {
		[LINK_DERIVED] = { N_("Made from"), N_("Made from this case") },
		[LINK_JOINED] = { N_("Joined into"), N_("Joined into this case") },
		[LINK_RELATED] = { N_("Related to"), N_("Related to") },
		[LINK_FOLLOW_UP] = { N_("Follows up"), N_("Followed up by") },
	};
	return words[kind][from_here];
}

static enum err may_join(const struct link_end *main, const struct link_end *joined, struct fault *fault)
{
	if (main->closed || joined->closed)
		return fault_set(
		    fault, ERR_CONFLICT, "other", N_("Only open cases can be joined; one of them is closed."), NULL);
	if (joined->joined_into)
		return fault_set(fault, ERR_CONFLICT, "other",
		    N_("The case {number} is joined into another one already."), "number", joined->number, NULL);
	if (main->joined_into)
		return fault_set(fault, ERR_CONFLICT, "other",
		    N_("The case {number} is joined into another one itself; join into that one."), "number",
		    main->number, NULL);
	if (joined->joined)
		return fault_set(fault, ERR_CONFLICT, "other",
		    N_("Other cases are joined into {number}; set them apart first."), "number", joined->number, NULL);
	/* An inquiry of the office's own may gather complaints against several bodies. */
	if (!main->own_initiative && strcmp(main->respondent, joined->respondent) != 0)
		return fault_set(fault, ERR_CONFLICT, "other",
		    N_("The case {number} is against another body; cases are joined when they are against the same "
		       "one."),
		    "number", joined->number, NULL);
	return OK;
}

enum err link_may_add(enum link_kind kind, const struct link_end *from, const struct link_end *to,
    const int64_t *from_chain, size_t chain, struct fault *fault)
{
	if (from->id == to->id)
		return fault_set(fault, ERR_INVALID, "other", N_("A case cannot be linked with itself."), NULL);
	if (kind == LINK_JOINED)
		return may_join(from, to, fault);
	for (size_t i = 0; kind != LINK_RELATED && i < chain; i++)
		if (from_chain[i] == to->id)
			return fault_set(fault, ERR_CONFLICT, "other",
			    N_("The case {number} stands above this one already; the link would run in a ring."),
			    "number", to->number, NULL);
	return OK;
}

enum err link_may_close_main(
    const struct link_end *main, const struct link_end *joined, size_t n, bool together, struct fault *fault)
{
	for (size_t i = 0; i < n; i++) {
		const struct link_end *j = &joined[i];
		if (j->closed)
			continue;
		if (j->reopened)
			return fault_set(fault, ERR_CONFLICT, NULL,
			    N_("The joined case {number} was reopened. Close it for itself, or set it apart, before "
			       "this one."),
			    "number", j->number, NULL);
		if (strcmp(j->respondent, main->respondent) != 0)
			return fault_set(fault, ERR_CONFLICT, NULL,
			    N_("The joined case {number} is against another body. Close it for itself, or set it "
			       "apart, before "
			       "this one."),
			    "number", j->number, NULL);
		if (!together)
			return fault_set(fault, ERR_CONFLICT, NULL,
			    N_("The case {number} is joined into this one and open. Close them together, with a letter "
			       "to each "
			       "person."),
			    "number", j->number, NULL);
	}
	return OK;
}
