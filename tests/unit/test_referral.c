/* Every arrow of a referral, allowed and refused; and two offices under every interleaving of bounded length. */
#include "cooperation/referral.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- the table, told a second time from docs/exchange.md section 14 -------------------------------------------------
 */

static const struct {
	const char *from, *type, *to;
	enum side side;
} arrows[] = {
	{ "ready", "referral.offer", "sent", SIDE_HOME },
	{ "sent", "referral.accept", "accepted", SIDE_LEAD },
	{ "information_asked", "referral.accept", "accepted", SIDE_LEAD },
	{ "sent", "referral.refuse", "refused", SIDE_LEAD },
	{ "information_asked", "referral.refuse", "refused", SIDE_LEAD },
	{ "sent", "referral.ask", "information_asked", SIDE_LEAD },
	{ "information_asked", "referral.ask", "information_asked", SIDE_LEAD },
	{ "accepted", "referral.ask", "accepted", SIDE_LEAD },
	{ "outcome_disputed", "referral.ask", "outcome_disputed", SIDE_LEAD },
	{ "information_asked", "referral.answer", "sent", SIDE_HOME },
	{ "sent", "referral.answer", "sent", SIDE_HOME },
	{ "accepted", "referral.answer", "accepted", SIDE_HOME },
	{ "outcome_disputed", "referral.answer", "outcome_disputed", SIDE_HOME },
	{ "accepted", "referral.progress", "accepted", SIDE_LEAD },
	{ "outcome_proposed", "referral.progress", "outcome_proposed", SIDE_LEAD },
	{ "outcome_accepted", "referral.progress", "outcome_accepted", SIDE_LEAD },
	{ "outcome_disputed", "referral.progress", "outcome_disputed", SIDE_LEAD },
	{ "closing", "referral.progress", "closing", SIDE_LEAD },
	{ "accepted", "referral.outcome", "outcome_proposed", SIDE_LEAD },
	{ "outcome_disputed", "referral.outcome", "outcome_proposed", SIDE_LEAD },
	{ "outcome_proposed", "referral.outcome_accept", "outcome_accepted", SIDE_HOME },
	{ "outcome_proposed", "referral.outcome_dispute", "outcome_disputed", SIDE_HOME },
	{ "closing", "referral.outcome_dispute", "outcome_disputed", SIDE_HOME },
	{ "accepted", "referral.close", "closing", SIDE_LEAD },
	{ "outcome_accepted", "referral.close", "closing", SIDE_LEAD },
	{ "outcome_disputed", "referral.close", "closing", SIDE_LEAD },
	{ "closing", "referral.close_confirm", "closed", SIDE_HOME },
	{ "sent", "referral.withdraw", "withdrawn", SIDE_HOME },
	{ "information_asked", "referral.withdraw", "withdrawn", SIDE_HOME },
	{ "accepted", "referral.withdraw", "withdrawn", SIDE_HOME },
	{ "outcome_proposed", "referral.withdraw", "withdrawn", SIDE_HOME },
	{ "outcome_accepted", "referral.withdraw", "withdrawn", SIDE_HOME },
	{ "outcome_disputed", "referral.withdraw", "withdrawn", SIDE_HOME },
	{ "closing", "referral.withdraw", "withdrawn", SIDE_HOME },
};

static bool note_allowed(enum referral_state from, enum message_type type)
{
	return type == MESSAGE_NOTE && from >= REFERRAL_SENT && from != REFERRAL_GIVEN_UP;
}

static const char *expected(enum referral_state from, enum message_type type, enum side side)
{
	if (note_allowed(from, type))
		return referral_state_name(from);
	for (size_t i = 0; i < ARRAY_LEN(arrows); i++)
		if (strcmp(arrows[i].from, referral_state_name(from)) == 0 &&
		    strcmp(arrows[i].type, message_rule(type)->name) == 0 && arrows[i].side == side)
			return arrows[i].to;
	return NULL;
}

static void every_arrow(void **state)
{
	size_t allowed = 0;

	for (int from = 0; from < REFERRAL_STATE_MAX; from++)
		for (int type = 0; type < MESSAGE_TYPE_MAX; type++)
			for (int side = 0; side < SIDE_MAX; side++) {
				enum referral_state to = REFERRAL_STATE_MAX;
				struct fault fault = { 0 };
				enum err e = referral_move(from, type, side, &to, &fault);
				const char *want = expected(from, type, side);

				if (want) {
					assert_int_equal(e, OK);
					assert_string_equal(referral_state_name(to), want);
					allowed++;
				} else {
					assert_int_equal(e, ERR_CONFLICT);
					assert_int_equal(to, REFERRAL_STATE_MAX);
					assert_non_null(fault.key);
				}
			}
	assert_int_equal(allowed, ARRAY_LEN(arrows) + 2 * (REFERRAL_GIVEN_UP - REFERRAL_SENT));
}

