/* A whole agreement between two offices, in force since long ago: what tests begin with and change. */
#ifndef SULH_TEST_AGREEMENT_SAMPLE_H
#define SULH_TEST_AGREEMENT_SAMPLE_H

#include "base/json.h"

static inline json_t *agreement_sample_party(const char *id, const char *name, const char *country)
{
	json_t *party = json_pack("{s:s, s:{s:s}, s:s}", "id", id, "name", "en", name, "country", country);
	static const char *const people[] = { "contact", "deputy" };
	for (int i = 0; i < 2; i++)
		json_object_set_new(party, people[i],
		    json_pack("{s:s, s:s}", "name", i ? "Deputy Officer" : "Liaison Officer", "email",
			"liaison@example.org"));
	return party;
}

/* Party 0 is a Pakistani office, party 1 an Azerbaijani one. Yours. */
static inline json_t *agreement_sample(const char *first_id, const char *second_id)
{
	json_t *a = json_pack(
	    "{s:i, s:{s:s}, s:{s:s}, s:[s], s:[s,s], s:s, s:{s:{s:i,s:s}}, s:[s,s,s], s:s, s:s, s:i, s:{s:s}}",
	    "version", 1, "title", "en", "Memorandum of mutual assistance", "persons", "kind", "nationals", "subjects",
	    "*", "assistance", "referral", "information_request", "consent", "explicit", "clocks", "accept", "amount",
	    7, "unit", "days", "languages", "en", "ur", "az", "authentic_language", "en", "valid_from", "2020-01-01",
	    "notice_days", 30, "text", "en", "The parties assist each other's nationals.");
	json_object_set_new(a, "parties",
	    json_pack("[o, o]", agreement_sample_party(first_id, "Federal Ombudsman of Pakistan", "PK"),
		agreement_sample_party(second_id, "Commissioner for Human Rights of Azerbaijan", "AZ")));
	json_object_set_new(
	    a, "data_categories", json_pack("[s,s,s,s,s]", "identity", "contact", "facts", "remedy", "documents"));
	return a;
}

#endif
