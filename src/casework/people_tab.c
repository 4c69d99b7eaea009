/* The tab "people": who is concerned with a case, and what may be changed about them. */
#include "base/util.h"
#include "casework/case_acts.h"
#include "casework/case_view.h"
#include "casework/form_fields.h"
#include "casework/party.h"
#include "intake.sql.h"

#include <inttypes.h>
#include <string.h>

/* --- acts -------------------------------------------------------------------------------------------------------- */

/* Who may not know a withheld identity does
 * not write it either. */
static enum err may_change(const struct casefile_act *act, const struct casefile *c, struct fault *fault)
{
	const struct object object = casefile_object(c);
	if (c->state->phase == PHASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	enum err e = may(act->actor, ACT_CASE_SCREEN, &object, fault);
	return e ? e : may(act->actor, ACT_IDENTITY_READ, &object, fault);
}

static enum err begin(
    const struct casefile_act *act, const struct casefile *c, int64_t seen_version, struct fault *fault)
{
	enum err e = may_change(act, c, fault);
	return e ? e : casefile_check_seen(c, seen_version, fault);
}

static enum err do_add(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n, int64_t *ret_id,
    struct fault *fault)
{
	const struct party_form *form = arg;
	enum err e = begin(act, c, form->version, fault);
	return e ? e : party_add(act, c, &form->who, ret_id, fault);
}

static enum err do_change(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct party_form *form = arg;
	enum err e = begin(act, c, form->version, fault);
	return e ? e : party_change(act, c, n, &form->who, fault);
}

static enum err do_remove(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct party_form *form = arg;
	enum err e = begin(act, c, form->version, fault);
	return e ? e : party_remove(act, c, n, form->removed_why, fault);
}

static const struct field remove_fields[] = {
	FIELD(struct party_form, version, FIELD_INT, 0, 0, N_("Version of the case")),
	FIELD(struct party_form, removed_why, FIELD_LINES, 500, FIELD_REQUIRED, N_("Why this person is removed")),
};

static const struct desk_act acts[] = {
	{ "people", "person", "people", "people", ACT_CASE_SCREEN, party_fields, PARTY_FIELDS - 1,
	    sizeof(struct party_form), do_add },
	{ "change-person", "person", "people", "people", ACT_CASE_SCREEN, party_fields, PARTY_FIELDS - 1,
	    sizeof(struct party_form), do_change },
	{ "remove-person", "remove", "people", "people", ACT_CASE_SCREEN, DESK_FORM(struct party_form, remove_fields),
	    do_remove },
};
const struct desk_act_table party_acts = { acts, ARRAY_LEN(acts) };

static const struct route routes[] = {
	DESK_ACT("people", "Add a person to a case."),
	DESK_ACT("people/{n}/change-person", "Change the entry of a person."),
	DESK_ACT("people/{n}/remove-person", "Remove a person from a case."),
};
const struct route_table party_routes = { routes, ARRAY_LEN(routes) };

/* --- the tab ----------------------------------------------------------------------------------------------------- */

static void put_fact(json_t *facts, enum lang lang, const char *label, const char *value)
{
	if (!value || !*value)
		return;
	json_t *one = json_object();
	json_put_str(one, "fact_label", text_get(lang, label));
	json_put_str(one, "fact_value", value);
	json_add(facts, one);
}

static const char *words_or_none(enum lang lang, const char *list, const char *code)
{
	return *code ? party_words(lang, list, code) : "";
}

static const char *groups_words(struct arena *arena, enum lang lang, const struct intake_party *p)
{
	const char *all = words_or_none(lang, "group", p->groups_said);
	for (size_t i = 0; i < PARTY_GROUPS; i++)
		if (p->group[i])
			all = arena_printf(
			    arena, "%s%s%s", all, *all ? "; " : "", party_words(lang, "group", party_groups[i]));
	return all;
}

static json_t *facts_json(const struct case_viewing *v, const struct intake_party *p)
{
	enum lang lang = v->lang;
	json_t *facts = json_array();
	put_fact(facts, lang, N_("Father's name"), p->father_name);
	put_fact(facts, lang, N_("Identity or company number"), p->id_no);
	put_fact(facts, lang, N_("Passport number"), p->passport_no);
	put_fact(facts, lang, N_("Telephone"), p->phone);
	put_fact(facts, lang, N_("E-mail"), p->email);
	put_fact(facts, lang, N_("Address"), p->address);
	put_fact(facts, lang, N_("How to answer"), words_or_none(lang, "answer_by", p->answer_by));
	put_fact(facts, lang, N_("Right to act for somebody"), words_or_none(lang, "authority", p->authority));
	put_fact(facts, lang, N_("Paper that shows it"), p->authority_document);
	put_fact(facts, lang, N_("Valid until"), p->authority_until);
	put_fact(facts, lang, N_("Does the affected person agree?"), words_or_none(lang, "party_consent", p->consent));
	return facts;
}

/* What may be asked of anybody: "not asked" is said, too. */
static json_t *traits_json(const struct case_viewing *v, const struct intake_party *p)
{
	const struct {
		const char *label, *list, *code;
	} traits[] = { { N_("Age"), "age_band", p->age_band }, { N_("Sex"), "sex", p->sex },
		{ N_("Nationality"), "nationality", p->nationality },
		{ N_("Language spoken best"), "language", p->language },
		{ N_("Disability"), "disability", p->disability }, { N_("Detention"), "detention", p->detention } };
	json_t *list = json_array();
	const char *not_asked = text_get(v->lang, N_("Not asked")), *groups = groups_words(v->act->arena, v->lang, p);
	put_fact(list, v->lang, N_("Date of birth"), p->birth_date);
	for (size_t i = 0; i < ARRAY_LEN(traits); i++)
		put_fact(list, v->lang, traits[i].label,
		    *traits[i].code ? party_words(v->lang, traits[i].list, traits[i].code) : not_asked);
	put_fact(list, v->lang, N_("Vulnerable group"), *groups ? groups : not_asked);
	return list;
}

static json_t *form_json(
    const struct case_viewing *v, const char *act, int64_t row, const char *prefix, const struct intake_party *who)
{
	const struct form_fields form = { .lang = v->lang,
		.fields = party_fields,
		.n = PARTY_FIELDS - 1,
		.form = who,
		.act = act,
		.row = row,
		.prefix = prefix,
		.options = party_options,
		.hints = party_hints };
	return form_fields_json(&form);
}

static json_t *person_json(const struct case_viewing *v, const struct party_row *row, bool known, bool change)
{
	const struct intake_party *p = &row->who;
	json_t *json = json_object();
	json_put_int(json, "person_id", row->id);
	json_put_str(json, "role_key", p->role);
	json_put_str(json, "role_name", party_words(v->lang, "role", p->role));
	json_put_str(json, "kind_name", party_words(v->lang, "kind", *p->kind ? p->kind : "natural"));
	json_put_bool(json, "known", known);
	json_put_bool(json, "removed", row->removed_at != 0);
	json_put_str(json, "removed_why", row->removed_why);
	view_put_day(v->act, v->lang, json, "removed_on", row->removed_at);
	json_put_str(json, "full_name", known && *p->name ? p->name : NULL);
	json_put(json, "facts", known ? facts_json(v, p) : json_array());
	json_put(json, "traits", traits_json(v, p));
	json_put_bool(json, "detained", party_detained(p));
	json_put_bool(json, "consent_missing", !strcmp(p->role, "affected") && !*p->consent && !row->removed_at);
	json_put_bool(json, "can_change", change && !row->removed_at);
	if (change && !row->removed_at)
		json_put(json, "change_form",
		    form_json(v, "person", row->id, arena_printf(v->act->arena, "p%" PRId64 "-", row->id), p));
	return json;
}

static enum err put_history(const struct case_viewing *v, bool known)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	enum err e = db_query(v->act->tx, &sql_party_change_list, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && known && db_next(rows)) {
		json_t *one = json_object(), *before = NULL;
		const char *text = db_col_text(rows, 4), *what = db_col_text(rows, 3);
		if (json_parse(text, strlen(text), JSON_TEXT_LIMIT, &before, NULL))
			before = json_object();
		json_put_str(one, "change_words",
		    text_get(v->lang, !strcmp(what, "added")     ? N_("Added")
				      : !strcmp(what, "removed") ? N_("Removed")
								 : N_("Changed")));
		json_put_str(one, "who", db_col_text(rows, 2));
		view_put_moment(v->act, v->lang, one, "at", db_col_int(rows, 1));
		json_put_str(one, "name_before", json_str(before, "name"));
		json_put_int(one, "person_id", db_col_int(rows, 0));
		json_put(one, "before", before);
		json_add(list, one);
	}
	if (!e)
		e = db_rows_error(rows);
	view_put_list(v->view, "changes", list);
	return e;
}

static enum err fill(const struct case_viewing *v)
{
	static const struct intake_party nobody = { .role = "affected" };
	const struct object object = casefile_object(v->c);
	struct party_row *rows;
	size_t n;
	bool known = may(v->act->actor, ACT_IDENTITY_READ, &object, NULL) == OK;
	bool change = may_change(v->act, v->c, NULL) == OK;
	json_t *list = json_array();
	enum err e = party_load(v->act->tx, v->act->arena, v->c->id, &rows, &n);
	for (size_t i = 0; !e && i < n; i++)
		json_add(list, person_json(v, &rows[i], known, change));
	view_put_list(v->view, "people", list);
	json_put_bool(v->view, "can_add", change);
	if (change)
		json_put(v->view, "add_form", form_json(v, "person", 0, "", &nobody));
	return e ? e : put_history(v, known);
}

const struct case_tab party_tab = { "people", N_("People"), ACT_CASE_READ, "case/people", fill };
