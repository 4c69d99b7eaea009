/*
 * Legal limits as data, and due dates that can say how they came about. Pure functions: no present moment, no storage.
 *
 * How time is counted (the same for both offices; what differs is data of the profile):
 * - The day of the event itself is not counted: the first counted day is the one after it, in the office's time zone.
 *   The limit ends with the last instant (23:59:59.999) of the last counted day.
 * - Days, weeks and years count every day; working days skip weekends and holidays. A month ends on the day with the
 *   same number as the event's, or on the month's last day where there is none (31 January + 1 month = 28 February).
 * - Where the rule rolls, a last day that is not worked moves to the next working day.
 * - Hours are exact and run through everything, daylight saving included.
 * - While a clock stands still (struct clock_pause) its days are not counted. A day belongs to the pause when the clock
 *   stood still at its end, so a pause from the 10th to the 15th costs five days and one within a day none.
 * - An extension lengthens the limit itself, in the rule's own unit.
 *
 *     struct clock_due due;
 *     err = clock_due(rule, calendar, start_ms, &due);
 *     struct clock_state now = clock_state(&due, now_ms(), CLOCK_OPEN);
 */
#ifndef SULH_OFFICE_CLOCK_H
#define SULH_OFFICE_CLOCK_H

#include "office/calendar.h"

#include "base/json.h"

enum clock_unit {
	CLOCK_HOUR,
	CLOCK_CALENDAR_DAY,
	CLOCK_WORKING_DAY,
	CLOCK_WEEK,
	CLOCK_MONTH,
	CLOCK_YEAR,
	CLOCK_UNIT_MAX
};

#define CLOCK_AMOUNT_MAX 100000
#define CLOCK_PAUSES_MAX 64
#define CLOCK_EXTENSIONS_MAX 100
#define CLOCK_OPEN INT64_MAX /* a moment that has not come: a pause that lasts, a clock not stopped */

struct clock_rule {
	const char *key; /* "pk.decide" */
	struct names name;
	int64_t amount; /* 1..CLOCK_AMOUNT_MAX */
	enum clock_unit unit;
	const char *starts, *ends; /* event keys; their names below */
	struct names starts_name, ends_name;
	bool rolls;            /* a last day that rests moves to the next working day; never for hours */
	int64_t warn_hours;    /* warned this long before the end; 0 = never */
	int64_t extend_amount; /* each extension at most this, in the rule's unit; 0 = none allowed */
	int extend_times;
	bool pausable;
	int64_t target; /* what the office aims at, in the rule's unit, less than `amount`; 0 = nothing of its own */
	int64_t valid_from; /* day since 1970-01-01; CALENDAR_FIRST where the profile gives none */
	const char *source; /* the text it rests on */
	bool confirmed;     /* false: not yet checked against that text; pages say so */
};

struct clock_pause {
	int64_t from_ms, to_ms; /* to_ms = CLOCK_OPEN while it lasts */
	const char *reason;     /* in words, or a code's name in the reader's language */
};

struct clock_extension {
	int64_t amount; /* in the rule's unit */
	const char *by, *reason;
};

/* All that one clock lived through; the arrays are lent. */
struct clock_course {
	const struct clock_rule *rule;
	const struct calendar *calendar;
	int64_t start_ms;
	const struct clock_pause *pause; /* any order, may overlap */
	size_t pauses;
	const struct clock_extension *extension;
	size_t extensions;
};

struct clock_due {
	int64_t start_ms;
	int64_t due_ms; /* CLOCK_OPEN while a pause lasts: nobody can know */
	int64_t
	    left; /* with due_ms = CLOCK_OPEN: what remained when it stopped: days counted as the rule counts, or ms */
	int64_t start_day, first_day; /* the event's day; the first that counts (the same for hours) */
	int64_t last_day;             /* where counting ended, before it moved; CLOCK_OPEN as above */
	int64_t due_day;              /* where it ends; differs from last_day when it rolled */
	bool rolled;
	int64_t skipped;     /* days of rest between first_day and last_day that working days did not count */
	int64_t paused_days; /* not counted because the clock stood still (for hours: 0, see paused_ms) */
	int64_t paused_ms;   /* for hours */
	int64_t extended;    /* in the rule's unit, all extensions together */
	bool covered;        /* holidays were entered for every day that mattered */
	bool expected;       /* a holiday that waits for confirmation took part */
	int64_t warn_ms;     /* from here on it is due soon; CLOCK_OPEN = never */
	const struct calendar *calendar;
};

