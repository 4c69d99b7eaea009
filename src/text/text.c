/* Languages, their negotiation, and messages with values and plural forms. */
#include "text/text.h"

#include "base/asset.h"
#include "base/util.h"
#include "text/catalogue.h"
#include "text/date.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#define PLURAL_FORMS_MAX 3

struct language {
	const char *code, *name;
	bool rtl;
	/* CLDR's keywords in the order of the plural forms of our .po files. What stands in none takes the last. */
	const char *plural[PLURAL_FORMS_MAX];
};

static const struct language languages[LANG_MAX] = {
	[LANG_AZ] = { "az", "Azərbaycanca", false, { "one", "other" } },
	[LANG_EN] = { "en", "English", false, { "one", "other" } },
	[LANG_RU] = { "ru", "Русский", false, { "one", "few", "many" } },
	[LANG_UR] = { "ur", "اردو", true, { "one", "other" } },
};

/* Written by text_init before threads start, only read afterwards; plural rules are immutable in ICU. */
static struct catalogue catalogues[LANG_MAX];
static UPluralRules *plural_rules[LANG_MAX];

const char *lang_code(enum lang lang)
{
	return languages[lang].code;
}

const char *lang_name(enum lang lang)
{
	return languages[lang].name;
}

bool lang_rtl(enum lang lang)
{
	return languages[lang].rtl;
}

/* RFC 4647 basic filtering on the first subtag: "ur-PK" and "UR" are Urdu, "urd" is not. */
static bool range_parse(const char *range, size_t len, enum lang *ret_lang)
{
	size_t first = strcspn(range, "-_");

	if (first > len)
		first = len;
	for (int lang = 0; lang < LANG_MAX; lang++) {
		if (strlen(languages[lang].code) == first && strncasecmp(range, languages[lang].code, first) == 0) {
			*ret_lang = (enum lang)lang;
			return true;
		}
	}
	return false;
}

bool lang_parse(const char *code, enum lang *ret_lang)
{
	return code && range_parse(code, strlen(code), ret_lang);
}

/* A weight in thousandths as RFC 9110 section 12.4.2 writes it ("1", "0.875"); -1 when it is none. */
static int weight_parse(const char *s, size_t len)
{
	int value = 0, scale = 1000;

	if (len == 0 || len > 5 || (s[0] != '0' && s[0] != '1') || (len > 1 && s[1] != '.'))
		return -1;
	value = (s[0] - '0') * 1000;
	for (size_t i = 2; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		scale /= 10;
		value += (s[i] - '0') * scale;
	}
	return value <= 1000 ? value : -1;
}

struct range {
	const char *text;
	size_t len;
	int weight;
};

static const char *skip_blank(const char *s)
{
	return s + strspn(s, " \t");
}

static size_t trimmed(const char *s, size_t len)
{
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		len--;
	return len;
}

/* Takes the next element of the list; one that breaks the grammar gets weight -1 and is passed over. */
static const char *next_range(const char *s, struct range *ret_range)
{
	s = skip_blank(s);
	size_t element = strcspn(s, ","), name = strcspn(s, ",;");
	struct range r = { s, trimmed(s, name), 1000 };

	if (name < element) {
		const char *p = skip_blank(s + name + 1), *end = s + element;
		bool weighted = end - p > 2 && (*p == 'q' || *p == 'Q') && p[1] == '=';
		r.weight = weighted ? weight_parse(p + 2, trimmed(p + 2, (size_t)(end - p - 2))) : -1;
	}
	*ret_range = r;
	return s[element] ? s + element + 1 : s + element;
}

enum lang lang_negotiate(const char *accept_language, enum lang otherwise)
{
	int weight[LANG_MAX], rest = -1, best = -1;
	enum lang chosen = otherwise;
	int order[LANG_MAX], named = 0;

	for (int i = 0; i < LANG_MAX; i++)
		weight[i] = -1;
	for (const char *s = accept_language ? accept_language : ""; *s;) {
		struct range r;
		enum lang lang;
		s = next_range(s, &r);
		if (r.len == 1 && *r.text == '*') {
			rest = r.weight;
		} else if (r.weight >= 0 && range_parse(r.text, r.len, &lang)) {
			if (weight[lang] < 0)
				order[named++] = (int)lang;
			if (r.weight > weight[lang])
				weight[lang] = r.weight;
		}
	}
	for (int i = 0; i < named; i++) { /* equal weights: the one named first */
		if (weight[order[i]] > 0 && weight[order[i]] > best) {
			best = weight[order[i]];
			chosen = (enum lang)order[i];
		}
	}
	/* "*" stands for every language not named: ours by default, if it was not. */
	return rest > best && weight[otherwise] < 0 ? otherwise : chosen;
}

