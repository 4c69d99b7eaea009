/* The registry in memory: loaded as a whole, shared by counted references, refreshed when its generation moved. */
#include "casework/registry.h"

#include "base/clockwork.h"
#include "base/id.h"
#include "base/util.h"
#include "office/journal.h"
#include "registry.sql.h"
#include "text/date.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define REGISTRY_LIMIT (256 * 1024 * 1024)
#define LOOK_US (1000 * 1000)
#define GENERATION "body:generation"

struct registry {
	struct arena *arena;
	int refs; /* under `lock` */
	int64_t generation;
	struct body *body; /* by key */
	const struct body **by_name;
	size_t n;
};

/* What an office holds of it: office->registry. */
struct shelf {
	struct registry *now;
	int64_t looked_us;
	bool changed;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* --- references -------------------------------------------------------------------------------------------------- */

static void unref(struct registry *r)
{
	if (r && --r->refs == 0)
		arena_free(r->arena);
}

static void give_back(void *arg)
{
	pthread_mutex_lock(&lock);
	unref(arg);
	pthread_mutex_unlock(&lock);
}

static void shelf_free(void *arg)
{
	struct shelf *shelf = arg;
	if (shelf)
		unref(shelf->now);
	free(shelf);
}

/* Under `lock`. */
static struct shelf *shelf_of(struct office *office)
{
	if (!office->registry) {
		office->registry = calloc(1, sizeof(struct shelf));
		office->registry_free = shelf_free;
		if (!office->registry)
			abort();
	}
	return office->registry;
}

static const struct registry *lend(struct registry *r, struct arena *arena)
{
	r->refs++;
	arena_defer(arena, give_back, r);
	return r;
}

void registry_changed(struct office *office)
{
	pthread_mutex_lock(&lock);
	shelf_of(office)->changed = true;
	pthread_mutex_unlock(&lock);
}

/* --- loading ----------------------------------------------------------------------------------------------------- */

static struct names read_names_text(struct arena *arena, const char *text)
{
	struct names names = { 0 };
	json_t *object = NULL;
	if (json_parse(text, strlen(text), JSON_TEXT_LIMIT, &object, NULL))
		return names;
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		names.in[lang] = arena_strdup(arena, json_str(object, lang_code(lang)));
	json_decref(object);
	return names;
}

/* A JSON array of texts; NULL-terminated. */
static const char **read_texts(struct arena *arena, const char *text, size_t *ret_count)
{
	json_t *list = NULL;
	if (json_parse(text, strlen(text), JSON_TEXT_LIMIT, &list, NULL))
		list = json_array();
	size_t n = json_array_size(list);
	const char **texts = arena_alloc(arena, (n + 1) * sizeof(*texts));
	for (size_t i = 0; i < n; i++) {
		const char *one = json_string_value(json_array_get(list, i));
		texts[i] = arena_strdup(arena, one ? one : "");
	}
	json_decref(list);
	*ret_count = n;
	return texts;
}

static int64_t read_day_text(const char *text, int64_t otherwise)
{
	struct civil day;
	return civil_parse(text, &day) ? otherwise : civil_days(day);
}

/* Every name it has or had, each after a line end: words begin after a blank or a line end. */
static void fold_names(struct arena *arena, struct body *b, const char *const *former, size_t n)
{
	const char *all = "";
	b->former = "";
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		if (b->name.in[lang])
			all = arena_printf(arena, "%s\n%s", all, text_fold(arena, b->name.in[lang]));
	for (size_t i = 0; i < n; i++) {
		all = arena_printf(arena, "%s\n%s", all, text_fold(arena, former[i]));
		b->former = arena_printf(arena, "%s%s%s", b->former, i ? "\n" : "", former[i]);
	}
	b->fold = all;
}

static void read_body(struct arena *arena, const struct db_rows *rows, struct body *b)
{
	const char **text[] = { &b->key, &b->parent, &b->kind, &b->country, &b->region, &b->register_no, &b->web,
		&b->note, &b->merged_into };
	size_t former;
	for (size_t i = 0; i < ARRAY_LEN(text); i++)
		*text[i] = arena_strdup(arena, db_col_text(rows, 1 + (int)i));
	b->id = db_col_int(rows, 0);
	b->name = read_names_text(arena, db_col_text(rows, 10));
	const char **names = read_texts(arena, db_col_text(rows, 11), &former);
	b->synthetic = db_col_int(rows, 12) != 0;
	b->since = read_day_text(db_col_text(rows, 13), CALENDAR_FIRST);
	b->until = read_day_text(db_col_text(rows, 14), CALENDAR_LAST);
	b->version = db_col_int(rows, 15);
	fold_names(arena, b, names, former);
}

static enum err load_bodies(struct db_tx *tx, struct registry *r)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	int64_t count;
	enum err e = db_get_int(tx, &sql_registry_count, DB_NO_ARGS, &count);
	if (!e)
		e = db_query(tx, &sql_registry_bodies, DB_NO_ARGS, &rows);
	if (e)
		return e;
	r->body = arena_alloc(r->arena, ((size_t)count + 1) * sizeof(*r->body));
	while (r->n < (size_t)count && db_next(rows))
		read_body(r->arena, rows, &r->body[r->n++]);
	return db_rows_error(rows);
}

