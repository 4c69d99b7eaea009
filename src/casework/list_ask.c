/* What a list is asked for: from an address or a kept list, and back. */
#include "casework/list.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "text/date.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define KEY_MAX 60

const struct list_column list_columns[] = {
	{ "number", N_("Number") },
	{ "person", N_("Complainant") },
	{ "body", N_("Body complained of") },
	{ "subject", N_("Subject") },
	{ "received", N_("Received on") },
	{ "channel", N_("How it came") },
	{ "language", N_("Language") },
	{ "country", N_("Country") },
	{ "unit", N_("Unit of the institution") },
	{ "officer", N_("Officer") },
	{ "state", N_("State") },
	{ "time", N_("Time") },
	{ "closed", N_("Closed on") },
};
const size_t list_column_count = ARRAY_LEN(list_columns);
const char list_usual_columns[] = "number person body received officer state time";

static const char *const sort_keys[LIST_SORT_MAX] = { "newest", "oldest", "due" };

/* The plain parameters: a key, or "" for nothing. */
static const struct {
	const char *name;
	size_t offset;
} texts[] = {
	{ "of", offsetof(struct list_ask, of) }, /* the first: it leaves nothing out, see list_ask_filters */
	{ "state", offsetof(struct list_ask, state) },
	{ "phase", offsetof(struct list_ask, phase) },
	{ "body", offsetof(struct list_ask, body) },
	{ "subject", offsetof(struct list_ask, subject) },
	{ "unit", offsetof(struct list_ask, unit) },
	{ "channel", offsetof(struct list_ask, channel) },
	{ "country", offsetof(struct list_ask, country) },
	{ "language", offsetof(struct list_ask, lang) },
};
static const struct {
	const char *name;
	size_t offset;
} flags[] = {
	{ "late", offsetof(struct list_ask, late) },
	{ "today", offsetof(struct list_ask, today) },
	{ "urgent", offsetof(struct list_ask, urgent) },
	{ "withheld", offsetof(struct list_ask, withheld) },
	{ "referral", offsetof(struct list_ask, referral) },
	{ "news", offsetof(struct list_ask, news) },
	{ "free", offsetof(struct list_ask, free) },
};
/* A day as the office counts it: from its beginning, or to its end. */
static const struct {
	const char *name;
	size_t moment, day;
	bool end;
} days[] = {
	{ "received_from", offsetof(struct list_ask, received_from), offsetof(struct list_ask, received_from_day),
	    false },
	{ "received_to", offsetof(struct list_ask, received_to), offsetof(struct list_ask, received_to_day), true },
	{ "due_from", offsetof(struct list_ask, due_from), offsetof(struct list_ask, due_from_day), false },
	{ "due_to", offsetof(struct list_ask, due_to), offsetof(struct list_ask, due_to_day), true },
};

static const char **text_at(struct list_ask *ask, size_t offset)
{
	return (const char **)(void *)((char *)ask + offset);
}

static const char *text_of(const struct list_ask *ask, size_t offset)
{
	return *(const char *const *)(const void *)((const char *)ask + offset);
}

struct parsing {
	const struct list_where *where;
	list_get *get;
	const void *source;
	struct list_ask ask;
	struct fault *fault;
};

static enum err refuse(const struct parsing *p, const char *name, const char *why)
{
	return fault_set(p->fault, ERR_INVALID, name, why, NULL);
}

static const char *value(const struct parsing *p, const char *name)
{
	const char *text = p->get(p->source, name);
	return text ? text : "";
}

static enum err read_texts(struct parsing *p)
{
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const char *text = value(p, texts[i].name);
		if (strlen(text) > KEY_MAX)
			return refuse(p, texts[i].name, N_("There is no list of this name."));
		*text_at(&p->ask, texts[i].offset) = arena_strdup(p->where->arena, text);
	}
	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		const char *text = value(p, flags[i].name);
		*(bool *)((char *)&p->ask + flags[i].offset) = *text && strcmp(text, "0") != 0;
	}
	return OK;
}

static enum err read_days(struct parsing *p)
{
	const char *zone = p->where->profile->calendar.zone;
	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		const char *text = value(p, days[i].name);
		struct civil date;
		*text_at(&p->ask, days[i].day) = arena_strdup(p->where->arena, text);
		if (!*text)
			continue;
		if (civil_parse(text, &date) || !civil_valid(date))
			return refuse(p, days[i].name, N_("Give a day, for example 2026-05-31."));
		*(int64_t *)(void *)((char *)&p->ask + days[i].moment) =
		    zone_day_start(zone, civil_from_days(civil_days(date) + days[i].end));
	}
	return OK;
}

static bool one_of(const char *text, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(text, *list))
			return true;
	return false;
}

/* A key that the profile does not have would find nothing and say nothing; a mistyped address shall be told. `of` may
 * name a state: addresses of old stay good. */
static enum err check_names(struct parsing *p)
{
	static const char *const doors[] = { "", "mine", "unit", "intake", "referral", "any", NULL };
	struct list_ask *ask = &p->ask;
	const struct profile *profile = p->where->profile;
	if (!one_of(ask->of, doors)) {
		if (*ask->state || !profile_state(profile, ask->of))
			return refuse(p, "of", N_("There is no list of this name."));
		ask->state = ask->of;
		ask->of = "";
	}
	if (*ask->state && strcmp(ask->state, "open") != 0 && !profile_state(profile, ask->state))
		return refuse(p, "state", N_("There is no state of this name."));
	bool phase = !*ask->phase;
	for (enum phase one = 0; one < PHASE_MAX; one++)
		phase = phase || !strcmp(ask->phase, phase_key(one));
	return phase ? OK : refuse(p, "phase", N_("There is no such part of a case's life."));
}

