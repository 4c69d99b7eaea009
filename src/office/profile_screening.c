/* Two more files of a profile: the questions of admissibility, and the offices that deal with what is not ours. */
#include "office/profile_read.h"

#include "base/util.h"

#include <string.h>

const char *const profile_case_class[] = { "complaint", "petition", "consultation", "own_initiative", NULL };

static const char *const hint_keys[SCREENING_HINT_MAX] = { "none", "mandate", "declaration", "in_time", "anonymous",
	"repeat" };

static const char *text_at(const json_t *rows, size_t i)
{
	const char *text = json_string_value(json_array_get(rows, i));

	return text ? text : "";
}

static unsigned read_classes(struct reader *r, const struct at *at, const json_t *row)
{
	const json_t *rows = read_array(r, at, row, "classes");
	const struct at list = { at, "classes", 0 };
	unsigned classes = 0;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const struct at here = { &list, NULL, i };
		size_t c = 0;

		while (profile_case_class[c] && strcmp(profile_case_class[c], text_at(rows, i)))
			c++;
		if (profile_case_class[c])
			classes |= CLASS_BIT(c);
		else
			read_mistake(r, &here, NULL, N_("One of these is expected here: {list}."), "list",
			    "complaint, petition, consultation, own_initiative");
	}
	return classes;
}

static enum screening_hint read_hint(struct reader *r, const struct at *at, const json_t *row)
{
	const char *text = read_text(r, at, row, "hint");

	for (int i = 0; i < SCREENING_HINT_MAX; i++)
		if (!strcmp(text, hint_keys[i]))
			return (enum screening_hint)i;
	read_mistake(r, at, "hint", N_("One of these is expected here: {list}."), "list",
	    "none, mandate, declaration, in_time, anonymous, repeat");
	return SCREENING_HINT_NONE;
}

static bool read_wanted(struct reader *r, const struct at *at, const json_t *row)
{
	const char *text = read_text(r, at, row, "wanted");

	if (strcmp(text, "yes") && strcmp(text, "no"))
		read_mistake(r, at, "wanted", N_("One of these is expected here: {list}."), "list", "yes, no");
	return !strcmp(text, "yes");
}

/* What a question's hint looks at must be there. */
static void check_hint(
    struct reader *r, const struct at *at, const struct profile *p, const struct screening_question *q)
{
	bool known = false;

	if (q->declaration && !profile_declaration(p, q->declaration))
		read_mistake(r, at, "declaration", N_("No declaration has this key: {key}."), "key", q->declaration);
	if (q->hint == SCREENING_HINT_DECLARATION && !q->declaration)
		read_mistake(r, at, "declaration", N_("Say which declaration the hint looks at."), NULL, NULL);
	for (size_t i = 0; q->clock && i < p->clocks; i++)
		known = known || !strcmp(p->clock[i].key, q->clock);
	if (q->clock && !known)
		read_mistake(r, at, "clock", N_("No limit has this key: {key}."), "key", q->clock);
	if (q->hint == SCREENING_HINT_IN_TIME && !q->clock)
		read_mistake(r, at, "clock", N_("Say which limit the hint looks at."), NULL, NULL);
}

static void read_question(
    struct reader *r, const struct at *at, const json_t *row, const struct profile *p, struct screening_question *q)
{
	static const char *const keys[] = { "key", "text", "help", "wanted", "closing", "override", "hint",
		"declaration", "clock", "classes", "source", "confirmed", NULL };

	read_only_keys(r, at, row, keys);
	q->key = read_key(r, at, row, "key");
	q->text = read_names(r, at, row, "text");
	q->help = read_names(r, at, row, "help");
	q->wanted = read_wanted(r, at, row);
	q->closing = read_reason(r, at, row, "closing", p);
	if (!q->closing)
		read_mistake(r, at, "closing", N_("Say which closing reason it leads to."), NULL, NULL);
	q->override = read_bool(r, at, row, "override");
	q->hint = read_hint(r, at, row);
	q->declaration = read_text_or_null(r, at, row, "declaration");
	q->clock = read_text_or_null(r, at, row, "clock");
	q->classes = read_classes(r, at, row);
	q->source = read_text(r, at, row, "source");
	q->confirmed = read_bool(r, at, row, "confirmed");
	check_hint(r, at, p, q);
}

