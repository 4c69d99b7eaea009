/* Every kind of event reads well in four languages, for the person and for officers: no brace is left, no word missing.
 */
#include "../lib/desk.h"
#include "casework/casefile.h"

static struct desk desk;
static const struct actor officer = { .kind = ACTOR_SYSTEM, .name = "An officer", .tag = "system" };

/* All kinds, written here again; those the person must never see are marked. */
static const struct {
	const char *kind;
	bool hidden;
} kinds[] = {
	{ "received", false },
	{ "registered", false },
	{ "acknowledged", false },
	{ "assigned", true },
	{ "admitted", false },
	{ "to_person", false },
	{ "from_person", false },
	{ "note", true },
	{ "document_person", false },
	{ "document_staff", true },
	{ "document_partner", true },
	{ "agency_asked", false },
	{ "agency_reminded", false },
	{ "agency_escalated", false },
	{ "agency_replied", false },
	{ "recommendation_issued", false },
	{ "recommendation_evidence", false },
	{ "closed", false },
	{ "consent_asked", false },
	{ "consent_given", false },
	{ "consent_refused", false },
	{ "consent_withdrawn", false },
	{ "referral_sent", false },
	{ "referral_receipted", false },
	{ "referral_received", true },
	{ "referral_accepted", false },
	{ "referral_refused", false },
	{ "referral_information_asked", false },
	{ "referral_information_given", false },
	{ "referral_progress", false },
	{ "referral_agency_asked", false },
	{ "referral_agency_reminded", false },
	{ "referral_agency_escalated", false },
	{ "referral_agency_replied", false },
	{ "referral_recommendation_issued", false },
	{ "referral_evidence_received", false },
	{ "referral_outcome_proposed", false },
	{ "referral_outcome_accepted", false },
	{ "referral_outcome_disputed", false },
	{ "referral_closing", false },
	{ "referral_closed", false },
	{ "referral_withdrawn", false },
	{ "referral_undelivered", true },
};

static json_t *names(const char *en)
{
	json_t *one = json_object();
	json_put_str(one, "en", en);
	return one;
}

/* Every member that any sentence asks for. */
static json_t *full_data(void)
{
	json_t *data = json_object();
	json_put_str(data, "number", "IHM-2026-000001");
	json_put_str(data, "channel", "web");
	json_put_str(data, "name", "passport {scan}.png"); /* braces in a value are the person's */
	json_put_str(data, "body", "Xəzər Tikinti MMC");
	json_put_str(data, "addressee", "Xəzər Tikinti MMC");
	json_put_int(data, "due_at", desk.now);
	json_put_str(data, "position", "partly");
	json_put_str(data, "state", "implemented");
	json_put_str(data, "result", "resolved");
	json_put_str(data, "closing", desk.office->profile->closing[0].key);
	json_put_str(data, "refusal", desk.office->profile->referral_refusals.at[0].key);
	json_put_str(data, "words", "Some words.");
	json_put_str(data, "partner_number", "WMS-2026-000007");
	json_put(data, "receiver", names("Federal Ombudsman"));
	json_put(data, "sender", names("Commissioner"));
	return data;
}

struct work {
	int64_t id;
	const char *kind;
	enum lang lang;
	bool for_person;
	json_t *data, *list;
};

static enum err add(struct db_tx *tx, void *arg)
{
	const struct work *work = arg;
	const struct casefile_act act = { desk.office, tx, &officer, desk.now, desk.arena };
	return event_add(&act, work->id, work->kind, json_incref(work->data));
}

static enum err list(struct db_tx *tx, void *arg)
{
	struct work *work = arg;
	const struct casefile_act act = { desk.office, tx, &officer, desk.now, desk.arena };
	return event_list(&act, work->lang, work->id, work->for_person, &work->list);
}

static json_t *events(int64_t id, enum lang lang, bool for_person)
{
	struct work work = { .id = id, .lang = lang, .for_person = for_person };
	assert_int_equal(db_read(desk.office->db, list, &work), OK);
	return work.list;
}

static void check_text(const char *kind, const json_t *event)
{
	char plain[1000];
	const char *text = json_str(event, "text"), *scan = strstr(text, "{scan}");
	snprintf(
	    plain, sizeof(plain), "%.*s%s", (int)(scan ? scan - text : (long)strlen(text)), text, scan ? scan + 6 : "");
	if (!*text || strpbrk(plain, "{}") || strstr(plain, "  ") || strstr(plain, "..") ||
	    text[strlen(text) - 1] == ' ')
		fail_msg("%s: “%s”", kind, text);
}

static void every_kind_in_every_language(void **state)
{
	json_t *data = full_data();
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct work work = { .id = desk_file(&desk, (int)k, "Xəzər"), .kind = kinds[k].kind, .data = data };
		json_t *before = events(work.id, LANG_EN, true);
		size_t person_before = json_array_size(before);
		json_decref(before);
		assert_int_equal(db_write(desk.office->db, add, &work), OK);
		for (int lang = 0; lang < LANG_MAX; lang++) {
			json_t *all = events(work.id, (enum lang)lang, false),
			       *shown = events(work.id, (enum lang)lang, true);
			assert_int_equal(json_array_size(all), 2);
			assert_int_equal(json_array_size(shown), person_before + !kinds[k].hidden);
			check_text(kinds[k].kind, json_array_get(all, 1));
			check_text(kinds[k].kind, json_array_get(shown, json_array_size(shown) - 1));
			assert_null(json_object_get(
			    json_array_get(shown, 0), "actor_name")); /* who did it is not the person's */
			json_decref(all);
			json_decref(shown);
		}
	}
	json_decref(data);
}

static void an_unknown_kind_is_our_mistake(void **state)
{
	json_t *data = json_object();
	struct work work = { .id = desk_file(&desk, 99, "Xəzər"), .kind = "no_such_kind", .data = data };
	assert_int_equal(db_write(desk.office->db, add, &work), ERR_INTERNAL);
	json_decref(data);
}

static int begin(void **state)
{
	text_init();
	desk_open(&desk, "az-commissioner");
	return 0;
}

static int end(void **state)
{
	desk_close(&desk);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_in_every_language),
		cmocka_unit_test(an_unknown_kind_is_our_mistake),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
