/* The PostgreSQL driver: opening and closing a database, and its row of functions. */
#include "listener.h"
#include "rows.h"
#include "tools.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/app.h"

enum { PING_TELL_MS = 150 };

static enum app_err url_check(struct ctx *c, const char *option, const char *url)
{
	struct postgres_place place;
	enum app_err err = postgres_place_read(c, option, url, &place);
	if (!err)
		postgres_place_done(&place);
	return err;
}

static enum app_err limits_check(struct ctx *c, const struct db_options *options)
{
	if (options->pool_min > options->pool_max)
		return ctx_fail(c, APP_INVALID, "database.pool_min is above database.pool_max");
	if (options->write_ms && options->lock_ms > options->write_ms)
		return ctx_fail(c, APP_INVALID,
				"database.lock_ms is above database.write_ms, so that it is never "
				"up: set it well below");
	return APP_OK;
}

static enum app_err postgres_check(struct ctx *c, const struct db_options *options,
				   const char *place)
{
	(void)place;
	enum app_err err = url_check(c, "database.url", options->url);
	if (!err && options->replica_url && *options->replica_url)
		err = url_check(c, "database.replica_url", options->replica_url);
	return err ? err : limits_check(c, options);
}

static enum app_err settings_check(struct ctx *c, const struct db_options *options,
				   const char *place)
{
	enum app_err err = postgres_check(c, options, place);
	return err ? err : postgres_writes_check(c, "database.url", options->url);
}

static enum app_err pool_open(struct ctx *c, struct postgres *p, const char *option,
			      const char *url, struct postgres_pool **ret_pool)
{
	struct postgres_place place;
	enum app_err err = postgres_place_read(c, option, url, &place);
	if (err)
		return err;
	bool primary = !p->primary;
	const struct postgres_pool_use use = { .options = p->options,
					       .app = p->app,
					       .name = primary ? "database" : "replica",
					       .first_must_work = primary };
	err = postgres_pool_new(c, &use, &place, ret_pool);
	postgres_place_done(&place);
	return err;
}

static enum app_err postgres_start(struct ctx *c, struct postgres *p)
{
	enum app_err err = pool_open(c, p, "database.url", p->options->url, &p->primary);
	if (!err && p->options->replica_url && *p->options->replica_url)
		err = pool_open(c, p, "database.replica_url", p->options->replica_url, &p->replica);
	if (!err)
		err = postgres_listener_new(c, p);
	return err ? err : postgres_writer_start(c, p);
}

static void postgres_stop(struct postgres *p)
{
	postgres_writer_stop(p);
	postgres_listener_drop(p);
	postgres_pool_drop(p->replica);
	postgres_pool_drop(p->primary);
	postgres_search_close(p);
	free(p);
}

static enum app_err postgres_open(struct ctx *c, struct db *db, const char *place)
{
	enum app_err err = postgres_check(c, &db->options, place);
	if (err)
		return err;
	struct postgres *p = mem_new(1, sizeof(*p));
	p->db = db;
	p->options = &db->options;
	p->app = c->app;
	postgres_search_open(p);
	err = postgres_start(c, p);
	if (err) {
		postgres_stop(p);
		return err;
	}
	db->state = p;
	/* the pools have what it says */
	mem_wipe((char *)(uintptr_t)db->options.url, strlen(db->options.url));
	return APP_OK;
}

static void postgres_close(struct db *db)
{
	postgres_stop(db->state);
}

/* What it found is to be told within the deadline. */
static int64_t ping_until(const struct ctx *c, const struct postgres *p)
{
	int64_t until_us = postgres_until(c, p->options->acquire_ms);
	return c->deadline_us ? until_us - MILLISECONDS_US(PING_TELL_MS) : until_us;
}

/*
 * Of the primary: a server that only answers on its replica cannot serve. What this thread has read
 * so far is let go of first, for nobody waits for a connection while holding one.
 */
static enum app_err postgres_ping(struct ctx *c)
{
	struct postgres *p = c->app->db->state;
	postgres_reads_renew(c->app->db);
	int64_t until_us = ping_until(c, p);
	struct postgres_conn *conn = postgres_pool_take(p->primary, until_us);
	if (!conn)
		return postgres_fail_none(c, p->primary);
	bool ok = postgres_conn_answers(conn, "SELECT 1", until_us), silent = conn->silent;
	conn->lost = conn->lost || !ok;
	postgres_pool_give(conn);
	if (ok)
		return APP_OK;
	return silent ? postgres_fail_silent(c) : postgres_fail_lost(c);
}

static const char SQL_SERVERS[] = "SELECT count(*) FROM pg_stat_activity"
				  " WHERE datname = current_database() AND application_name = $1";

/* Servers have the name of the settings, commands a longer one. */
static bool postgres_is_shared(struct ctx *c)
{
	const struct postgres *p = c->app->db->state;
	const char *name = p->options->application_name;
	size_t len = strlen(name);
	if (!str_ends(name, DB_COMMAND_SUFFIX))
		return false;
	name = arena_strndup(c->arena, name, len - strlen(DB_COMMAND_SUFFIX));
	int64_t servers = 0;
	bool before = c->reads_primary;
	c->reads_primary = true;
	enum app_err err = db_query_int(c, SQL_SERVERS, BIND(name), &servers);
	c->reads_primary = before;
	if (err)
		ctx_recover(c);
	return servers > 0;
}

static struct db_stats postgres_stats(struct db *db)
{
	struct postgres *p = db->state;
	return (struct db_stats){ .writes = p->writes,
				  .commits = p->commits,
				  .waiting = postgres_waiting(p),
				  .reopened = postgres_pool_replaced(p->primary) +
					      postgres_pool_replaced(p->replica) };
}

const struct db_driver postgres_driver = {
	.name = "postgres",
	.schemes = { "postgresql:", "postgres:" },
	.place = DB_PLACE_SERVER,
	.tools = &postgres_tools,
	.has_replicas = true,
	.check = settings_check,
	.files = postgres_files,
	.open = postgres_open,
	.close = postgres_close,
	.ping = postgres_ping,
	.stats = postgres_stats,
	.query = postgres_query,
	.next = postgres_rows_next,
	.rows_close = postgres_rows_close,
	.column_count = postgres_column_count,
	.column_name = postgres_column_name,
	.column_type = postgres_column_type,
	.column_int = postgres_column_int,
	.column_real = postgres_column_real,
	.column_text = postgres_column_text,
	.exec = postgres_exec,
	.script = postgres_script,
	.savepoint = postgres_savepoint,
	.migrate_lock = postgres_migrate_lock,
	.lock = postgres_lock,
	.submit = postgres_submit,
	.reads_begin = postgres_reads_begin,
	.reads_end = postgres_reads_end,
	.reads_renew = postgres_reads_renew,
	.is_writer = postgres_is_writer,
	.is_shared = postgres_is_shared,
	.signals_send = postgres_signals_send,
	.others_begin = postgres_others_begin,
	.others_end = postgres_others_end,
	.search_step = postgres_search_step,
	.search_look = postgres_search_look,
	.search_renew = postgres_search_renew,
	.dialect = &postgres_dialect,
	.may_block = true,
};
