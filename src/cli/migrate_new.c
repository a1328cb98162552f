/*
 * `croft migrate new NAME [--auto [--drop]]`: files of a migration, in the source tree that the
 * author works in. With --auto they are made of what differs between the models of this binary and
 * a database of its own that has all of its migrations.
 */
#include "migrate.h"

#include <string.h>

#include "app/modules.h"
#include "base/app_name.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/app.h"
#include "core/db.h"
#include "core/migrate.h"
#include "core/module.h"
#include "new/auto.h"

/* What is written lies below, in the folder the author works in. */
static const char sql_dir[] = "sql";

/* ---- by what differs ---- */

/* The files are those that the binary was built of: else what differs would be another's. */
static enum app_err built_check(struct ctx *c, const struct migration *list, size_t count,
				const char *next)
{
	int64_t newest = count ? list[count - 1].number : 0, number = 0;
	str_read_digits(next, strspn(next, "0123456789"), &number);
	if (number == newest + 1)
		return APP_OK;
	return ctx_fail(c, APP_CONFLICT,
			"this " APP_NAME " was built of other migrations than are in %s: build it "
			"again (make), then try again",
			sql_dir);
}

static enum app_err compared(struct ctx *c, const struct migration *list, size_t count,
			     const struct auto_want *want, struct auto_texts *ret)
{
	int64_t done;
	enum app_err err = migrate_up(c, list, count, &done);
	return err ? err : auto_migration(c, want, ret);
}

/* In a database in memory, of this call alone. */
static enum app_err differences_write(struct ctx *c, const struct migrate_options *options,
				      const char *name, struct auto_texts *ret)
{
	struct app app = { .modules = app_modules };
	struct ctx own;
	const struct migration *list;
	size_t count;
	const char *next;
	const struct auto_want want = { .name = name,
					.models = modules_models(c, app_modules),
					.modules = app_modules,
					.drop = options->drop };
	enum app_err err = migrate_next_file(c, sql_dir, name, &next);
	migrate_embedded(c, "sqlite", &list, &count);
	if (!err)
		err = built_check(c, list, count, next);
	if (err)
		return err;
	ctx_init(&own, &app, c->arena);
	err = db_open(&own, &(struct db_options){ .url = "sqlite::memory:" }, &app.db);
	if (!err)
		err = compared(&own, list, count, &want, ret);
	if (app.db)
		db_close(app.db);
	c->failure = own.failure;
	return err;
}

static enum app_err auto_write(struct ctx *c, const struct migrate_options *options,
			       const char *name, struct buf *paths)
{
	struct auto_texts texts = { 0 };
	const char *file;
	enum app_err err = migrate_name_check(c, name);
	if (!err)
		err = new_root_enter(c);
	if (!err)
		err = differences_write(c, options, name, &texts);
	if (!err && !texts.sqlite)
		buf_add_lit(paths,
			    "The tables are as the models say: there is nothing to write.\n");
	if (err || !texts.sqlite)
		return err;
	err = migrate_next_file(c, sql_dir, name, &file);
	if (err)
		return err;
	const struct new_file files[] = {
		{ arena_printf(c->arena, "%s/sqlite/%s", sql_dir, file), texts.sqlite, false },
		{ arena_printf(c->arena, "%s/postgres/%s", sql_dir, file), texts.postgres, false },
	};
	err = new_files_write(c, files, COUNT_OF(files));
	for (size_t i = 0; !err && i < COUNT_OF(files); i++)
		buf_printf(paths, "%s\n", files[i].path);
	return err;
}

/* ---- the command ---- */

static int options_check(const struct cli *cli, const struct migrate_options *options)
{
	int code = migrate_check_options(cli, options, MIGRATE_AUTO | MIGRATE_DROP, 1);
	if (!code && !cli->argc)
		code = cli_usage_error(cli, "'migrate new' needs a name for the migration");
	if (!code && options->drop && !options->from_models)
		code = cli_usage_error(cli, "--drop is for 'migrate new --auto'");
	return code;
}

int migrate_new_file(struct cli *cli, const void *given)
{
	const struct migrate_options *options = given;
	int code = options_check(cli, options);
	if (code)
		return code;
	AUTO(arena) arena = { 0 };
	AUTO(buf) paths = { 0 };
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	enum app_err err = options->from_models ? auto_write(&c, options, cli->argv[0], &paths)
						: migrate_new(&c, sql_dir, cli->argv[0], &paths);
	if (err)
		return cli_failure(&c, err, "migrate new");
	cli_print(&paths);
	return CLI_OK;
}
