/* Builds what the pages of the registry show. */
#include "casework/body_view.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "casework/agency.h"
#include "casework/agency_account.h"
#include "casework/body_merge.h"
#include "casework/case_view.h"
#include "office/current.h"
#include "registry.sql.h"
#include "text/country.h"
#include "text/date.h"

#include <inttypes.h>
#include <string.h>

const struct body *bodies_by_id(const struct registry *bodies, int64_t id)
{
	for (size_t i = 0; id && i < registry_count(bodies); i++)
		if (registry_at(bodies, i)->id == id)
			return registry_at(bodies, i);
	return NULL;
}

static const char *kind_label(const struct casefile_act *act, enum lang lang, const char *key)
{
	return code_name(act->office, "body_kinds", key, lang, office_day(act->office, act->now));
}

static json_t *short_json(const struct casefile_act *act, enum lang lang, const struct body *b)
{
	json_t *one = json_object();
	json_put_int(one, "id", b->id);
	json_put_str(one, "key", b->key);
	json_put_str(one, "body_label", names_in(&b->name, lang));
	json_put_str(one, "link", arena_printf(act->arena, "/desk/office/bodies/%" PRId64, b->id));
	json_put_str(one, "kind_label", kind_label(act, lang, b->kind));
	json_put_bool(one, "merged", *b->merged_into);
	json_put_bool(one, "outside", !b->in_mandate);
	json_put_bool(one, "synthetic", b->synthetic);
	return one;
}

/* --- lists ------------------------------------------------------------------------------------------------------- */

static json_t *row_json(
    const struct casefile_act *act, enum lang lang, const struct registry *bodies, const struct body *b)
{
	const struct body *parent = registry_body(bodies, b->parent), *into = registry_body(bodies, b->key);
	json_t *row = short_json(act, lang, b);
	json_put_str(row, "parent_label", parent ? names_in(&parent->name, lang) : NULL);
	json_put_str(row, "country_label", country_name(lang, b->country));
	json_put_str(row, "region", *b->region ? b->region : NULL);
	if (*b->merged_into && into)
		json_put_str(row, "into_label", names_in(&into->name, lang));
	return row;
}

/* In the order of names; `after` is the key of the last one before. */
static void put_bodies(const struct casefile_act *act, enum lang lang, const struct registry *bodies,
    const struct bodies_ask *ask, json_t *view)
{
	const char *words = text_fold(act->arena, ask->q);
	bool on = !*ask->after;
	json_t *list = json_array();
	const char *last = "";
	for (size_t i = 0; i < registry_count(bodies); i++) {
		const struct body *b = registry_at(bodies, i);
		bool fits = registry_fits(b, words) && (*words || !*b->merged_into);
		if (on && fits && json_array_size(list) == BODIES_PAGE) {
			json_put_str(view, "page_after", last);
			break;
		}
		if (on && fits) {
			json_add(list, row_json(act, lang, bodies, b));
			last = b->key;
		}
		on = on || !strcmp(b->key, ask->after);
	}
	view_put_list(view, "bodies", list);
}

static size_t depth_of(const struct casefile_act *act, const struct registry *bodies, const struct body *b)
{
	size_t n = 0;
	for (const char *p = registry_path(bodies, act->arena, b->key); *p; p++)
		n += *p == '/';
	return n - 2;
}

static void put_branch(
    const struct casefile_act *act, enum lang lang, const struct registry *bodies, const char *parent, json_t *list)
{
	for (size_t i = 0; i < registry_count(bodies); i++) {
		const struct body *b = registry_at(bodies, i);
		if (strcmp(b->parent, parent) != 0 || *b->merged_into)
			continue;
		json_t *row = short_json(act, lang, b), *below = json_array();
		if (depth_of(act, bodies, b) < 12)
			put_branch(act, lang, bodies, b->key, below);
		view_put_list(row, "below", below);
		json_add(list, row);
	}
}

