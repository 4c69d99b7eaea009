/* Agreements as stored: loading, the gates that messages pass, and which agreement covers a case. */
#include "cooperation/agreement_db.h"

#include "agreement.sql.h"
#include "base/clockwork.h"
#include "base/util.h"
#include "cooperation/agreement_store.h"
#include "cooperation/exchange_inner.h"
#include "cooperation/partner.h"
#include "text/date.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* --- documents --------------------------------------------------------------------------------------------------- */

/* Documents that were proposed never change: each is parsed once per process. Only so many are kept, for a partner may
 * propose without end; those beyond live in the arena of whoever loads them. */
#define DOCUMENTS_KEPT 64
static struct cached_document {
	struct cached_document *next;
	char sha256[HASH_TEXT];
	struct agreement *document;
} * cache;
static size_t cache_count;
static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;

static bool cache_full(void)
{
	pthread_mutex_lock(&cache_lock);
	bool full = cache_count >= DOCUMENTS_KEPT;
	pthread_mutex_unlock(&cache_lock);
	return full;
}

static const struct agreement *cached(const char *sha256)
{
	pthread_mutex_lock(&cache_lock);
	const struct cached_document *one = cache;
	while (one && strcmp(one->sha256, sha256))
		one = one->next;
	pthread_mutex_unlock(&cache_lock);
	return one ? one->document : NULL;
}

static enum err cache_add(const char *sha256, const char *text, const struct agreement **ret)
{
	struct cached_document *one = calloc(1, sizeof(*one));
	if (!one)
		return ERR_MEMORY;
	if (agreement_parse(text, strlen(text), &one->document, NULL)) {
		free(one);
		return ERR_STORE;
	}
	copy_text(one->sha256, sizeof(one->sha256), sha256);
	pthread_mutex_lock(&cache_lock);
	one->next = cache; /* two threads may both add it: the same document twice does no harm */
	cache = one;
	cache_count++;
	pthread_mutex_unlock(&cache_lock);
	*ret = one->document;
	return OK;
}

static void free_document(void *document)
{
	agreement_free(document);
}

/* A draft changes with every save: it lives in the arena alone. */
static enum err parse_for_arena(struct arena *arena, const char *text, const struct agreement **ret)
{
	struct agreement *document;
	if (agreement_parse(text, strlen(text), &document, NULL))
		return ERR_STORE;
	arena_defer(arena, free_document, document);
	*ret = document;
	return OK;
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

static enum err read_status(const char *text, struct agreement_status *ret)
{
	json_t *json CLEANUP(json_decrefp) = NULL;
	if (json_parse(text, strlen(text), JSON_TEXT_LIMIT, &json, NULL) || agreement_status_parse(json, ret))
		return ERR_STORE;
	return OK;
}

static enum err read_row(struct arena *arena, const struct db_rows *rows, struct agreement_row *a)
{
	const char *text = db_col_text(rows, 3);
	enum err e = read_status(db_col_text(rows, 7), &a->status);
	if (!e)
		e = read_status(db_col_text(rows, 8), &a->arriving);
	if (e)
		return e;
	a->id = db_col_int(rows, 0);
	a->uid = arena_strdup(arena, db_col_text(rows, 1));
	a->partner_id = db_col_int(rows, 2);
	a->text = arena_strdup(arena, text);
	a->sha256 = arena_strdup(arena, db_col_text(rows, 4));
	a->ours = arena_strdup(arena, db_col_text(rows, 5));
	a->theirs = arena_strdup(arena, db_col_text(rows, 6));
	a->created_at = db_col_int(rows, 9);
	a->changed_at = db_col_int(rows, 10);
	a->version = db_col_int(rows, 11);
	a->document = a->status.proposer < 0 ? NULL : cached(a->sha256);
	if (!a->document && (a->status.proposer < 0 || cache_full()))
		e = parse_for_arena(arena, text, &a->document);
	else if (!a->document)
		e = cache_add(a->sha256, text, &a->document);
	if (e)
		return e;
	int them = agreement_party_of(a->document, db_col_text(rows, 12));
	a->us = 1 - them;
	return them < 0 ? ERR_STORE : OK;
}

static enum err load_one(
    struct db_tx *tx, struct arena *arena, const struct db_sql *sql, struct db_value key, struct agreement_row *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct agreement_row row;
	enum err e = db_query(tx, sql, DB_ARGS(key), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	e = read_row(arena, rows, &row);
	if (!e)
		*ret = row;
	return e;
}

enum err agreement_load(struct db_tx *tx, struct arena *arena, int64_t id, struct agreement_row *ret_row)
{
	return load_one(tx, arena, &sql_agreement_by_id, db_int(id), ret_row);
}

enum err agreement_load_uid(struct db_tx *tx, struct arena *arena, const char *uid, struct agreement_row *ret_row)
{
	return load_one(tx, arena, &sql_agreement_by_uid, db_text(uid), ret_row);
}

enum err agreement_each(
    struct db_tx *tx, struct arena *arena, enum err (*visit)(const struct agreement_row *, void *arg), void *arg)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_agreement_all, DB_NO_ARGS, &rows);
	while (!e && db_next(rows)) {
		struct agreement_row row;
		e = read_row(arena, rows, &row);
		if (!e)
			e = visit(&row, arg);
	}
	return e ? e : db_rows_error(rows);
}

