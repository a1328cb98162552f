/*
 * The generated signing secret: made once, kept in <data_dir>/secret with mode 0600, read at
 * every start, so that tokens survive a restart of a server nobody has configured yet. Production
 * never comes here. That others can read it is exposure.c's to tell.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/str.h"
#include "core/config.h"
#include "core/security.h"
#include "internal.h"

enum { SECRET_BYTES = 32, SECRET_LEN = 2 * SECRET_BYTES };

bool secret_is_generated(const struct app *app)
{
	const struct security_options *options = config_group(app->config, &security_option_group);
	return !*options->secret && app->options->environment != ENV_PRODUCTION;
}

static enum app_err secret_failed(struct ctx *c, const char *path, const char *why)
{
	return ctx_fail(c, APP_UNAVAILABLE, "Cannot keep the generated secret in %s: %s", path,
			why);
}

/*
 * Complete or not there at all, and never over another's: written beside under a name of its own,
 * then linked. When another process was first, its secret is the one; *ret_first tells.
 */
static enum app_err secret_write(struct ctx *c, const char *path, const char *secret,
				 bool *ret_first)
{
	char *beside = arena_printf(c->arena, "%s.XXXXXX", path);
	int fd = mkostemp(beside, O_CLOEXEC); /* mode 0600 */
	if (fd < 0)
		return secret_failed(c, beside, strerror(errno));
	bool written = write(fd, secret, SECRET_LEN) == SECRET_LEN && fsync(fd) == 0;
	int why = errno;
	close(fd);
	*ret_first = written && link(beside, path) == 0;
	if (written)
		why = errno;
	unlink(beside);
	return *ret_first || (written && why == EEXIST) ? APP_OK
							: secret_failed(c, path, strerror(why));
}

static enum app_err secret_read(struct ctx *c, const char *path, int fd, const char **ret_secret)
{
	char text[SECRET_LEN + 1] = { 0 };
	ssize_t got = read(fd, text, SECRET_LEN);
	if (got < 0)
		return secret_failed(c, path, strerror(errno));
	if (got != SECRET_LEN)
		return secret_failed(c, path, "it is too short; delete it for a new one");
	const char *secret = arena_strdup(c->arena, text);
	mem_wipe(text, sizeof(text));
	if (strlen(secret) != SECRET_LEN || secret_is_guessable(secret))
		return secret_failed(c, path, "it is not random; delete it for a new one");
	*ret_secret = secret;
	return APP_OK;
}

static enum app_err secret_make(struct ctx *c, const char *path, const char **ret_secret,
				bool *ret_made)
{
	unsigned char bytes[SECRET_BYTES];
	char *secret = arena_raw(c->arena, SECRET_LEN + 1);
	random_bytes(bytes, sizeof(bytes));
	str_hex(bytes, sizeof(bytes), secret);
	mem_wipe(bytes, sizeof(bytes));
	*ret_secret = secret;
	return secret_write(c, path, secret, ret_made);
}

enum app_err secret_from_data_dir(struct ctx *c, const char *data_dir, const char **ret_secret,
				  const char **ret_path)
{
	const char *path = arena_printf(c->arena, "%s/secret", data_dir);
	*ret_path = path;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		bool made = false;
		enum app_err err = secret_make(c, path, ret_secret, &made);
		if (err || made)
			return err;
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0)
		return secret_failed(c, path, strerror(errno));
	enum app_err err = secret_read(c, path, fd, ret_secret);
	close(fd);
	return err;
}

enum app_err secret_check(struct ctx *c, const char *data_dir)
{
	const struct arena_mark mark = arena_mark(c->arena);
	const char *path = arena_printf(c->arena, "%s/secret", data_dir), *secret;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? APP_OK : secret_failed(c, path, strerror(errno));
	enum app_err err = secret_read(c, path, fd, &secret);
	close(fd);
	if (!err)
		arena_rewind(c->arena, mark);
	return err;
}
