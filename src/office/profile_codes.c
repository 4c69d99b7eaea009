/* The profile's other files: who we are, the public texts, subjects, declarations, reasons, letters. */
#include "office/profile_read.h"

#include "office/number.h"
#include "text/date.h"

#include <string.h>

const char *const profile_letter_field[] = { "number", "name", "office", "date", "body", "due", "code", "address",
	"reason", "next", "partner", "agreement", "fields", "link", "place", "measure", "result", "appeal_due", NULL };

/* A letter that is missing would go out empty. */
static const char *const profile_letter_wanted[] = { "acknowledgement", "registered", "more_information", "incomplete",
	"not_admitted", "transferred", "consent_request", "referral_sent", "agency_request", "agency_reminder",
	"agency_escalation", "hearing_notice", "extension_notice", "finding", "recommendation", "closing",
	"review_received", "review_decided", "appeal_information", NULL };

static const json_t *row_at(const json_t *rows, size_t i)
{
	return json_array_get(rows, i);
}

static void read_languages(struct reader *r, const json_t *top, struct profile *p)
{
	const json_t *codes = read_array(r, NULL, top, "languages");
	const struct at list = { NULL, "languages", 0 };

	for (size_t i = 0; i < json_array_size(codes); i++) {
		const char *code = json_string_value(row_at(codes, i));
		const struct at here = { &list, NULL, i };
		enum lang lang;

		if (!code || !lang_parse(code, &lang) || profile_speaks(p, lang))
			read_mistake(r, &here, NULL, N_("No language has the code {code}."), "code", code ? code : "");
		else
			p->languages[p->languages_count++] = lang;
	}
	if (!lang_parse(read_text(r, NULL, top, "language"), &p->language) || !profile_speaks(p, p->language))
		read_mistake(r, NULL, "language", N_("The office's own language is one of its languages."), NULL, NULL);
	/* Every later text must be there in these. */
	r->languages = p->languages;
	r->languages_count = p->languages_count;
}

