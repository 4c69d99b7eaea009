/* The receipt that a person keeps: what was filed, and when, under the office's signature. */
#include "base/clockwork.h"
#include "base/util.h"
#include "casework/intake.h"
#include "crypto/envelope.h"

#include <stdlib.h>
#include <string.h>

struct receipt_work {
	const struct office *office;
	struct arena *arena;
	int64_t id;
	struct casefile c;
};

static enum err load(struct db_tx *tx, void *arg)
{
	struct receipt_work *work = arg;
	return casefile_load(work->office, tx, work->arena, work->id, &work->c);
}

static enum err payload_text(struct office *office, const struct casefile *c, char **ret_text)
{
	json_t *content = NULL, *payload = json_object();
	char iso[RFC3339_TEXT];
	enum err e = json_parse(c->content, strlen(c->content), JSON_TEXT_LIMIT, &content, NULL);
	if (e) {
		json_decref(payload);
		return e;
	}
	rfc3339_format(iso, c->received_at);
	json_put_str(payload, "office", office->uid);
	json_put_str(payload, "office_name", names_in(&office->profile->name, LANG_EN));
	json_put_str(payload, "number", c->number);
	json_put_str(payload, "received_at", iso);
	json_put_str(payload, "content_sha256", c->content_sha256);
	json_put(payload, "content", content);
	json_put(payload, "keys", public_keys_json(keys_public(office->keys)));
	*ret_text = json_canonical_text(payload);
	json_decref(payload);
	return *ret_text ? OK : ERR_MEMORY;
}

enum err receipt_make(struct office *office, int64_t casefile_id, char **ret_jws)
{
	struct arena *arena = arena_new(0);
	struct receipt_work work = { .office = office, .arena = arena, .id = casefile_id };
	char *text CLEANUP(free_ptr) = NULL;
	enum err e = db_read(office->db, load, &work);
	if (!e)
		e = payload_text(office, &work.c, &text);
	if (!e)
		e = jws_sign(office->keys, "sulh-complaint-receipt+jws", NULL, text, strlen(text), ret_jws);
	arena_free(arena);
	return e;
}
