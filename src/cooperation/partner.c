/* Partner institutions: fetched, compared by people, pinned. */
#include "cooperation/partner.h"
#include "base/id.h"
#include "base/util.h"
#include "cooperation/exchange_inner.h"
#include "cooperation/net.h"
#include "crypto/envelope.h"
#include "message.sql.h"
#include "office/job.h"
#include "office/journal.h"
#include "partner.sql.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDENTITY_LIMIT (64 * 1024)
#define ADDRESS_MAX 250 /* bytes: with our paths behind it, it fits where addresses are made */

/* --- stored partners --------------------------------------------------------------------------------------------- */

static void read_partner(struct arena *arena, const struct db_rows *rows, struct partner *p)
{
	const char **text[] = { &p->uid, &p->name_json, &p->country, &p->url, &p->keys_json, &p->fingerprint,
		&p->state };
	p->id = db_col_int(rows, 0);
	for (size_t i = 0; i < ARRAY_LEN(text); i++)
		*text[i] = arena_strdup(arena, db_col_text(rows, 1 + (int)i));
	p->confirmed_at = db_col_int(rows, 8);
}

static enum err load_one(
    struct db_tx *tx, struct arena *arena, const struct db_sql *sql, struct db_value key, struct partner *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, sql, DB_ARGS(key), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	read_partner(arena, rows, ret);
	return OK;
}

enum err partner_load(struct db_tx *tx, struct arena *arena, int64_t id, struct partner *ret_partner)
{
	return load_one(tx, arena, &sql_partner_by_id, db_int(id), ret_partner);
}

enum err partner_find(struct db_tx *tx, struct arena *arena, const char *uid, struct partner *ret_partner)
{
	return load_one(tx, arena, &sql_partner_by_uid, db_text(uid), ret_partner);
}

enum err partner_each(
    struct db_tx *tx, struct arena *arena, void (*visit)(const struct partner *, void *arg), void *arg)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_partner_all, DB_NO_ARGS, &rows);
	while (!e && db_next(rows)) {
		struct partner p;
		read_partner(arena, rows, &p);
		visit(&p, arg);
	}
	return e ? e : db_rows_error(rows);
}

const char *partner_name(struct arena *arena, const struct partner *p, enum lang lang)
{
	json_t *names = NULL;
	if (json_parse(p->name_json, strlen(p->name_json), IDENTITY_LIMIT, &names, NULL))
		return p->uid;
	return names_json_in(json_owned(arena, names), lang);
}

/* Key sets parsed once per process: a fingerprint names one set for ever. */
static struct cached_keys {
	struct cached_keys *next;
	char fingerprint[FINGERPRINT_TEXT];
	struct public_keys *keys;
} * cache;
static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;

static enum err parse_keys(const struct partner *p, struct cached_keys **ret)
{
	json_t *jwks CLEANUP(json_decrefp) = NULL;
	struct cached_keys *one = calloc(1, sizeof(*one));
	if (!one)
		return ERR_MEMORY;
	enum err e = json_parse(p->keys_json, strlen(p->keys_json), IDENTITY_LIMIT, &jwks, NULL);
	if (!e)
		e = public_keys_parse(jwks, &one->keys, NULL);
	if (e) {
		free(one);
		return e;
	}
	copy_text(one->fingerprint, sizeof(one->fingerprint), p->fingerprint);
	*ret = one;
	return OK;
}

enum err partner_keys(const struct partner *p, const struct public_keys **ret_keys)
{
	enum err e = OK;
	pthread_mutex_lock(&cache_lock);
	struct cached_keys *one = cache;
	while (one && strcmp(one->fingerprint, p->fingerprint))
		one = one->next;
	if (!one && !(e = parse_keys(p, &one))) {
		one->next = cache;
		cache = one;
	}
	pthread_mutex_unlock(&cache_lock);
	if (!e)
		*ret_keys = one->keys;
	return e;
}

/* --- identities -------------------------------------------------------------------------------------------------- */

static json_t *names_object(const struct names *names)
{
	json_t *object = json_object();
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		if (names->in[lang])
			json_put_str(object, lang_code(lang), names->in[lang]);
	return object;
}

enum err identity_make(struct office *office, int64_t now, char **ret_jws)
{
	const struct profile *profile = office->profile;
	json_t *payload = json_object(), *protocol = json_array();
	json_add(protocol, json_integer(1));
	json_put_str(payload, "id", office->uid);
	json_put(payload, "name", names_object(&profile->name));
	json_put_str(payload, "country", profile->country);
	json_put_str(payload, "profile", profile->key);
	json_put_str(payload, "url", office->config.public_url);
	json_put(payload, "jwks", public_keys_json(keys_public(office->keys)));
	json_put(payload, "protocol", protocol);
	json_put_int(payload, "iat", now / 1000);
	char *text CLEANUP(free_ptr) = json_canonical_text(payload);
	json_decref(payload);
	if (!text)
		return ERR_INTERNAL;
	return jws_sign(office->keys, TYP_IDENTITY, NULL, text, strlen(text), ret_jws);
}

