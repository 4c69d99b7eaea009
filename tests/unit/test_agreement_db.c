/* Agreements between two offices, over real HTTP: proposed, signed, suspended, resumed, terminated, declined, crossing.
 */
#include "cooperation/agreement_store.h"
#include "cooperation/exchange_inner.h"
#include "cooperation/transfer.h"
#include "text/date.h"
#include "two_offices.h"

#include "agreement_sample.h"

/* Referrals have tests of their own: here their messages only travel. */
const struct message_handler referral_handlers[] = { { MESSAGE_NOTE, NULL, NULL } };
const size_t referral_handler_count = ARRAY_LEN(referral_handlers);
enum err referral_file_arrived(const struct casefile_act *act, const struct transfer *t)
{
	return OK;
}

#define FIRST 0
#define SECOND 1

static struct two_offices two;

static int setup(void **state)
{
	two_open(&two);
	return 0;
}

static int setup_paired(void **state)
{
	two_open(&two);
	two_pair(&two);
	return 0;
}

static int teardown(void **state)
{
	two_close(&two);
	return 0;
}

/* --- acts -------------------------------------------------------------------------------------------------------- */

struct do_work {
	struct office *office;
	const char *uid;
	enum message_type type;
	struct agreement_words words;
	struct fault fault;
};

static enum err do_in(struct db_tx *tx, void *arg)
{
	struct do_work *work = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { work->office, tx, &two_head, now_ms(), arena };
	struct agreement_row a;
	enum err e = agreement_load_uid(tx, arena, work->uid, &a);
	if (!e)
		e = agreement_do(&act, a.id, work->type, 0, &work->words, &work->fault);
	arena_free(arena);
	return e;
}

static struct fault last_fault;

static enum err act_on(int i, const char *uid, enum message_type type, const char *effective)
{
	struct do_work work = { two.at[i].office, uid, type, { "Because the test says so.", "en", effective }, { 0 } };
	enum err e = db_write(two.at[i].office->db, do_in, &work);
	last_fault = work.fault;
	return e;
}

static enum err act(int i, const char *uid, enum message_type type)
{
	return act_on(i, uid, type, "");
}

struct draft_work {
	int i;
	json_t *document;
	char uid[UUID_TEXT];
	struct fault fault;
};

static enum err draft_in(struct db_tx *tx, void *arg)
{
	struct draft_work *work = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { two.at[work->i].office, tx, &two_head, now_ms(), arena };
	int64_t id;
	enum err e = agreement_draft_save(&act, work->document, 0, 0, &id, &work->fault);
	if (!e)
		copy_text(work->uid, sizeof(work->uid), json_str(work->document, "uid"));
	arena_free(arena);
	return e;
}

static enum err draft(int i, json_t *document_stolen, char uid[UUID_TEXT])
{
	struct draft_work work = { .i = i, .document = document_stolen };
	enum err e = db_write(two.at[i].office->db, draft_in, &work);
	json_decref(document_stolen);
	last_fault = work.fault;
	if (!e)
		memcpy(uid, work.uid, UUID_TEXT);
	return e;
}

static json_t *document(int i)
{
	return agreement_sample(two.at[i].office->uid, two.at[1 - i].office->uid);
}

/* --- looking ----------------------------------------------------------------------------------------------------- */

struct look_work {
	const char *uid;
	bool arriving;
	enum agreement_state state;
	bool ours, theirs;
	struct fault fault;
	int64_t partner;
	bool gate_in, gate_out;
};

static enum err look_in(struct db_tx *tx, void *arg)
{
	struct look_work *work = arg;
	struct arena *arena = arena_new(0);
	struct agreement_row a;
	enum err e = agreement_load_uid(tx, arena, work->uid, &a);
	if (!e) {
		work->state = agreement_state(a.document, &a.status, now_ms());
		work->ours = a.ours != NULL;
		work->theirs = a.theirs != NULL;
		work->gate_in = agreement_gate(tx, work->uid, work->partner, now_ms(), NULL) == OK;
		work->gate_out = agreement_gate_out(tx, work->uid, work->partner, now_ms(), &work->fault) == OK;
	}
	arena_free(arena);
	return e;
}

