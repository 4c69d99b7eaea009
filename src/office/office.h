/*
 * An office: its directory, configuration, profile, keys and database, opened once per process and passed to
 * everything.
 *
 *     DIR/sulh.conf      configuration           DIR/profile/   the institution as data
 *     DIR/keys.json      own keys, mode 0600     DIR/office.db  embedded database (unless PostgreSQL)
 *     DIR/spool/         unlinked temporary files of uploads
 */
#ifndef SULH_OFFICE_OFFICE_H
#define SULH_OFFICE_OFFICE_H

#include "base/config.h"
#include "crypto/keys.h"
#include "db/db.h"
#include "http/http.h"
#include "office/access.h"
#include "office/profile.h"

struct current;
struct journal_reader;
struct job_runner;

struct office {
	char dir[512];
	struct config config;
	struct profile *profile;
	struct current *current; /* the profile with what was changed since: office/current.h */
	struct keys *keys;
	struct db *db;
	struct throttle *throttle;
	struct journal_reader *reads;
	struct job_runner *jobs; /* NULL outside `sulh serve` */
	char uid[64];            /* our office id in the exchange: key id of the signing key */
	void *registry;          /* of bodies: casework's, see casework/registry.h; NULL until first asked for */
	void (*registry_free)(void *);
	bool only_looks; /* closing it signs nothing: whoever looks for a fault must not sign it */
};

static inline struct office *office_of(const struct request *rq)
{
	return rq->app;
}
static inline const struct actor *actor_of(const struct request *rq)
{
	return rq->actor;
}

/* Makes the directory, keys, profile copy, configuration and schema. ERR_CONFLICT when the directory is in use. */
struct office_create {
	const char *dir, *profile, *database, *listen, *public_url;
};
enum err office_create(
    const struct office_create *, const struct db_migration *list, size_t n, struct fault *) MUST_CHECK;
enum err office_open(
    const char *dir, const struct db_migration *list, size_t n, struct office **ret_office, struct fault *) MUST_CHECK;
void office_close(struct office *);

/* Next number of a series, gap-free because raised in the caller's transaction. */
enum err series_next(struct db_tx *, const char *series, int64_t *ret_n) MUST_CHECK;
enum err tally_add(struct db_tx *, const char *name, int64_t by) MUST_CHECK;
enum err tally_get(struct db_tx *, const char *name, int64_t *ret_n) MUST_CHECK;

/* Brings the table unit_reach to what the profile says (unit.c). */
enum err units_keep(struct db *, const struct profile *) MUST_CHECK;

/* --- people who work here (staff.c) --- */
struct staff {
	int64_t id;
	char login[64], name[4 * 150 + 1], lang[8]; /* a name has at most 150 characters */
	char roles[256];                            /* keys of the profile's roles, parted by a space */
	char unit[64];                              /* key of a unit; "" for none */
	bool active;
};
struct staff_new {
	const char *login, *name, *lang, *password;
	const char *roles; /* keys, parted by spaces or commas */
	const char *unit;  /* NULL or "" for none */
};
enum err staff_add(
    struct office *, const struct staff_new *, const char *actor_tag, int64_t *ret_id, struct fault *) MUST_CHECK;
enum err staff_set_password(struct office *, const char *login, const char *password, struct fault *) MUST_CHECK;
/* Both hold from the next request of that person on; closing ends the sessions. The same again changes nothing. */
enum err staff_set_roles(struct office *, const char *login, const char *roles, struct fault *) MUST_CHECK;
enum err staff_set_unit(struct office *, const char *login, const char *unit, struct fault *) MUST_CHECK;
enum err staff_set_active(struct office *, const char *login, bool active, struct fault *) MUST_CHECK;
/* Everybody, also whose account is closed: [{id,login,name,roles,unit,lang,active}]. */
enum err staff_all(struct db_tx *, json_t **ret_list) MUST_CHECK;
/* All active ones with that role (NULL: any), for choosing an assignee: [{id,name,roles,unit}]. */
enum err staff_list(struct db_tx *, const char *role, json_t **ret_list) MUST_CHECK;
enum err staff_load(struct db_tx *, int64_t id, struct staff *ret_staff) MUST_CHECK;
enum err staff_find(struct db_tx *, const char *login, int64_t *ret_id) MUST_CHECK; /* ERR_NOT_FOUND */

