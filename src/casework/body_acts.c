/* Changes of the registry: a body, its mandate by time, the people in it. */
#include "casework/body_acts.h"

#include "base/util.h"
#include "office/current.h"
#include "office/journal.h"
#include "registry.sql.h"
#include "text/country.h"
#include "text/date.h"

#include <string.h>

#define KEY_MAX 60

/* --- what several acts need -------------------------------------------------------------------------------------- */

enum err body_require(const struct casefile_act *act, const char *key, const struct registry **ret_bodies,
    const struct body **ret_body, struct fault *fault)
{
	const struct registry *bodies;
	enum err e = registry_in(act->tx, act->office, act->arena, &bodies);
	if (e)
		return e;
	const struct body *body = registry_entry(bodies, key);
	if (!body)
		return fault_set(fault, ERR_NOT_FOUND, NULL, N_("There is no such body."), NULL);
	*ret_bodies = bodies;
	*ret_body = body;
	return OK;
}

enum err body_journal(const struct casefile_act *act, const char *name, const struct body *body, json_t *payload)
{
	char object[64];
	json_t *words = payload ? payload : json_object();
	json_put_str(words, "key", body->key);
	return journal_write(act->tx, act->now, act->actor->tag, name, journal_object(object, "body", body->id), words);
}

static enum err stale(struct fault *fault)
{
	return fault_set(fault, ERR_CONFLICT, "version",
	    N_("Somebody else changed this body while you had it open. Nothing of yours was saved; look at it again."),
	    NULL);
}

static char *compact(struct arena *arena, json_t *json_stolen)
{
	char *text CLEANUP(free_ptr) = json_compact_text(json_stolen);
	json_decref(json_stolen);
	return arena_strdup(arena, text ? text : "");
}

/* --- a body ------------------------------------------------------------------------------------------------------ */

static bool known(const char *const *list, const char *word)
{
	for (; *list; list++)
		if (!strcmp(*list, word))
			return true;
	return false;
}

/* Does `key` stand above the body, or is it the body itself? */
static bool above(const struct registry *bodies, struct arena *arena, const char *key, const char *body)
{
	return body_path_within(registry_path(bodies, arena, body), key);
}

static enum err check_parent(const struct casefile_act *act, const struct registry *bodies, const char *key,
    const struct body_form *form, struct fault *fault)
{
	const struct body *parent = *form->parent ? registry_entry(bodies, form->parent) : NULL;
	if (*form->parent && (!parent || *parent->merged_into))
		return fault_set(fault, ERR_INVALID, "parent", N_("Choose a body from the list."), NULL);
	if (parent && *key && above(bodies, act->arena, key, parent->key))
		return fault_set(fault, ERR_INVALID, "parent", N_("A body cannot stand above itself."), NULL);
	return OK;
}

static enum err check_form(const struct casefile_act *act, const struct registry *bodies, const char *key,
    const struct body_form *form, struct fault *fault)
{
	const struct profile *profile = act->office->profile;
	static const char *const name_fields[LANG_MAX] = { "name_az", "name_en", "name_ru", "name_ur" };
	if (!*form->name[profile->language])
		return fault_set(fault, ERR_INVALID, name_fields[profile->language],
		    N_("Give the name in the language of this office."), NULL);
	if (!code_at(office_list(act->office, "body_kinds"), form->kind, office_day(act->office, act->now)))
		return fault_set(fault, ERR_INVALID, "kind", N_("Choose one of the answers."), NULL);
	if (!known(country_codes(), form->country))
		return fault_set(fault, ERR_INVALID, "country", N_("Choose one of the answers."), NULL);
	if (*form->since && *form->until && strcmp(form->until, form->since) < 0)
		return fault_set(fault, ERR_INVALID, "until", N_("The last day lies before the first one."), NULL);
	return check_parent(act, bodies, key, form, fault);
}

