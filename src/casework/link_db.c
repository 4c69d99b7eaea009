/* How cases hang together: added, undone, closed together, made from one another. */
#include "casework/link.h"

#include "base/id.h"
#include "base/util.h"
#include "casework/case_acts.h"
#include "casework/intake.h"
#include "crypto/crypto.h"
#include "link.sql.h"
#include "office/journal.h"
#include "text/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CHAIN_MAX 64   /* a longer chain of derived cases than this is no work of people */
#define JOINED_MAX 100 /* more than are closed in one go: the first of them is reason enough */

static struct link_end read_end(struct arena *arena, const struct db_rows *rows)
{
	const char *key = db_col_text(rows, 2);
	return (struct link_end) { .id = db_col_int(rows, 0),
		.number = arena_strdup(arena, db_col_text(rows, 1)),
		/* A listed body and a name that was only written are never the same. */
		.respondent = *key ? arena_printf(arena, "key:%s", key)
				   : arena_printf(arena, "name:%s", text_fold(arena, db_col_text(rows, 3))),
		.closed = db_col_int(rows, 4) == PHASE_CLOSED,
		.own_initiative = !strcmp(db_col_text(rows, 5), "own_initiative"),
		.reopened = db_col_int(rows, 6) != 0,
		.joined_into = db_col_int(rows, 8),
		.joined = db_col_int(rows, 9) };
}

static enum err load_end(const struct casefile_act *act, int64_t id, struct link_end *ret_end)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_link_end, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	*ret_end = read_end(act->arena, rows);
	return OK;
}

/* The ids above a case, breadth first, each once. */
static enum err load_chain(struct db_tx *tx, int64_t id, int64_t chain[CHAIN_MAX], size_t *ret_n)
{
	size_t n = 0;
	int64_t at = id;
	for (size_t next = 0;; at = chain[next++]) {
		struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
		enum err e = db_query(tx, &sql_link_above, DB_ARGS(db_int(at)), &rows);
		while (!e && n < CHAIN_MAX && db_next(rows))
			chain[n++] = db_col_int(rows, 0);
		if (!e)
			e = db_rows_error(rows);
		if (e)
			return e;
		if (next == n)
			break;
	}
	*ret_n = n;
	return OK;
}

/* What is not the actor's is answered like what does not exist. */
static enum err load_other(
    const struct casefile_act *act, int64_t id, enum act right, struct casefile *ret_case, struct fault *fault)
{
	enum err e = id ? casefile_load(act->office, act->tx, act->arena, id, ret_case) : ERR_NOT_FOUND;
	const struct object object = e ? (struct object) { 0 } : casefile_object(ret_case);
	if (e && e != ERR_NOT_FOUND)
		return e;
	if (e || may(act->actor, right, &object, NULL))
		return fault_set(
		    fault, ERR_INVALID, "other", N_("There is no case with this number that you may link."), NULL);
	return OK;
}

static enum err journal_link(
    const struct casefile_act *act, const char *name, int64_t from, int64_t to, enum link_kind kind, const char *reason)
{
	char object[64];
	json_t *payload = json_object();
	json_put_int(payload, "to", to);
	json_put_str(payload, "kind", link_kinds[kind]);
	json_put_str(payload, "reason", reason);
	return journal_write(
	    act->tx, act->now, act->actor->tag, name, journal_object(object, "casefile", from), payload);
}

/* In every language at once: the chronology is read in the reader's own. */
static json_t *kind_names(enum link_kind kind, bool from_here)
{
	json_t *names = json_object();
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		json_put_str(names, lang_code(lang), text_get(lang, link_kind_words(kind, from_here)));
	return names;
}

static json_t *link_data(enum link_kind kind, bool from_here, const char *number, const char *reason)
{
	json_t *data = json_object();
	json_put_str(data, "link", link_kinds[kind]);
	json_put(data, "link_name", kind_names(kind, from_here));
	json_put_str(data, "number", number);
	json_put_str(data, "words", reason);
	return data;
}

/* Both cases tell of it. Only joining concerns the persons: their complaint is looked into together with others. */
static enum err tell(const struct casefile_act *act, const struct casefile *from, const struct casefile *to,
    enum link_kind kind, const char *reason)
{
	enum err e = event_add(act, from->id, "linked_to", link_data(kind, true, to->number, reason));
	return e ? e
		 : event_add(act, to->id, kind == LINK_JOINED ? "joined_into" : "linked_from",
		       link_data(kind, false, from->number, reason));
}

