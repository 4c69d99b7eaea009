/* People of a case: rules, and the doors through which their entries change. */
#include "casework/party.h"

#include "base/util.h"
#include "casefile.sql.h"
#include "casework/person_key.h"
#include "casework/search.h"
#include "crypto/crypto.h"
#include "intake.sql.h"
#include "office/journal.h"
#include "text/country.h"
#include "text/date.h"

#include <stdio.h>
#include <string.h>

const char *const party_roles[] = { "complainant", "affected", "representative", "witness", NULL };
const char *const party_kinds[] = { "natural", "organisation", "group", "anonymous", NULL };
const char *const party_answers[] = { "post", "email", "phone", "page", "collect", NULL };
const char *const party_authorities[] = { "power_of_attorney", "parent", "guardian", "lawyer", "organisation", "spoken",
	NULL };
const char *const party_consents[] = { "given", "refused", "impossible", NULL };
const char *const party_sexes[] = { "female", "male", "other", "refused", "unknown", NULL };
const char *const party_age_bands[] = { "under_18", "18_29", "30_44", "45_59", "60_over", "refused", "unknown", NULL };
const char *const party_disabilities[] = { "none", "yes", "refused", "unknown", NULL };
const char *const party_detentions[] = { "none", "police", "remand", "prison", "closed_institution", "military",
	"refused", "unknown", NULL };
const char *const party_groups[PARTY_GROUPS + 1] = { "child", "woman", "detainee", "disability", "older", "migrant",
	"refugee", "minority", "soldier", "defender", "poverty", "illness", NULL };
const char *const party_languages[] = { "az", "en", "ru", "ur", "pa", "sd", "ps", "bal", "tr", "fa", "ar", "other",
	"refused", "unknown", NULL };
const char *const party_groups_said[] = { "none", "refused", "unknown", NULL };

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* --- rules ------------------------------------------------------------------------------------------------------- */

static void wrong(struct faults *faults, const char *prefix, const char *field, const char *key)
{
	struct fault fault = { 0 };
	char name[80];
	snprintf(name, sizeof(name), "%s%s", prefix, field);
	fault_set(&fault, ERR_INVALID, name, key, NULL);
	faults_add(faults, &fault);
}

static bool good_birth_date(const char *text, int64_t today)
{
	struct civil date;
	return !civil_parse(text, &date) && civil_valid(date) && civil_days(date) <= today && date.year >= 1890;
}

static bool known_country(const char *code)
{
	const char *const *known = country_codes();
	for (size_t i = 0; known[i]; i++)
		if (!strcmp(known[i], code))
			return true;
	return !*code || !strcmp(code, "refused") || !strcmp(code, "unknown");
}

/* How the person wants to be answered says what we must know (existing systems 1.2, rule 9). */
static void check_contact(const struct intake_party *p, const char *prefix, struct faults *faults)
{
	const char *by = or_empty(p->answer_by);
	if (!strcmp(by, "post") && !*or_empty(p->address))
		wrong(faults, prefix, "address", N_("An answer by post needs an address."));
	if (!strcmp(by, "email") && !*or_empty(p->email))
		wrong(faults, prefix, "email", N_("An answer by e-mail needs an e-mail address."));
	if (!strcmp(by, "phone") && !*or_empty(p->phone))
		wrong(faults, prefix, "phone", N_("An answer by telephone needs a number."));
}

static void check_authority(const struct intake_party *p, const char *prefix, int64_t today, struct faults *faults)
{
	struct civil date;
	const char *until = or_empty(p->authority_until);
	if (strcmp(or_empty(p->role), "representative") != 0)
		return;
	if (!*or_empty(p->authority))
		wrong(faults, prefix, "authority", N_("Say what gives this person the right to act."));
	if (*until && (civil_parse(until, &date) || civil_days(date) < today))
		wrong(faults, prefix, "authority_until", N_("This authority has ended."));
}

