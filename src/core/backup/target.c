/* Which files a backup must never replace or remove, whatever it is told. */
#include "target.h"

#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "core/app.h"
#include "core/config.h"

enum app_err target_regular_check(struct ctx *c, const char *path)
{
	struct stat st;
	if (stat(path, &st) || S_ISREG(st.st_mode))
		return APP_OK;
	return ctx_fail(c, APP_INVALID, "'%s' is no regular file", path);
}

/* By its name, too: what is made there would be taken for the file that is missing. */
static bool is_same_place(struct arena *arena, const char *a, const char *b)
{
	return file_is_same(a, b) || (str_eq(str_file_name(a), str_file_name(b)) &&
				      file_is_same(str_folder(arena, a), str_folder(arena, b)));
}

static enum app_err fail(struct ctx *c, const char *path, const char *what)
{
	return ctx_fail(c, APP_INVALID, "'%s' is %s: a backup needs another name", path, what);
}

enum app_err target_free_check(struct ctx *c, const char *database, const char *path)
{
	static const char *const beside[] = { "-wal", "-shm", "-lock", "-journal" };
	struct arena *arena = c->arena;
	const struct app *app = c->app;
	if (is_same_place(arena, path, database))
		return fail(c, path, "the database itself");
	for (size_t i = 0; i < COUNT_OF(beside); i++)
		if (is_same_place(arena, path, arena_printf(arena, "%s%s", database, beside[i])))
			return fail(c, path, "a part of the database");
	if (is_same_place(arena, path, arena_printf(arena, "%s/secret", app->options->data_dir)))
		return fail(c, path, "the generated secret");
	for (const struct config_file *file = config_files(app->config); file->path; file++)
		if (is_same_place(arena, path, file->path))
			return fail(c, path, "a file of settings");
	return APP_OK;
}
