/* What cooperation adds to casework's pages, and what it hears of casework's events. */
#include "cooperation/agreement_db.h"
#include "cooperation/referral_view.h"
#include "referral.sql.h"

static enum err on_event(const struct casefile_act *act, int64_t casefile_id, const char *kind, const json_t *data)
{
	return referral_tell_progress(act, casefile_id, kind, data);
}

/* A partner's file waits as bytes until its referral is accepted: no document refers to it yet. */
static enum err blob_needed(struct db_tx *tx, const char *sha256, bool *ret_needed)
{
	int64_t n;
	enum err e = db_get_int(tx, &sql_referral_blob_needed, DB_ARGS(db_text(sha256)), &n);
	if (!e)
		*ret_needed = n > 0;
	return e;
}

const struct casework_plugin cooperation_plugin = {
	.on_event = on_event,
	.case_view = referral_case_view,
	.person_view = referral_person_view,
	.home_view = agreement_home_view,
	.blob_needed = blob_needed,
};
