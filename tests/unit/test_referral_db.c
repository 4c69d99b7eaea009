/* A referral between two offices over real HTTP: the whole story with files, refusals, questions, crossings, and what
 * is missing when something may not be sent. */
#include "casework/agency.h"
#include "casework/intake.h"
#include "casework/recommendation.h"
#include "cooperation/agreement_store.h"
#include "cooperation/consent_db.h"
#include "cooperation/referral_db.h"
#include "cooperation/referral_person.h"
#include "cooperation/referral_view.h"
#include "crypto/crypto.h"
#include "office/blob.h"
#include "two_offices.h"

#include <sys/mman.h>
#include <unistd.h>

#include "agreement_sample.h"

#define HOME 0
#define LEAD 1

static struct two_offices two;
static char treaty[UUID_TEXT];
static int64_t home_case, referral_at_home;
static char thread[UUID_TEXT];
static struct fault last_fault;

/* --- people ------------------------------------------------------------------------------------------------------- */

static struct actor person_actor(void)
{
	return (struct actor) { .kind = ACTOR_PERSON, .id = home_case, .name = "", .tag = "person:1" };
}

/* Transactions run in the database's own thread, where an assertion cannot end a test: what was wrong is kept. */
static const char *wrong;
#define EXPECT(condition)                                                                                              \
	do {                                                                                                           \
		if (!(condition))                                                                                      \
			wrong = #condition;                                                                            \
	} while (0)

/* Any piece of work of an office's officer in a transaction. */
struct work {
	int i;
	enum err (*run)(const struct casefile_act *, void *arg, struct fault *);
	void *arg;
	bool by_person;
	struct fault fault;
};

static enum err run_in(struct db_tx *tx, void *arg)
{
	struct work *work = arg;
	struct arena *arena = arena_new(0);
	const struct actor person = person_actor();
	const struct casefile_act act = { two.at[work->i].office, tx, work->by_person ? &person : &two_head, now_ms(),
		arena };
	work->fault = (struct fault) { 0 };
	enum err e = work->run(&act, work->arg, &work->fault);
	arena_free(arena);
	return e;
}

static enum err run_as(
    int i, bool person, enum err (*run)(const struct casefile_act *, void *, struct fault *), void *arg)
{
	struct work work = { i, run, arg, person, { 0 } };
	enum err e = db_write(two.at[i].office->db, run_in, &work);
	last_fault = work.fault;
	if (wrong)
		fail_msg("%s", wrong);
	return e;
}

static enum err run(int i, enum err (*does)(const struct casefile_act *, void *, struct fault *), void *arg)
{
	return run_as(i, false, does, arg);
}

static void ok(enum err e)
{
	char words[400];
	if (e)
		fail_msg(
		    "%s: %s (%s)", err_slug(e), fault_english(&last_fault, words, sizeof(words)), last_fault.field);
}

/* --- an agreement in force ---------------------------------------------------------------------------------------- */

static enum err draft_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	json_t *document = arg;
	int64_t id;
	enum err e = agreement_draft_save(act, document, 0, 0, &id, fault);
	if (!e)
		copy_text(treaty, sizeof(treaty), json_str(document, "uid"));
	return e;
}

static enum err agree_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	const struct agreement_words words = { "Because the test says so.", "en", "" };
	struct agreement_row a;
	enum err e = agreement_load_uid(act->tx, act->arena, treaty, &a);
	return e ? e : agreement_do(act, a.id, *(enum message_type *)arg, 0, &words, fault);
}

static void agree(int i, enum message_type type)
{
	ok(run(i, agree_in, &type));
	two_exchange(&two);
}

static void make_agreement(json_t *document)
{
	ok(run(HOME, draft_in, document));
	json_decref(document);
	agree(HOME, MESSAGE_AGREEMENT_PROPOSE);
	agree(LEAD, MESSAGE_AGREEMENT_SIGN);
}

/* --- a complaint with a document of three pieces ------------------------------------------------------------------ */

#define DOCUMENT_SIZE 600000

static void store_document(char sha256[SHA256_HEX])
{
	char *bytes = malloc(DOCUMENT_SIZE);
	int fd = memfd_create("document", 0);
	for (size_t i = 0; i < DOCUMENT_SIZE; i++)
		bytes[i] = (char)(i * 7 + i / 251);
	sha256_hex(sha256, bytes, DOCUMENT_SIZE);
	assert_int_equal(write(fd, bytes, DOCUMENT_SIZE), DOCUMENT_SIZE);
	assert_int_equal(blob_store_fd(two.at[HOME].office->db, fd, DOCUMENT_SIZE, sha256, now_ms()), OK);
	close(fd);
	free(bytes);
}

