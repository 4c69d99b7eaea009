/* Countries by ICU: their codes, names and order. */
#include "text/country.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#define COUNTRIES_MAX 320 /* ISO 3166-1 has about 250 */
#define NAME_BYTES_MAX 160

static struct country lists[LANG_MAX][COUNTRIES_MAX];
static size_t count;
static const char *codes[COUNTRIES_MAX + 2];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static char *display_name(enum lang lang, const char *code)
{
	char locale[16] = "und-", out[NAME_BYTES_MAX];
	UChar name[NAME_BYTES_MAX / 3];
	UErrorCode status = U_ZERO_ERROR;
	int32_t len;

	strncat(locale, code, 4);
	uloc_getDisplayCountry(locale, lang_code(lang), name, NAME_BYTES_MAX / 3, &status);
	u_strToUTF8(out, sizeof(out), &len, name, -1, &status);
	return strdup(U_SUCCESS(status) && *out ? out : code);
}

static int by_name(const void *a, const void *b, void *collator)
{
	UErrorCode status = U_ZERO_ERROR;
	const char *left = ((const struct country *)a)->name, *right = ((const struct country *)b)->name;
	return ucol_strcollUTF8(collator, left, -1, right, -1, &status);
}

static void fill(enum lang lang)
{
	UErrorCode status = U_ZERO_ERROR;
	UCollator *collator = ucol_open(lang_code(lang), &status);

	for (size_t i = 0; i < count; i++)
		lists[lang][i] = (struct country) { codes[i], display_name(lang, codes[i]) };
	if (U_SUCCESS(status))
		qsort_r(lists[lang], count, sizeof(lists[lang][0]), by_name, collator);
	ucol_close(collator);
}

static void make(void)
{
	for (const char *const *code = uloc_getISOCountries(); *code && count < COUNTRIES_MAX; code++)
		codes[count++] = *code;
	codes[count] = COUNTRY_NONE;
	for (int lang = 0; lang < LANG_MAX; lang++)
		fill((enum lang)lang);
}

const struct country *country_list(enum lang lang, size_t *ret_count)
{
	pthread_once(&once, make);
	*ret_count = count;
	return lists[lang];
}

const char *country_name(enum lang lang, const char *code)
{
	size_t n;
	const struct country *list = country_list(lang, &n);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].code, code))
			return list[i].name;
	return code;
}

const char *const *country_codes(void)
{
	pthread_once(&once, make);
	return codes;
}