struct identity {
	json_t *payload; /* owned */
	char *names, *jwks;
	char fingerprint[FINGERPRINT_TEXT];
	const char *uid, *country;
};

static void identity_done(struct identity *id)
{
	json_decref(id->payload);
	free(id->names);
	free(id->jwks);
}

static enum err unusable(struct fault *fault)
{
	return fault_set(fault, ERR_UNTRUSTED, "url",
	    N_("What this address shows is not the signed identity of an institution."), NULL);
}

/* The payload before anything is believed: it brings the keys with which it must verify itself. */
static json_t *unverified_payload(const char *jws)
{
	json_t *header = NULL, *payload = NULL;
	if (jws_peek(jws, TYP_IDENTITY, &header, NULL))
		return NULL;
	json_decref(header);
	const char *from = strchr(jws, '.') + 1, *to = strchr(from, '.');
	char *text CLEANUP(free_ptr) = malloc((size_t)(to - from) + 1);
	size_t len;
	if (!text || base64url_decode(from, (size_t)(to - from), text, (size_t)(to - from), &len) ||
	    json_parse(text, len, IDENTITY_LIMIT, &payload, NULL))
		return NULL;
	return payload;
}

static enum err identity_read(const char *jws, struct identity *ret, struct fault *fault)
{
	struct identity id = { .payload = unverified_payload(jws) };
	struct public_keys *keys = NULL;
	json_t *header = NULL;
	char *text = NULL;
	size_t len;
	enum err e = id.payload ? public_keys_parse(json_object_get(id.payload, "jwks"), &keys, NULL) : ERR_UNTRUSTED;
	if (!e)
		e = jws_verify(keys, TYP_IDENTITY, jws, &header, &text, &len, NULL);
	if (!e) {
		id.uid = json_str_or(id.payload, "id", "");
		id.country = json_str_or(id.payload, "country", "");
		id.names = json_compact_text(json_object_get(id.payload, "name"));
		id.jwks = json_compact_text(json_object_get(id.payload, "jwks"));
		public_keys_fingerprint(keys, id.fingerprint);
		/* At the first pairing the office id is the key's own thumbprint: nobody can take another's id. */
		if (strcmp(id.uid, public_keys_sign_id(keys)) || strlen(id.country) != 2 || !id.names || !id.jwks)
			e = ERR_UNTRUSTED;
	}
	json_decref(header);
	free(text);
	public_keys_free(keys);
	if (e) {
		identity_done(&id);
		return unusable(fault);
	}
	*ret = id;
	return OK;
}

static enum err fetch_identity(const char *base, struct buf *answer, struct fault *fault)
{
	char url[400];
	int status = 0;
	struct net *net = net_new();
	if (!net)
		return ERR_MEMORY;
	snprintf(url, sizeof(url), "%s/exchange/v1/identity", base);
	enum err e = net_send(net, &(struct net_request) { "GET", url, NULL, NULL, 0 }, &status, answer, fault);
	net_free(net);
	return e ? e : status == 200 && answer->len ? OK : unusable(fault);
}

/* A public office has no business with servers on its own machine, which trust whoever asks from there. */
static enum err check_address(const struct office *office, const char *url, struct fault *fault)
{
	if (strlen(url) > ADDRESS_MAX)
		return fault_set(fault, ERR_INVALID, "url", N_("This address is too long."), NULL);
	if (net_loopback(url) && !net_loopback(office->config.public_url))
		return fault_set(
		    fault, ERR_INVALID, "url", N_("This is an address of our own machine, not of a partner."), NULL);
	return OK;
}

struct see_work {
	const struct casefile_act *act;
	const struct identity *identity;
	const char *url;
	int64_t id;
};

static enum err store_seen(struct db_tx *tx, void *arg)
{
	struct see_work *work = arg;
	const struct identity *id = work->identity;
	const struct casefile_act *act = work->act;
	struct partner known;
	char object[64];
	enum err e = partner_find(tx, act->arena, id->uid, &known);
	if (!e) {
		/* Pinned keys never change by fetching again; only what nobody has confirmed yet is refreshed. */
		work->id = known.id;
		return db_run(tx, &sql_partner_refresh,
		    DB_ARGS(db_int(known.id), db_text(id->names), db_text(id->country), db_text(work->url),
			db_text(id->jwks), db_text(id->fingerprint)));
	}
	if (e != ERR_NOT_FOUND)
		return e;
	e = db_get_int(tx, &sql_partner_insert,
	    DB_ARGS(db_text(id->uid), db_text(id->names), db_text(id->country), db_text(work->url), db_text(id->jwks),
		db_text(id->fingerprint), db_int(act->now)),
	    &work->id);
	if (e)
		return e;
	json_t *payload = json_object();
	json_put_str(payload, "uid", id->uid);
	json_put_str(payload, "fingerprint", id->fingerprint);
	return journal_write(
	    tx, act->now, act->actor->tag, "partner.see", journal_object(object, "partner", work->id), payload);
}