static struct look_work look(int i, const char *uid)
{
	struct look_work work = { .uid = uid, .partner = two.at[i].partner };
	assert_int_equal(db_read(two.at[i].office->db, look_in, &work), OK);
	return work;
}

#define assert_state(i_, uid_, state_)                                                                                 \
	assert_string_equal(agreement_state_name(look(i_, uid_).state), agreement_state_name(state_))

static void verify_both(void)
{
	for (int i = 0; i < 2; i++) {
		struct progress progress;
		struct fault fault = { 0 };
		char words[400];
		if (exchange_verify(two.at[i].office, &progress, &fault))
			fail_msg("office %d: %s: %s", i, fault.field, fault_english(&fault, words, sizeof(words)));
	}
}

static void in_force(char uid[UUID_TEXT])
{
	assert_int_equal(draft(FIRST, document(FIRST), uid), OK);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_PROPOSE), OK);
	two_exchange(&two);
	assert_int_equal(act(SECOND, uid, MESSAGE_AGREEMENT_SIGN), OK);
	two_exchange(&two);
	assert_state(FIRST, uid, AGREEMENT_IN_FORCE);
	assert_state(SECOND, uid, AGREEMENT_IN_FORCE);
}

/* --- tests ------------------------------------------------------------------------------------------------------- */

static void sign(void **state)
{
	char uid[UUID_TEXT];
	assert_int_equal(draft(FIRST, document(FIRST), uid), OK);
	assert_state(FIRST, uid, AGREEMENT_DRAFT);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_SIGN), ERR_CONFLICT);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_PROPOSE), OK);
	assert_state(FIRST, uid, AGREEMENT_PROPOSED);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_PROPOSE), ERR_CONFLICT);
	two_exchange(&two);
	assert_state(SECOND, uid, AGREEMENT_PROPOSED);
	assert_false(look(SECOND, uid).gate_in);

	assert_int_equal(act(SECOND, uid, MESSAGE_AGREEMENT_SIGN), OK);
	assert_int_equal(act(SECOND, uid, MESSAGE_AGREEMENT_SIGN), ERR_CONFLICT);
	/* What permits counts for us only from the receipt; what the partner sends meanwhile is taken already. */
	assert_state(SECOND, uid, AGREEMENT_PROPOSED);
	assert_true(look(SECOND, uid).gate_in);
	assert_false(look(SECOND, uid).gate_out);
	two_exchange(&two);
	for (int i = 0; i < 2; i++) {
		struct look_work seen = look(i, uid);
		assert_int_equal(seen.state, AGREEMENT_IN_FORCE);
		assert_true(seen.ours && seen.theirs && seen.gate_in && seen.gate_out);
	}
	verify_both();
}

static void suspend(void **state)
{
	char uid[UUID_TEXT];
	in_force(uid);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_RESUME), ERR_CONFLICT);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_SUSPEND), OK);
	/* At once here, as soon as it arrives there; both refuse by the clause. */
	assert_state(FIRST, uid, AGREEMENT_SUSPENDED);
	assert_false(look(FIRST, uid).gate_in);
	assert_string_equal(look(FIRST, uid).fault.field, "suspension");
	assert_state(SECOND, uid, AGREEMENT_IN_FORCE);
	two_exchange(&two);
	assert_state(SECOND, uid, AGREEMENT_SUSPENDED);
	assert_false(look(SECOND, uid).gate_out);

	/* The partner cannot lift it. */
	assert_int_equal(act(SECOND, uid, MESSAGE_AGREEMENT_RESUME), ERR_CONFLICT);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_SUSPEND), ERR_CONFLICT);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_RESUME), OK);
	assert_state(FIRST, uid, AGREEMENT_SUSPENDED);
	/* Suspended again before the resumption was answered: the last word stands when the receipts come. */
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_SUSPEND), OK);
	two_exchange(&two);
	assert_state(FIRST, uid, AGREEMENT_SUSPENDED);
	assert_state(SECOND, uid, AGREEMENT_SUSPENDED);
	/* What a form brings beside what the act uses is neither sent nor recorded. */
	struct do_work work = { two.at[FIRST].office, uid, MESSAGE_AGREEMENT_RESUME, { "", "en", "2030-01-01" },
		{ 0 } };
	assert_int_equal(db_write(two.at[FIRST].office->db, do_in, &work), OK);
	two_exchange(&two);
	assert_state(FIRST, uid, AGREEMENT_IN_FORCE);
	assert_state(SECOND, uid, AGREEMENT_IN_FORCE);
	verify_both();
}

