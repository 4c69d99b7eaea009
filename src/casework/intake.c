/* Files a complaint: the rules, the number, and one transaction that writes it all. */
#include "casework/intake.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "casefile.sql.h"
#include "casework/search.h"
#include "crypto/crypto.h"
#include "crypto/envelope.h"
#include "intake.sql.h"
#include "office/current.h"
#include "office/journal.h"
#include "office/numbering.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FACTS_MIN 20 /* fewer characters say nothing that can be looked into */

/* --- rules ------------------------------------------------------------------------------------------------------- */

static void add_fault(struct faults *faults, const char *field, const char *key)
{
	struct fault fault = { 0 };
	fault_set(&fault, ERR_INVALID, field, key, NULL);
	faults_add(faults, &fault);
}

const char *const intake_channels[] = { "desk", "phone", "post", "email", "own_initiative", NULL };
const char *const intake_urgencies[] = { "life", "child", "detainee", "reprisal", NULL };

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

bool intake_by_officer(const struct intake *in)
{
	for (size_t i = 0; intake_channels[i]; i++)
		if (!strcmp(intake_channels[i], in->channel))
			return true;
	return false;
}

static bool own_initiative(const struct intake *in)
{
	return !strcmp(or_empty(in->case_class), "own_initiative");
}

static bool ticked(const struct intake *in, const char *key)
{
	for (const char *const *d = in->declarations; d && *d; d++)
		if (!strcmp(*d, key))
			return true;
	return false;
}

static void check_declarations(const struct profile *profile, const struct intake *in, struct faults *faults)
{
	for (size_t i = 0; i < profile->declarations; i++) {
		const struct declaration *d = &profile->declaration[i];
		char field[64];
		if (d->kind == DECLARATION_QUESTION || ticked(in, d->key))
			continue;
		snprintf(field, sizeof(field), "declaration_%s", d->key);
		add_fault(faults, field,
		    d->kind == DECLARATION_CONSENT
			? N_("Without this consent we cannot work on your complaint.")
			: N_("Please confirm this statement. If it is not true, call us: we will help you."));
	}
}

static void check_birth_date(const struct intake *in, int64_t today, struct faults *faults)
{
	struct civil date;
	if (!*in->person.birth_date)
		return;
	if (civil_parse(in->person.birth_date, &date) || !civil_valid(date) || civil_days(date) > today ||
	    date.year < 1890)
		add_fault(
		    faults, "birth_date", N_("Give the date of birth as a day in the past, for example 1990-05-31."));
}

/* Whoever writes for themselves. */
static void check_person(const struct profile *profile, const struct intake *in, int64_t today, struct faults *faults)
{
	if (!*in->person.name)
		add_fault(faults, "name", N_("Give your name. If it is not safe for you to give it, call us."));
	if (!*in->remedy)
		add_fault(faults, "remedy", N_("Say what you would like to be done."));
	check_birth_date(in, today, faults);
	check_declarations(profile, in, faults);
}

static void check_day(const char *day, const char *field, int64_t today, struct faults *faults)
{
	struct civil date;
	if (*or_empty(day) && (civil_parse(day, &date) || civil_days(date) > today))
		add_fault(faults, field, N_("Give a day that is not in the future."));
}

/* A way to reach somebody who gave a name, unless they come or look for themselves. */
static void check_reachable(const struct intake *in, struct faults *faults)
{
	const struct intake_party *p = &in->person;
	const char *by = or_empty(p->answer_by);
	bool comes = !strcmp(by, "page") || !strcmp(by, "collect") || !strcmp(or_empty(p->kind), "anonymous");
	if (!comes && !*p->phone && !*p->email && !*p->address)
		add_fault(faults, "phone", N_("Give a way to reach the person."));
}

/* What an officer enters: the person need not have declared anything, but we must be able to answer. */
static void check_entry(const struct intake *in, int64_t today, struct faults *faults)
{
	if (!own_initiative(in)) {
		party_check(&in->person, "", today, faults);
		check_reachable(in, faults);
	}
	if (in->another)
		party_check(in->another, "other_", today, faults);
	if (in->received_at > now_ms())
		add_fault(faults, "received_on", N_("Give a day that is not in the future."));
	check_day(in->sent_on, "sent_on", today, faults);
	check_day(in->happened_on, "happened_on", today, faults);
}

