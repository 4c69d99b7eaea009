/* The table of message types: who may send each, in which thread, and what its body holds (exchange.md section 10). */
#include "cooperation/message.h"
#include "cooperation/message_schema.h"

#include "base/util.h"

#include <string.h>

#define REQUIRED SCHEMA_REQUIRED
#define AGREEMENT_JWS_LIMIT (512 * 1024) /* 256 KiB canonical, base64url, header and signature */

static const char *const refuse_reasons[] = { "outside_mandate", "outside_agreement", "premature", "out_of_time",
	"court_pending", "already_decided", "repeat", "incomplete", "no_answer", "other", NULL };
static const char *const progress_steps[] = { "registered", "asked", "reminded", "escalated", "replied",
	"recommendation", "evidence", "meeting", "other", NULL };
static const char *const issue_results[] = { "resolved", "partly", "unresolved", NULL };
static const char *const close_results[] = { "resolved", "partly", "unresolved", "moved_to_formal_path", NULL };
static const char *const withdraw_grounds[] = { "person_withdrew", "consent_withdrawn", "agreement_ended",
	"sent_in_error", "other", NULL };
static const char *const purposes[] = { "referral", NULL };

static const struct schema a_key[] = { { "", SCHEMA_KEY }, { NULL } };
static const struct schema a_hash[] = { { "", SCHEMA_HASH }, { NULL } };

static const struct schema file[] = {
	{ "id", SCHEMA_HEX16, REQUIRED },
	{ "name", SCHEMA_LINE, REQUIRED, .max = 200 },
	{ "type", SCHEMA_LINE, REQUIRED, .max = 100 },
	{ "size", SCHEMA_INT, REQUIRED, .min = 1, .max = 104857600 },
	{ "sha256", SCHEMA_HASH, REQUIRED },
	{ "key", SCHEMA_HASH, REQUIRED },
	{ "chunk", SCHEMA_INT, REQUIRED, .min = 262144, .max = 262144 },
	{ "chunks", SCHEMA_INT, REQUIRED, .min = 1, .max = 400 },
	{ "category", SCHEMA_KEY },
	{ NULL },
};
static const struct schema a_file[] = { { "", SCHEMA_OBJECT, .of = file }, { NULL } };

static const struct schema consent[] = {
	{ "purpose", SCHEMA_WORD, REQUIRED, .words = purposes },
	{ "receiver", SCHEMA_HASH, REQUIRED },
	{ "agreement", SCHEMA_UUID, REQUIRED },
	{ "fields", SCHEMA_LIST, .max = 32, .of = a_key },
	{ "files", SCHEMA_LIST, .max = 20, .of = a_hash },
	{ "text_version", SCHEMA_LINE, REQUIRED, .max = 64 },
	{ "language", SCHEMA_LANG, REQUIRED },
	{ "given_at", SCHEMA_TIME, REQUIRED },
	{ "digest", SCHEMA_HASH, REQUIRED },
	{ NULL },
};

static const struct schema translation[] = {
	{ "language", SCHEMA_LANG, REQUIRED },
	{ "machine", SCHEMA_BOOL, REQUIRED },
	{ "text", SCHEMA_TEXT, REQUIRED, .max = 20000 },
	{ NULL },
};
static const struct schema a_translation[] = { { "", SCHEMA_OBJECT, .of = translation }, { NULL } };

static const struct schema issue[] = {
	{ "key", SCHEMA_KEY, REQUIRED },
	{ "text", SCHEMA_TEXT, REQUIRED, .max = 4000 },
	{ "result", SCHEMA_WORD, REQUIRED, .words = issue_results },
	{ NULL },
};
static const struct schema an_issue[] = { { "", SCHEMA_OBJECT, .of = issue }, { NULL } };

static const struct schema objection[] = {
	{ "key", SCHEMA_KEY, REQUIRED },
	{ "why", SCHEMA_TEXT, REQUIRED, .max = 4000 },
	{ NULL },
};
static const struct schema an_objection[] = { { "", SCHEMA_OBJECT, .of = objection }, { NULL } };

static const struct schema signature_body[] = {
	{ "agreement", SCHEMA_JWS, REQUIRED, .max = AGREEMENT_JWS_LIMIT },
	{ NULL },
};

static const struct schema reason_body[] = {
	{ "reason", SCHEMA_TEXT, REQUIRED, .max = 2000 },
	{ "language", SCHEMA_LANG, REQUIRED },
	{ NULL },
};

static const struct schema resume_body[] = {
	{ "reason", SCHEMA_TEXT, .max = 2000 },
	{ "language", SCHEMA_LANG },
	{ NULL },
};