/* --- storing ----------------------------------------------------------------------------------------------------- */

static char *status_text(struct arena *arena, const struct agreement_status *s)
{
	json_t *json = agreement_status_json(s);
	char *text CLEANUP(free_ptr) = json_compact_text(json);
	json_decref(json);
	return arena_strdup(arena, text);
}

enum err agreement_insert(const struct casefile_act *act, const struct agreement *document, int64_t partner_id,
    const char *theirs, int64_t *ret_id)
{
	const struct agreement_status none = AGREEMENT_STATUS_INIT;
	const char *text = agreement_text(document);
	char hash[HASH_TEXT];
	hash_text(hash, text, strlen(text));
	return db_get_int(act->tx, &sql_agreement_insert,
	    DB_ARGS(db_text(agreement_uid(document)), db_int(partner_id), db_text(text), db_text(hash), db_text(theirs),
		db_text(status_text(act->arena, &none)), db_int(act->now)),
	    ret_id);
}

enum err agreement_acts(
    struct db_tx *tx, struct arena *arena, int64_t id, struct agreement_act_row **ret_list, size_t *ret_n)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct agreement_act_row *list = NULL;
	size_t n = 0, room = 0;
	enum err e = db_query(tx, &sql_agreement_act_list, DB_ARGS(db_int(id)), &rows);
	while (!e && db_next(rows)) {
		if (n == room) {
			struct agreement_act_row *grown = arena_alloc(arena, (room * 2 + 8) * sizeof(*grown));
			if (n)
				memcpy(grown, list, n * sizeof(*grown));
			list = grown;
			room = room * 2 + 8;
		}
		struct agreement_act_row *one = &list[n++];
		const char *state = db_col_text(rows, 2);
		if (!message_type_parse(db_col_text(rows, 0), &one->type))
			e = ERR_STORE;
		one->party = (int)db_col_int(rows, 1);
		one->waiting = !strcmp(state, "waiting");
		one->refused = !strcmp(state, "refused");
		one->at = db_col_int(rows, 3);
		one->answered_at = db_col_int(rows, 4);
		one->actor_name = arena_strdup(arena, db_col_text(rows, 5));
		one->reason = arena_strdup(arena, db_col_text(rows, 6));
		one->lang = arena_strdup(arena, db_col_text(rows, 7));
		one->effective = arena_strdup(arena, db_col_text(rows, 8));
		one->refusal = arena_strdup(arena, db_col_text(rows, 9));
		one->message_id = arena_strdup(arena, db_col_text(rows, 10));
	}
	*ret_list = list;
	*ret_n = n;
	return e ? e : db_rows_error(rows);
}

/* What permits acts at its writer from the receipt on, what stops from its recording (docs/exchange.md section 13). */
static bool counts(const struct agreement_act_row *act, bool arriving)
{
	bool permits = act->type == MESSAGE_AGREEMENT_SIGN || act->type == MESSAGE_AGREEMENT_RESUME;
	return !act->refused && (!act->waiting || !permits || arriving);
}