static enum err insert(const struct casefile_act *act, const struct casefile *from, const struct casefile *to,
    enum link_kind kind, const char *reason, int64_t *ret_id, struct fault *fault)
{
	int64_t before;
	enum err e = db_get_int(
	    act->tx, &sql_link_between, DB_ARGS(db_int(from->id), db_int(to->id), db_text(link_kinds[kind])), &before);
	if (!e)
		return fault_set(
		    fault, ERR_CONFLICT, "other", N_("These two cases are linked like this already."), NULL);
	if (e != ERR_NOT_FOUND)
		return e;
	e = db_get_int(act->tx, &sql_link_insert,
	    DB_ARGS(db_int(from->id), db_int(to->id), db_text(link_kinds[kind]), db_text(reason), db_int(act->now),
		db_text(act->actor->name)),
	    ret_id);
	if (!e)
		e = journal_link(act, "casefile.link", from->id, to->id, kind, reason);
	return e ? e : tell(act, from, to, kind, reason);
}

static enum err ask_rule(
    const struct casefile_act *act, enum link_kind kind, int64_t from, int64_t to, struct fault *fault)
{
	struct link_end ends[2];
	int64_t chain[CHAIN_MAX];
	size_t n = 0;
	enum err e = load_end(act, from, &ends[0]);
	if (!e)
		e = load_end(act, to, &ends[1]);
	if (!e)
		e = load_chain(act->tx, from, chain, &n);
	return e ? e : link_may_add(kind, &ends[0], &ends[1], chain, n, fault);
}

enum err link_add(const struct casefile_act *act, struct casefile *c, const struct link_new *new, int64_t *ret_id,
    struct fault *fault)
{
	struct casefile other;
	if (new->kind == LINK_JOINED && !*new->reason)
		return fault_set(fault, ERR_INVALID, "reason", N_("Say why these cases are joined."), NULL);
	enum err e = load_other(act, new->other, ACT_CASE_LINK, &other, fault);
	const struct casefile *from = new->here_first ? c : &other, *to = new->here_first ? &other : c;
	if (!e)
		e = casefile_check_seen(c, new->version, fault);
	if (!e)
		e = ask_rule(act, new->kind, from->id, to->id, fault);
	return e ? e : insert(act, from, to, new->kind, new->reason, ret_id, fault);
}

struct link_row {
	int64_t from, to;
	enum link_kind kind;
	bool undone;
};

static enum err load_link(struct db_tx *tx, int64_t id, struct link_row *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_link_by_id, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	ret->from = db_col_int(rows, 0);
	ret->to = db_col_int(rows, 1);
	ret->undone = db_col_int(rows, 3) != 0;
	return link_kind_parse(db_col_text(rows, 2), &ret->kind) ? OK : ERR_STORE;
}

enum err link_undo(
    const struct casefile_act *act, struct casefile *c, int64_t link_id, const char *reason, struct fault *fault)
{
	struct link_row link;
	struct casefile other;
	enum err e = load_link(act->tx, link_id, &link);
	if (!e && link.from != c->id && link.to != c->id)
		e = ERR_NOT_FOUND; /* another case's, whatever the address says */
	if (!e && link.undone)
		return fault_set(fault, ERR_CONFLICT, "reason", N_("This link was undone already."), NULL);
	if (!e)
		e = load_other(act, link.from == c->id ? link.to : link.from, ACT_CASE_LINK, &other, fault);
	if (!e)
		e = db_run(act->tx, &sql_link_undo,
		    DB_ARGS(db_int(link_id), db_int(act->now), db_text(act->actor->name), db_text(reason)));
	if (!e)
		e = journal_link(act, "casefile.unlink", link.from, link.to, link.kind, reason);
	if (!e)
		e = event_add(
		    act, c->id, "link_undone", link_data(link.kind, link.from == c->id, other.number, reason));
	return e ? e
		 : event_add(act, other.id, "link_undone", link_data(link.kind, link.to == c->id, c->number, reason));
}

/* --- closing ----------------------------------------------------------------------------------------------------- */

struct joined {
	struct link_end main, *at;
	size_t n;
};

/* The open ones only: what is closed keeps nothing open. */
static enum err load_joined(const struct casefile_act *act, int64_t main_id, struct joined *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_link_joined_open, DB_ARGS(db_int(main_id), db_int(JOINED_MAX)), &rows);
	ret->at = arena_alloc(act->arena, JOINED_MAX * sizeof(*ret->at));
	ret->n = 0;
	while (!e && ret->n < JOINED_MAX && db_next(rows))
		ret->at[ret->n++] = read_end(act->arena, rows);
	if (!e)
		e = db_rows_error(rows);
	return e ? e : load_end(act, main_id, &ret->main);
}

enum err link_guard_close(const struct casefile_act *act, const struct casefile *c, struct fault *fault)
{
	struct joined joined;
	enum err e = load_joined(act, c->id, &joined);
	return e ? e : link_may_close_main(&joined.main, joined.at, joined.n, false, fault);
}

static const struct joint_letter *letter_for(const struct joint_close *close, int64_t id)
{
	for (size_t i = 0; i < close->letters; i++)
		if (close->letter[i].casefile_id == id && *close->letter[i].words)
			return &close->letter[i];
	return NULL;
}