enum err party_check(const struct intake_party *p, const char *prefix, int64_t today, struct faults *faults)
{
	size_t before = faults->n;
	bool anonymous = !strcmp(or_empty(p->kind), "anonymous");
	if (!*or_empty(p->role))
		wrong(faults, prefix, "role", N_("Say in which role."));
	if (!anonymous && !*or_empty(p->name))
		wrong(faults, prefix, "name", N_("Give the name, or choose “anonymous”."));
	if (anonymous && (*or_empty(p->name) || *or_empty(p->id_no) || *or_empty(p->passport_no)))
		wrong(faults, prefix, "kind",
		    N_("An anonymous person has no name and no number. Leave them out, or choose "
		       "another kind."));
	if (*or_empty(p->birth_date) && !good_birth_date(p->birth_date, today))
		wrong(faults, prefix, "birth_date",
		    N_("Give the date of birth as a day in the past, for example 1990-05-31."));
	if (!known_country(or_empty(p->nationality)))
		wrong(faults, prefix, "nationality", N_("Choose a country from the list."));
	check_contact(p, prefix, faults);
	check_authority(p, prefix, today, faults);
	return faults->n == before ? OK : ERR_INVALID;
}

bool party_detained(const struct intake_party *p)
{
	static const char *const not_held[] = { "", "none", "refused", "unknown" };
	for (size_t i = 0; i < ARRAY_LEN(not_held); i++)
		if (!strcmp(or_empty(p->detention), not_held[i]))
			return false;
	return true;
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

static bool said_nothing(const char *nationality)
{
	return !strcmp(nationality, "refused") || !strcmp(nationality, "unknown");
}

/* Columns hold what is known; that somebody refused or did not know is a trait. */
static const char *country_of(const struct intake_party *p)
{
	const char *nationality = or_empty(p->nationality);
	return said_nothing(nationality) ? "" : nationality;
}

static enum err put_trait(struct db_tx *tx, int64_t id, const char *trait, const char *value)
{
	return *value ? db_run(tx, &sql_party_trait_insert, DB_ARGS(db_int(id), db_text(trait), db_text(value))) : OK;
}

static enum err put_traits(struct db_tx *tx, int64_t id, const struct intake_party *p)
{
	const char *nationality = or_empty(p->nationality);
	const struct {
		const char *trait, *value;
	} traits[] = {
		{ "sex", or_empty(p->sex) },
		{ "age_band", or_empty(p->age_band) },
		{ "language", or_empty(p->language) },
		{ "disability", or_empty(p->disability) },
		{ "detention", or_empty(p->detention) },
		{ "group", or_empty(p->groups_said) },
		{ "nationality", said_nothing(nationality) ? nationality : "" },
	};
	enum err e = OK;
	for (size_t i = 0; !e && i < ARRAY_LEN(traits); i++)
		e = put_trait(tx, id, traits[i].trait, traits[i].value);
	for (size_t i = 0; !e && i < PARTY_GROUPS; i++)
		if (p->group[i])
			e = put_trait(tx, id, "group", party_groups[i]);
	return e;
}

static enum err update(struct db_tx *tx, int64_t id, const struct intake_party *p)
{
	const char *kind = *or_empty(p->kind) ? p->kind : "natural";
	return db_run(tx, &sql_party_update,
	    DB_ARGS(db_int(id), db_text(p->role), db_text(or_empty(p->name)), db_text(or_empty(p->father_name)),
		db_text(or_empty(p->birth_date)), db_text(country_of(p)), db_text(or_empty(p->passport_no)),
		db_text(or_empty(p->phone)), db_text(or_empty(p->email)), db_text(or_empty(p->address)), db_text(kind),
		db_text(or_empty(p->id_no)), db_text(or_empty(p->answer_by)), db_text(or_empty(p->authority)),
		db_text(or_empty(p->authority_document)), db_text(or_empty(p->authority_until)),
		db_text(or_empty(p->consent))));
}

static bool says_more(const struct intake_party *p)
{
	const char *const more[] = { p->kind, p->id_no, p->answer_by, p->authority, p->authority_document,
		p->authority_until, p->consent };
	for (size_t i = 0; i < ARRAY_LEN(more); i++)
		if (*or_empty(more[i]))
			return true;
	return false;
}

static enum err insert(struct db_tx *tx, int64_t casefile_id, const struct intake_party *p, int64_t *ret_id)
{
	int64_t id;
	enum err e = db_get_int(tx, &sql_party_insert,
	    DB_ARGS(db_int(casefile_id), db_text(p->role), db_text(or_empty(p->name)),
		db_text(or_empty(p->father_name)), db_text(or_empty(p->birth_date)), db_text(country_of(p)),
		db_text(or_empty(p->passport_no)), db_text(or_empty(p->phone)), db_text(or_empty(p->email)),
		db_text(or_empty(p->address))),
	    &id);
	if (!e && says_more(p))
		e = update(tx, id, p);
	if (!e)
		e = put_traits(tx, id, p);
	if (!e)
		*ret_id = id;
	return e;
}

/* A lawyer who acts for many is not known again by each of them; nor is a witness. */
static bool known_again(const struct intake_party *p)
{
	return !strcmp(p->role, "complainant") || !strcmp(p->role, "affected");
}

static void keys_of(const struct casefile_act *act, const struct intake_party *p, struct person_keys *ret)
{
	const struct person_facts facts = { p->name, p->birth_date, p->id_no, p->passport_no, p->phone, p->email };
	ret->n = 0;
	if (known_again(p))
		person_keys_make(act->office, act->arena, &facts, ret);
}

enum err party_file(
    const struct casefile_act *act, int64_t casefile_id, const struct intake_party *p, bool withheld, int64_t *ret_id)
{
	struct person_keys keys = { .n = 0 };
	int64_t id;
	enum err e = insert(act->tx, casefile_id, p, &id);
	if (!withheld)
		keys_of(act, p, &keys);
	if (!e)
		e = person_keys_insert(act->tx, &keys, casefile_id, id);
	if (!e)
		*ret_id = id;
	return e;
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

static void read_row(struct arena *arena, const struct db_rows *rows, struct party_row *row)
{
	struct intake_party *p = &row->who;
	const char **text[] = { &p->role, &p->name, &p->father_name, &p->birth_date, &p->nationality, &p->passport_no,
		&p->phone, &p->email, &p->address, &p->kind, &p->id_no, &p->answer_by, &p->authority,
		&p->authority_document, &p->authority_until, &p->consent, &row->removed_why };
	row->id = db_col_int(rows, 0);
	for (size_t i = 0; i < ARRAY_LEN(text); i++)
		*text[i] = arena_strdup(arena, db_col_text(rows, 1 + (int)i));
	row->removed_at = db_col_int(rows, 18);
	p->sex = p->age_band = p->language = p->disability = p->detention = p->groups_said = "";
}

static void take_group(struct intake_party *p, const char *value)
{
	for (size_t i = 0; i < PARTY_GROUPS; i++)
		if (!strcmp(party_groups[i], value))
			p->group[i] = true;
}

static void take_trait(struct arena *arena, struct intake_party *p, const char *trait, const char *value)
{
	const struct {
		const char *trait;
		const char **member;
	} members[] = { { "sex", &p->sex }, { "age_band", &p->age_band }, { "language", &p->language },
		{ "disability", &p->disability }, { "detention", &p->detention }, { "nationality", &p->nationality } };
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (!strcmp(members[i].trait, trait))
			*members[i].member = arena_strdup(arena, value);
	if (!strcmp(trait, "group") && (said_nothing(value) || !strcmp(value, "none")))
		p->groups_said = arena_strdup(arena, value);
	else if (!strcmp(trait, "group"))
		take_group(p, value);
}

static enum err load_traits(
    struct db_tx *tx, struct arena *arena, int64_t casefile_id, struct party_row *list, size_t n)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_party_traits, DB_ARGS(db_int(casefile_id)), &rows);
	while (!e && db_next(rows))
		for (size_t i = 0; i < n; i++)
			if (list[i].id == db_col_int(rows, 0))
				take_trait(arena, &list[i].who, db_col_text(rows, 1), db_col_text(rows, 2));
	return e ? e : db_rows_error(rows);
}

