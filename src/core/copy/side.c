/*
 * The two databases of a copy: opening them beside each other, and whether their schemas are the
 * same.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/app_name.h"
#include "core/config.h"
#include "core/migrate.h"
#include "internal.h"

/* Opening would create what is not there. */
static enum app_err source_check(struct ctx *c, const char *url)
{
	const char *path;
	if (db_place_of(url, &path) != DB_PLACE_FILE || !access(path, F_OK))
		return APP_OK;
	return ctx_fail(c, APP_NOT_FOUND, "there is no database '%s': %s", path, strerror(errno));
}

enum app_err copy_side_open(struct copy_side *side, const struct app *app, const char *url,
			    bool is_source)
{
	arena_init(&side->arena, 0);
	side->app = *app;
	side->app.db = NULL;
	ctx_init(&side->c, &side->app, &side->arena);
	side->c.actor.kind = ACTOR_SYSTEM;
	side->open = true;
	struct db_options options = *(const struct db_options *)config_group(app->config,
									     &db_option_group);
	/* whole tables are read at once here */
	options.url = url;
	options.query_ms = options.write_ms = options.slow_query_ms = 0;
	enum app_err err = is_source ? source_check(&side->c, url) : db_check(&side->c, &options);
	if (!err)
		err = db_open(&side->c, &options, &side->app.db);
	return err ? err : db_reach(&side->c);
}

void copy_side_close(struct copy_side *side)
{
	if (!side->open)
		return;
	db_close(side->app.db);
	arena_done(&side->arena);
	side->open = false;
}

struct applied {
	int64_t pending, number;
};

static enum app_err applied_read(struct copy_side *side, struct applied *ret)
{
	const struct migration *list;
	struct migration_state *states;
	size_t known, count;
	struct applied applied = { 0 };
	struct ctx *c = &side->c;
	migrate_embedded(c, db_driver(side->app.db), &list, &known);
	enum app_err err = migrate_pending(c, list, known, &applied.pending);
	if (!err)
		err = migrate_status(c, list, known, &states, &count);
	if (err)
		return err;
	for (size_t i = 0; i < count; i++)
		if (states[i].applied)
			applied.number = states[i].number;
	*ret = applied;
	return APP_OK;
}

static enum app_err target_migrate(struct copy_side *to)
{
	const struct migration *list;
	size_t known;
	int64_t done;
	migrate_embedded(&to->c, db_driver(to->app.db), &list, &known);
	return migrate_up(&to->c, list, known, &done);
}

enum app_err copy_sides_match(struct copy_side *from, struct copy_side *to, bool resume)
{
	struct applied source, target;
	enum app_err err = applied_read(from, &source);
	if (err)
		return err;
	if (source.pending)
		return ctx_fail(
			&from->c, APP_CONFLICT,
			"migrations are pending in the database to copy from: run '" APP_NAME " "
			"migrate up' on it first");
	err = applied_read(to, &target);
	if (!err && (!target.number || resume))
		err = target_migrate(to);
	if (!err)
		err = applied_read(to, &target);
	if (err)
		return err;
	if (source.number != target.number)
		return ctx_fail(&to->c, APP_CONFLICT,
				"the newest migration is %04" PRId64
				" in the database to copy from and %04" PRId64
				" in the other: run '" APP_NAME " migrate up' on both first",
				source.number, target.number);
	return APP_OK;
}
