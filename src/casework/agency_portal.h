/*
 * What a body sees of this office: the requests addressed to it, and nothing else. Reading is asked for here. A request
 * is shown as the officer sent it: its letter, the files chosen, and who complained only when the officer said so;
 * where the body is not told, the files lose their names too, because people name files after themselves.
 */
#ifndef SULH_CASEWORK_AGENCY_PORTAL_H
#define SULH_CASEWORK_AGENCY_PORTAL_H

#include "casework/agency.h"

#define AGENCY_PAGE 50

struct agency_ask {
	bool ended; /* answered and withdrawn ones instead of the open ones */
	bool keyed; /* goes on after this key */
	int64_t key_at, key_id;
};
/* `of` is NULL, "open" or "answered"; `after` as the view's link holds it. */
enum err agency_ask_parse(const char *of, const char *after, struct agency_ask *ret, struct fault *) MUST_CHECK;

/* The request as an object for may(): its body's path. */
enum err agency_object(
    const struct casefile_act *, const struct agency_request *, struct object *ret_object) MUST_CHECK;
/* A request that the actor's body may see; ERR_NOT_FOUND for every other, as if it did not exist. */
enum err agency_open(const struct casefile_act *, int64_t id, struct agency_request *ret, struct fault *) MUST_CHECK;

/* Adds requests[], has_requests, tabs[], page_after, body_title. */
enum err agency_portal_list(const struct casefile_act *, enum lang, const struct agency_ask *, json_t *view) MUST_CHECK;
/* Adds request{…}, documents[], can{answer extend}. */
enum err agency_portal_show(
    const struct casefile_act *, enum lang, int64_t id, json_t *view, struct fault *) MUST_CHECK;

struct agency_file {
	const char *name, *type, *sha256;
	int64_t size;
};
/* A file that went along with the request, or came with the answer. */
enum err agency_portal_file(const struct casefile_act *, int64_t request_id, int64_t document_id,
    struct agency_file *ret, struct fault *) MUST_CHECK;

/* offers[] that were put before the person, for their own page (agency_person.c). */
enum err agency_person_view(const struct casefile_act *, enum lang, const struct casefile *, json_t *view) MUST_CHECK;

/* --- shared with the officer's tab and the person's page --- */

/* {key, label, tone} */
json_t *agency_state_json(enum lang, enum agency_state);
/* id, body_label, letter, questions[], asked, due, state, late, position…, reply, remedy, remedy_due, person_… */
json_t *agency_request_json(const struct casefile_act *, enum lang, const struct agency_request *);
/* [{until, reason, asked, decided, granted, granted_until, words}] of one request, out of a query of theirs. */
json_t *agency_extension_json(const struct casefile_act *, enum lang, const struct db_rows *);

#endif
