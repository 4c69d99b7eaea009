/* Makes, opens and closes an office's directory. */
#include "office/office.h"

#include "base/clockwork.h"
#include "base/log.h"
#include "base/util.h"
#include "office/current.h"
#include "office/journal.h"
#include "office_migrations.sql.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct db_migration *const office_migrations[] = {
	&migration_office_001_office,
	&migration_office_002_lists,
	&migration_office_003_units,
	&migration_office_004_substitution,
};
const size_t office_migration_count = ARRAY_LEN(office_migrations);

static const char *path_in(char out[600], const char *dir, const char *name)
{
	snprintf(out, 600, "%s/%s", dir, name);
	return out;
}

/* "sqlite:office.db" is relative to the office's directory. */
static void database_url(char out[1100], const char *dir, const char *database)
{
	if (!strncmp(database, "sqlite:", 7) && database[7] != '/')
		snprintf(out, 1100, "sqlite:%s/%s", dir, database + 7);
	else
		snprintf(out, 1100, "%s", database);
}

static enum err make_dir(const char *path, struct fault *fault)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return OK;
	return fault_set(
	    fault, ERR_STORE, path, N_("The folder cannot be made: {reason}."), "reason", strerror(errno), NULL);
}

struct beginning {
	const char *uid, *profile;
};

static enum err write_beginning(struct db_tx *tx, void *arg)
{
	const struct beginning *beginning = arg;
	json_t *payload = json_object();
	json_put_str(payload, "uid", beginning->uid);
	json_put_str(payload, "profile", beginning->profile);
	return journal_write(tx, now_ms(), "system", "office.create", "office:1", payload);
}

/* A journal has an entry and a signature over it from the first: one without them was emptied. */
static enum err make_keys(const char *dir, const char *profile, struct db *db, struct fault *fault)
{
	char path[600];
	struct keys *keys = NULL;
	enum err e = keys_generate(&keys);
	if (!e)
		e = keys_save(keys, path_in(path, dir, "keys.json"), fault);
	if (!e) {
		struct beginning beginning = { public_keys_sign_id(keys_public(keys)), profile };
		e = db_write(db, write_beginning, &beginning);
	}
	if (!e)
		e = journal_checkpoint(db, keys, now_ms());
	keys_free(keys);
	return e;
}

static enum err open_database(const char *dir, const struct config *config, const struct db_migration *list, size_t n,
    struct db **ret_db, struct fault *fault)
{
	char url[1100];
	struct db *db = NULL;
	database_url(url, dir, config->database);
	enum err e = db_open(url, NULL, &db, fault);
	if (!e)
		e = db_migrate(db, list, n, fault);
	if (e) {
		db_close(db);
		return e;
	}
	*ret_db = db;
	return OK;
}

static enum err set_wishes(struct config *config, const struct office_create *create, struct fault *fault)
{
	const struct {
		const char *key, *value;
	} wish[] = { { "database", create->database }, { "listen", create->listen },
		{ "public_url", create->public_url } };
	enum err e = OK;

	if (create->listen)
		snprintf(config->public_url, sizeof(config->public_url), "http://%s", create->listen);
	for (size_t i = 0; !e && i < ARRAY_LEN(wish); i++)
		if (wish[i].value)
			e = config_set(config, wish[i].key, wish[i].value, fault);
	return e ? e : config_check(config, fault);
}

enum err office_create(
    const struct office_create *create, const struct db_migration *list, size_t n, struct fault *fault)
{
	char path[600];
	struct config config;
	struct db *db = NULL;
	if (access(path_in(path, create->dir, "sulh.conf"), F_OK) == 0)
		return fault_set(
		    fault, ERR_CONFLICT, create->dir, N_("There is an office in this folder already."), NULL);
	config_default(&config);
	enum err e = set_wishes(&config, create, fault);
	if (!e)
		e = make_dir(create->dir, fault);
	/* The database may be far away. Before files that are never overwritten, so that whoever mistyped it can try
	 * again. */
	if (!e)
		e = open_database(create->dir, &config, list, n, &db, fault);
	if (!e)
		e = profile_install(create->profile, path_in(path, create->dir, "profile"), fault);
	if (!e)
		e = make_dir(path_in(path, create->dir, "spool"), fault);
	if (!e)
		e = make_keys(create->dir, create->profile, db, fault);
	db_close(db);
	/* The configuration comes last: a folder with it is a whole office. */
	return e ? e : config_save(&config, path_in(path, create->dir, "sulh.conf"), fault);
}

static enum err open_parts(struct office *office, const struct db_migration *list, size_t n, struct fault *fault)
{
	char path[600];
	enum err e = config_load(&office->config, path_in(path, office->dir, "sulh.conf"), fault);
	if (!e)
		e = profile_complete(path_in(path, office->dir, "profile"), fault);
	if (!e)
		e = profile_load(path, &office->profile, fault);
	if (!e)
		e = keys_load(path_in(path, office->dir, "keys.json"), &office->keys, fault);
	if (!e)
		e = open_database(office->dir, &office->config, list, n, &office->db, fault);
	if (!e && !office->only_looks)
		e = units_keep(office->db, office->profile);
	if (!e)
		e = current_open(office);
	if (e)
		return e;
	copy_text(office->uid, sizeof(office->uid), public_keys_sign_id(keys_public(office->keys)));
	office->throttle = throttle_new(office->config.login_tries, 2 * 1000);
	return office->throttle ? journal_reader_start(office->db, &office->reads) : ERR_MEMORY;
}

enum err office_open(
    const char *dir, const struct db_migration *list, size_t n, struct office **ret_office, struct fault *fault)
{
	struct office *office = calloc(1, sizeof(*office));
	if (!office)
		return ERR_MEMORY;
	if (!copy_text(office->dir, sizeof(office->dir), dir)) {
		free(office);
		return fault_set(fault, ERR_INVALID, dir, N_("The folder's name is too long."), NULL);
	}
	enum err e = open_parts(office, list, n, fault);
	if (e) {
		office_close(office);
		return e;
	}
	*ret_office = office;
	return OK;
}

void office_close(struct office *office)
{
	if (!office)
		return;
	journal_reader_stop(office->reads);
	/* Not only every minute: what a command or the last minute of a server wrote must not be cut off unseen. */
	if (office->reads && !office->only_looks && journal_checkpoint(office->db, office->keys, now_ms()))
		log_line(LOG_ERROR, "journal: its end could not be signed");
	if (office->registry_free)
		office->registry_free(office->registry);
	throttle_free(office->throttle);
	current_close(office);
	db_close(office->db);
	keys_free(office->keys);
	profile_free(office->profile);
	free(office);
}
