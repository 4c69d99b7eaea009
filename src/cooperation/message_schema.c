/* Holds a JSON value against a table and names the first member that breaks its rule. */
#include "cooperation/message_schema.h"

#include "base/clockwork.h"
#include "base/id.h"
#include "base/util.h"
#include "cooperation/packet.h"
#include "text/date.h"

#include <stdio.h>
#include <string.h>

#define PATH_SIZE 64 /* as struct fault's field */
#define TEXTS_MAX 8  /* languages of one text */
#define FIELDS_MAX 32

struct place {
	const struct place *up;
	const char *name; /* NULL: an index */
	size_t index;
};

static void place_text(const struct place *place, char out[PATH_SIZE])
{
	size_t len;

	if (!place) {
		out[0] = '\0';
		return;
	}
	place_text(place->up, out);
	len = strlen(out);
	if (place->name)
		snprintf(out + len, PATH_SIZE - len, "/%.32s", place->name);
	else
		snprintf(out + len, PATH_SIZE - len, "/%zu", place->index);
}

static enum err broken(const struct place *place, struct fault *fault, const char *key, int64_t min, int64_t max)
{
	char path[PATH_SIZE], low[24], high[24];

	place_text(place, path);
	snprintf(low, sizeof(low), "%lld", (long long)min);
	snprintf(high, sizeof(high), "%lld", (long long)max);
	return fault_set(fault, ERR_INVALID, path, key, "min", low, "max", high, NULL);
}

static bool all_of(const char *text, size_t least, size_t most, const char *alphabet)
{
	size_t len = strlen(text);

	return len >= least && len <= most && strspn(text, alphabet) == len;
}

bool schema_key_valid(const char *text)
{
	return text[0] >= 'a' && text[0] <= 'z' && all_of(text, 1, 64, "abcdefghijklmnopqrstuvwxyz0123456789_.-");
}

bool schema_lang_valid(const char *text)
{
	return all_of(text, 2, 3, "abcdefghijklmnopqrstuvwxyz");
}

bool schema_hash_valid(const char *text)
{
	uint8_t bytes[32];
	size_t len;

	return strlen(text) == 43 && base64url_decode(text, 43, bytes, sizeof(bytes), &len) == OK &&
	       len == sizeof(bytes);
}

static bool date_valid(const char *text)
{
	struct civil date;

	return civil_parse(text, &date) == OK;
}

static bool time_valid(const char *text)
{
	int64_t ms;

	return rfc3339_parse(text, &ms) == OK;
}

static bool jws_form(const char *text, size_t most)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
	const char *one = strchr(text, '.'), *two = one ? strchr(one + 1, '.') : NULL;

	return two && one > text && two > one + 1 && two[1] && !strchr(two + 1, '.') && all_of(text, 5, most, alphabet);
}

/* C0 and DEL, and the C1 range that UTF-8 writes as C2 80..9F: none belongs in a text that people read. */
static bool has_control(const char *text, bool lines)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if ((*p < 0x20 && !(lines && (*p == '\n' || *p == '\t'))) || *p == 0x7f)
			return true;
		if (*p == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)
			return true;
	}
	return false;
}

static enum err check_text(const struct place *place, const char *text, bool lines, int64_t most, struct fault *fault)
{
	size_t length = utf8_length(text);

	if (length < 1 || length > (size_t)most)
		return broken(place, fault, N_("Between 1 and {max} characters are allowed."), 1, most);
	if (has_control(text, lines))
		return broken(place, fault, N_("Control characters are not allowed."), 0, 0);
	return OK;
}

static bool word_known(const char *const *words, const char *text)
{
	for (; *words; words++)
		if (strcmp(*words, text) == 0)
			return true;
	return false;
}

