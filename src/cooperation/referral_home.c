/* What home does before anything leaves: draft, choice of what goes, consent, sending; and answers to the lead. */
#include "cooperation/referral_db.h"

#include "base/util.h"
#include "casework/registry.h"
#include "cooperation/agreement_db.h"
#include "cooperation/consent_db.h"
#include "cooperation/transfer.h"
#include "crypto/crypto.h"
#include "office/current.h"
#include "referral.sql.h"

#include <string.h>

/* --- what the complaint can give ---------------------------------------------------------------------------------- */

static void give(struct packet_source *s, const char *key, const char *text)
{
	if (text && *text && s->count < ARRAY_LEN(s->value))
		s->value[s->count++] = (struct packet_value) { key, text };
}

static enum err give_person(const struct casefile_act *act, const struct casefile *c, struct packet_source *s)
{
	static const char *const keys[] = { "name", "father_name", "birth_date", "nationality", "passport_no", "phone",
		"email", "address" };
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_referral_party, DB_ARGS(db_int(c->id)), &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		give(s, keys[i], arena_strdup(act->arena, db_col_text(rows, (int)i)));
	return OK;
}

const char *referral_authority(const struct casefile_act *act, const struct casefile *c)
{
	const struct body *body = registry_find(act->tx, act->office, act->arena, c->body_key);
	return body ? names_in(&body->name, LANG_EN) : c->body_name;
}

enum err packet_source_load(const struct casefile_act *act, const struct casefile *c, struct packet_source *ret)
{
	struct packet_source s = { .count = 0 };
	json_t *content = NULL;
	if (json_parse(c->content, strlen(c->content), JSON_TEXT_LIMIT, &content, NULL))
		return ERR_STORE;
	json_owned(act->arena, content);
	enum err e = give_person(act, c, &s);
	if (e)
		return e;
	give(&s, "language", c->lang);
	give(&s, "facts", json_str(content, "facts"));
	give(&s, "steps_taken", json_str(content, "steps_taken"));
	give(&s, "remedy", json_str(content, "remedy"));
	give(&s, "body", referral_authority(act, c));
	give(&s, "embassy_not_informed", c->embassy_not_told ? "yes" : NULL);
	*ret = s;
	return OK;
}

const char *packet_source_value(const struct packet_source *s, const char *key)
{
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->value[i].key, key))
			return s->value[i].text;
	return NULL;
}

/* --- starting ----------------------------------------------------------------------------------------------------- */

/* What a partner cannot work without; papers and contact details are added by hand when they are needed. */
static const char *const usual_fields[] = { "name", "nationality", "language", "facts", "steps_taken", "body", "remedy",
	"embassy_not_informed" };

static json_t *usual_packet(const struct casefile_act *act, const struct casefile *c, const struct packet_source *s)
{
	json_t *packet = json_object(), *fields = json_object();
	for (size_t i = 0; i < ARRAY_LEN(usual_fields); i++) {
		const char *text = packet_source_value(s, usual_fields[i]);
		if (text)
			json_put_str(fields, usual_fields[i], text);
	}
	const char *nationality = packet_source_value(s, "nationality");
	json_put_str(packet, "subject", c->subject);
	json_put_str(packet, "nationality", nationality ? nationality : "");
	json_put_str(packet, "residence", "");
	json_put_str(packet, "authority", referral_authority(act, c));
	json_put_str(packet, "language", c->lang);
	json_put_str(packet, "person_language", c->lang);
	json_put_str(packet, "number", c->number);
	json_put(packet, "fields", fields);
	json_put(packet, "files", json_array());
	json_put(packet, "consents", json_array());
	return packet;
}

struct twice {
	int64_t partner_id;
	bool open;
};

static enum err look_for_open(struct referral *r, void *arg)
{
	struct twice *twice = arg;
	if (r->partner_id == twice->partner_id && !referral_state_over(r->view.shown))
		twice->open = true;
	return OK;
}