static enum err put_stale(const struct casefile_act *act, enum lang lang, const struct registry *bodies,
    const struct bodies_ask *ask, json_t *view)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	int64_t before = act->now - act->office->profile->contact_days * DAY_MS, at = 0, id = 0;
	enum err e = db_query(
	    act->tx, &sql_contact_stale, DB_ARGS(db_int(before), db_int(ask->key_at), db_int(ask->key_id)), &rows);
	if (e)
		return e;
	json_t *list = json_array();
	while (db_next(rows)) {
		if (json_array_size(list) == BODIES_PAGE) {
			json_put_str(view, "page_after", arena_printf(act->arena, "%" PRId64 ".%" PRId64, at, id));
			break;
		}
		const struct body *b = registry_entry(bodies, db_col_text(rows, 1));
		json_t *one = json_object();
		at = db_col_int(rows, 5);
		id = db_col_int(rows, 0);
		json_put_int(one, "id", id);
		json_put_str(one, "person", db_col_text(rows, 3));
		json_put_str(one, "post", db_col_text(rows, 4));
		json_put_str(one, "body_label", b ? names_in(&b->name, lang) : db_col_text(rows, 1));
		json_put_str(
		    one, "link", b ? arena_printf(act->arena, "/desk/office/bodies/%" PRId64 "#people", b->id) : NULL);
		view_put_day(act, lang, one, "confirmed", at);
		json_add(list, one);
	}
	view_put_list(view, "contacts", list);
	return json_object_get(view, "page_after") ? OK : db_rows_error(rows);
}

enum err bodies_view(const struct casefile_act *act, enum lang lang, const struct bodies_ask *ask, json_t *view)
{
	const struct registry *bodies;
	enum err e = registry_in(act->tx, act->office, act->arena, &bodies);
	if (e)
		return e;
	json_put_str(view, "q", ask->q);
	json_put_bool(view, "tree_list", ask->tree);
	json_put_bool(view, "stale_list", ask->stale);
	json_put_bool(view, "name_list", !ask->tree && !ask->stale);
	json_put_str(view, "contact_days", number_text(act->arena, lang, act->office->profile->contact_days));
	if (ask->stale)
		return put_stale(act, lang, bodies, ask, view);
	if (ask->tree) {
		json_t *list = json_array();
		put_branch(act, lang, bodies, "", list);
		view_put_list(view, "bodies", list);
	} else
		put_bodies(act, lang, bodies, ask, view);
	return OK;
}

/* --- one body ---------------------------------------------------------------------------------------------------- */

static void put_day(const struct casefile_act *act, enum lang lang, json_t *json, const char *key, int64_t day)
{
	if (day > CALENDAR_FIRST && day < CALENDAR_LAST)
		view_put_day(
		    act, lang, json, key, zone_day_start(act->office->profile->calendar.zone, civil_from_days(day)));
}

static json_t *body_json(
    const struct casefile_act *act, enum lang lang, const struct registry *bodies, const struct body *b)
{
	json_t *json = row_json(act, lang, bodies, b), *names = json_array(), *former = json_array();
	json_put_int(json, "version", b->version);
	for (enum lang l = 0; l < LANG_MAX; l++) {
		if (!b->name.in[l])
			continue;
		json_t *one = json_object();
		json_put_str(one, "in_lang", lang_code(l));
		json_put_str(one, "lang_label", lang_name(l));
		json_put_str(one, "dir", lang_rtl(l) ? "rtl" : "ltr");
		json_put_str(one, "called", b->name.in[l]);
		json_add(names, one);
	}
	for (const char *at = b->former; *at;) {
		size_t len = strcspn(at, "\n");
		json_add(former, json_stringn(at, len));
		at += len + (at[len] == '\n');
	}
	json_put(json, "names", names);
	view_put_list(json, "former", former);
	json_put_str(json, "register_no", *b->register_no ? b->register_no : NULL);
	json_put_str(json, "web", *b->web ? b->web : NULL);
	json_put_str(json, "remark", b->note && *b->note ? b->note : NULL);
	put_day(act, lang, json, "since", b->since);
	put_day(act, lang, json, "until", b->until);
	const struct body *into = registry_entry(bodies, b->merged_into);
	json_put_str(
	    json, "into_link", into ? arena_printf(act->arena, "/desk/office/bodies/%" PRId64, into->id) : NULL);
	return json;
}

