/* Limits around the parser, typed access, and the canonical form of RFC 8785. */
#include "base/json.h"

#include "base/util.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* Deepest nesting of arrays and objects, seen before the parser sees the text: its stack must not depend on strangers.
 */
static int depth(const char *text, size_t len)
{
	int now = 0, most = 0;
	bool quoted = false;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
			most = ++now > most ? now : most;
		else if (!quoted && (c == '}' || c == ']'))
			now--;
	}
	return most;
}

static enum err too_large(struct fault *fault, const char *key, long long limit)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", limit);
	return fault_set(fault, ERR_TOO_LARGE, NULL, key, "limit", text, NULL);
}

enum err json_parse(const char *text, size_t len, size_t limit, json_t **ret_json, struct fault *fault)
{
	char where[64];
	json_error_t error;
	json_t *json;

	if (len > limit)
		return too_large(fault, N_("The JSON text is longer than {limit} bytes."), (long long)limit);
	if (depth(text, len) > JSON_DEPTH_LIMIT)
		return too_large(fault, N_("The JSON text is nested deeper than {limit} levels."), JSON_DEPTH_LIMIT);
	json = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!json && json_error_code(&error) == json_error_out_of_memory)
		return fault_set(fault, ERR_MEMORY, NULL, NULL, NULL);
	if (!json) {
		snprintf(where, sizeof(where), "line %d, column %d", error.line, error.column);
		return fault_set(
		    fault, ERR_INVALID, where, N_("This is not correct JSON: {reason}."), "reason", error.text, NULL);
	}
	*ret_json = json;
	return OK;
}

