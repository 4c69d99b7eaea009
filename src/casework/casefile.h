/*
 * A complaint and the case that it becomes: the one door through which its states change, and what it holds.
 *
 * The states and the arrows between them are data of the profile (states.json, docs/states.md). The program makes some
 * moves by itself when something is done: register, admit, ask_agency, agency_replied, close, reopen are needed;
 * others are made where the profile has them (casefile_move_if). Rules ask for the phase, not for a state.
 *
 * A referral to another institution is an object of its own beside the case, never a state of it.
 */
#ifndef SULH_CASEWORK_CASEFILE_H
#define SULH_CASEWORK_CASEFILE_H

#include "base/json.h"
#include "db/db.h"
#include "http/http.h"
#include "office/access.h"
#include "office/job.h"
#include "office/office.h"

#include <string.h>

static inline bool state_is(const struct state *state, const char *key)
{
	return !strcmp(state->key, key);
}

/* The rule: where this move leads from here, or why it may not be made. Pure. */
enum err casefile_next(const struct profile *, const struct state *from, const char *move, const struct state **ret_to,
    struct fault *) MUST_CHECK;

struct casefile { /* texts live in the arena given to casefile_load */
	int64_t id, version, received_at, assigned_to, due_at, closed_at;
	const struct state *state;                          /* of the profile */
	const char *unit;                                   /* key; "" until it was given to one */
	const char *team, *conflicts, *opened_to, *knowing; /* staff ids as in struct object */
	bool withheld;                                      /* the identity: person_name is an alias */
	const char *number, *channel, *lang, *content, *content_sha256;
	const char *body_key, *body_name, *body_country, *subject, *person_name, *due_rule, *closing;
	bool embassy_not_told;
	bool has_referral; /* some referral hangs on it */
};

enum err casefile_load(
    const struct office *, struct db_tx *, struct arena *, int64_t id, struct casefile *ret_case) MUST_CHECK;
enum err casefile_find(struct db_tx *, const char *number, int64_t *ret_id) MUST_CHECK;
struct object casefile_object(const struct casefile *); /* for may() */

/* The one door: asks the rule, checks the version the reader saw (0 = no check), moves, journals, writes the event,
 * keeps the tallies. `data` (stolen, may be NULL) is the event's. */
struct casefile_act {
	struct office *office;
	struct db_tx *tx;
	const struct actor *actor;
	int64_t now;
	struct arena *arena;
};
enum err casefile_move(const struct casefile_act *, struct casefile *, const char *move, int64_t seen_version,
    json_t *data, struct fault *) MUST_CHECK;
/* For what happens whether or not the profile has a state for it: makes the move when an arrow leads on from here, else
 * only checks and raises the version; writes `event` in either case. */
enum err casefile_move_if(const struct casefile_act *, struct casefile *, const char *move, const char *event,
    int64_t seen_version, json_t *data, struct fault *) MUST_CHECK;
/* Has the reader seen the case as it is now? ERR_CONFLICT otherwise; 0 asks for no check. */
enum err casefile_check_seen(const struct casefile *, int64_t seen_version, struct fault *) MUST_CHECK;
enum err casefile_assign(const struct casefile_act *, struct casefile *, int64_t staff_id, struct fault *) MUST_CHECK;
/* The same with the reason, which stands in the chronology. */
enum err casefile_assign_for(
    const struct casefile_act *, struct casefile *, int64_t staff_id, const char *reason, struct fault *) MUST_CHECK;
/* Gives it to a unit; '' takes it out of all. */
enum err casefile_set_unit(const struct casefile_act *, struct casefile *, const char *unit, struct fault *) MUST_CHECK;
/* Adds an officer to the team, or ends that; `part` as in the table case_member. */
enum err casefile_add_member(
    const struct casefile_act *, struct casefile *, int64_t staff_id, const char *part, struct fault *) MUST_CHECK;
enum err casefile_end_member(
    const struct casefile_act *, struct casefile *, int64_t staff_id, struct fault *) MUST_CHECK;
/* Nobody leads it any more. */
enum err casefile_unassign(const struct casefile_act *, struct casefile *, struct fault *) MUST_CHECK;
enum err casefile_close(const struct casefile_act *, struct casefile *, const char *reason_key, const char *words,
    int64_t seen_version, struct fault *) MUST_CHECK;

/* A referral hangs on the case from now on: liaison officers may work with it (called by cooperation). */
enum err casefile_mark_referral(struct db_tx *, int64_t casefile_id) MUST_CHECK;

/* --- what happened: casework/event.c --- */
/* Kinds stand in a table of each noun (casework/tables.h) with their sentences for the person and for officers,
 * {placeholders} from data: "…_at" are moments, objects are names by language, codes are put into words. */
