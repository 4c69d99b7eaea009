/* What the pages of a complaint show: lists to choose from, declarations, the answers to be checked. */
#include "base/util.h"
#include "casework/complaint.h"
#include "office/current.h"
#include "text/country.h"
#include "text/date.h"

#include <string.h>

static json_t *option(const char *code, const char *label, const char *chosen)
{
	json_t *one = json_object();
	json_put_str(one, "code", code);
	json_put_str(one, "label", label);
	json_put_bool(one, "chosen", chosen && !strcmp(code, chosen));
	return one;
}

/* The countries most asked about here first, then all by name. */
static json_t *countries(enum lang lang, const char *chosen)
{
	static const char *const first[] = { "PK", "AZ" };
	json_t *list = json_array();
	size_t n;
	const struct country *all = country_list(lang, &n);
	for (size_t i = 0; i < ARRAY_LEN(first); i++)
		json_add(list, option(first[i], country_name(lang, first[i]), chosen));
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].code, first[0]) && strcmp(all[i].code, first[1]))
			json_add(list, option(all[i].code, all[i].name, chosen));
	json_add(list, option(COUNTRY_NONE, text_get(lang, N_("None of these")), chosen));
	return list;
}

/* [{kind, bodies [{code, label, chosen}]}]: a select with a group for each kind of body. */
static json_t *body_groups(enum lang lang, const struct complaint_form *form, const char *chosen)
{
	const struct profile *profile = form->profile;
	json_t *groups = json_array();
	for (size_t k = 0; k < profile->body_kinds.count; k++) {
		const struct code *kind = &profile->body_kinds.at[k];
		json_t *bodies = json_array(), *group;
		for (size_t i = 0; i < (form->bodies ? registry_count(form->bodies) : profile->bodies); i++) {
			const struct body *b = form->bodies ? registry_at(form->bodies, i) : &profile->body[i];
			if (!strcmp(b->kind, kind->key) && !*b->merged_into)
				json_add(bodies, option(b->key, names_in(&b->name, lang), chosen));
		}
		if (json_array_size(bodies) == 0) {
			json_decref(bodies);
			continue;
		}
		group = json_object();
		json_put_str(group, "group_name", names_in(&kind->name, lang));
		json_put(group, "bodies", bodies);
		json_add(groups, group);
	}
	return groups;
}

/* What is offered today, whatever the profile began with. */
static json_t *subjects(struct request *rq, const char *chosen)
{
	const struct office *office = office_of(rq);
	const struct code_choice *choice;
	size_t n = code_choices(rq->arena, office_list(office, "subjects"), office_day(office, rq->now), NULL, &choice);
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_add(list, option(choice[i].entry->key, names_in(&choice[i].entry->name, rq->lang), chosen));
	return list;
}

static const char *fault_of(struct request *rq, const struct faults *faults, const char *field)
{
	for (size_t i = 0; faults && i < faults->n; i++)
		if (!strcmp(faults->v[i].field, field))
			return text_fault(rq->arena, rq->lang, &faults->v[i]);
	return NULL;
}

static json_t *declaration_json(
    struct request *rq, const struct complaint_form *form, size_t i, const json_t *values, const struct faults *faults)
{
	const struct declaration *d = &form->profile->declaration[i];
	const char *field = form->fields[form->first_declaration + i].name, *word = json_str_or(values, field, "");
	json_t *one = json_object();
	json_put_str(one, "id", field);
	json_put_str(one, "words", names_in(&d->text, rq->lang));
	json_put_bool(one, "question", d->kind == DECLARATION_QUESTION);
	json_put_bool(one, "yes", !strcmp(word, "yes"));
	json_put_bool(one, "no", !strcmp(word, "no"));
	json_put_bool(one, "ticked", json_bool_or(values, field, false));
	json_put_str(one, "wrong", fault_of(rq, faults, field));
	return one;
}

void complaint_form_view(struct request *rq, const struct complaint_form *form, const json_t *values,
    const struct faults *faults, json_t *view)
{
	json_t *declarations = json_array();
	for (size_t i = 0; i < form->profile->declarations; i++)
		json_add(declarations, declaration_json(rq, form, i, values, faults));
	json_put(view, "declarations", declarations);
	json_put_bool(view, "has_declarations", form->profile->declarations > 0);
	json_put(view, "nationalities", countries(rq->lang, json_str(values, "nationality")));
	json_put(view, "body_countries", countries(rq->lang, json_str(values, "body_country")));
	json_put(view, "body_groups", body_groups(rq->lang, form, json_str(values, "body_key")));
	json_put(view, "subjects", subjects(rq, json_str(values, "subject")));
}

/* --- the answers ------------------------------------------------------------------------------------------------- */

static const char *choice_words(
    struct request *rq, const struct complaint_form *form, const char *field, const char *code)
{
	const struct profile *profile = form->profile;
	enum lang lang = rq->lang;
	const struct body *body;
	if (!strcmp(field, "body_key"))
		return (body = form->bodies ? registry_body(form->bodies, code) : profile_body(profile, code))
			   ? names_in(&body->name, lang)
			   : code;
	if (!strcmp(field, "subject"))
		return code_name(office_of(rq), "subjects", code, lang, office_day(office_of(rq), rq->now));
	if (!strcmp(code, "yes") || !strcmp(code, "no"))
		return text_get(lang, *code == 'y' ? N_("Yes") : N_("No"));
	return strcmp(code, COUNTRY_NONE) ? country_name(lang, code) : text_get(lang, N_("None of these"));
}

static const char *answer_words(
    struct request *rq, const struct complaint_form *form, const struct field *field, const json_t *values)
{
	const char *text = json_str_or(values, field->name, "");
	struct civil date;
	if (field->type == FIELD_BOOL)
		return json_bool_or(values, field->name, false) ? text_get(rq->lang, N_("Yes")) : "";
	if (*text && field->type == FIELD_CHOICE)
		return choice_words(rq, form, field->name, text);
	if (*text && field->type == FIELD_DATE && !civil_parse(text, &date))
		return date_long(rq->arena, rq->lang, "UTC", civil_days(date) * (24 * 3600 * INT64_C(1000)));
	return text;
}

json_t *complaint_summary(struct request *rq, const struct complaint_form *form, const struct complaint *c)
{
	json_t *list = json_array(), *values = complaint_values(form, c);
	for (size_t i = 0; i < form->n; i++) {
		const struct field *field = &form->fields[i];
		const char *value = answer_words(rq, form, field, values);
		if (!*value)
			continue;
		json_t *one = json_object();
		json_put_str(one, "label",
		    i < form->first_declaration
			? text_get(rq->lang, field->label)
			: names_in(&form->profile->declaration[i - form->first_declaration].text, rq->lang));
		json_put_str(one, "value", value);
		json_put_str(one, "url", arena_printf(rq->arena, "/complain#%s", field->name));
		json_add(list, one);
	}
	json_decref(values);
	return list;
}

json_t *complaint_files(struct request *rq, const struct document_new *files, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *one = json_object();
		json_put_str(one, "sha256", files[i].sha256);
		json_put_str(one, "file_name", files[i].name);
		json_put_str(one, "size", file_size_text(rq->arena, rq->lang, files[i].size));
		json_add(list, one);
	}
	return list;
}