struct agreement_status agreement_fold(const struct agreement_act_row *list, size_t n, bool arriving)
{
	struct agreement_status s = AGREEMENT_STATUS_INIT;
	/* Our signature that a decline has met will be refused: it counts for nothing any more. */
	for (size_t i = 0; i < n; i++)
		if (list[i].type == MESSAGE_AGREEMENT_DECLINE && !list[i].refused)
			arriving = false;
	for (size_t i = 0; i < n; i++) {
		const struct agreement_act act = { list[i].type, list[i].party,
			list[i].effective[0] ? list[i].effective : NULL, true };
		struct agreement_status next;
		if (counts(&list[i], arriving) && agreement_move(&s, &act, &next, NULL, NULL) == OK)
			s = next;
	}
	return s;
}

enum err agreement_refold(const struct casefile_act *act, int64_t id)
{
	struct agreement_act_row *list;
	size_t n;
	enum err e = agreement_acts(act->tx, act->arena, id, &list, &n);
	if (e)
		return e;
	const struct agreement_status status = agreement_fold(list, n, false), arriving = agreement_fold(list, n, true);
	return db_run(act->tx, &sql_agreement_set_status,
	    DB_ARGS(db_int(id), db_text(status_text(act->arena, &status)), db_text(status_text(act->arena, &arriving)),
		db_int(act->now)));
}

/* --- gates ------------------------------------------------------------------------------------------------------- */

static enum err unknown(struct fault *fault)
{
	return fault_set(
	    fault, ERR_DENIED, "agr", N_("There is no agreement of this number between the two offices."), NULL);
}

/* The parsed document by its digest; from the database only the first time. */
static enum err document_of(struct db_tx *tx, const char *uid, const char *sha256, const struct agreement **ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	if ((*ret = cached(sha256)))
		return OK;
	enum err e = db_query(tx, &sql_agreement_by_uid, DB_ARGS(db_text(uid)), &rows);
	if (e || !db_next(rows))
		return e ? e : ERR_STORE;
	return cache_add(sha256, db_col_text(rows, 3), ret);
}