/* One of them: its own right, its own letter, its own closing. */
static enum err close_joined(
    const struct casefile_act *act, const struct link_end *end, const struct joint_close *close, struct fault *fault)
{
	const struct joint_letter *letter = letter_for(close, end->id);
	struct casefile c;
	if (!letter)
		return fault_set(fault, ERR_INVALID, "letters", N_("Write a letter to the person of {number} too."),
		    "number", end->number, NULL);
	enum err e = load_other(act, end->id, ACT_CASE_WORK, &c, fault);
	if (!e)
		e = text_add(act, c.id, "to_person", case_person_lang(act, &c), letter->words);
	return e ? e : casefile_close(act, &c, close->closing, letter->words, 0, fault);
}

enum err link_close_together(
    const struct casefile_act *act, struct casefile *main, const struct joint_close *close, struct fault *fault)
{
	struct joined joined;
	enum err e = casefile_check_seen(main, close->version, fault);
	if (!e)
		e = load_joined(act, main->id, &joined);
	if (!e)
		e = link_may_close_main(&joined.main, joined.at, joined.n, true, fault);
	for (size_t i = 0; !e && i < joined.n; i++)
		if (!joined.at[i].closed)
			e = close_joined(act, &joined.at[i], close, fault);
	return e ? e : casefile_close(act, main, close->closing, close->words, 0, fault);
}

/* --- made from another ------------------------------------------------------------------------------------------- */

static struct intake_party person_of(const json_t *content, const char *name)
{
	const json_t *person = json_object_get(content, "person");
	struct intake_party p = { .role = "complainant",
		.name = json_str_or(person, "name", ""),
		.father_name = json_str_or(person, "father_name", ""),
		.birth_date = json_str_or(person, "birth_date", ""),
		.nationality = json_str_or(person, "nationality", ""),
		.passport_no = json_str_or(person, "passport_no", ""),
		.phone = json_str_or(person, "phone", ""),
		.email = json_str_or(person, "email", ""),
		.address = json_str_or(person, "address", "") };
	if (*name)
		p = (struct intake_party) { "complainant", name, "", "", "", "", "", "", "" };
	return p;
}

static enum err check_derived(const struct casefile *c, const struct derived_new *new, struct fault *fault)
{
	/* The true name must not come into a second case by the way. */
	if (new->keep_person && c->withheld)
		return fault_set(fault, ERR_CONFLICT, "keep",
		    N_("The identity is withheld in this case; take the new complaint down for itself."), NULL);
	if (new->keep_person && !*new->facts)
		return fault_set(fault, ERR_INVALID, "facts", N_("Write what the new case is about."), NULL);
	if (!new->keep_person && !*new->person_name)
		return fault_set(fault, ERR_INVALID, "person_name", N_("Write the name of the new complainant."), NULL);
	return OK;
}

static enum err file_derived(const struct casefile_act *act, const struct casefile *c, const struct derived_new *new,
    const json_t *content, struct intake_result *ret, struct fault *fault)
{
	static const char *const none[] = { NULL };
	uint8_t bytes[12];
	char token[32];
	random_bytes(bytes, sizeof(bytes));
	base64url_encode(token, bytes, sizeof(bytes));
	struct intake in = { .submission = arena_printf(act->arena, "derived:%s:%s", c->number, token),
		.channel = "desk",
		.lang = case_person_lang(act, c),
		.person = person_of(content, new->keep_person ? "" : new->person_name),
		.body_key = c->body_key,
		.body_name = c->body_name,
		.body_country = c->body_country,
		.subject = c->subject,
		.facts = *new->facts ? new->facts : json_str_or(content, "facts", ""),
		.remedy = new->keep_person ? "" : json_str_or(content, "remedy", ""),
		.steps_taken = "",
		.embassy_not_told = c->embassy_not_told,
		.declarations = none };
	return intake_file_in(act, &in, ret, fault);
}

enum err link_derive(const struct casefile_act *act, struct casefile *c, const struct derived_new *new, int64_t *ret_id,
    struct fault *fault)
{
	json_t *content;
	struct intake_result result;
	struct casefile made;
	int64_t link;
	enum err e = check_derived(c, new, fault);
	if (!e)
		e = json_parse(c->content, strlen(c->content), JSON_TEXT_LIMIT, &content, NULL);
	if (e)
		return e;
	json_owned(act->arena, content);
	e = file_derived(act, c, new, content, &result, fault);
	if (!e)
		e = casefile_load(act->office, act->tx, act->arena, result.casefile_id, &made);
	if (!e)
		e = insert(act, c, &made, LINK_DERIVED, new->reason, &link, fault);
	if (!e)
		*ret_id = made.id;
	return e;
}
