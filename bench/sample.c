/* Invents complaints from a list of words, by a generator that needs nothing but the complaint's number. */
#include "sample.h"

#include "base/util.h"

#include <stdio.h>
#include <string.h>

#define FACTS_BYTES 1150
#define REMEDY_BYTES 250
#define RARE_WORDS 20000 /* names, numbers, places: what makes an index large */

static const char *const english[] = { "the", "and", "of", "to", "my", "was", "not", "in", "office", "they", "have",
	"for", "wages", "passport", "months", "company", "application", "embassy", "letter", "manager", "returned",
	"salary", "answered", "times", "complained", "without", "reason", "family", "officer", "documents", "told",
	"me", "come", "again", "next", "week", "receipt", "paid", "contract", "work", "site", "labour", "inspector",
	"promised", "bank", "electricity", "bill", "meter", "pension", "delayed", "since", "written", "visited",
	"refused", "register", "asked", "money", "fee", "certificate", "birth", "school", "hospital", "insurance",
	"claim", "rejected", "explanation", "law", "director", "department", "phone", "nobody", "answers", "evidence",
	"attached", "copy", "stamp", "visa", "expired", "fine", "border", "police", "station", "statement",
	"translation", "brother", "children", "rent", "debt" };
static const char *const urdu[] = { "کے", "میں", "ہے", "نے", "کی", "سے", "کو", "اور", "کا", "نہیں", "تنخواہ", "پاسپورٹ",
	"کمپنی", "دفتر", "درخواست", "مہینے", "واپس", "سفارت", "خانے", "افسر", "جواب", "دیا", "کیا", "گیا", "مجھے",
	"میری", "خاندان", "بچوں", "بینک", "رسید", "معاہدہ", "کام", "وعدہ", "کئی", "بار", "شکایت", "وجہ", "بغیر", "بجلی",
	"بل", "میٹر", "پنشن", "تاخیر", "سرٹیفکیٹ", "پیدائش", "اسکول", "ہسپتال", "انشورنس", "دعویٰ", "مسترد", "وضاحت",
	"قانون", "ڈائریکٹر", "محکمہ", "فون", "ثبوت", "منسلک", "نقل", "مہر", "ویزا", "ختم", "جرمانہ", "سرحد", "پولیس",
	"تھانہ", "بیان", "ترجمہ", "بھائی", "کرایہ", "قرض", "ملازم", "انتظامیہ", "حکومت", "پاکستان", "آذربائیجان",
	"باکو", "اسلام", "آباد", "لاہور", "کراچی" };
static const char *const given[] = { "Ahmed", "Bilal", "Farid", "Hassan", "Imran", "Javed", "Kamran", "Nadia", "Rashid",
	"Saima", "Tariq", "Usman", "Yasmin", "Zainab", "محمد", "فاطمہ", "عائشہ", "علی", "حسین", "ندیم" };
static const char *const family[] = { "Khan", "Malik", "Hussain", "Qureshi", "Butt", "Chaudhry", "Sheikh", "Baloch",
	"Afridi", "Raza", "خان", "ملک", "قریشی", "شیخ", "بلوچ" };
static const char *const syllables[] = { "ba", "ku", "sha", "ra", "min", "dar", "gul", "pur", "nab", "zai", "tor",
	"lan", "kel", "mur", "hab", "sin", "qal", "wes", "jan", "fir" };

/* SplitMix64: every number begins a sequence of its own. */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static size_t below(uint64_t *state, size_t n)
{
	return (size_t)(draw(state) % n);
}

/* The product of two draws: the first words of a list come much oftener than its last, as in any language. */
static const char *word(uint64_t *state, const char *const *list, size_t n)
{
	size_t a = below(state, n), b = below(state, n);
	return list[a * b / n];
}

static void add_rare(uint64_t *state, struct buf *out)
{
	size_t which = below(state, RARE_WORDS);
	if (which % 4 == 0)
		(void)!buf_printf(out, "%zu", 10000 + which);
	else
		(void)!buf_printf(
		    out, "%s%s%s", syllables[which % 20], syllables[which / 20 % 20], syllables[which / 400 % 20]);
}

