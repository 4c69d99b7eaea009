/* Code lists on pages and for programs: seen, added to, changed from a day on. */
#include "office/data_pages.h"

#include "base/util.h"
#include "office/calendar.h"
#include "office/code_change.h"
#include "office/code_sheet.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct entry_form {
	const char *key;
	const char *name[LANG_MAX];
	const char *parent, *of, *valid_from, *valid_to, *un_theme, *sdg_target, *closing, *reason;
	int64_t position, seen;
	bool withdrawn;
};

#define NAME_FIELD(lang, code, label)                                                                                  \
	{                                                                                                              \
		"name_" code, FIELD_TEXT, offsetof(struct entry_form, name) + (lang) * sizeof(const char *), 200, 0,   \
		    label, NULL                                                                                        \
	}

static const struct field fields[] = {
	FIELD(struct entry_form, key, FIELD_TEXT, CODE_KEY_MAX, 0, N_("Key")),
	NAME_FIELD(LANG_AZ, "az", N_("Name in Azerbaijani")),
	NAME_FIELD(LANG_EN, "en", N_("Name in English")),
	NAME_FIELD(LANG_RU, "ru", N_("Name in Russian")),
	NAME_FIELD(LANG_UR, "ur", N_("Name in Urdu")),
	FIELD(struct entry_form, parent, FIELD_TEXT, CODE_KEY_MAX, 0, N_("Stands below")),
	FIELD(struct entry_form, of, FIELD_TEXT, 4000, 0, N_("Goes with")),
	FIELD(struct entry_form, position, FIELD_INT, CODE_POSITION_MAX, 0, N_("Place in the order")),
	FIELD(struct entry_form, valid_from, FIELD_DATE, 10, FIELD_REQUIRED, N_("From which day")),
	FIELD(struct entry_form, valid_to, FIELD_DATE, 10, 0, N_("Offered until")),
	FIELD(struct entry_form, un_theme, FIELD_TEXT, 200, 0, N_("UN theme")),
	FIELD(struct entry_form, sdg_target, FIELD_TEXT, 6, 0, N_("SDG target")),
	FIELD(struct entry_form, closing, FIELD_TEXT, CODE_KEY_MAX, 0, N_("Closing reason")),
	FIELD(struct entry_form, withdrawn, FIELD_BOOL, 0, 0, N_("No longer offered")),
	FIELD(struct entry_form, reason, FIELD_TEXT, 500, FIELD_REQUIRED, N_("Why")),
	FIELD(struct entry_form, seen, FIELD_INT, INT32_MAX, 0, N_("Version that was seen")),
};
#define FIELDS ARRAY_LEN(fields)

/* --- views ------------------------------------------------------------------------------------------------------- */

static json_t *list_json(struct request *rq, const struct code_list *list)
{
	const struct code_list *of = office_list(office_of(rq), list->of);
	const struct code_choice *choice;
	json_t *one = json_object();
	json_put_str(one, "key", list->key);
	json_put_str(one, "list_label", names_in(&list->name, rq->lang));
	json_put_str(one, "link", arena_printf(rq->arena, "/desk/office/lists/%s", list->key));
	if (of) {
		json_put_str(one, "of", of->key);
		json_put_str(one, "of_label", names_in(&of->name, rq->lang));
	}
	json_put_int(one, "offered", (int64_t)code_choices(rq->arena, list, data_today(rq), NULL, &choice));
	return one;
}

enum err lists_show(struct request *rq, struct reply *rp)
{
	struct fault fault = { 0 };
	size_t n;
	if (data_may(rq, false, &fault))
		return reply_fault(rp, &fault);
	const struct code_list *list = office_lists(office_of(rq), &n);
	json_t *view = json_object(), *rows = json_array();
	for (size_t i = 0; i < n; i++)
		json_add(rows, list_json(rq, &list[i]));
	json_put_str(view, "title", text_get(rq->lang, N_("Code lists")));
	json_put(view, "lists", rows);
	return reply_view(rp, "office/lists", view);
}

static json_t *of_labels(struct request *rq, const struct code_list *of, const struct code_entry *entry)
{
	json_t *labels = json_array();
	for (size_t i = 0; of && i < entry->ofs; i++) {
		const struct code_entry *other = code_at(of, entry->of[i], data_today(rq));
		json_add(labels, json_string(other ? names_in(&other->name, rq->lang) : entry->of[i]));
	}
	return labels;
}