enum err party_load(
    struct db_tx *tx, struct arena *arena, int64_t casefile_id, struct party_row **ret_rows, size_t *ret_n)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct party_row *list = NULL;
	size_t n = 0, room = 0;
	enum err e = db_query(tx, &sql_party_people, DB_ARGS(db_int(casefile_id)), &rows);
	while (!e && db_next(rows)) {
		if (n == room) {
			struct party_row *more = arena_alloc(arena, (room = room * 2 + 8) * sizeof(*more));
			if (n)
				memcpy(more, list, n * sizeof(*more));
			list = more;
		}
		list[n] = (struct party_row) { 0 };
		read_row(arena, rows, &list[n++]);
	}
	if (!e)
		e = db_rows_error(rows);
	if (!e && n)
		e = load_traits(tx, arena, casefile_id, list, n);
	if (!e) {
		*ret_rows = list;
		*ret_n = n;
	}
	return e;
}

/* --- doors ------------------------------------------------------------------------------------------------------- */

json_t *party_json(const struct intake_party *p)
{
	const struct {
		const char *name, *value;
	} members[] = { { "role", p->role }, { "name", p->name }, { "father_name", p->father_name },
		{ "birth_date", p->birth_date }, { "nationality", p->nationality }, { "passport_no", p->passport_no },
		{ "phone", p->phone }, { "email", p->email }, { "address", p->address },
		{ "kind", *or_empty(p->kind) ? p->kind : "natural" }, { "id_no", p->id_no },
		{ "answer_by", p->answer_by }, { "authority", p->authority },
		{ "authority_document", p->authority_document }, { "authority_until", p->authority_until },
		{ "consent", p->consent }, { "sex", p->sex }, { "age_band", p->age_band }, { "language", p->language },
		{ "disability", p->disability }, { "detention", p->detention }, { "groups_said", p->groups_said } };
	json_t *json = json_object(), *groups = json_array();
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (*or_empty(members[i].value))
			json_put_str(json, members[i].name, members[i].value);
	for (size_t i = 0; i < PARTY_GROUPS; i++)
		if (p->group[i])
			json_add(groups, json_string(party_groups[i]));
	json_put(json, "groups", groups);
	return json;
}

