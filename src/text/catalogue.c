/* Reads .mo files as GNU gettext's manual, "The Format of GNU MO Files", describes them. */
#include "text/catalogue.h"

#include <stdbool.h>
#include <string.h>

#define MAGIC 0x950412deu
#define HEADER_SIZE 28u
#define PAIR_SIZE 8u
#define CONTEXT_END '\004'

struct entry {
	const char *text;
	uint32_t len; /* plural forms are separated by zero bytes inside it */
};

/* Bytes by hand, so that a big-endian machine reads the same file. */
static uint32_t u32_at(const unsigned char *data, uint32_t offset)
{
	const unsigned char *p = data + offset;

	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static struct entry entry_at(const struct catalogue *c, uint32_t table, uint32_t i)
{
	uint32_t pair = table + i * PAIR_SIZE;

	return (struct entry) { (const char *)c->data + u32_at(c->data, pair + 4), u32_at(c->data, pair) };
}

/* Each text must lie inside the file with its final zero. */
static bool table_valid(const unsigned char *data, size_t size, uint32_t table, uint32_t count)
{
	if (table > size || count > (size - table) / PAIR_SIZE)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		size_t len = u32_at(data, table + i * PAIR_SIZE);
		size_t offset = u32_at(data, table + i * PAIR_SIZE + 4);
		if (offset >= size || len >= size - offset || data[offset + len] != '\0')
			return false;
	}
	return true;
}

/* The binary search relies on it. */
static bool sorted(const struct catalogue *c)
{
	for (uint32_t i = 1; i < c->count; i++)
		if (strcmp(entry_at(c, c->originals, i - 1).text, entry_at(c, c->originals, i).text) >= 0)
			return false;
	return true;
}

enum err catalogue_open(const void *data, size_t size, struct catalogue *ret_catalogue)
{
	if (size < HEADER_SIZE || size > INT32_MAX || u32_at(data, 0) != MAGIC)
		return ERR_INVALID;
	/* Revision 0 of either major number has no system-dependent strings after the header. */
	if (u32_at(data, 4) != 0)
		return ERR_INVALID;
	struct catalogue c = { data, u32_at(data, 8), u32_at(data, 12), u32_at(data, 16) };
	if (!table_valid(data, size, c.originals, c.count) || !table_valid(data, size, c.translations, c.count) ||
	    !sorted(&c))
		return ERR_INVALID;
	*ret_catalogue = c;
	return OK;
}

/* strcmp(context + EOT + msgid, key) without putting the two together. */
static int key_compare(const char *context, const char *msgid, const char *key)
{
	if (context) {
		size_t len = strlen(context);
		int order = strncmp(context, key, len);
		if (order != 0)
			return order;
		key += len;
		if (*key != CONTEXT_END)
			return CONTEXT_END - (int)(unsigned char)*key;
		key++;
	}
	return strcmp(msgid, key);
}

static bool find(const struct catalogue *c, const char *context, const char *msgid, struct entry *ret_entry)
{
	uint32_t low = 0, high = c->data ? c->count : 0;

	/* The empty key is the file's header, never a text for people. */
	if (*msgid == '\0')
		return false;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = key_compare(context, msgid, entry_at(c, c->originals, middle).text);
		if (order == 0) {
			*ret_entry = entry_at(c, c->translations, middle);
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

const char *catalogue_find(const struct catalogue *c, const char *context, const char *msgid)
{
	struct entry e;

	return find(c, context, msgid, &e) && *e.text ? e.text : NULL;
}

const char *catalogue_find_plural(const struct catalogue *c, const char *msgid, unsigned index)
{
	struct entry e;

	if (!find(c, NULL, msgid, &e))
		return NULL;
	const char *end = e.text + e.len, *form = e.text;
	for (; index > 0; index--) {
		form += strlen(form) + 1;
		if (form > end)
			return NULL;
	}
	return *form ? form : NULL;
}