struct event_kind {
	const char *key, *person, *officer; /* message keys; person NULL: the person does not see it */
};
struct event_table {
	const struct event_kind *at;
	size_t count;
};
enum err event_add(const struct casefile_act *, int64_t casefile_id, const char *kind, json_t *data_stolen) MUST_CHECK;
/* The chronology as the page shows it: [{id, at, when, kind, text, actor_name, shown, data}], oldest first. */
enum err event_list(
    const struct casefile_act *, enum lang, int64_t casefile_id, bool for_person, json_t **ret_list) MUST_CHECK;
/* What officers read of what came after the version that somebody holds, the newest first, at most 20. */
enum err event_list_since(
    const struct casefile_act *, enum lang, int64_t casefile_id, int64_t version, json_t **ret_list) MUST_CHECK;

/* A code of an event ("closing", "refusal", "result" …) in words; a names object by language. */
const char *event_code_words(enum lang, const struct profile *, const char *member, const char *code);
/* A sentence with {members} of the data put into words, as the chronology does it. */
char *event_words(const struct casefile_act *, enum lang, const char *pattern, const json_t *data);
const char *names_json_in(const json_t *names, enum lang);

/* --- words: casework/correspondence.c --- kinds 'to_person', 'from_person', 'note' */
enum err text_add(
    const struct casefile_act *, int64_t casefile_id, const char *kind, enum lang, const char *body) MUST_CHECK;
/* The same with an event of another kind than the text's: an acknowledgement is a letter too. */
enum err text_add_as(const struct casefile_act *, int64_t casefile_id, const char *kind, const char *event, enum lang,
    const char *body) MUST_CHECK;
enum err text_list(struct db_tx *, struct office *, enum lang reader, int64_t casefile_id, bool for_person,
    json_t **ret_list) MUST_CHECK;

/* --- clocks: casework/case_clock.c --- */
enum err case_clock_start(const struct casefile_act *, int64_t casefile_id, const struct clock_rule *) MUST_CHECK;
enum err case_clock_start_key(const struct casefile_act *, int64_t casefile_id, const char *rule_key) MUST_CHECK;
enum err case_clock_stop(const struct casefile_act *, int64_t casefile_id, const char *rule_key) MUST_CHECK;
/* Starts every clock of the profile that this event starts, stops every one that it ends. */
enum err case_clock_on(const struct casefile_act *, int64_t casefile_id, const char *event) MUST_CHECK;
/* How a clock looks in a list or on a page: {tone: ok|soon|late|paused|stopped, remaining, percent, due}. */
struct case_clock_times {
	int64_t started_at, due_at, stopped_at; /* stopped_at 0: it runs; due_at 0 then: it stands still */
	int64_t warn_hours;
};
json_t *case_clock_mark(const struct casefile_act *, enum lang, const struct case_clock_times *);
/* The same, with the rule's name, for a clock known by casefile.due_at (0: it stands still) and due_rule; `since`
 * stands for its start. */
json_t *case_clock_running(const struct casefile_act *, enum lang, const char *rule_key, int64_t due_at, int64_t since);
/* [{rule, name, mark, started, due, state, running, stopped, source, explanation{...}, words}] */
enum err case_clock_list(const struct casefile_act *, enum lang, int64_t casefile_id, json_t **ret_list) MUST_CHECK;

/* --- documents: casework/document.c --- */
struct document_new {
	const char *name, *type, *sha256, *origin;
	int64_t size;
};
enum err document_add(
    const struct casefile_act *, int64_t casefile_id, const struct document_new *, int64_t *ret_id) MUST_CHECK;
enum err document_list(struct db_tx *, struct office *, enum lang, int64_t casefile_id, json_t **ret_list) MUST_CHECK;

/* --- what rooms above add without being known here (cooperation) --- */
struct casework_plugin {
	/* Called in the transaction of every event. */
	enum err (*on_event)(const struct casefile_act *, int64_t casefile_id, const char *kind, const json_t *data);
	/* Add members to the officer's case page / to the person's page. */
	enum err (*case_view)(const struct casefile_act *, enum lang, const struct casefile *, json_t *view);
	enum err (*person_view)(const struct casefile_act *, enum lang, const struct casefile *, json_t *view);
	/* Add "agreements" [{title, partner, since}] that are in force to the first page. May be NULL. */
	enum err (*home_view)(struct office *, enum lang, json_t *view);
	/* Does another room still refer to this file? Asked before an abandoned upload's bytes go. May be NULL. */
	enum err (*blob_needed)(struct db_tx *, const char *sha256, bool *ret_needed);
};
void casework_plug(const struct casework_plugin *);   /* once, at start; NULL takes it out */
const struct casework_plugin *casework_plugged(void); /* NULL when none */

extern const struct db_migration *const casework_migrations[];
extern const size_t casework_migration_count;
/* Content of every complaint against its digest, documents against blobs, states against the journal: `sulh verify`. */
struct progress;
enum err casework_verify(struct office *, struct progress *, struct fault *) MUST_CHECK;

#endif