/* In words: offered, not any more, not yet. */
static void put_state(struct request *rq, const struct code_entry *entry, int64_t day, json_t *row)
{
	bool offered = code_offered(entry, day), coming = !offered && !entry->withdrawn && entry->valid_from > day;
	json_put_bool(row, "offered", offered);
	json_put_str(row, "tone", offered ? "done" : coming ? "waiting" : "closed");
	json_put_str(row, "state",
	    offered ? text_get(rq->lang, N_("Offered"))
	    : coming
		? text_format(rq->arena, rq->lang, N_("From {date}"), "date", data_day(rq, entry->valid_from), NULL)
		: text_get(rq->lang, N_("No longer offered")));
}

static json_t *entry_row(struct request *rq, const struct code_list *list, const struct code_choice *choice)
{
	const struct code_entry *entry = choice->entry;
	const struct code_list *of = office_list(office_of(rq), list->of);
	json_t *row = code_entry_json(entry), *labels = of_labels(rq, of, entry);
	put_state(rq, entry, data_today(rq), row);
	json_put_str(row, "entry_label", names_in(&entry->name, rq->lang));
	json_put_int(row, "depth", choice->depth);
	json_put_bool(row, "below", choice->depth > 0);
	json_put_str(row, "link", arena_printf(rq->arena, "/desk/office/lists/%s/entries/%s", list->key, entry->key));
	json_put_bool(row, "has_of_labels", json_array_size(labels) > 0);
	json_put(row, "of_labels", labels);
	return row;
}

static json_t *options(struct request *rq, const struct code_list *list, const char *without, const char *chosen)
{
	const struct code_choice *choice;
	size_t n = list ? code_choices(rq->arena, list, data_today(rq), NULL, &choice) : 0;
	json_t *rows = json_array();
	for (size_t i = 0; i < n; i++) {
		const struct code_entry *entry = choice[i].entry;
		if (without && !strcmp(entry->key, without))
			continue;
		json_t *one = json_object();
		json_put_str(one, "code", entry->key);
		json_put_str(one, "option_label", names_in(&entry->name, rq->lang));
		json_put_bool(one, "chosen", chosen && !strcmp(chosen, entry->key));
		json_add(rows, one);
	}
	return rows;
}

static bool keys_hold(const char *keys, const char *key)
{
	size_t len = strlen(key);
	for (const char *at = keys; at && (at = strstr(at, key)); at += len)
		if ((at == keys || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	return false;
}

static json_t *of_options(struct request *rq, const struct code_list *of, const char *keys)
{
	json_t *rows = options(rq, of, NULL, NULL), *one;
	size_t i;
	json_array_foreach(rows, i, one) json_put_bool(one, "chosen", keys_hold(keys, json_str(one, "code")));
	return rows;
}

/* What the form for an entry chooses from; typed or present values decide what is chosen. */
static void put_form(struct request *rq, const struct code_list *list, const struct entry_form *form, json_t *view)
{
	const struct office *office = office_of(rq);
	const struct code_list *of = office_list(office, list->of);
	bool is_closing = !strcmp(list->key, "inadmissibility_grounds");
	bool change = data_may(rq, true, NULL) == OK;
	json_put_bool(view, "can_change", change);
	json_put(view, "parents", options(rq, list, form->key, form->parent));
	json_put_bool(view, "has_of", of != NULL);
	if (of)
		json_put_str(view, "of_list_label", names_in(&of->name, rq->lang));
	json_put(view, "of_options", of_options(rq, of, form->of));
	json_put_bool(view, "has_closing", is_closing);
	json_put(view, "closing_options",
	    is_closing ? options(rq, office_list(office, "closing"), NULL, form->closing) : json_array());
}

static json_t *list_view(struct request *rq, const struct code_list *list, const struct entry_form *form)
{
	const struct code_choice *choice;
	size_t n = code_all(rq->arena, list, data_today(rq), &choice);
	json_t *view = json_object(), *rows = json_array();
	for (size_t i = 0; i < n; i++)
		json_add(rows, entry_row(rq, list, &choice[i]));
	json_put_str(view, "title", names_in(&list->name, rq->lang));
	json_put(view, "list", list_json(rq, list));
	json_put(view, "entries", rows);
	put_form(rq, list, form, view);
	return view;
}

/* --- one list ---------------------------------------------------------------------------------------------------- */

static enum err find_list(struct request *rq, bool change, struct code_context *ret_context, struct fault *fault)
{
	enum err e = data_may(rq, change, fault);
	if (!e && code_context_of(office_of(rq), request_param(rq, "list"), ret_context))
		e = fault_set(fault, ERR_NOT_FOUND, NULL, N_("There is no such page."), NULL);
	return e;
}

enum err list_show(struct request *rq, struct reply *rp)
{
	struct entry_form empty = { 0 };
	struct code_context c;
	struct fault fault = { 0 };
	if (find_list(rq, false, &c, &fault))
		return reply_fault(rp, &fault);
	json_t *view = list_view(rq, c.list, &empty), *values = json_object();
	json_put_str(values, "valid_from", data_iso(rq->arena, data_today(rq)));
	json_put_int(values, "position", (int64_t)json_array_size(json_object_get(view, "entries")) + 1);
	json_put(view, "values", values);
	return reply_view(rp, "office/list", view);
}

/* --- from the form to a version ---------------------------------------------------------------------------------- */

/* On the page each key of the other list is a box of its own; programs send them in one text. */
static const char *ticked_keys(struct request *rq, const struct code_list *of, const char *typed)
{
	const struct code_choice *choice;
	size_t n = of ? code_choices(rq->arena, of, data_today(rq), NULL, &choice) : 0;
	const char *keys = typed;
	char name[80];
	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "of_%s", choice[i].entry->key);
		if (request_form(rq, name))
			keys = arena_printf(rq->arena, "%s%s%s", keys, *keys ? " " : "", choice[i].entry->key);
	}
	return keys;
}