static enum err read_lead(struct parsing *p)
{
	const char *text = value(p, "lead");
	char *end;
	if (!*text)
		return OK;
	if (!strcmp(text, "nobody")) {
		p->ask.lead = -1;
		return OK;
	}
	p->ask.lead = strtoll(text, &end, 10);
	return *end || p->ask.lead <= 0 ? refuse(p, "lead", N_("Choose a person who works here.")) : OK;
}

static enum err read_sort(struct parsing *p)
{
	const char *text = value(p, "sort");
	for (enum list_sort s = 0; s < LIST_SORT_MAX; s++)
		if (!strcmp(text, sort_keys[s]))
			p->ask.sort = s;
	if (*text && strcmp(text, sort_keys[p->ask.sort]) != 0)
		return refuse(p, "sort", N_("There is no such order."));
	if (p->ask.news)
		p->ask.of = "mine";
	/* What is due is looked up by day, and shown so. */
	if (p->ask.late || p->ask.today || p->ask.due_from || p->ask.due_to)
		p->ask.sort = LIST_DUE;
	return OK;
}

static bool read_key(const char *text, struct list_ask *ask)
{
	char *end;
	long long at = strtoll(text, &end, 10);
	if (end == text || *end != '.' || at < 0)
		return false;
	const char *second = end + 1;
	long long id = strtoll(second, &end, 10);
	if (end == second || *end || id < 0)
		return false;
	ask->keyed = true;
	ask->key_at = at;
	ask->key_id = id;
	return true;
}

static enum err read_place(struct parsing *p)
{
	const char *after = p->get(p->source, "after"), *before = p->get(p->source, "before");
	const char *key = after ? after : before;
	p->ask.back = !after && before;
	if (key && !read_key(key, &p->ask))
		return refuse(p, after ? "after" : "before", N_("This page of the list does not exist."));
	return OK;
}

static bool is_column(const char *key, size_t len)
{
	for (size_t i = 0; i < list_column_count; i++)
		if (strlen(list_columns[i].key) == len && !strncmp(list_columns[i].key, key, len))
			return true;
	return false;
}

static enum err read_columns(struct parsing *p)
{
	const char *text = value(p, "columns");
	if (strlen(text) > 200)
		return refuse(p, "columns", N_("There is no such column."));
	for (const char *c = text; *(c += strspn(c, " ,+"));) {
		size_t len = strcspn(c, " ,+");
		if (!is_column(c, len))
			return refuse(p, "columns", N_("There is no such column."));
		c += len;
	}
	p->ask.columns = arena_strdup(p->where->arena, text);
	return OK;
}

static enum err read_words(struct parsing *p)
{
	p->ask.words = text_nfc(p->where->arena, value(p, "q"));
	if (utf8_length(p->ask.words) > SEARCH_TYPED_MAX)
		return fault_set(
		    p->fault, ERR_INVALID, "q", N_("Write at most {limit} characters."), "limit", "200", NULL);
	return OK;
}

enum err list_ask_parse(
    const struct list_where *where, list_get *get, const void *source, struct list_ask *ret_ask, struct fault *fault)
{
	static enum err (*const steps[])(struct parsing *) = { read_texts, read_days, check_names, read_lead, read_sort,
		read_place, read_columns, read_words };
	struct parsing p = { .where = where, .get = get, .source = source, .fault = fault };
	enum err e = OK;
	for (size_t i = 0; !e && i < ARRAY_LEN(steps); i++)
		e = steps[i](&p);
	if (!e)
		*ret_ask = p.ask;
	return e;
}

void list_ask_plain(const char *words, struct list_ask *ret_ask)
{
	struct list_ask ask = { .words = words, .columns = "" };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*text_at(&ask, texts[i].offset) = "";
	for (size_t i = 0; i < ARRAY_LEN(days); i++)
		*text_at(&ask, days[i].day) = "";
	*ret_ask = ask;
}

/* --- and back ---------------------------------------------------------------------------------------------------- */

static void put(struct buf *out, const char *name, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
	enum err e = *text ? buf_printf(out, "%s%s=", out->len ? "&" : "", name) : OK;
	for (const char *c = text; !e && *c; c++)
		e = strchr(plain, *c) ? buf_putc(out, *c) : buf_printf(out, "%%%02X", (unsigned char)*c);
	if (e)
		buf_reset(out); /* cannot be: every text has its limit */
}

char *list_ask_query(struct arena *arena, const struct list_ask *ask)
{
	struct buf out = BUF_INIT(16 * 1024);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		put(&out, texts[i].name, text_of(ask, texts[i].offset));
	for (size_t i = 0; i < ARRAY_LEN(days); i++)
		put(&out, days[i].name, text_of(ask, days[i].day));
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		put(&out, flags[i].name, *(const bool *)((const char *)ask + flags[i].offset) ? "1" : "");
	if (ask->lead)
		put(&out, "lead", ask->lead < 0 ? "nobody" : arena_printf(arena, "%" PRId64, ask->lead));
	put(&out, "sort", ask->sort ? sort_keys[ask->sort] : "");
	put(&out, "q", ask->words);
	char *text = arena_strndup(arena, out.data ? out.data : "", out.len);
	buf_done(&out);
	return text;
}

bool list_ask_filters(const struct list_ask *ask)
{
	for (size_t i = 1; i < ARRAY_LEN(texts); i++)
		if (*text_of(ask, texts[i].offset))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (*(const bool *)((const char *)ask + flags[i].offset))
			return true;
	return ask->lead || ask->received_from || ask->received_to || ask->due_from || ask->due_to;
}