static void buttons_are_the_table(void **state)
{
	assert_int_equal(referral_may(REFERRAL_CLOSING, SIDE_HOME, 0), MESSAGE_REFERRAL_OUTCOME_DISPUTE);
	assert_int_equal(referral_may(REFERRAL_CLOSING, SIDE_HOME, 1), MESSAGE_REFERRAL_CLOSE_CONFIRM);
	assert_int_equal(referral_may(REFERRAL_CLOSING, SIDE_HOME, 2), MESSAGE_REFERRAL_WITHDRAW);
	assert_int_equal(referral_may(REFERRAL_CLOSING, SIDE_HOME, 3), MESSAGE_NOTE);
	assert_int_equal(referral_may(REFERRAL_CLOSING, SIDE_HOME, 4), MESSAGE_TYPE_MAX);
	assert_int_equal(referral_may(REFERRAL_DRAFT, SIDE_HOME, 0), MESSAGE_TYPE_MAX);
}

static void steps_at_home(void **state)
{
	static const int to[STEP_MAX][3] = { /* from draft, consent_asked, ready; -1 refused */
		[STEP_ASK_CONSENT] = { REFERRAL_CONSENT_ASKED, -1, REFERRAL_CONSENT_ASKED },
		[STEP_CONSENT_GIVEN] = { -1, REFERRAL_READY, -1 },
		[STEP_CONSENT_REFUSED] = { -1, REFERRAL_DRAFT, -1 },
		[STEP_CONSENT_WITHDRAWN] = { -1, -1, REFERRAL_DRAFT },
		[STEP_EDIT] = { REFERRAL_DRAFT, REFERRAL_DRAFT, REFERRAL_DRAFT },
		[STEP_GIVE_UP] = { REFERRAL_GIVEN_UP, REFERRAL_GIVEN_UP, REFERRAL_GIVEN_UP }
	};

	for (int step = 0; step < STEP_MAX; step++)
		for (int from = 0; from < REFERRAL_STATE_MAX; from++) {
			enum referral_state got = REFERRAL_STATE_MAX;
			int want = from <= REFERRAL_READY ? to[step][from] : -1;
			enum err e = referral_prepare(from, step, &got, NULL);

			assert_int_equal(e, want < 0 ? ERR_CONFLICT : OK);
			assert_int_equal(got, want < 0 ? REFERRAL_STATE_MAX : want);
		}
}

static void names_come_back(void **state)
{
	enum referral_state got;

	for (int i = 0; i < REFERRAL_STATE_MAX; i++) {
		assert_true(referral_state_parse(referral_state_name(i), &got));
		assert_int_equal(got, i);
		assert_non_null(referral_state_label(i));
		assert_int_equal(referral_state_open(i), i >= REFERRAL_SENT && !referral_state_over(i));
	}
	assert_false(referral_state_parse("lost", &got));
}

/* --- two offices ----------------------------------------------------------------------------------------------------
 *
 * A world is both views, each side's messages with the receiver's verdict, and which verdicts came back. Every message
 * that was ever signed may be delivered at any later moment, any number of times (a second delivery finds the stored
 * verdict and changes nothing), or never: so loss, repetition and reordering are all in. The search goes through every
 * world that a bounded number of recorded messages can reach.
 */

enum verdict { UNSEEN, APPLIED, REFUSED, REFUSED_CROSSED };

#define MESSAGES_MAX 8

struct letter {
	uint8_t type, verdict, answered, is_signed, dropped;
	uint8_t ack; /* how many of the receiver's applied messages its writer had applied when signing */
};

struct office {
	struct referral_view view;
	struct letter sent[MESSAGES_MAX];
	uint8_t sent_count;
	uint8_t applied; /* messages of the other side, by number of letter + 1, that we applied last; 0 none */
	uint8_t acts;
};

struct world {
	struct office side[SIDE_MAX];
	uint8_t refusals; /* arbitrary final refusals so far (an agreement suspended for a moment) */
};

struct bounds {
	int acts[SIDE_MAX], refusals;
};

static size_t worlds, ends;

