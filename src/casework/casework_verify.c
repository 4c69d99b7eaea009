/*
 * Holds every complaint against its own digest and against the journal, which journal_verify has found whole: content,
 * the columns made from it, the people, the state, the assignment, texts and files.
 */
#include "base/progress.h"
#include "base/util.h"
#include "casework/casefile.h"
#include "casework/finding.h"
#include "casework/party.h"
#include "casework_verify.sql.h"
#include "crypto/crypto.h"
#include "office/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PAGE 500

/* What the journal says about one complaint. */
struct told {
	json_t *receive; /* NULL: no entry, or its payload was erased */
	bool received;
	int64_t received_at, assigned_to;
	const char *state, *closing;         /* of the last move */
	json_t *texts, *documents, *parties; /* payloads in the order they were written */
	size_t text_count, document_count;   /* entries, erased ones included */
};

struct checking {
	struct db_tx *tx;
	struct arena *arena;
	int64_t id;
	struct told told;
	json_t *content;
	const char *person_name;
	bool withheld; /* then lists show another name */
	struct fault *fault;
};

static enum err wrong(const struct checking *c, const char *what)
{
	char field[64], id[24];
	snprintf(field, sizeof(field), "casefile:%" PRId64, c->id);
	snprintf(id, sizeof(id), "%" PRId64, c->id);
	return fault_set(c->fault, ERR_UNTRUSTED, field,
	    N_("Complaint {id} is not what was filed or done: its {what} was changed outside the program."), "id", id,
	    "what", what, NULL);
}

/* --- what the journal says --------------------------------------------------------------------------------------- */

static json_t *payload_of(const struct checking *c, const struct db_rows *rows)
{
	json_t *payload = NULL;
	const char *text = db_col_text(rows, 1);
	if (!text || json_parse(text, strlen(text), JSON_TEXT_LIMIT, &payload, NULL))
		return NULL;
	return json_owned(c->arena, payload);
}

static void hear(struct checking *c, const struct db_rows *rows)
{
	struct told *told = &c->told;
	const char *act = db_col_text(rows, 0);
	json_t *payload = payload_of(c, rows);
	if (!strcmp(act, "casefile.receive")) {
		told->received = true;
		told->received_at = json_int_or(payload, "received_at", db_col_int(rows, 2));
		told->receive = payload;
		told->state = "received";
	} else if (!strcmp(act, "casefile.text")) {
		told->text_count++;
		if (payload)
			json_add(told->texts, json_incref(payload));
	} else if (!strcmp(act, "casefile.party")) {
		if (payload)
			json_add(told->parties, json_incref(payload));
	} else if (!strcmp(act, "casefile.document")) {
		told->document_count++;
		if (payload)
			json_add(told->documents, json_incref(payload));
	} else if (!strcmp(act, "casefile.assign")) {
		told->assigned_to = json_int_or(payload, "staff", told->assigned_to);
	} else if (json_str(payload, "from")) { /* a move; other acts change no state */
		told->state = json_str_or(payload, "to", told->state);
		told->closing = json_str_or(payload, "closing", told->closing);
	}
}

static enum err hear_journal(struct checking *c)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	char object[64];
	c->told = (struct told) { .closing = "",
		.state = "",
		.texts = json_owned(c->arena, json_array()),
		.parties = json_owned(c->arena, json_array()),
		.documents = json_owned(c->arena, json_array()) };
	enum err e =
	    db_query(c->tx, &sql_verify_journal, DB_ARGS(db_text(journal_object(object, "casefile", c->id))), &rows);
	if (e)
		return e;
	while (db_next(rows))
		hear(c, rows);
	return db_rows_error(rows);
}

/* --- one part each ----------------------------------------------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* A payload that was erased by law says nothing any more; then nothing is held against it. */
static bool told_same(const json_t *payload, const char *member, const char *value)
{
	return !payload || same(json_str(payload, member), value);
}

static enum err check_content(struct checking *c, const struct db_rows *rows)
{
	const char *content = db_col_text(rows, 1);
	char digest[SHA256_HEX];
	sha256_hex(digest, content, strlen(content));
	if (!c->told.received)
		return wrong(c, "entry in the journal");
	if (!same(digest, db_col_text(rows, 2)) || !told_same(c->told.receive, "content_sha256", digest))
		return wrong(c, "content");
	if (!told_same(c->told.receive, "number", db_col_text(rows, 0)))
		return wrong(c, "number");
	if (c->told.received_at != db_col_int(rows, 13))
		return wrong(c, "date of receipt");
	c->person_name = arena_strdup(c->arena, db_col_text(rows, 10));
	c->withheld = same(db_col_text(rows, 14), "withheld");
	if (json_parse(content, strlen(content), JSON_TEXT_LIMIT, &c->content, NULL))
		return wrong(c, "content");
	json_owned(c->arena, c->content);
	return OK;
}

