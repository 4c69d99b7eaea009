/* Clauses in words. */
#include "cooperation/agreement_articles.h"

#include "base/buf.h"
#include "base/util.h"
#include "cooperation/agreement_view.h"
#include "cooperation/packet.h"
#include "office/names.h"
#include "text/date.h"

#include <string.h>

const char *const agreement_kinds[] = { "referral", "information_request", "query", "notice", "service",
	"joint_hearing", "joint_visit", NULL };
static const char *const kind_labels[] = { N_("Referral of a complaint"), N_("Request for information"),
	N_("Question on law or practice"), N_("Notice of a violation"), N_("Service of documents"), N_("Joint hearing"),
	N_("Joint visit") };
static const char *const limit_labels[LIMIT_MAX] = {
	[LIMIT_FIRST_REPLY] = N_("First reply to the person"),
	[LIMIT_PREPARE] = N_("Preparing the referral"),
	[LIMIT_ACCEPT] = N_("Accepting or refusing the referral"),
	[LIMIT_SOLVE] = N_("Solving the case"),
	[LIMIT_ACCEPT_SOLUTION] = N_("Answering the proposed outcome"),
};
static const enum clock_unit units[LIMIT_UNIT_MAX] = { [LIMIT_DAYS] = CLOCK_CALENDAR_DAY,
	[LIMIT_WORKING_DAYS] = CLOCK_WORKING_DAY,
	[LIMIT_WEEKS] = CLOCK_WEEK,
	[LIMIT_MONTHS] = CLOCK_MONTH };

const char *agreement_assistance_label(const char *kind)
{
	for (size_t i = 0; agreement_kinds[i]; i++)
		if (!strcmp(agreement_kinds[i], kind))
			return kind_labels[i];
	return NULL;
}

const char *agreement_limit_label(enum agreement_limit_key key)
{
	return limit_labels[key];
}

/* --- articles ---------------------------------------------------------------------------------------------------- */

struct writing {
	struct arena *arena;
	enum lang lang;
	const struct profile *profile;
	const struct agreement *agreement;
	const json_t *document;
	json_t *lines, *items, *after; /* of the article that is being written: above its list, the list, below it */
};

static void line(struct writing *w, const char *text)
{
	json_add(w->lines, json_string(text));
}

static void item(struct writing *w, const char *text)
{
	json_add(w->items, json_string(text));
}

static void below(struct writing *w, const char *text)
{
	json_add(w->after, json_string(text));
}

static const char *country_of(const struct writing *w, size_t party)
{
	const json_t *parties = json_object_get(w->document, "parties");
	return country_name(w->lang, json_str_or(json_array_get(parties, party), "country", ""));
}

static void write_persons(struct writing *w)
{
	const json_t *persons = json_object_get(w->document, "persons");
	const char *kind = json_str_or(persons, "kind", ""), *of = json_str_or(persons, "of", "each");
	bool nationals = !strcmp(kind, "nationals");
	if (!strcmp(kind, "anyone")) {
		line(w, text_get(w->lang, N_("Every person, whatever the nationality or residence.")));
		return;
	}
	if (!strcmp(of, "each")) {
		line(w,
		    text_get(w->lang, nationals ? N_("Nationals of the country of the party that sends the request.")
						: N_("Residents of the country of the party that sends the request.")));
		item(w, country_of(w, 0));
		item(w, country_of(w, 1));
		return;
	}
	line(
	    w, text_format(w->arena, w->lang, nationals ? N_("Nationals of {country}.") : N_("Residents of {country}."),
		   "country", country_of(w, !strcmp(of, "second")), NULL));
}