static void suspend_both(void **state)
{
	char uid[UUID_TEXT];
	in_force(uid);
	for (int i = 0; i < 2; i++)
		assert_int_equal(act(i, uid, MESSAGE_AGREEMENT_SUSPEND), OK);
	two_exchange(&two);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_RESUME), OK);
	two_exchange(&two);
	for (int i = 0; i < 2; i++)
		assert_state(i, uid, AGREEMENT_SUSPENDED);
	assert_int_equal(act(SECOND, uid, MESSAGE_AGREEMENT_RESUME), OK);
	two_exchange(&two);
	for (int i = 0; i < 2; i++)
		assert_state(i, uid, AGREEMENT_IN_FORCE);
	verify_both();
}

static void day_after(char out[11], int64_t days)
{
	civil_format(out, civil_from_days(now_ms() / 86400000 + days));
}

static void terminate(void **state)
{
	char uid[UUID_TEXT], day[11];
	in_force(uid);
	day_after(day, 29);
	assert_int_equal(act_on(FIRST, uid, MESSAGE_AGREEMENT_TERMINATE, day), ERR_INVALID);
	assert_string_equal(last_fault.field, "effective");
	assert_int_equal(act_on(FIRST, uid, MESSAGE_AGREEMENT_TERMINATE, ""), ERR_INVALID);
	day_after(day, 30);
	assert_int_equal(act_on(FIRST, uid, MESSAGE_AGREEMENT_TERMINATE, day), OK);
	assert_int_equal(act_on(FIRST, uid, MESSAGE_AGREEMENT_TERMINATE, day), ERR_CONFLICT);
	two_exchange(&two);
	for (int i = 0; i < 2; i++)
		assert_state(i, uid, AGREEMENT_IN_FORCE); /* until that day */
	verify_both();
}

static void terminate_at_once(void **state)
{
	char uid[UUID_TEXT], day[11];
	json_t *without = document(FIRST);
	json_put_int(without, "notice_days", 0);
	assert_int_equal(draft(FIRST, without, uid), OK);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_PROPOSE), OK);
	two_exchange(&two);
	assert_int_equal(act(SECOND, uid, MESSAGE_AGREEMENT_SIGN), OK);
	two_exchange(&two);
	day_after(day, 0);
	assert_int_equal(act_on(SECOND, uid, MESSAGE_AGREEMENT_TERMINATE, day), OK);
	assert_state(SECOND, uid, AGREEMENT_TERMINATED);
	assert_false(look(SECOND, uid).gate_in);
	assert_string_equal(look(SECOND, uid).fault.field, "termination");
	two_exchange(&two);
	assert_state(FIRST, uid, AGREEMENT_TERMINATED);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_SUSPEND), ERR_CONFLICT);
	verify_both();
}

/* The proposer takes its proposal back while the other side's signature is on its way: the proposer decides. */
static void decline_crosses_signature(void **state)
{
	char uid[UUID_TEXT];
	assert_int_equal(draft(FIRST, document(FIRST), uid), OK);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_PROPOSE), OK);
	two_exchange(&two);
	assert_int_equal(act(SECOND, uid, MESSAGE_AGREEMENT_SIGN), OK);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_DECLINE), OK);
	two_exchange(&two);
	for (int i = 0; i < 2; i++) {
		assert_state(i, uid, AGREEMENT_DECLINED);
		assert_false(look(i, uid).gate_in);
	}
	assert_false(look(SECOND, uid).ours); /* a refused signature binds nobody */
	verify_both();
}

static void declines_cross(void **state)
{
	char uid[UUID_TEXT];
	assert_int_equal(draft(FIRST, document(FIRST), uid), OK);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_PROPOSE), OK);
	two_exchange(&two);
	for (int i = 0; i < 2; i++)
		assert_int_equal(act(i, uid, MESSAGE_AGREEMENT_DECLINE), OK);
	two_exchange(&two);
	for (int i = 0; i < 2; i++)
		assert_state(i, uid, AGREEMENT_DECLINED);
	assert_int_equal(act(SECOND, uid, MESSAGE_AGREEMENT_SIGN), ERR_CONFLICT);
	verify_both();
}