void read_admissibility_json(struct reader *r, struct profile *p)
{
	static const char *const top_keys[] = { "questions", NULL };
	const json_t *top = read_file(r, "admissibility.json"), *rows;
	const struct at list = { NULL, "questions", 0 };
	struct screening_question *q;

	if (!top)
		return;
	read_only_keys(r, NULL, top, top_keys);
	rows = read_array(r, NULL, top, "questions");
	p->questions = json_array_size(rows);
	q = arena_alloc(r->arena, (p->questions + 1) * sizeof(*q));
	for (size_t i = 0; i < p->questions; i++) {
		const struct at here = { &list, NULL, i };

		read_question(r, &here, json_array_get(rows, i), p, &q[i]);
	}
	read_unique(r, &list, &q->key, p->questions, sizeof(*q));
	p->question = q;
}

static bool is_body(const struct profile *p, const char *key)
{
	return profile_body(p, key) != NULL;
}

static bool is_reason(const struct profile *p, const char *key)
{
	return profile_closing(p, key) != NULL;
}

/* Keys that must be known elsewhere, ended by NULL. */
static const char *const *read_known(struct reader *r, const struct at *at, const json_t *row, const char *key,
    const struct profile *p, bool (*known)(const struct profile *, const char *), const char *message)
{
	const json_t *rows = read_array(r, at, row, key);
	const struct at list = { at, key, 0 };
	size_t n = json_array_size(rows);
	const char **texts = arena_alloc(r->arena, (n + 1) * sizeof(*texts));

	for (size_t i = 0; i < n; i++) {
		const struct at here = { &list, NULL, i };

		texts[i] = arena_strdup(r->arena, text_at(rows, i));
		if (!known(p, texts[i]))
			read_mistake(r, &here, NULL, message, "key", texts[i]);
	}
	return texts;
}

static void read_office(
    struct reader *r, const struct at *at, const json_t *row, const struct profile *p, struct other_office *o)
{
	static const char *const keys[] = { "key", "name", "takes", "country", "kind", "bodies", "reasons", "web",
		"phone", "email", "source", "confirmed", NULL };

	read_only_keys(r, at, row, keys);
	o->key = read_key(r, at, row, "key");
	o->name = read_names(r, at, row, "name");
	o->takes = read_names(r, at, row, "takes");
	o->country = read_country(r, at, row);
	o->kind = read_key(r, at, row, "kind");
	o->body = read_known(r, at, row, "bodies", p, is_body, N_("No body has this key: {key}."));
	o->reason = read_known(r, at, row, "reasons", p, is_reason, N_("No closing reason has this key: {key}."));
	o->web = read_text_or_null(r, at, row, "web");
	o->phone = read_text_or_null(r, at, row, "phone");
	o->email = read_text_or_null(r, at, row, "email");
	o->source = read_text(r, at, row, "source");
	o->confirmed = read_bool(r, at, row, "confirmed");
}

void read_offices_json(struct reader *r, struct profile *p)
{
	static const char *const top_keys[] = { "offices", NULL };
	const json_t *top = read_file(r, "offices.json"), *rows;
	const struct at list = { NULL, "offices", 0 };
	struct other_office *o;

	if (!top)
		return;
	read_only_keys(r, NULL, top, top_keys);
	rows = read_array(r, NULL, top, "offices");
	p->others = json_array_size(rows);
	o = arena_alloc(r->arena, (p->others + 1) * sizeof(*o));
	for (size_t i = 0; i < p->others; i++) {
		const struct at here = { &list, NULL, i };

		read_office(r, &here, json_array_get(rows, i), p, &o[i]);
	}
	read_unique(r, &list, &o->key, p->others, sizeof(*o));
	p->other = o;
}