static void split_keys(struct arena *arena, const char *text, struct code_entry *entry)
{
	const char **keys = arena_alloc(arena, (strlen(text) / 2 + 2) * sizeof(*keys));
	while (*(text += strspn(text, " "))) {
		size_t len = strcspn(text, " ");
		keys[entry->ofs++] = arena_strndup(arena, text, len);
		text += len;
	}
	entry->of = keys;
}

static int64_t day_or(const char *iso, int64_t otherwise)
{
	struct civil date;
	return *iso && !civil_parse(iso, &date) ? civil_days(date) : otherwise;
}

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

static struct code_entry version_of(struct request *rq, const struct entry_form *form)
{
	struct code_entry v = { .key = form->key,
		.parent = or_null(form->parent),
		.valid_from = day_or(form->valid_from, CALENDAR_FIRST),
		.valid_to = day_or(form->valid_to, CALENDAR_LAST),
		.withdrawn = form->withdrawn,
		.position = form->position,
		.un_theme = or_null(form->un_theme),
		.sdg_target = or_null(form->sdg_target),
		.closing = or_null(form->closing) };
	for (int lang = 0; lang < LANG_MAX; lang++)
		v.name.in[lang] = or_null(form->name[lang]);
	split_keys(rq->arena, form->of, &v);
	return v;
}

static enum err enter(
    struct request *rq, const struct code_context *c, const struct entry_form *form, int64_t seen, struct fault *fault)
{
	const struct code_entry v = version_of(rq, form);
	const struct code_change change = { c->list->key, &v, 1, form->reason, seen };
	enum err e = code_may_begin(v.valid_from, data_today(rq), fault);
	if (!e)
		e = code_version_check(c, &v, fault);
	return e ? e : code_enter(office_of(rq), actor_of(rq), rq->now, &change, fault);
}

static enum err done(struct request *rq, struct reply *rp, const struct code_context *c, const char *key)
{
	const struct code_list *list = office_list(office_of(rq), c->list->key);
	const struct code_choice now = { code_at(list, key, data_today(rq)), 0 };
	return reply_created(rp,
	    arena_printf(rq->arena, "/%s/office/lists/%s/entries/%s", rq->api ? "api/v1" : "desk", c->list->key, key),
	    entry_row(rq, list, &now));
}

enum err list_add(struct request *rq, struct reply *rp)
{
	struct entry_form form = { 0 };
	struct faults faults = { 0 };
	struct code_context c;
	struct fault fault = { 0 };
	if (find_list(rq, true, &c, &fault))
		return reply_fault(rp, &fault);
	enum err e = form_parse(rq, fields, FIELDS, &form, &faults);
	form.of = ticked_keys(rq, c.of, form.of);
	if (e)
		return reply_form(rp, "office/list", list_view(rq, c.list, &form), fields, FIELDS, &faults);
	if (code_at(c.list, form.key, CALENDAR_LAST))
		e = fault_set(&fault, ERR_INVALID, "key",
		    N_("This list has an entry with this key already; change that one."), NULL);
	if (!e)
		e = enter(rq, &c, &form, 0, &fault);
	if (!e)
		return done(rq, rp, &c, form.key);
	return data_refuse(rp, "office/list", list_view(rq, c.list, &form), fields, FIELDS, &faults, &fault, e);
}

/* --- one entry --------------------------------------------------------------------------------------------------- */

static json_t *entered_with(const json_t *history, int64_t serial)
{
	json_t *one;
	size_t i;
	json_array_foreach(history, i, one) if (json_int_or(one, "serial", 0) == serial) return one;
	return NULL;
}

