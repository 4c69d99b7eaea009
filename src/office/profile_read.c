/* Typed getters over a profile's JSON that note mistakes and go on. */
#include "office/profile_read.h"

#include "base/util.h"
#include "office/json_lines.h"
#include "text/date.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_LIMIT (1024 * 1024)

/* One step of a JSON pointer (RFC 6901): "/" and "~" in a name are written otherwise. */
static char *token(struct arena *arena, const char *name)
{
	char *out = arena_alloc(arena, 2 * strlen(name) + 1), *to = out;

	for (; *name; name++) {
		if (*name == '~' || *name == '/') {
			*to++ = '~';
			*to++ = *name == '~' ? '0' : '1';
		} else {
			*to++ = *name;
		}
	}
	return out;
}

static char *pointer(struct arena *arena, const struct at *at)
{
	if (!at)
		return arena_strdup(arena, "");
	if (at->key)
		return arena_printf(arena, "%s/%s", pointer(arena, at->up), token(arena, at->key));
	return arena_printf(arena, "%s/%zu", pointer(arena, at->up), at->index);
}

/* "bodies.json:41: /bodies/3/name/ur"; only the file's name where it could not be read at all. */
static char *place(struct reader *r, const struct at *at, const char *key)
{
	const struct at here = { at, key, 0 };
	const char *path = pointer(r->arena, key ? &here : at);
	const struct file_text *t = r->texts;

	while (t && strcmp(t->file, r->file) != 0)
		t = t->older;
	if (!t)
		return arena_strdup(r->arena, r->file);
	return arena_printf(r->arena, "%s:%zu%s%s", r->file, json_line(t->text, t->len, path), *path ? ": " : "", path);
}

static void note(struct reader *r, const char *where, const char *message, const char *name, const char *value)
{
	if (r->count < r->room) {
		if (name)
			fault_set(&r->faults[r->count], ERR_INVALID, where, message, name, value, NULL);
		else
			fault_set(&r->faults[r->count], ERR_INVALID, where, message, NULL);
	}
	r->count++;
	if (!r->err)
		r->err = ERR_INVALID;
}

void read_mistake(
    struct reader *r, const struct at *at, const char *key, const char *message, const char *name, const char *value)
{
	note(r, place(r, at, key), message, name, value);
}

static void no_file(struct reader *r, const char *why)
{
	note(r, r->file, N_("This file of the profile cannot be read: {why}."), "why", why);
}

/* The parser says where it gave up. */
static void no_json(struct reader *r, const struct fault *fault)
{
	const char *why = fault->args ? fault->arg[0].value : err_sentence(fault->code);
	unsigned line;

	if (sscanf(fault->field, "line %u", &line) == 1)
		note(r, arena_printf(r->arena, "%s:%u", r->file, line), fault->key, "reason", why);
	else
		note(r, r->file, fault->key, fault->args ? fault->arg[0].name : NULL, why);
}

static char *slurp(struct reader *r, const char *path, size_t *ret_len)
{
	FILE *file = fopen(path, "re");
	char *text;

	if (!file) {
		no_file(r, strerror(errno));
		return NULL;
	}
	text = arena_alloc(r->arena, FILE_LIMIT + 1);
	*ret_len = fread(text, 1, FILE_LIMIT + 1, file);
	if (ferror(file)) {
		no_file(r, strerror(errno));
		text = NULL;
	}
	fclose(file);
	return text;
}

const json_t *read_file(struct reader *r, const char *name)
{
	struct fault fault = { 0 };
	struct file_text *read;
	json_t *json;
	size_t len;
	char *text;

	r->file = name;
	text = slurp(r, arena_printf(r->arena, "%s/%s", r->dir, name), &len);
	if (!text)
		return NULL;
	if (json_parse(text, len, FILE_LIMIT, &json, &fault)) {
		no_json(r, &fault);
		return NULL;
	}
	json_owned(r->arena, json);
	read = arena_alloc(r->arena, sizeof(*read));
	*read = (struct file_text) { r->texts, name, text, len };
	r->texts = read;
	if (!json_is_object(json)) {
		read_mistake(r, NULL, NULL, N_("An object in braces is expected here."), NULL, NULL);
		return NULL;
	}
	return json;
}

void read_only_keys(struct reader *r, const struct at *at, const json_t *object, const char *const *keys)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		size_t i = 0;

		while (keys[i] && strcmp(keys[i], key) != 0)
			i++;
		if (!keys[i] && strcmp(key, "note") != 0)
			read_mistake(r, at, key, N_("Nothing is known by this name here: {name}."), "name", key);
	}
}

const char *read_text_or_null(struct reader *r, const struct at *at, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!value || json_is_null(value))
		return NULL;
	if (!json_is_string(value) || !*json_string_value(value)) {
		read_mistake(r, at, key, N_("A text in quotation marks is expected here."), NULL, NULL);
		return NULL;
	}
	return json_string_value(value);
}

const char *read_text(struct reader *r, const struct at *at, const json_t *object, const char *key)
{
	const char *text = read_text_or_null(r, at, object, key);

	if (text)
		return text;
	if (!json_object_get(object, key))
		read_mistake(r, at, key, N_("Fill in this field."), NULL, NULL);
	return "";
}

