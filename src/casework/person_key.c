/* What of a person is compared, its digests, and the earlier complaints that share one. */
#include "casework/person_key.h"

#include "base/id.h"
#include "base/util.h"
#include "casework/case_view.h"
#include "intake.sql.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ID_LEAST 5
#define PHONE_LEAST 7
#define PHONE_DIGITS 9 /* without country and trunk codes, a subscriber's number of both countries still differs */
#define NAME_WORDS 8
#define SHOWN 20

/* --- plain forms ------------------------------------------------------------------------------------------------- */

/* The digit that begins here, Latin, Arabic or Urdu; -1 for anything else. `ret_len`: its bytes. */
static int digit_at(const char *p, size_t *ret_len)
{
	const unsigned char *u = (const unsigned char *)p;
	*ret_len = 1;
	if (isdigit(u[0]))
		return u[0] - '0';
	if ((u[0] == 0xD9 && u[1] >= 0xA0 && u[1] <= 0xA9) || (u[0] == 0xDB && u[1] >= 0xB0 && u[1] <= 0xB9)) {
		*ret_len = 2;
		return u[1] & 0x0F;
	}
	return -1;
}

const char *person_id_plain(struct arena *arena, const char *typed)
{
	const char *in = typed ? typed : "";
	char *out = arena_alloc(arena, strlen(in) + 1), *end = out;
	size_t len;
	for (const char *p = in; *p; p += len) {
		int digit = digit_at(p, &len);
		if (digit >= 0)
			*end++ = (char)('0' + digit);
		else if (isalpha((unsigned char)*p))
			*end++ = (char)toupper((unsigned char)*p);
	}
	*end = '\0';
	return end - out >= ID_LEAST ? out : "";
}

const char *person_phone_plain(struct arena *arena, const char *typed)
{
	const char *in = typed ? typed : "";
	char *out = arena_alloc(arena, strlen(in) + 1), *end = out;
	size_t len;
	for (const char *p = in; *p; p += len) {
		int digit = digit_at(p, &len);
		if (digit >= 0)
			*end++ = (char)('0' + digit);
	}
	*end = '\0';
	if (end - out < PHONE_LEAST)
		return "";
	return end - out > PHONE_DIGITS ? end - PHONE_DIGITS : out;
}