static void file_complaint(void)
{
	static const char *const none[] = { NULL };
	char sha256[SHA256_HEX];
	store_document(sha256);
	const struct document_new document = { "contract.pdf", "application/pdf", sha256, "person", DOCUMENT_SIZE };
	struct intake in = { .submission = "web:test",
		.channel = "web",
		.lang = LANG_UR,
		.person = { "complainant", "گل خان", "Akbar Khan", "1990-05-04", "PK", "AB1234567", "+994501234567", "",
		    "" },
		.body_key = "az_khazar_tikinti",
		.body_name = "",
		.body_country = "AZ",
		.subject = "labour_wages",
		.facts = "تین ماہ کی تنخواہ نہیں ملی۔",
		.remedy = "تنخواہ اور پاسپورٹ",
		.steps_taken = "",
		.embassy_not_told = true,
		.declarations = none,
		.documents = &document,
		.document_count = 1 };
	struct intake_result result;
	assert_int_equal(intake_file(two.at[HOME].office, &two_head, &in, now_ms(), &result, &last_fault), OK);
	home_case = result.casefile_id;
}

/* --- the referral's steps ----------------------------------------------------------------------------------------- */

static enum err start_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	struct casefile c;
	struct referral r;
	enum err e = casefile_load(act->office, act->tx, act->arena, home_case, &c);
	if (!e)
		e = referral_start(act, &c, treaty, &referral_at_home, fault);
	if (!e)
		e = referral_load(act->tx, act->arena, referral_at_home, &r);
	if (!e)
		copy_text(thread, sizeof(thread), r.uid);
	return e;
}

struct step {
	enum err (*does)(const struct casefile_act *, struct referral *, void *, struct fault *);
	void *arg;
};

static enum err step_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	struct step *step = arg;
	struct referral r;
	enum err e = referral_find(act->tx, act->arena, thread, &r);
	return e ? e : step->does(act, &r, step->arg, fault);
}

static enum err step(
    int i, enum err (*does)(const struct casefile_act *, struct referral *, void *, struct fault *), void *arg)
{
	struct step s = { does, arg };
	return run(i, step_in, &s);
}

static enum err do_choose(const struct casefile_act *act, struct referral *r, void *arg, struct fault *fault)
{
	static const char *const fields[] = { "name", "facts", "remedy", "nationality" };
	const char *const *extra = arg;
	const char *chosen[8] = { "name", "facts", "remedy", "nationality" };
	const int64_t documents[] = { 1 };
	struct packet_choice choice = { .subject = "labour_wages",
		.residence = "AZ",
		.authority = "Khazar Tikinti",
		.language = "ur",
		.fields = chosen,
		.field_count = ARRAY_LEN(fields),
		.documents = documents,
		.document_count = 1 };
	if (extra && *extra)
		chosen[choice.field_count++] = *extra;
	return referral_choose(act, r, &choice, fault);
}

static enum err do_ask_consent(const struct casefile_act *act, struct referral *r, void *arg, struct fault *fault)
{
	return referral_ask_consent(act, r, fault);
}

static enum err do_send(const struct casefile_act *act, struct referral *r, void *arg, struct fault *fault)
{
	return referral_send(act, r, fault);
}

static enum err do_accept(const struct casefile_act *act, struct referral *r, void *arg, struct fault *fault)
{
	return referral_accept(act, r, "We take it up.", "en", fault);
}

struct says {
	enum message_type type;
	json_t *body;
};

static enum err do_say(const struct casefile_act *act, struct referral *r, void *arg, struct fault *fault)
{
	struct says *says = arg;
	return referral_act(act, r, says->type, json_incref(says->body), NULL, fault);
}

static enum err say(int i, enum message_type type, json_t *body_stolen)
{
	struct says says = { type, body_stolen };
	enum err e = step(i, do_say, &says);
	json_decref(body_stolen);
	return e;
}

static enum err decide_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	struct referral r;
	struct consent_row row;
	char digest[HASH_TEXT];
	json_t *paper = NULL;
	enum err e = referral_find(act->tx, act->arena, thread, &r);
	if (!e)
		e = consent_last(act->tx, act->arena, r.id, CONSENT_OFFER, &row);
	if (!e)
		e = consent_paper(act, &row, &r, LANG_UR, &paper);
	if (!e)
		e = consent_digest(paper, digest);
	json_decref(paper);
	struct consent_decision decision = { home_case, 0, *(enum consent_verb *)arg, LANG_UR, digest };
	if (e)
		return e;
	decision.consent_id = row.id;
	return consent_decide(act, &decision, fault);
}