/*
 * ERR_INVALID, with the reason in the fault: an amount outside its range, a start or an end outside the years 1 to
 * 9999, a pause that ends before it begins.
 */
enum err clock_course_due(const struct clock_course *, struct clock_due *ret_due, struct fault *) MUST_CHECK;
/* The same for a clock that nobody paused or extended. */
enum err clock_due(
    const struct clock_rule *, const struct calendar *, int64_t start_ms, struct clock_due *ret) MUST_CHECK;
/* Only the moment, as the other office's calendar counts it: shown beside ours on a shared case. */
enum err clock_due_in(
    const struct clock_rule *, const struct calendar *, int64_t start_ms, int64_t *ret_due_ms) MUST_CHECK;

/* When the office's own aim (rule->target) ends: counted like the limit, pauses too, extensions not. CLOCK_OPEN when
 * the rule has none, or while a pause lasts. */
int64_t clock_target(const struct clock_course *);

/* May the rule be extended by `amount` once more, after `done` earlier extensions? */
enum err clock_may_extend(const struct clock_rule *, size_t done, int64_t amount, struct fault *) MUST_CHECK;

enum clock_phase { CLOCK_RUNNING, CLOCK_SOON, CLOCK_LATE, CLOCK_PAUSED, CLOCK_STOPPED, CLOCK_PHASE_MAX };

struct clock_state {
	enum clock_phase phase;
	bool in_time;           /* stopped clocks: before the end; others: not late */
	int64_t remaining_days; /* civil days from the present to the due day, negative when late; 0 while paused,
				   stopped */
	int64_t remaining_ms;
};

/* `stopped_ms` is when the ending event happened, CLOCK_OPEN when it has not. */
struct clock_state clock_state(const struct clock_due *, int64_t now_ms, int64_t stopped_ms);

const char *clock_unit_slug(enum clock_unit); /* "working_day" */
bool clock_unit_parse(const char *slug, enum clock_unit *ret_unit);
const char *clock_phase_slug(enum clock_phase);                                      /* "soon" */
const char *clock_phase_label(enum clock_phase);                                     /* message key: "Due soon" */
char *clock_amount_text(struct arena *, enum lang, int64_t amount, enum clock_unit); /* "10 working days" */

/*
 * How the due date came about, for programs: ISO dates and reason keys.
 * { rule, amount, unit, source, confirmed, zone, starts, ends, start, start_day, first_day, last_day, due_day, due,
 *   due_ms, rolled: null | { from, to, days: [ { day, reason, holiday?, confirmed? } ] }, skipped: [ the same rows ],
 *   skipped_count, pauses: [ { from, to, reason } ], paused_days, extensions: [ { amount, by, reason } ], covered,
 *   expected, kept: { rolls, warn_hours, pausable, target, extend_amount, extend_times } }. At most CLOCK_LISTED rows
 * each; the counts are whole. Yours.
 */
#define CLOCK_LISTED 400
json_t *clock_explain_json(const struct clock_course *, const struct clock_due *);
/* The rule as a clock's explanation kept it: what was in force when it began stays, whatever the office's lists say
 * today. Names are taken from `now`, today's rule of that key. False when the explanation is too old to say. */
bool clock_rule_kept(const json_t *explanation, const struct clock_rule *now, struct clock_rule *ret_rule);
/* The same in words, one sentence a row, in the order a person would tell it. A JSON array of strings; yours. */
json_t *clock_explain_lines(struct arena *, enum lang, const struct clock_course *, const struct clock_due *);
/* The sentences as one paragraph. */
char *clock_explain_text(struct arena *, enum lang, const struct clock_course *, const struct clock_due *);

#endif
