/* Reading and writing the manifest of a backup by its field table. */
#include "manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/schema.h"

enum { MANIFEST_MAX = 64 * 1024 };

SCHEMA(manifest_schema,
	FIELD(struct manifest_schema, number, .required = true, MIN(0)),
	FIELD(struct manifest_schema, name, .required = true, .max_len = 200),
	FIELD(struct manifest_schema, checksum, .required = true, .max_len = 200));

SCHEMA(manifest,
	FIELD(struct manifest, version, .required = true, .max_len = 100),
	FIELD(struct manifest, created_at, .required = true),
	FIELD(struct manifest, size, .required = true, MIN(0)),
	FIELD(struct manifest, sha256, .required = true, .pattern = "^[0-9a-f]{64}$"),
	FIELD(struct manifest, schema, .required = true, .object = &manifest_schema_schema));

const char *manifest_path(struct ctx *c, const char *backup)
{
	return arena_printf(c->arena, "%s.json", backup);
}

enum app_err manifest_write(struct ctx *c, const char *path, const struct manifest *manifest)
{
	AUTO(buf) text = { 0 };
	schema_render(&manifest_schema, manifest, &text);
	buf_add_char(&text, '\n');
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool done = fd >= 0 && write(fd, text.data, text.len) == (ssize_t)text.len && !fsync(fd);
	int why = errno;
	if (fd >= 0)
		close(fd);
	return done ? APP_OK
		    : ctx_fail(c, APP_UNAVAILABLE, "cannot write '%s': %s", path, strerror(why));
}

static enum app_err text_read(struct ctx *c, const char *path, struct buf *ret)
{
	/* not waiting for the other end of a pipe */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return ctx_fail(c, APP_NOT_FOUND,
				"there is no '%s': a backup is two files, and this one is needed "
				"to know that the other is whole",
				path);
	ssize_t got = fd < 0 ? -1 : read(fd, buf_reserve(ret, MANIFEST_MAX), MANIFEST_MAX);
	int why = errno;
	if (fd >= 0)
		close(fd);
	if (got < 0)
		return ctx_fail(c, APP_UNAVAILABLE, "cannot read '%s': %s", path, strerror(why));
	ret->len += (size_t)got;
	return APP_OK;
}

enum app_err manifest_read(struct ctx *c, const char *backup, struct manifest *ret)
{
	AUTO(buf) text = { 0 };
	const char *path = manifest_path(c, backup);
	enum app_err err = text_read(c, path, &text);
	if (err)
		return err;
	err = schema_bind_flat(c, &manifest_schema, text.data, text.len, ret);
	if (!err)
		return APP_OK;
	ctx_recover(c);
	return ctx_fail(c, APP_INVALID, "'%s' is not the manifest of a backup", path);
}
