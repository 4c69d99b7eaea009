/*
 * Referrals as stored, and the one door through which they change: load → rule (referral.h) → move → journal → event on
 * the case → outbox, all in the caller's transaction.
 *
 *     e = referral_load(act->tx, act->arena, id, &r);
 *     e = referral_act(act, &r, MESSAGE_REFERRAL_ACCEPT, body, NULL, &fault);
 *
 * The packet, at home and at the lead alike:
 *
 *     { subject, nationality, residence, authority, language, person_language, number,
 *       fields: { key: text }, files: [{ document?, name, type, size, sha256 }], consents: [statement] }
 *
 * `sha256` of a file is base64url as it travels. The supplement is the answer that home prepares: { text, language,
 * fields, files }. The story holds what was last told: { question, answer, refusal, outcome, opinion, objections,
 * closing, withdrawal }, each the body of its message, the opinion what the person said about the outcome.
 */
#ifndef SULH_COOPERATION_REFERRAL_DB_H
#define SULH_COOPERATION_REFERRAL_DB_H

#include "cooperation/exchange.h"
#include "cooperation/packet.h"
#include "cooperation/referral.h"

struct referral {                                     /* texts and JSON in the arena given */
	int64_t id, version, partner_id, casefile_id; /* casefile_id 0: lead before accepting */
	int64_t due_at;                               /* lead: the offer is to be decided until then; 0 none */
	int64_t created_at, changed_at;
	const char *uid, *agreement, *partner_number, *result;
	json_t *packet, *supplement, *story; /* changed in place, then saved */
	struct referral_view view;           /* .self says which side we are */
};

static inline bool referral_is_home(const struct referral *r)
{
	return r->view.self == SIDE_HOME;
}

enum err referral_load(struct db_tx *, struct arena *, int64_t id, struct referral *ret_referral) MUST_CHECK;
enum err referral_find(struct db_tx *, struct arena *, const char *uid, struct referral *ret_referral) MUST_CHECK;
/* Calls `visit` for each referral of a case, oldest first. */
enum err referral_each(struct db_tx *, struct arena *, int64_t casefile_id,
    enum err (*visit)(struct referral *, void *arg), void *arg) MUST_CHECK;
/* What may() is asked about: the case when there is one, else a case that carries a referral. */
enum err referral_object(const struct office *, struct db_tx *, struct arena *, const struct referral *,
    struct object *ret_object) MUST_CHECK;

/* ERR_CONFLICT when `seen` (0 = not checked) is not the version that is there. */
enum err referral_fresh(const struct referral *, int64_t seen, struct fault *) MUST_CHECK;

/* --- the door ----------------------------------------------------------------------------------------------------- */

/*
 * A message of ours: agreement in force (where the type needs it) and legal move, or the fault says what is missing.
 * `body` is stolen. `id` NULL, or the one under which its files were announced.
 */
enum err referral_act(const struct casefile_act *, struct referral *, enum message_type, json_t *body, const char *id,
    struct fault *) MUST_CHECK;

/* --- home, before anything left (referral_home.c) ----------------------------------------------------------------- */

/* Makes a draft on the case under the agreement, with every field that the complaint has and the agreement allows. */
enum err referral_start(
    const struct casefile_act *, struct casefile *, const char *agreement, int64_t *ret_id, struct fault *) MUST_CHECK;

/* What goes into a packet. Texts lent. */
struct packet_choice {
	const char *subject, *residence, *authority, *language; /* of the offer; NULL for an answer */
	const char *text;                                       /* of the answer; NULL for the offer */
	const char *const *fields;
	size_t field_count;
	const int64_t *documents; /* document.id of the case */
	size_t document_count;
};
/* Chooses anew: back to draft, and a consent that was asked for the old choice counts no more. */
enum err referral_choose(
    const struct casefile_act *, struct referral *, const struct packet_choice *, struct fault *) MUST_CHECK;
enum err referral_ask_consent(const struct casefile_act *, struct referral *, struct fault *) MUST_CHECK;
/* Refused unless agreement, clause and consent cover exactly this; the fault names which is missing. */
enum err referral_send(const struct casefile_act *, struct referral *, struct fault *) MUST_CHECK;
enum err referral_give_up(const struct casefile_act *, struct referral *, struct fault *) MUST_CHECK;