static void only_confirmed_partners(void **state)
{
	char uid[UUID_TEXT];
	for (int i = 0; i < 2; i++)
		two_see(&two, i);
	assert_int_equal(draft(FIRST, document(FIRST), uid), ERR_INVALID);
	assert_string_equal(last_fault.field, "/parties");
	two_confirm(&two, FIRST);
	assert_int_equal(draft(FIRST, document(FIRST), uid), OK);
	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_PROPOSE), OK);
	two_exchange(&two); /* the second has not confirmed us: the message waits and is not lost */
	struct look_work unknown = { .uid = uid };
	assert_int_equal(db_read(two.at[SECOND].office->db, look_in, &unknown), ERR_NOT_FOUND);
	two_confirm(&two, SECOND);
	assert_int_equal(act(SECOND, uid, MESSAGE_AGREEMENT_SIGN), ERR_NOT_FOUND);
}

/* --- which one covers, and may it be sent ------------------------------------------------------------------------ */

struct cover_work {
	const char *uid, *nationality, *subject, *country;
	const char *const *categories;
	size_t found;
	enum err send;
	struct fault fault;
};

static enum err cover_in(struct db_tx *tx, void *arg)
{
	struct cover_work *work = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { two.at[FIRST].office, tx, &two_head, now_ms(), arena };
	const struct agreement_ask ask = { .request = { .kind = "referral",
					       .nationality = work->nationality,
					       .subject = work->subject,
					       .categories = work->categories },
		.home_is_us = true };
	const char *clause;
	json_t *list = NULL;
	enum err e = agreement_suggest(&act, LANG_EN, &ask.request, work->country, &list);
	work->found = json_array_size(list);
	json_decref(list);
	work->fault = (struct fault) { 0 };
	work->send = agreement_may_send(&act, work->uid, &ask, &clause, &work->fault);
	arena_free(arena);
	return e;
}

static void cover(const char *uid, const char *nationality, const char *country, const char *const *categories,
    size_t found, const char *clause)
{
	struct cover_work work = { uid, nationality, "labour_wages", country, categories, 0, OK, { 0 } };
	assert_int_equal(db_read(two.at[FIRST].office->db, cover_in, &work), OK);
	assert_int_equal(work.found, found);
	assert_int_equal(work.send, clause ? ERR_DENIED : OK);
	assert_string_equal(work.fault.field, clause ? clause : "");
}

static size_t on_first_page(int i)
{
	json_t *view = json_object();
	assert_int_equal(agreement_home_view(two.at[i].office, LANG_AZ, view), OK);
	size_t n = json_array_size(json_object_get(view, "agreements"));
	json_decref(view);
	return n;
}

static void covers(void **state)
{
	static const char *const allowed[] = { "identity", "facts", NULL }, *const too_much[] = { "health", NULL };
	char uid[UUID_TEXT];
	assert_int_equal(on_first_page(FIRST), 0);
	in_force(uid);
	assert_int_equal(on_first_page(FIRST), 1);
	assert_int_equal(on_first_page(SECOND), 1);
	cover(uid, "PK", "AZ", allowed, 1, NULL);
	cover(uid, "PK", "TR", allowed, 0, NULL);
	cover(uid, "AZ", "AZ", allowed, 0, "persons");
	cover(uid, "", "AZ", allowed, 0, "persons");
	cover(uid, "PK", "AZ", too_much, 1, "data"); /* a suggestion comes before the packet is chosen */
	assert_int_equal(act(SECOND, uid, MESSAGE_AGREEMENT_SUSPEND), OK);
	assert_int_equal(on_first_page(SECOND), 0);
	two_exchange(&two);
	cover(uid, "PK", "AZ", allowed, 0, "suspension");
	assert_int_equal(on_first_page(FIRST), 0);
}

/* --- messages under an agreement that ends ----------------------------------------------------------------------- */

struct put_work {
	int i;
	const char *thread, *agreement;
	enum message_type type;
	json_t *body;
};