/* Small letters, digits and single low lines out of ASCII; "" when there is none. */
static char *plain_key(struct arena *arena, const char *name)
{
	char *key = arena_strdup(arena, name);
	size_t n = 0;
	for (const char *p = name; *p && n < KEY_MAX - 6; p++) {
		bool letter = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9'), capital = *p >= 'A' && *p <= 'Z';
		if (letter || capital)
			key[n++] = capital ? (char)(*p - 'A' + 'a') : *p;
		else if (n && key[n - 1] != '_')
			key[n++] = '_';
	}
	while (n && key[n - 1] == '_')
		n--;
	key[n] = '\0';
	return key;
}

/* "State Oil Works" → "state_oil_works", with a number behind where that is taken. */
static const char *new_key(struct arena *arena, const struct registry *bodies, const char *name)
{
	const char *key = plain_key(arena, name);
	if (!*key)
		key = plain_key(arena, text_fold(arena, name));
	if (!*key)
		key = "body";
	const char *made = key;
	for (int i = 2; registry_entry(bodies, made) && i < 10000; i++)
		made = arena_printf(arena, "%s_%d", key, i);
	return made;
}

static enum err check_key(const struct registry *bodies, const char *key, struct fault *fault)
{
	if (strlen(key) > KEY_MAX || strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_.-") != strlen(key))
		return fault_set(fault, ERR_INVALID, "key",
		    N_("A key has at most 60 small Latin letters, digits, dots, hyphens or low lines."), NULL);
	if (registry_entry(bodies, key))
		return fault_set(fault, ERR_CONFLICT, "key", N_("Another body has this key."), NULL);
	return OK;
}

static char *names_text(const struct casefile_act *act, const struct body_form *form)
{
	struct names names;
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		names.in[lang] = form->name[lang];
	return compact(act->arena, body_names_json(&names));
}

enum err body_add(
    const struct casefile_act *act, const struct body_form *form, const char **ret_key, struct fault *fault)
{
	const struct registry *bodies;
	enum err e = registry_seed(act->tx, act->office, act->now);
	if (!e)
		e = registry_in(act->tx, act->office, act->arena, &bodies);
	if (!e)
		e = check_form(act, bodies, "", form, fault);
	if (!e && *form->key)
		e = check_key(bodies, form->key, fault);
	if (e)
		return e;
	const char *name = *form->name[LANG_EN] ? form->name[LANG_EN] : form->name[act->office->profile->language];
	const char *key = *form->key ? form->key : new_key(act->arena, bodies, name);
	e = db_run(act->tx, &sql_body_insert,
	    DB_ARGS(db_text(key), db_text(form->parent), db_text(form->kind), db_text(form->country),
		db_text(form->region), db_text(names_text(act, form)), db_text("[]"), db_text(form->register_no),
		db_text(form->web), db_text(form->note), db_int(0), db_text(form->since), db_text(form->until)));
	if (e)
		return e;
	json_t *payload = json_object();
	json_put_str(payload, "name", name);
	const struct body new = { .key = key };
	e = body_journal(act, "body.add", &new, payload);
	if (!e)
		e = registry_touch(act->tx, act->office);
	if (!e)
		*ret_key = key;
	return e;
}

static bool is_among(const char *lines, const char *name)
{
	size_t len = strlen(name);
	for (const char *at = lines; at; at = (at = strchr(at, '\n')) ? at + 1 : NULL)
		if (!strncmp(at, name, len) && (at[len] == '\n' || !at[len]))
			return true;
	return false;
}

static char *former_text(const struct casefile_act *act, const struct body *body, const struct body_form *form)
{
	json_t *list = json_array();
	for (const char *at = body->former; *at;) {
		size_t len = strcspn(at, "\n");
		json_add(list, json_stringn(at, len));
		at += len + (at[len] == '\n');
	}
	for (enum lang lang = 0; lang < LANG_MAX; lang++) {
		const char *old = body->name.in[lang];
		if (old && strcmp(old, form->name[lang]) != 0 && !is_among(body->former, old))
			json_add(list, json_string(old));
	}
	return compact(act->arena, list);
}

enum err body_change(const struct casefile_act *act, const char *key, const struct body_form *form, struct fault *fault)
{
	const struct registry *bodies;
	const struct body *body;
	int64_t changed;
	enum err e = registry_seed(act->tx, act->office, act->now);
	if (!e)
		e = body_require(act, key, &bodies, &body, fault);
	if (!e && *body->merged_into)
		return fault_set(fault, ERR_CONFLICT, "state",
		    N_("This body has become part of another one. Undo that before you change it."), NULL);
	if (!e)
		e = check_form(act, bodies, key, form, fault);
	if (!e && form->version && form->version != body->version)
		return stale(fault);
	if (!e)
		e = db_run_count(act->tx, &sql_body_update,
		    DB_ARGS(db_text(key), db_int(body->version), db_text(form->parent), db_text(form->kind),
			db_text(form->country), db_text(form->region), db_text(names_text(act, form)),
			db_text(former_text(act, body, form)), db_text(form->register_no), db_text(form->web),
			db_text(form->note), db_text(form->since), db_text(form->until)),
		    &changed);
	if (!e && !changed)
		return stale(fault);
	if (!e)
		e = body_journal(act, "body.change", body, NULL);
	return e ? e : registry_touch(act->tx, act->office);
}

/* --- its mandate ------------------------------------------------------------------------------------------------- */

static enum err check_matters(
    const struct casefile_act *act, const struct mandate_form *form, json_t **ret_list, struct fault *fault)
{
	static const char *const fields[MANDATE_MATTERS] = { "matter_1", "matter_2", "matter_3", "matter_4" };
	json_t *list = json_owned(act->arena, json_array());
	for (size_t i = 0; i < MANDATE_MATTERS; i++) {
		if (!*form->matter[i])
			continue;
		if (!profile_subject(act->office->profile, form->matter[i]))
			return fault_set(fault, ERR_INVALID, fields[i], N_("Choose a subject from the list."), NULL);
		json_add(list, json_string(form->matter[i]));
	}
	if (!strcmp(form->may, "listed") && !json_array_size(list))
		return fault_set(fault, ERR_INVALID, fields[0], N_("Choose at least one matter."), NULL);
	*ret_list = json_incref(list);
	return OK;
}

static enum err check_mandate(const struct casefile_act *act, const struct mandate_form *form, struct fault *fault)
{
	if (!known(body_mandate_words, form->may))
		return fault_set(fault, ERR_INVALID, "may", N_("Choose one of the answers."), NULL);
	if (*form->since && *form->until && strcmp(form->until, form->since) < 0)
		return fault_set(fault, ERR_INVALID, "until", N_("The last day lies before the first one."), NULL);
	if (strcmp(form->may, "yes") != 0 && !profile_closing(act->office->profile, form->not_ours))
		return fault_set(fault, ERR_INVALID, "not_ours",
		    N_("Choose the reason that is to be proposed for complaints that are not ours."), NULL);
	if (!*form->source)
		return fault_set(fault, ERR_INVALID, "source", N_("Name the law or the decision that says so."), NULL);
	return OK;
}

enum err body_mandate_add(
    const struct casefile_act *act, const char *key, const struct mandate_form *form, struct fault *fault)
{
	const struct registry *bodies;
	const struct body *body;
	json_t *matters = NULL;
	enum err e = registry_seed(act->tx, act->office, act->now);
	if (!e)
		e = body_require(act, key, &bodies, &body, fault);
	if (!e)
		e = check_mandate(act, form, fault);
	if (!e)
		e = check_matters(act, form, &matters, fault);
	if (!e)
		e = db_run(act->tx, &sql_mandate_insert,
		    DB_ARGS(db_text(key), db_text(form->may), db_text(form->since), db_text(form->until),
			db_text(compact(act->arena, matters)), db_text(form->not_ours), db_text(form->source)));
	if (!e)
		e = db_run(act->tx, &sql_body_raise, DB_ARGS(db_text(key)));
	if (e)
		return e;
	json_t *payload = json_object();
	json_put_str(payload, "may", form->may);
	json_put_str(payload, "source", form->source);
	e = body_journal(act, "body.mandate", body, payload);
	return e ? e : registry_touch(act->tx, act->office);
}

/* --- its people -------------------------------------------------------------------------------------------------- */

enum err contact_check(const struct contact_form *form, struct fault *fault)
{
	if (!known(body_contact_parts, form->part))
		return fault_set(fault, ERR_INVALID, "part", N_("Choose one of the answers."), NULL);
	if (!*form->name)
		return fault_set(fault, ERR_INVALID, "contact_name", N_("Fill in this field."), NULL);
	if (!*form->email && !*form->phone)
		return fault_set(
		    fault, ERR_INVALID, "email", N_("Give an e-mail address or a telephone number."), NULL);
	if (!*form->deputy_name)
		return fault_set(fault, ERR_INVALID, "deputy_name",
		    N_("Name a deputy: a request must not wait until one person is back."), NULL);
	if (!*form->deputy_email && !*form->deputy_phone)
		return fault_set(
		    fault, ERR_INVALID, "deputy_email", N_("Give an e-mail address or a telephone number."), NULL);
	return OK;
}

enum err contact_add(const struct casefile_act *act, const char *key, const struct contact_form *form, int64_t *ret_id,
    struct fault *fault)
{
	const struct registry *bodies;
	const struct body *body;
	enum err e = registry_seed(act->tx, act->office, act->now);
	if (!e)
		e = body_require(act, key, &bodies, &body, fault);
	if (!e)
		e = contact_check(form, fault);
	if (!e)
		e = db_get_int(act->tx, &sql_contact_insert,
		    DB_ARGS(db_text(key), db_text(form->part), db_text(form->name), db_text(form->post),
			db_text(form->email), db_text(form->phone), db_text(form->deputy_name),
			db_text(form->deputy_post), db_text(form->deputy_email), db_text(form->deputy_phone),
			db_int(act->now), db_text(act->actor->name)),
		    ret_id);
	if (e)
		return e;
	json_t *payload = json_object();
	json_put_int(payload, "contact", *ret_id);
	return body_journal(act, "body.contact", body, payload);
}

static enum err change_contact(const struct casefile_act *act, const char *key, int64_t id, const char *name,
    enum err changed, int64_t rows, struct fault *fault)
{
	const struct registry *bodies;
	const struct body *body;
	enum err e = changed ? changed : body_require(act, key, &bodies, &body, fault);
	if (e)
		return e;
	if (!rows)
		return fault_set(fault, ERR_NOT_FOUND, NULL, N_("This contact is not there any more."), NULL);
	json_t *payload = json_object();
	json_put_int(payload, "contact", id);
	return body_journal(act, name, body, payload);
}

enum err contact_confirm(const struct casefile_act *act, const char *key, int64_t id, struct fault *fault)
{
	int64_t rows = 0;
	enum err e = db_run_count(act->tx, &sql_contact_confirm,
	    DB_ARGS(db_int(id), db_text(key), db_int(act->now), db_text(act->actor->name)), &rows);
	return change_contact(act, key, id, "body.contact_confirm", e, rows, fault);
}

enum err contact_end(const struct casefile_act *act, const char *key, int64_t id, struct fault *fault)
{
	int64_t rows = 0;
	enum err e = db_run_count(act->tx, &sql_contact_end, DB_ARGS(db_int(id), db_text(key)), &rows);
	return change_contact(act, key, id, "body.contact_end", e, rows, fault);
}
