/* Files from people: allowed kinds, and the way into the store. */
#include "casework/upload_rules.h"

#include "base/util.h"
#include "office/blob.h"

#include <stdio.h>
#include <string.h>

static const char *const allowed[] = {
	"application/pdf",
	"image/jpeg",
	"image/png",
	"image/heic",
	"image/heif",
	"image/webp",
	"text/plain",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.oasis.opendocument.text",
	"audio/mpeg",
	"audio/mp4",
	"audio/x-m4a",
	"audio/ogg",
	"application/ogg",
	"audio/wav",
	"audio/x-wav",
	"audio/webm",
	"video/mp4",
	"video/ogg",
	"video/webm",
};

bool upload_type_allowed(const char *type)
{
	for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
		if (!strcmp(allowed[i], type))
			return true;
	return false;
}

static void refuse(struct faults *faults, const char *field, const char *key, const char *name, const char *value)
{
	struct fault fault = { 0 };
	fault_set(&fault, ERR_INVALID, field, key, name, value, NULL);
	faults_add(faults, &fault);
}

static bool acceptable(const struct upload *file, const char *field, struct faults *faults)
{
	if (file->size == 0)
		refuse(faults, field, N_("The file “{name}” is empty."), "name", file->name);
	else if (!upload_type_allowed(file->type))
		refuse(faults, field,
		    N_("We cannot take the file “{name}”. Send PDF, photographs, plain text, Word or OpenDocument "
		       "text, sound or "
		       "video."),
		    "name", file->name);
	else
		return true;
	return false;
}

struct document_new *uploads_checked(
    struct request *rq, const char *field, size_t room, size_t *ret_count, struct faults *faults)
{
	const struct upload *uploads;
	size_t n = request_uploads(rq, &uploads), kept = 0;
	struct document_new *files = arena_alloc(rq->arena, (n + 1) * sizeof(*files));
	for (size_t i = 0; i < n; i++) {
		const struct upload *one = &uploads[i];
		if (strcmp(one->field, field) || !acceptable(one, field, faults))
			continue;
		if (kept == room) {
			char limit[24];
			snprintf(limit, sizeof(limit), "%d", office_of(rq)->config.files_limit);
			refuse(faults, field, N_("Send at most {limit} files."), "limit", limit);
			break;
		}
		files[kept++] = (struct document_new) { .name = one->name,
			.type = one->type,
			.sha256 = one->sha256,
			.origin = "person",
			.size = one->size };
	}
	*ret_count = kept;
	return files;
}

static const struct upload *upload_of(const struct request *rq, const char *sha256)
{
	const struct upload *uploads;
	size_t n = request_uploads(rq, &uploads);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(uploads[i].sha256, sha256))
			return &uploads[i];
	return NULL;
}

enum err uploads_store(struct request *rq, const struct document_new *files, size_t n)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < n; i++) {
		const struct upload *upload = upload_of(rq, files[i].sha256);
		e = upload ? blob_store_fd(office_of(rq)->db, upload->fd, upload->size, upload->sha256, rq->now)
			   : ERR_INTERNAL;
	}
	return e;
}

enum err uploads_present(struct db_tx *tx, const struct document_new *files, size_t n)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < n; i++) {
		bool complete = false;
		e = blob_exists(tx, files[i].sha256, &complete);
		if (!e && !complete)
			e = ERR_CONFLICT;
	}
	return e;
}