static void write_subjects(struct writing *w)
{
	const json_t *subjects = json_object_get(w->document, "subjects");
	for (size_t i = 0; i < json_array_size(subjects); i++) {
		const char *key = json_string_value(json_array_get(subjects, i));
		const struct subject *known = profile_subject(w->profile, key);
		if (!strcmp(key, "*"))
			line(w, text_get(
				    w->lang, N_("Every subject that lies within the mandate of the receiving party.")));
		else
			item(w, known ? names_in(&known->name, w->lang) : key);
	}
	if (json_array_size(w->items))
		line(w, text_get(w->lang, N_("Complaints on these subjects:")));
}

static void write_assistance(struct writing *w)
{
	const json_t *kinds = json_object_get(w->document, "assistance");
	line(w, text_get(w->lang, N_("The parties give each other, within their own law, these kinds of assistance:")));
	for (size_t i = 0; i < json_array_size(kinds); i++)
		item(w, text_get(w->lang, agreement_assistance_label(json_string_value(json_array_get(kinds, i)))));
}

static void write_data(struct writing *w)
{
	const json_t *agreed = json_object_get(w->document, "data_categories");
	line(w, text_get(w->lang, N_("Only data of these kinds may cross; everything else is refused:")));
	for (size_t i = 0; i < json_array_size(agreed); i++)
		item(w, text_get(w->lang, packet_category_label(json_string_value(json_array_get(agreed, i)))));
}

static void write_consent(struct writing *w)
{
	line(w, text_get(w->lang,
		    N_("Nothing about a person is sent without that person's explicit consent to exactly these data, "
		       "these files and this receiver. A consent withdrawn ends the referral.")));
}

static void write_clocks(struct writing *w)
{
	line(w, text_get(w->lang,
		    N_("Counted in the calendar of the party whose turn it is, from the day after the event:")));
	for (int key = 0; key < LIMIT_MAX; key++) {
		struct agreement_limit limit = agreement_clock(w->agreement, (enum agreement_limit_key)key);
		item(w,
		    text_format(w->arena, w->lang, N_("{what}: {time}"), "what", text_get(w->lang, limit_labels[key]),
			"time", clock_amount_text(w->arena, w->lang, limit.amount, units[limit.unit]), NULL));
	}
}

static const char *language_name(const char *code)
{
	enum lang lang;
	return lang_parse(code, &lang) ? lang_name(lang) : code;
}

static void write_languages(struct writing *w)
{
	const json_t *list = json_object_get(w->document, "languages");
	line(w, text_get(w->lang, N_("The parties write to each other in one of these languages:")));
	for (size_t i = 0; i < json_array_size(list); i++)
		item(w, language_name(json_string_value(json_array_get(list, i))));
	below(w, text_format(w->arena, w->lang, N_("Where texts differ, the {language} text prevails."), "language",
		     language_name(json_str_or(w->document, "authentic_language", "")), NULL));
}

static void write_term(struct writing *w)
{
	const char *from = agreement_day(w->arena, w->lang, json_str(w->document, "valid_from"));
	const char *until = agreement_day(w->arena, w->lang, json_str(w->document, "valid_until"));
	if (until)
		line(w, text_format(w->arena, w->lang, N_("In force from {from} until {until}, both days included."),
			    "from", from, "until", until, NULL));
	else
		line(w, text_format(w->arena, w->lang,
			    N_("In force from {from} until one of the parties terminates it."), "from", from, NULL));
	int64_t months = json_int_or(w->document, "reporting_months", 0);
	if (months)
		line(w,
		    text_plural(w->arena, w->lang, N_("The parties exchange a table of their cases every {n} month."),
			N_("The parties exchange a table of their cases every {n} months."), months));
}

static void write_suspension(struct writing *w)
{
	line(w, text_get(w->lang,
		    N_("Either party may suspend the agreement and gives the reason. From that moment nothing is sent "
		       "under it; each party lifts only its own suspension.")));
}

static void write_termination(struct writing *w)
{
	int64_t days = json_int_or(w->document, "notice_days", 0);
	if (days)
		line(w, text_plural(w->arena, w->lang, N_("Either party may terminate it with {n} day's notice."),
			    N_("Either party may terminate it with {n} days' notice."), days));
	else
		line(w, text_get(w->lang, N_("Either party may terminate it at any time.")));
}