enum err intake_check(const struct office *office, const struct intake *in, struct faults *faults)
{
	const struct profile *profile = office->profile;
	size_t before = faults->n;
	int64_t today = office_day(office, now_ms());
	if (intake_by_officer(in))
		check_entry(in, today, faults);
	else
		check_person(profile, in, today, faults);
	if (!*in->body_key && !*in->body_name)
		add_fault(faults, "body_name", N_("Say which office, company or authority your complaint is about."));
	if (*in->body_key && !in->body_known && !profile_body(profile, in->body_key))
		add_fault(faults, "body_key", N_("Choose an office from the list, or write its name."));
	if (*in->subject && !code_may_choose(office_list(office, "subjects"), in->subject, NULL, today))
		add_fault(faults, "subject", N_("Choose a subject from the list."));
	if (utf8_length(in->facts) < FACTS_MIN)
		add_fault(faults, "facts", N_("Tell us what happened, in at least a sentence or two."));
	return faults->n == before ? OK : ERR_INVALID;
}

/* --- what is filed ----------------------------------------------------------------------------------------------- */

static json_t *person_json(const struct intake_party *p)
{
	json_t *person = json_object();
	json_put_str(person, "name", p->name);
	json_put_str(person, "father_name", p->father_name);
	json_put_str(person, "birth_date", p->birth_date);
	json_put_str(person, "nationality", p->nationality);
	json_put_str(person, "passport_no", p->passport_no);
	json_put_str(person, "phone", p->phone);
	json_put_str(person, "email", p->email);
	json_put_str(person, "address", p->address);
	return person;
}

/* What only the desk asks. */
static void put_entry(json_t *content, const struct intake *in)
{
	json_t *more = party_json(&in->person);
	json_object_update_missing(json_object_get(content, "person"), more);
	json_decref(more);
	json_put_str(content, "class", *or_empty(in->case_class) ? in->case_class : "complaint");
	json_put_str(content, "sent_on", or_empty(in->sent_on));
	json_put_str(content, "happened_on", or_empty(in->happened_on));
	if (in->another)
		json_put(content, "another", party_json(in->another));
}

static json_t *documents_json(const struct intake *in)
{
	json_t *list = json_array();
	for (size_t i = 0; i < in->document_count; i++) {
		json_t *one = json_object();
		json_put_str(one, "name", in->documents[i].name);
		json_put_str(one, "type", in->documents[i].type);
		json_put_int(one, "size", in->documents[i].size);
		json_put_str(one, "sha256", in->documents[i].sha256);
		json_add(list, one);
	}
	return list;
}

/* All that the person filed, in the form that the receipt signs. */
static char *content_text(const struct intake *in)
{
	json_t *content = json_object(), *declarations = json_array();
	for (const char *const *d = in->declarations; d && *d; d++)
		json_add(declarations, json_string(*d));
	json_put_str(content, "lang", lang_code(in->lang));
	json_put(content, "person", person_json(&in->person));
	json_put_str(content, "body_key", in->body_key);
	json_put_str(content, "body_name", in->body_name);
	json_put_str(content, "body_country", in->body_country);
	json_put_str(content, "subject", in->subject);
	json_put_str(content, "facts", in->facts);
	json_put_str(content, "remedy", in->remedy);
	json_put_str(content, "steps_taken", in->steps_taken);
	json_put_bool(content, "embassy_not_told", in->embassy_not_told);
	json_put(content, "declarations", declarations);
	json_put(content, "documents", documents_json(in));
	if (in->confidential)
		json_put_bool(content, "confidential", true);
	if (intake_by_officer(in))
		put_entry(content, in);
	char *text = json_canonical_text(content);
	json_decref(content);
	return text;
}

/* Everything that can be made ready before the transaction: the writer's time is shared by all. */
struct filing {
	const struct intake *in;
	struct office *office;
	const struct actor *actor;
	struct arena *arena;
	int64_t now;
	char *content;
	char content_sha256[SHA256_HEX], code[CODE_TEXT], code_hash[SHA256_HEX];
	struct search_words words;
	struct intake_result result;
	struct fault *fault;
};

/* Derived, not drawn: the same submission sent twice shows the same code, and no database holds it. */
void intake_code(const struct office *office, const char *submission, char out[CODE_TEXT])
{
	uint8_t bytes[32];
	keys_derive(office->keys, "tracking-code", submission, strlen(submission), bytes);
	code_from_bytes(out, bytes);
	bytes_wipe(bytes, sizeof(bytes));
}

void intake_code_hash(const struct office *office, const char *code, char out[SHA256_HEX])
{
	uint8_t digest[32];
	keys_derive(office->keys, "tracking-code-check", code, strlen(code), digest);
	hex_encode(out, digest, sizeof(digest));
}

/* Parted by one space. */
static char *join(struct arena *arena, const char *const *texts, size_t n)
{
	size_t room = 1;
	for (size_t i = 0; i < n; i++)
		room += strlen(texts[i]) + 1;
	char *all = arena_alloc(arena, room), *end = all;
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			*end++ = ' ';
		end = stpcpy(end, texts[i]);
	}
	return all;
}