/* The same case offered twice would have two leads, or two sets of rules with one. */
static enum err not_twice(
    const struct casefile_act *act, const struct casefile *c, int64_t partner_id, struct fault *fault)
{
	struct twice twice = { partner_id, false };
	if (c->state->phase == PHASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	enum err e = referral_each(act->tx, act->arena, c->id, look_for_open, &twice);
	if (!e && twice.open)
		return fault_set(fault, ERR_CONFLICT, "agreement",
		    N_("This case has a referral to that institution already. Work with that one, or end it first."),
		    NULL);
	return e;
}

/* A packet names the person. Whoever may not know who that is cannot check it, nor may the pages around it tell them
 * (requirement 61); a partner that works with an alias is not there yet. */
static enum err may_be_named(const struct casefile *c, struct fault *fault)
{
	if (!c->withheld)
		return OK;
	return fault_set(fault, ERR_CONFLICT, "agreement",
	    N_("The person's identity is withheld in this case: it cannot be passed to another institution."), NULL);
}

enum err referral_start(
    const struct casefile_act *act, struct casefile *c, const char *agreement, int64_t *ret_id, struct fault *fault)
{
	struct agreement_row row;
	struct partner partner;
	struct packet_source source;
	char uid[UUID_TEXT];
	enum err e = agreement_load_uid(act->tx, act->arena, agreement, &row);
	if (e == ERR_NOT_FOUND)
		return fault_set(fault, ERR_INVALID, "agreement", N_("Choose an agreement from the list."), NULL);
	if (!e)
		e = partner_load(act->tx, act->arena, row.partner_id, &partner);
	if (!e)
		e = not_twice(act, c, partner.id, fault);
	if (!e)
		e = may_be_named(c, fault);
	if (!e)
		e = packet_source_load(act, c, &source);
	if (e)
		return e;
	uuid7(uid, act->now);
	struct referral r = { .uid = arena_strdup(act->arena, uid),
		.agreement = row.uid,
		.casefile_id = c->id,
		.partner_id = partner.id,
		.partner_number = "",
		.result = "",
		.packet = json_owned(act->arena, usual_packet(act, c, &source)),
		.supplement = json_owned(act->arena, json_object()),
		.story = json_owned(act->arena, json_object()) };
	r.view.self = SIDE_HOME;
	/* Without data yet: is it the right agreement for this person and subject at all? */
	json_t *bare CLEANUP(json_decrefp) = json_object();
	e = referral_allowed(act, &r, bare, fault);
	if (!e)
		e = referral_insert(act, &r, &partner);
	if (!e)
		e = casefile_mark_referral(act->tx, c->id);
	if (!e)
		e = referral_clock_start(act, &r, "agreement.prepare", act->now);
	if (!e)
		e = referral_journal(act, &r, "referral.start", NULL);
	if (!e)
		*ret_id = r.id;
	return e;
}

/* --- choosing ----------------------------------------------------------------------------------------------------- */

static enum err case_of(
    const struct casefile_act *act, const struct referral *r, struct casefile *ret, struct fault *fault)
{
	enum err e = casefile_load(act->office, act->tx, act->arena, r->casefile_id, ret);
	if (!e && ret->state->phase == PHASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	return e;
}

static bool hex_to_hash(const char *hex, char out[HASH_TEXT])
{
	uint8_t digest[SHA256_SIZE];
	if (!hex_decode(digest, sizeof(digest), hex))
		return false;
	base64url_encode(out, digest, sizeof(digest));
	return true;
}

static enum err add_document(
    const struct casefile_act *act, int64_t casefile_id, int64_t id, json_t *files, struct fault *fault)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	char hash[HASH_TEXT];
	enum err e = db_query(act->tx, &sql_referral_document, DB_ARGS(db_int(id), db_int(casefile_id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return fault_set(fault, ERR_INVALID, "documents", N_("Choose files of this case."), NULL);
	if (!hex_to_hash(db_col_text(rows, 3), hash))
		return ERR_STORE;
	for (size_t i = 0; i < json_array_size(files); i++) /* the same content twice travels once */
		if (!strcmp(json_str_or(json_array_get(files, i), "sha256", ""), hash))
			return OK;
	json_t *file = json_object();
	json_put_int(file, "document", id);
	json_put_str(file, "name", db_col_text(rows, 0));
	json_put_str(file, "type", db_col_text(rows, 1));
	json_put_int(file, "size", db_col_int(rows, 2));
	json_put_str(file, "sha256", hash);
	json_add(files, file);
	return OK;
}

/* What was chosen, with the values that the complaint has. Both yours. */
static enum err build(const struct casefile_act *act, const struct casefile *c, const struct packet_choice *choice,
    json_t **ret_fields, json_t **ret_files, struct fault *fault)
{
	json_t *fields = NULL, *files = json_array();
	const char *chosen[PACKET_FIELDS_MAX];
	size_t n = 0;
	struct packet_source source;
	enum err e = packet_source_load(act, c, &source);
	if (!e && choice->document_count > CONSENT_FILES_MAX)
		e = fault_set(fault, ERR_INVALID, "documents", N_("At most 20 files go in one message."), NULL);
	for (size_t i = 0; i < choice->field_count && n + 1 < PACKET_FIELDS_MAX; i++)
		if (strcmp(choice->fields[i], "embassy_not_informed"))
			chosen[n++] = choice->fields[i];
	/* The request that protects the person goes along whether or not somebody ticked it. */
	if (n > 0 && c->embassy_not_told)
		chosen[n++] = "embassy_not_informed";
	if (!e && (n > 0 || !choice->text))
		e = packet_build(source.value, source.count, chosen, n, &fields, fault);
	for (size_t i = 0; !e && i < choice->document_count; i++)
		e = add_document(act, c->id, choice->documents[i], files, fault);
	if (e) {
		json_decref(fields);
		json_decref(files);
		return e;
	}
	*ret_fields = fields ? fields : json_object();
	*ret_files = files;
	return OK;
}

static enum err check_offer(const struct casefile_act *act, const struct packet_choice *choice, struct fault *fault)
{
	enum lang lang;
	if (!code_at(office_list(act->office, "subjects"), choice->subject, office_day(act->office, act->now)))
		return fault_set(fault, ERR_INVALID, "subject", N_("Choose a subject from the list."), NULL);
	if (!*choice->authority)
		return fault_set(fault, ERR_INVALID, "authority", N_("Say which body the complaint is about."), NULL);
	if (*choice->residence && strlen(choice->residence) != 2)
		return fault_set(fault, ERR_INVALID, "residence", N_("Choose a country from the list."), NULL);
	if (!lang_parse(choice->language, &lang))
		return fault_set(fault, ERR_INVALID, "language", N_("Choose a language from the list."), NULL);
	return OK;
}

enum err referral_choose(
    const struct casefile_act *act, struct referral *r, const struct packet_choice *choice, struct fault *fault)
{
	json_t *fields, *files;
	struct casefile c;
	enum err e = check_offer(act, choice, fault);
	if (!e)
		e = referral_prepare(r->view.shown, STEP_EDIT, &r->view.shown, fault);
	if (!e)
		e = case_of(act, r, &c, fault);
	if (!e)
		e = build(act, &c, choice, &fields, &files, fault);
	if (e)
		return e;
	r->view.settled = r->view.shown;
	json_put_str(r->packet, "subject", choice->subject);
	json_put_str(r->packet, "residence", choice->residence);
	json_put_str(r->packet, "authority", choice->authority);
	json_put_str(r->packet, "language", choice->language);
	json_put(r->packet, "fields", fields);
	json_put(r->packet, "files", files);
	e = consent_replace(act, r, CONSENT_OFFER);
	if (!e)
		e = referral_save(act, r);
	return e ? e : referral_journal(act, r, "referral.choose", NULL);
}

enum err referral_ask_consent(const struct casefile_act *act, struct referral *r, struct fault *fault)
{
	struct casefile c;
	enum err e = case_of(act, r, &c, fault);
	if (!e) /* nobody is asked about what could not be sent anyway */
		e = referral_allowed(act, r, r->packet, fault);
	if (!e)
		e = referral_prepare(r->view.shown, STEP_ASK_CONSENT, &r->view.shown, fault);
	if (e)
		return e;
	r->view.settled = r->view.shown;
	e = consent_ask(act, r, CONSENT_OFFER, r->packet);
	return e ? e : referral_save(act, r);
}

enum err referral_give_up(const struct casefile_act *act, struct referral *r, struct fault *fault)
{
	enum err e = referral_prepare(r->view.shown, STEP_GIVE_UP, &r->view.shown, fault);
	r->view.settled = r->view.shown;
	if (!e)
		e = consent_replace(act, r, CONSENT_OFFER);
	if (!e)
		e = referral_clocks_stop(act, r);
	if (!e)
		e = referral_event(act, r, "referral_given_up", NULL);
	if (!e)
		e = referral_save(act, r);
	return e ? e : referral_journal(act, r, "referral.give_up", NULL);
}

/* --- sending ------------------------------------------------------------------------------------------------------ */

static enum err announce(
    const struct casefile_act *act, const struct referral *r, const json_t *files, const char *id, json_t *body)
{
	json_t *list = json_array(), *file;
	size_t i;
	enum err e = OK;
	json_array_foreach(files, i, file)
	{
		char hex[SHA256_HEX];
		uint8_t digest[SHA256_SIZE];
		size_t len;
		const char *hash = json_str_or(file, "sha256", "");
		json_t *announcement = NULL;
		if (base64url_decode(hash, strlen(hash), digest, sizeof(digest), &len) || len != sizeof(digest))
			e = ERR_STORE;
		if (e)
			break;
		hex_encode(hex, digest, sizeof(digest));
		const struct document_new doc = { .name = json_str_or(file, "name", ""),
			.type = json_str_or(file, "type", ""),
			.sha256 = hex,
			.size = json_int_or(file, "size", 0) };
		e = transfer_announce(act, r->id, r->partner_id, id, &doc, &announcement);
		if (e)
			break;
		json_add(list, announcement);
	}
	if (!e && json_array_size(list) > 0)
		json_put(body, "files", list);
	else
		json_decref(list);
	return e;
}

static void put_if(json_t *body, const json_t *from, const char *key)
{
	const char *text = json_str(from, key);
	if (text && *text)
		json_put_str(body, key, text);
}

static void keep_consent(struct referral *r, const json_t *statement)
{
	json_t *consents = json_object_get(r->packet, "consents");
	json_add(consents, json_deep_copy(statement));
}

enum err referral_send(const struct casefile_act *act, struct referral *r, struct fault *fault)
{
	static const char *const members[] = { "number", "subject", "nationality", "residence", "authority", "language",
		"person_language" };
	struct consent_row consent;
	struct casefile c;
	char id[UUID_TEXT];
	enum err e = case_of(act, r, &c, fault);
	if (!e)
		e = referral_allowed(act, r, r->packet, fault);
	if (!e)
		e = consent_require(act, r, CONSENT_OFFER, r->packet, &consent, fault);
	if (e)
		return e;
	json_t *body = json_object(), *statement = consent_row_statement(&consent);
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		put_if(body, r->packet, members[i]);
	json_put(body, "fields", json_deep_copy(json_object_get(r->packet, "fields")));
	json_put(body, "consent", statement);
	uuid7(id, act->now);
	e = announce(act, r, json_object_get(r->packet, "files"), id, body);
	if (e) {
		json_decref(body);
		return e;
	}
	keep_consent(r, statement);
	return referral_act(act, r, MESSAGE_REFERRAL_OFFER, body, id, fault);
}

/* --- answers to the lead ------------------------------------------------------------------------------------------ */

static enum err may_answer(const struct referral *r, struct fault *fault)
{
	enum referral_state to;
	return referral_move(r->view.shown, MESSAGE_REFERRAL_ANSWER, r->view.self, &to, fault);
}

enum err referral_prepare_answer(
    const struct casefile_act *act, struct referral *r, const struct packet_choice *choice, struct fault *fault)
{
	json_t *fields, *files;
	struct casefile c;
	enum err e = may_answer(r, fault);
	if (!e)
		e = case_of(act, r, &c, fault);
	if (!e)
		e = build(act, &c, choice, &fields, &files, fault);
	if (e)
		return e;
	json_put_str(r->supplement, "text", choice->text);
	json_put_str(r->supplement, "language", choice->language);
	json_put(r->supplement, "fields", fields);
	json_put(r->supplement, "files", files);
	e = consent_replace(act, r, CONSENT_ANSWER);
	if (!e)
		e = referral_save(act, r);
	return e ? e : referral_journal(act, r, "referral.prepare_answer", NULL);
}

static bool has_data(const json_t *supplement)
{
	return json_object_size(json_object_get(supplement, "fields")) > 0 ||
	       json_array_size(json_object_get(supplement, "files")) > 0;
}

static enum err nothing_prepared(const struct referral *r, struct fault *fault)
{
	if (json_object_size(r->supplement) > 0)
		return OK;
	return fault_set(fault, ERR_CONFLICT, "text", N_("Write the answer first."), NULL);
}

enum err referral_ask_answer_consent(const struct casefile_act *act, struct referral *r, struct fault *fault)
{
	enum err e = nothing_prepared(r, fault);
	if (!e)
		e = may_answer(r, fault);
	if (!e && !has_data(r->supplement))
		return fault_set(fault, ERR_INVALID, "fields",
		    N_("The answer has neither fields nor files: it needs no consent and can be sent."), NULL);
	if (!e)
		e = referral_allowed(act, r, r->supplement, fault);
	return e ? e : consent_ask(act, r, CONSENT_ANSWER, r->supplement);
}

/* Both sides add what was sent to the packet. */
static void merge(struct referral *r)
{
	json_t *files = json_object_get(r->packet, "files");
	json_object_update(json_object_get(r->packet, "fields"), json_object_get(r->supplement, "fields"));
	json_array_extend(files, json_object_get(r->supplement, "files"));
	json_object_clear(r->supplement);
}

enum err referral_send_answer(const struct casefile_act *act, struct referral *r, struct fault *fault)
{
	struct consent_row consent;
	char id[UUID_TEXT];
	bool data = has_data(r->supplement);
	enum err e = nothing_prepared(r, fault);
	if (!e && data)
		e = referral_allowed(act, r, r->supplement, fault);
	if (!e && data)
		e = consent_require(act, r, CONSENT_ANSWER, r->supplement, &consent, fault);
	if (e)
		return e;
	json_t *body = json_object();
	uuid7(id, act->now);
	put_if(body, r->supplement, "text");
	put_if(body, r->supplement, "language");
	if (json_object_size(json_object_get(r->supplement, "fields")) > 0)
		json_put(body, "fields", json_deep_copy(json_object_get(r->supplement, "fields")));
	e = announce(act, r, json_object_get(r->supplement, "files"), id, body);
	if (e) {
		json_decref(body);
		return e;
	}
	if (data) {
		json_put(body, "consent", consent_row_statement(&consent));
		keep_consent(r, json_object_get(body, "consent"));
	}
	merge(r);
	return referral_act(act, r, MESSAGE_REFERRAL_ANSWER, body, id, fault);
}