const char *read_key(struct reader *r, const struct at *at, const json_t *object, const char *key)
{
	const char *text = read_text(r, at, object, key);
	size_t good = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_.-");

	if (*text && (text[good] || good > 60))
		read_mistake(
		    r, at, key, N_("A key has at most 60 small letters, digits, “_”, “.” and “-”."), NULL, NULL);
	return text;
}

bool read_bool(struct reader *r, const struct at *at, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_boolean(value))
		read_mistake(r, at, key, N_("True or false is expected here."), NULL, NULL);
	return json_is_true(value);
}

int64_t read_whole(struct reader *r, const struct at *at, const json_t *object, const char *key, int64_t least,
    int64_t most, int64_t otherwise)
{
	const json_t *value = json_object_get(object, key);
	int64_t n = json_is_integer(value) ? json_integer_value(value) : 0;

	if (!value && otherwise >= least)
		return otherwise;
	if (!json_is_integer(value) || n < least || n > most) {
		read_mistake(r, at, key, N_("A whole number in the range {range} is expected here."), "range",
		    arena_printf(r->arena, "%lld–%lld", (long long)least, (long long)most));
		return otherwise >= least ? otherwise : least;
	}
	return n;
}

int64_t read_day(struct reader *r, const struct at *at, const json_t *object, const char *key, int64_t otherwise)
{
	const char *text = read_text_or_null(r, at, object, key);
	struct civil date;

	if (!text)
		return otherwise;
	if (civil_parse(text, &date)) {
		read_mistake(r, at, key, N_("A date such as {example} is expected here."), "example", "2026-11-23");
		return otherwise;
	}
	return civil_days(date);
}

static void name_in(struct reader *r, const struct at *at, const char *code, const json_t *value, struct names *names)
{
	enum lang lang;

	/* Only exact codes: lang_parse also takes "ur-PK", which would fill the same place twice. */
	if (!lang_parse(code, &lang) || strcmp(lang_code(lang), code) != 0)
		read_mistake(r, at, code, N_("No language has the code {code}."), "code", code);
	else if (!json_is_string(value) || !*json_string_value(value))
		read_mistake(r, at, code, N_("A text in quotation marks is expected here."), NULL, NULL);
	else
		names->in[lang] = json_string_value(value);
}

struct names read_names_value(struct reader *r, const struct at *at, const json_t *value)
{
	struct names names = { { NULL } };
	const char *code;
	json_t *text;

	if (!json_is_object(value)) {
		read_mistake(r, at, NULL, N_("A text in each language is expected here."), NULL, NULL);
		return names;
	}
	json_object_foreach((json_t *)value, code, text) name_in(r, at, code, text, &names);
	for (size_t i = 0; i < r->languages_count; i++)
		if (!json_object_get(value, lang_code(r->languages[i])))
			read_mistake(r, at, lang_code(r->languages[i]), N_("This text is missing in {language}."),
			    "language", lang_name(r->languages[i]));
	return names;
}

struct names read_names(struct reader *r, const struct at *at, const json_t *object, const char *key)
{
	const struct at here = { at, key, 0 };

	return read_names_value(r, &here, json_object_get(object, key));
}

struct names read_names_or_none(struct reader *r, const struct at *at, const json_t *object, const char *key)
{
	const struct names none = { { NULL } };

	return json_object_get(object, key) ? read_names(r, at, object, key) : none;
}

const json_t *read_object(struct reader *r, const struct at *at, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_object(value))
		return value;
	read_mistake(r, at, key, N_("An object in braces is expected here."), NULL, NULL);
	return json_owned(r->arena, json_object());
}

const json_t *read_array(struct reader *r, const struct at *at, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_array(value))
		return value;
	read_mistake(r, at, key, N_("A list in square brackets is expected here."), NULL, NULL);
	return json_owned(r->arena, json_array());
}

struct codes read_codes(struct reader *r, const struct at *at, const json_t *object, const char *key)
{
	static const char *const keys[] = { "key", "name", NULL };
	const json_t *rows = read_array(r, at, object, key);
	size_t count = json_array_size(rows);
	struct code *code = arena_alloc(r->arena, (count + 1) * sizeof(*code));
	const struct at list = { at, key, 0 };

	for (size_t i = 0; i < count; i++) {
		const struct at here = { &list, NULL, i };
		const json_t *row = json_array_get(rows, i);

		read_only_keys(r, &here, row, keys);
		code[i].key = read_key(r, &here, row, "key");
		code[i].name = read_names(r, &here, row, "name");
	}
	read_unique(r, &list, &code->key, count, sizeof(*code));
	return (struct codes) { code, count };
}

void read_unique(struct reader *r, const struct at *list, const char *const *first, size_t count, size_t stride)
{
	for (size_t i = 1; i < count; i++) {
		const char *key = *(const char *const *)((const char *)first + i * stride);
		const struct at here = { list, NULL, i };

		for (size_t j = 0; j < i; j++) {
			if (!strcmp(key, *(const char *const *)((const char *)first + j * stride))) {
				read_mistake(r, &here, "key", N_("This key stands twice: {key}."), "key", key);
				break;
			}
		}
	}
}
