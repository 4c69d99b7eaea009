/* What somebody complains of, from a seed and a number. */
#include "base/util.h"
#include "synthetic/synthetic.h"
#include "synthetic/words.h"

#include <stdio.h>
#include <string.h>

#define FACTS_MEDIAN 700
#define FACTS_SIGMA 0.75

struct share {
	enum lang lang;
	double of; /* of all, added up */
};

/* Who writes in which language: Urdu and English in Islamabad; Azerbaijani, then Russian, in Baku. */
static enum lang pick_lang(struct draw *d, const struct profile *profile)
{
	static const struct share pk[] = { { LANG_UR, 0.6 }, { LANG_EN, 0.96 }, { LANG_AZ, 0.98 }, { LANG_RU, 1 } };
	static const struct share az[] = { { LANG_AZ, 0.72 }, { LANG_RU, 0.92 }, { LANG_EN, 0.97 }, { LANG_UR, 1 } };
	const struct share *shares = profile->language == LANG_AZ ? az : pk;
	double at = draw_unit(d);
	size_t i = 0;
	while (i + 1 < ARRAY_LEN(pk) && at > shares[i].of)
		i++;
	return shares[i].lang;
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

static struct intake_party person(struct arena *arena, struct draw *d, const struct profile *profile, enum lang lang)
{
	struct words_name name = words_name(arena, d, lang);
	size_t n = draw_below(d, 10000000);
	return (struct intake_party) { .role = "complainant",
		.name = name.full,
		.father_name = name.father,
		.birth_date = draw_chance(d, 0.8)
				  ? arena_printf(arena, "%zu-%02zu-%02zu", 1950 + n % 50, 1 + n % 12, 1 + n % 28)
				  : "",
		.nationality = draw_chance(d, 0.9) ? profile->country : "",
		.passport_no = draw_chance(d, 0.5) ? arena_printf(arena, "ZZ%07zu", n) : "",
		.phone = arena_printf(arena, "+000%09zu", n),
		.email = draw_chance(d, 0.4) ? arena_printf(arena, "person%zu@example.net", n) : "",
		.address = arena_printf(arena, "%s, %zu", words_place(d, lang), 1 + n % 400) };
}

static const char *channel(struct draw *d)
{
	double at = draw_unit(d);
	return at < 0.55 ? "web" : at < 0.9 ? "desk" : "api";
}

struct intake synthetic_complaint(struct arena *arena, const struct profile *profile, uint64_t seed, uint64_t number)
{
	struct draw d = draw_from(seed, number);
	enum lang lang = pick_lang(&d, profile);
	bool named = draw_chance(&d, 0.08); /* a body that the list does not have */
	return (struct intake) { .submission = arena_printf(arena, "synthetic:%llu:%llu", (unsigned long long)seed,
				     (unsigned long long)number),
		.channel = channel(&d),
		.lang = lang,
		.person = person(arena, &d, profile, lang),
		.body_key = named ? "" : profile->body[draw_skewed(&d, profile->bodies)].key,
		.body_name = named ? arena_printf(arena, "%s, %zu", words_place(&d, lang), 1 + draw_below(&d, 60)) : "",
		.body_country = "",
		.subject = draw_chance(&d, 0.9) ? profile->subject[draw_skewed(&d, profile->subjects)].key : "",
		.facts = words_facts(arena, &d, lang, draw_lognormal(&d, FACTS_MEDIAN, FACTS_SIGMA)),
		.remedy = words_remedy(arena, &d, lang),
		.steps_taken = "",
		.embassy_not_told = draw_chance(&d, 0.05),
		.declarations = tick_all(arena, profile) };
}

char *synthetic_json(struct arena *arena, const struct profile *profile, uint64_t seed, uint64_t number)
{
	const struct intake in = synthetic_complaint(arena, profile, seed, number);
	const struct intake_party *p = &in.person;
	const struct {
		const char *member, *value;
	} texts[] = { { "name", p->name }, { "father_name", p->father_name }, { "birth_date", p->birth_date },
		{ "nationality", p->nationality }, { "passport_no", p->passport_no }, { "phone", p->phone },
		{ "email", p->email }, { "address", p->address }, { "body_key", in.body_key },
		{ "body_name", in.body_name }, { "subject", in.subject }, { "facts", in.facts },
		{ "remedy", in.remedy } };
	json_t *body = json_object();
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		json_put_str(body, texts[i].member, texts[i].value);
	json_put_bool(body, "embassy_not_told", in.embassy_not_told);
	for (const char *const *one = in.declarations; *one; one++) {
		char name[64];
		snprintf(name, sizeof(name), "declaration_%s", *one);
		json_put_bool(body, name, true);
	}
	char *made = json_compact_text(body);
	json_decref(body);
	return made;
}
