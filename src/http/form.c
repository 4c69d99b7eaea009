/* Forms by tables: from what was typed (or a program's JSON) into a struct, each broken rule a fault of its own. */
#include "http/internal.h"

#include "base/util.h"
#include "text/date.h"

#include <stdio.h>
#include <string.h>

#define EMAIL_BYTES_MAX 254 /* RFC 5321, 4.5.3.1.3, without the brackets */

void faults_add(struct faults *faults, const struct fault *fault)
{
	if (faults->n < FAULTS_MAX)
		faults->v[faults->n++] = *fault;
}

/* `name` NULL: the message has no value in it. */
static void wrong(
    struct faults *faults, const struct field *field, const char *key, const char *name, const char *value)
{
	struct fault fault = { 0 };

	fault_set(&fault, ERR_INVALID, field->name, key, name, value, NULL);
	faults_add(faults, &fault);
}

static void wrong_plain(struct faults *faults, const struct field *field, const char *key)
{
	wrong(faults, field, key, NULL, NULL);
}

static void wrong_limit(struct faults *faults, const struct field *field, const char *key)
{
	char limit[24];

	snprintf(limit, sizeof limit, "%zu", field->max);
	wrong(faults, field, key, "limit", limit);
}

/* --- texts ------------------------------------------------------------------------------------------------------- */

/* Line ends become \n, in one-line fields a blank; other control characters are dropped. In place. */
static void clean(char *text, bool lines)
{
	char *out = text;

	for (const char *c = text; *c; c++) {
		if (*c == '\r' && c[1] == '\n')
			continue;
		if (*c == '\n' || *c == '\r')
			*out++ = lines ? '\n' : ' ';
		else if (*c == '\t')
			*out++ = ' ';
		else if ((unsigned char)*c >= 0x20 && *c != 0x7f)
			*out++ = *c;
	}
	*out = 0;
}

static char *trim(char *text)
{
	size_t n;

	text += strspn(text, " \n");
	for (n = strlen(text); n && strchr(" \n", text[n - 1]); n--)
		;
	text[n] = 0;
	return text;
}

static const char *tidy(struct request *rq, const struct field *field, const char *typed)
{
	if (field->flags & FIELD_SECRET)
		return typed ? text_nfc(rq->arena, typed) : "";
	char *text = arena_strdup(rq->arena, typed ? typed : "");
	clean(text, field->type == FIELD_LINES);
	return text_nfc(rq->arena, trim(text));
}

static bool email_valid(const char *text)
{
	const char *at = strrchr(text, '@');

	if (!at || at == text || strlen(text) > EMAIL_BYTES_MAX || strpbrk(text, " \t\"(),:;<>[\\]"))
		return false;
	if (strchr(text, '@') != at)
		return false;
	const char *dot = strrchr(at, '.');
	return at[1] && at[1] != '.' && dot && dot[1] && !strstr(at, "..");
}

static bool choice_known(const struct field *field, const char *text)
{
	for (const char *const *c = field->choices; c && *c; c++)
		if (!strcmp(*c, text))
			return true;
	return false;
}

static void check_text(const struct field *field, const char *text, struct faults *faults)
{
	struct civil date;

	if (field->max && utf8_length(text) > field->max) {
		wrong_limit(faults, field, N_("Write at most {limit} characters."));
		return;
	}
	if (field->type == FIELD_CHOICE && !choice_known(field, text))
		wrong_plain(faults, field, N_("Choose one of the answers."));
	if (field->type == FIELD_EMAIL && !email_valid(text))
		wrong_plain(faults, field, N_("Write an e-mail address like name@example.org."));
	if (field->type == FIELD_DATE && civil_parse(text, &date))
		wrong_plain(faults, field, N_("Write a date that exists, as year-month-day."));
}

static void missing(const struct field *field, struct faults *faults)
{
	wrong_plain(
	    faults, field, field->type == FIELD_CHOICE ? N_("Choose one of the answers.") : N_("Fill in this field."));
}

static void take_text(
    struct request *rq, const struct field *field, const char *typed, void *out, struct faults *faults)
{
	const char *text = tidy(rq, field, typed);