static const struct {
	const char *key, *heading;
	void (*write)(struct writing *);
} articles[] = {
	{ "persons", N_("Persons covered"), write_persons },
	{ "subjects", N_("Subjects"), write_subjects },
	{ "assistance", N_("Kinds of assistance"), write_assistance },
	{ "data", N_("Data that may be exchanged"), write_data },
	{ "consent", N_("Consent"), write_consent },
	{ "clocks", N_("Time limits"), write_clocks },
	{ "languages", N_("Languages"), write_languages },
	{ "term", N_("Entry into force and duration"), write_term },
	{ "suspension", N_("Suspension"), write_suspension },
	{ "termination", N_("Termination"), write_termination },
};

json_t *agreement_articles(
    struct arena *arena, enum lang lang, const struct profile *profile, const struct agreement *agreement)
{
	struct writing w = { arena, lang, profile, agreement, agreement_json(agreement), NULL, NULL, NULL };
	json_t *list = json_array();
	for (size_t i = 0; i < ARRAY_LEN(articles); i++) {
		json_t *one = json_object();
		w.lines = json_array();
		w.items = json_array();
		w.after = json_array();
		articles[i].write(&w);
		json_put_str(one, "key", articles[i].key);
		json_put_int(one, "article", agreement_article(articles[i].key));
		json_put_str(one, "heading", text_get(lang, articles[i].heading));
		json_put_bool(one, "has_items", json_array_size(w.items) > 0);
		json_put(one, "lines", w.lines);
		json_put(one, "items", w.items);
		json_put(one, "after", w.after);
		json_add(list, one);
	}
	return list;
}

/* --- the model text ---------------------------------------------------------------------------------------------- */

/* After memoranda of ombudsman institutions that are published: purpose, principles, channel, data protection, costs,
 * visits, disputes. Numbers, dates and lists stand in the articles, so that the text never contradicts them. */
static const char *const model[] = {
	N_("The parties, wishing that every person whom they serve is treated fairly by public bodies wherever that "
	   "person lives or "
	   "works, agree to assist each other as follows."),
	N_("Each party considers carefully and without charge the complaints of persons whom the other party refers to "
	   "it, refers "
	   "them within its own law to the competent body, obtains its decision, and informs the other party, so that "
	   "the person "
	   "learns of it in a language that he or she understands."),
	N_("The party that receives the complaint from the person remains the only contact of that person. The party "
	   "in whose country "
	   "the body complained of lies deals with that body."),
	N_("Each party names a contact officer and a deputy. Requests and answers travel through the signed and sealed "
	   "exchange of the "
	   "two institutions; what is urgent may be told by telephone and is then confirmed in writing."),
	N_("Data about persons are used only for the case for which they were sent, are kept confidential, and are "
	   "passed on to others "
	   "only as the law of the receiving party requires or as the person agrees. Where a person asks that an "
	   "embassy is not told, "
	   "both parties respect it."),
	N_("Visits to workplaces, places of detention or families take place together only with the prior consent of "
	   "the host party."),
	N_("Each party bears its own costs."),
	N_("Differences about this agreement are settled by consultation. Changes are made by a new agreement that "
	   "replaces this one."),
};

char *agreement_model_text(struct arena *arena, enum lang lang)
{
	struct buf text = BUF_INIT(64 * 1024);
	for (size_t i = 0; i < ARRAY_LEN(model); i++) {
		const char *paragraph = text_get(lang, model[i]);
		if ((i && buf_add(&text, "\n\n", 2)) || buf_add(&text, paragraph, strlen(paragraph)))
			break; /* the limit is far above every translation */
	}
	char *copy = arena_strdup(arena, text.data ? text.data : "");
	buf_done(&text);
	return copy;
}
