/* The profile's calendar.json and clocks.json: holidays spread over the years, limits with their events. */
#include "office/profile_read.h"

#include "text/date.h"

#include <stdlib.h>
#include <string.h>

#define HOLIDAYS_MAX 4000 /* two generations of years with forty days each */
#define FEAST_DAYS_MAX 30

static const char *const weekday[] = { "", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
	"sunday" };

struct feasts {
	struct reader *r;
	struct codes names;
	struct holiday *holiday;
	size_t count;
	int64_t from, to;          /* days covered */
	struct fixed_feast *fixed; /* room for every row of "fixed" */
	size_t fixed_count;
};

static unsigned weekend_mask(struct reader *r, const json_t *top)
{
	const json_t *days = read_array(r, NULL, top, "weekend");
	const struct at list = { NULL, "weekend", 0 };
	unsigned mask = 0;

	for (size_t i = 0; i < json_array_size(days); i++) {
		const char *name = json_string_value(json_array_get(days, i));
		const struct at here = { &list, NULL, i };
		unsigned day = 1;

		while (day <= 7 && (!name || strcmp(name, weekday[day]) != 0))
			day++;
		if (day > 7)
			read_mistake(r, &here, NULL, N_("A day of the week such as {example} is expected here."),
			    "example", "sunday");
		else
			mask |= 1u << day;
	}
	/* Seven days of rest would let a working day never come. */
	if (mask == 0xfe)
		read_mistake(r, &list, NULL, N_("At least one day of the week must be worked."), NULL, NULL);
	return mask & 0xfe;
}

static void add_feast(struct feasts *f, const struct at *at, const json_t *row, int64_t from)
{
	const char *key = read_key(f->r, at, row, "key");
	const struct code *code = codes_find(&f->names, key);
	int64_t days = read_whole(f->r, at, row, "days", 1, FEAST_DAYS_MAX, 1);

	if (!code) {
		read_mistake(f->r, at, "key", N_("No name is given for this key: {key}."), "key", key);
		return;
	}
	for (int64_t i = 0; i < days && f->count < HOLIDAYS_MAX; i++) {
		struct holiday *h = &f->holiday[f->count++];

		*h = (struct holiday) { .day = from + i, .key = code->key, .name = code->name };
		h->confirmed = json_is_true(json_object_get(row, "confirmed"));
		h->source = json_string_value(json_object_get(row, "source"));
	}
	if (f->count == HOLIDAYS_MAX)
		read_mistake(f->r, at, NULL, N_("There are too many holidays."), NULL, NULL);
}

/* Kept as a rule too: the years that the office enters later begin with it. */
static void keep_fixed(struct feasts *f, const json_t *row, struct civil date)
{
	const struct code *code = codes_find(&f->names, json_str_or(row, "key", ""));
	struct fixed_feast *feast = &f->fixed[f->fixed_count];

	if (!code)
		return;
	*feast = (struct fixed_feast) { .key = code->key, .name = code->name, .month = date.month, .day = date.day };
	feast->days = json_int_or(row, "days", 1);
	feast->from_year = (int)json_int_or(row, "from_year", 1);
	feast->to_year = (int)json_int_or(row, "to_year", 9999);
	feast->confirmed = json_bool_or(row, "confirmed", false);
	feast->source = json_str_or(row, "source", "");
	f->fixed_count++;
}

/* "03-20", every year that the calendar covers and the row's years allow. */
static void add_fixed(struct feasts *f, const struct at *at, const json_t *row)
{
	static const char *const keys[] = { "key", "month_day", "days", "from_year", "to_year", "confirmed", "source",
		NULL };
	const char *month_day = read_text(f->r, at, row, "month_day");
	int64_t first = read_whole(f->r, at, row, "from_year", 1, 9999, civil_from_days(f->from).year);
	int64_t last = read_whole(f->r, at, row, "to_year", 1, 9999, civil_from_days(f->to).year);
	struct civil date;

	read_only_keys(f->r, at, row, keys);
	read_bool(f->r, at, row, "confirmed");
	read_text(f->r, at, row, "source");
	/* 2000 was a leap year, so that 02-29 is a date; it is left out of the years that lack it. */
	if (civil_parse(arena_printf(f->r->arena, "2000-%.5s", month_day), &date) || strlen(month_day) != 5) {
		read_mistake(f->r, at, "month_day", N_("A month and day such as {example} is expected here."),
		    "example", "03-20");
		return;
	}
	keep_fixed(f, row, date);
	if (first < civil_from_days(f->from).year)
		first = civil_from_days(f->from).year;
	if (last > civil_from_days(f->to).year)
		last = civil_from_days(f->to).year;
	for (date.year = (int)first; date.year <= last; date.year++)
		if (civil_valid(date))
			add_feast(f, at, row, civil_days(date));
}