	if (*text)
		check_text(field, text, faults);
	else if (field->flags & FIELD_REQUIRED)
		missing(field, faults);
	*(const char **)((char *)out + field->offset) = text;
}

/* --- numbers and boxes ------------------------------------------------------------------------------------------- */

static bool int_parse(const char *text, int64_t *ret_value)
{
	int64_t value = 0;

	if (!*text || strlen(text) > 18)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (*text - '0');
	}
	*ret_value = value;
	return true;
}

static void put_int(const struct field *field, int64_t value, void *out, struct faults *faults)
{
	if (value < 0 || (field->max && value > (int64_t)field->max))
		wrong_limit(faults, field,
		    field->max ? N_("Write a whole number from 0 to {limit}.") : N_("Write a whole number."));
	*(int64_t *)((char *)out + field->offset) = value;
}

static void take_int(struct request *rq, const struct field *field, const char *typed, void *out, struct faults *faults)
{
	const char *text = tidy(rq, field, typed);
	int64_t value = 0;

	if (!*text) {
		if (field->flags & FIELD_REQUIRED)
			missing(field, faults);
		put_int(field, 0, out, faults);
	} else if (int_parse(text, &value))
		put_int(field, value, out, faults);
	else
		wrong_limit(faults, field,
		    field->max ? N_("Write a whole number from 0 to {limit}.") : N_("Write a whole number."));
}

/* A browser sends a box only when it is ticked, with any value; the words for "no" are for programs. */
static bool ticked(const char *typed)
{
	static const char *const no[] = { "", "0", "false", "no", "off" };

	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		if (!typed || !strcmp(typed, no[i]))
			return false;
	return true;
}

static void put_bool(const struct field *field, bool value, void *out, struct faults *faults)
{
	if (!value && (field->flags & FIELD_REQUIRED))
		wrong_plain(faults, field, N_("Tick this box to go on."));
	*(bool *)((char *)out + field->offset) = value;
}

/* --- from the form, from JSON ------------------------------------------------------------------------------------ */

static void take_form(struct request *rq, const struct field *field, void *out, struct faults *faults)
{
	const char *typed = request_form(rq, field->name);

	if (field->type == FIELD_INT)
		take_int(rq, field, typed, out, faults);
	else if (field->type == FIELD_BOOL)
		put_bool(field, ticked(typed), out, faults);
	else
		take_text(rq, field, typed, out, faults);
}

static void take_json(
    struct request *rq, const struct field *field, const json_t *value, void *out, struct faults *faults)
{
	if (json_is_null(value))
		value = NULL;
	if (field->type == FIELD_INT) {
		if (!value)
			take_int(rq, field, "", out, faults);
		else if (json_is_integer(value))
			put_int(field, json_integer_value(value), out, faults);
		else
			wrong_plain(faults, field, N_("Write a whole number."));
	} else if (field->type == FIELD_BOOL) {
		if (value && !json_is_boolean(value))
			wrong_plain(faults, field, N_("Say true or false."));
		else
			put_bool(field, json_is_true(value), out, faults);
	} else if (value && !json_is_string(value)) {
		*(const char **)((char *)out + field->offset) = "";
		wrong_plain(faults, field, N_("This must be a text."));
	} else
		take_text(rq, field, json_string_value(value), out, faults);
}

enum err form_parse(struct request *rq, const struct field *fields, size_t n, void *out, struct faults *faults)
{
	const struct fault *file = &rq->data->intake.fault;

	for (size_t i = 0; i < n; i++)
		if (rq->api && !rq->data->form.n)
			take_json(rq, &fields[i], json_object_get(rq->json, fields[i].name), out, faults);
		else
			take_form(rq, &fields[i], out, faults);
	if (file->code)
		faults_add(faults, file);
	return faults->n ? ERR_INVALID : OK;
}

json_t *form_values(const struct request *rq, const struct field *fields, size_t n)
{
	json_t *values = json_object();

	for (size_t i = 0; i < n; i++) {
		const char *typed = request_form(rq, fields[i].name);
		if (fields[i].flags & FIELD_SECRET)
			continue;
		if (fields[i].type == FIELD_BOOL)
			json_put_bool(values, fields[i].name, ticked(typed));
		else
			json_put_str(values, fields[i].name, typed ? typed : "");
	}
	return values;
}
