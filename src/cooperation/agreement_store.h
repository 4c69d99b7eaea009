/*
 * What the files of the stored agreement share, and the acts of officers on it (agreement_acts.c): one door for all of
 * them, which asks the rule, records, signs, puts the message out and journals in the caller's transaction.
 */
#ifndef SULH_COOPERATION_AGREEMENT_STORE_H
#define SULH_COOPERATION_AGREEMENT_STORE_H

#include "cooperation/agreement_db.h"

struct agreement_act_row {
	enum message_type type;
	int party;
	bool waiting, refused; /* ours, not answered yet; finally refused by the partner */
	int64_t at, answered_at;
	const char *message_id, *actor_name, *reason, *lang, *effective, *refusal;
};

enum err agreement_insert(const struct casefile_act *, const struct agreement *, int64_t partner_id, const char *theirs,
    int64_t *ret_id) MUST_CHECK;
/* In the order of recording; the array lives in the arena. */
enum err agreement_acts(
    struct db_tx *, struct arena *, int64_t id, struct agreement_act_row **ret_list, size_t *ret_n) MUST_CHECK;
/* The status that follows; `arriving`: an own signature or resumption on its way counts. */
struct agreement_status agreement_fold(const struct agreement_act_row *, size_t n, bool arriving);
/* The status anew from the acts. */
enum err agreement_refold(const struct casefile_act *, int64_t id) MUST_CHECK;

/* --- what officers do --- */

/* Saves a draft: `id` 0 makes a new one, with us as one party and a confirmed partner as the other. The document's uid
 * is put in here; `seen_version` 0: not checked. */
enum err agreement_draft_save(const struct casefile_act *, json_t *document, int64_t id, int64_t seen_version,
    int64_t *ret_id, struct fault *) MUST_CHECK;
enum err agreement_draft_discard(
    const struct casefile_act *, int64_t id, int64_t seen_version, struct fault *) MUST_CHECK;

struct agreement_words { /* "" where the act has none */
	const char *reason, *language, *effective;
};
/* propose and sign put our signature under it; decline, suspend, resume and terminate are told to the partner. */
enum err agreement_do(const struct casefile_act *, int64_t id, enum message_type, int64_t seen_version,
    const struct agreement_words *, struct fault *) MUST_CHECK;
/* May this act be done now, by the rule alone? For the buttons of a page. */
bool agreement_can(const struct agreement_row *, enum message_type, int64_t now, struct fault *);
/* The first day from which we may terminate: today (UTC) and the notice that was agreed. */
void agreement_earliest_end(const struct agreement_row *, int64_t now, char out[11]);

#endif
