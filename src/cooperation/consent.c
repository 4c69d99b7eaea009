/* Whether what is about to leave is exactly what the person agreed to. */
#include "cooperation/consent.h"

#include "base/clockwork.h"
#include "base/util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, so that the same choice in another order has the same digest. */
static json_t *sorted(const char *const *texts, size_t count)
{
	const char *copy[CONSENT_FIELDS_MAX];
	json_t *list = json_array();

	if (count > ARRAY_LEN(copy))
		count = ARRAY_LEN(copy);
	for (size_t i = 0; i < count; i++)
		copy[i] = texts[i];
	qsort(copy, count, sizeof(copy[0]), by_text);
	for (size_t i = 0; i < count; i++)
		json_add(list, json_string(copy[i]));
	return list;
}

json_t *consent_shown(const struct consent_scope *scope, const char *text_version, const char *language)
{
	json_t *shown = json_object();

	json_put_str(shown, "purpose", scope->purpose);
	json_put_str(shown, "receiver", scope->receiver);
	json_put_str(shown, "agreement", scope->agreement);
	json_put(shown, "fields", sorted(scope->fields, scope->field_count));
	json_put(shown, "files", sorted(scope->files, scope->file_count));
	json_put_str(shown, "text_version", text_version);
	json_put_str(shown, "language", language);
	return shown;
}

enum err consent_digest(const json_t *shown, char out[HASH_TEXT])
{
	char *text = json_canonical_text(shown);

	if (!text)
		return ERR_INVALID;
	hash_text(out, text, strlen(text));
	free(text);
	return OK;
}

static bool holds(const char *const *list, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

/* Too little is as wrong as too much: the person agreed to one packet, not to a part of it. */
static enum err same_set(const char *const *agreed, size_t agreed_count, const char *const *sent, size_t sent_count,
    const char *beyond, const char *missing, struct fault *fault)
{
	for (size_t i = 0; i < sent_count; i++)
		if (!holds(agreed, agreed_count, sent[i]))
			return fault_set(fault, ERR_DENIED, sent[i], beyond, "field", sent[i], NULL);
	for (size_t i = 0; i < agreed_count; i++)
		if (!holds(sent, sent_count, agreed[i]))
			return fault_set(fault, ERR_DENIED, agreed[i], missing, "field", agreed[i], NULL);
	return OK;
}

static enum err scope_covers(const struct consent_scope *agreed, const struct consent_scope *sent, struct fault *fault)
{
	enum err e;

	if (strcmp(agreed->receiver, sent->receiver) != 0)
		return fault_set(fault, ERR_DENIED, "receiver", N_("The person agreed to another receiver."), NULL);
	if (strcmp(agreed->agreement, sent->agreement) != 0)
		return fault_set(
		    fault, ERR_DENIED, "agreement", N_("The person agreed under another agreement."), NULL);
	if (strcmp(agreed->purpose, sent->purpose) != 0)
		return fault_set(fault, ERR_DENIED, "purpose", N_("The person agreed to another purpose."), NULL);
	e = same_set(agreed->fields, agreed->field_count, sent->fields, sent->field_count,
	    N_("The person did not agree to the field {field}."),
	    N_("The person agreed to the field {field}, which is missing: ask again for this packet."), fault);
	if (e)
		return e;
	return same_set(agreed->files, agreed->file_count, sent->files, sent->file_count,
	    N_("The person did not agree to the file {field}."),
	    N_("The person agreed to the file {field}, which is missing: ask again for this packet."), fault);
}

enum err consent_covers(const struct consent *c, const struct consent_scope *sent, int64_t now, struct fault *fault)
{
	if (c->granted_at == 0 || c->granted_at > now)
		return fault_set(fault, ERR_DENIED, "consent", N_("The person's consent is missing."), NULL);
	if (c->withdrawn_at != 0 && c->withdrawn_at <= now)
		return fault_set(fault, ERR_DENIED, "consent", N_("The person has withdrawn the consent."), NULL);
	return scope_covers(&c->scope, sent, fault);
}

json_t *consent_statement(const struct consent *c)
{
	json_t *statement = json_object();
	char at[RFC3339_TEXT];

	rfc3339_format(at, c->granted_at);
	json_put_str(statement, "purpose", c->scope.purpose);
	json_put_str(statement, "receiver", c->scope.receiver);
	json_put_str(statement, "agreement", c->scope.agreement);
	if (c->scope.field_count > 0)
		json_put(statement, "fields", sorted(c->scope.fields, c->scope.field_count));
	if (c->scope.file_count > 0)
		json_put(statement, "files", sorted(c->scope.files, c->scope.file_count));
	json_put_str(statement, "text_version", c->text_version);
	json_put_str(statement, "language", c->language);
	json_put_str(statement, "given_at", at);
	json_put_str(statement, "digest", c->digest);
	return statement;
}

static size_t texts_of(const json_t *list, const char **out, size_t room)
{
	size_t count = json_array_size(list) < room ? json_array_size(list) : room;

	for (size_t i = 0; i < count; i++)
		out[i] = json_string_value(json_array_get(list, i));
	return count;
}

static size_t keys_of(const json_t *object, const char **out, size_t room)
{
	size_t count = 0;

	for (void *it = json_object_iter((json_t *)(uintptr_t)object); it && count < room;
	     it = json_object_iter_next((json_t *)(uintptr_t)object, it))
		out[count++] = json_object_iter_key(it);
	return count;
}

static size_t hashes_of(const json_t *files, const char **out, size_t room)
{
	size_t count = json_array_size(files) < room ? json_array_size(files) : room;

	for (size_t i = 0; i < count; i++)
		out[i] = json_str(json_array_get(files, i), "sha256");
	return count;
}

enum err consent_check_statement(
    const json_t *body, const char *own_id, const char *agreement, int64_t now, struct fault *fault)
{
	const json_t *statement = json_object_get(body, "consent"), *fields = json_object_get(body, "fields");
	const char *agreed_fields[CONSENT_FIELDS_MAX], *agreed_files[CONSENT_FILES_MAX];
	const char *sent_fields[CONSENT_FIELDS_MAX], *sent_files[CONSENT_FILES_MAX];
	struct consent c = { .scope = { json_str_or(statement, "receiver", ""), json_str_or(statement, "agreement", ""),
				 json_str_or(statement, "purpose", ""), agreed_fields, 0, agreed_files, 0 } };
	struct consent_scope sent = { own_id, agreement, CONSENT_PURPOSE, sent_fields, 0, sent_files, 0 };

	if (!fields && !message_files(body))
		return OK;
	c.scope.field_count = texts_of(json_object_get(statement, "fields"), agreed_fields, CONSENT_FIELDS_MAX);
	c.scope.file_count = texts_of(json_object_get(statement, "files"), agreed_files, CONSENT_FILES_MAX);
	sent.field_count = keys_of(fields, sent_fields, CONSENT_FIELDS_MAX);
	sent.file_count = hashes_of(message_files(body), sent_files, CONSENT_FILES_MAX);
	if (!statement || rfc3339_parse(json_str_or(statement, "given_at", ""), &c.granted_at) != OK)
		return fault_set(fault, ERR_DENIED, "consent", N_("The person's consent is missing."), NULL);
	/* Their clock may be ahead of ours by as much as a message's may. */
	return consent_covers(&c, &sent, now + MESSAGE_AHEAD_SECONDS * SECOND_MS, fault);
}
