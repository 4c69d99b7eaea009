/*
 * One clock of a case with all that it lived through, and what officers do to it: pause, resume, extend. Starting and
 * stopping by events stands in casefile.h; how it looks on a page too.
 *
 *     struct case_clock clock;
 *     err = case_clock_load(act, clock_id, &clock);
 *     if (!err)
 *             err = case_clock_extend(act, &c, &clock, &extension, &fault);
 */
#ifndef SULH_CASEWORK_CASE_CLOCK_H
#define SULH_CASEWORK_CASE_CLOCK_H

#include "casework/casefile.h"

struct case_clock { /* texts and arrays live in the act's arena */
	int64_t id, casefile_id, started_at, due_at, stopped_at, target_at, remind_at;
	bool paused;
	const char *key;        /* of its rule, even when nobody knows the rule any more */
	bool known;             /* false: the rule is lost; it can be stopped, nothing else */
	struct clock_rule rule; /* as it was when the clock began */
	json_t *explanation;    /* as stored; owned by the arena */
	struct clock_course course;
	struct clock_pause *pause; /* the course's, for whoever words the reasons: `reason` is the code's key */
	const char **pause_words;  /* beside each pause: what was said about it */
};

enum err case_clock_load(const struct casefile_act *, int64_t clock_id, struct case_clock *ret_clock) MUST_CHECK;
/* All of a case, oldest first, in two statements. */
enum err case_clock_load_all(
    const struct casefile_act *, int64_t casefile_id, struct case_clock **ret_clocks, size_t *ret_n) MUST_CHECK;
/* Counts again from what it lived through, in the office's calendar of today, and writes its end, its explanation and
 * when to remind; casefile.due_at is the caller's (case_clock_keep_earliest). */
enum err case_clock_count_again(const struct casefile_act *, struct case_clock *) MUST_CHECK;
enum err case_clock_keep_earliest(const struct casefile_act *, int64_t casefile_id) MUST_CHECK;
/* The earliest step of the ladder that was not done for this end; 0 when none is left. */
enum err case_clock_next_step(
    const struct casefile_act *, const struct case_clock *, int64_t due_ms, int64_t *ret_at) MUST_CHECK;

/* The rules. A clock that ended, a rule without pauses, a pause within a pause are refused with the reason. Pure. */
enum err case_clock_may_pause(const struct case_clock *, struct fault *) MUST_CHECK;
enum err case_clock_may_resume(const struct case_clock *, struct fault *) MUST_CHECK;
enum err case_clock_may_extend(const struct case_clock *, int64_t amount, struct fault *) MUST_CHECK;

/* Is it the office that this limit binds, and not the body, the person, or another institution? Pure. */
bool case_clock_is_ours(const struct clock_rule *);

/* What officers do: rule, rows, journal, event (the person sees it), end counted again, the case's next end kept. */
enum err case_clock_pause(const struct casefile_act *, struct case_clock *, const char *reason_key, const char *words,
    struct fault *) MUST_CHECK;
enum err case_clock_resume(const struct casefile_act *, struct case_clock *, struct fault *) MUST_CHECK;
enum err case_clock_extend(
    const struct casefile_act *, struct case_clock *, int64_t amount, const char *reason, struct fault *) MUST_CHECK;
/* Ends every clock of the case: it is closed. */
enum err case_clock_stop_all(const struct casefile_act *, int64_t casefile_id) MUST_CHECK;

/* A rule's name by its key alone, whichever version; the key when nobody knows it. */
const char *case_clock_rule_name(enum lang, const struct profile *, const char *rule_key);
/* As casefile.h's case_clock_list makes one. */
json_t *case_clock_json(const struct casefile_act *, enum lang, const struct case_clock *);

#endif