/* The same for an answer to the lead's question; a text alone needs no consent. */
enum err referral_prepare_answer(
    const struct casefile_act *, struct referral *, const struct packet_choice *, struct fault *) MUST_CHECK;
enum err referral_ask_answer_consent(const struct casefile_act *, struct referral *, struct fault *) MUST_CHECK;
enum err referral_send_answer(const struct casefile_act *, struct referral *, struct fault *) MUST_CHECK;

/* The fields that the complaint of a home case can give: value_of(key) is NULL where it has none. */
struct packet_source {
	struct packet_value value[PACKET_FIELDS_MAX];
	size_t count;
};
enum err packet_source_load(const struct casefile_act *, const struct casefile *, struct packet_source *ret) MUST_CHECK;
const char *packet_source_value(const struct packet_source *, const char *key);
/* The body complained of as a partner reads it: in English where the profile names it so. */
const char *referral_authority(const struct casefile_act *, const struct casefile *);

/* --- lead (referral_lead.c) --------------------------------------------------------------------------------------- */

/* Opens our own national case from the packet and the files that have arrived, and tells home its number. */
enum err referral_accept(
    const struct casefile_act *, struct referral *, const char *words, const char *language, struct fault *) MUST_CHECK;
/* What happened in a lead's case and matters to home goes there as progress. For casework_plugin.on_event. */
enum err referral_tell_progress(
    const struct casefile_act *, int64_t casefile_id, const char *kind, const json_t *data) MUST_CHECK;

/* --- what hangs on a move (referral_effect.c) --------------------------------------------------------------------- */

/* Clocks, events and story of a message of ours that was recorded, or of theirs that is being applied. */
enum err referral_recorded(
    const struct casefile_act *, struct referral *, enum message_type, const json_t *body) MUST_CHECK;
enum err referral_received(const struct casefile_act *, struct referral *, const struct exchange_message *) MUST_CHECK;
/* Of ours, when its receipt came at `at`. */
enum err referral_receipted(const struct casefile_act *, struct referral *, enum message_type, int64_t at) MUST_CHECK;
/* Adds an event with {receiver|sender: partner's names} to the case, if there is one; `data` stolen. */
enum err referral_event(
    const struct casefile_act *, const struct referral *, const char *kind, json_t *data) MUST_CHECK;
/* {"az": …, "en": …}: one of our own sentences as a value in an event's data. */
json_t *words_in_all(const char *message);

/* --- inside ------------------------------------------------------------------------------------------------------- */

enum err referral_insert(const struct casefile_act *, struct referral *, const struct partner *) MUST_CHECK;
enum err referral_save(const struct casefile_act *, struct referral *) MUST_CHECK;
/* The same for what no open form needs to know: receipts, notes, news. Its readers' versions stay good. */
enum err referral_save_quietly(const struct casefile_act *, struct referral *) MUST_CHECK;
/* Messages that now never go: out of the queue, told on the case. */
enum err referral_drop(
    const struct casefile_act *, const struct referral *, const struct referral_dropped *) MUST_CHECK;
enum err referral_journal(
    const struct casefile_act *, const struct referral *, const char *act, json_t *payload) MUST_CHECK;
enum err referral_note_add(
    const struct casefile_act *, const struct referral *, const char *direction, const json_t *body) MUST_CHECK;
/* Starts or stops a clock "agreement.…" on the case, from the moment `at`, by the agreement's clause. */
enum err referral_clock_start(
    const struct casefile_act *, const struct referral *, const char *key, int64_t at) MUST_CHECK;
enum err referral_clock_stop(const struct casefile_act *, const struct referral *, const char *key) MUST_CHECK;
enum err referral_clocks_stop(const struct casefile_act *, const struct referral *) MUST_CHECK;
/* Until when an offer that came at `at` is to be accepted or refused. */
enum err referral_accept_by(
    const struct casefile_act *, const char *agreement, int64_t at, int64_t *ret_due) MUST_CHECK;
/* Is the agreement in force for what we send; and does it cover this body (offer, answer)? The fault names the clause.
 */
enum err referral_allowed(
    const struct casefile_act *, const struct referral *, const json_t *body, struct fault *) MUST_CHECK;

#endif