static const struct schema terminate_body[] = {
	{ "reason", SCHEMA_TEXT, REQUIRED, .max = 2000 },
	{ "language", SCHEMA_LANG, REQUIRED },
	{ "effective", SCHEMA_DATE, REQUIRED },
	{ NULL },
};

static const struct schema offer_body[] = {
	{ "number", SCHEMA_LINE, REQUIRED, .max = 64 },
	{ "subject", SCHEMA_KEY, REQUIRED },
	{ "nationality", SCHEMA_COUNTRY },
	{ "residence", SCHEMA_COUNTRY },
	{ "authority", SCHEMA_LINE, REQUIRED, .max = 300 },
	{ "language", SCHEMA_LANG, REQUIRED },
	{ "person_language", SCHEMA_LANG },
	{ "courtesy", SCHEMA_LIST, .max = 4, .of = a_translation },
	{ "fields", SCHEMA_PACKET, REQUIRED },
	{ "files", SCHEMA_LIST, .max = 20, .of = a_file },
	{ "consent", SCHEMA_OBJECT, REQUIRED, .of = consent },
	{ NULL },
};

static const struct schema accept_body[] = {
	{ "number", SCHEMA_LINE, REQUIRED, .max = 64 },
	{ "officer", SCHEMA_LINE, .max = 200 },
	{ "text", SCHEMA_TEXT, .max = 4000 },
	{ "language", SCHEMA_LANG },
	{ NULL },
};

static const struct schema refuse_body[] = {
	{ "reason", SCHEMA_WORD, REQUIRED, .words = refuse_reasons },
	{ "text", SCHEMA_TEXT, REQUIRED, .max = 4000 },
	{ "language", SCHEMA_LANG, REQUIRED },
	{ NULL },
};

static const struct schema ask_body[] = {
	{ "question", SCHEMA_TEXT, REQUIRED, .max = 4000 },
	{ "language", SCHEMA_LANG, REQUIRED },
	{ "fields", SCHEMA_LIST, .max = 32, .of = a_key },
	{ "due", SCHEMA_DATE },
	{ NULL },
};

static const struct schema answer_body[] = {
	{ "text", SCHEMA_TEXT, REQUIRED, .max = 20000 },
	{ "language", SCHEMA_LANG, REQUIRED },
	{ "fields", SCHEMA_PACKET },
	{ "files", SCHEMA_LIST, .max = 20, .of = a_file },
	{ "consent", SCHEMA_OBJECT, .of = consent },
	{ NULL },
};

static const struct schema progress_body[] = {
	{ "step", SCHEMA_WORD, REQUIRED, .words = progress_steps },
	{ "text", SCHEMA_TEXT, REQUIRED, .max = 8000 },
	{ "language", SCHEMA_LANG, REQUIRED },
	{ "at", SCHEMA_TIME, REQUIRED },
	{ "due", SCHEMA_DATE },
	{ "files", SCHEMA_LIST, .max = 20, .of = a_file },
	{ NULL },
};

static const struct schema outcome_body[] = {
	{ "issues", SCHEMA_LIST, REQUIRED, .max = 20, .of = an_issue },
	{ "text", SCHEMA_TEXT, .max = 8000 },
	{ "language", SCHEMA_LANG, REQUIRED },
	{ "files", SCHEMA_LIST, .max = 20, .of = a_file },
	{ NULL },
};

static const struct schema remark_body[] = {
	{ "text", SCHEMA_TEXT, .max = 4000 },
	{ "language", SCHEMA_LANG },
	{ NULL },
};

static const struct schema dispute_body[] = {
	{ "issues", SCHEMA_LIST, REQUIRED, .max = 20, .of = an_objection },
	{ "language", SCHEMA_LANG, REQUIRED },
	{ NULL },
};

static const struct schema close_body[] = {
	{ "result", SCHEMA_WORD, REQUIRED, .words = close_results },
	{ "text", SCHEMA_TEXT, REQUIRED, .max = 8000 },
	{ "language", SCHEMA_LANG, REQUIRED },
	{ NULL },
};

static const struct schema withdraw_body[] = {
	{ "ground", SCHEMA_WORD, REQUIRED, .words = withdraw_grounds },
	{ "text", SCHEMA_TEXT, .max = 2000 },
	{ "language", SCHEMA_LANG },
	{ NULL },
};

static const struct schema note_body[] = {
	{ "text", SCHEMA_TEXT, REQUIRED, .max = 8000 },
	{ "language", SCHEMA_LANG, REQUIRED },
	{ NULL },
};