enum err party_digest(const struct intake_party *p, char out[65])
{
	json_t *json = party_json(p);
	char *text CLEANUP(free_ptr) = json_canonical_text(json);
	json_decref(json);
	if (!text)
		return ERR_MEMORY;
	sha256_hex(out, text, strlen(text));
	return OK;
}

struct party_trace {
	int64_t casefile_id, id;
	const struct intake_party *now; /* as the entry is from here on */
	const char *what, *words;       /* 'added', 'changed', 'removed' */
};

/* Who it was before goes into party_change, which is personal data; the journal holds a digest of what it is now. */
static enum err keep_before(const struct casefile_act *act, const struct party_trace *t, json_t *before)
{
	char *text CLEANUP(free_ptr) = json_compact_text(before);
	json_decref(before);
	if (!text)
		return ERR_MEMORY;
	return db_run(act->tx, &sql_party_change_insert,
	    DB_ARGS(db_int(t->casefile_id), db_int(t->id), db_int(act->now), db_text(act->actor->tag),
		db_text(act->actor->name), db_text(t->what), db_text(text)));
}

static enum err leave_traces(const struct casefile_act *act, const struct party_trace *t, json_t *before)
{
	char object[64], digest[65];
	enum err e = keep_before(act, t, before);
	if (!e)
		e = party_digest(t->now, digest);
	if (e)
		return e;
	json_t *payload = json_object(), *data = json_object();
	json_put_int(payload, "party", t->id);
	json_put_str(payload, "what", t->what);
	json_put_str(payload, "sha256", digest);
	json_put_str(data, "role", t->now->role);
	json_put_str(data, "words", t->words);
	e = journal_write(act->tx, act->now, act->actor->tag, "casefile.party",
	    journal_object(object, "casefile", t->casefile_id), payload);
	if (e) {
		json_decref(data);
		return e;
	}
	return event_add(act, t->casefile_id, arena_printf(act->arena, "party_%s", t->what), data);
}

/* Detention said of anybody starts the clock of 24 hours where the profile has one. */
static enum err note_detention(const struct casefile_act *act, int64_t casefile_id, const struct intake_party *before,
    const struct intake_party *p)
{
	if (!party_detained(p) || (before && party_detained(before)))
		return OK;
	return event_add(act, casefile_id, "handed_in", NULL);
}

static enum err check(const struct casefile_act *act, const struct intake_party *p, struct fault *fault)
{
	struct faults faults = { 0 };
	int64_t today = civil_days(zone_date(act->office->profile->calendar.zone, act->now));
	enum err e = party_check(p, "", today, &faults);
	if (e && fault)
		*fault = faults.v[0];
	return e;
}

