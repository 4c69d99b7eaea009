/*
 * What officers do to the registry of bodies: each act checks, saves, journals and raises the generation in the
 * caller's transaction; the caller has asked may(). Texts of a form are never NULL.
 */
#ifndef SULH_CASEWORK_BODY_ACTS_H
#define SULH_CASEWORK_BODY_ACTS_H

#include "casework/casefile.h"
#include "casework/registry.h"

struct body_form {
	int64_t version;            /* as the reader saw it; 0 not checked */
	const char *key;            /* of a new one: "" makes one of the name */
	const char *name[LANG_MAX]; /* the office's own language is needed */
	const char *parent, *kind, *country, *region, *register_no, *web, *note;
	const char *since, *until; /* ISO dates or "" */
};
enum err body_add(
    const struct casefile_act *, const struct body_form *, const char **ret_key, struct fault *) MUST_CHECK;
/* A name that changes stays among those that find it. */
enum err body_change(const struct casefile_act *, const char *key, const struct body_form *, struct fault *) MUST_CHECK;

#define MANDATE_MATTERS 4
struct mandate_form {
	const char *may, *since, *until, *not_ours, *source;
	const char *matter[MANDATE_MATTERS]; /* subjects' keys, "" unused */
};
/* A rule more: from its first day on it speaks instead of the earlier ones. */
enum err body_mandate_add(
    const struct casefile_act *, const char *key, const struct mandate_form *, struct fault *) MUST_CHECK;

struct contact_form {
	const char *part, *name, *post, *email, *phone;
	const char *deputy_name, *deputy_post, *deputy_email, *deputy_phone;
};
/* Nobody without a deputy, neither without a way to reach them. Pure. */
enum err contact_check(const struct contact_form *, struct fault *) MUST_CHECK;
enum err contact_add(const struct casefile_act *, const char *key, const struct contact_form *, int64_t *ret_id,
    struct fault *) MUST_CHECK;
enum err contact_confirm(const struct casefile_act *, const char *key, int64_t id, struct fault *) MUST_CHECK;
enum err contact_end(const struct casefile_act *, const char *key, int64_t id, struct fault *) MUST_CHECK;

/* The entry by its key, or ERR_NOT_FOUND with words. */
enum err body_require(const struct casefile_act *, const char *key, const struct registry **ret_bodies,
    const struct body **ret_body, struct fault *) MUST_CHECK;
/* journal_write about a body; `payload` is stolen. */
enum err body_journal(const struct casefile_act *, const char *act, const struct body *, json_t *payload) MUST_CHECK;

#endif