static enum err decide(enum consent_verb verb)
{
	return run_as(HOME, true, decide_in, &verb);
}

/* --- looking ------------------------------------------------------------------------------------------------------ */

struct look {
	struct referral_view view;
	int64_t casefile_id, id, version;
	char number[64], result[32];
	bool none;
};

static enum err look_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	struct look *look = arg;
	struct referral r;
	enum err e = referral_find(act->tx, act->arena, thread, &r);
	look->none = e == ERR_NOT_FOUND;
	if (e)
		return look->none ? OK : e;
	look->view = r.view;
	look->casefile_id = r.casefile_id;
	look->id = r.id;
	look->version = r.version;
	copy_text(look->number, sizeof(look->number), r.partner_number);
	copy_text(look->result, sizeof(look->result), r.result);
	return OK;
}

static struct look look(int i)
{
	struct look at = { .none = false };
	ok(run(i, look_in, &at));
	return at;
}

static void both(enum referral_state state)
{
	for (int i = 0; i < 2; i++) {
		struct look at = look(i);
		assert_false(at.none);
		assert_string_equal(referral_state_name(at.view.shown), referral_state_name(state));
		assert_string_equal(referral_state_name(at.view.settled), referral_state_name(state));
		assert_int_equal(at.view.pending_count, 0);
	}
}

struct find_event {
	int64_t casefile_id;
	const char *kind, *text;
	int found;
};

static enum err event_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	struct find_event *find = arg;
	json_t *list, *one;
	size_t i;
	find->found = 0;
	enum err e = event_list(act, LANG_EN, find->casefile_id, false, &list);
	if (e)
		return e;
	json_array_foreach(list, i, one)
	{
		EXPECT(!strchr(json_str_or(one, "text", ""), '{'));
		find->found += !strcmp(json_str_or(one, "kind", ""), find->kind) &&
			       (!find->text || strstr(json_str_or(one, "text", ""), find->text));
	}
	json_decref(list);
	return OK;
}

static int events(int i, const char *kind, const char *text)
{
	struct find_event find = { look(i).casefile_id, kind, text, 0 };
	ok(run(i, event_in, &find));
	return find.found;
}

struct find_clock {
	int64_t casefile_id;
	const char *rule;
	int running, all;
};

static enum err clock_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	struct find_clock *find = arg;
	json_t *list, *one;
	size_t i;
	find->running = find->all = 0;
	enum err e = case_clock_list(act, LANG_UR, find->casefile_id, &list);
	if (e)
		return e;
	json_array_foreach(list, i, one)
	{
		if (strcmp(json_str_or(one, "rule", ""), find->rule))
			continue;
		find->all++;
		find->running += strcmp(json_str_or(json_object_get(one, "mark"), "tone", ""), "stopped") != 0;
		/* Named and told in the reader's language although no profile has the rule. */
		EXPECT(strcmp(json_str_or(one, "name", ""), find->rule) != 0);
		EXPECT(json_array_size(json_object_get(one, "lines")) >= 3);
	}
	json_decref(list);
	return OK;
}

static void clock_is(int i, const char *rule, int all, int running)
{
	struct find_clock find = { look(i).casefile_id, rule, 0, 0 };
	ok(run(i, clock_in, &find));
	assert_int_equal(find.all, all);
	assert_int_equal(find.running, running);
}

static enum err documents_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	struct referral r;
	json_t *list;
	enum err e = referral_find(act->tx, act->arena, thread, &r);
	if (!e)
		e = document_list(act->tx, act->office, LANG_EN, r.casefile_id, &list);
	if (e)
		return e;
	*(size_t *)arg = json_array_size(list);
	json_decref(list);
	return OK;
}

/* --- stages that tests begin from --------------------------------------------------------------------------------- */

static void ready(void)
{
	make_agreement(agreement_sample(two.at[HOME].office->uid, two.at[LEAD].office->uid));
	file_complaint();
	ok(run(HOME, start_in, NULL));
	ok(step(HOME, do_choose, NULL));
	ok(step(HOME, do_ask_consent, NULL));
	ok(decide(CONSENT_GIVE));
}

static void sent(void)
{
	ready();
	ok(step(HOME, do_send, NULL));
	two_exchange(&two);
	both(REFERRAL_SENT);
}