/* The body that was filed, or the one that it became part of since: every merge is written down. */
static enum err check_body(const struct checking *c, const char *now)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const char *key = json_str_or(c->content, "body_key", "");
	if (same(key, now))
		return OK;
	enum err e = db_query(c->tx, &sql_verify_merges, DB_ARGS(db_int(c->id)), &rows);
	while (!e && db_next(rows))
		if (same(key, db_col_text(rows, 0)))
			key = arena_strdup(c->arena, db_col_text(rows, 1));
	if (!e)
		e = db_rows_error(rows);
	return e || same(key, now) ? e : wrong(c, "body_key");
}

static enum err check_columns(const struct checking *c, const struct db_rows *rows)
{
	static const struct {
		const char *member;
		int column;
	} columns[] = { { "lang", 5 }, { "body_name", 7 }, { "body_country", 8 }, { "subject", 9 } };
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		if (!same(json_str_or(c->content, columns[i].member, ""), db_col_text(rows, columns[i].column)))
			return wrong(c, columns[i].member);
	if (json_bool_or(c->content, "embassy_not_told", false) != (db_col_int(rows, 11) != 0))
		return wrong(c, "embassy_not_told");
	return OK;
}

static enum err check_state(const struct checking *c, const struct db_rows *rows)
{
	if (!same(c->told.state, db_col_text(rows, 3)))
		return wrong(c, "state");
	if (!same(c->told.closing, db_col_text(rows, 4)))
		return wrong(c, "closing");
	if (c->told.assigned_to != db_col_int(rows, 12))
		return wrong(c, "assigned_to");
	return OK;
}

static enum err check_case(struct checking *c)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(c->tx, &sql_verify_casefile, DB_ARGS(db_int(c->id)), &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows);
	e = check_content(c, rows);
	if (!e)
		e = check_columns(c, rows);
	if (!e)
		e = check_body(c, arena_strdup(c->arena, db_col_text(rows, 6)));
	return e ? e : check_state(c, rows);
}

/* What the journal last said about this entry; NULL: it is as it was filed. */
static const json_t *last_told(const struct checking *c, int64_t party)
{
	const json_t *told = NULL, *one;
	size_t i;
	json_array_foreach(c->told.parties, i, one) if (json_int_or(one, "party", 0) == party) told = one;
	return told;
}

static size_t added_later(const struct checking *c)
{
	const json_t *one;
	size_t i, n = 0;
	json_array_foreach(c->told.parties, i, one) n += same(json_str(one, "what"), "added");
	return n;
}

static bool filed_person(const json_t *filed, const struct intake_party *p)
{
	const struct {
		const char *member, *value;
	} members[] = { { "name", p->name }, { "father_name", p->father_name }, { "birth_date", p->birth_date },
		{ "passport_no", p->passport_no }, { "phone", p->phone }, { "email", p->email },
		{ "address", p->address }, { "nationality", p->nationality } };
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (!same(json_str_or(filed, members[i].member, ""), members[i].value))
			return false;
	return true;
}

static bool told_person(const json_t *told, const struct party_row *row)
{
	char digest[SHA256_HEX];
	return party_digest(&row->who, digest) == OK && same(json_str(told, "sha256"), digest) &&
	       same(json_str(told, "what"), "removed") == (row->removed_at != 0);
}

/* Lists call the case by the first who complains, unless that is withheld or there is no name. */
static bool named_so(const struct checking *c, const struct party_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!rows[i].removed_at && !strcmp(rows[i].who.role, "complainant"))
			return !*rows[i].who.name || same(rows[i].who.name, c->person_name);
	return true;
}

/* Those who were filed come first: who complains, and on whose behalf or by whom. Each later one has an entry in the
 * journal, and so has each change. */
static enum err check_party(const struct checking *c)
{
	const json_t *filed[2] = { json_object_get(c->content, "person"), json_object_get(c->content, "another") };
	bool own = same(json_str_or(c->content, "class", ""), "own_initiative");
	struct party_row *rows;
	size_t n, from = own ? 1 : 0, filed_count = (own ? 0 : 1) + (filed[1] != NULL);
	enum err e = party_load(c->tx, c->arena, c->id, &rows, &n);
	if (e)
		return e;
	if (n != filed_count + added_later(c))
		return wrong(c, "party");
	for (size_t i = 0; i < n; i++) {
		const json_t *told = last_told(c, rows[i].id);
		if (told ? !told_person(told, &rows[i])
			 : i >= filed_count || rows[i].removed_at || !filed_person(filed[from + i], &rows[i].who))
			return wrong(c, "party");
	}
	return c->withheld || named_so(c, rows, n) ? OK : wrong(c, "person_name");
}

