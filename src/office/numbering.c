/* Registers: found, read, raised. */
#include "office/numbering.h"

#include "base/util.h"
#include "office.sql.h"
#include "office/office.h"
#include "text/date.h"

#include <stdio.h>
#include <string.h>

const struct numbering *numbering_find(const struct profile *p, const char *key)
{
	if (!key || !*key)
		return &p->numbering[0];
	for (size_t i = 0; i < p->numberings; i++)
		if (!strcmp(p->numbering[i].key, key))
			return &p->numbering[i];
	return NULL;
}

bool numbering_read(
    const struct profile *p, const char *typed, char out[NUMBER_TEXT], const struct numbering **ret_numbering)
{
	for (size_t i = 0; i < p->numberings; i++) {
		const struct numbering *n = &p->numbering[i];
		int64_t seq;
		int year;
		if (number_parse(n->pattern, typed, &year, &seq) || number_format(n->pattern, year, seq, out))
			continue;
		if (ret_numbering)
			*ret_numbering = n;
		return true;
	}
	return false;
}

/* The first register's series has no name of its own: it was there before there were others. */
static void series_name(const struct profile *p, const struct numbering *n, int year, char out[96])
{
	if (n == &p->numbering[0])
		snprintf(out, 96, "casefile-%d", year);
	else
		snprintf(out, 96, "casefile-%s-%d", n->key, year);
}

static int year_of(const struct profile *p, int64_t now)
{
	return zone_date(p->calendar.zone, now).year;
}

enum err numbering_next(struct db_tx *tx, const struct profile *p, const char *key, int64_t now, char out[NUMBER_TEXT])
{
	const struct numbering *n = numbering_find(p, key);
	char series[96];
	int64_t seq;
	int year = year_of(p, now);
	if (!n)
		return ERR_INVALID;
	series_name(p, n, year, series);
	enum err e = series_next(tx, series, &seq);
	return e ? e : number_format(n->pattern, year, seq, out);
}

static enum err read_last(struct db_tx *tx, const char *series, int64_t *ret_last)
{
	enum err e = db_get_int(tx, &sql_series_last, DB_ARGS(db_text(series)), ret_last);
	if (e != ERR_NOT_FOUND)
		return e;
	*ret_last = 0;
	return OK;
}

enum err numbering_give(struct db_tx *tx, const struct profile *p, const char *key, const char *typed, int64_t now,
    char out[NUMBER_TEXT], struct fault *fault)
{
	const struct numbering *n = numbering_find(p, key);
	char series[96], example[NUMBER_TEXT] = "";
	int64_t seq, last;
	int year, this_year = year_of(p, now);
	if (!n)
		return fault_set(
		    fault, ERR_INVALID, "numbering", N_("There is no register with the key {key}."), "key", key, NULL);
	if (number_parse(n->pattern, typed, &year, &seq)) {
		if (number_format(n->pattern, this_year, 1, example))
			example[0] = '\0';
		return fault_set(fault, ERR_INVALID, "number", N_("A number of this register looks like {example}."),
		    "example", example, NULL);
	}
	series_name(p, n, year, series);
	enum err e = read_last(tx, series, &last);
	if (!e)
		e = number_may_be_given(n->pattern, year, seq, this_year, last, fault);
	if (!e && seq > last)
		e = db_run(tx, &sql_series_set, DB_ARGS(db_text(series), db_int(seq)));
	return e ? e : number_format(n->pattern, year, seq, out);
}