static void add_dated(struct feasts *f, const struct at *at, const json_t *row)
{
	static const char *const keys[] = { "key", "from", "days", "confirmed", "source", NULL };
	int64_t from = read_day(f->r, at, row, "from", CALENDAR_FIRST);

	read_only_keys(f->r, at, row, keys);
	read_bool(f->r, at, row, "confirmed");
	read_text(f->r, at, row, "source");
	if (!json_object_get(row, "from"))
		read_mistake(f->r, at, "from", N_("Fill in this field."), NULL, NULL);
	else if (from < f->from || from > f->to)
		read_mistake(f->r, at, "from", N_("This date is outside the time that the calendar says it covers."),
		    NULL, NULL);
	else
		add_feast(f, at, row, from);
}

static void each_row(struct feasts *f, const json_t *top, const char *key,
    void (*add)(struct feasts *, const struct at *, const json_t *))
{
	const json_t *rows = read_array(f->r, NULL, top, key);
	const struct at list = { NULL, key, 0 };

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const struct at here = { &list, NULL, i };

		add(f, &here, json_array_get(rows, i));
	}
}

static int by_day(const void *a, const void *b)
{
	const struct holiday *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return strcmp(x->key, y->key); /* the same order everywhere, whatever qsort does with equals */
}

static int by_number(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void read_workdays(struct reader *r, const json_t *top, struct calendar *cal)
{
	static const char *const keys[] = { "date", "source", NULL };
	const json_t *rows = read_array(r, NULL, top, "workdays");
	size_t count = json_array_size(rows);
	int64_t *days = arena_alloc(r->arena, (count + 1) * sizeof(*days));
	const struct at list = { NULL, "workdays", 0 };

	for (size_t i = 0; i < count; i++) {
		const struct at here = { &list, NULL, i };
		const json_t *row = json_array_get(rows, i);

		read_only_keys(r, &here, row, keys);
		read_text(r, &here, row, "source");
		read_text(r, &here, row, "date");
		days[i] = read_day(r, &here, row, "date", CALENDAR_FIRST);
	}
	qsort(days, count, sizeof(*days), by_number);
	cal->workday = days;
	cal->workdays = count;
}

void read_calendar_json(struct reader *r, struct profile *p)
{
	static const char *const keys[] = { "weekend", "covers", "names", "fixed", "dated", "workdays", NULL };
	const json_t *top = read_file(r, "calendar.json");
	const struct at covers_at = { NULL, "covers", 0 };
	struct feasts f = { .r = r };
	const json_t *covers;

	if (!top)
		return;
	read_only_keys(r, NULL, top, keys);
	p->calendar.weekend = weekend_mask(r, top);
	covers = read_object(r, NULL, top, "covers");
	f.from = read_day(r, &covers_at, covers, "from", 0);
	f.to = read_day(r, &covers_at, covers, "to", 0);
	if (f.to < f.from || f.to - f.from > 366 * 100) {
		read_mistake(r, &covers_at, "to",
		    N_("The calendar covers at most a hundred years, from the earlier date to the later."), NULL, NULL);
		return;
	}
	f.names = read_codes(r, NULL, top, "names");
	f.holiday = arena_alloc(r->arena, HOLIDAYS_MAX * sizeof(*f.holiday));
	f.fixed = arena_alloc(r->arena, (json_array_size(json_object_get(top, "fixed")) + 1) * sizeof(*f.fixed));
	each_row(&f, top, "fixed", add_fixed);
	each_row(&f, top, "dated", add_dated);
	qsort(f.holiday, f.count, sizeof(*f.holiday), by_day);
	p->calendar.holiday = f.holiday;
	p->calendar.holidays = f.count;
	p->calendar.fixed = f.fixed;
	p->calendar.fixed_feasts = f.fixed_count;
	p->calendar.covers_from = f.from;
	p->calendar.covers_to = f.to;
	read_workdays(r, top, &p->calendar);
}

static const char *read_event(struct reader *r, const struct at *at, const json_t *row, const char *key,
    const struct codes *events, struct names *ret_name)
{
	const char *name = read_key(r, at, row, key);
	const struct code *code = codes_find(events, name);

	if (!code) {
		read_mistake(r, at, key, N_("No event has this key: {key}."), "key", name);
		return name;
	}
	*ret_name = code->name;
	return code->key;
}

static void read_extension(struct reader *r, const struct at *at, const json_t *row, struct clock_rule *rule)
{
	static const char *const keys[] = { "amount", "times", NULL };
	const struct at here = { at, "extend", 0 };
	const json_t *extend;

	if (!json_object_get(row, "extend"))
		return;
	extend = read_object(r, at, row, "extend");
	read_only_keys(r, &here, extend, keys);
	rule->extend_amount = read_whole(r, &here, extend, "amount", 1, CLOCK_AMOUNT_MAX, 0);
	rule->extend_times = (int)read_whole(r, &here, extend, "times", 1, 100, 0);
}

static void read_rule(
    struct reader *r, const struct at *at, const json_t *row, const struct codes *events, struct clock_rule *rule)
{
	static const char *const keys[] = { "key", "name", "amount", "unit", "starts", "ends", "rolls", "warn_hours",
		"extend", "pausable", "target", "valid_from", "source", "confirmed", NULL };

	read_only_keys(r, at, row, keys);
	rule->key = read_key(r, at, row, "key");
	rule->name = read_names(r, at, row, "name");
	rule->amount = read_whole(r, at, row, "amount", 1, CLOCK_AMOUNT_MAX, 0);
	if (!clock_unit_parse(read_text(r, at, row, "unit"), &rule->unit))
		read_mistake(r, at, "unit", N_("One of these is expected here: {list}."), "list",
		    "hour, calendar_day, working_day, week, month, year");
	rule->starts = read_event(r, at, row, "starts", events, &rule->starts_name);
	rule->ends = read_event(r, at, row, "ends", events, &rule->ends_name);
	rule->rolls = read_bool(r, at, row, "rolls");
	if (rule->rolls && rule->unit == CLOCK_HOUR)
		read_mistake(r, at, "rolls", N_("A limit in hours does not move to a working day."), NULL, NULL);
	rule->warn_hours = read_whole(r, at, row, "warn_hours", 0, 24 * 366, 0);
	rule->pausable = read_bool(r, at, row, "pausable");
	rule->target = read_whole(r, at, row, "target", 0, CLOCK_AMOUNT_MAX, 0);
	if (rule->target >= rule->amount && rule->target)
		read_mistake(r, at, "target", N_("What the office aims at is less than the limit itself."), NULL, NULL);
	rule->valid_from = read_day(r, at, row, "valid_from", CALENDAR_FIRST);
	rule->source = read_text(r, at, row, "source");
	rule->confirmed = read_bool(r, at, row, "confirmed");
	read_extension(r, at, row, rule);
}

static int by_key_then_day(const void *a, const void *b)
{
	const struct clock_rule *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	if (order)
		return order;
	return (x->valid_from > y->valid_from) - (x->valid_from < y->valid_from);
}

void read_clocks_json(struct reader *r, struct profile *p)
{
	static const char *const keys[] = { "events", "pause_reasons", "clocks", NULL };
	const json_t *top = read_file(r, "clocks.json"), *rows;
	const struct at list = { NULL, "clocks", 0 };
	struct clock_rule *rule;

	if (!top)
		return;
	read_only_keys(r, NULL, top, keys);
	p->events = read_codes(r, NULL, top, "events");
	p->pause_reasons = read_codes(r, NULL, top, "pause_reasons");
	rows = read_array(r, NULL, top, "clocks");
	p->clocks = json_array_size(rows);
	rule = arena_alloc(r->arena, (p->clocks + 1) * sizeof(*rule));
	for (size_t i = 0; i < p->clocks; i++) {
		const struct at here = { &list, NULL, i };

		read_rule(r, &here, json_array_get(rows, i), &p->events, &rule[i]);
	}
	qsort(rule, p->clocks, sizeof(*rule), by_key_then_day);
	for (size_t i = 1; i < p->clocks; i++)
		if (by_key_then_day(&rule[i - 1], &rule[i]) == 0)
			read_mistake(r, &list, NULL, N_("Two limits with the key {key} begin on the same day."), "key",
			    rule[i].key);
	p->clock = rule;
}