static void accepted(void)
{
	sent();
	ok(step(LEAD, do_accept, NULL));
	two_exchange(&two);
	both(REFERRAL_ACCEPTED);
}

static int setup(void **state)
{
	wrong = NULL;
	crypto_init();
	two_open(&two);
	two_pair(&two);
	casework_plug(&cooperation_plugin);
	/* The officer that acts is one who works there: an accepted referral is assigned to whoever accepted it. */
	for (int i = 0; i < 2; i++) {
		const struct staff_new head = { "head", "Head", "en", "a long enough password 7", two_head.roles };
		int64_t id;
		ok(staff_add(two.at[i].office, &head, "system", &id, &last_fault));
		assert_int_equal(id, two_head.id);
	}
	return 0;
}

static int teardown(void **state)
{
	struct progress progress;
	char words[400];
	for (int i = 0; i < 2; i++) {
		struct fault fault = { 0 };
		memset(&progress, 0, sizeof(progress));
		if (exchange_verify(two.at[i].office, &progress, &fault))
			fail_msg("verify: %s (%s)", fault_english(&fault, words, sizeof(words)), fault.field);
	}
	casework_plug(NULL);
	two_close(&two);
	return 0;
}

/* --- the whole story ---------------------------------------------------------------------------------------------- */

static json_t *outcome_body(const char *result)
{
	return json_pack("{s:[{s:s,s:s,s:s},{s:s,s:s,s:s}],s:s}", "issues", "key", "issue1", "text",
	    "The passport was returned.", "result", "resolved", "key", "issue2", "text", "Wages in two parts.",
	    "result", result, "language", "en");
}

static enum err work_case_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	struct casefile c;
	struct referral r;
	const struct agency_question question = {
		.body_name = "Khazar Tikinti", .question = "Why was he not paid?", .questions = ""
	};
	const struct agency_answer answer = { "partly", "The passport is returned.", "Wages in two parts.", "" };
	int64_t id;
	enum err e = referral_find(act->tx, act->arena, thread, &r);
	if (!e)
		e = casefile_load(act->office, act->tx, act->arena, r.casefile_id, &c);
	if (!e)
		e = casefile_move(act, &c, "admit", 0, NULL, fault);
	if (!e)
		e = agency_ask(act, &c, &question, 0, &id, fault);
	if (!e)
		e = agency_remind(act, &c, id, fault);
	if (!e)
		e = agency_escalate(act, &c, id, fault);
	return e ? e : agency_record_reply(act, &c, id, &answer, 0, fault);
}

static enum err recommend_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	struct casefile c;
	struct referral r;
	const struct recommendation_new new = { .body_key = "",
		.addressee = "Khazar Tikinti",
		.measure = "Pay the second part.",
		.kind = "personal",
		.public_text = "",
		.ground = "",
		.due = "2030-01-01" };
	const struct recommendation_assessment paid = { .degree = "fully", .words = "Receipt of the bank." };
	int64_t id;
	enum err e = referral_find(act->tx, act->arena, thread, &r);
	if (!e)
		e = casefile_load(act->office, act->tx, act->arena, r.casefile_id, &c);
	if (!e)
		e = recommendation_issue(act, &c, &new, 0, &id, fault);
	return e ? e : recommendation_assess(act, &c, id, &paid, fault);
}

static enum err opinion_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	const struct opinion_point points[] = { { true, "" }, { false, "نصف باقی ہے" } };
	return referral_opinion(act, home_case, referral_at_home, LANG_UR, NULL, points, 2, fault);
}