static enum err gate(
    struct db_tx *tx, const char *uid, int64_t partner_id, bool arriving, int64_t now, struct fault *fault)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct agreement_status status;
	const struct agreement *document;
	char sha256[HASH_TEXT];
	enum err e = db_query(tx, &sql_agreement_gate, DB_ARGS(db_text(uid)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : unknown(fault);
	if (db_col_int(rows, 0) != partner_id)
		return unknown(fault);
	copy_text(sha256, sizeof(sha256), db_col_text(rows, 1));
	e = read_status(db_col_text(rows, arriving ? 3 : 2), &status);
	if (!e && status.proposer < 0)
		return unknown(fault);
	if (!e)
		e = document_of(tx, uid, sha256, &document);
	return e ? e : agreement_in_force(document, &status, now, fault);
}

enum err agreement_gate(struct db_tx *tx, const char *uid, int64_t partner_id, int64_t now, struct fault *fault)
{
	return gate(tx, uid, partner_id, true, now, fault);
}

enum err agreement_gate_out(struct db_tx *tx, const char *uid, int64_t partner_id, int64_t now, struct fault *fault)
{
	return gate(tx, uid, partner_id, false, now, fault);
}

static enum err check_partner(const struct casefile_act *act, int64_t partner_id, struct fault *fault)
{
	struct partner p;
	enum err e = partner_load(act->tx, act->arena, partner_id, &p);
	if (!e && strcmp(p.state, "confirmed"))
		return fault_set(fault, ERR_DENIED, "partner", N_("The partner is not confirmed."), NULL);
	return e;
}

enum err agreement_may_send(const struct casefile_act *act, const char *uid, const struct agreement_ask *ask,
    const char **ret_clause, struct fault *fault)
{
	struct agreement_row a;
	const char *clause = MESSAGE_REFERRAL_CLAUSE;
	enum err e = agreement_load_uid(act->tx, act->arena, uid, &a);
	if (!e)
		e = check_partner(act, a.partner_id, fault);
	if (!e)
		e = agreement_in_force(a.document, &a.status, act->now, fault);
	if (!e && ask) {
		struct agreement_request request = ask->request;
		request.home = ask->home_is_us ? a.us : 1 - a.us;
		e = agreement_allows(a.document, &request, &clause, fault);
	}
	if (!e)
		*ret_clause = clause;
	return e;
}

/* --- which one covers? ------------------------------------------------------------------------------------------- */

struct suggesting {
	const struct casefile_act *act;
	enum lang lang;
	const struct agreement_request *request;
	const char *country;
	json_t *list;
};

static json_t *suggestion(const struct suggesting *s, const struct agreement_row *a, const struct partner *p)
{
	json_t *one = json_object();
	const char *title = agreement_title(a->document, lang_code(s->lang));
	const char *partner = partner_name(s->act->arena, p, s->lang);
	int article = agreement_article(MESSAGE_REFERRAL_CLAUSE);
	json_put_int(one, "id", a->id);
	json_put_str(one, "uid", a->uid);
	json_put_str(one, "title", title);
	json_put_str(one, "partner", partner);
	json_put_int(one, "partner_id", p->id);
	json_put_str(one, "partner_uid", p->uid);
	json_put_str(one, "clause", MESSAGE_REFERRAL_CLAUSE);
	json_put_int(one, "article", article);
	json_put_str(one, "words",
	    text_format(s->act->arena, s->lang,
		N_("“{title}” with {partner} covers this person and this subject (articles 2 and 3) and provides for "
		   "referrals (article {article})."),
		"title", title, "partner", partner, "article", number_text(s->act->arena, s->lang, article), NULL));
	return one;
}

static enum err suggest_one(const struct agreement_row *a, void *arg)
{
	struct suggesting *s = arg;
	struct agreement_request request = *s->request;
	struct partner p;
	const char *clause;
	if (agreement_in_force(a->document, &a->status, s->act->now, NULL))
		return OK;
	enum err e = partner_load(s->act->tx, s->act->arena, a->partner_id, &p);
	if (e)
		return e;
	request.kind = "referral";
	request.home = a->us;
	request.categories = NULL;
	if (strcmp(p.state, "confirmed") || (s->country && s->country[0] && strcmp(p.country, s->country)) ||
	    agreement_allows(a->document, &request, &clause, NULL))
		return OK;
	json_add(s->list, suggestion(s, a, &p));
	return OK;
}

enum err agreement_suggest(const struct casefile_act *act, enum lang lang, const struct agreement_request *request,
    const char *country, json_t **ret_list)
{
	struct suggesting s = { act, lang, request, country, json_array() };
	enum err e = agreement_each(act->tx, act->arena, suggest_one, &s);
	if (e)
		json_decref(s.list);
	else
		*ret_list = s.list;
	return e;
}

/* --- the first page ---------------------------------------------------------------------------------------------- */

struct home_work {
	struct office *office;
	enum lang lang;
	int64_t now;
	struct arena *arena;
	struct db_tx *tx;
	json_t *list;
};

static enum err home_one(const struct agreement_row *a, void *arg)
{
	struct home_work *work = arg;
	struct partner p;
	struct civil from;
	if (agreement_in_force(a->document, &a->status, work->now, NULL))
		return OK;
	enum err e = partner_load(work->tx, work->arena, a->partner_id, &p);
	if (e || strcmp(p.state, "confirmed"))
		return e;
	json_t *one = json_object();
	json_put_str(one, "title", agreement_title(a->document, lang_code(work->lang)));
	json_put_str(one, "partner", partner_name(work->arena, &p, work->lang));
	/* A civil date means the same everywhere: written out at UTC, no zone can move it. */
	if (civil_parse(json_str_or(agreement_json(a->document), "valid_from", ""), &from) == OK)
		json_put_str(one, "since", date_long(work->arena, work->lang, "UTC", civil_days(from) * 86400000));
	json_add(work->list, one);
	return OK;
}

static enum err read_home(struct db_tx *tx, void *arg)
{
	struct home_work *work = arg;
	json_decref(work->list);
	work->list = json_array();
	work->tx = tx;
	return agreement_each(tx, work->arena, home_one, work);
}

enum err agreement_home_view(struct office *office, enum lang lang, json_t *view)
{
	struct home_work work = { .office = office, .lang = lang, .now = now_ms(), .arena = arena_new(0) };
	enum err e = db_read(office->db, read_home, &work);
	if (e)
		json_decref(work.list);
	else
		json_put(view, "agreements", work.list);
	arena_free(work.arena);
	return e;
}