static json_t *version_json(struct request *rq, const struct code_entry *v, const json_t *history)
{
	json_t *one = code_entry_json(v), *entered = entered_with(history, v->serial);
	put_state(rq, v, v->valid_from, one);
	json_put_str(one, "version_label", names_in(&v->name, rq->lang));
	json_put_str(one, "from", data_day(rq, v->valid_from));
	json_put_bool(one, "of_the_profile", v->serial == 0);
	if (entered) {
		json_put_str(one, "reason", json_str(entered, "reason"));
		json_put_str(one, "by", json_str(entered, "by"));
		json_put_str(one, "at", json_str(entered, "at"));
	}
	return one;
}

/* Every version, the latest first, and the serial of the last one entered. */
static enum err put_versions(struct request *rq, const struct code_list *list, const char *key, json_t *view)
{
	json_t *history = NULL, *rows = json_array();
	int64_t seen = 0;
	enum err e = code_history(office_of(rq), list->key, key, &history);
	for (size_t i = list->entries; !e && i-- > 0;) {
		const struct code_entry *v = &list->entry[i];
		if (strcmp(v->key, key))
			continue;
		json_add(rows, version_json(rq, v, history));
		seen = v->serial > seen ? v->serial : seen;
	}
	json_decref(history);
	json_put(view, "versions", rows);
	json_put_int(view, "latest", seen);
	return e;
}

static const char *of_text(struct arena *arena, const struct code_entry *entry)
{
	const char *text = "";
	for (size_t i = 0; i < entry->ofs; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " " : "", entry->of[i]);
	return text;
}

static json_t *values_json(struct request *rq, const struct code_entry *entry)
{
	json_t *values = json_object();
	char name[16];
	for (int lang = 0; lang < LANG_MAX; lang++) {
		snprintf(name, sizeof(name), "name_%s", lang_code((enum lang)lang));
		json_put_str(values, name, entry->name.in[lang]);
	}
	json_put_int(values, "position", entry->position);
	json_put_str(values, "valid_from", data_iso(rq->arena, data_today(rq)));
	json_put_str(values, "valid_to", data_iso(rq->arena, entry->valid_to));
	json_put_str(values, "un_theme", entry->un_theme);
	json_put_str(values, "sdg_target", entry->sdg_target);
	json_put_bool(values, "withdrawn", entry->withdrawn);
	return values;
}

static enum err entry_view(
    struct request *rq, const struct code_list *list, const struct entry_form *form, json_t **ret_view)
{
	const struct code_choice now = { code_at(list, form->key, data_today(rq)), 0 };
	json_t *view = json_object();
	json_put_str(view, "title", names_in(&now.entry->name, rq->lang));
	json_put(view, "list", list_json(rq, list));
	json_put(view, "entry", entry_row(rq, list, &now));
	json_put(view, "values", values_json(rq, now.entry));
	put_form(rq, list, form, view);
	enum err e = put_versions(rq, list, form->key, view);
	if (e)
		json_decref(view);
	else
		*ret_view = view;
	return e;
}

static enum err find_entry(struct request *rq, bool change, struct code_context *ret_context,
    const struct code_entry **ret_entry, struct fault *fault)
{
	enum err e = find_list(rq, change, ret_context, fault);
	if (e)
		return e;
	*ret_entry = code_at(ret_context->list, request_param(rq, "entry"), data_today(rq));
	return *ret_entry ? OK : fault_set(fault, ERR_NOT_FOUND, NULL, N_("There is no such page."), NULL);
}

enum err entry_show(struct request *rq, struct reply *rp)
{
	const struct code_entry *entry;
	struct code_context c;
	struct fault fault = { 0 };
	json_t *view;
	if (find_entry(rq, false, &c, &entry, &fault))
		return reply_fault(rp, &fault);
	const struct entry_form form = {
		.key = entry->key, .parent = entry->parent, .of = of_text(rq->arena, entry), .closing = entry->closing
	};
	enum err e = entry_view(rq, c.list, &form, &view);
	return e ? e : reply_view(rp, "office/entry", view);
}

enum err entry_change(struct request *rq, struct reply *rp)
{
	const struct code_entry *entry;
	struct entry_form form = { 0 };
	struct faults faults = { 0 };
	struct code_context c;
	struct fault fault = { 0 };
	json_t *view;
	if (find_entry(rq, true, &c, &entry, &fault))
		return reply_fault(rp, &fault);
	enum err bad = form_parse(rq, fields, FIELDS, &form, &faults), e = OK;
	form.key = entry->key;
	form.of = ticked_keys(rq, c.of, form.of);
	if (!bad) {
		e = enter(rq, &c, &form, form.seen, &fault);
		if (!e)
			return done(rq, rp, &c, form.key);
	}
	enum err shown = entry_view(rq, c.list, &form, &view);
	return shown ? shown : data_refuse(rp, "office/entry", view, fields, FIELDS, &faults, &fault, e);
}
