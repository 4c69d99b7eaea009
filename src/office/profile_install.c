/* Embedded profiles: listed, and written out for a new office to make its own. */
#include "office/profile.h"

#include "base/asset.h"
#include "base/json.h"
#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "profiles/"
#define FOLDER_FILE "/profile.json" /* what makes a folder a profile */

size_t profile_names(struct arena *arena, const char *const **ret_names)
{
	size_t count, found = 0;
	const struct asset *asset = asset_prefix(PREFIX, &count);
	const char **names = arena_alloc(arena, (count + 1) * sizeof(*names));

	for (size_t i = 0; i < count; i++) {
		const char *name = asset[i].path + strlen(PREFIX);
		const char *slash = strchr(name, '/');

		if (slash && !strcmp(slash, FOLDER_FILE))
			names[found++] = arena_strndup(arena, name, (size_t)(slash - name));
	}
	*ret_names = names;
	return found;
}

static enum err file_fault(struct fault *fault, const char *path)
{
	int why = errno;

	if (why == EEXIST)
		return fault_set(
		    fault, ERR_CONFLICT, path, N_("This file is there already and is not overwritten."), NULL);
	return fault_set(fault, ERR_STORE, path, N_("This file cannot be written: {why}."), "why", strerror(why), NULL);
}

static enum err write_all(int fd, const unsigned char *data, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_STORE;
		data += n;
		size -= (size_t)n;
	}
	return OK;
}

static enum err write_file(const char *dir, const char *name, const struct asset *asset, struct fault *fault)
{
	char path[4096];
	enum err err;
	int fd;

	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
		return fault_set(fault, ERR_TOO_LARGE, NULL, N_("This path is too long."), NULL);
	/* O_EXCL: an office may have edited its file, and a link may stand there. */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return file_fault(fault, path);
	err = write_all(fd, asset->data, asset->size);
	if (close(fd) || err)
		return file_fault(fault, path);
	return OK;
}

static bool plain_name(const char *name)
{
	return *name && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

enum err profile_install(const char *name, const char *dir, struct fault *fault)
{
	char prefix[128];
	const struct asset *asset;
	size_t count = 0;

	if (!plain_name(name) || snprintf(prefix, sizeof(prefix), PREFIX "%s/", name) >= (int)sizeof(prefix))
		return fault_set(
		    fault, ERR_NOT_FOUND, "profile", N_("There is no profile called {name}."), "name", name, NULL);
	asset = asset_prefix(prefix, &count);
	if (count == 0)
		return fault_set(
		    fault, ERR_NOT_FOUND, "profile", N_("There is no profile called {name}."), "name", name, NULL);
	if (mkdir(dir, 0755) && errno != EEXIST)
		return file_fault(fault, dir);
	for (size_t i = 0; i < count; i++) {
		const char *file = asset[i].path + strlen(prefix);
		enum err err;

		if (strchr(file, '/'))
			continue; /* profiles are flat folders */
		err = write_file(dir, file, &asset[i], fault);
		if (err)
			return err;
	}
	return OK;
}

/* The key that DIR/profile.json gives itself; "" when it cannot be read: profile_load will say why. */
static void own_key(const char *dir, char out[64])
{
	char path[4096], text[64 * 1024];
	json_t *json = NULL;
	out[0] = '\0';
	snprintf(path, sizeof(path), "%s%s", dir, FOLDER_FILE);
	FILE *file = fopen(path, "re");
	if (!file)
		return;
	size_t len = fread(text, 1, sizeof(text), file);
	fclose(file);
	if (json_parse(text, len, sizeof(text), &json, NULL))
		return;
	copy_text(out, 64, json_str_or(json, "key", ""));
	json_decref(json);
}

enum err profile_complete(const char *dir, struct fault *fault)
{
	char key[64], prefix[128], path[4096];
	size_t count = 0;
	enum err e = OK;
	own_key(dir, key);
	if (!plain_name(key))
		return OK;
	snprintf(prefix, sizeof(prefix), PREFIX "%s/", key);
	const struct asset *asset = asset_prefix(prefix, &count);
	for (size_t i = 0; !e && i < count; i++) {
		const char *file = asset[i].path + strlen(prefix);
		snprintf(path, sizeof(path), "%s/%s", dir, file);
		if (!strchr(file, '/') && access(path, F_OK) != 0)
			e = write_file(dir, file, &asset[i], fault);
	}
	return e;
}