enum err partner_take(
    const struct casefile_act *act, const char *url, const char *jws, int64_t *ret_id, struct fault *fault)
{
	struct identity identity = { 0 };
	enum err e = identity_read(jws, &identity, fault);
	if (!e && !strcmp(identity.uid, act->office->uid))
		e = fault_set(fault, ERR_INVALID, "url", N_("This is our own address."), NULL);
	if (!e) {
		struct see_work work = { act, &identity, url, 0 };
		e = db_write(act->office->db, store_seen, &work);
		if (!e)
			*ret_id = work.id;
	}
	identity_done(&identity);
	return e;
}

enum err partner_see(const struct casefile_act *act, const char *url, int64_t *ret_id, struct fault *fault)
{
	struct buf answer = BUF_INIT(IDENTITY_LIMIT);
	enum err e = check_address(act->office, url, fault);
	if (!e)
		e = fetch_identity(url, &answer, fault);
	if (!e)
		e = partner_take(act, url, answer.data, ret_id, fault);
	buf_done(&answer);
	return e;
}

/* --- another address --------------------------------------------------------------------------------------------- */

struct move_work {
	const struct casefile_act *act;
	const struct identity *identity;
	const char *url;
	int64_t id;
	struct fault *fault;
};

static enum err journal_move(struct db_tx *tx, const struct move_work *work, const char *before)
{
	char object[64];
	json_t *payload = json_object();
	json_put_str(payload, "url", work->url);
	json_put_str(payload, "before", before);
	return journal_write(tx, work->act->now, work->act->actor->tag, "partner.address",
	    journal_object(object, "partner", work->id), payload);
}

static enum err store_move(struct db_tx *tx, void *arg)
{
	const struct move_work *work = arg;
	struct partner known;
	int64_t changed;
	enum err e = partner_load(tx, work->act->arena, work->id, &known);
	if (e)
		return e;
	if (strcmp(known.uid, work->identity->uid) || strcmp(known.fingerprint, work->identity->fingerprint))
		return fault_set(work->fault, ERR_CONFLICT, "url",
		    N_("The institution at this address has other keys than this partner. Nothing was changed."), NULL);
	e = db_run_count(tx, &sql_partner_move, DB_ARGS(db_int(known.id), db_text(work->url)), &changed);
	if (e || !changed)
		return e;
	/* What waited for an answer from the old address is due. */
	e = db_run(tx, &sql_message_wake_partner, DB_ARGS(db_int(known.id), db_int(work->act->now)));
	return e ? e : journal_move(tx, work, known.url);
}

enum err partner_move(const struct casefile_act *act, int64_t id, const char *url, struct fault *fault)
{
	struct buf answer = BUF_INIT(IDENTITY_LIMIT);
	struct identity identity = { 0 };
	enum err e = check_address(act->office, url, fault);
	if (!e)
		e = fetch_identity(url, &answer, fault);
	if (!e)
		e = identity_read(answer.data, &identity, fault);
	if (!e) {
		struct move_work work = { act, &identity, url, id, fault };
		e = db_write(act->office->db, store_move, &work);
		identity_done(&identity);
	}
	if (!e)
		job_wake(act->office, "exchange.outbox");
	buf_done(&answer);
	return e;
}

/* --- what people decided ----------------------------------------------------------------------------------------- */

static enum err journal_state(const struct casefile_act *act, int64_t id, const char *name, const char *fingerprint)
{
	char object[64];
	json_t *payload = json_object();
	if (fingerprint)
		json_put_str(payload, "fingerprint", fingerprint);
	return journal_write(act->tx, act->now, act->actor->tag, name, journal_object(object, "partner", id), payload);
}

enum err partner_confirm(const struct casefile_act *act, int64_t id, const char *fingerprint, struct fault *fault)
{
	int64_t changed;
	enum err e = db_run_count(act->tx, &sql_partner_confirm,
	    DB_ARGS(db_int(id), db_int_or_null(act->actor->kind == ACTOR_STAFF ? act->actor->id : 0), db_int(act->now),
		db_text(fingerprint)),
	    &changed);
	if (!e && changed == 0)
		return fault_set(fault, ERR_CONFLICT, "fingerprint",
		    N_("The fingerprint changed since you looked, or it was confirmed already. Compare it again."),
		    NULL);
	return e ? e : journal_state(act, id, "partner.confirm", fingerprint);
}

enum err partner_block(const struct casefile_act *act, int64_t id, struct fault *fault)
{
	int64_t changed;
	enum err e = db_run_count(act->tx, &sql_partner_block, DB_ARGS(db_int(id)), &changed);
	if (!e && changed == 0)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This partner is blocked already."), NULL);
	return e ? e : journal_state(act, id, "partner.block", NULL);
}
