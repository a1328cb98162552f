/*
 * What must be true before anything is served: the data directory can be written, the clock makes
 * sense, the database answers. A database that is still starting is waited for.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/folder.h"
#include "base/str.h"
#include "core/db.h"
#include "core/log.h"
#include "internal.h"

enum {
	STEP_TRIES = 8,
	FIRST_PAUSE_MS = 100, /* doubles: 12.7 s in all */
};

/* 2026-01-01: no machine that runs this build lives before it; token times would be nonsense. */
static const int64_t earliest_us = INT64_C(1767225600) * 1000000;

/* "data/" is the folder that mkdir() makes of it. */
static const char *without_slashes(struct ctx *c, const char *path)
{
	size_t len = strlen(path);
	while (len > 1 && path[len - 1] == '/')
		len--;
	return arena_strndup(c->arena, path, len);
}

/*
 * Nothing is made: `config check` may be run by someone else, and before the server is ever
 * started.
 */
static enum app_err folder_above_check(struct ctx *c, const char *data_dir)
{
	const char *above = str_folder(c->arena, without_slashes(c, data_dir));
	if (access(above, W_OK | X_OK) == 0)
		return APP_OK;
	return ctx_fail(c, APP_UNAVAILABLE, "Cannot make the data directory %s in %s: %s", data_dir,
			above, strerror(errno));
}

enum app_err prestart_data_dir(struct ctx *c, const char *data_dir, bool make)
{
	struct stat st;
	const char *obstacle = folder_obstacle(c->arena, data_dir);
	if (obstacle)
		return ctx_fail(c, APP_UNAVAILABLE, "Cannot make the data directory %s: %s",
				data_dir, obstacle);
	if (make && mkdir(data_dir, 0700) != 0 && errno != EEXIST)
		return ctx_fail(c, APP_UNAVAILABLE, "Cannot make the data directory %s: %s",
				data_dir, strerror(errno));
	if (!make && access(data_dir, F_OK) != 0 && errno == ENOENT)
		return folder_above_check(c, data_dir);
	if (stat(data_dir, &st) == 0 && !S_ISDIR(st.st_mode))
		return ctx_fail(c, APP_UNAVAILABLE, "The data directory %s is no folder", data_dir);
	if (access(data_dir, W_OK | X_OK) != 0)
		return ctx_fail(c, APP_UNAVAILABLE, "The data directory %s cannot be written: %s",
				data_dir, strerror(errno));
	return APP_OK;
}

/* ---- the files of a database ---- */

/* The nearest folder above that is there; the others are made. */
static const char *folder_above(struct ctx *c, const char *path)
{
	char *above = arena_strdup(c->arena, path);
	for (char *slash; (slash = strrchr(above, '/'));) {
		*slash = '\0';
		if (slash == above)
			return "/";
		if (access(above, F_OK) == 0 || errno != ENOENT)
			return above;
	}
	return ".";
}

/* What is there must be ours to write, what is not there yet ours to make. */
static enum app_err file_check(struct ctx *c, const char *path)
{
	if (access(path, R_OK | W_OK) == 0)
		return APP_OK;
	if (errno != ENOENT)
		return ctx_fail(c, APP_INVALID, "'%s' of the database cannot be written: %s", path,
				strerror(errno));
	const char *above = folder_above(c, path);
	if (access(above, W_OK | X_OK) == 0)
		return APP_OK;
	return ctx_fail(c, APP_INVALID, "'%s' of the database cannot be made in '%s': %s", path,
			above, strerror(errno));
}

struct files_look {
	struct ctx *c;
	enum app_err err;
};

static void file_look(void *arg, const char *path, enum exposure_kind kind)
{
	struct files_look *look = arg;
	if (kind == EXPOSURE_DATA && !look->err)
		look->err = file_check(look->c, path);
}

enum app_err prestart_files(struct ctx *c, const struct db_options *options)
{
	struct files_look look = { .c = c };
	db_files(c, options, file_look, &look);
	return look.err;
}

enum boot_result boot_data_dir_make(struct boot *boot)
{
	return boot_outcome(boot, prestart_data_dir(&boot->c, boot->app.options->data_dir, true));
}

enum boot_result boot_clock_check(struct boot *boot)
{
	struct ctx *c = &boot->c;
	char now[INSTANT_TEXT_ROOM];
	if (ctx_now(c).us >= earliest_us)
		return BOOT_OK;
	instant_text(ctx_now(c), now);
	return boot_outcome(boot, ctx_fail(c, APP_UNAVAILABLE,
					   "The clock says %s, which cannot be right: set it first",
					   now));
}

enum app_err prestart_patiently(struct boot *boot, enum app_err (*step)(struct boot *boot))
{
	struct ctx *c = &boot->c;
	long pause_ms = FIRST_PAUSE_MS;
	const struct arena_mark mark = arena_mark(c->arena);
	for (int tries_left = boot->args.patient ? STEP_TRIES - 1 : 0;; tries_left--) {
		enum app_err err = step(boot);
		if (err != APP_UNAVAILABLE || !tries_left)
			return err;
		log_warn(c, "what the start needs is not ready; trying again",
			 LOG_TEXT("why", ctx_failure_text(c, err)), LOG_INT("pause_ms", pause_ms));
		ctx_recover(c);
		arena_rewind(c->arena, mark);
		nanosleep(&(struct timespec){ pause_ms / 1000, pause_ms % 1000 * 1000000 }, NULL);
		pause_ms *= 2;
	}
}
