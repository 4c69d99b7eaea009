/* Due dates: counting days, months and hours, with pauses, extensions and the move to a working day. */
#include "office/clock.h"

#include "base/clockwork.h"
#include "text/date.h"

#include <stdio.h>
#include <string.h>

/* A pause as whole days not counted: from <= day < to. */
struct still {
	int64_t from, to;
};

struct count {
	const struct clock_course *course;
	struct still still[CLOCK_PAUSES_MAX];
	size_t stills;
	struct clock_due *due;
};

static const char *const unit_slug[CLOCK_UNIT_MAX] = {
	[CLOCK_HOUR] = "hour",
	[CLOCK_CALENDAR_DAY] = "calendar_day",
	[CLOCK_WORKING_DAY] = "working_day",
	[CLOCK_WEEK] = "week",
	[CLOCK_MONTH] = "month",
	[CLOCK_YEAR] = "year",
};

static const struct {
	const char *slug, *label;
} phases[CLOCK_PHASE_MAX] = {
	[CLOCK_RUNNING] = { "running", N_("In time") },
	[CLOCK_SOON] = { "soon", N_("Due soon") },
	[CLOCK_LATE] = { "late", N_("Late") },
	[CLOCK_PAUSED] = { "paused", N_("Paused") },
	[CLOCK_STOPPED] = { "stopped", N_("Done") },
};

const char *clock_unit_slug(enum clock_unit unit)
{
	return unit < CLOCK_UNIT_MAX ? unit_slug[unit] : "";
}

bool clock_unit_parse(const char *slug, enum clock_unit *ret_unit)
{
	for (int i = 0; i < CLOCK_UNIT_MAX; i++) {
		if (!strcmp(slug, unit_slug[i])) {
			*ret_unit = (enum clock_unit)i;
			return true;
		}
	}
	return false;
}

const char *clock_phase_slug(enum clock_phase phase)
{
	return phase < CLOCK_PHASE_MAX ? phases[phase].slug : "";
}

const char *clock_phase_label(enum clock_phase phase)
{
	return phase < CLOCK_PHASE_MAX ? phases[phase].label : "";
}

static bool day_ok(int64_t day)
{
	return day >= CALENDAR_FIRST && day <= CALENDAR_LAST;
}

/* A day inside the range at both ends, so that every zone's date is in it too. */
static bool moment_ok(int64_t ms)
{
	return ms >= (CALENDAR_FIRST + 1) * DAY_MS && ms < CALENDAR_LAST * DAY_MS;
}

static int64_t day_in(const struct calendar *cal, int64_t ms)
{
	return civil_days(zone_date(cal->zone, ms));
}

/* The last instant of a civil day: the instant before the next one starts, whatever its length. */
static int64_t day_end(const struct calendar *cal, int64_t day)
{
	return zone_day_start(cal->zone, civil_from_days(day + 1)) - 1;
}

static bool is_still(const struct count *c, int64_t day)
{
	for (size_t i = 0; i < c->stills; i++)
		if (day >= c->still[i].from && day < c->still[i].to)
			return true;
	return false;
}

/* A pause without end holds this day: counting cannot go on. */
static bool is_still_for_ever(const struct count *c, int64_t day)
{
	for (size_t i = 0; i < c->stills; i++)
		if (day >= c->still[i].from && c->still[i].to == CLOCK_OPEN)
			return true;
	return false;
}

static void stop_open(struct clock_due *due, int64_t left)
{
	due->due_ms = due->last_day = due->due_day = due->warn_ms = CLOCK_OPEN;
	due->left = left;
}

/* What a day that took part says about the trust in the result. */
static void look_at(const struct calendar *cal, int64_t day, struct clock_due *due)
{
	const struct holiday *holiday;

	if (!calendar_covers(cal, day))
		due->covered = false;
	if (calendar_reason(cal, day, &holiday) == CALENDAR_HOLIDAY && !holiday->confirmed)
		due->expected = true;
}

/* Walks n days from start_day, counting working days only or all of them. */
static enum err walk(struct count *c, int64_t n, bool working_only)
{
	const struct calendar *cal = c->course->calendar;
	struct clock_due *due = c->due;
	int64_t day = due->start_day;

	while (n > 0) {
		if (!day_ok(++day))
			return ERR_INVALID;
		if (is_still_for_ever(c, day)) {
			stop_open(due, n);
			return OK;
		}
		if (is_still(c, day)) {
			due->paused_days++;
			continue;
		}
		if (working_only) {
			look_at(cal, day, due);
			if (!calendar_is_working(cal, day)) {
				due->skipped++;
				continue;
			}
		}
		n--;
	}
	due->last_day = due->due_day = day;
	return OK;
}

/* Moves a last day of rest on; it may not land in a pause either, or the limit would end while the clock stood still.
 */
static enum err roll(struct count *c)
{
	const struct calendar *cal = c->course->calendar;
	struct clock_due *due = c->due;
	int64_t day = due->last_day;