static void the_whole_story_ends_alike_on_both_sides(void **state)
{
	size_t documents = 0;
	ready();
	clock_is(HOME, "agreement.prepare", 1, 1);
	ok(step(HOME, do_send, NULL));
	assert_int_equal(look(HOME).view.shown, REFERRAL_SENT);
	assert_int_equal(look(HOME).view.settled, REFERRAL_READY); /* not yet confirmed */
	assert_true(look(LEAD).none);
	two_exchange(&two);
	both(REFERRAL_SENT);
	assert_int_equal(events(HOME, "referral_receipted", NULL), 1);
	clock_is(HOME, "agreement.prepare", 1, 0);
	clock_is(HOME, "agreement.accept", 1, 1);

	ok(step(LEAD, do_accept, NULL));
	two_exchange(&two);
	both(REFERRAL_ACCEPTED);
	assert_int_equal(events(LEAD, "referral_received", NULL), 1);
	ok(run(LEAD, documents_in, &documents));
	assert_int_equal(documents, 1);
	assert_true(*look(HOME).number != '\0');
	for (int i = 0; i < 2; i++)
		clock_is(i, "agreement.solve", 1, 1);
	clock_is(HOME, "agreement.accept", 1, 0);

	ok(run(LEAD, work_case_in, NULL));
	two_exchange(&two);
	assert_int_equal(events(HOME, "referral_agency_asked", "Khazar Tikinti"), 1);
	assert_int_equal(events(HOME, "referral_agency_reminded", NULL), 1);
	assert_int_equal(events(HOME, "referral_agency_escalated", NULL), 1);
	assert_int_equal(events(HOME, "referral_agency_replied", "The passport is returned."), 1);

	ok(say(LEAD, MESSAGE_REFERRAL_OUTCOME, outcome_body("partly")));
	two_exchange(&two);
	both(REFERRAL_OUTCOME_PROPOSED);
	for (int i = 0; i < 2; i++) {
		clock_is(i, "agreement.solve", 1, 0);
		clock_is(i, "agreement.accept_solution", 1, 1);
	}
	ok(run_as(HOME, true, opinion_in, NULL));
	assert_int_equal(run_as(HOME, true, opinion_in, NULL), ERR_CONFLICT);
	assert_int_equal(events(HOME, "from_person", NULL), 1);
	ok(say(HOME, MESSAGE_REFERRAL_OUTCOME_DISPUTE,
	    json_pack("{s:[{s:s,s:s}],s:s}", "issues", "key", "issue2", "why", "Half is missing.", "language", "en")));
	two_exchange(&two);
	both(REFERRAL_OUTCOME_DISPUTED);
	assert_int_equal(events(LEAD, "referral_outcome_objected", "Half is missing."), 1);

	ok(run(LEAD, recommend_in, NULL));
	two_exchange(&two);
	assert_int_equal(events(HOME, "referral_recommendation_issued", "Pay the second part."), 1);
	assert_int_equal(events(HOME, "referral_evidence_received", "Receipt of the bank."), 1);
	ok(say(LEAD, MESSAGE_REFERRAL_OUTCOME, outcome_body("resolved")));
	two_exchange(&two);
	ok(say(HOME, MESSAGE_REFERRAL_OUTCOME_ACCEPT, json_object()));
	two_exchange(&two);
	both(REFERRAL_OUTCOME_ACCEPTED);
	ok(say(LEAD, MESSAGE_REFERRAL_CLOSE,
	    json_pack("{s:s,s:s,s:s}", "result", "resolved", "text", "All was paid.", "language", "en")));
	two_exchange(&two);
	both(REFERRAL_CLOSING);
	ok(say(HOME, MESSAGE_REFERRAL_CLOSE_CONFIRM, json_object()));
	two_exchange(&two);
	both(REFERRAL_CLOSED);
	for (int i = 0; i < 2; i++) {
		assert_string_equal(look(i).result, "resolved");
		clock_is(i, "agreement.accept_solution", 2, 0);
	}
	assert_int_equal(events(HOME, "referral_closed", "resolved"), 1);
	assert_int_equal(events(LEAD, "referral_ended", "resolved"), 1);
}

/* --- what may not be sent ----------------------------------------------------------------------------------------- */

static void denied(enum err e, const char *field)
{
	assert_int_equal(e, ERR_DENIED);
	assert_string_equal(last_fault.field, field);
	assert_non_null(last_fault.key);
}

static void without_consent_nothing_is_sent(void **state)
{
	make_agreement(agreement_sample(two.at[HOME].office->uid, two.at[LEAD].office->uid));
	file_complaint();
	ok(run(HOME, start_in, NULL));
	denied(step(HOME, do_send, NULL), "consent");
	ok(step(HOME, do_choose, NULL));
	ok(step(HOME, do_ask_consent, NULL));
	denied(step(HOME, do_send, NULL), "consent"); /* asked is not given */
	ok(decide(CONSENT_REFUSE));
	assert_int_equal(look(HOME).view.shown, REFERRAL_DRAFT);
	denied(step(HOME, do_send, NULL), "consent");
	ok(step(HOME, do_ask_consent, NULL));
	ok(decide(CONSENT_GIVE));
	assert_int_equal(decide(CONSENT_GIVE), ERR_CONFLICT); /* decided once */
	ok(decide(CONSENT_WITHDRAW));
	assert_int_equal(look(HOME).view.shown, REFERRAL_DRAFT);
	denied(step(HOME, do_send, NULL), "consent");
	two_exchange(&two);
	assert_true(look(LEAD).none);
}