static enum err put_in(struct db_tx *tx, void *arg)
{
	struct put_work *work = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { two.at[work->i].office, tx, &two_head, now_ms(), arena };
	const struct outgoing out = { two.at[work->i].partner, work->thread, work->agreement, MESSAGE_REFERRAL_CLAUSE,
		work->type, json_deep_copy(work->body) };
	enum err e = outbox_put(&act, &out, NULL);
	arena_free(arena);
	return e;
}

static void put(int i, const char *thread, const char *agreement, enum message_type type, json_t *body)
{
	struct put_work work = { i, thread, agreement, type, body };
	assert_non_null(body);
	assert_int_equal(db_write(two.at[i].office->db, put_in, &work), OK);
	json_decref(body);
}

struct waiting_work {
	struct office *office;
	json_t *list;
};

static enum err waiting_in(struct db_tx *tx, void *arg)
{
	struct waiting_work *work = arg;
	json_decref(work->list);
	work->list = NULL;
	return outbox_waiting(tx, work->office, LANG_EN, &work->list);
}

static json_t *waiting(int i)
{
	struct waiting_work work = { .office = two.at[i].office };
	assert_int_equal(db_read(two.at[i].office->db, waiting_in, &work), OK);
	return work.list;
}

static json_t *offer(void)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:s}, s:{s:s, s:s, s:s, s:[s], s:s, s:s, s:s, s:s}}", "number",
	    "PK-1", "subject", "labour_wages", "nationality", "PK", "authority", "A company", "language", "en",
	    "fields", "name", "Gul Khan", "consent", "purpose", "referral", "receiver", two.at[SECOND].office->uid,
	    "agreement", "0190aaaa-0000-7000-8000-000000000001", "fields", "name", "text_version", "1", "language",
	    "ur", "given_at", "2026-11-01T00:00:00.000Z", "digest", "Q1dGawLp7nmA0Dk05Sm7X6E0hbrlhM0rDiQ06vct0WE");
}

struct applied_work {
	const char *thread;
	int64_t seq;
};

static enum err applied_in(struct db_tx *tx, void *arg)
{
	struct applied_work *work = arg;
	struct thread_row t;
	enum err e = thread_load(tx, work->thread, &t);
	if (!e)
		work->seq = t.chains.chain[side_opposite(thread_our_side(&t))].seq;
	return e;
}

static int64_t applied(int i, const char *thread)
{
	struct applied_work work = { .thread = thread };
	assert_int_equal(db_read(two.at[i].office->db, applied_in, &work), OK);
	return work.seq;
}

static void messages_wait(void **state)
{
	char uid[UUID_TEXT], thread[UUID_TEXT];
	in_force(uid);
	uuid7(thread, now_ms());
	put(FIRST, thread, uid, MESSAGE_REFERRAL_OFFER, offer());
	two_exchange(&two);
	json_t *list = waiting(FIRST);
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);

	assert_int_equal(act(FIRST, uid, MESSAGE_AGREEMENT_SUSPEND), OK);
	two_exchange(&two);
	put(FIRST, thread, uid, MESSAGE_NOTE, json_pack("{s:s, s:s}", "text", "One question.", "language", "en"));
	two_exchange(&two);
	list = waiting(FIRST);
	assert_int_equal(json_array_size(list), 1);
	assert_non_null(strstr(json_str(json_array_get(list, 0), "error"), "(clause “suspension”, article 10)"));
	json_decref(list);

	/* That a person withdrew always gets through, and what stood before it is dropped. */
	put(FIRST, thread, uid, MESSAGE_REFERRAL_WITHDRAW, json_pack("{s:s}", "ground", "person_withdrew"));
	two_exchange(&two);
	list = waiting(FIRST);
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
	assert_int_equal(applied(SECOND, thread), 2); /* offer and withdrawal, not the note */
	verify_both();
}

#define PAIRED(test_) cmocka_unit_test_setup_teardown(test_, setup_paired, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PAIRED(sign),
		PAIRED(suspend),
		PAIRED(suspend_both),
		PAIRED(terminate),
		PAIRED(terminate_at_once),
		PAIRED(decline_crosses_signature),
		PAIRED(declines_cross),
		cmocka_unit_test_setup_teardown(only_confirmed_partners, setup, teardown),
		PAIRED(covers),
		PAIRED(messages_wait),
	};
	return cmocka_run_group_tests_name("agreement_db", tests, NULL, NULL);
}