static void put_tree(
    const struct casefile_act *act, enum lang lang, const struct registry *bodies, const struct body *b, json_t *view)
{
	json_t *above = json_array(), *below = json_array();
	const struct body *up = registry_body(bodies, b->parent);
	for (size_t steps = 0; up && steps < 20; steps++) {
		json_array_insert_new(above, 0, short_json(act, lang, up));
		up = registry_body(bodies, up->parent);
	}
	for (size_t i = 0; i < registry_count(bodies); i++)
		if (!strcmp(registry_at(bodies, i)->parent, b->key))
			json_add(below, short_json(act, lang, registry_at(bodies, i)));
	view_put_list(view, "above", above);
	view_put_list(view, "below", below);
}

static json_t *mandate_json(const struct casefile_act *act, enum lang lang, const struct mandate *m, bool speaks)
{
	static const char *const words[MANDATE_MAX] = { N_("May be complained of"), N_("May not be complained of"),
		N_("Only in listed matters") };
	static const char *const tones[MANDATE_MAX] = { "done", "refused", "waiting" };
	const struct profile *p = act->office->profile;
	const struct closing *closing = m->not_ours ? profile_closing(p, m->not_ours) : NULL;
	json_t *one = json_object(), *matters = json_array();
	json_put_str(one, "may", body_mandate_words[m->may]);
	json_put_str(one, "may_words", text_get(lang, words[m->may]));
	json_put_str(one, "tone", tones[m->may]);
	json_put_bool(one, "speaks", speaks);
	put_day(act, lang, one, "since", m->since);
	put_day(act, lang, one, "until", m->until);
	for (size_t i = 0; i < m->matters; i++) {
		const struct subject *subject = profile_subject(p, m->matter[i]);
		json_add(matters, json_string(subject ? names_in(&subject->name, lang) : m->matter[i]));
	}
	view_put_list(one, "matters", matters);
	json_put_str(one, "reason_label", closing ? names_in(&closing->name, lang) : NULL);
	json_put_str(one, "law", *m->source ? m->source : NULL);
	return one;
}

static void put_mandates(const struct casefile_act *act, enum lang lang, const struct body *b, json_t *view)
{
	int64_t today = civil_days(zone_date(act->office->profile->calendar.zone, act->now));
	const struct mandate *now = body_mandate_on(b, today);
	json_t *list = json_array();
	for (size_t i = b->mandates; i > 0; i--)
		json_add(list, mandate_json(act, lang, &b->mandate[i - 1], &b->mandate[i - 1] == now));
	view_put_list(view, "mandates", list);
}

static const char *part_words(enum lang lang, const char *part)
{
	static const char *const words[BODY_CONTACT_PARTS] = { N_("Focal person"), N_("Head of the body"),
		N_("Other official") };
	for (size_t i = 0; i < BODY_CONTACT_PARTS; i++)
		if (!strcmp(part, body_contact_parts[i]))
			return text_get(lang, words[i]);
	return part;
}

static json_t *contact_json(const struct casefile_act *act, enum lang lang, const struct db_rows *rows)
{
	static const char *const members[] = { "person", "post", "mail", "telephone", "deputy", "deputy_post",
		"deputy_mail", "deputy_telephone" };
	int64_t confirmed = db_col_int(rows, 10);
	json_t *one = json_object();
	json_put_int(one, "id", db_col_int(rows, 0));
	json_put_str(one, "part_words", part_words(lang, db_col_text(rows, 1)));
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		const char *text = db_col_text(rows, 2 + (int)i);
		json_put_str(one, members[i], *text ? text : NULL);
	}
	view_put_day(act, lang, one, "confirmed", confirmed);
	json_put_str(one, "confirmed_by", db_col_text(rows, 11));
	json_put_bool(one, "stale", confirmed < act->now - act->office->profile->contact_days * DAY_MS);
	return one;
}

