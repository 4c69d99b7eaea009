/* The one list of what the nouns of this room register. */
#include "casework/tables.h"

#include "base/util.h"
#include "casework/case_acts.h"
#include "casework/case_view.h"

#include <string.h>

/* Routes: lists, one case, the public's pages. */
extern const struct route_table public_routes, desk_routes, tab_routes, opening_routes;
extern const struct route_table agency_desk_routes, agency_person_routes, agency_recommendation_routes, agency_routes,
    body_routes;
extern const struct route_table body_csv_routes, agency_password_routes;
extern const struct route_table flow_routes, bulk_routes, staff_routes, invite_routes, office_page_routes,
    track_flow_routes;
extern const struct route_table time_routes, task_routes, notice_routes, substitution_routes, series_routes,
    recount_routes;
extern const struct route_table hearing_routes, mediation_routes, finding_routes, recommendation_routes,
    recommendation_list_routes, hearing_list_routes, inquiry_person_routes, finding_agency_routes;
extern const struct route_table entry_routes, party_routes, screening_routes, transfer_routes;

const struct route_table *const casework_routes[] = {
	&public_routes,
	&desk_routes,
	&entry_routes,
	&party_routes,
	&screening_routes,
	&transfer_routes,
	&agency_desk_routes, /* before the tabs: more exact addresses */
	&flow_routes,
	&bulk_routes,
	&staff_routes,
	&invite_routes,
	&office_page_routes,
	&track_flow_routes,
	&time_routes,
	&task_routes,
	&notice_routes,
	&series_routes,
	&recount_routes,
	&substitution_routes,
	&tab_routes,
	&hearing_routes,
	&hearing_list_routes,
	&mediation_routes,
	&finding_routes,
	&recommendation_routes,
	&recommendation_list_routes,
	&inquiry_person_routes,
	&finding_agency_routes,
	&opening_routes,
	&agency_routes,
	&agency_person_routes,
	&agency_recommendation_routes,
	&body_routes,
	&body_csv_routes,
	&agency_password_routes,
};
const size_t casework_routes_count = ARRAY_LEN(casework_routes);

/* Acts on a case. */
extern const struct desk_act_table case_acts, access_acts;
extern const struct desk_act_table agency_acts;
extern const struct desk_act_table flow_acts;
extern const struct desk_act_table hearing_acts, mediation_acts, finding_acts, recommendation_acts;
extern const struct desk_act_table time_acts;
extern const struct desk_act_table party_acts, screening_acts, transfer_acts;

static const struct desk_act_table *const acts[] = {
	&case_acts,
	&party_acts,
	&screening_acts,
	&transfer_acts,
	&hearing_acts,
	&mediation_acts,
	&finding_acts,
	&recommendation_acts,
	&access_acts,
	&agency_acts,
	&flow_acts,
	&time_acts,
};

/* Kinds of events. */
extern const struct event_table case_events, referral_events, access_events;
extern const struct event_table agency_events;
extern const struct event_table flow_events;
extern const struct event_table hearing_events, mediation_events, finding_events, recommendation_events;
extern const struct event_table time_events;
extern const struct event_table party_events, screening_events, transfer_events;

static const struct event_table *const events[] = {
	&case_events,
	&party_events,
	&screening_events,
	&transfer_events,
	&flow_events,
	&referral_events,
	&hearing_events,
	&mediation_events,
	&finding_events,
	&recommendation_events,
	&access_events,
	&agency_events,
	&time_events,
};

/* Tabs of a case's page beside its overview, in the order of reading. */
extern const struct case_tab chronology_tab, similar_tab, access_tab, inquiry_tab, mediation_tab, time_tab, team_tab,
    links_tab, agency_tab, party_tab, screening_tab;

static const struct case_tab *const tabs[] = {
	&party_tab,
	&screening_tab,
	&team_tab,
	&inquiry_tab,
	&mediation_tab,
	&agency_tab,
	&links_tab,
	&time_tab,
	&chronology_tab,
	&similar_tab,
	&access_tab,
};

/* Background work. */
extern const struct job_table draft_jobs, ladder_jobs, series_jobs, recount_jobs, task_jobs;
extern const struct job_table flow_jobs;
extern const struct job_table list_jobs;

const struct job_table *const casework_job_tables[] = {
	&draft_jobs,
	&ladder_jobs,
	&series_jobs,
	&recount_jobs,
	&task_jobs,
	&flow_jobs,
	&list_jobs,
};
const size_t casework_job_tables_count = ARRAY_LEN(casework_job_tables);

/* --- found by key ------------------------------------------------------------------------------------------------ */

const struct event_kind *event_kind_find(const char *key)
{
	for (size_t t = 0; t < ARRAY_LEN(events); t++)
		for (size_t i = 0; i < events[t]->count; i++)
			if (!strcmp(events[t]->at[i].key, key))
				return &events[t]->at[i];
	return NULL;
}

const struct desk_act *desk_act_find(const char *key)
{
	for (size_t t = 0; t < ARRAY_LEN(acts); t++)
		for (size_t i = 0; i < acts[t]->count; i++)
			if (!strcmp(acts[t]->at[i].key, key))
				return &acts[t]->at[i];
	return NULL;
}

const struct case_tab *case_tab_at(size_t n)
{
	return n < ARRAY_LEN(tabs) ? tabs[n] : NULL;
}

const struct case_tab *case_tab_find(const char *key)
{
	const struct case_tab *tab;
	for (size_t i = 0; (tab = case_tab_at(i)); i++)
		if (!strcmp(tab->key, key))
			return tab;
	return NULL;
}