const char *person_email_plain(struct arena *arena, const char *typed)
{
	char *out = arena_strdup(arena, typed ? typed : "");
	for (char *c = out; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return strchr(out, '@') ? out : "";
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "son of", "daughter of" after a patronymic, as text_fold_name writes them (oğlu, qızı, оглы, кызы, اوغلو, قیزی). */
static bool says_nothing(const char *word)
{
	return !strcmp(word, "ahl") || !strcmp(word, "avhl") || !strcmp(word, "kz");
}

static size_t name_words(struct arena *arena, const char *typed, const char *words[NAME_WORDS])
{
	char *rest = text_fold_name(arena, typed), *word;
	size_t n = 0;
	while (n < NAME_WORDS && (word = strsep(&rest, " ")))
		if (*word && (n < 2 || !says_nothing(word)))
			words[n++] = word;
	qsort(words, n, sizeof(*words), by_bytes);
	return n;
}

size_t person_name_plain(struct arena *arena, const char *typed, const char *ret_names[PERSON_NAMES_MAX])
{
	const char *words[NAME_WORDS];
	size_t n = name_words(arena, typed ? typed : "", words), found = 0;
	if (n == 1)
		ret_names[found++] = words[0];
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n && found < PERSON_NAMES_MAX; j++)
			ret_names[found++] = arena_printf(arena, "%s %s", words[i], words[j]);
	return found;
}

/* --- digests ----------------------------------------------------------------------------------------------------- */

static const char *const fact_key[PERSON_FACT_MAX] = { "id", "phone", "email", "birth", "name" };

static void add(const struct office *office, struct arena *arena, struct person_keys *keys, enum person_fact fact,
    const char *plain)
{
	uint8_t digest[32];
	char text[65];
	if (!*plain || keys->n == PERSON_KEYS_MAX)
		return;
	const char *data = arena_printf(arena, "%s:%s", fact_key[fact], plain);
	keys_derive(office->keys, "person-key", data, strlen(data), digest);
	hex_encode(text, digest, sizeof(digest));
	struct person_key *key = &keys->at[keys->n++];
	key->fact = fact;
	copy_text(key->digest, sizeof(key->digest), text);
}

void person_keys_make(
    const struct office *office, struct arena *arena, const struct person_facts *who, struct person_keys *ret)
{
	const char *names[PERSON_NAMES_MAX];
	size_t n = person_name_plain(arena, who->name, names);
	ret->n = 0;
	add(office, arena, ret, PERSON_ID, person_id_plain(arena, who->id_no));
	add(office, arena, ret, PERSON_ID, person_id_plain(arena, who->passport_no));
	add(office, arena, ret, PERSON_PHONE, person_phone_plain(arena, who->phone));
	add(office, arena, ret, PERSON_EMAIL, person_email_plain(arena, who->email));
	for (size_t i = 0; i < n && who->birth_date && *who->birth_date; i++)
		add(office, arena, ret, PERSON_NAME_BIRTH, arena_printf(arena, "%s %s", names[i], who->birth_date));
	for (size_t i = 0; i < n; i++)
		add(office, arena, ret, PERSON_NAME, names[i]);
}

/* One statement for all, however few there are: a key that stands twice in it is written once. */
enum err person_keys_insert(struct db_tx *tx, const struct person_keys *keys, int64_t casefile_id, int64_t party_id)
{
	struct db_value args[2 + 2 * PERSON_KEYS_MAX];
	if (!keys->n)
		return OK;
	args[0] = db_int(casefile_id);
	args[1] = db_int(party_id);
	for (size_t i = 0; i < PERSON_KEYS_MAX; i++) {
		const struct person_key *key = &keys->at[i < keys->n ? i : 0];
		args[2 + 2 * i] = db_text(fact_key[key->fact]);
		args[3 + 2 * i] = db_text(key->digest);
	}
	return db_run(tx, &sql_person_key_insert, args, ARRAY_LEN(args));
}

enum err person_keys_delete(struct db_tx *tx, const struct person_keys *keys, int64_t casefile_id, int64_t party_id)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < keys->n; i++)
		e = db_run(tx, &sql_person_key_delete,
		    DB_ARGS(db_text(fact_key[keys->at[i].fact]), db_text(keys->at[i].digest), db_int(casefile_id),
			db_int(party_id)));
	return e;
}

/* --- looking up -------------------------------------------------------------------------------------------------- */

static const char *const fact_words[PERSON_FACT_MAX] = {
	[PERSON_ID] = N_("same number of a paper"),
	[PERSON_PHONE] = N_("same telephone"),
	[PERSON_EMAIL] = N_("same e-mail"),
	[PERSON_NAME_BIRTH] = N_("same name and date of birth"),
	[PERSON_NAME] = N_("similar name"),
};

/* Bits of enum person_fact by which each case was found. */
struct found {
	struct match {
		int64_t id;
		unsigned facts;
	} at[PERSON_KEYS_MAX * SHOWN];
	size_t n;
};

static void note(struct found *found, int64_t id, enum person_fact fact)
{
	for (size_t i = 0; i < found->n; i++) {
		if (found->at[i].id == id) {
			found->at[i].facts |= 1u << fact;
			return;
		}
	}
	if (found->n < ARRAY_LEN(found->at))
		found->at[found->n++] = (struct match) { id, 1u << fact };
}

