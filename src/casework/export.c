/*
 * A list as comma-separated values, made while it is sent: some hundred cases at a time by key, so that memory stays
 * the same however long the list is. At most EXPORT_ROWS_MAX cases; who asked, for what, and how many went out stands
 * in the journal. Names are those of lists: a withheld identity is an alias here, too.
 */
#include "base/clockwork.h"
#include "base/util.h"
#include "casework/case_view.h"
#include "casework/csv.h"
#include "casework/desk_pages.h"
#include "casework/list.h"
#include "casework/registry.h"
#include "casework/saved_list.h"
#include "office/current.h"
#include "office/journal.h"
#include "text/country.h"
#include "text/date.h"

#include <stdlib.h>
#include <string.h>

#define EXPORT_ROWS_MAX 50000
#define EXPORT_LOOKED_MAX 250000 /* cases looked at where the filter leaves most out */
#define EXPORT_PIECE 500         /* cases looked at between two pieces of the download */

struct export
{
	struct request *rq; /* lives until the download ends */
	struct list_ask ask;
	struct arena *arena; /* of one piece */
	struct buf text;     /* made and not sent yet */
	size_t sent;
	int64_t rows, looked_at;
	bool ended, failed;
};

/* --- cells ------------------------------------------------------------------------------------------------------- */

static const char *day(struct export *x, int64_t at)
{
	const struct civil date = zone_date(office_of(x->rq)->profile->calendar.zone, at);
	return at ? arena_printf(x->arena, "%04d-%02d-%02d", date.year, date.month, date.day) : "";
}

static const char *cell(struct export *x, const struct list_case *c, const char *column)
{
	const struct office *office = office_of(x->rq);
	const struct profile *profile = office->profile;
	enum lang lang = x->rq->lang, theirs;
	const struct unit *unit = profile_unit(profile, c->unit);
	const struct body *body = registry_known(office_of(x->rq), x->arena, c->body_key);
	const struct {
		const char *key, *text;
	} cells[] = {
		{ "number", c->number },
		{ "person", c->person_name },
		{ "body", body ? names_in(&body->name, lang) : c->body_name },
		{ "subject", code_name(office, "subjects", c->subject, lang, office_day(office, c->received_at)) },
		{ "received", day(x, c->received_at) },
		{ "channel", event_code_words(lang, profile, "channel", c->channel) },
		{ "language", lang_parse(c->lang, &theirs) ? lang_name(theirs) : c->lang },
		{ "country", *c->body_country ? country_name(lang, c->body_country) : "" },
		{ "unit", unit ? names_in(&unit->name, lang) : c->unit },
		{ "officer", c->assigned },
		{ "state", names_in(&c->state->name, lang) },
		{ "time", day(x, c->due_at) },
		{ "closed", day(x, c->closed_at) },
	};
	for (size_t i = 0; i < ARRAY_LEN(cells); i++)
		if (!strcmp(cells[i].key, column))
			return cells[i].text;
	return "";
}

static bool chosen(const struct export *x, size_t column)
{
	const char *wanted = *x->ask.columns ? x->ask.columns : list_usual_columns;
	return column == 0 || roles_have(wanted, list_columns[column].key);
}

static enum err put_row(struct export *x, const struct list_case *c)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < list_column_count; i++) {
		const char *label = !strcmp(list_columns[i].key, "time") ? N_("Due on") : list_columns[i].label;
		if (chosen(x, i))
			e = csv_cell(
			    &x->text, c ? cell(x, c, list_columns[i].key) : text_get(x->rq->lang, label), i == 0);
	}
	return e ? e : csv_end_row(&x->text);
}

/* --- pieces ------------------------------------------------------------------------------------------------------ */

static bool take_row(void *to, const struct list_case *c)
{
	struct export *x = to;
	if (put_row(x, c))
		x->failed = true;
	x->rows++;
	return !x->failed && x->rows < EXPORT_ROWS_MAX;
}

