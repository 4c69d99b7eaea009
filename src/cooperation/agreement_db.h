/*
 * Agreements as stored: the document that both sign, what each side did to it, and what follows for messages. The rules
 * are in agreement.h; here they meet the database.
 *
 *     struct agreement_row a;
 *     e = agreement_load_uid(tx, arena, uid, &a);
 *     e = agreement_may_send(act, uid, &request, &clause, &fault);         before anything leaves under it
 *     e = agreement_suggest(act, lang, &person, "AZ", &list);              which one covers this case?
 *
 * Acts are kept one a row in the order in which we recorded or applied them; the status is their fold, made anew after
 * each, so that taking one back leaves what the others did.
 */
#ifndef SULH_COOPERATION_AGREEMENT_DB_H
#define SULH_COOPERATION_AGREEMENT_DB_H

#include "cooperation/agreement.h"
#include "cooperation/exchange.h"

struct agreement_row { /* texts in the arena given */
	int64_t id, partner_id, created_at, changed_at;
	int64_t version; /* of the row: raised by every act and saved draft, for forms */
	const char *uid, *sha256;
	const char *ours, *theirs;        /* JWS of each side's signature, NULL until signed */
	const char *text;                 /* the document as it stands in the database */
	const struct agreement *document; /* the same, parsed; lent as long as the arena */
	struct agreement_status status;   /* what holds for what we send */
	struct agreement_status arriving; /* the same, an own signature or resumption on its way counted already */
	int us;                           /* our place in `parties` */
};

enum err agreement_load(struct db_tx *, struct arena *, int64_t id, struct agreement_row *ret_row) MUST_CHECK;
enum err agreement_load_uid(struct db_tx *, struct arena *, const char *uid, struct agreement_row *ret_row) MUST_CHECK;
/* Every one, the newest first. */
enum err agreement_each(
    struct db_tx *, struct arena *, enum err (*visit)(const struct agreement_row *, void *arg), void *arg) MUST_CHECK;

/*
 * May a message leave under it now? Partner confirmed, in force, and (request not NULL) persons, subject, kind of
 * assistance and data covered. request->home is not looked at: it is us for a referral that we open, so say whose it is
 * by `home_is_us`. ERR_DENIED with the clause as field; ERR_NOT_FOUND for an unknown agreement.
 */
struct agreement_ask {
	struct agreement_request request;
	bool home_is_us;
};
enum err agreement_may_send(const struct casefile_act *, const char *uid, const struct agreement_ask *,
    const char **ret_clause, struct fault *) MUST_CHECK;
/* For the outbox, before it signs: only whether it is in force for what we send. */
enum err agreement_gate_out(
    struct db_tx *, const char *uid, int64_t partner_id, int64_t now, struct fault *) MUST_CHECK;

/*
 * Agreements in force with a confirmed partner in `country` (NULL: anywhere) under which we could refer this person's
 * case: [{id, uid, title, partner, partner_id, partner_uid, clause, article, words}]. `words` is a sentence that names
 * the clause that covers. `request.kind`, `home` and `categories` are set here.
 */
enum err agreement_suggest(const struct casefile_act *, enum lang, const struct agreement_request *,
    const char *country, json_t **ret_list) MUST_CHECK;

/* casework_plugin.home_view: puts "agreements" [{title, partner, since}] in force into the view. */
enum err agreement_home_view(struct office *, enum lang, json_t *view);

#endif
