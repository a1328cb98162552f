/*
 * The front of the database: finds the driver for a URL and passes every call on to it. Holds no
 * SQL and knows no driver's own types.
 */
#include "core/db.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/app_name.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/app.h"
#include "drivers.h"
#include "echo.h"
#include "memory.h"

#define DB_UNDERSTOOD \
	"write sqlite:PATH, such as sqlite:data/" APP_NAME ".db, sqlite::memory:, or " \
	"postgresql://USER:PASSWORD@HOST:PORT/NAME"

static const struct db_driver *const drivers[] = { &sqlite_driver, &postgres_driver };

const struct db_driver *db_driver_find(const char *url, const char **ret_rest)
{
	for (size_t i = 0; i < COUNT_OF(drivers) * COUNT_OF(drivers[0]->schemes); i++) {
		const struct db_driver *driver = drivers[i / COUNT_OF(driver->schemes)];
		const char *scheme = driver->schemes[i % COUNT_OF(driver->schemes)];
		if (scheme && str_starts(url, scheme)) {
			*ret_rest = url + strlen(scheme);
			return driver;
		}
	}
	return NULL;
}

enum db_place db_place_of(const char *url, const char **ret_path)
{
	const char *rest = NULL;
	const struct db_driver *driver = db_driver_find(url, &rest);
	enum db_place place = driver ? driver->place : DB_PLACE_UNKNOWN;
	if (driver && driver->memory && str_eq(rest, driver->memory))
		place = DB_PLACE_MEMORY;
	if (ret_path)
		*ret_path = place == DB_PLACE_FILE ? rest : NULL;
	return place;
}

/* Shows the scheme alone: the rest of a URL may hold a password. */
static enum app_err fail_unknown(struct ctx *c, const char *url)
{
	const char *colon = strchr(url, ':');
	if (!colon || colon - url > 32)
		return ctx_fail(
			c, APP_INVALID,
			"database.url does not say what kind of database it is: " DB_UNDERSTOOD);
	return ctx_fail(c, APP_INVALID,
			"database.url begins with '%.*s', which is not understood: " DB_UNDERSTOOD,
			(int)(colon - url + 1), url);
}

static void db_free(struct db *db)
{
	db_memory_done(&db->memory);
	pthread_mutex_destroy(&db->listeners_lock);
	mem_drop(db->url, strlen(db->url));
	free(db);
}

enum app_err db_check(struct ctx *c, const struct db_options *options)
{
	const char *rest;
	const struct db_driver *driver = db_driver_find(options->url, &rest);
	if (!driver)
		return fail_unknown(c, options->url);
	return driver->check(c, options, rest);
}

enum app_err db_ground_check(struct ctx *c, const struct db_options *options)
{
	const char *rest;
	const struct db_driver *driver = db_driver_find(options->url, &rest);
	if (!driver || !driver->ground_check)
		return APP_OK;
	return driver->ground_check(c, options, rest);
}

void db_files(struct ctx *c, const struct db_options *options, db_file_fn *tell, void *arg)
{
	const char *rest;
	const struct db_driver *driver = db_driver_find(options->url, &rest);
	if (driver)
		driver->files(c, options, rest, tell, arg);
}

enum app_err db_open(struct ctx *c, const struct db_options *options, struct db **ret_db)
{
	const char *url = options->url ? options->url : "", *rest;
	const struct db_driver *driver = db_driver_find(url, &rest);
	if (!driver)
		return fail_unknown(c, url);
	struct db *db = mem_new(1, sizeof(*db));
	db->driver = driver;
	db->options = *options;
	db->options.url = db->url = mem_strdup(url);
	config_complete(&db_option_group, &db->options);
	db_memory_init(&db->memory);
	pthread_mutex_init(&db->listeners_lock, NULL);
	enum app_err err = driver->open(c, db, db->url + (rest - url));
	if (err) {
		db_free(db);
		return err;
	}
	if (options->echo)
		db_echo_begin(db);
	*ret_db = db;
	return APP_OK;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	db->driver->close(db);
	db_echo_end(db);
	db_free(db);
}

const char *db_driver(const struct db *db)
{
	return db->driver->name;
}