static int first_unanswered(const struct office *o)
{
	for (int i = 0; i < o->sent_count; i++)
		if (!o->sent[i].answered && !o->sent[i].dropped)
			return i;
	return -1;
}

/* The last move that this office has recorded and that still stands: what a partner must have seen. */
static int last_move(const struct office *o)
{
	for (int i = o->sent_count; i-- > 0;) {
		const struct letter *l = &o->sent[i];
		bool refused = l->answered && l->verdict >= REFUSED;

		if (message_rule(l->type)->moves && !l->dropped && !refused)
			return i;
	}
	return -1;
}

static void drop_letters(struct office *o, const struct referral_dropped *dropped)
{
	for (size_t i = 0; i < dropped->count; i++) {
		assert_false(o->sent[dropped->message[i]].is_signed);
		o->sent[dropped->message[i]].dropped = 1;
	}
}

static bool record(struct world *w, enum side side, enum message_type type)
{
	struct office *o = &w->side[side];

	if (o->sent_count == MESSAGES_MAX || referral_record(&o->view, type, NULL) != OK)
		return false;
	o->view.pending[o->view.pending_count - 1].message = o->sent_count;
	o->sent[o->sent_count++] = (struct letter) { .type = (uint8_t)type };
	o->acts++;
	return true;
}

static bool sign(struct world *w, enum side side)
{
	struct office *o = &w->side[side];
	int head = first_unanswered(o);

	if (head < 0 || o->sent[head].is_signed)
		return false;
	o->sent[head].is_signed = 1;
	o->sent[head].ack = o->applied;
	assert_int_equal(o->view.pending[0].message, head);
	o->view.pending[0].signed_out = true;
	return true;
}

static bool deliver(struct world *w, enum side from, bool refuse)
{
	struct office *sender = &w->side[from], *receiver = &w->side[side_opposite(from)];
	struct referral_dropped dropped = { .count = 0 };
	struct referral_seen seen;
	enum refusal code = REFUSAL_MAX;
	int head = first_unanswered(sender), own = first_unanswered(receiver);
	struct letter *l;
	enum err e;

	if (head < 0 || !sender->sent[head].is_signed || sender->sent[head].verdict != UNSEEN)
		return false;
	l = &sender->sent[head];
	if (refuse) {
		/* A withdrawal needs no agreement in force: nobody refuses it. */
		if (l->type == MESSAGE_REFERRAL_WITHDRAW)
			return false;
		l->verdict = REFUSED;
		w->refusals++;
		return true;
	}
	seen.head = own >= 0 && l->ack == own + 1;
	seen.moves = l->ack >= last_move(receiver) + 1;
	e = referral_receive(&receiver->view, l->type, seen, &code, &dropped, NULL);
	l->verdict = e == OK ? APPLIED : code == REFUSAL_CROSSED ? REFUSED_CROSSED : REFUSED;
	/* Honest offices never send what is plainly illegal, and nobody refuses home for having crossed. */
	assert_true(l->verdict == APPLIED || (l->verdict == REFUSED_CROSSED && from == SIDE_LEAD));
	if (e == OK) {
		receiver->applied = (uint8_t)(head + 1);
		drop_letters(receiver, &dropped);
	}
	return true;
}

static bool answer(struct world *w, enum side side)
{
	struct office *o = &w->side[side];
	struct referral_dropped dropped = { .count = 0 };
	int head = first_unanswered(o);

	if (head < 0 || o->sent[head].verdict == UNSEEN)
		return false;
	assert_int_equal(o->view.pending[0].message, head);
	assert_int_equal(referral_answered(&o->view, o->sent[head].verdict == APPLIED, &dropped, NULL), OK);
	o->sent[head].answered = 1;
	drop_letters(o, &dropped);
	return true;
}

static void check_end(const struct world *w)
{
	const struct referral_view *home = &w->side[SIDE_HOME].view, *lead = &w->side[SIDE_LEAD].view;

	ends++;
	assert_int_equal(home->pending_count, 0);
	assert_int_equal(lead->pending_count, 0);
	assert_int_equal(home->settled, home->shown);
	assert_int_equal(lead->settled, lead->shown);
	/* An offer that never arrived and was withdrawn leaves the lead without a thread. */
	if (lead->settled == REFERRAL_READY)
		assert_true(home->settled == REFERRAL_READY || home->settled == REFERRAL_GIVEN_UP);
	else
		assert_int_equal(home->settled, lead->settled);
}

/* --- the search: worlds seen are kept in an open hash table ---------------------------------------------------------
 */