static enum err make_piece(struct db_tx *tx, void *arg)
{
	struct export *x = arg;
	struct list_walked walked = { 0 };
	arena_reset(x->arena);
	const struct casefile_act act = { office_of(x->rq), tx, actor_of(x->rq), x->rq->now, x->arena };
	enum err e = list_walk(&act, &x->ask, EXPORT_PIECE, take_row, x, &walked);
	if (e)
		return e;
	x->looked_at += walked.looked_at;
	x->ask.keyed = true;
	x->ask.key_at = walked.last_at;
	x->ask.key_id = walked.last_id;
	x->ended = !walked.spent && x->rows < EXPORT_ROWS_MAX;
	return OK;
}

static enum err put_note(struct export *x)
{
	enum err e = csv_cell(
	    &x->text, text_get(x->rq->lang, N_("There are more cases. Narrow the list to have the rest.")), true);
	return e ? e : csv_end_row(&x->text);
}

static enum err journal_end(struct db_tx *tx, void *arg)
{
	const struct export *x = arg;
	json_t *payload = json_object();
	json_put_int(payload, "rows", x->rows);
	json_put_bool(payload, "whole", x->ended);
	return journal_write(tx, now_ms(), actor_of(x->rq)->tag, "casefile.exported", "casefile:list", payload);
}

static int64_t export_read(void *source, int64_t offset, void *out, size_t room)
{
	struct export *x = source;
	bool full = x->rows >= EXPORT_ROWS_MAX || x->looked_at >= EXPORT_LOOKED_MAX;
	while (x->sent == x->text.len && !x->ended && !full) {
		buf_reset(&x->text);
		x->sent = 0;
		if (db_read(office_of(x->rq)->db, make_piece, x) || x->failed)
			return -1;
		full = x->rows >= EXPORT_ROWS_MAX || x->looked_at >= EXPORT_LOOKED_MAX;
		if (full && !x->ended && put_note(x))
			return -1;
		if ((full || x->ended) && db_write(office_of(x->rq)->db, journal_end, x))
			return -1;
	}
	size_t n = x->text.len - x->sent < room ? x->text.len - x->sent : room;
	memcpy(out, x->text.data + x->sent, n);
	x->sent += n;
	return (int64_t)n;
}

static void export_done(void *source)
{
	struct export *x = source;
	arena_free(x->arena);
	buf_done(&x->text);
	free(x);
}

/* --- the door ---------------------------------------------------------------------------------------------------- */

static enum err journal_begin(struct db_tx *tx, void *arg)
{
	const struct export *x = arg;
	json_t *payload = json_object();
	json_put_str(payload, "filter", list_ask_query(x->rq->arena, &x->ask));
	json_put_str(payload, "columns", *x->ask.columns ? x->ask.columns : list_usual_columns);
	return journal_write(tx, now_ms(), actor_of(x->rq)->tag, "casefile.export", "casefile:list", payload);
}

static const char *from_address(const void *rq, const char *name)
{
	return request_query(rq, name);
}

static enum err start(struct request *rq, const struct list_ask *ask, struct export **ret_export)
{
	struct export *x = calloc(1, sizeof(*x));
	if (!x)
		return ERR_MEMORY;
	*x = (struct export) { .rq = rq, .ask = *ask, .arena = arena_new(0), .text = BUF_INIT(8 * 1024 * 1024) };
	x->ask.also = ACT_EXPORT;
	x->ask.back = false;
	enum err e = csv_begin(&x->text);
	if (!e)
		e = put_row(x, NULL);
	if (!e)
		e = db_write(office_of(rq)->db, journal_begin, x);
	if (e)
		export_done(x);
	else
		*ret_export = x;
	return e;
}

enum err cases_export(struct request *rq, struct reply *rp)
{
	struct list_ask ask;
	struct fault fault = { 0 };
	struct export *x;
	const struct list_where where = { rq->arena, office_of(rq)->profile, rq->now };
	enum err e = may_somewhere(actor_of(rq), ACT_EXPORT) ? OK : may(actor_of(rq), ACT_EXPORT, NULL, &fault);
	if (!e)
		e = list_ask_parse(&where, from_address, rq, &ask, &fault);
	if (e)
		return reply_fault(rp, &fault);
	e = start(rq, &ask, &x);
	if (e)
		return e;
	const char *name = arena_printf(rq->arena, "cases-%s.csv", day(x, rq->now));
	return reply_stream(rp, "text/csv", name, -1, export_read, export_done, x);
}