/* In the caller's transaction, for pages: what an administrator changes of somebody (staff_admin.c). Each holds from
 * the next click of that person on; closing ends the sessions. */
struct staff_change {
	const char *name, *lang, *roles, *unit;
};
enum err staff_change(const struct profile *, struct db_tx *, int64_t id, const struct staff_change *,
    const char *actor_tag, int64_t now, struct fault *) MUST_CHECK;
enum err staff_switch(struct db_tx *, int64_t id, bool active, const char *actor_tag, int64_t now) MUST_CHECK;
/* `hash` by password_hash; whoever held the old password is out. */
enum err staff_write_password(
    struct db_tx *, int64_t id, const char *hash, const char *actor_tag, int64_t now) MUST_CHECK;
enum err staff_check_password(const char *password, struct fault *) MUST_CHECK;
/* A page of everybody by login, behind `after` ("" from the start), at most STAFF_LIST_MAX and one more:
 * [{id,login,name,roles,unit,active,open_cases}]. */
#define STAFF_LIST_MAX 50
enum err staff_page(struct db_tx *, const char *after, json_t **ret_list) MUST_CHECK;

/* --- sessions and tokens (session.c) --- */
#define SESSION_COOKIE "sulh_staff"
#define PERSON_COOKIE "sulh_track"
enum err session_login(
    struct request *, struct reply *, const char *login, const char *password, struct fault *) MUST_CHECK;
/* Others who log in at the same door (casework: focal persons of bodies). Their sessions and tokens are theirs alone: a
 * door of officers does not find them, nor the other way round. */
struct login_source {
	const char *kind; /* of sessions, and of the journal's objects: "agency" */
	const char *home; /* their first page */
	/* Writes nothing when nobody has the name. `hash` has PASSWORD_HASH_TEXT bytes; "" cannot log in. */
	enum err (*find)(struct db_tx *, const char *login, int64_t *ret_id, bool *ret_active, char *hash);
	/* NULL in ret_actor when they may not come in any more. */
	enum err (*actor)(struct db_tx *, struct arena *, int64_t id, struct actor **ret_actor);
	enum err (*token)(struct db_tx *, struct arena *, const char *sha256, struct actor **ret_actor);
	enum err (*came)(struct db_tx *, int64_t id, int64_t now); /* with the new session's transaction */
};
void office_login_plug(const struct login_source *); /* once, at start */
const struct login_source *office_login_plugged(void);
enum err session_open_person(struct request *, struct reply *, int64_t casefile_id) MUST_CHECK;
/* In whose name this session works from the next request on: a substitution's id, 0 for the own name. Journalled. */
enum err session_act_for(struct db_tx *, const struct actor *, int64_t now, int64_t substitution_id) MUST_CHECK;
enum err session_end(struct request *, struct reply *) MUST_CHECK;
enum err office_authenticate(struct request *); /* server_options.authenticate */
enum err token_add(struct office *, const char *label, const char *roles, int64_t *ret_id, char **ret_token,
    struct fault *) MUST_CHECK;
/* [{id,label,roles,created_at,revoked_at}], the last one missing while the token is valid. */
enum err token_all(struct db_tx *, json_t **ret_list) MUST_CHECK;
enum err token_revoke(struct office *, int64_t id, struct fault *) MUST_CHECK;

/* What every page shows around its content: server_options.frame (frame.c). */
void office_frame(struct request *, json_t *view);
/* The first navigation entry that this reader may open as an officer; "/" if there is none. */
const char *office_first_page(const struct request *);

/* All pages and API addresses of the room (tables.c). */
extern const struct route_table *const office_tables[];
extern const size_t office_tables_count;
extern const struct job_table office_jobs;
extern const struct db_migration *const office_migrations[];
extern const size_t office_migration_count;

#endif
