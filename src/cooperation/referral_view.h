/*
 * What officers and the person see of referrals: the same members for page and API. What the reader may do now stands
 * in "can", so that the page offers nothing that would be refused.
 *
 *     { referral{id version uid is_home is_lead state{key label tone} …}, partner{…}, agreement{…}, case{…},
 *       packet_fields[], packet_files[], consents[], question{…} … outcome{issues[]} closing{…}, notes[], transfers[],
 *       pending[], can{…}, and what the forms begin with }
 */
#ifndef SULH_COOPERATION_REFERRAL_VIEW_H
#define SULH_COOPERATION_REFERRAL_VIEW_H

#include "cooperation/referral_db.h"

/* ERR_NOT_FOUND or ERR_DENIED by may(). Fills `view` (an object). */
enum err referral_view_load(
    const struct casefile_act *, enum lang, int64_t referral_id, json_t *view, struct fault *) MUST_CHECK;
/* The forms' beginnings and what is allowed (referral_choices.c). `agreement_stops`: the sentence why nothing may be
 * sent, or NULL. */
enum err referral_view_choices(const struct casefile_act *, enum lang, const struct referral *, bool may_work,
    const char *agreement_stops, json_t *view) MUST_CHECK;

/* {key, label, tone} for docs/design-system.md. */
json_t *referral_state_json(enum lang, enum referral_state);
/* [{key, label, category, text, long}] of an object of packet fields, in the order of the page. */
json_t *packet_fields_json(enum lang, const json_t *fields);
/* Fills an object with one row of a list: {id, link, number, partner_name, state, …}. */
enum err referral_list_view(const struct casefile_act *, enum lang, bool over, int64_t after, json_t *view) MUST_CHECK;

/* --- parts of other rooms' pages (plugin) ------------------------------------------------------------------------- */

/* "referral_panel" on an officer's case page. */
enum err referral_case_view(const struct casefile_act *, enum lang, const struct casefile *, json_t *view) MUST_CHECK;
/* "consent_cards" and "courses" on the person's page. */
enum err referral_person_view(const struct casefile_act *, enum lang, const struct casefile *, json_t *view) MUST_CHECK;

#endif
