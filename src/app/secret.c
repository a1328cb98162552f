/*
 * The generated signing secret: made once, kept in <data_dir>/secret with mode 0600, read at every start, so that
 * tokens survive a restart of a server nobody has configured yet. Production never comes here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "boot.h"

enum { SECRET_BYTES = 32, SECRET_LEN = 2 * SECRET_BYTES };

static enum app_err secret_failed(struct ctx *c, const char *path, const char *why)
{
	return app_fail(c, APP_UNAVAILABLE, "Cannot keep the generated secret in %s: %s", path,
			why);
}

/* Complete or not there at all: written beside and moved, so a crash leaves no half of it. */
static enum app_err secret_write(struct ctx *c, const char *path, const char *secret)
{
	const char *beside = arena_printf(c->arena, "%s.new", path);
	int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return secret_failed(c, beside, strerror(errno));
	bool written = write(fd, secret, SECRET_LEN) == SECRET_LEN && fsync(fd) == 0;
	int why = errno;
	close(fd);
	if (written && rename(beside, path) == 0)
		return APP_OK;
	if (written)
		why = errno;
	unlink(beside);
	return secret_failed(c, path, strerror(why));
}

static enum app_err secret_read(struct ctx *c, const char *path, int fd, const char **ret_secret)
{
	char text[SECRET_LEN + 1] = { 0 };
	struct stat st;
	ssize_t got = fstat(fd, &st) == 0 ? read(fd, text, SECRET_LEN) : -1;
	if (got < 0)
		return secret_failed(c, path, strerror(errno));
	if (st.st_mode & 077)
		return secret_failed(
			c, path,
			"others can read it; run chmod 600 on it, or delete it for a new one");
	if (got != SECRET_LEN)
		return secret_failed(c, path, "it is too short; delete it for a new one");
	*ret_secret = arena_strdup(c->arena, text);
	return APP_OK;
}

enum app_err secret_from_data_dir(struct ctx *c, const char *data_dir, const char **ret_secret,
				  const char **ret_path)
{
	const char *path = arena_printf(c->arena, "%s/secret", data_dir);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	*ret_path = path;
	if (fd >= 0) {
		enum app_err err = secret_read(c, path, fd, ret_secret);
		close(fd);
		return err;
	}
	if (errno != ENOENT)
		return secret_failed(c, path, strerror(errno));
	unsigned char bytes[SECRET_BYTES];
	char *secret = arena_raw(c->arena, SECRET_LEN + 1);
	random_bytes(bytes, sizeof(bytes));
	str_hex(bytes, sizeof(bytes), secret);
	enum app_err err = secret_write(c, path, secret);
	if (!err)
		*ret_secret = secret;
	return err;
}
