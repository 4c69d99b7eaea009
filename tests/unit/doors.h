/*
 * Every door that an officer or a program can try: which question of may() it stands for. test_doors.c walks the tables
 * of routes and fails for a door that has no row here, so that a new one cannot be forgotten; then it tries each door
 * as every role, on cases that the officer leads, that are others', and that are kept from the officer (trap 11).
 */
#ifndef SULH_TESTS_DOORS_H
#define SULH_TESTS_DOORS_H

#include "office/access.h"

enum over {
	OVER_NOTHING,   /* may(actor, act, NULL): no case is meant */
	OVER_SOMEWHERE, /* open to whoever may do it to some case; what it shows is theirs only */
	OVER_CASE,      /* {id} is a case */
	OVER_CASE_ROW,  /* {id} is a case, {n} a row of it that is not there: who may learns just that */
	OVER_ELSE,      /* {id} is something else that is not there; nobody without the right learns that it is not */
	OVER_OWN,       /* what belongs to the reader alone: any officer */
};

struct door {
	const char *path; /* "GET /cases": behind "/desk" and "/api/v1"; both twins have the same rule */
	enum act act;
	enum over over;
};

static const struct door doors[] = {
	/* lists */
	{ "GET ", ACT_QUEUE_READ, OVER_OWN }, /* the work desk: figures of what the reader has a right to */
	{ "GET /desk", ACT_QUEUE_READ, OVER_OWN },
	{ "GET /cases.csv", ACT_EXPORT, OVER_SOMEWHERE },
	{ "GET /workload", ACT_CASE_ASSIGN, OVER_SOMEWHERE },
	{ "POST /lists", ACT_QUEUE_READ, OVER_NOTHING },
	{ "POST /lists/{id}/delete", ACT_QUEUE_READ, OVER_ELSE },
	{ "POST /seen", ACT_QUEUE_READ, OVER_NOTHING },
	{ "GET /cases", ACT_QUEUE_READ, OVER_NOTHING },
	{ "GET /search", ACT_QUEUE_READ, OVER_NOTHING },
	/* one case */
	{ "GET /cases/{id}", ACT_CASE_READ, OVER_CASE },
	{ "GET /cases/{id}/{tab}", ACT_CASE_READ, OVER_CASE },
	{ "GET /cases/{id}/chronology", ACT_CASE_READ, OVER_CASE },
	{ "POST /cases/{id}/documents", ACT_CASE_WORK, OVER_CASE },
	{ "GET /documents/{id}", ACT_CASE_READ, OVER_ELSE },
	{ "POST /cases/{id}/register", ACT_CASE_REGISTER, OVER_CASE },
	{ "POST /cases/{id}/acknowledge", ACT_CASE_REGISTER, OVER_CASE },
	{ "POST /cases/{id}/assign", ACT_CASE_ASSIGN, OVER_CASE },
	{ "POST /cases/{id}/admit", ACT_CASE_WORK, OVER_CASE },
	{ "POST /cases/{id}/messages", ACT_CASE_WORK, OVER_CASE },
	{ "POST /cases/{id}/notes", ACT_CASE_WORK, OVER_CASE },
	{ "POST /cases/{id}/agency-requests", ACT_CASE_WORK, OVER_CASE },
	{ "POST /cases/{id}/agency-requests/{n}/remind", ACT_CASE_WORK, OVER_CASE_ROW },
	{ "POST /cases/{id}/agency-requests/{n}/escalate", ACT_CASE_WORK, OVER_CASE_ROW },
	{ "POST /cases/{id}/agency-requests/{n}/reply", ACT_CASE_WORK, OVER_CASE_ROW },
	{ "POST /cases/{id}/agency-requests/{n}/decide-extension", ACT_CASE_WORK, OVER_CASE_ROW },
	{ "POST /cases/{id}/agency-requests/{n}/withdraw-request", ACT_CASE_WORK, OVER_CASE_ROW },
	{ "POST /cases/{id}/agency-requests/{n}/offer-remedy", ACT_CASE_WORK, OVER_CASE_ROW },
	{ "POST /cases/{id}/close", ACT_CASE_WORK, OVER_CASE },
	/* the desk: people, screening, transfers */
	{ "GET /new", ACT_CASE_ENTER, OVER_NOTHING },
	{ "POST /new", ACT_CASE_ENTER, OVER_NOTHING },
	{ "POST /new/email", ACT_CASE_ENTER, OVER_NOTHING },
	{ "GET /new/done", ACT_CASE_ENTER, OVER_ELSE },
	{ "GET /desk/new", ACT_CASE_ENTER, OVER_NOTHING },
	{ "POST /desk/new", ACT_CASE_ENTER, OVER_NOTHING },
	{ "POST /desk/new/email", ACT_CASE_ENTER, OVER_NOTHING },
	{ "GET /desk/new/done", ACT_CASE_ENTER, OVER_ELSE },
	{ "GET /transfers", ACT_QUEUE_READ, OVER_NOTHING },
	{ "POST /cases/{id}/people", ACT_CASE_SCREEN, OVER_CASE },
	{ "POST /cases/{id}/people/{n}/*", ACT_CASE_SCREEN, OVER_CASE_ROW },
	{ "POST /cases/{id}/screening", ACT_CASE_SCREEN, OVER_CASE },
	{ "POST /cases/{id}/overrule", ACT_CASE_WORK, OVER_CASE },
	{ "POST /cases/{id}/classify", ACT_CASE_SCREEN, OVER_CASE },
	{ "POST /cases/{id}/earlier", ACT_CASE_SCREEN, OVER_CASE },
	{ "POST /cases/{id}/ask-missing", ACT_CASE_SCREEN, OVER_CASE },
	{ "POST /cases/{id}/transfers", ACT_CASE_SCREEN, OVER_CASE },
	{ "POST /cases/{id}/no-transfer", ACT_CASE_SCREEN, OVER_CASE },
	{ "POST /cases/{id}/transfers/{n}/*", ACT_CASE_SCREEN, OVER_CASE_ROW },
	/* the course of a case */
	{ "POST /cases/{id}/lead", ACT_CASE_ASSIGN, OVER_CASE },
	{ "POST /cases/{id}/team", ACT_CASE_ASSIGN, OVER_CASE },
	{ "POST /cases/{id}/team/{n}/member-end", ACT_CASE_ASSIGN, OVER_CASE_ROW },
	{ "POST /cases/{id}/links", ACT_CASE_LINK, OVER_CASE },
	{ "POST /cases/{id}/links/{n}/unlink", ACT_CASE_LINK, OVER_CASE_ROW },
	{ "POST /cases/{id}/derived", ACT_CASE_LINK, OVER_CASE },
	{ "POST /cases/{id}/close-together", ACT_CASE_WORK, OVER_CASE },
	{ "POST /cases/{id}/reopen", ACT_CASE_REOPEN, OVER_CASE },
	{ "POST /cases/{id}/reviews", ACT_CASE_REVIEW, OVER_CASE },
	{ "POST /cases/{id}/reviews/{n}/reviewer", ACT_CASE_REVIEW, OVER_CASE_ROW },
	{ "POST /cases/{id}/reviews/{n}/review-outcome", ACT_CASE_READ, OVER_CASE_ROW },
	{ "POST /cases/{id}/reviews/{n}/review-withdrawal", ACT_CASE_REVIEW, OVER_CASE_ROW },
	{ "POST /cases/{id}/withdrawal", ACT_CASE_WORK, OVER_CASE },
	{ "POST /cases/{id}/move", ACT_CASE_WORK, OVER_CASE },
	{ "POST /bulk", ACT_CASE_BULK, OVER_SOMEWHERE },
	/* the office */
	{ "GET /office/staff", ACT_OFFICE_READ, OVER_NOTHING },
	{ "GET /office/staff/{id}", ACT_OFFICE_READ, OVER_ELSE },
	{ "POST /office/staff", ACT_STAFF_MANAGE, OVER_NOTHING },
	{ "POST /office/staff/{id}", ACT_STAFF_MANAGE, OVER_ELSE },
	{ "POST /office/staff/{id}/invite", ACT_STAFF_MANAGE, OVER_ELSE },
	{ "POST /office/staff/{id}/close", ACT_STAFF_MANAGE, OVER_ELSE },
	{ "POST /office/staff/{id}/open", ACT_STAFF_MANAGE, OVER_ELSE },
	{ "POST /office/staff/{id}/hand-over", ACT_CASE_ASSIGN, OVER_ELSE },
	{ "GET /office/units", ACT_OFFICE_READ, OVER_NOTHING },
	{ "GET /office/states", ACT_OFFICE_READ, OVER_NOTHING },
	/* inquiry and decision */
	{ "POST /cases/{id}/hearings", ACT_CASE_WORK, OVER_CASE },
	{ "POST /cases/{id}/hearings/{n}/*", ACT_CASE_WORK, OVER_CASE_ROW },
	{ "POST /cases/{id}/mediation", ACT_CASE_WORK, OVER_CASE },
	{ "POST /cases/{id}/mediation/*", ACT_CASE_MEDIATE, OVER_CASE_ROW },
	{ "POST /cases/{id}/findings", ACT_CASE_WORK, OVER_CASE },
	{ "POST /cases/{id}/findings/{n}/issue-finding", ACT_CASE_DECIDE, OVER_CASE_ROW },
	{ "POST /cases/{id}/findings/{n}/*", ACT_CASE_WORK, OVER_CASE_ROW },
	{ "POST /cases/{id}/finding-comments/{n}/comment", ACT_CASE_WORK, OVER_CASE_ROW },
	{ "POST /cases/{id}/outcomes", ACT_CASE_WORK, OVER_CASE },
	{ "POST /cases/{id}/recommendations", ACT_CASE_DECIDE, OVER_CASE },
	{ "POST /cases/{id}/recommendations/{n}/escalation", ACT_CASE_DECIDE, OVER_CASE_ROW },
	{ "POST /cases/{id}/recommendations/{n}/*", ACT_CASE_WORK, OVER_CASE_ROW },
	{ "GET /recommendations", ACT_QUEUE_READ, OVER_NOTHING },
	{ "GET /hearings", ACT_QUEUE_READ, OVER_NOTHING },
	/* access */
	{ "POST /cases/{id}/identity", ACT_IDENTITY_OPEN, OVER_CASE },
	{ "POST /cases/{id}/identity/{n}/decide", ACT_IDENTITY_APPROVE, OVER_CASE_ROW },
	{ "POST /cases/{id}/conflicts", ACT_CONFLICT_SET, OVER_CASE },
	{ "POST /cases/{id}/conflicts/{n}/lift", ACT_CONFLICT_SET, OVER_CASE_ROW },
	{ "POST /cases/{id}/step-back", ACT_CASE_READ, OVER_CASE },
	{ "GET /break-glass/{id}", ACT_BREAK_GLASS, OVER_CASE },
	{ "POST /break-glass/{id}", ACT_BREAK_GLASS, OVER_CASE },
	{ "GET /openings", ACT_IDENTITY_APPROVE, OVER_SOMEWHERE },
	{ "GET /journal", ACT_JOURNAL_READ, OVER_NOTHING },
	/* bodies complained of */
	{ "GET /office/bodies", ACT_OFFICE_READ, OVER_NOTHING },
	{ "GET /office/bodies/{id}", ACT_OFFICE_READ, OVER_ELSE },
	{ "GET /office/bodies/export", ACT_OFFICE_READ, OVER_NOTHING },
	{ "GET /office/bodies/import", ACT_OFFICE_CHANGE, OVER_NOTHING },
	{ "POST /office/bodies/import", ACT_OFFICE_CHANGE, OVER_NOTHING },
	{ "GET /office/bodies/new", ACT_OFFICE_CHANGE, OVER_NOTHING },
	{ "GET /office/bodies/{id}/edit", ACT_OFFICE_CHANGE, OVER_ELSE },
	{ "GET /office/bodies/{id}/merge", ACT_OFFICE_CHANGE, OVER_ELSE },
	{ "POST /office/bodies", ACT_OFFICE_CHANGE, OVER_NOTHING },
	{ "POST /office/bodies/{id}*", ACT_OFFICE_CHANGE, OVER_ELSE },
	{ "GET /safety", ACT_STAFF_MANAGE, OVER_NOTHING },
	/* time, tasks, substitution */
	{ "POST /cases/{id}/clocks/{n}/pause-clock", ACT_CLOCK_CHANGE, OVER_CASE_ROW },
	{ "POST /cases/{id}/clocks/{n}/resume-clock", ACT_CLOCK_CHANGE, OVER_CASE_ROW },
	{ "POST /cases/{id}/clocks/{n}/extend-clock", ACT_CLOCK_CHANGE, OVER_CASE_ROW },
	{ "POST /cases/{id}/agency-first", ACT_CASE_REGISTER, OVER_CASE },
	{ "POST /cases/{id}/agency-first-end", ACT_CASE_REGISTER, OVER_CASE },
	{ "POST /cases/{id}/tasks", ACT_CASE_READ, OVER_CASE },
	{ "GET /tasks", ACT_TASK_WORK, OVER_NOTHING },
	{ "POST /tasks", ACT_TASK_WORK, OVER_NOTHING },
	{ "POST /tasks/bulk", ACT_TASK_WORK, OVER_NOTHING },
	{ "GET /tasks/{id}", ACT_TASK_WORK, OVER_ELSE },
	{ "POST /tasks/{id}/*", ACT_TASK_WORK, OVER_ELSE },
	{ "GET /task-series", ACT_TASK_WORK, OVER_NOTHING },
	{ "POST /task-series", ACT_TASK_WORK, OVER_NOTHING },
	{ "POST /task-series/{id}/stop", ACT_TASK_WORK, OVER_ELSE },
	{ "GET /notices", ACT_TASK_WORK, OVER_NOTHING },
	{ "POST /notices/read", ACT_TASK_WORK, OVER_NOTHING },
	{ "POST /notices/{id}/read", ACT_TASK_WORK, OVER_NOTHING },
	{ "GET /substitutions", ACT_SUBSTITUTE, OVER_OWN },
	{ "POST /substitutions", ACT_SUBSTITUTE, OVER_OWN },
	{ "POST /substitutions/{id}/end", ACT_SUBSTITUTE, OVER_ELSE },
	{ "POST /office/holidays/preview", ACT_OFFICE_CHANGE, OVER_NOTHING },
	{ "GET /office/recounts", ACT_OFFICE_READ, OVER_NOTHING },
	{ "POST /act-for", ACT_SUBSTITUTE, OVER_OWN },
	/* the office as data */
	{ "GET /office", ACT_OFFICE_READ, OVER_NOTHING },
	{ "GET /office/lists/{list}/import", ACT_OFFICE_CHANGE, OVER_ELSE },
	{ "GET /office/lists", ACT_OFFICE_READ, OVER_NOTHING },
	{ "GET /office/lists/*", ACT_OFFICE_READ, OVER_ELSE },
	{ "POST /office/lists/*", ACT_OFFICE_CHANGE, OVER_ELSE },
	{ "GET /office/limits", ACT_OFFICE_READ, OVER_NOTHING },
	{ "GET /office/limits/{limit}", ACT_OFFICE_READ, OVER_ELSE },
	{ "POST /office/limits/{limit}", ACT_OFFICE_CHANGE, OVER_ELSE },
	{ "GET /office/holidays", ACT_OFFICE_READ, OVER_NOTHING },
	{ "POST /office/holidays", ACT_OFFICE_CHANGE, OVER_NOTHING },
	/* cooperation */
	{ "GET /partners", ACT_PARTNER_READ, OVER_NOTHING },
	{ "POST /partners", ACT_PARTNER_PAIR, OVER_NOTHING },
	{ "GET /partners/{id}", ACT_PARTNER_READ, OVER_ELSE },
	{ "POST /partners/{id}/confirm", ACT_PARTNER_PAIR, OVER_ELSE },
	{ "POST /partners/{id}/address", ACT_PARTNER_PAIR, OVER_ELSE },
	{ "POST /partners/{id}/block", ACT_PARTNER_PAIR, OVER_ELSE },
	{ "GET /agreements", ACT_AGREEMENT_READ, OVER_NOTHING },
	{ "POST /agreements", ACT_AGREEMENT_DRAFT, OVER_ELSE },
	{ "GET /agreements/new", ACT_AGREEMENT_DRAFT, OVER_ELSE },
	{ "GET /agreements/{id}", ACT_AGREEMENT_READ, OVER_ELSE },
	{ "PUT /agreements/{id}", ACT_AGREEMENT_DRAFT, OVER_ELSE },
	{ "GET /agreements/{id}/edit", ACT_AGREEMENT_DRAFT, OVER_ELSE },
	{ "POST /agreements/{id}/edit", ACT_AGREEMENT_DRAFT, OVER_ELSE },
	{ "POST /agreements/{id}/discard", ACT_AGREEMENT_DRAFT, OVER_ELSE },
	{ "GET /agreements/{id}/document", ACT_AGREEMENT_READ, OVER_ELSE },
	{ "POST /agreements/{id}/*", ACT_AGREEMENT_SIGN, OVER_ELSE },
	{ "GET /referrals", ACT_REFERRAL_READ, OVER_NOTHING },
	{ "GET /referrals/{id}", ACT_REFERRAL_READ, OVER_ELSE },
	{ "POST /referrals/{id}/*", ACT_REFERRAL_WORK, OVER_ELSE },
	{ "POST /cases/{id}/referrals", ACT_REFERRAL_WORK, OVER_CASE },
};

#endif
