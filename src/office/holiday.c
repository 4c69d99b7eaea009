/* Changes of the calendar: the rule, and the writing. */
#include "office/holiday.h"

#include "base/util.h"
#include "current.sql.h"
#include "office/current.h"
#include "office/journal.h"
#include "text/date.h"

#include <string.h>

static bool has_holiday(const struct calendar *cal, int64_t day, const char *key)
{
	for (size_t i = 0; i < cal->holidays; i++)
		if (cal->holiday[i].day == day && (!*key || !strcmp(cal->holiday[i].key, key)))
			return true;
	return false;
}

static bool has_workday(const struct calendar *cal, int64_t day)
{
	for (size_t i = 0; i < cal->workdays; i++)
		if (cal->workday[i] == day)
			return true;
	return false;
}

static enum err feast_ok(
    const struct holiday *h, const enum lang *languages, size_t languages_count, struct fault *fault)
{
	char field[16] = "name_";
	if (!h->key || !*h->key)
		return fault_set(fault, ERR_INVALID, "key", N_("Choose a feast, or give a new one a name."), NULL);
	for (size_t i = 0; i < languages_count; i++) {
		const char *name = h->name.in[languages[i]];
		if (name && *name)
			continue;
		strcpy(field + 5, lang_code(languages[i]));
		return fault_set(fault, ERR_INVALID, field, N_("This text is missing in {language}."), "language",
		    lang_name(languages[i]), NULL);
	}
	if (!h->source || !*h->source)
		return fault_set(fault, ERR_INVALID, "source", N_("Name the decision that this rests on."), NULL);
	return OK;
}

enum err holiday_may_change(const struct calendar *cal, const struct calendar_change *change,
    const enum lang *languages, size_t languages_count, struct fault *fault)
{
	const struct holiday *h = &change->holiday;
	int year = civil_from_days(h->day).year;
	if (year < 2000 || year > 2200)
		return fault_set(fault, ERR_INVALID, "day", N_("Give a day in the years 2000 to 2200."), NULL);
	switch (change->kind) {
	case CALENDAR_PUT_HOLIDAY:
		return feast_ok(h, languages, languages_count, fault);
	case CALENDAR_DROP_HOLIDAY:
		if (!has_holiday(cal, h->day, h->key ? h->key : ""))
			return fault_set(fault, ERR_INVALID, "day", N_("There is no such holiday on this day."), NULL);
		return OK;
	case CALENDAR_PUT_WORKDAY:
		if (!h->source || !*h->source)
			return fault_set(
			    fault, ERR_INVALID, "source", N_("Name the decision that this rests on."), NULL);
		return OK;
	case CALENDAR_DROP_WORKDAY:
		if (!has_workday(cal, h->day))
			return fault_set(
			    fault, ERR_INVALID, "day", N_("This day is not entered as one that is worked."), NULL);
		return OK;
	case CALENDAR_COVER:
		if (h->day <= cal->covers_to)
			return fault_set(
			    fault, ERR_INVALID, "day", N_("Holidays are entered up to this day already."), NULL);
		return OK;
	default:
		return ERR_INTERNAL;
	}
}

struct entering {
	const struct calendar_change *change;
	size_t n;
	const struct actor *actor;
	int64_t now;
};

static enum err insert(struct db_tx *tx, const struct entering *in, const struct calendar_change *change)
{
	const struct holiday *h = &change->holiday;
	json_t *names = names_to_json(&h->name);
	char *text CLEANUP(free_ptr) = json_canonical_text(names);
	int64_t id;
	json_decref(names);
	if (!text)
		return ERR_MEMORY;
	return db_get_int(tx, &sql_calendar_change_insert,
	    DB_ARGS(db_text(calendar_change_slug(change->kind)), db_int(h->day), db_text(h->key ? h->key : ""),
		db_text(text), db_int(h->confirmed), db_text(h->source ? h->source : ""), db_int(in->now),
		db_text(in->actor->tag)),
	    &id);
}

static enum err write_journal(struct db_tx *tx, const struct entering *in, const struct calendar_change *change)
{
	json_t *payload = json_object();
	char day[11], object[32] = "calendar:";
	civil_format(day, civil_from_days(change->holiday.day));
	json_put_str(payload, "change", calendar_change_slug(change->kind));
	json_put_str(payload, "day", day);
	json_put_str(payload, "key", change->holiday.key ? change->holiday.key : "");
	json_put_bool(payload, "confirmed", change->holiday.confirmed);
	json_put_str(payload, "source", change->holiday.source ? change->holiday.source : "");
	strcat(object, day);
	return journal_write(tx, in->now, in->actor->tag, "office.calendar", object, payload);
}

static enum err enter(struct db_tx *tx, void *arg)
{
	const struct entering *in = arg;
	enum err e = OK;
	for (size_t i = 0; !e && i < in->n; i++) {
		e = insert(tx, in, &in->change[i]);
		if (!e)
			e = write_journal(tx, in, &in->change[i]);
	}
	return e ? e : office_changed(tx);
}

enum err holiday_enter(
    struct office *office, const struct actor *actor, int64_t now, const struct calendar_change *change, size_t n)
{
	struct entering in = { change, n, actor, now };
	enum err e = db_write(office->db, enter, &in);
	return e ? e : office_refresh(office);
}