const char *json_str(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

const char *json_str_or(const json_t *object, const char *key, const char *otherwise)
{
	const char *text = json_str(object, key);

	return text ? text : otherwise;
}

int64_t json_int_or(const json_t *object, const char *key, int64_t otherwise)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

bool json_bool_or(const json_t *object, const char *key, bool otherwise)
{
	const json_t *value = json_object_get(object, key);

	return json_is_boolean(value) ? json_is_true(value) : otherwise;
}

/* --- canonical form ----------------------------------------------------------------------------------------------- */

/* RFC 8785 orders names by UTF-16 code units: there, characters past U+FFFF (lead byte F0 and more, written with
 * surrogates D800 to DFFF) come before U+E000 to U+FFFF (lead bytes EE and EF). Everything else is as in UTF-8. */
static int utf16_rank(unsigned char byte)
{
	return byte == 0xee || byte == 0xef ? byte + 0x10 : byte;
}

static int key_order(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;
	const unsigned char *x = (const unsigned char *)*a, *y = (const unsigned char *)*b;

	while (*x && *x == *y) {
		x++;
		y++;
	}
	return utf16_rank(*x) - utf16_rank(*y);
}

static enum err canonical_char(unsigned char c, struct buf *out)
{
	static const char plain[] = "\b\t\n\f\r\"\\", letters[] = "btnfr\"\\";
	const char *at = c ? strchr(plain, c) : NULL;

	if (at)
		return buf_printf(out, "\\%c", letters[at - plain]);
	if (c < 0x20)
		return buf_printf(out, "\\u%04x", c);
	return buf_putc(out, (char)c);
}

static bool stands_for_itself(char c)
{
	return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

static enum err canonical_string(const char *text, size_t len, struct buf *out)
{
	enum err e = buf_putc(out, '"');

	/* What stands for itself is copied in one piece. */
	for (size_t i = 0, plain; !e && i < len; i += plain) {
		for (plain = 0; i + plain < len && stands_for_itself(text[i + plain]); plain++)
			;
		e = buf_add(out, text + i, plain);
		if (!e && i + plain < len) {
			e = canonical_char((unsigned char)text[i + plain], out);
			plain++;
		}
	}
	return e ? e : buf_putc(out, '"');
}

static enum err canonical_object(const json_t *object, struct buf *out)
{
	size_t n = json_object_size(object), i = 0;
	const char **keys = calloc(n + 1, sizeof(*keys));
	enum err e;

	if (!keys)
		return ERR_MEMORY;
	for (void *at = json_object_iter((json_t *)object); at; at = json_object_iter_next((json_t *)object, at))
		keys[i++] = json_object_iter_key(at);
	qsort(keys, n, sizeof(*keys), key_order);
	e = buf_putc(out, '{');
	for (i = 0; !e && i < n; i++) {
		if (i)
			e = buf_putc(out, ',');
		if (!e)
			e = canonical_string(keys[i], strlen(keys[i]), out);
		if (!e)
			e = buf_putc(out, ':');
		if (!e)
			e = json_canonical(json_object_get(object, keys[i]), out);
	}
	free(keys);
	return e ? e : buf_putc(out, '}');
}

static enum err canonical_array(const json_t *array, struct buf *out)
{
	enum err e = buf_putc(out, '[');

	for (size_t i = 0; !e && i < json_array_size(array); i++) {
		if (i)
			e = buf_putc(out, ',');
		if (!e)
			e = json_canonical(json_array_get(array, i), out);
	}
	return e ? e : buf_putc(out, ']');
}

static enum err canonical_integer(int64_t value, struct buf *out)
{
	if (value > JSON_INTEGER_LIMIT || value < -JSON_INTEGER_LIMIT)
		return ERR_INVALID;
	return buf_printf(out, "%" PRId64, value);
}

enum err json_canonical(const json_t *json, struct buf *out)
{
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return canonical_object(json, out);
	case JSON_ARRAY:
		return canonical_array(json, out);
	case JSON_STRING:
		return canonical_string(json_string_value(json), json_string_length(json), out);
	case JSON_INTEGER:
		return canonical_integer(json_integer_value(json), out);
	case JSON_TRUE:
		return buf_puts(out, "true");
	case JSON_FALSE:
		return buf_puts(out, "false");
	case JSON_NULL:
		return buf_puts(out, "null");
	case JSON_REAL:
		break;
	}
	return ERR_INVALID;
}

char *json_canonical_text(const json_t *json)
{
	struct buf b = BUF_INIT(SIZE_MAX / 4);

	if (json_canonical(json, &b)) {
		buf_done(&b);
		return NULL;
	}
	return buf_take(&b);
}

char *json_compact_text(const json_t *json)
{
	return json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
}

/* --- building ----------------------------------------------------------------------------------------------------- */

static void must(int failed)
{
	if (failed) {
		fputs("sulh: out of memory while building JSON\n", stderr);
		abort();
	}
}

/* Text that is not UTF-8 (a file name from an old disk) is kept readable: each wrong byte becomes U+FFFD. */
static json_t *mended_string(const char *value)
{
	struct buf b = BUF_INIT(SIZE_MAX / 4);
	json_t *json;

	while (*value) {
		size_t n = 1;

		while (n < 4 && value[n] && !utf8_valid(value, n))
			n++;
		if (utf8_valid(value, n)) {
			must(buf_add(&b, value, n) != OK);
			value += n;
		} else {
			must(buf_puts(&b, "\xef\xbf\xbd") != OK);
			value++;
		}
	}
	json = json_string(b.data ? b.data : "");
	buf_done(&b);
	return json;
}

void json_put(json_t *object, const char *key, json_t *value_stolen)
{
	must(json_object_set_new(object, key, value_stolen));
}

void json_put_str(json_t *object, const char *key, const char *value)
{
	if (!value)
		json_put(object, key, json_null());
	else if (utf8_valid(value, strlen(value)))
		json_put(object, key, json_string(value));
	else
		json_put(object, key, mended_string(value));
}

void json_put_int(json_t *object, const char *key, int64_t value)
{
	json_put(object, key, json_integer(value));
}

void json_put_bool(json_t *object, const char *key, bool value)
{
	json_put(object, key, json_boolean(value));
}

void json_add(json_t *array, json_t *value_stolen)
{
	must(json_array_append_new(array, value_stolen));
}

static void forget(void *json)
{
	json_decref(json);
}

json_t *json_owned(struct arena *a, json_t *stolen)
{
	must(!stolen);
	arena_defer(a, forget, stolen);
	return stolen;
}