static enum err put_contacts(const struct casefile_act *act, enum lang lang, const char *key, json_t *view)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_contact_of_body, DB_ARGS(db_text(key)), &rows);
	if (e)
		return e;
	json_t *list = json_array();
	while (db_next(rows))
		json_add(list, contact_json(act, lang, rows));
	view_put_list(view, "contacts", list);
	return db_rows_error(rows);
}

static json_t *option(const char *code, const char *label, bool chosen)
{
	json_t *one = json_object();
	json_put_str(one, "code", code);
	json_put_str(one, "option_label", label);
	json_put_bool(one, "chosen", chosen);
	return one;
}

static void put_choices(const struct casefile_act *act, enum lang lang, json_t *view)
{
	const struct profile *p = act->office->profile;
	json_t *matters = json_array(), *reasons = json_array(), *parts = json_array(), *langs = json_array();
	for (size_t i = 0; i < p->subjects; i++)
		json_add(matters, option(p->subject[i].key, names_in(&p->subject[i].name, lang), false));
	for (size_t i = 0; i < p->closings; i++)
		if (!p->closing[i].handled)
			json_add(reasons, option(p->closing[i].key, names_in(&p->closing[i].name, lang), false));
	for (size_t i = 0; i < BODY_CONTACT_PARTS; i++)
		json_add(parts, option(body_contact_parts[i], part_words(lang, body_contact_parts[i]), false));
	for (size_t i = 0; i < p->languages_count; i++)
		json_add(langs, option(lang_code(p->languages[i]), lang_name(p->languages[i]), false));
	json_put(view, "matter_choices", matters);
	json_put(view, "reason_choices", reasons);
	json_put(view, "part_choices", parts);
	json_put(view, "lang_choices", langs);
}

static enum err put_people(
    const struct casefile_act *act, enum lang lang, const struct body *b, bool may_change, json_t *view)
{
	json_t *accounts, *tokens;
	enum err e = put_contacts(act, lang, b->key, view);
	if (!e && may_change)
		e = agency_account_list(act, lang, b->key, &accounts);
	if (e || !may_change)
		return e;
	view_put_list(view, "accounts", accounts);
	e = agency_token_list(act, lang, b->key, &tokens);
	if (!e)
		view_put_list(view, "tokens", tokens);
	return e;
}

enum err body_view(const struct casefile_act *act, enum lang lang, const struct body *b, bool may_change, json_t *view)
{
	const struct registry *bodies;
	json_t *merges, *can = json_object();
	int64_t open = 0;
	json_put_bool(can, "change", may_change && !*b->merged_into);
	json_put_bool(can, "undo", may_change);
	json_put(view, "can", can);
	enum err e = registry_in(act->tx, act->office, act->arena, &bodies);
	if (!e)
		e = body_merge_list(act, lang, bodies, b->key, &merges);
	if (e)
		return e;
	view_put_list(view, "merges", merges);
	json_put(view, "body", body_json(act, lang, bodies, b));
	json_put_str(view, "title", names_in(&b->name, lang));
	put_tree(act, lang, bodies, b, view);
	put_mandates(act, lang, b, view);
	put_choices(act, lang, view);
	e = tally_get(act->tx, agency_tally(act->arena, b->key), &open);
	json_put_str(view, "open_requests", number_text(act->arena, lang, open));
	return e ? e : put_people(act, lang, b, may_change, view);
}

/* --- forms ------------------------------------------------------------------------------------------------------- */