static struct search_words search_words(const struct filing *f)
{
	static const struct intake_party nobody = {
		.name = "", .father_name = "", .passport_no = "", .phone = "", .email = ""
	};
	const struct intake *in = f->in;
	/* A withheld identity is found by nobody: not by its words either. */
	const struct intake_party *p = in->confidential ? &nobody : &in->person;
	const struct intake_party *other = in->confidential || !in->another ? &nobody : in->another;
	const char *names[] = { p->name, p->father_name, other->name };
	const char *marks[] = { p->passport_no, or_empty(p->id_no), p->phone, p->email };
	const char *people[] = { search_fold_names(f->arena, join(f->arena, names, ARRAY_LEN(names))),
		text_fold(f->arena, join(f->arena, marks, ARRAY_LEN(marks))) };
	const char *texts[] = { in->facts, in->remedy, in->steps_taken };
	char *words = text_fold(f->arena, join(f->arena, texts, ARRAY_LEN(texts)));
	if (in->confidential) {
		const char *own[] = { in->person.name, in->person.father_name };
		words =
		    search_without(f->arena, words, search_fold_names(f->arena, join(f->arena, own, ARRAY_LEN(own))));
	}
	return (struct search_words) { .people = join(f->arena, people, ARRAY_LEN(people)),
		.body = text_fold(f->arena, search_body_names(f->arena, f->office, in->body_key, in->body_name)),
		.words = words };
}

static enum err prepare(struct filing *f)
{
	f->content = content_text(f->in);
	if (!f->content)
		return ERR_MEMORY;
	sha256_hex(f->content_sha256, f->content, strlen(f->content));
	intake_code(f->office, f->in->submission, f->code);
	intake_code_hash(f->office, f->code, f->code_hash);
	f->words = search_words(f);
	return OK;
}

/* A number by hand must be free as well; the register's next always is, unless a hand took it before. */
static enum err is_taken(struct db_tx *tx, const char *number, struct fault *fault)
{
	int64_t id;
	enum err e = db_get_int(tx, &sql_casefile_by_number, DB_ARGS(db_text(number)), &id);
	if (e)
		return e == ERR_NOT_FOUND ? OK : e;
	return fault_set(fault, ERR_CONFLICT, "number", N_("This number was given already."), NULL);
}

static enum err next_number(struct db_tx *tx, const struct filing *f, char out[NUMBER_TEXT])
{
	const struct intake *in = f->in;
	const struct profile *profile = f->office->profile;
	if (!in->number || !*in->number)
		return numbering_next(tx, profile, in->numbering, f->now, out);
	enum err e = numbering_give(tx, profile, in->numbering, in->number, f->now, out, f->fault);
	return e ? e : is_taken(tx, out, f->fault);
}

static enum err filed_before(struct db_tx *tx, struct filing *f)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_casefile_by_submission, DB_ARGS(db_text(f->in->submission)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	f->result.casefile_id = db_col_int(rows, 0);
	copy_text(f->result.number, sizeof(f->result.number), db_col_text(rows, 1));
	f->result.received_at = db_col_int(rows, 2);
	copy_text(f->result.content_sha256, sizeof(f->result.content_sha256), db_col_text(rows, 3));
	f->result.again = true;
	f->result.differs = strcmp(f->result.content_sha256, f->content_sha256) != 0;
	return OK;
}

/* What lists call the case by. */
static const char *shown_name(const struct filing *f)
{
	const struct intake *in = f->in;
	enum lang lang = f->office->profile->language;
	if (in->confidential)
		return text_get(lang, N_("Identity withheld"));
	if (own_initiative(in))
		return text_get(lang, N_("Own initiative"));
	return *in->person.name ? in->person.name : text_get(lang, N_("Anonymous"));
}

static enum err insert_casefile(struct db_tx *tx, struct filing *f)
{
	const struct intake *in = f->in;
	return db_get_int(tx, &sql_casefile_insert,
	    DB_ARGS(db_text(f->result.number), db_text(in->submission), db_text(f->code_hash), db_text(in->channel),
		db_text(lang_code(in->lang)), db_int(f->result.received_at), db_text(f->content),
		db_text(f->content_sha256), db_text(in->body_key), db_text(in->body_name), db_text(in->body_country),
		db_text(in->subject), db_text(shown_name(f)), db_int(in->embassy_not_told)),
	    &f->result.casefile_id);
}

/* Only what differs from a complaint that somebody filed for themselves and openly. */
static enum err set_entry(struct db_tx *tx, const struct filing *f)
{
	const struct intake *in = f->in;
	int64_t id = f->result.casefile_id;
	enum err e = OK;
	if (in->confidential)
		e = db_run(tx, &sql_casefile_withhold, DB_ARGS(db_int(id)));
	if (e || !intake_by_officer(in))
		return e;
	return db_run(tx, &sql_casefile_set_intake,
	    DB_ARGS(db_int(id), db_text(*or_empty(in->case_class) ? in->case_class : "complaint"),
		db_text(or_empty(in->sent_on)), db_text(or_empty(in->happened_on)), db_int(f->now),
		db_text(or_empty(in->urgent))));
}

