/* Reads what was entered, lays it over the profile, and hands the result out to any thread. */
#include "office/current.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "current.sql.h"
#include "office/calendar_change.h"
#include "office/clock_change.h"
#include "text/date.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define SNAPSHOT_LIMIT (256 * 1024 * 1024)

/* Never changed once it is handed out. */
struct snapshot {
	struct arena *arena;
	int64_t generation;
	struct calendar calendar;
	const struct clock_rule *rule;
	size_t rules;
	const struct code_list *list;
	size_t lists;
	struct snapshot *older; /* replaced ones, newest first */
	int64_t replaced_us;    /* monotonic */
};

struct current {
	_Atomic(struct snapshot *) now;
	pthread_mutex_t lock; /* who makes the next one */
	struct snapshot *retired;
};

/* --- names in JSON ----------------------------------------------------------------------------------------------- */

json_t *names_to_json(const struct names *names)
{
	json_t *object = json_object();

	for (int lang = 0; lang < LANG_MAX; lang++)
		if (names->in[lang] && *names->in[lang])
			json_put_str(object, lang_code((enum lang)lang), names->in[lang]);
	return object;
}

struct names names_from_json(struct arena *arena, const json_t *object)
{
	struct names names = { { NULL } };

	for (int lang = 0; lang < LANG_MAX; lang++)
		names.in[lang] = arena_strdup(arena, json_str(object, lang_code((enum lang)lang)));
	return names;
}

static struct names names_from_text(struct arena *arena, const char *text)
{
	struct names names = { { NULL } };
	json_t *object = NULL;

	if (text && !json_parse(text, strlen(text), JSON_TEXT_LIMIT, &object, NULL))
		names = names_from_json(arena, object);
	json_decref(object);
	return names;
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

struct reading {
	const struct profile *profile;
	struct snapshot *s;
};

/* Arrays that grow in an arena. */
#define ROOM_FOR_ONE_MORE(arena, array, n)                                                                             \
	do {                                                                                                           \
		if (((n) & ((n)-1)) == 0) {                                                                            \
			__typeof__(array) more_ = arena_alloc((arena), ((n) ? 2 * (n) : 1) * sizeof(*(array)));        \
			if (n)                                                                                         \
				memcpy(more_, (array), (n) * sizeof(*(array)));                                        \
			(array) = more_;                                                                               \
		}                                                                                                      \
	} while (0)

static enum err read_calendar(struct db_tx *tx, struct reading *r)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct calendar_change *change = NULL;
	struct arena *arena = r->s->arena;
	size_t n = 0;
	enum err e = db_query(tx, &sql_calendar_change_all, DB_NO_ARGS, &rows);
	if (e)
		return e;
	while (db_next(rows)) {
		struct calendar_change one = { 0 };
		if (!calendar_change_parse(db_col_text(rows, 0), &one.kind))
			continue; /* entered by a newer program */
		one.holiday.day = db_col_int(rows, 1);
		one.holiday.key = arena_strdup(arena, db_col_text(rows, 2));
		one.holiday.name = names_from_text(arena, db_col_text(rows, 3));
		one.holiday.confirmed = db_col_int(rows, 4) != 0;
		one.holiday.source = arena_strdup(arena, db_col_text(rows, 5));
		ROOM_FOR_ONE_MORE(arena, change, n);
		change[n++] = one;
	}
	calendar_changed(arena, &r->profile->calendar, change, n, &r->s->calendar);
	return db_rows_error(rows);
}

static void read_limit(const struct db_rows *rows, struct arena *arena, struct clock_rule *rule)
{
	rule->valid_from = db_col_int(rows, 2);
	rule->amount = db_col_int(rows, 3);
	rule->rolls = db_col_int(rows, 5) != 0;
	rule->warn_hours = db_col_int(rows, 6);
	rule->extend_amount = db_col_int(rows, 7);
	rule->extend_times = (int)db_col_int(rows, 8);
	rule->pausable = db_col_int(rows, 9) != 0;
	rule->source = arena_strdup(arena, db_col_text(rows, 10));
	rule->confirmed = db_col_int(rows, 11) != 0;
}

static enum err read_limits(struct db_tx *tx, struct reading *r)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct arena *arena = r->s->arena;
	struct clock_rule *version = NULL;
	size_t n = 0;
	enum err e = db_query(tx, &sql_limit_version_all, DB_NO_ARGS, &rows);
	if (e)
		return e;
	while (db_next(rows)) {
		/* Name and events are the profile's; a limit that it does not have any more starts nothing. */
		const struct clock_rule *known =
		    clock_rule_at(r->profile->clock, r->profile->clocks, db_col_text(rows, 1), CALENDAR_LAST);
		struct clock_rule rule;
		if (!known)
			continue;
		rule = *known;
		if (!clock_unit_parse(db_col_text(rows, 4), &rule.unit))
			continue;
		read_limit(rows, arena, &rule);
		ROOM_FOR_ONE_MORE(arena, version, n);
		version[n++] = rule;
	}
	r->s->rule = clock_rules_changed(arena, r->profile->clock, r->profile->clocks, version, n, &r->s->rules);
	return db_rows_error(rows);
}

