/* SQLite's own program, sqlite3, as `croft db shell`: for reading only. */
#include "core/db_tools.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "core/sqlite_backup.h"
#include "internal.h"

static enum app_err sqlite_shell(struct ctx *c, const char *url, struct db_shell *ret)
{
	const char *path;
	enum app_err err = sqlite_backup_database_path(c, url, &path);
	if (err)
		return err;
	if (access(path, R_OK))
		return ctx_fail(c, APP_NOT_FOUND, "cannot read the database '%s': %s", path,
				strerror(errno));
	*ret = (struct db_shell){ .package = "sqlite3",
				  .argv = { arena_strdup(c->arena, "sqlite3"),
					    arena_strdup(c->arena, "-readonly"),
					    arena_strdup(c->arena, path) } };
	ret->warning = arena_printf(c->arena,
				    "%s is opened for reading only. Never write to it with sqlite3 "
				    "while a server runs, and leave no transaction open: the "
				    "server's log would grow",
				    path);
	return APP_OK;
}

const struct db_tools sqlite_tools = { .shell = sqlite_shell };