/* The kinds that are one string of a fixed form: how each is checked, and what is said when it is not so. */
static const char *form_broken(const struct schema *rule, const char *text)
{
	switch (rule->kind) {
	case SCHEMA_KEY:
		return schema_key_valid(text) ? NULL : N_("This is not a key (small letters, digits, _ . -).");
	case SCHEMA_KEY_OR_EMPTY:
		return !*text || schema_key_valid(text) ? NULL
							: N_("This is not a key (small letters, digits, _ . -).");
	case SCHEMA_SUBJECT:
		return strcmp(text, "*") == 0 || schema_key_valid(text) ? NULL : N_("This is not a subject.");
	case SCHEMA_UUID:
		return uuid_valid(text) ? NULL : N_("This is not a UUID in small letters.");
	case SCHEMA_UUID_OR_EMPTY:
		return !*text || uuid_valid(text) ? NULL : N_("This is not a UUID in small letters.");
	case SCHEMA_HASH:
		return schema_hash_valid(text) ? NULL : N_("This is not 32 bytes in base64url.");
	case SCHEMA_HASH_OR_EMPTY:
		return !*text || schema_hash_valid(text) ? NULL : N_("This is not 32 bytes in base64url.");
	case SCHEMA_HEX16:
		return all_of(text, 32, 32, "0123456789abcdef") ? NULL : N_("This is not 32 hexadecimal digits.");
	case SCHEMA_LANG:
		return schema_lang_valid(text) ? NULL : N_("This is not a language code.");
	case SCHEMA_COUNTRY:
		return all_of(text, 2, 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") ? NULL : N_("This is not a country code.");
	case SCHEMA_DATE:
		return date_valid(text) ? NULL : N_("This is not a date (YYYY-MM-DD).");
	case SCHEMA_TIME:
		return time_valid(text) ? NULL : N_("This is not a time (RFC 3339, UTC).");
	case SCHEMA_WORD:
		return word_known(rule->words, text) ? NULL : N_("This is none of the allowed values.");
	case SCHEMA_JWS:
		return jws_form(text, (size_t)rule->max) ? NULL : N_("This is not a compact JWS.");
	default:
		return N_("This has the wrong type.");
	}
}

static enum err check_string(
    const struct schema *rule, const struct place *place, const json_t *value, struct fault *fault)
{
	const char *text = json_string_value(value), *key;

	if (!text)
		return broken(place, fault, N_("This must be text."), 0, 0);
	if (strlen(text) != json_string_length(value))
		return broken(place, fault, N_("Control characters are not allowed."), 0, 0);
	if (rule->kind == SCHEMA_TEXT || rule->kind == SCHEMA_LINE)
		return check_text(place, text, rule->kind == SCHEMA_TEXT, rule->max, fault);
	key = form_broken(rule, text);
	return key ? broken(place, fault, key, rule->min, rule->max) : OK;
}

static enum err check_value(const struct schema *, const struct place *, const json_t *, struct fault *);

static const struct schema *rule_named(const struct schema *table, const char *name)
{
	for (; table->name; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

static enum err check_object(
    const struct schema *table, const struct place *up, const json_t *object, struct fault *fault)
{
	const char *name;
	json_t *value;
	enum err e;

	if (!json_is_object(object))
		return broken(up, fault, N_("This must be an object."), 0, 0);
	for (const struct schema *rule = table; rule->name; rule++) {
		struct place place = { up, rule->name, 0 };

		if (rule->need == SCHEMA_REQUIRED && !json_object_get(object, rule->name))
			return broken(&place, fault, N_("Fill in this field."), 0, 0);
	}
	json_object_foreach((json_t *)object, name, value)
	{
		struct place place = { up, name, 0 };
		const struct schema *rule = rule_named(table, name);

		if (!rule)
			return broken(&place, fault, N_("This member is not known."), 0, 0);
		e = check_value(rule, &place, value, fault);
		if (e)
			return e;
	}
	return OK;
}

static enum err check_list(const struct schema *rule, const struct place *up, const json_t *list, struct fault *fault)
{
	size_t count = json_array_size(list);
	enum err e = OK;

	if (!json_is_array(list))
		return broken(up, fault, N_("This must be a list."), 0, 0);
	if (count < 1 || count > (size_t)rule->max)
		return broken(up, fault, N_("Between 1 and {max} entries are allowed."), 1, rule->max);
	for (size_t i = 0; i < count && !e; i++) {
		struct place place = { up, NULL, i };

		e = check_value(rule->of, &place, json_array_get(list, i), fault);
	}
	return e;
}

static enum err check_texts(const struct schema *rule, const struct place *up, const json_t *texts, struct fault *fault)
{
	struct schema one = { "", SCHEMA_TEXT, SCHEMA_REQUIRED, .max = rule->max };
	const char *name;
	json_t *value;
	enum err e;

	if (!json_is_object(texts) || json_object_size(texts) < 1 || json_object_size(texts) > TEXTS_MAX)
		return broken(up, fault, N_("Between 1 and {max} languages are allowed."), 1, TEXTS_MAX);
	json_object_foreach((json_t *)texts, name, value)
	{
		struct place place = { up, name, 0 };

		if (!schema_lang_valid(name))
			return broken(&place, fault, N_("This is not a language code."), 0, 0);
		e = check_value(&one, &place, value, fault);
		if (e)
			return e;
	}
	return OK;
}

static enum err check_packet(const struct place *up, const json_t *packet, struct fault *fault)
{
	const char *name;
	json_t *value;
	enum err e;

	if (!json_is_object(packet) || json_object_size(packet) < 1 || json_object_size(packet) > FIELDS_MAX)
		return broken(up, fault, N_("Between 1 and {max} entries are allowed."), 1, FIELDS_MAX);
	json_object_foreach((json_t *)packet, name, value)
	{
		struct place place = { up, name, 0 };
		const struct packet_field *field = packet_field_find(name);
		struct schema one = { "", SCHEMA_TEXT, SCHEMA_REQUIRED, .max = field ? field->max : 0 };

		if (!field)
			return broken(&place, fault, N_("This member is not known."), 0, 0);
		e = check_value(&one, &place, value, fault);
		if (e)
			return e;
	}
	return OK;
}

static enum err check_int(
    const struct schema *rule, const struct place *place, const json_t *value, struct fault *fault)
{
	if (!json_is_integer(value))
		return broken(place, fault, N_("This must be a whole number."), 0, 0);
	if (json_integer_value(value) < rule->min || json_integer_value(value) > rule->max)
		return broken(place, fault, N_("This must lie between {min} and {max}."), rule->min, rule->max);
	return OK;
}

static enum err check_value(
    const struct schema *rule, const struct place *place, const json_t *value, struct fault *fault)
{
	switch (rule->kind) {
	case SCHEMA_INT:
		return check_int(rule, place, value, fault);
	case SCHEMA_BOOL:
		return json_is_boolean(value) ? OK : broken(place, fault, N_("This must be true or false."), 0, 0);
	case SCHEMA_OBJECT:
		return check_object(rule->of, place, value, fault);
	case SCHEMA_LIST:
		return check_list(rule, place, value, fault);
	case SCHEMA_TEXTS:
		return check_texts(rule, place, value, fault);
	case SCHEMA_PACKET:
		return check_packet(place, value, fault);
	default:
		return check_string(rule, place, value, fault);
	}
}

enum err schema_check(const struct schema *table, const json_t *object, struct fault *fault)
{
	return check_object(table, NULL, object, fault);
}