static struct body *entry(const struct registry *r, const char *key)
{
	size_t low = 0, high = key && *key ? r->n : 0;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(key, r->body[middle].key);
		if (!order)
			return &r->body[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static enum mandate_may read_may(const char *word)
{
	for (int i = 0; i < MANDATE_MAX; i++)
		if (!strcmp(word, body_mandate_words[i]))
			return (enum mandate_may)i;
	return MANDATE_NO;
}

/* Rows come body by body. */
static void add_mandate(struct registry *r, struct body *b, const struct db_rows *rows)
{
	struct mandate *all = arena_alloc(r->arena, (b->mandates + 1) * sizeof(*all)), *m = &all[b->mandates];
	if (b->mandates)
		memcpy(all, b->mandate, b->mandates * sizeof(*all));
	const char *not_ours = db_col_text(rows, 5);
	*m = (struct mandate) { .may = read_may(db_col_text(rows, 1)),
		.since = read_day_text(db_col_text(rows, 2), CALENDAR_FIRST),
		.until = read_day_text(db_col_text(rows, 3), CALENDAR_LAST),
		.not_ours = *not_ours ? arena_strdup(r->arena, not_ours) : NULL,
		.source = arena_strdup(r->arena, db_col_text(rows, 6)) };
	m->matter = read_texts(r->arena, db_col_text(rows, 4), &m->matters);
	b->mandate = all;
	b->mandates++;
}

static enum err load_mandates(struct db_tx *tx, struct registry *r)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_registry_mandates, DB_NO_ARGS, &rows);
	if (e)
		return e;
	while (db_next(rows)) {
		struct body *b = entry(r, db_col_text(rows, 0));
		if (b)
			add_mandate(r, b, rows);
	}
	return db_rows_error(rows);
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct body *)a)->key, ((const struct body *)b)->key);
}

/* An office that was never begun (or before its first writing): what the profile says. */
static void take_profile(struct registry *r, const struct profile *p)
{
	r->n = p->bodies;
	r->body = arena_alloc(r->arena, (r->n + 1) * sizeof(*r->body));
	if (r->n)
		memcpy(r->body, p->body, r->n * sizeof(*r->body));
	for (size_t i = 0; i < r->n; i++)
		fold_names(r->arena, &r->body[i], NULL, 0);
	qsort(r->body, r->n, sizeof(*r->body), by_key);
}

/* Today's answer beside the rules: what lists and hints show. */
static void answer_today(struct registry *r, int64_t today)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct mandate *m = body_mandate_on(&r->body[i], today);
		r->body[i].in_mandate = m && m->may != MANDATE_NO;
		r->body[i].not_ours = m && m->may == MANDATE_NO ? m->not_ours : NULL;
	}
}

/* `fold` begins with the names; the office's own language decides the order of lists. */
struct named {
	const char *fold;
	const struct body *body;
};

static int by_fold(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->fold, y->fold);
	return order ? order : strcmp(x->body->key, y->body->key);
}

static void sort_names(struct registry *r, enum lang lang)
{
	struct named *named = calloc(r->n + 1, sizeof(*named));
	if (!named)
		abort();
	for (size_t i = 0; i < r->n; i++)
		named[i] = (struct named) { text_fold(r->arena, names_in(&r->body[i].name, lang)), &r->body[i] };
	qsort(named, r->n, sizeof(*named), by_fold);
	r->by_name = arena_alloc(r->arena, (r->n + 1) * sizeof(*r->by_name));
	for (size_t i = 0; i < r->n; i++)
		r->by_name[i] = named[i].body;
	free(named);
}

static enum err load(struct db_tx *tx, const struct office *office, int64_t generation, struct registry **ret)
{
	const struct profile *profile = office->profile;
	struct arena *arena = arena_new(REGISTRY_LIMIT);
	struct registry *r = arena_alloc(arena, sizeof(*r));
	*r = (struct registry) { .arena = arena, .generation = generation };
	enum err e = OK;
	if (!generation)
		take_profile(r, profile);
	else if (!(e = load_bodies(tx, r)))
		e = load_mandates(tx, r);
	if (e) {
		arena_free(arena);
		return e;
	}
	answer_today(r, civil_days(zone_date(profile->calendar.zone, now_ms())));
	sort_names(r, profile->language);
	*ret = r;
	return OK;
}