static void other_fields_than_agreed_need_another_consent(void **state)
{
	static const char *const more[] = { "phone" };
	ready();
	ok(step(HOME, do_choose, (void *)(uintptr_t)more));
	assert_int_equal(look(HOME).view.shown, REFERRAL_DRAFT); /* another packet needs another consent */
	denied(step(HOME, do_send, NULL), "phone");
}

static enum err do_spoil(const struct casefile_act *act, struct referral *r, void *arg, struct fault *fault)
{
	json_put_str(json_object_get(r->packet, "fields"), "facts", "Something else entirely.");
	return referral_save(act, r);
}

static void other_words_than_agreed_are_not_sent(void **state)
{
	ready();
	ok(step(HOME, do_spoil, NULL));
	denied(step(HOME, do_send, NULL), "facts");
}

static void data_that_the_agreement_does_not_name_is_not_asked_for(void **state)
{
	static const char *const passport[] = { "passport_no" };
	make_agreement(agreement_sample(two.at[HOME].office->uid, two.at[LEAD].office->uid));
	file_complaint();
	ok(run(HOME, start_in, NULL));
	ok(step(HOME, do_choose, (void *)(uintptr_t)passport));
	denied(step(HOME, do_ask_consent, NULL), "data");
}

static void subjects_outside_the_agreement_are_refused_with_the_clause(void **state)
{
	json_t *document = agreement_sample(two.at[HOME].office->uid, two.at[LEAD].office->uid);
	json_object_set_new(document, "subjects", json_pack("[s]", "health"));
	make_agreement(document);
	file_complaint();
	denied(run(HOME, start_in, NULL), "subjects");
}

static void a_suspended_agreement_stops_every_act_but_withdrawing(void **state)
{
	accepted();
	agree(LEAD, MESSAGE_AGREEMENT_SUSPEND);
	denied(say(LEAD, MESSAGE_REFERRAL_OUTCOME, outcome_body("resolved")), "suspension");
	denied(say(HOME, MESSAGE_NOTE, json_pack("{s:s,s:s}", "text", "Hello", "language", "en")), "suspension");
	/* Our own inquiry goes on; home is not told. */
	ok(run(LEAD, work_case_in, NULL));
	two_exchange(&two);
	assert_int_equal(events(HOME, "referral_agency_asked", NULL), 0);
	ok(say(HOME, MESSAGE_REFERRAL_WITHDRAW, json_pack("{s:s}", "ground", "agreement_ended")));
	two_exchange(&two);
	both(REFERRAL_WITHDRAWN);
}

static void a_ready_packet_waits_for_the_agreement(void **state)
{
	ready();
	agree(HOME, MESSAGE_AGREEMENT_SUSPEND);
	denied(step(HOME, do_send, NULL), "suspension");
	agree(HOME, MESSAGE_AGREEMENT_RESUME);
	ok(step(HOME, do_send, NULL));
	two_exchange(&two);
	both(REFERRAL_SENT);
}

/* --- other courses ------------------------------------------------------------------------------------------------ */

static void refused_with_a_reason(void **state)
{
	sent();
	ok(say(LEAD, MESSAGE_REFERRAL_REFUSE,
	    json_pack("{s:s,s:s,s:s}", "reason", "premature", "text", "Ask the company first.", "language", "en")));
	two_exchange(&two);
	both(REFERRAL_REFUSED);
	assert_int_equal(events(HOME, "referral_refused", "it comes too early. Ask the company first."), 1);
	clock_is(HOME, "agreement.accept", 1, 0);
	assert_int_equal(look(LEAD).casefile_id, 0);
	/* Over: the same case may be offered anew. */
	ok(run(HOME, start_in, NULL));
}

static enum err do_answer(const struct casefile_act *act, struct referral *r, void *arg, struct fault *fault)
{
	const char *const fields[] = { "phone" };
	const struct packet_choice choice = {
		.text = "Here is his number.", .language = "en", .fields = fields, .field_count = *(bool *)arg ? 1 : 0
	};
	return referral_prepare_answer(act, r, &choice, fault);
}

static enum err do_ask_answer(const struct casefile_act *act, struct referral *r, void *arg, struct fault *fault)
{
	return referral_ask_answer_consent(act, r, fault);
}

static enum err do_send_answer(const struct casefile_act *act, struct referral *r, void *arg, struct fault *fault)
{
	return referral_send_answer(act, r, fault);
}

