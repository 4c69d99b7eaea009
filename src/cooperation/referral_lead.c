/* The lead's side: a referral becomes our own national case, its files become documents, and our steps are told to
 * home. */
#include "base/clockwork.h"
#include "base/util.h"
#include "casework/intake.h"
#include "casework/registry.h"
#include "cooperation/agreement_db.h"
#include "cooperation/referral_db.h"
#include "cooperation/transfer.h"
#include "office/current.h"
#include "referral.sql.h"
#include "text/date.h"

#include <string.h>

/* --- accepting ---------------------------------------------------------------------------------------------------- */

static const char *field(const struct referral *r, const char *key)
{
	return json_str_or(json_object_get(r->packet, "fields"), key, "");
}

/* The body by our own list, whatever language the partner wrote its name in. */
static const struct body *known_body(const struct casefile_act *act, const char *name)
{
	const struct registry *bodies;
	if (registry_in(act->tx, act->office, act->arena, &bodies))
		return NULL;
	return registry_named(bodies, act->arena, name);
}

static enum err arrived_files(
    const struct casefile_act *act, const struct referral *r, struct document_new **ret_files, size_t *ret_count)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct document_new *files = arena_alloc(act->arena, 64 * sizeof(*files));
	size_t n = 0;
	enum err e = db_query(act->tx, &sql_referral_files_in, DB_ARGS(db_int(r->id)), &rows);
	while (!e && n < 64 && db_next(rows))
		files[n++] = (struct document_new) { .name = arena_strdup(act->arena, db_col_text(rows, 0)),
			.type = arena_strdup(act->arena, db_col_text(rows, 1)),
			.size = db_col_int(rows, 2),
			.sha256 = arena_strdup(act->arena, db_col_text(rows, 3)),
			.origin = "partner" };
	if (!e)
		e = db_rows_error(rows);
	*ret_files = files;
	*ret_count = n;
	return e;
}

static struct intake intake_of(const struct casefile_act *act, const struct referral *r)
{
	static const char *const no_declarations[] = { NULL };
	const struct profile *profile = act->office->profile;
	const char *authority = json_str_or(r->packet, "authority", "");
	const struct body *body = known_body(act, authority);
	struct intake in = { .submission = arena_printf(act->arena, "partner:%s", r->uid),
		.channel = "partner",
		.lang = profile->language,
		.person = { "complainant", field(r, "name"), field(r, "father_name"), field(r, "birth_date"),
		    json_str_or(r->packet, "nationality", ""), field(r, "passport_no"), field(r, "phone"),
		    field(r, "email"), field(r, "address") },
		.body_key = body ? body->key : "",
		.body_name = authority,
		.body_country = body ? body->country : profile->country,
		.subject = code_at(office_list(act->office, "subjects"), json_str_or(r->packet, "subject", ""),
			       office_day(act->office, act->now))
			       ? json_str_or(r->packet, "subject", "")
			       : "",
		.facts = field(r, "facts"),
		.remedy = field(r, "remedy"),
		.steps_taken = field(r, "steps_taken"),
		.embassy_not_told = !strcmp(field(r, "embassy_not_informed"), "yes"),
		.declarations = no_declarations };
	enum lang lang;
	if (lang_parse(json_str_or(r->packet, "person_language", ""), &lang))
		in.lang = lang;
	return in;
}

/* Whoever accepts has looked at it: it is registered, and theirs until somebody assigns it anew. */
static enum err take_over(const struct casefile_act *act, struct casefile *c, struct fault *fault)
{
	enum err e = casefile_move(act, c, "register", 0, NULL, fault);
	return e || act->actor->kind != ACTOR_STAFF ? e : casefile_assign(act, c, act->actor->id, fault);
}

static enum err open_case(
    const struct casefile_act *act, struct referral *r, struct casefile *ret_case, struct fault *fault)
{
	struct intake in = intake_of(act, r);
	struct intake_result filed;
	struct document_new *files;
	enum err e = arrived_files(act, r, &files, &in.document_count);
	in.documents = files;
	if (!e)
		e = intake_file_in(act, &in, &filed, fault);
	if (!e)
		e = casefile_mark_referral(act->tx, filed.casefile_id);
	if (!e)
		e = casefile_load(act->office, act->tx, act->arena, filed.casefile_id, ret_case);
	if (!e && !filed.again) /* an acceptance that could not be delivered, tried anew, keeps its case */
		e = take_over(act, ret_case, fault);
	return e;
}

static enum err tell_origin(const struct casefile_act *act, const struct referral *r)
{
	json_t *data = json_object();
	json_put_str(data, "partner_number", r->partner_number);
	return referral_event(act, r, "referral_received", data);
}

enum err referral_accept(
    const struct casefile_act *act, struct referral *r, const char *words, const char *language, struct fault *fault)
{
	enum referral_state to;
	struct casefile c;
	/* Asked before anything is opened; the door asks again. */
	enum err e = referral_move(r->view.shown, MESSAGE_REFERRAL_ACCEPT, r->view.self, &to, fault);
	if (!e)
		e = referral_allowed(act, r, r->packet, fault);
	if (!e)
		e = open_case(act, r, &c, fault);
	if (e)
		return e;
	bool first = !r->casefile_id;
	r->casefile_id = c.id;
	e = first ? tell_origin(act, r) : OK;
	if (e)
		return e;
	json_t *body = json_object();
	json_put_str(body, "number", c.number);
	if (*act->actor->name)
		json_put_str(body, "officer", act->actor->name);
	if (words && *words) {
		json_put_str(body, "text", words);
		json_put_str(body, "language", language);
	}
	return referral_act(act, r, MESSAGE_REFERRAL_ACCEPT, body, NULL, fault);
}