struct db_stats db_stats(struct db *db)
{
	return db->driver->stats(db);
}

void db_reads_begin(struct db *db)
{
	if (db && db->driver->reads_begin)
		db->driver->reads_begin(db);
}

void db_reads_end(struct db *db)
{
	if (db && db->driver->reads_end)
		db->driver->reads_end(db);
}

static inline const struct db_driver *driver_of(const struct ctx *c)
{
	return c->app->db->driver;
}

const struct db_dialect *db_dialect(const struct ctx *c)
{
	return driver_of(c)->dialect;
}

bool db_table_version(struct ctx *c, const char *table, uint64_t *ret_version)
{
	const struct db_driver *driver = driver_of(c);
	return driver->table_version && driver->table_version(c, table, ret_version);
}

bool db_is_shared(struct ctx *c)
{
	const struct db_driver *driver = c->app->db->driver;
	return driver->is_shared && driver->is_shared(c);
}

enum app_err db_lock(struct ctx *c, const char *name)
{
	const struct db_driver *driver = driver_of(c);
	return driver->lock ? driver->lock(c, name) : APP_OK;
}

enum app_err db_migrate_lock(struct ctx *c)
{
	const struct db_driver *driver = driver_of(c);
	return driver->migrate_lock ? driver->migrate_lock(c) : APP_OK;
}

enum app_err db_keys_last(struct ctx *c, db_write_fn *run, void *arg)
{
	const struct db_driver *driver = c->app->db->driver;
	if (driver->keys_last)
		return driver->keys_last(c, run, arg);
	return ctx_fail_cause(c, APP_INTERNAL,
			      "tables are changed as they are here: there is no need to make them "
			      "anew, nor to look at foreign keys at the end");
}

bool db_outcome_is_unknown(const struct ctx *c)
{
	return c->failure.code && str_eq(c->failure.code, DB_OUTCOME_UNKNOWN);
}

bool db_may_block(const struct db *db)
{
	return db->driver->may_block;
}

enum app_err db_ping(struct ctx *c)
{
	return driver_of(c)->ping(c);
}

enum app_err db_reach(struct ctx *c)
{
	enum app_err err = db_ping(c);
	if (err != APP_STORAGE_FULL)
		return err;
	ctx_recover(c);
	return APP_OK;
}

enum app_err db_query(struct ctx *c, const char *sql, struct db_binds binds,
		      struct db_rows *ret_rows)
{
	assert(!ret_rows->statement);
	return driver_of(c)->query(c, sql, binds, ret_rows);
}

enum app_err db_rows_next(struct db_rows *rows, bool *ret_row)
{
	return driver_of(rows->c)->next(rows, ret_row);
}

enum app_err db_query_first(struct ctx *c, const char *sql, struct db_binds binds,
			    struct db_rows *ret_rows, bool *ret_row)
{
	*ret_row = false;
	enum app_err err = db_query(c, sql, binds, ret_rows);
	return err ? err : db_rows_next(ret_rows, ret_row);
}

void db_rows_auto(struct db_rows *rows)
{
	if (rows->statement)
		driver_of(rows->c)->rows_close(rows);
}

int db_column_count(const struct db_rows *rows)
{
	return driver_of(rows->c)->column_count(rows);
}

const char *db_column_name(const struct db_rows *rows, int column)
{
	return driver_of(rows->c)->column_name(rows, column);
}

enum db_type db_column_type(const struct db_rows *rows, int column)
{
	return driver_of(rows->c)->column_type(rows, column);
}

int64_t db_column_int(const struct db_rows *rows, int column)
{
	return driver_of(rows->c)->column_int(rows, column);
}

double db_column_real(const struct db_rows *rows, int column)
{
	return driver_of(rows->c)->column_real(rows, column);
}

const char *db_column_text(const struct db_rows *rows, int column, size_t *ret_len)
{
	return driver_of(rows->c)->column_text(rows, column, ret_len);
}

enum app_err db_query_int(struct ctx *c, const char *sql, struct db_binds binds, int64_t *ret)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row;
	enum app_err err = db_query_first(c, sql, binds, &rows, &has_row);
	if (!err)
		*ret = has_row ? db_column_int(&rows, 0) : 0;
	return err;
}