static enum err give_answer_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	struct referral r;
	struct consent_row row;
	char digest[HASH_TEXT];
	json_t *paper;
	enum err e = referral_find(act->tx, act->arena, thread, &r);
	if (!e)
		e = consent_last(act->tx, act->arena, r.id, CONSENT_ANSWER, &row);
	if (!e)
		e = consent_paper(act, &row, &r, LANG_EN, &paper);
	if (e)
		return e;
	e = consent_digest(paper, digest);
	json_decref(paper);
	const struct consent_decision decision = { home_case, row.id, CONSENT_GIVE, LANG_EN, digest };
	return e ? e : consent_decide(act, &decision, fault);
}

static enum err has_phone_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	struct referral r;
	enum err e = referral_find(act->tx, act->arena, thread, &r);
	if (!e)
		EXPECT(!strcmp(json_str_or(json_object_get(r.packet, "fields"), "phone", ""), "+994501234567"));
	return e;
}

static void asked_for_more_and_answered_with_consent(void **state)
{
	bool with_phone = true, text_only = false;
	sent();
	ok(say(LEAD, MESSAGE_REFERRAL_ASK,
	    json_pack("{s:s,s:s}", "question", "How can he be reached?", "language", "en")));
	two_exchange(&two);
	both(REFERRAL_INFORMATION_ASKED);
	assert_int_equal(events(HOME, "referral_information_asked", "How can he be reached?"), 1);
	clock_is(HOME, "agreement.accept", 1, 0);
	ok(step(HOME, do_answer, &with_phone));
	denied(step(HOME, do_send_answer, NULL), "consent");
	ok(step(HOME, do_ask_answer, NULL));
	ok(run_as(HOME, true, give_answer_in, NULL));
	ok(step(HOME, do_send_answer, NULL));
	two_exchange(&two);
	both(REFERRAL_SENT);
	ok(run(LEAD, has_phone_in, NULL));
	clock_is(HOME, "agreement.accept", 2, 1); /* the time to decide begins anew */
	/* A text alone needs nobody's consent. */
	ok(step(HOME, do_answer, &text_only));
	ok(step(HOME, do_send_answer, NULL));
	two_exchange(&two);
	both(REFERRAL_SENT);
}

static void withdrawn_consent_takes_the_referral_back_at_once(void **state)
{
	accepted();
	ok(decide(CONSENT_WITHDRAW));
	assert_int_equal(look(HOME).view.shown, REFERRAL_WITHDRAWN);
	two_exchange(&two);
	both(REFERRAL_WITHDRAWN);
	assert_int_equal(events(HOME, "consent_withdrawn", NULL), 1);
	assert_int_equal(events(LEAD, "referral_taken_back", "the person withdrew the consent"), 1);
	for (int i = 0; i < 2; i++)
		clock_is(i, "agreement.solve", 1, 0);
}

static void of_accept_and_withdraw_in_the_same_second_home_decides(void **state)
{
	sent();
	ok(step(LEAD, do_accept, NULL));
	ok(decide(CONSENT_WITHDRAW));
	two_send(&two, LEAD); /* arrives behind home's recorded withdrawal: crossed */
	two_exchange(&two);
	both(REFERRAL_WITHDRAWN);
	assert_int_equal(events(LEAD, "referral_undelivered", NULL), 1);
}

static void the_withdrawal_that_arrives_first_wins_too(void **state)
{
	sent();
	ok(step(LEAD, do_accept, NULL));
	ok(decide(CONSENT_WITHDRAW));
	two_send(&two, HOME);
	two_exchange(&two);
	both(REFERRAL_WITHDRAWN);
}

static void notes_travel_both_ways_and_after_the_end(void **state)
{
	sent();
	ok(say(LEAD, MESSAGE_NOTE, json_pack("{s:s,s:s}", "text", "Is it urgent?", "language", "en")));
	two_exchange(&two);
	ok(say(HOME, MESSAGE_NOTE, json_pack("{s:s,s:s}", "text", "It is.", "language", "en")));
	two_exchange(&two);
	both(REFERRAL_SENT);
	ok(decide(CONSENT_WITHDRAW));
	two_exchange(&two);
	ok(say(LEAD, MESSAGE_NOTE, json_pack("{s:s,s:s}", "text", "A pity.", "language", "en")));
	two_exchange(&two);
	both(REFERRAL_WITHDRAWN);
}