/* --- files -------------------------------------------------------------------------------------------------------- */

enum err referral_file_arrived(const struct casefile_act *act, const struct transfer *t)
{
	struct referral r;
	int64_t id;
	enum err e = referral_load(act->tx, act->arena, t->referral_id, &r);
	if (e || !r.casefile_id) /* before acceptance they wait; opening the case takes them along */
		return e;
	const struct document_new doc = {
		.name = t->name, .type = t->type, .sha256 = t->sha256, .origin = "partner", .size = t->size
	};
	return document_add(act, r.casefile_id, &doc, &id);
}

/* --- progress ----------------------------------------------------------------------------------------------------- */

static const struct told {
	const char *kind, *step;
} told[] = {
	{ "agency_asked", "asked" },
	{ "agency_reminded", "reminded" },
	{ "agency_escalated", "escalated" },
	{ "agency_replied", "replied" },
	{ "recommendation_issued", "recommendation" },
	{ "recommendation_evidence", "evidence" },
};

/* Our own language where the agreement works in it, else the one in which it is authentic. */
static enum lang language_of(const struct agreement *a, enum lang own)
{
	const json_t *spoken = json_object_get(agreement_json(a), "languages");
	json_t *one;
	size_t i;
	enum lang lang;
	json_array_foreach(spoken, i, one) if (!strcmp(json_string_value(one), lang_code(own))) return own;
	return lang_parse(json_str_or(agreement_json(a), "authentic_language", ""), &lang) ? lang : own;
}

static const char *progress_text(const struct casefile_act *act, enum lang lang, const char *step, const json_t *data)
{
	const struct profile *profile = act->office->profile;
	const char *body = json_str_or(data, "body", ""), *words = json_str_or(data, "words", "");
	if (!strcmp(step, "asked"))
		return text_format(act->arena, lang, N_("We asked {body} for a report."), "body", body, NULL);
	if (!strcmp(step, "reminded"))
		return text_format(act->arena, lang, N_("We reminded {body}."), "body", body, NULL);
	if (!strcmp(step, "escalated"))
		return text_format(act->arena, lang, N_("We turned to the head of {body}."), "body", body, NULL);
	if (!strcmp(step, "recommendation"))
		return words;
	const char *member = !strcmp(step, "replied") ? "position" : "state";
	const char *code = event_code_words(lang, profile, member, json_str_or(data, member, ""));
	return arena_printf(act->arena, "%s. %s", code, words);
}

static void put_due(const struct casefile_act *act, json_t *body, int64_t due_at)
{
	char day[11];
	if (!due_at)
		return;
	civil_format(day, zone_date(act->office->profile->calendar.zone, due_at));
	json_put_str(body, "due", day);
}

/* At most as much as the message may carry; a body's long letter is in our case, and home may ask. */
static const char *cut(struct arena *arena, const char *text, size_t most)
{
	size_t bytes = 0, points = 0;
	while (text[bytes]) {
		size_t next = bytes + 1;
		while (((unsigned char)text[next] & 0xc0) == 0x80)
			next++;
		if (++points > most)
			return arena_strndup(arena, text, bytes);
		bytes = next;
	}
	return text;
}

#define PROGRESS_TEXT_MAX 8000

static json_t *progress_body(const struct casefile_act *act, enum lang lang, const char *step, const json_t *data)
{
	char at[RFC3339_TEXT];
	json_t *body = json_object();
	rfc3339_format(at, act->now);
	json_put_str(body, "step", step);
	json_put_str(body, "text", cut(act->arena, progress_text(act, lang, step, data), PROGRESS_TEXT_MAX));
	json_put_str(body, "language", lang_code(lang));
	json_put_str(body, "at", at);
	put_due(act, body, json_int_or(data, "due_at", 0));
	return body;
}

struct telling {
	const struct casefile_act *act;
	const char *step;
	const json_t *data;
};

/* Our own work never waits for the exchange: what the agreement or a full queue does not let go is not told. */
static enum err tell_one(struct referral *r, void *arg)
{
	const struct telling *t = arg;
	enum referral_state to;
	struct agreement_row agreement;
	if (referral_is_home(r) || r->view.pending_count >= REFERRAL_PENDING_MAX / 2 ||
	    referral_move(r->view.shown, MESSAGE_REFERRAL_PROGRESS, SIDE_LEAD, &to, NULL))
		return OK;
	enum err e = agreement_load_uid(t->act->tx, t->act->arena, r->agreement, &agreement);
	if (e)
		return e;
	json_t *empty CLEANUP(json_decrefp) = json_object();
	e = referral_allowed(t->act, r, empty, NULL);
	if (e)
		return e == ERR_DENIED || e == ERR_NOT_FOUND ? OK : e;
	enum lang lang = language_of(agreement.document, t->act->office->profile->language);
	return referral_act(
	    t->act, r, MESSAGE_REFERRAL_PROGRESS, progress_body(t->act, lang, t->step, t->data), NULL, NULL);
}

enum err referral_tell_progress(
    const struct casefile_act *act, int64_t casefile_id, const char *kind, const json_t *data)
{
	for (size_t i = 0; i < ARRAY_LEN(told); i++) {
		struct telling telling = { act, told[i].step, data };
		if (!strcmp(told[i].kind, kind))
			return referral_each(act->tx, act->arena, casefile_id, tell_one, &telling);
	}
	return OK;
}