static void split_keys(struct arena *arena, const char *text, struct code_entry *entry)
{
	const char **keys = arena_alloc(arena, (strlen(text) / 2 + 2) * sizeof(*keys));

	while (*(text += strspn(text, " "))) {
		size_t len = strcspn(text, " ");
		keys[entry->ofs++] = arena_strndup(arena, text, len);
		text += len;
	}
	entry->of = keys;
}

static struct code_entry code_from_row(const struct db_rows *rows, struct arena *arena)
{
	struct code_entry entry = { .serial = db_col_int(rows, 0) };
	entry.key = arena_strdup(arena, db_col_text(rows, 2));
	entry.valid_from = db_col_int(rows, 3);
	entry.valid_to = db_col_null(rows, 4) ? CALENDAR_LAST : db_col_int(rows, 4);
	entry.withdrawn = db_col_int(rows, 5) != 0;
	entry.name = names_from_text(arena, db_col_text(rows, 6));
	entry.parent = arena_strdup(arena, db_col_text(rows, 7));
	split_keys(arena, db_col_text(rows, 8), &entry);
	entry.position = db_col_int(rows, 9);
	entry.un_theme = arena_strdup(arena, db_col_text(rows, 10));
	entry.sdg_target = arena_strdup(arena, db_col_text(rows, 11));
	entry.closing = arena_strdup(arena, db_col_text(rows, 12));
	return entry;
}

struct entered {
	const char *list;
	struct code_entry entry;
};

static void lay_over(struct reading *r, const struct entered *entered, size_t n)
{
	struct arena *arena = r->s->arena;
	struct code_list *lists = arena_alloc(arena, (r->profile->lists + 1) * sizeof(*lists));
	struct code_entry *versions = arena_alloc(arena, (n + 1) * sizeof(*versions));
	for (size_t i = 0; i < r->profile->lists; i++) {
		size_t count = 0;
		for (size_t k = 0; k < n; k++)
			if (!strcmp(entered[k].list, r->profile->list[i].key))
				versions[count++] = entered[k].entry;
		if (count)
			code_list_changed(arena, &r->profile->list[i], versions, count, &lists[i]);
		else
			lists[i] = r->profile->list[i];
	}
	r->s->list = lists;
	r->s->lists = r->profile->lists;
}

static enum err read_codes(struct db_tx *tx, struct reading *r)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct arena *arena = r->s->arena;
	struct entered *entered = NULL;
	size_t n = 0;
	enum err e = db_query(tx, &sql_code_version_all, DB_NO_ARGS, &rows);
	if (e)
		return e;
	while (db_next(rows)) {
		ROOM_FOR_ONE_MORE(arena, entered, n);
		entered[n].list = arena_strdup(arena, db_col_text(rows, 1));
		entered[n++].entry = code_from_row(rows, arena);
	}
	lay_over(r, entered, n);
	return db_rows_error(rows);
}

static enum err read_all(struct db_tx *tx, void *arg)
{
	struct reading *r = arg;
	arena_reset(r->s->arena); /* a work may run again */
	enum err e = db_get_int(tx, &sql_generation_read, DB_NO_ARGS, &r->s->generation);
	if (!e)
		e = read_calendar(tx, r);
	if (!e)
		e = read_limits(tx, r);
	return e ? e : read_codes(tx, r);
}

/* --- one snapshot after the other -------------------------------------------------------------------------------- */

static void snapshot_free(struct snapshot *s)
{
	if (!s)
		return;
	arena_free(s->arena);
	free(s);
}

static void free_chain(struct snapshot *s)
{
	while (s) {
		struct snapshot *older = s->older;
		snapshot_free(s);
		s = older;
	}
}

static enum err snapshot_make(struct office *office, struct snapshot **ret_snapshot)
{
	struct snapshot *s = calloc(1, sizeof(*s));
	struct reading reading = { office->profile, s };
	if (!s)
		return ERR_MEMORY;
	s->arena = arena_new(SNAPSHOT_LIMIT);
	enum err e = db_read(office->db, read_all, &reading);
	if (e)
		snapshot_free(s);
	else
		*ret_snapshot = s;
	return e;
}