void text_init(void)
{
	for (int lang = 0; lang < LANG_MAX; lang++) {
		char path[] = "locales/xx.mo";
		memcpy(strchr(path, 'x'), languages[lang].code, 2);
		const struct asset *a = asset_find(path);
		/* The file is part of the program: one that cannot be read is our own mistake. */
		enum err err = a ? catalogue_open(a->data, a->size, &catalogues[lang]) : OK;
		if (err != OK)
			abort();
		UErrorCode status = U_ZERO_ERROR;
		if (!plural_rules[lang])
			plural_rules[lang] = uplrules_open(languages[lang].code, &status);
		if (U_FAILURE(status))
			abort();
	}
}

const char *text_get(enum lang lang, const char *msgid)
{
	const char *found = catalogue_find(&catalogues[lang], NULL, msgid);

	return found ? found : msgid;
}

const char *text_get_context(enum lang lang, const char *context, const char *msgid)
{
	const char *found = catalogue_find(&catalogues[lang], context, msgid);

	return found ? found : msgid;
}

struct pair {
	const char *name, *value;
};

/* The value for the {name} that begins at s, and its length with braces; NULL when it names none of ours. */
static const char *value_at(const char *s, const struct pair *pairs, size_t n, size_t *ret_len)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(pairs[i].name);
		if (strncmp(s + 1, pairs[i].name, len) == 0 && s[1 + len] == '}') {
			*ret_len = len + 2;
			return pairs[i].value ? pairs[i].value : "";
		}
	}
	return NULL;
}

/* Writes into `out` when it is not NULL; returns the bytes needed. A value is never looked through again. */
static size_t fill(char *out, const char *s, const struct pair *pairs, size_t n)
{
	size_t at = 0;

	while (*s) {
		size_t len = 0;
		const char *value = *s == '{' ? value_at(s, pairs, n, &len) : NULL;
		size_t add = value ? strlen(value) : 1;
		if (out)
			memcpy(out + at, value ? value : s, add);
		at += add;
		s += value ? len : 1;
		/* A value that ends in an abbreviation ("2026 г.") ends the sentence too. */
		if (value && add && value[add - 1] == '.' && s[0] == '.' && s[1] != '.')
			s++;
	}
	if (out)
		out[at] = '\0';
	return at;
}

static char *filled(struct arena *arena, const char *s, const struct pair *pairs, size_t n)
{
	char *out = arena_alloc(arena, fill(NULL, s, pairs, n) + 1);

	fill(out, s, pairs, n);
	return out;
}

char *text_format(struct arena *arena, enum lang lang, const char *msgid, ...)
{
	struct pair pairs[16];
	size_t n = 0;
	va_list ap;

	va_start(ap, msgid);
	for (const char *name; (name = va_arg(ap, const char *));) {
		assert(n < ARRAY_LEN(pairs));
		pairs[n++] = (struct pair) { name, va_arg(ap, const char *) };
	}
	va_end(ap);
	return filled(arena, text_get(lang, msgid), pairs, n);
}

/* All four languages' rules look at n, n mod 10 and n mod 100 only, so a number too large for a double is cut. */
static unsigned plural_index(enum lang lang, int64_t n)
{
	uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	UChar keyword[16];
	char word[16];
	UErrorCode status = U_ZERO_ERROR;
	unsigned i = 0;

	if (size >= 1000000)
		size = 1000000 + size % 1000000;
	int32_t len = uplrules_select(plural_rules[lang], (double)size, keyword, ARRAY_LEN(keyword), &status);
	if (U_FAILURE(status) || len >= (int32_t)sizeof(word))
		return 0;
	u_UCharsToChars(keyword, word, len);
	word[len] = '\0';
	while (
	    i + 1 < PLURAL_FORMS_MAX && languages[lang].plural[i + 1] && strcmp(languages[lang].plural[i], word) != 0)
		i++;
	return i;
}

char *text_plural(struct arena *arena, enum lang lang, const char *one, const char *other, int64_t n)
{
	assert(plural_rules[lang]);
	const char *form = catalogue_find_plural(&catalogues[lang], one, plural_index(lang, n));
	struct pair pair = { "n", number_text(arena, lang, n) };

	if (!form)
		form = plural_index(LANG_EN, n) == 0 ? one : other;
	return filled(arena, form, &pair, 1);
}

char *text_fault(struct arena *arena, enum lang lang, const struct fault *fault)
{
	struct pair pairs[FAULT_ARGS_MAX];
	size_t n = fault->args < FAULT_ARGS_MAX ? fault->args : FAULT_ARGS_MAX;

	for (size_t i = 0; i < n; i++)
		pairs[i] = (struct pair) { fault->arg[i].name, strcmp(fault->arg[i].name, "state")
								   ? fault->arg[i].value
								   : text_get(lang, fault->arg[i].value) };
	return filled(arena, text_get(lang, fault->key ? fault->key : err_sentence(fault->code)), pairs, n);
}