#define IN_AGREEMENT (1 << THREAD_AGREEMENT)
#define IN_REFERRAL (1 << THREAD_REFERRAL)
#define OPENS true
#define MOVES true
#define INFORMS false
#define IN_FORCE true

static const struct message_rule rules[MESSAGE_TYPE_MAX] = {
	[MESSAGE_AGREEMENT_PROPOSE] = { "agreement.propose", N_("Agreement proposed"), IN_AGREEMENT, BY_OPENER, OPENS,
	    MOVES, false, signature_body },
	[MESSAGE_AGREEMENT_SIGN] = { "agreement.sign", N_("Agreement signed"), IN_AGREEMENT, BY_OTHER, false, MOVES,
	    false, signature_body },
	[MESSAGE_AGREEMENT_DECLINE] = { "agreement.decline", N_("Agreement declined"), IN_AGREEMENT, BY_BOTH, false,
	    MOVES, false, reason_body },
	[MESSAGE_AGREEMENT_SUSPEND] = { "agreement.suspend", N_("Agreement suspended"), IN_AGREEMENT, BY_BOTH, false,
	    MOVES, false, reason_body },
	[MESSAGE_AGREEMENT_RESUME] = { "agreement.resume", N_("Agreement resumed"), IN_AGREEMENT, BY_BOTH, false, MOVES,
	    false, resume_body },
	[MESSAGE_AGREEMENT_TERMINATE] = { "agreement.terminate", N_("Agreement terminated"), IN_AGREEMENT, BY_BOTH,
	    false, MOVES, false, terminate_body },
	[MESSAGE_REFERRAL_OFFER] = { "referral.offer", N_("Referral sent"), IN_REFERRAL, BY_OPENER, OPENS, MOVES,
	    IN_FORCE, offer_body },
	[MESSAGE_REFERRAL_ACCEPT] = { "referral.accept", N_("Referral accepted"), IN_REFERRAL, BY_OTHER, false, MOVES,
	    IN_FORCE, accept_body },
	[MESSAGE_REFERRAL_REFUSE] = { "referral.refuse", N_("Referral refused"), IN_REFERRAL, BY_OTHER, false, MOVES,
	    IN_FORCE, refuse_body },
	[MESSAGE_REFERRAL_ASK] = { "referral.ask", N_("More information asked"), IN_REFERRAL, BY_OTHER, false, MOVES,
	    IN_FORCE, ask_body },
	[MESSAGE_REFERRAL_ANSWER] = { "referral.answer", N_("Information given"), IN_REFERRAL, BY_OPENER, false, MOVES,
	    IN_FORCE, answer_body },
	[MESSAGE_REFERRAL_PROGRESS] = { "referral.progress", N_("Progress reported"), IN_REFERRAL, BY_OTHER, false,
	    INFORMS, IN_FORCE, progress_body },
	[MESSAGE_REFERRAL_OUTCOME] = { "referral.outcome", N_("Outcome proposed"), IN_REFERRAL, BY_OTHER, false, MOVES,
	    IN_FORCE, outcome_body },
	[MESSAGE_REFERRAL_OUTCOME_ACCEPT] = { "referral.outcome_accept", N_("Outcome accepted"), IN_REFERRAL, BY_OPENER,
	    false, MOVES, IN_FORCE, remark_body },
	[MESSAGE_REFERRAL_OUTCOME_DISPUTE] = { "referral.outcome_dispute", N_("Outcome disputed"), IN_REFERRAL,
	    BY_OPENER, false, MOVES, IN_FORCE, dispute_body },
	[MESSAGE_REFERRAL_CLOSE] = { "referral.close", N_("Closing proposed"), IN_REFERRAL, BY_OTHER, false, MOVES,
	    IN_FORCE, close_body },
	[MESSAGE_REFERRAL_CLOSE_CONFIRM] = { "referral.close_confirm", N_("Closing confirmed"), IN_REFERRAL, BY_OPENER,
	    false, MOVES, IN_FORCE, remark_body },
	[MESSAGE_REFERRAL_WITHDRAW] = { "referral.withdraw", N_("Referral withdrawn"), IN_REFERRAL, BY_OPENER, false,
	    MOVES, false, withdraw_body },
	[MESSAGE_NOTE] = { "note", N_("Note between the offices"), IN_AGREEMENT | IN_REFERRAL, BY_BOTH, false, INFORMS,
	    IN_FORCE, note_body },
};

const struct message_rule *message_rule(enum message_type type)
{
	return &rules[type];
}

bool message_type_parse(const char *name, enum message_type *ret_type)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (strcmp(rules[i].name, name) == 0) {
			*ret_type = (enum message_type)i;
			return true;
		}
	return false;
}