static const json_t *payload_for(const json_t *payloads, const char *member, int64_t id)
{
	size_t i;
	const json_t *one;
	json_array_foreach(payloads, i, one) if (json_int_or(one, member, 0) == id) return one;
	return NULL;
}

static enum err check_texts(const struct checking *c)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	size_t n = 0;
	enum err e = db_query(c->tx, &sql_verify_texts, DB_ARGS(db_int(c->id)), &rows);
	if (e)
		return e;
	for (; db_next(rows); n++) {
		const json_t *told = payload_for(c->told.texts, "text", db_col_int(rows, 0));
		const char *body = db_col_text(rows, 2);
		char digest[SHA256_HEX];
		sha256_hex(digest, body, strlen(body));
		if (!same(digest, db_col_text(rows, 3)) || !told_same(told, "sha256", digest) ||
		    !told_same(told, "kind", db_col_text(rows, 1)))
			return wrong(c, "message or note");
	}
	if (db_rows_error(rows))
		return db_rows_error(rows);
	return n == c->told.text_count ? OK : wrong(c, "messages and notes");
}

static bool filed_same(const json_t *filed, const struct db_rows *rows)
{
	return same(json_str(filed, "name"), db_col_text(rows, 1)) &&
	       same(json_str(filed, "type"), db_col_text(rows, 2)) &&
	       json_int_or(filed, "size", -1) == db_col_int(rows, 3) &&
	       same(json_str(filed, "sha256"), db_col_text(rows, 4));
}

/* Those that were filed come first and stand in the content; each later one has an entry of its own. */
static enum err check_documents(const struct checking *c)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const json_t *filed = json_object_get(c->content, "documents");
	size_t n = 0, filed_count = json_array_size(filed);
	enum err e = db_query(c->tx, &sql_verify_documents, DB_ARGS(db_int(c->id)), &rows);
	if (e)
		return e;
	for (; db_next(rows); n++) {
		const json_t *told =
		    n < filed_count ? NULL : payload_for(c->told.documents, "document", db_col_int(rows, 0));
		if (n < filed_count && !filed_same(json_array_get(filed, n), rows))
			return wrong(c, "file");
		if (!told_same(told, "sha256", db_col_text(rows, 4)) ||
		    (told && json_int_or(told, "size", -1) != db_col_int(rows, 3)))
			return wrong(c, "file");
		if (db_col_int(rows, 5) != 1 || db_col_int(rows, 6) != db_col_int(rows, 3))
			return wrong(c, "stored file");
	}
	if (db_rows_error(rows))
		return db_rows_error(rows);
	return n == filed_count + c->told.document_count ? OK : wrong(c, "list of files");
}

static enum err check_findings(const struct checking *c)
{
	bool holds = true;
	enum err e = finding_verify(c->tx, c->arena, c->id, &holds);
	return e || holds ? e : wrong(c, "finding");
}

/* --- all of them ------------------------------------------------------------------------------------------------- */

struct verify_work {
	int64_t after, count;
	int64_t id[PAGE];
	size_t n;
	struct fault *fault;
};

static enum err read_ids(struct db_tx *tx, struct verify_work *work)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_verify_page, DB_ARGS(db_int(work->after)), &rows);
	work->n = 0;
	while (!e && db_next(rows) && work->n < PAGE)
		work->id[work->n++] = db_col_int(rows, 0);
	return e ? e : db_rows_error(rows);
}

/* One snapshot a page: a case that moves meanwhile agrees with its journal before and after. */
static enum err check_page(struct db_tx *tx, void *arg)
{
	struct verify_work *work = arg;
	struct arena *arena = arena_new(0);
	enum err e = read_ids(tx, work);
	for (size_t i = 0; !e && i < work->n; i++) {
		struct checking c = { .tx = tx, .arena = arena, .id = work->id[i], .fault = work->fault };
		e = hear_journal(&c);
		if (!e)
			e = check_case(&c);
		if (!e)
			e = check_party(&c);
		if (!e)
			e = check_texts(&c);
		if (!e)
			e = check_documents(&c);
		if (!e)
			e = check_findings(&c);
		arena_reset(arena);
	}
	arena_free(arena);
	return e;
}

static enum err count_all(struct db_tx *tx, void *arg)
{
	return db_get_int(tx, &sql_verify_count, DB_NO_ARGS, arg);
}

enum err casework_verify(struct office *office, struct progress *progress, struct fault *fault)
{
	struct verify_work work = { .fault = fault };
	enum err e = db_read(office->db, count_all, &work.count);
	if (e)
		return e;
	progress_begin(progress, "Complaints", work.count);
	do {
		e = db_read(office->db, check_page, &work);
		if (work.n)
			work.after = work.id[work.n - 1];
		progress_step(progress, (int64_t)work.n);
	} while (!e && work.n == PAGE);
	progress_end(progress);
	return e;
}