enum err party_add(const struct casefile_act *act, struct casefile *c, const struct intake_party *p, int64_t *ret_id,
    struct fault *fault)
{
	enum err e = check(act, p, fault);
	if (!e)
		e = party_file(act, c->id, p, c->withheld, ret_id);
	if (!e)
		e = leave_traces(act, &(struct party_trace) { c->id, *ret_id, p, "added", "" }, json_object());
	if (!e)
		e = search_rebuild(act, c->id);
	return e ? e : note_detention(act, c->id, NULL, p);
}

static enum err find(const struct casefile_act *act, int64_t casefile_id, int64_t id, struct party_row *ret_row)
{
	struct party_row *rows;
	size_t n;
	enum err e = party_load(act->tx, act->arena, casefile_id, &rows, &n);
	for (size_t i = 0; !e && i < n; i++) {
		if (rows[i].id == id && !rows[i].removed_at) {
			*ret_row = rows[i];
			return OK;
		}
	}
	return e ? e : ERR_NOT_FOUND;
}

static enum err renew_keys(const struct casefile_act *act, const struct casefile *c, int64_t id,
    const struct intake_party *before, const struct intake_party *p)
{
	struct person_keys old, new;
	keys_of(act, before, &old);
	enum err e = person_keys_delete(act->tx, &old, c->id, id);
	if (e || !p || c->withheld)
		return e;
	keys_of(act, p, &new);
	return person_keys_insert(act->tx, &new, c->id, id);
}

/* Is this the one whose name the lists show: the first who complains? */
static enum err names_the_case(const struct casefile_act *act, int64_t casefile_id, int64_t id, bool *ret_is)
{
	struct party_row *rows;
	size_t n;
	enum err e = party_load(act->tx, act->arena, casefile_id, &rows, &n);
	*ret_is = false;
	for (size_t i = 0; !e && i < n; i++) {
		if (!strcmp(rows[i].who.role, "complainant") && !rows[i].removed_at) {
			*ret_is = rows[i].id == id;
			break;
		}
	}
	return e;
}

enum err party_change(
    const struct casefile_act *act, struct casefile *c, int64_t id, const struct intake_party *p, struct fault *fault)
{
	struct party_row row = { 0 };
	bool shown;
	enum err e = find(act, c->id, id, &row);
	if (!e)
		e = check(act, p, fault);
	if (!e)
		e = names_the_case(act, c->id, id, &shown);
	if (!e)
		e = update(act->tx, id, p);
	if (!e)
		e = db_run(act->tx, &sql_party_trait_delete, DB_ARGS(db_int(id)));
	if (!e)
		e = put_traits(act->tx, id, p);
	if (!e)
		e = renew_keys(act, c, id, &row.who, p);
	if (!e && shown && *or_empty(p->name))
		e = db_run(act->tx, &sql_casefile_set_person, DB_ARGS(db_int(c->id), db_text(p->name)));
	if (!e)
		e = leave_traces(act, &(struct party_trace) { c->id, id, p, "changed", "" }, party_json(&row.who));
	if (!e)
		e = search_rebuild(act, c->id);
	return e ? e : note_detention(act, c->id, &row.who, p);
}

enum err party_remove(
    const struct casefile_act *act, struct casefile *c, int64_t id, const char *why, struct fault *fault)
{
	struct party_row row = { 0 };
	bool shown;
	enum err e = find(act, c->id, id, &row);
	if (!e)
		e = names_the_case(act, c->id, id, &shown);
	if (!e && shown)
		return fault_set(fault, ERR_CONFLICT, "removed_why",
		    N_("The person who complains stays with the case. Change the entry, or add somebody else."), NULL);
	if (!e)
		e = db_run(act->tx, &sql_party_remove, DB_ARGS(db_int(id), db_int(act->now), db_text(why)));
	if (!e)
		e = renew_keys(act, c, id, &row.who, NULL);
	return e ? e
		 : leave_traces(
		       act, &(struct party_trace) { c->id, id, &row.who, "removed", why }, party_json(&row.who));
}

/* --- words ------------------------------------------------------------------------------------------------------- */

static const struct event_kind kinds[] = {
	{ "party_added", NULL, N_("Person added: {role}.") },
	{ "party_changed", NULL, N_("Entry of a person changed: {role}.") },
	{ "party_removed", NULL, N_("Person removed: {role}. {words}") },
	{ "handed_in", NULL, N_("A person in detention is concerned.") },
};
const struct event_table party_events = { kinds, ARRAY_LEN(kinds) };