const char *read_country(struct reader *r, const struct at *at, const json_t *object)
{
	const char *country = read_text(r, at, object, "country");

	if (*country && (strlen(country) != 2 || strspn(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2))
		read_mistake(
		    r, at, "country", N_("A country code such as {example} is expected here."), "example", "AZ");
	return country;
}

static void read_contact(struct reader *r, const json_t *top, struct contact *c)
{
	static const char *const keys[] = { "address", "hours", "phone", "helpline", "email", "web", "source", NULL };
	const json_t *object = read_object(r, NULL, top, "contact");
	const struct at here = { NULL, "contact", 0 };

	read_only_keys(r, &here, object, keys);
	c->address = read_names(r, &here, object, "address");
	c->hours = read_names(r, &here, object, "hours");
	c->phone = read_text_or_null(r, &here, object, "phone");
	c->helpline = read_text_or_null(r, &here, object, "helpline");
	c->email = read_text_or_null(r, &here, object, "email");
	c->web = read_text_or_null(r, &here, object, "web");
	c->source = read_text(r, &here, object, "source");
}

static void read_memberships(struct reader *r, const json_t *top, struct profile *p)
{
	static const char *const keys[] = { "association", "name", "office", "since", "source", NULL };
	const json_t *rows = read_array(r, NULL, top, "memberships");
	const struct at list = { NULL, "memberships", 0 };
	struct membership *m;

	p->memberships = json_array_size(rows);
	m = arena_alloc(r->arena, (p->memberships + 1) * sizeof(*m));
	for (size_t i = 0; i < p->memberships; i++) {
		const struct at here = { &list, NULL, i };
		const json_t *row = row_at(rows, i);

		read_only_keys(r, &here, row, keys);
		m[i].association = read_key(r, &here, row, "association");
		m[i].name = read_names(r, &here, row, "name");
		m[i].office = read_names_or_none(r, &here, row, "office");
		m[i].since = read_day(r, &here, row, "since", CALENDAR_FIRST);
		m[i].source = read_text(r, &here, row, "source");
	}
	p->membership = m;
}

static void read_items(struct reader *r, const struct at *at, const json_t *row, struct public_text *t)
{
	const json_t *rows = read_array(r, at, row, "items");
	const struct at list = { at, "items", 0 };
	struct names *item;

	t->items = json_array_size(rows);
	item = arena_alloc(r->arena, (t->items + 1) * sizeof(*item));
	for (size_t i = 0; i < t->items; i++) {
		const struct at here = { &list, NULL, i };

		item[i] = read_names_value(r, &here, row_at(rows, i));
	}
	t->item = item;
}

static void read_texts(struct reader *r, const json_t *top, struct profile *p)
{
	static const char *const keys[] = { "key", "title", "items", NULL };
	const json_t *rows = read_array(r, NULL, top, "texts");
	const struct at list = { NULL, "texts", 0 };
	struct public_text *t;

	p->texts = json_array_size(rows);
	t = arena_alloc(r->arena, (p->texts + 1) * sizeof(*t));
	for (size_t i = 0; i < p->texts; i++) {
		const struct at here = { &list, NULL, i };
		const json_t *row = row_at(rows, i);

		read_only_keys(r, &here, row, keys);
		t[i].key = read_key(r, &here, row, "key");
		t[i].title = read_names(r, &here, row, "title");
		read_items(r, &here, row, &t[i]);
	}
	read_unique(r, &list, &t->key, p->texts, sizeof(*t));
	p->text = t;
}

void read_profile_json(struct reader *r, struct profile *p)
{
	static const char *const keys[] = { "key", "name", "short_name", "holder_title", "country", "country_name",
		"kind", "kind_name", "legal_base", "legal_source", "language", "languages", "zone", "emblem", "colour",
		"number", "registers", "contact", "memberships", "texts", NULL };
	const json_t *top = read_file(r, "profile.json");
	struct fault fault = { 0 };

	if (!top)
		return;
	read_only_keys(r, NULL, top, keys);
	read_languages(r, top, p);
	p->key = read_key(r, NULL, top, "key");
	p->name = read_names(r, NULL, top, "name");
	p->short_name = read_names(r, NULL, top, "short_name");
	p->holder_title = read_names(r, NULL, top, "holder_title");
	p->country = read_country(r, NULL, top);
	p->country_name = read_names(r, NULL, top, "country_name");
	p->kind = read_key(r, NULL, top, "kind");
	p->kind_name = read_names(r, NULL, top, "kind_name");
	p->legal_base = read_names(r, NULL, top, "legal_base");
	p->legal_source = read_text(r, NULL, top, "legal_source");
	p->calendar.zone = read_text(r, NULL, top, "zone");
	if (*p->calendar.zone && !zone_valid(p->calendar.zone))
		read_mistake(
		    r, NULL, "zone", N_("A time zone such as {example} is expected here."), "example", "Asia/Baku");
	p->emblem = read_text(r, NULL, top, "emblem");
	p->colour = read_key(r, NULL, top, "colour");
	p->number = read_text(r, NULL, top, "number");
	if (*p->number && number_check(p->number, &fault))
		read_mistake(r, NULL, "number", fault.key, fault.args ? fault.arg[0].name : NULL, fault.arg[0].value);
	read_registers(r, top, p);
	read_contact(r, top, &p->contact);
	read_memberships(r, top, p);
	read_texts(r, top, p);
}

/* A closing reason named elsewhere must exist. */
const char *read_reason(
    struct reader *r, const struct at *at, const json_t *row, const char *key, const struct profile *p)
{
	const char *reason = read_text_or_null(r, at, row, key);

	if (reason && !profile_closing(p, reason))
		read_mistake(r, at, key, N_("No closing reason has this key: {key}."), "key", reason);
	return reason;
}

void read_closing_json(struct reader *r, struct profile *p)
{
	static const char *const top_keys[] = { "reasons", NULL };
	static const char *const keys[] = { "key", "name", "text", "next", "handled", "of", "valid_from", "valid_to",
		"needs_finding", "needs_transfer", NULL };
	const json_t *top = read_file(r, "closing.json"), *rows;
	const struct at list = { NULL, "reasons", 0 };
	struct closing *c;

	if (!top)
		return;
	read_only_keys(r, NULL, top, top_keys);
	rows = read_array(r, NULL, top, "reasons");
	p->closings = json_array_size(rows);
	c = arena_alloc(r->arena, (p->closings + 1) * sizeof(*c));
	p->closing_entry = arena_alloc(r->arena, (p->closings + 1) * sizeof(*p->closing_entry));
	for (size_t i = 0; i < p->closings; i++) {
		const struct at here = { &list, NULL, i };
		const json_t *row = row_at(rows, i);

		read_only_keys(r, &here, row, keys);
		c[i].key = read_key(r, &here, row, "key");
		c[i].name = read_names(r, &here, row, "name");
		c[i].text = read_names(r, &here, row, "text");
		c[i].next = read_names(r, &here, row, "next");
		c[i].handled = read_bool(r, &here, row, "handled");
		c[i].needs_transfer =
		    json_object_get(row, "needs_transfer") && read_bool(r, &here, row, "needs_transfer");
		c[i].needs_finding = json_object_get(row, "needs_finding") && read_bool(r, &here, row, "needs_finding");
		p->closing_entry[i] = (struct code_entry) { .key = c[i].key, .name = c[i].name };
		read_code_dates(r, &here, row, &p->closing_entry[i]);
	}
	read_unique(r, &list, &c->key, p->closings, sizeof(*c));
	p->closing = c;
}

static enum declaration_kind read_kind(struct reader *r, const struct at *at, const json_t *row)
{
	static const char *const kinds[DECLARATION_KIND_MAX] = { "statement", "question", "consent" };
	const char *text = read_text(r, at, row, "kind");

	for (int i = 0; i < DECLARATION_KIND_MAX; i++)
		if (!strcmp(text, kinds[i]))
			return (enum declaration_kind)i;
	read_mistake(
	    r, at, "kind", N_("One of these is expected here: {list}."), "list", "statement, question, consent");
	return DECLARATION_STATEMENT;
}

void read_declarations_json(struct reader *r, struct profile *p)
{
	static const char *const top_keys[] = { "declarations", NULL };
	static const char *const keys[] = { "key", "text", "kind", "flag", "if_flagged", "source", NULL };
	const json_t *top = read_file(r, "declarations.json"), *rows;
	const struct at list = { NULL, "declarations", 0 };
	struct declaration *d;

	if (!top)
		return;
	read_only_keys(r, NULL, top, top_keys);
	rows = read_array(r, NULL, top, "declarations");
	p->declarations = json_array_size(rows);
	d = arena_alloc(r->arena, (p->declarations + 1) * sizeof(*d));
	for (size_t i = 0; i < p->declarations; i++) {
		const struct at here = { &list, NULL, i };
		const json_t *row = row_at(rows, i);

		read_only_keys(r, &here, row, keys);
		d[i].key = read_key(r, &here, row, "key");
		d[i].text = read_names(r, &here, row, "text");
		d[i].kind = read_kind(r, &here, row);
		d[i].flag = read_text_or_null(r, &here, row, "flag");
		if (d[i].kind == DECLARATION_QUESTION &&
		    (!d[i].flag || (strcmp(d[i].flag, "yes") && strcmp(d[i].flag, "no"))))
			read_mistake(r, &here, "flag", N_("One of these is expected here: {list}."), "list", "yes, no");
		d[i].if_flagged = read_reason(r, &here, row, "if_flagged", p);
		d[i].source = read_text(r, &here, row, "source");
	}
	read_unique(r, &list, &d->key, p->declarations, sizeof(*d));
	p->declaration = d;
}

void read_subjects_json(struct reader *r, struct profile *p)
{
	static const char *const top_keys[] = { "subjects", NULL };
	static const char *const keys[] = { "key", "name", "un_theme", "sdg_target", "parent", "valid_from", "valid_to",
		NULL };
	const json_t *top = read_file(r, "subjects.json"), *rows;
	const struct at list = { NULL, "subjects", 0 };
	struct subject *s;

	if (!top)
		return;
	read_only_keys(r, NULL, top, top_keys);
	rows = read_array(r, NULL, top, "subjects");
	p->subjects = json_array_size(rows);
	s = arena_alloc(r->arena, (p->subjects + 1) * sizeof(*s));
	p->subject_entry = arena_alloc(r->arena, (p->subjects + 1) * sizeof(*p->subject_entry));
	for (size_t i = 0; i < p->subjects; i++) {
		const struct at here = { &list, NULL, i };
		const json_t *row = row_at(rows, i);

		read_only_keys(r, &here, row, keys);
		s[i].key = read_key(r, &here, row, "key");
		s[i].name = read_names(r, &here, row, "name");
		s[i].un_theme = read_text(r, &here, row, "un_theme");
		s[i].sdg_target = read_text_or_null(r, &here, row, "sdg_target");
		p->subject_entry[i] = (struct code_entry) { .key = s[i].key, .name = s[i].name };
		read_code_dates(r, &here, row, &p->subject_entry[i]);
	}
	read_unique(r, &list, &s->key, p->subjects, sizeof(*s));
	p->subject = s;
}

void read_referral_json(struct reader *r, struct profile *p)
{
	static const char *const keys[] = { "refusals", "outcomes", "assistance", "data_categories", "persons_covered",
		NULL };
	const json_t *top = read_file(r, "referral.json");

	if (!top)
		return;
	read_only_keys(r, NULL, top, keys);
	p->referral_refusals = read_codes(r, NULL, top, "refusals");
	p->referral_outcomes = read_codes(r, NULL, top, "outcomes");
	p->assistance = read_codes(r, NULL, top, "assistance");
	p->data_categories = read_codes(r, NULL, top, "data_categories");
	p->persons_covered = read_codes(r, NULL, top, "persons_covered");
}

static bool letter_field_known(const char *field, size_t len)
{
	for (size_t i = 0; profile_letter_field[i]; i++)
		if (strlen(profile_letter_field[i]) == len && !strncmp(profile_letter_field[i], field, len))
			return true;
	return false;
}

/* A misspelt {field} would go out to people as it stands. */
static void check_fields(struct reader *r, const struct at *at, const char *key, const struct names *names)
{
	for (int lang = 0; lang < LANG_MAX; lang++) {
		const char *p = names->in[lang];
		const struct at here = { at, key, 0 };

		while (p && (p = strchr(p, '{'))) {
			size_t len = strcspn(++p, "}");

			if (!letter_field_known(p, len))
				read_mistake(r, &here, lang_code((enum lang)lang),
				    N_("Letters know no field of this name: {name}."), "name",
				    arena_strndup(r->arena, p, len));
		}
	}
}

void read_letters_json(struct reader *r, struct profile *p)
{
	static const char *const top_keys[] = { "letters", NULL };
	static const char *const keys[] = { "key", "subject", "body", NULL };
	const json_t *top = read_file(r, "letters.json"), *rows;
	const struct at list = { NULL, "letters", 0 };
	struct letter *l;

	if (!top)
		return;
	read_only_keys(r, NULL, top, top_keys);
	rows = read_array(r, NULL, top, "letters");
	p->letters = json_array_size(rows);
	l = arena_alloc(r->arena, (p->letters + 1) * sizeof(*l));
	for (size_t i = 0; i < p->letters; i++) {
		const struct at here = { &list, NULL, i };
		const json_t *row = row_at(rows, i);

		read_only_keys(r, &here, row, keys);
		l[i].key = read_key(r, &here, row, "key");
		l[i].subject = read_names(r, &here, row, "subject");
		l[i].body = read_names(r, &here, row, "body");
		check_fields(r, &here, "subject", &l[i].subject);
		check_fields(r, &here, "body", &l[i].body);
	}
	read_unique(r, &list, &l->key, p->letters, sizeof(*l));
	p->letter = l;
	for (size_t i = 0; profile_letter_wanted[i]; i++)
		if (!profile_letter(p, profile_letter_wanted[i]))
			read_mistake(r, NULL, "letters", N_("There is no letter with the key {key}."), "key",
			    profile_letter_wanted[i]);
}
