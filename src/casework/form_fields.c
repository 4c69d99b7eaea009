/* Fields of a form as data for one template. */
#include "casework/form_fields.h"

#include "base/util.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *text_at(const void *form, const struct field *field)
{
	const char *text = form ? *(const char *const *)((const char *)form + field->offset) : NULL;
	return text ? text : "";
}

static bool ticked_at(const void *form, const struct field *field)
{
	return form && *(const bool *)((const char *)form + field->offset);
}

static const char *hint_of(const struct form_fields *form, const char *field)
{
	for (const struct form_hint *hint = form->hints; hint && hint->field; hint++)
		if (!strcmp(hint->field, field))
			return text_get(form->lang, hint->words);
	return NULL;
}

static bool needed(const struct form_fields *form, const struct field *field)
{
	for (const char *const *name = form->needed; name && *name; name++)
		if (!strcmp(*name, field->name))
			return true;
	return field->flags & FIELD_REQUIRED;
}

static const char *input_type(const struct field *field)
{
	if (field->type == FIELD_DATE)
		return "date";
	if (field->type == FIELD_EMAIL)
		return "email";
	return strstr(field->name, "phone") ? "tel" : "text";
}

static void choose(json_t *options, const char *value)
{
	json_t *one;
	size_t i;
	json_array_foreach(options, i, one) json_put_bool(one, "chosen", !strcmp(json_str_or(one, "code", ""), value));
}

/* Which texts belong to the control: its hint and what is wrong. */
static void describe(json_t *json)
{
	char ids[220] = "";
	const char *id = json_str_or(json, "field_id", "");
	if (json_str(json, "hint_text"))
		snprintf(ids, sizeof(ids), "%s-hint", id);
	if (json_str(json, "wrong"))
		snprintf(ids + strlen(ids), sizeof(ids) - strlen(ids), "%s%s-error", *ids ? " " : "", id);
	json_put_str(json, "described", *ids ? ids : NULL);
}

/* What the template asks for; all of it, for a name that is missing would be looked for further out. */
static json_t *field_json(const struct form_fields *form, const struct field *field)
{
	json_t *json = json_object(), *options = json_array();
	char id[96];
	bool check = field->type == FIELD_BOOL;
	bool listed = !check && form->options && form->options(form->arg, form->lang, field->name, options);
	bool ltr = field->type == FIELD_EMAIL || field->type == FIELD_DATE || strstr(field->name, "phone") ||
		   strstr(field->name, "_no");
	snprintf(id, sizeof(id), "%s%s", form->prefix ? form->prefix : "", field->name);
	json_put_str(json, "field_id", id);
	json_put_str(json, "field_name", field->name);
	json_put_str(json, "field_label", text_get(form->lang, field->label));
	json_put_bool(json, "needed", needed(form, field));
	json_put_bool(json, "is_check", check);
	json_put_bool(json, "ticked", check && ticked_at(form->form, field));
	json_put_bool(json, "is_select", listed);
	json_put_bool(json, "is_lines", field->type == FIELD_LINES);
	json_put_bool(json, "is_input", !check && !listed && field->type != FIELD_LINES);
	json_put_str(json, "input_type", input_type(field));
	json_put_str(json, "input_dir", ltr ? "ltr" : "auto");
	json_put_bool(json, "short_input", ltr);
	json_put_str(json, "value", check ? "" : text_at(form->form, field));
	json_put_str(json, "hint_text", hint_of(form, field->name));
	json_put_str(json, "wrong", NULL);
	if (listed)
		choose(options, text_at(form->form, field));
	json_put(json, "options", options);
	describe(json);
	return json;
}

json_t *form_fields_json(const struct form_fields *form)
{
	json_t *json = json_object(), *list = json_array();
	for (size_t i = 0; i < form->n; i++)
		if (form->fields[i].type != FIELD_INT) /* the version stands hidden in the template */
			json_add(list, field_json(form, &form->fields[i]));
	json_put_str(json, "act_form", form->act ? form->act : "");
	json_put_int(json, "act_row", form->row);
	json_put_bool(json, "open_again", false);
	json_put(json, "fields", list);
	return json;
}

/* --- again ------------------------------------------------------------------------------------------------------- */

static const char *wrong_with(const struct request *rq, const struct faults *faults, const char *field)
{
	for (size_t i = 0; faults && i < faults->n; i++)
		if (!strcmp(faults->v[i].field, field))
			return text_fault(rq->arena, rq->lang, &faults->v[i]);
	return NULL;
}

static void fill(const struct request *rq, json_t *form, const struct faults *faults)
{
	json_t *one;
	size_t i;
	json_put_bool(form, "open_again", true);
	json_array_foreach(json_object_get(form, "fields"), i, one)
	{
		const char *name = json_str_or(one, "field_name", ""), *typed = request_form(rq, name);
		json_put_bool(one, "ticked", json_bool_or(one, "is_check", false) && typed);
		json_put_str(one, "value", typed ? typed : "");
		json_put_str(one, "wrong", wrong_with(rq, faults, name));
		choose(json_object_get(one, "options"), typed ? typed : "");
		describe(one);
	}
}

void form_fields_again(
    const struct request *rq, json_t *view, const char *act, int64_t row, const struct faults *faults)
{
	const char *key;
	json_t *one;
	size_t i;
	if (json_is_array(view)) {
		json_array_foreach(view, i, one) form_fields_again(rq, one, act, row, faults);
	} else if (json_is_object(view)) {
		if (!strcmp(json_str_or(view, "act_form", ""), act) && json_int_or(view, "act_row", -1) == row)
			fill(rq, view, faults);
		json_object_foreach(view, key, one) form_fields_again(rq, one, act, row, faults);
	}
}