static const struct {
	const char *list, *code, *words;
} code_words[] = {
	{ "role", "complainant", N_("Complainant") },
	{ "role", "affected", N_("Person affected") },
	{ "role", "representative", N_("Representative") },
	{ "role", "witness", N_("Witness") },
	{ "kind", "natural", N_("Person") },
	{ "kind", "organisation", N_("Organisation") },
	{ "kind", "group", N_("Group of people") },
	{ "kind", "anonymous", N_("Anonymous") },
	{ "answer_by", "post", N_("By post") },
	{ "answer_by", "email", N_("By e-mail") },
	{ "answer_by", "phone", N_("By telephone") },
	{ "answer_by", "page", N_("On the page of the complaint") },
	{ "answer_by", "collect", N_("Collects it here") },
	{ "authority", "power_of_attorney", N_("Power of attorney") },
	{ "authority", "parent", N_("Parent") },
	{ "authority", "guardian", N_("Guardian") },
	{ "authority", "lawyer", N_("Lawyer") },
	{ "authority", "organisation", N_("Organisation that may act by law") },
	{ "authority", "spoken", N_("Named by the person before us") },
	{ "party_consent", "given", N_("The affected person agrees") },
	{ "party_consent", "refused", N_("The affected person does not agree") },
	{ "party_consent", "impossible", N_("Cannot be asked") },
	{ "sex", "female", N_("Female") },
	{ "sex", "male", N_("Male") },
	{ "sex", "other", N_("Other") },
	{ "age_band", "under_18", N_("Under 18") },
	{ "age_band", "18_29", N_("18 to 29") },
	{ "age_band", "30_44", N_("30 to 44") },
	{ "age_band", "45_59", N_("45 to 59") },
	{ "age_band", "60_over", N_("60 and over") },
	{ "language", "pa", N_("Punjabi") },
	{ "language", "sd", N_("Sindhi") },
	{ "language", "ps", N_("Pashto") },
	{ "language", "bal", N_("Balochi") },
	{ "language", "tr", N_("Turkish") },
	{ "language", "fa", N_("Persian") },
	{ "language", "ar", N_("Arabic") },
	{ "language", "other", N_("Another language") },
	{ "disability", "none", N_("None") },
	{ "disability", "yes", N_("Yes") },
	{ "detention", "none", N_("Not detained") },
	{ "detention", "police", N_("In police custody") },
	{ "detention", "remand", N_("In remand") },
	{ "detention", "prison", N_("In prison") },
	{ "detention", "closed_institution", N_("In a closed institution") },
	{ "detention", "military", N_("In a military unit") },
	{ "group", "child", N_("Child") },
	{ "group", "woman", N_("Woman at risk") },
	{ "group", "detainee", N_("Detained person") },
	{ "group", "disability", N_("Person with a disability") },
	{ "group", "older", N_("Older person") },
	{ "group", "migrant", N_("Migrant") },
	{ "group", "refugee", N_("Refugee or displaced person") },
	{ "group", "minority", N_("Member of a minority") },
	{ "group", "soldier", N_("Soldier or conscript") },
	{ "group", "defender", N_("Journalist or human rights defender") },
	{ "group", "poverty", N_("Person in poverty") },
	{ "group", "illness", N_("Seriously ill person") },
	{ "group", "none", N_("None of these") },
};

const char *party_words(enum lang lang, const char *list, const char *code)
{
	if (!strcmp(code, "refused"))
		return text_get(lang, N_("Would not say"));
	if (!strcmp(code, "unknown"))
		return text_get(lang, N_("Not known"));
	if (!strcmp(list, "nationality"))
		return strcmp(code, COUNTRY_NONE) ? country_name(lang, code) : text_get(lang, N_("None of these"));
	enum lang spoken;
	if (!strcmp(list, "language") && lang_parse(code, &spoken))
		return lang_name(spoken);
	for (size_t i = 0; i < ARRAY_LEN(code_words); i++)
		if (!strcmp(code_words[i].list, list) && !strcmp(code_words[i].code, code))
			return text_get(lang, code_words[i].words);
	return code;
}
