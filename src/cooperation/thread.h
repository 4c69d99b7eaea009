/*
 * A thread's two chains and its head (docs/exchange.md section 6), without I/O. Each direction counts and chains for
 * itself; the head over both is what every receipt countersigns.
 *
 *     e = thread_check(&thread, SIDE_OPENER, header.seq, header.prev, &fault);      may it come next?
 *     thread_add(&thread, SIDE_OPENER, hash);                                      it is applied: the chain grows
 *     thread_head(&thread, head);
 */
#ifndef SULH_COOPERATION_THREAD_H
#define SULH_COOPERATION_THREAD_H

#include "base/err.h"
#include "base/json.h"

#include <stdbool.h>
#include <stdint.h>

#define HASH_TEXT 44 /* base64url of SHA-256, with terminator */

enum side { SIDE_OPENER, SIDE_OTHER, SIDE_MAX }; /* in a referral: home, lead */

#define SIDE_HOME SIDE_OPENER
#define SIDE_LEAD SIDE_OTHER

struct thread_chain {
	int64_t seq;          /* of the last message with a receipt; 0: none yet */
	char head[HASH_TEXT]; /* its hash; "" while seq is 0 */
};

struct thread {
	struct thread_chain chain[SIDE_MAX];
};

static inline enum side side_opposite(enum side side)
{
	return side == SIDE_OPENER ? SIDE_OTHER : SIDE_OPENER;
}

/* base64url of SHA-256: the hash of a compact JWS, of a body, of a file. */
void hash_text(char out[HASH_TEXT], const void *data, size_t len);

/* ERR_CONFLICT when the message is not the next one of that side: gap, repetition or another history. */
enum err thread_check(const struct thread *, enum side, int64_t seq, const char *prev, struct fault *) MUST_CHECK;
void thread_add(struct thread *, enum side, const char *hash);
void thread_head(const struct thread *, char out[HASH_TEXT]);

/*
 * Where `ack` stands in our own direction: `sent` are the hashes of our messages in this thread from the first on, the
 * last of them possibly still unanswered. 0: acknowledges none. ERR_CONFLICT when it names none of ours, or goes back
 * behind `before`, the position that the partner acknowledged last time.
 */
enum err thread_ack(const char *const *sent, size_t count, int64_t before, const char *ack, int64_t *ret_position,
    struct fault *) MUST_CHECK;

/* What a refusal with the code "sequence" tells: {seq, prv} that would have been right. Yours. */
json_t *thread_expected(const struct thread *, enum side);

#endif