static char *text(struct arena *arena, uint64_t *state, bool in_urdu, size_t bytes)
{
	struct buf out = BUF_INIT(16384);
	while (out.len < bytes) {
		if (out.len > 0)
			(void)!buf_puts(&out, below(state, 12) ? " " : in_urdu ? "۔ " : ". ");
		if (below(state, 8) == 0)
			add_rare(state, &out);
		else
			(void)!buf_puts(&out,
			    in_urdu ? word(state, urdu, ARRAY_LEN(urdu)) : word(state, english, ARRAY_LEN(english)));
	}
	char *made = arena_strndup(arena, out.data, out.len);
	buf_done(&out);
	return made;
}

static const char *const *tick_all(struct arena *arena, const struct profile *profile)
{
	const char **keys = arena_alloc(arena, (profile->declarations + 1) * sizeof(*keys));
	size_t n = 0;
	for (size_t i = 0; i < profile->declarations; i++)
		if (profile->declaration[i].kind != DECLARATION_QUESTION)
			keys[n++] = profile->declaration[i].key;
	return keys;
}

static struct intake_party person(struct arena *arena, uint64_t *state)
{
	const char *name = given[below(state, ARRAY_LEN(given))], *father = given[below(state, ARRAY_LEN(given))];
	const char *house = family[below(state, ARRAY_LEN(family))];
	size_t n = below(state, 10000000);
	return (struct intake_party) { .role = "complainant",
		.name = arena_printf(arena, "%s %s", name, house),
		.father_name = arena_printf(arena, "%s %s", father, house),
		.birth_date = arena_printf(arena, "%zu-%02zu-%02zu", 1950 + n % 50, 1 + n % 12, 1 + n % 28),
		.nationality = "PK",
		.passport_no = arena_printf(arena, "AB%07zu", n),
		.phone = arena_printf(arena, "+99450%07zu", n),
		.email = arena_printf(arena, "person%zu@example.net", n),
		.address = arena_printf(arena, "Street %zu, house %zu, Baku", n % 400, n % 90) };
}

struct intake sample_complaint(struct arena *arena, const struct profile *profile, uint64_t number)
{
	uint64_t state = number;
	bool in_urdu = below(&state, 3) > 0;
	return (struct intake) { .submission = arena_printf(arena, "bench:%016llx", (unsigned long long)draw(&state)),
		.channel = "api",
		.lang = in_urdu ? LANG_UR : LANG_EN,
		.person = person(arena, &state),
		.body_key = profile->body[below(&state, profile->bodies)].key,
		.body_name = "",
		.body_country = "",
		.subject = profile->subject[below(&state, profile->subjects)].key,
		.facts = text(arena, &state, in_urdu, FACTS_BYTES),
		.remedy = text(arena, &state, in_urdu, REMEDY_BYTES),
		.steps_taken = "",
		.embassy_not_told = below(&state, 4) == 0,
		.declarations = tick_all(arena, profile) };
}

char *sample_json(struct arena *arena, const struct profile *profile, uint64_t number)
{
	const struct intake in = sample_complaint(arena, profile, number);
	const struct intake_party *p = &in.person;
	json_t *body = json_object();
	json_put_str(body, "name", p->name);
	json_put_str(body, "father_name", p->father_name);
	json_put_str(body, "birth_date", p->birth_date);
	json_put_str(body, "nationality", p->nationality);
	json_put_str(body, "passport_no", p->passport_no);
	json_put_str(body, "phone", p->phone);
	json_put_str(body, "email", p->email);
	json_put_str(body, "address", p->address);
	json_put_str(body, "body_key", in.body_key);
	json_put_str(body, "subject", in.subject);
	json_put_str(body, "facts", in.facts);
	json_put_str(body, "remedy", in.remedy);
	json_put_bool(body, "embassy_not_told", in.embassy_not_told);
	for (const char *const *d = in.declarations; *d; d++) {
		char name[64];
		snprintf(name, sizeof(name), "declaration_%s", *d);
		json_put_bool(body, name, true);
	}
	char *made = json_compact_text(body);
	json_decref(body);
	return made;
}