/* --- who reads it ------------------------------------------------------------------------------------------------ */

/* Under `lock`: what is there, if it is fresh enough. */
static struct registry *fresh(struct office *office)
{
	struct shelf *shelf = shelf_of(office);
	bool due = shelf->changed || monotonic_us() - shelf->looked_us > LOOK_US;
	return shelf->now && !due ? shelf->now : NULL;
}

static const struct registry *take_fresh(struct office *office, struct arena *arena)
{
	pthread_mutex_lock(&lock);
	struct registry *r = fresh(office);
	const struct registry *lent = r ? lend(r, arena) : NULL;
	pthread_mutex_unlock(&lock);
	return lent;
}

/* NULL when the one on the shelf is of another generation. */
static const struct registry *confirm(struct office *office, struct arena *arena, int64_t generation)
{
	const struct registry *lent = NULL;
	pthread_mutex_lock(&lock);
	struct shelf *shelf = shelf_of(office);
	if (shelf->now && shelf->now->generation == generation) {
		shelf->looked_us = monotonic_us();
		shelf->changed = false;
		lent = lend(shelf->now, arena);
	}
	pthread_mutex_unlock(&lock);
	return lent;
}

static const struct registry *put_up(struct office *office, struct arena *arena, struct registry *r)
{
	pthread_mutex_lock(&lock);
	struct shelf *shelf = shelf_of(office);
	unref(shelf->now);
	shelf->now = r;
	r->refs = 1;
	shelf->looked_us = monotonic_us();
	shelf->changed = false;
	const struct registry *lent = lend(r, arena);
	pthread_mutex_unlock(&lock);
	return lent;
}

enum err registry_in(struct db_tx *tx, struct office *office, struct arena *arena, const struct registry **ret)
{
	int64_t generation;
	struct registry *r;
	const struct registry *lent = take_fresh(office, arena);
	if (lent) {
		*ret = lent;
		return OK;
	}
	enum err e = tally_get(tx, GENERATION, &generation);
	if (!e && (lent = confirm(office, arena, generation))) {
		*ret = lent;
		return OK;
	}
	if (!e)
		e = load(tx, office, generation, &r);
	if (!e)
		*ret = put_up(office, arena, r);
	return e;
}

struct now_work {
	struct office *office;
	struct arena *arena;
	const struct registry *r;
};

static enum err read_now(struct db_tx *tx, void *arg)
{
	struct now_work *work = arg;
	return registry_in(tx, work->office, work->arena, &work->r);
}

enum err registry_now(struct office *office, struct arena *arena, const struct registry **ret)
{
	struct now_work work = { office, arena, take_fresh(office, arena) };
	enum err e = work.r ? OK : db_read(office->db, read_now, &work);
	if (!e)
		*ret = work.r;
	return e;
}

/* --- looking up -------------------------------------------------------------------------------------------------- */

const struct body *registry_entry(const struct registry *r, const char *key)
{
	return entry(r, key);
}

const struct body *registry_body(const struct registry *r, const char *key)
{
	const struct body *b = entry(r, key);
	for (size_t steps = 0; b && *b->merged_into && steps <= r->n; steps++)
		b = entry(r, b->merged_into);
	return b;
}

const struct body *registry_find(struct db_tx *tx, struct office *office, struct arena *arena, const char *key)
{
	const struct registry *r;
	if (!*key || registry_in(tx, office, arena, &r))
		return NULL;
	return registry_body(r, key);
}

const struct body *registry_known(struct office *office, struct arena *arena, const char *key)
{
	pthread_mutex_lock(&lock);
	struct shelf *shelf = shelf_of(office);
	const struct registry *r = shelf->now ? lend(shelf->now, arena) : NULL;
	pthread_mutex_unlock(&lock);
	return !*key ? NULL : r ? registry_body(r, key) : profile_body(office->profile, key);
}

static bool has_name(const struct body *b, const char *folded)
{
	size_t len = strlen(folded);
	for (const char *line = b->fold; line; line = strchr(line + 1, '\n'))
		if (!strncmp(line + 1, folded, len) && (line[1 + len] == '\n' || !line[1 + len]))
			return true;
	return false;
}

const struct body *registry_named(const struct registry *r, struct arena *arena, const char *name)
{
	const char *folded = text_fold(arena, name);
	const struct body *found = NULL;
	for (size_t i = 0; *folded && i < r->n; i++) {
		if (!*r->body[i].fold || !has_name(&r->body[i], folded))
			continue;
		const struct body *b = registry_body(r, r->body[i].key);
		if (found && found != b)
			return NULL;
		found = b;
	}
	return found;
}