	look_at(cal, day, due);
	if (calendar_is_working(cal, day))
		return OK;
	while (!calendar_is_working(cal, day) || is_still(c, day)) {
		if (is_still_for_ever(c, day)) {
			stop_open(due, 0);
			return OK;
		}
		if (!day_ok(++day))
			return ERR_INVALID;
		look_at(cal, day, due);
	}
	due->due_day = day;
	due->rolled = true;
	return OK;
}

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* Months after a day: the same number of day, or the month's last. */
static enum err add_months(int64_t day, int64_t months, int64_t *ret_day)
{
	struct civil date = civil_from_days(day);
	int64_t month = (int64_t)date.year * 12 + (date.month - 1) + months;
	int64_t year = month / 12;
	int most;

	if (year < 1 || year > 9999)
		return ERR_INVALID;
	date.year = (int)year;
	date.month = (int)(month % 12) + 1;
	most = days_in_month(date.year, date.month);
	if (date.day > most)
		date.day = most;
	*ret_day = civil_days(date);
	return OK;
}

static enum err count_days(struct count *c, int64_t amount)
{
	const struct clock_rule *rule = c->course->rule;
	struct clock_due *due = c->due;
	int64_t end = due->start_day;
	enum err err;

	switch (rule->unit) {
	case CLOCK_WEEK:
		end += amount * 7;
		break;
	case CLOCK_MONTH:
	case CLOCK_YEAR:
		err = add_months(due->start_day, rule->unit == CLOCK_YEAR ? amount * 12 : amount, &end);
		if (err)
			return err;
		break;
	default:
		end += amount;
	}
	err = walk(c, end - due->start_day, rule->unit == CLOCK_WORKING_DAY);
	if (err || due->last_day == CLOCK_OPEN || !rule->rolls)
		return err;
	return roll(c);
}

/* The earliest moment >= t that no pause holds; CLOCK_OPEN when one without end does. */
static int64_t after_pauses(const struct clock_course *course, int64_t t)
{
	bool moved = true;

	while (moved) {
		moved = false;
		for (size_t i = 0; i < course->pauses; i++) {
			const struct clock_pause *p = &course->pause[i];

			if (p->from_ms <= t && t < p->to_ms) {
				t = p->to_ms;
				moved = true;
			}
		}
		if (t == CLOCK_OPEN)
			break;
	}
	return t;
}

static int64_t next_pause(const struct clock_course *course, int64_t t)
{
	int64_t next = CLOCK_OPEN;

	for (size_t i = 0; i < course->pauses; i++) {
		const struct clock_pause *p = &course->pause[i];

		if (p->from_ms >= t && p->from_ms < p->to_ms && p->from_ms < next)
			next = p->from_ms;
	}
	return next;
}

/* Hours run through everything but a pause, which costs exactly its own length. */
static enum err count_hours(struct count *c, int64_t amount)
{
	const struct clock_course *course = c->course;
	struct clock_due *due = c->due;
	int64_t left = amount * HOUR_MS, t = course->start_ms;

	for (;;) {
		int64_t from = after_pauses(course, t), pause;

		if (from == CLOCK_OPEN) {
			stop_open(due, left);
			return OK;
		}
		due->paused_ms += from - t;
		pause = next_pause(course, from);
		if (left <= pause - from) {
			t = from + left;
			break;
		}
		left -= pause - from;
		t = pause;
	}
	if (!moment_ok(t))
		return ERR_INVALID;
	due->due_ms = t;
	due->last_day = due->due_day = day_in(course->calendar, t);
	return OK;
}

static enum err take_pauses(struct count *c, struct fault *fault)
{
	const struct clock_course *course = c->course;

	if (course->pauses > CLOCK_PAUSES_MAX)
		return fault_set(fault, ERR_TOO_LARGE, "pauses", N_("This clock was paused too many times."), NULL);
	for (size_t i = 0; i < course->pauses; i++) {
		const struct clock_pause *p = &course->pause[i];

		if (p->to_ms < p->from_ms || !moment_ok(p->from_ms) || (p->to_ms != CLOCK_OPEN && !moment_ok(p->to_ms)))
			return fault_set(fault, ERR_INVALID, "pauses", N_("A pause ends before it begins."), NULL);
		c->still[c->stills].from = day_in(course->calendar, p->from_ms);
		c->still[c->stills].to = p->to_ms == CLOCK_OPEN ? CLOCK_OPEN : day_in(course->calendar, p->to_ms);
		c->stills++;
	}
	return OK;
}

static enum err whole_amount(
    const struct clock_course *course, int64_t *ret_amount, int64_t *ret_extended, struct fault *fault)
{
	int64_t amount = course->rule->amount, extended = 0;
	bool ok = amount >= 1 && amount <= CLOCK_AMOUNT_MAX;

	for (size_t i = 0; ok && i < course->extensions; i++) {
		int64_t more = course->extension[i].amount;

		ok = more >= 1 && more <= CLOCK_AMOUNT_MAX;
		extended += ok ? more : 0;
		ok = ok && amount + extended <= CLOCK_AMOUNT_MAX;
	}
	if (!ok)
		return fault_set(
		    fault, ERR_INVALID, "amount", N_("A limit is a number from 1 to {most}."), "most", "100000", NULL);
	*ret_amount = amount + extended;
	*ret_extended = extended;
	return OK;
}