#define TABLE_BITS 21
static struct world *seen_worlds;
static uint8_t *seen_used;

static uint64_t world_hash(const struct world *w)
{
	const uint8_t *p = (const uint8_t *)w;
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < sizeof(*w); i++)
		h = (h ^ p[i]) * UINT64_C(1099511628211);
	return h ^ h >> 29;
}

static bool is_new(const struct world *w)
{
	size_t mask = ((size_t)1 << TABLE_BITS) - 1, at = world_hash(w) & mask;

	for (; seen_used[at]; at = (at + 1) & mask)
		if (memcmp(&seen_worlds[at], w, sizeof(*w)) == 0)
			return false;
	assert_true(worlds < mask / 4 * 3);
	seen_used[at] = 1;
	memcpy(&seen_worlds[at], w, sizeof(*w));
	worlds++;
	return true;
}

static void search(const struct world *w, const struct bounds *b)
{
	bool moved = false;
	struct world next;

	if (!is_new(w))
		return;
	for (int side = 0; side < SIDE_MAX; side++) {
		next = *w;
		if (sign(&next, side)) {
			moved = true;
			search(&next, b);
		}
		next = *w;
		if (deliver(&next, side, false)) {
			moved = true;
			search(&next, b);
		}
		next = *w;
		if (w->refusals < b->refusals && deliver(&next, side, true))
			search(&next, b);
		next = *w;
		if (answer(&next, side)) {
			moved = true;
			search(&next, b);
		}
	}
	if (!moved)
		check_end(w);
	for (int side = 0; side < SIDE_MAX; side++)
		for (int type = MESSAGE_REFERRAL_OFFER; type < MESSAGE_TYPE_MAX; type++) {
			next = *w;
			if (w->side[side].acts < b->acts[side] && record(&next, side, type))
				search(&next, b);
		}
}

static void run(enum referral_state from, struct bounds b)
{
	struct world w;

	memset(&w, 0, sizeof(w)); /* padding too: worlds are compared byte by byte */
	for (int side = 0; side < SIDE_MAX; side++) {
		w.side[side].view.self = side;
		w.side[side].view.settled = w.side[side].view.shown = from;
	}
	worlds = ends = 0;
	seen_worlds = calloc((size_t)1 << TABLE_BITS, sizeof(*seen_worlds));
	seen_used = calloc((size_t)1 << TABLE_BITS, 1);
	assert_non_null(seen_worlds);
	search(&w, &b);
	assert_true(worlds > 10 && ends > 1);
	free(seen_worlds);
	free(seen_used);
}

static void both_offices_agree_after_anything(void **state)
{
	for (int from = REFERRAL_READY; from < REFERRAL_GIVEN_UP; from++)
		run(from, (struct bounds) { { 2, 2 }, 1 });
}

/* --- the named crossings of section 14 -------------------------------------------------------------------------------
 */

static void crossing(enum referral_state from, enum message_type lead, enum message_type home, bool move_first,
    enum verdict lead_verdict, enum referral_state to)
{
	struct world w;

	memset(&w, 0, sizeof(w));
	for (int side = 0; side < SIDE_MAX; side++) {
		w.side[side].view.self = side;
		w.side[side].view.settled = w.side[side].view.shown = from;
	}
	assert_true(record(&w, SIDE_LEAD, lead) && record(&w, SIDE_HOME, home));
	assert_true(sign(&w, SIDE_LEAD) && sign(&w, SIDE_HOME));
	/* The refusal comes before or after home's move: both ways end alike. */
	if (move_first)
		assert_true(deliver(&w, SIDE_HOME, false) && deliver(&w, SIDE_LEAD, false));
	else
		assert_true(deliver(&w, SIDE_LEAD, false) && answer(&w, SIDE_LEAD) && deliver(&w, SIDE_HOME, false));
	answer(&w, SIDE_LEAD);
	assert_true(answer(&w, SIDE_HOME));
	assert_int_equal(w.side[SIDE_LEAD].sent[0].verdict, lead_verdict);
	check_end(&w);
	assert_int_equal(w.side[SIDE_HOME].view.shown, to);
}