/* Those that nobody can be reading any more go. */
static void sweep(struct current *current, int64_t now_us)
{
	for (struct snapshot **at = &current->retired; *at; at = &(*at)->older) {
		if (now_us - (*at)->replaced_us > CURRENT_KEPT_MS * INT64_C(1000)) {
			free_chain(*at);
			*at = NULL;
			return;
		}
	}
}

static enum err replace(struct office *office)
{
	struct current *current = office->current;
	struct snapshot *next = NULL, *before;
	enum err e = snapshot_make(office, &next);
	if (e)
		return e;
	before = atomic_exchange(&current->now, next);
	before->replaced_us = monotonic_us();
	before->older = current->retired;
	current->retired = before;
	sweep(current, before->replaced_us);
	return OK;
}

static enum err read_generation(struct db_tx *tx, void *arg)
{
	return db_get_int(tx, &sql_generation_read, DB_NO_ARGS, arg);
}

enum err office_refresh(struct office *office)
{
	struct current *current = office->current;
	int64_t generation = 0;
	if (!current)
		return OK;
	pthread_mutex_lock(&current->lock);
	enum err e = db_read(office->db, read_generation, &generation);
	if (!e && generation != atomic_load(&current->now)->generation)
		e = replace(office);
	pthread_mutex_unlock(&current->lock);
	return e;
}

enum err office_changed(struct db_tx *tx)
{
	return db_run(tx, &sql_generation_raise, DB_NO_ARGS);
}

enum err current_open(struct office *office)
{
	struct snapshot *first = NULL;
	enum err e = snapshot_make(office, &first);
	if (e)
		return e;
	office->current = calloc(1, sizeof(*office->current));
	if (!office->current) {
		snapshot_free(first);
		return ERR_MEMORY;
	}
	pthread_mutex_init(&office->current->lock, NULL);
	atomic_store(&office->current->now, first);
	return OK;
}

void current_close(struct office *office)
{
	struct current *current = office->current;
	if (!current)
		return;
	free_chain(current->retired);
	snapshot_free(atomic_load(&current->now));
	pthread_mutex_destroy(&current->lock);
	free(current);
	office->current = NULL;
}

/* --- asking ------------------------------------------------------------------------------------------------------ */

static const struct snapshot *snapshot_of(const struct office *office)
{
	return office->current ? atomic_load(&office->current->now) : NULL;
}

const struct calendar *office_calendar(const struct office *office)
{
	const struct snapshot *s = snapshot_of(office);
	return s ? &s->calendar : &office->profile->calendar;
}

const struct clock_rule *office_clocks(const struct office *office, size_t *ret_count)
{
	const struct snapshot *s = snapshot_of(office);
	*ret_count = s ? s->rules : office->profile->clocks;
	return s ? s->rule : office->profile->clock;
}

const struct clock_rule *office_clock(const struct office *office, const char *key, int64_t day)
{
	size_t n;
	const struct clock_rule *rule = office_clocks(office, &n);
	return clock_rule_at(rule, n, key, day);
}

const struct clock_rule *office_clock_between(
    const struct office *office, const char *starts, const char *ends, int64_t day)
{
	size_t n;
	const struct clock_rule *rule = office_clocks(office, &n);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rule[i].starts, starts) && !strcmp(rule[i].ends, ends) &&
		    clock_rule_at(rule, n, rule[i].key, day) == &rule[i])
			return &rule[i];
	return NULL;
}

const struct code_list *office_lists(const struct office *office, size_t *ret_count)
{
	const struct snapshot *s = snapshot_of(office);
	*ret_count = s ? s->lists : office->profile->lists;
	return s ? s->list : office->profile->list;
}

const struct code_list *office_list(const struct office *office, const char *key)
{
	size_t n;
	const struct code_list *list = office_lists(office, &n);
	for (size_t i = 0; key && i < n; i++)
		if (!strcmp(list[i].key, key))
			return &list[i];
	return NULL;
}

const char *code_name(
    const struct office *office, const char *list_key, const char *key, enum lang lang, int64_t at_day)
{
	const struct code_list *list = office_list(office, list_key);
	const struct code_entry *entry = list ? code_at(list, key, at_day) : NULL;
	if (entry)
		return names_in(&entry->name, lang);
	return key ? key : "";
}

const char *tag_name(struct db_tx *tx, struct arena *arena, const char *tag)
{
	struct staff staff;
	int64_t id = tag && !strncmp(tag, "staff:", 6) ? strtoll(tag + 6, NULL, 10) : 0;
	if (id && staff_load(tx, id, &staff) == OK)
		return arena_strdup(arena, staff.name);
	return arena_strdup(arena, tag ? tag : "");
}

int64_t office_day(const struct office *office, int64_t ms)
{
	return civil_days(zone_date(office->profile->calendar.zone, ms));
}