enum err clock_course_due(const struct clock_course *course, struct clock_due *ret_due, struct fault *fault)
{
	struct clock_due due = { .start_ms = course->start_ms, .covered = true, .calendar = course->calendar };
	struct count c = { .course = course, .due = &due };
	const struct clock_rule *rule = course->rule;
	int64_t amount = 0;
	enum err err = whole_amount(course, &amount, &due.extended, fault);

	if (err)
		return err;
	if (!moment_ok(course->start_ms))
		return fault_set(fault, ERR_INVALID, "start", N_("This date is too far away to count from."), NULL);
	err = take_pauses(&c, fault);
	if (err)
		return err;
	due.start_day = day_in(course->calendar, course->start_ms);
	due.first_day = rule->unit == CLOCK_HOUR ? due.start_day : due.start_day + 1;
	err = rule->unit == CLOCK_HOUR ? count_hours(&c, amount) : count_days(&c, amount);
	if (err || (due.due_day != CLOCK_OPEN && due.due_day >= CALENDAR_LAST))
		return fault_set(fault, ERR_INVALID, "amount", N_("This limit ends after the year 9999."), NULL);
	if (due.due_day != CLOCK_OPEN) {
		if (rule->unit != CLOCK_HOUR)
			due.due_ms = day_end(course->calendar, due.due_day);
		due.warn_ms = rule->warn_hours > 0 ? due.due_ms - rule->warn_hours * HOUR_MS : CLOCK_OPEN;
	}
	*ret_due = due;
	return OK;
}

enum err clock_due(
    const struct clock_rule *rule, const struct calendar *calendar, int64_t start_ms, struct clock_due *ret)
{
	const struct clock_course course = { .rule = rule, .calendar = calendar, .start_ms = start_ms };

	return clock_course_due(&course, ret, NULL);
}

enum err clock_due_in(
    const struct clock_rule *rule, const struct calendar *calendar, int64_t start_ms, int64_t *ret_due_ms)
{
	struct clock_due due;
	enum err err = clock_due(rule, calendar, start_ms, &due);

	if (!err)
		*ret_due_ms = due.due_ms;
	return err;
}

int64_t clock_target(const struct clock_course *course)
{
	struct clock_rule rule = *course->rule;
	struct clock_course aim = *course;
	struct clock_due due;

	if (rule.target < 1 ||
	    rule.target >= rule.amount) /* a limit that the office shortened may lie before its aim */
		return CLOCK_OPEN;
	rule.amount = rule.target;
	aim.rule = &rule;
	aim.extensions = 0;
	return clock_course_due(&aim, &due, NULL) ? CLOCK_OPEN : due.due_ms;
}

enum err clock_may_extend(const struct clock_rule *rule, size_t done, int64_t amount, struct fault *fault)
{
	char most[24];

	if (rule->extend_amount < 1 || rule->extend_times < 1)
		return fault_set(fault, ERR_DENIED, "amount", N_("The law gives no extension of this limit."), NULL);
	if (done >= (size_t)rule->extend_times)
		return fault_set(
		    fault, ERR_DENIED, "amount", N_("This limit was already extended as often as it may be."), NULL);
	snprintf(most, sizeof(most), "%lld", (long long)rule->extend_amount);
	if (amount < 1 || amount > rule->extend_amount)
		return fault_set(fault, ERR_INVALID, "amount", N_("An extension of this limit is from 1 to {most}."),
		    "most", most, NULL);
	return OK;
}

struct clock_state clock_state(const struct clock_due *due, int64_t now_ms, int64_t stopped_ms)
{
	struct clock_state state = { .phase = CLOCK_RUNNING, .in_time = true };

	if (stopped_ms != CLOCK_OPEN) {
		state.phase = CLOCK_STOPPED;
		state.in_time = stopped_ms <= due->due_ms;
		return state;
	}
	if (due->due_ms == CLOCK_OPEN) {
		state.phase = CLOCK_PAUSED;
		return state;
	}
	if (!moment_ok(now_ms))
		now_ms = now_ms < 0 ? (CALENDAR_FIRST + 1) * DAY_MS : CALENDAR_LAST * DAY_MS - 1;
	state.remaining_ms = due->due_ms - now_ms;
	state.remaining_days = due->due_day - day_in(due->calendar, now_ms);
	if (now_ms > due->due_ms) {
		state.phase = CLOCK_LATE;
		state.in_time = false;
	} else if (due->warn_ms != CLOCK_OPEN && now_ms >= due->warn_ms) {
		state.phase = CLOCK_SOON;
	}
	return state;
}