const char *registry_path(const struct registry *r, struct arena *arena, const char *key)
{
	const char *path = "/";
	const struct body *b = registry_body(r, key);
	for (size_t steps = 0; b && steps <= r->n; steps++) {
		path = arena_printf(arena, "/%s%s", b->key, path);
		b = registry_body(r, b->parent);
	}
	return path;
}

size_t registry_count(const struct registry *r)
{
	return r->n;
}

const struct body *registry_at(const struct registry *r, size_t i)
{
	return r->by_name[i];
}

static bool begins_word(const char *text, const char *word, size_t len)
{
	for (const char *p = text; *p; p++)
		if ((p == text || p[-1] == ' ' || p[-1] == '\n') && !strncmp(p, word, len))
			return true;
	return false;
}

bool registry_fits(const struct body *b, const char *words)
{
	while (*words) {
		size_t len = strcspn(words, " ");
		if (len && !begins_word(b->fold, words, len))
			return false;
		words += len + (words[len] == ' ');
	}
	return true;
}

/* --- the beginning ----------------------------------------------------------------------------------------------- */

json_t *body_names_json(const struct names *names)
{
	json_t *object = json_object();
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		if (names->in[lang] && *names->in[lang])
			json_put_str(object, lang_code(lang), names->in[lang]);
	return object;
}

const char *body_day_text(struct arena *arena, int64_t day)
{
	char text[11];
	if (day <= CALENDAR_FIRST || day >= CALENDAR_LAST)
		return "";
	civil_format(text, civil_from_days(day));
	return arena_strdup(arena, text);
}

static enum err seed_mandate(struct db_tx *tx, struct arena *arena, const char *key, const struct mandate *m)
{
	json_t *matters = json_array();
	for (size_t i = 0; i < m->matters; i++)
		json_add(matters, json_string(m->matter[i]));
	char *text CLEANUP(free_ptr) = json_compact_text(matters);
	json_decref(matters);
	return db_run(tx, &sql_mandate_insert,
	    DB_ARGS(db_text(key), db_text(body_mandate_words[m->may]), db_text(body_day_text(arena, m->since)),
		db_text(body_day_text(arena, m->until)), db_text(text), db_text(m->not_ours ? m->not_ours : ""),
		db_text(m->source)));
}

static enum err seed_body(struct db_tx *tx, struct arena *arena, const struct body *b)
{
	json_t *names = body_names_json(&b->name);
	char *text CLEANUP(free_ptr) = json_compact_text(names);
	json_decref(names);
	enum err e = db_run(tx, &sql_body_insert,
	    DB_ARGS(db_text(b->key), db_text(b->parent), db_text(b->kind), db_text(b->country), db_text(b->region),
		db_text(text), db_text("[]"), db_text(b->register_no), db_text(b->web), db_text(b->note ? b->note : ""),
		db_int(b->synthetic), db_text(""), db_text("")));
	for (size_t i = 0; !e && i < b->mandates; i++)
		e = seed_mandate(tx, arena, b->key, &b->mandate[i]);
	return e;
}

enum err registry_touch(struct db_tx *tx, struct office *office)
{
	uint32_t step;
	random_bytes(&step, sizeof(step));
	enum err e = db_run(tx, &sql_reach_delete, DB_NO_ARGS);
	if (!e)
		e = db_run(tx, &sql_reach_compute, DB_NO_ARGS);
	/* Not by one: what a transaction that failed has put into a cache must not pass for what a later one wrote. */
	if (!e)
		e = tally_add(tx, GENERATION, 1 + (int64_t)step);
	registry_changed(office);
	return e;
}

enum err registry_seed(struct db_tx *tx, struct office *office, int64_t now)
{
	const struct profile *p = office->profile;
	int64_t generation;
	enum err e = tally_get(tx, GENERATION, &generation);
	if (e || generation)
		return e;
	struct arena *arena = arena_new(0);
	for (size_t i = 0; !e && i < p->bodies; i++)
		e = seed_body(tx, arena, &p->body[i]);
	arena_free(arena);
	json_t *payload = json_object();
	json_put_int(payload, "bodies", (int64_t)p->bodies);
	if (e) {
		json_decref(payload);
		return e;
	}
	e = journal_write(tx, now, "system", "body.begin", "office:1", payload);
	return e ? e : registry_touch(tx, office);
}

static enum err begin(struct db_tx *tx, void *arg)
{
	return registry_seed(tx, arg, now_ms());
}

enum err registry_begin(struct office *office)
{
	enum err e = db_write(office->db, begin, office);
	/* Another process began at the same moment: then it is done. */
	return e == ERR_CONFLICT ? db_write(office->db, begin, office) : e;
}