static enum err insert_people(const struct casefile_act *act, const struct filing *f)
{
	const struct intake *in = f->in;
	int64_t id;
	enum err e = OK;
	if (!own_initiative(in))
		e = party_file(act, f->result.casefile_id, &in->person, in->confidential, &id);
	if (!e && in->another)
		e = party_file(act, f->result.casefile_id, in->another, in->confidential, &id);
	return e;
}

/* The documents that were filed are part of "received"; later ones have events of their own. */
static enum err insert_documents(struct db_tx *tx, const struct filing *f)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < f->in->document_count; i++) {
		const struct document_new *d = &f->in->documents[i];
		int64_t id;
		e = db_get_int(tx, &sql_document_insert,
		    DB_ARGS(db_int(f->result.casefile_id), db_text(d->name), db_text(d->type), db_int(d->size),
			db_text(d->sha256), db_text(d->origin), db_text(f->actor->tag), db_int(f->now)),
		    &id);
	}
	return e;
}

static enum err journal_receipt(const struct casefile_act *act, const struct filing *f)
{
	char object[64];
	json_t *payload = json_object();
	json_put_str(payload, "number", f->result.number);
	json_put_str(payload, "content_sha256", f->content_sha256);
	if (f->result.received_at != f->now) /* entered later than it came */
		json_put_int(payload, "received_at", f->result.received_at);
	return journal_write(act->tx, f->now, act->actor->tag, "casefile.receive",
	    journal_object(object, "casefile", f->result.casefile_id), payload);
}

/* Limits that begin with the receipt count from the day it came in, not from the day it was typed. */
static enum err add_events(const struct casefile_act *act, const struct filing *f)
{
	struct casefile_act then = *act;
	const struct intake *in = f->in;
	json_t *data = json_object();
	then.now = f->result.received_at;
	json_put_str(data, "number", f->result.number);
	json_put_str(data, "channel", in->channel);
	enum err e = event_add(&then, f->result.casefile_id, own_initiative(in) ? "opened" : "received", data);
	if (!e && (party_detained(&in->person) || (in->another && party_detained(in->another))))
		e = event_add(&then, f->result.casefile_id, "handed_in", NULL);
	return e;
}

static enum err write_traces(const struct casefile_act *act, const struct filing *f)
{
	enum err e = journal_receipt(act, f);
	if (!e)
		e = add_events(act, f);
	if (!e)
		e = search_put(act->tx, f->result.casefile_id, &f->words);
	return e ? e : tally_add(act->tx, "casefile:received", 1);
}

static enum err write_all(struct db_tx *tx, void *arg)
{
	struct filing *f = arg;
	const struct casefile_act act = { f->office, tx, f->actor, f->now, f->arena };
	f->result = (struct intake_result) { .received_at = f->in->received_at ? f->in->received_at : f->now };
	copy_text(f->result.code, sizeof(f->result.code), f->code);
	copy_text(f->result.content_sha256, sizeof(f->result.content_sha256), f->content_sha256);
	enum err e = filed_before(tx, f);
	if (e != ERR_NOT_FOUND)
		return e;
	e = next_number(tx, f, f->result.number);
	if (!e)
		e = insert_casefile(tx, f);
	if (!e)
		e = set_entry(tx, f);
	if (!e)
		e = insert_people(&act, f);
	if (!e)
		e = insert_documents(tx, f);
	return e ? e : write_traces(&act, f);
}

static enum err file(struct filing *f, struct db_tx *tx, struct intake_result *ret_result)
{
	enum err e = prepare(f);
	if (!e)
		e = tx ? write_all(tx, f) : db_write(f->office->db, write_all, f);
	/* Two processes filed the same submission at once: the other one won, and its result is ours. */
	if (e == ERR_CONFLICT && !tx)
		e = db_write(f->office->db, write_all, f);
	if (!e)
		*ret_result = f->result;
	free(f->content);
	return e;
}

enum err intake_file(struct office *office, const struct actor *actor, const struct intake *in, int64_t now,
    struct intake_result *ret_result, struct fault *fault)
{
	struct arena *arena = arena_new(0);
	struct filing f = { .in = in, .office = office, .actor = actor, .arena = arena, .now = now, .fault = fault };
	enum err e = file(&f, NULL, ret_result);
	arena_free(arena);
	return e;
}

enum err intake_file_in(
    const struct casefile_act *act, const struct intake *in, struct intake_result *ret_result, struct fault *fault)
{
	struct filing f = { .in = in,
		.office = act->office,
		.actor = act->actor,
		.arena = act->arena,
		.now = act->now,
		.fault = fault };
	return file(&f, act->tx, ret_result);
}
