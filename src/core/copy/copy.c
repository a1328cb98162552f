/*
 * The copy of a whole database in its steps: open, look at the target, copy table by table,
 * compare.
 */
#include "core/copy.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "core/db_tools.h"
#include "internal.h"

struct copy {
	const struct copy_plan *plan;
	struct copy_side from, to;
	struct copy_tables tables;
	struct copy_result result;
};

bool copy_is_one_file(const char *from, const char *to)
{
	const char *a, *b;
	return db_place_of(from, &a) == DB_PLACE_FILE && db_place_of(to, &b) == DB_PLACE_FILE &&
	       file_is_same(a, b);
}

static enum app_err sides_open(struct copy *copy, const struct app *app)
{
	enum app_err err = copy_side_open(&copy->from, app, copy->plan->from, true);
	if (!err)
		err = copy_side_open(&copy->to, app, copy->plan->to, false);
	if (err)
		return err;
	bool from_tells = db_dialect(&copy->from.c)->catalog;
	if (!from_tells && !db_dialect(&copy->to.c)->catalog)
		return ctx_fail(&copy->from.c, APP_INVALID,
				"one of the two must be an SQLite file; %s",
				db_tools_of(copy->plan->from)->copy);
	err = copy_sides_match(&copy->from, &copy->to, copy->plan->resume);
	if (err)
		return err;
	struct copy_side *known = from_tells ? &copy->from : &copy->to;
	struct copy_side *other = from_tells ? &copy->to : &copy->from;
	err = copy_tables_read(&known->c, &copy->tables);
	return err ? err : copy_tables_types(&other->c, &copy->tables);
}

/* Rows of someone else's are not mixed with these. */
static enum app_err target_check(struct copy *copy)
{
	for (size_t i = 0; !copy->plan->resume && i < copy->tables.count; i++) {
		int64_t rows = 0;
		enum app_err err = copy_count(&copy->to, &copy->tables.at[i], &rows);
		if (err)
			return err;
		if (rows)
			return ctx_fail(&copy->to.c, APP_CONFLICT,
					"the database to copy into is not empty: its table %s has "
					"rows. If they are of a copy that was stopped, --resume "
					"goes on with it",
					copy->tables.at[i].name);
	}
	return APP_OK;
}

/*
 * The source gained a row after the table it refers to was copied, most likely. Or a unique index
 * of the target takes for the same what the source tells apart, as those on lower() do.
 */
static enum app_err fail_misfit(struct copy *copy, const struct copy_table *table)
{
	struct ctx *c = &copy->to.c;
	const char *text = ctx_failure_text(c, APP_CONFLICT);
	ctx_recover(c);
	return ctx_fail(c, APP_CONFLICT,
			"rows of %s do not fit into the other database: %s. Was one of the "
			"databases in use meanwhile? Stop its server and begin again with an empty "
			"target. Does the other database take for the same what this one tells "
			"apart? Change the row here, and go on with --resume",
			table->name, text);
}

static enum app_err tables_copy(struct copy *copy)
{
	const struct copy_progress *progress = &copy->plan->progress;
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < copy->tables.count; i++) {
		const struct copy_table *table = &copy->tables.at[i];
		progress->begin(progress->arg, table->name, COPY_WRITES);
		err = copy_rows(&copy->from, &copy->to, table, progress);
		progress->end(progress->arg);
		if (err == APP_CONFLICT)
			err = fail_misfit(copy, table);
		if (!err)
			err = copy_numbering(&copy->from, &copy->to, table);
	}
	return err ? err : db_search_finish(&copy->to.c);
}

static enum app_err table_compare(struct copy *copy, const struct copy_table *table)
{
	struct copy_sum from = { 0 }, to = { 0 };
	const struct copy_progress *progress = &copy->plan->progress;
	progress->begin(progress->arg, table->name, COPY_COMPARES);
	enum app_err err = copy_sum(&copy->from, table, progress, &from);
	if (!err)
		err = copy_sum(&copy->to, table, progress, &to);
	progress->end(progress->arg);
	if (err)
		return err;
	if (from.rows != to.rows)
		return ctx_fail(&copy->to.c, APP_CONFLICT,
				"the table %s has %" PRId64 " rows here and %" PRId64
				" there. Was one of the databases in use meanwhile? Stop its "
				"server and begin again with an empty target",
				table->name, from.rows, to.rows);
	if (!copy_sum_eq(&from, &to))
		return ctx_fail(&copy->to.c, APP_CONFLICT,
				"the table %s has other values there than here. Was one of the "
				"databases in use meanwhile? Stop its server and begin again with "
				"an empty target",
				table->name);
	copy->result.rows += from.rows;
	return APP_OK;
}

static enum app_err tables_compare(struct copy *copy)
{
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < copy->tables.count; i++)
		err = table_compare(copy, &copy->tables.at[i]);
	return err;
}

static enum app_err copy_all(struct copy *copy, const struct app *app)
{
	enum app_err err = sides_open(copy, app);
	if (!err)
		err = target_check(copy);
	if (!err)
		err = tables_copy(copy);
	if (!err)
		err = tables_compare(copy);
	copy->result.tables = copy->tables.count;
	return err;
}

static const char *text_keep(struct ctx *c, const char *text)
{
	return text ? arena_strdup(c->arena, text) : NULL;
}

/* The failure lies in the context of one of the two sides, which goes with it. */
static void failure_keep(struct ctx *c, const struct copy *copy)
{
	const struct ctx *side = copy->from.c.failure.err ? &copy->from.c : &copy->to.c;
	c->failure = (struct failure){
		.err = side->failure.err,
		.code = side->failure.code,
		.text = text_keep(c, side->failure.text),
		.cause = text_keep(c, side->failure.cause),
		.file = side->failure.file,
		.line = side->failure.line,
		.statement = text_keep(c, side->failure.statement),
	};
}

enum app_err copy_database(struct ctx *c, const struct copy_plan *plan, struct copy_result *ret)
{
	struct copy *copy = mem_new(1, sizeof(*copy));
	copy->plan = plan;
	enum app_err err = copy_all(copy, c->app);
	if (err)
		failure_keep(c, copy);
	else
		*ret = copy->result;
	copy_side_close(&copy->to);
	copy_side_close(&copy->from);
	free(copy);
	return err;
}