static void crossings(void **state)
{
	static const struct {
		enum referral_state from;
		enum message_type lead, home;
		enum verdict lead_verdict;
		enum referral_state to;
	} rows[] = {
#define ROW(from, lead, home, verdict, to) { REFERRAL_##from, lead, MESSAGE_REFERRAL_##home, verdict, REFERRAL_##to }
		ROW(SENT, MESSAGE_REFERRAL_ACCEPT, WITHDRAW, REFUSED_CROSSED, WITHDRAWN),
		ROW(SENT, MESSAGE_REFERRAL_REFUSE, WITHDRAW, REFUSED_CROSSED, WITHDRAWN),
		ROW(SENT, MESSAGE_REFERRAL_ASK, WITHDRAW, REFUSED_CROSSED, WITHDRAWN),
		ROW(ACCEPTED, MESSAGE_REFERRAL_OUTCOME, WITHDRAW, REFUSED_CROSSED, WITHDRAWN),
		ROW(OUTCOME_ACCEPTED, MESSAGE_REFERRAL_CLOSE, WITHDRAW, REFUSED_CROSSED, WITHDRAWN),
		ROW(INFORMATION_ASKED, MESSAGE_REFERRAL_ACCEPT, ANSWER, REFUSED_CROSSED, SENT),
		ROW(INFORMATION_ASKED, MESSAGE_REFERRAL_REFUSE, ANSWER, REFUSED_CROSSED, SENT),
		ROW(ACCEPTED, MESSAGE_REFERRAL_OUTCOME, ANSWER, REFUSED_CROSSED, ACCEPTED),
		ROW(OUTCOME_PROPOSED, MESSAGE_REFERRAL_PROGRESS, OUTCOME_ACCEPT, APPLIED, OUTCOME_ACCEPTED),
		ROW(OUTCOME_PROPOSED, MESSAGE_REFERRAL_PROGRESS, OUTCOME_DISPUTE, APPLIED, OUTCOME_DISPUTED),
		ROW(CLOSING, MESSAGE_REFERRAL_PROGRESS, CLOSE_CONFIRM, REFUSED_CROSSED, CLOSED),
		ROW(CLOSING, MESSAGE_REFERRAL_PROGRESS, OUTCOME_DISPUTE, APPLIED, OUTCOME_DISPUTED),
		ROW(ACCEPTED, MESSAGE_REFERRAL_PROGRESS, WITHDRAW, REFUSED_CROSSED, WITHDRAWN),
		ROW(CLOSING, MESSAGE_NOTE, CLOSE_CONFIRM, APPLIED, CLOSED),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (int move_first = 0; move_first < 2; move_first++)
			crossing(
			    rows[i].from, rows[i].lead, rows[i].home, move_first, rows[i].lead_verdict, rows[i].to);
}

/* --- the doors -------------------------------------------------------------------------------------------------------
 */

static struct referral_view view(enum side self, enum referral_state from)
{
	return (struct referral_view) { .self = self, .settled = from, .shown = from };
}

static void shown_before_settled(void **state)
{
	struct referral_view v = view(SIDE_LEAD, REFERRAL_SENT);
	struct referral_dropped dropped;

	assert_int_equal(referral_record(&v, MESSAGE_REFERRAL_ACCEPT, NULL), OK);
	assert_int_equal(v.shown, REFERRAL_ACCEPTED);
	assert_int_equal(v.settled, REFERRAL_SENT);
	assert_int_equal(referral_record(&v, MESSAGE_REFERRAL_ACCEPT, NULL), ERR_CONFLICT);
	assert_int_equal(referral_answered(&v, true, &dropped, NULL), OK);
	assert_int_equal(v.settled, REFERRAL_ACCEPTED);
	assert_int_equal(v.pending_count, 0);
}

static void refusal_takes_the_queue_with_it(void **state)
{
	struct referral_view v = view(SIDE_LEAD, REFERRAL_SENT);
	struct referral_dropped dropped;
	static const enum message_type queue[] = { MESSAGE_REFERRAL_ACCEPT, MESSAGE_NOTE, MESSAGE_REFERRAL_PROGRESS,
		MESSAGE_REFERRAL_OUTCOME };

	for (size_t i = 0; i < ARRAY_LEN(queue); i++) {
		assert_int_equal(referral_record(&v, queue[i], NULL), OK);
		v.pending[i].message = (int64_t)i + 10;
	}
	v.pending[0].signed_out = true;
	assert_int_equal(referral_answered(&v, false, &dropped, NULL), OK);
	assert_int_equal(dropped.count, 2);
	assert_int_equal(dropped.message[0], 12);
	assert_int_equal(dropped.message[1], 13);
	assert_int_equal(v.pending_count, 1);
	assert_int_equal(v.pending[0].type, MESSAGE_NOTE);
	assert_int_equal(v.shown, REFERRAL_SENT);
}

static void withdrawal_of_an_offer_that_never_arrived(void **state)
{
	struct referral_view v = view(SIDE_HOME, REFERRAL_READY);
	struct referral_dropped dropped;

	assert_int_equal(referral_record(&v, MESSAGE_REFERRAL_OFFER, NULL), OK);
	v.pending[0].signed_out = true;
	assert_int_equal(referral_record(&v, MESSAGE_REFERRAL_WITHDRAW, NULL), OK);
	assert_int_equal(referral_answered(&v, false, &dropped, NULL), OK);
	assert_int_equal(dropped.count, 1);
	assert_int_equal(v.pending_count, 0);
	assert_int_equal(v.settled, REFERRAL_GIVEN_UP);
	assert_int_equal(v.shown, REFERRAL_GIVEN_UP);
	assert_int_equal(referral_record(&v, MESSAGE_NOTE, NULL), ERR_CONFLICT);
}

static void broken_promises_stop_the_thread(void **state)
{
	struct referral_view v = view(SIDE_LEAD, REFERRAL_SENT), before;
	struct referral_dropped dropped;
	enum refusal code;

	assert_int_equal(referral_record(&v, MESSAGE_REFERRAL_ACCEPT, NULL), OK);
	v.pending[0].signed_out = true;
	before = v;
	assert_int_equal(referral_receive(&v, MESSAGE_REFERRAL_WITHDRAW, (struct referral_seen) { false, false }, &code,
			     &dropped, NULL),
	    OK);
	assert_int_equal(v.pending[0].state, PENDING_VOID);
	assert_int_equal(referral_answered(&v, true, &dropped, NULL), ERR_UNTRUSTED);
	v = before;
	assert_int_equal(
	    referral_receive(&v, MESSAGE_REFERRAL_ANSWER, (struct referral_seen) { true, true }, &code, &dropped, NULL),
	    OK);
	assert_int_equal(v.settled, REFERRAL_ACCEPTED);
	assert_int_equal(v.pending[0].state, PENDING_APPLIED);
	assert_int_equal(referral_answered(&v, false, &dropped, NULL), ERR_UNTRUSTED);
	assert_int_equal(referral_answered(&v, true, &dropped, NULL), OK);
	assert_int_equal(v.settled, REFERRAL_ACCEPTED);
}

static void a_lie_is_refused_and_changes_nothing(void **state)
{
	struct referral_view v = view(SIDE_HOME, REFERRAL_SENT), before = v;
	struct referral_dropped dropped;
	enum refusal code = REFUSAL_MAX;
	struct fault fault = { 0 };

	assert_int_equal(referral_receive(&v, MESSAGE_REFERRAL_OUTCOME, (struct referral_seen) { false, true }, &code,
			     &dropped, &fault),
	    ERR_CONFLICT);
	assert_int_equal(code, REFUSAL_MOVE);
	assert_memory_equal(&v, &before, sizeof(v));
	/* Home's own type, sent by the lead. */
	assert_int_equal(referral_receive(&v, MESSAGE_REFERRAL_WITHDRAW, (struct referral_seen) { false, true }, &code,
			     &dropped, &fault),
	    ERR_CONFLICT);
	assert_int_equal(code, REFUSAL_MOVE);
}

static void the_queue_has_an_end(void **state)
{
	struct referral_view v = view(SIDE_HOME, REFERRAL_SENT);

	for (int i = 0; i < REFERRAL_QUEUE_MAX; i++)
		assert_int_equal(referral_record(&v, MESSAGE_NOTE, NULL), OK);
	assert_int_equal(referral_record(&v, MESSAGE_NOTE, NULL), ERR_CONFLICT);
	/* A person who withdraws is not told to wait for the partner. */
	assert_int_equal(referral_record(&v, MESSAGE_REFERRAL_WITHDRAW, NULL), OK);
	assert_int_equal(v.shown, REFERRAL_WITHDRAWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_arrow),
		cmocka_unit_test(buttons_are_the_table),
		cmocka_unit_test(steps_at_home),
		cmocka_unit_test(names_come_back),
		cmocka_unit_test(both_offices_agree_after_anything),
		cmocka_unit_test(crossings),
		cmocka_unit_test(shown_before_settled),
		cmocka_unit_test(refusal_takes_the_queue_with_it),
		cmocka_unit_test(withdrawal_of_an_offer_that_never_arrived),
		cmocka_unit_test(broken_promises_stop_the_thread),
		cmocka_unit_test(a_lie_is_refused_and_changes_nothing),
		cmocka_unit_test(the_queue_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