/* A form that an officer has open is out of date when the state moved, not when a receipt or a note came. */
static void receipts_and_notes_leave_open_forms_good(void **state)
{
	ready();
	ok(step(HOME, do_send, NULL));
	int64_t seen = look(HOME).version;
	two_exchange(&two);
	ok(say(LEAD, MESSAGE_NOTE, json_pack("{s:s,s:s}", "text", "Is it urgent?", "language", "en")));
	two_exchange(&two);
	both(REFERRAL_SENT);
	assert_int_equal(look(HOME).version, seen);
	ok(step(LEAD, do_accept, NULL));
	two_exchange(&two);
	assert_int_not_equal(look(HOME).version, seen);
}

static void the_same_case_is_not_offered_twice(void **state)
{
	sent();
	assert_int_equal(run(HOME, start_in, NULL), ERR_CONFLICT);
	assert_string_equal(last_fault.field, "agreement");
}

static void nobody_decides_about_another_persons_consent(void **state)
{
	enum consent_verb verb = CONSENT_GIVE;
	make_agreement(agreement_sample(two.at[HOME].office->uid, two.at[LEAD].office->uid));
	file_complaint();
	ok(run(HOME, start_in, NULL));
	ok(step(HOME, do_choose, NULL));
	ok(step(HOME, do_ask_consent, NULL));
	int64_t mine = home_case;
	home_case = mine + 1;
	assert_int_equal(run_as(HOME, true, decide_in, &verb), ERR_NOT_FOUND);
	home_case = mine;
}

static void a_receiver_that_was_down_learns_everything_in_order(void **state)
{
	ready();
	two_down(&two, LEAD);
	ok(step(HOME, do_send, NULL));
	two_send(&two, HOME);
	assert_int_equal(look(HOME).view.settled, REFERRAL_READY);
	ok(decide(CONSENT_WITHDRAW)); /* behind an offer that nobody has yet */
	two_up(&two, LEAD);
	/* The retry interval has not passed; a person may press the button, here the test waits it out. */
	for (int i = 0; i < 4 && look(HOME).view.pending_count > 0; i++) {
		usleep(800000);
		two_exchange(&two);
	}
	both(REFERRAL_WITHDRAWN);
}

/* --- views -------------------------------------------------------------------------------------------------------- */

static enum err views_in(const struct casefile_act *act, void *arg, struct fault *fault)
{
	struct referral r;
	struct casefile c;
	json_t *view = json_object();
	enum err e = referral_find(act->tx, act->arena, thread, &r);
	for (enum lang lang = 0; !e && lang < LANG_MAX; lang++)
		e = referral_view_load(act, lang, r.id, view, fault);
	EXPECT(json_array_size(json_object_get(view, "packet_fields")) >= 4);
	if (!e)
		e = referral_list_view(act, LANG_EN, false, 0, view);
	EXPECT(json_array_size(json_object_get(view, "referrals")) == 1);
	if (!e && r.casefile_id)
		e = casefile_load(act->office, act->tx, act->arena, r.casefile_id, &c);
	if (!e && r.casefile_id)
		e = referral_case_view(act, LANG_EN, &c, view);
	if (!e && referral_is_home(&r)) {
		e = referral_person_view(act, LANG_UR, &c, view);
		EXPECT(json_array_size(json_object_get(view, "consent_cards")) == 1);
	}
	json_decref(view);
	return e;
}

static void every_view_loads_on_both_sides(void **state)
{
	sent();
	for (int i = 0; i < 2; i++)
		ok(run(i, views_in, NULL));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_whole_story_ends_alike_on_both_sides),
		TEST(without_consent_nothing_is_sent),
		TEST(other_fields_than_agreed_need_another_consent),
		TEST(other_words_than_agreed_are_not_sent),
		TEST(data_that_the_agreement_does_not_name_is_not_asked_for),
		TEST(subjects_outside_the_agreement_are_refused_with_the_clause),
		TEST(a_suspended_agreement_stops_every_act_but_withdrawing),
		TEST(a_ready_packet_waits_for_the_agreement),
		TEST(refused_with_a_reason),
		TEST(asked_for_more_and_answered_with_consent),
		TEST(withdrawn_consent_takes_the_referral_back_at_once),
		TEST(of_accept_and_withdraw_in_the_same_second_home_decides),
		TEST(the_withdrawal_that_arrives_first_wins_too),
		TEST(notes_travel_both_ways_and_after_the_end),
		TEST(receipts_and_notes_leave_open_forms_good),
		TEST(the_same_case_is_not_offered_twice),
		TEST(nobody_decides_about_another_persons_consent),
		TEST(a_receiver_that_was_down_learns_everything_in_order),
		TEST(every_view_loads_on_both_sides),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