static enum err look_up(struct db_tx *tx, const struct person_keys *keys, int64_t except, struct found *found)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < keys->n; i++) {
		struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
		e = db_query(tx, &sql_person_key_find,
		    DB_ARGS(db_text(fact_key[keys->at[i].fact]), db_text(keys->at[i].digest)), &rows);
		while (!e && db_next(rows))
			if (db_col_int(rows, 0) != except)
				note(found, db_col_int(rows, 0), keys->at[i].fact);
		if (!e)
			e = db_rows_error(rows);
	}
	return e;
}

/* The surest fact first, which is the lowest bit; then the newest. */
static int by_sureness(const void *a, const void *b)
{
	const struct match *one = a, *other = b;
	int first = __builtin_ctz(one->facts), second = __builtin_ctz(other->facts);
	if (first != second)
		return first - second;
	return one->id < other->id ? 1 : one->id > other->id ? -1 : 0;
}

static json_t *reasons_json(enum lang lang, unsigned facts)
{
	json_t *list = json_array();
	for (enum person_fact fact = 0; fact < PERSON_FACT_MAX; fact++)
		if ((facts & 1u << fact) && !(fact == PERSON_NAME && (facts & 1u << PERSON_NAME_BIRTH)))
			json_add(list, json_string(text_get(lang, fact_words[fact])));
	return list;
}

/* Nothing but that there is one, and whom to ask. */
static enum err put_hidden(const struct casefile_act *act, enum lang lang, const struct casefile *c, json_t *one)
{
	struct staff staff = { 0 };
	enum err e = c->assigned_to ? staff_load(act->tx, c->assigned_to, &staff) : ERR_NOT_FOUND;
	if (e && e != ERR_NOT_FOUND)
		return e;
	json_put_bool(one, "hidden", true);
	json_put_str(one, "ask", e ? text_get(lang, N_("the head of the unit")) : staff.name);
	return OK;
}

static void put_case(const struct casefile_act *act, enum lang lang, const struct casefile *c, json_t *one)
{
	json_put_bool(one, "hidden", false);
	json_put_int(one, "id", c->id);
	json_put_str(one, "number", c->number);
	json_put_str(one, "link", arena_printf(act->arena, "/desk/cases/%" PRId64, c->id));
	json_put(one, "state", case_state_json(lang, c->state));
	json_put_str(one, "person", c->person_name);
	json_put_str(one, "body_name", case_body_label(act, lang, c->body_key, c->body_name));
	view_put_day(act, lang, one, "received", c->received_at);
	view_put_day(act, lang, one, "closed", c->closed_at);
}

static enum err put_match(const struct casefile_act *act, enum lang lang, const struct match *match, json_t *list)
{
	struct casefile c;
	enum err e = casefile_load(act->office, act->tx, act->arena, match->id, &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	if (conflicts(act->actor, &object) || c.withheld) /* for this reader it does not exist */
		return OK;
	json_t *one = json_object();
	json_put(one, "reasons", reasons_json(lang, match->facts));
	json_put_bool(one, "sure", match->facts & (1u << PERSON_ID | 1u << PERSON_NAME_BIRTH));
	if (may(act->actor, ACT_CASE_READ, &object, NULL) == OK)
		put_case(act, lang, &c, one);
	else
		e = put_hidden(act, lang, &c, one);
	json_add(list, one);
	return e;
}

enum err person_duplicates(
    const struct casefile_act *act, enum lang lang, const struct person_facts *facts, int64_t except, json_t **ret_list)
{
	struct person_keys keys;
	struct found *found = arena_alloc(act->arena, sizeof(*found));
	found->n = 0;
	person_keys_make(act->office, act->arena, facts, &keys);
	enum err e = look_up(act->tx, &keys, except, found);
	if (e)
		return e;
	qsort(found->at, found->n, sizeof(*found->at), by_sureness);
	json_t *list = json_array();
	for (size_t i = 0; !e && i < found->n && i < SHOWN; i++)
		e = put_match(act, lang, &found->at[i], list);
	if (e)
		json_decref(list);
	else
		*ret_list = list;
	return e;
}
