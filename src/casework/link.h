/*
 * How cases hang together (requirement 20, R-07): one was derived from another, keeping its complainant or its
 * violation; one was joined into another and is closed with it; one follows up an earlier one; two are simply related.
 *
 *     derived    from = the case it was made from     to = the new one
 *     joined     from = the main case                 to = the one joined into it
 *     follow_up  from = the earlier case              to = the later one
 *     related    either way round
 *
 * A link is never deleted: undoing it is an act with a reason of its own. A case is joined into one other at most, and
 * what is joined has nothing joined into itself, so that "closed with" never runs in a ring.
 */
#ifndef SULH_CASEWORK_LINK_H
#define SULH_CASEWORK_LINK_H

#include "casework/casefile.h"

enum link_kind { LINK_DERIVED, LINK_JOINED, LINK_RELATED, LINK_FOLLOW_UP, LINK_KIND_MAX };
extern const char *const link_kinds[LINK_KIND_MAX + 1];
bool link_kind_parse(const char *key, enum link_kind *ret_kind);
const char *link_kind_words(enum link_kind, bool from_here); /* message key: "Joined into this case" */

/* What the rules look at of one end. */
struct link_end {
	int64_t id;
	const char *number, *respondent; /* body_key, or its name folded where it is no listed body */
	bool closed, reopened;           /* reopened: closed once, open again */
	bool own_initiative;
	int64_t joined_into; /* the main case, 0 none */
	int64_t joined;      /* how many are joined into it */
};

/* May `to` be linked to `from`? `from_chain` are the ids above `from` by derived and follow-up links. */
enum err link_may_add(enum link_kind, const struct link_end *from, const struct link_end *to, const int64_t *from_chain,
    size_t chain, struct fault *) MUST_CHECK;
/*
 * May the main case be closed? Not alone while what is joined is open, and never while a joined one was reopened or is
 * against another respondent (traps of ombudsman systems, 9): those are closed for themselves first, or set apart.
 */
enum err link_may_close_main(
    const struct link_end *main, const struct link_end *joined, size_t n, bool together, struct fault *) MUST_CHECK;

/* --- with the database: casework/link_db.c --- */

struct link_new {
	enum link_kind kind;
	const char *reason; /* needed for joining; "" otherwise allowed */
	bool here_first;    /* this case is `from` */
	int64_t other;      /* casefile.id */
	int64_t version;    /* of this case as seen; 0 not checked */
};
/* Both cases must be the actor's to link. */
enum err link_add(const struct casefile_act *, struct casefile *, const struct link_new *, int64_t *ret_id,
    struct fault *) MUST_CHECK;
enum err link_undo(
    const struct casefile_act *, struct casefile *, int64_t link_id, const char *reason, struct fault *) MUST_CHECK;

/* Called by casefile_close before a case is closed by itself. */
enum err link_guard_close(const struct casefile_act *, const struct casefile *, struct fault *) MUST_CHECK;

/* The joined cases and the main one, closed together: a letter to each person first. */
struct joint_letter {
	int64_t casefile_id;
	const char *words;
};
struct joint_close {
	const char *closing, *words; /* reason for all; words to the main case's person */
	const struct joint_letter *letter;
	size_t letters;
	int64_t version;
};
enum err link_close_together(
    const struct casefile_act *, struct casefile *main, const struct joint_close *, struct fault *) MUST_CHECK;

/* A case made from another: its content copied without the person ("violation") or without the matter ("person"). */
struct derived_new {
	bool keep_person;        /* else the violation is kept */
	const char *facts;       /* new facts when the person is kept; "" keeps the old */
	const char *person_name; /* new complainant when the violation is kept */
	const char *reason;
};
enum err link_derive(const struct casefile_act *, struct casefile *, const struct derived_new *, int64_t *ret_id,
    struct fault *) MUST_CHECK;

#endif
