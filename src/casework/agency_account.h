/*
 * People and programs of a body who may see what their body is asked: accounts for the pages under /agency, tokens for
 * /api/v1/agency. An officer makes them on the body's page. There is no password at the beginning: the person sets one
 * by a link that was shown once and is good for a week.
 *
 *     e = agency_account_add(&act, "nadra", &form, &id, secret, &fault);      "/agency/start/" secret
 */
#ifndef SULH_CASEWORK_AGENCY_ACCOUNT_H
#define SULH_CASEWORK_AGENCY_ACCOUNT_H

#include "casework/body_acts.h"

#define AGENCY_SECRET_TEXT 64
#define AGENCY_LINK_DAYS 7

struct account_form {
	const char *login, *name, *post, *lang;
	bool below; /* the bodies below it too */
};
/* The login name, name and language. Pure. */
enum err account_check(const struct account_form *, struct fault *) MUST_CHECK;
enum err agency_account_add(const struct casefile_act *, const char *body_key, const struct account_form *,
    int64_t *ret_id, char secret[AGENCY_SECRET_TEXT], struct fault *) MUST_CHECK;
/* A new link, for who lost theirs or forgot the password: the old password ends, and so do the sessions. */
enum err agency_account_link(const struct casefile_act *, const char *body_key, int64_t id,
    char secret[AGENCY_SECRET_TEXT], struct fault *) MUST_CHECK;
enum err agency_account_close(const struct casefile_act *, const char *body_key, int64_t id, struct fault *) MUST_CHECK;
/* [{id, login, name, post, below, active, waiting (no password yet), seen}] */
enum err agency_account_list(
    const struct casefile_act *, enum lang, const char *body_key, json_t **ret_list) MUST_CHECK;

/* Does the link still open an account? ERR_NOT_FOUND otherwise. */
enum err agency_link_find(struct db_tx *, const char *secret, int64_t now, int64_t *ret_id) MUST_CHECK;
/* The password by the link (hashed before the transaction: it takes long); the link is used up. */
enum err agency_link_use(
    struct db_tx *, const char *secret, const char *password_hash, int64_t now, struct fault *) MUST_CHECK;

enum err agency_token_add(const struct casefile_act *, const char *body_key, const char *label, bool below,
    int64_t *ret_id, char secret[AGENCY_SECRET_TEXT], struct fault *) MUST_CHECK;
enum err agency_token_revoke(const struct casefile_act *, const char *body_key, int64_t id, struct fault *) MUST_CHECK;
/* [{id, label, below, revoked, created}] */
enum err agency_token_list(const struct casefile_act *, enum lang, const char *body_key, json_t **ret_list) MUST_CHECK;

/* Focal persons log in where officers do: once, at start (office.h: login_source). */
void agency_login_plug(void);

#endif