static void put_body_choices(
    const struct casefile_act *act, enum lang lang, const struct registry *bodies, const struct body *b, json_t *view)
{
	const struct profile *p = act->office->profile;
	json_t *kinds = json_array(), *countries = json_array(), *parents = json_array();
	size_t n;
	const struct country *all = country_list(lang, &n);
	const struct code_choice *kind;
	size_t offered = code_choices(
	    act->arena, office_list(act->office, "body_kinds"), office_day(act->office, act->now), NULL, &kind);
	for (size_t i = 0; i < offered; i++)
		json_add(kinds, option(kind[i].entry->key, names_in(&kind[i].entry->name, lang),
				    b && !strcmp(b->kind, kind[i].entry->key)));
	for (size_t i = 0; i < n; i++)
		json_add(
		    countries, option(all[i].code, all[i].name, !strcmp(all[i].code, b ? b->country : p->country)));
	for (size_t i = 0; i < registry_count(bodies); i++) {
		const struct body *one = registry_at(bodies, i);
		if (!*one->merged_into && (!b || strcmp(one->key, b->key) != 0))
			json_add(
			    parents, option(one->key, names_in(&one->name, lang), b && !strcmp(b->parent, one->key)));
	}
	json_put(view, "kind_choices", kinds);
	json_put(view, "country_choices", countries);
	json_put(view, "parent_choices", parents);
}

static json_t *values_of(const struct casefile_act *act, const struct body *b)
{
	json_t *values = json_object();
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		json_put_str(values, arena_printf(act->arena, "name_%s", lang_code(lang)),
		    b->name.in[lang] ? b->name.in[lang] : "");
	json_put_str(values, "region", b->region);
	json_put_str(values, "register_no", b->register_no);
	json_put_str(values, "web", b->web);
	json_put_str(values, "remark", b->note ? b->note : "");
	json_put_str(values, "since", body_day_text(act->arena, b->since));
	json_put_str(values, "until", body_day_text(act->arena, b->until));
	json_put_int(values, "version", b->version);
	return values;
}

enum err body_edit_view(const struct casefile_act *act, enum lang lang, const struct body *b, json_t *view)
{
	const struct registry *bodies;
	enum err e = registry_in(act->tx, act->office, act->arena, &bodies);
	if (e)
		return e;
	put_body_choices(act, lang, bodies, b, view);
	json_put_str(
	    view, "back", b ? arena_printf(act->arena, "/desk/office/bodies/%" PRId64, b->id) : "/desk/office/bodies");
	json_put_str(view, "action",
	    b ? arena_printf(act->arena, "/desk/office/bodies/%" PRId64, b->id) : "/desk/office/bodies");
	json_put_bool(view, "is_new", !b);
	json_put_str(view, "title", b ? names_in(&b->name, lang) : text_get(lang, N_("A new body")));
	if (b)
		json_put(view, "values", values_of(act, b));
	return OK;
}

static void put_facts(enum lang lang, const struct body_fact *fact, size_t n, json_t *view)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", fact[i].key);
		json_put_str(one, "fact_label", text_get(lang, fact[i].label));
		json_put_str(one, "ours", *fact[i].source ? fact[i].source : NULL);
		json_put_str(one, "theirs", *fact[i].target ? fact[i].target : NULL);
		json_put_bool(one, "same", fact[i].same);
		json_put_bool(one, "known", *fact[i].source && *fact[i].target);
		json_add(list, one);
	}
	json_put(view, "facts", list);
}

enum err body_merge_view(
    const struct casefile_act *act, enum lang lang, const struct body *source, const char *target_key, json_t *view)
{
	const struct registry *bodies;
	struct body_fact fact[BODY_FACTS_MAX];
	size_t n;
	enum err e = registry_in(act->tx, act->office, act->arena, &bodies);
	if (e)
		return e;
	const struct body *target = registry_entry(bodies, target_key);
	put_body_choices(act, lang, bodies, source, view);
	json_put(view, "source", short_json(act, lang, source));
	json_put_str(view, "title", names_in(&source->name, lang));
	if (!target || target == source)
		return OK;
	json_put(view, "target", short_json(act, lang, target));
	e = body_facts(act, lang, bodies, source, target, fact, &n);
	if (!e)
		put_facts(lang, fact, n, view);
	return e;
}
