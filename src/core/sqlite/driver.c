/* The SQLite driver: opening and closing a database, and its row of functions. */
#include "changes/counts.h"
#include "changes/versions.h"
#include "files/files.h"
#include "fts/fts.h"
#include "internal.h"
#include "rows.h"
#include "writer/writer.h"

#include <stdlib.h>
#include <string.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/str.h"

static void library_configure(void)
{
	/* Counting every allocation takes a lock that all threads share. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static pthread_once_t library_once = PTHREAD_ONCE_INIT;

static enum app_err place_check(struct ctx *c, const struct db_options *options, const char *place)
{
	(void)options;
	if (!*place)
		return ctx_fail(c, APP_INVALID,
				"database.url names no file: write sqlite:PATH, such as "
				"sqlite:data/" APP_NAME ".db");
	if (!strncmp(place, "//", 2))
		return ctx_fail(c, APP_INVALID,
				"database.url is sqlite:PATH without '//': sqlite:data/" APP_NAME
				".db for a path below the working folder, sqlite:/srv/" APP_NAME
				".db for an absolute one");
	return sqlite_file_check(c, place);
}

/* SQLite's own URIs have parameters; here they would be a part of the name. */
static bool has_parameter(const char *place)
{
	const char *at = strchr(place, '?');
	size_t len = at ? strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_") : 0;
	return len && at[1 + len] == '=';
}

static enum app_err settings_check(struct ctx *c, const struct db_options *options,
				   const char *place)
{
	if (has_parameter(place))
		return ctx_fail(c, APP_INVALID,
				"database.url has a '?': sqlite:PATH takes no parameters");
	return place_check(c, options, place);
}

static enum app_err place_prepare(struct ctx *c, struct sqlite *s, const char *place)
{
	if (str_eq(place, SQLITE_MEMORY)) {
		char id[ID_ROOM];
		id_new(id);
		s->memory = true;
		s->path = mem_strdup(arena_printf(c->arena, "file:/croft-%s?vfs=memdb", id));
		return APP_OK;
	}
	enum app_err err = place_check(c, s->options, place);
	return err ? err : sqlite_file_prepare(c, s, place);
}

static void sqlite_free(struct sqlite *s)
{
	sqlite_counts_close(s);
	sqlite_versions_close(s);
	sqlite_signals_close(s);
	sqlite_shared_close(s);
	sqlite_hold_auto(&s->hold);
	pthread_mutex_destroy(&s->readers_lock);
	pthread_mutex_destroy(&s->ground_lock);
	free(s->path);
	free(s->named);
	free(s);
}

static enum app_err sqlite_start(struct ctx *c, struct sqlite *s, const char *place)
{
	enum app_err err = place_prepare(c, s, place);
	if (err)
		return err;
	if (!s->memory) {
		err = sqlite_lock_open(c, s);
		if (!err)
			err = sqlite_file_remember(c, s);
		if (err)
			return err;
		s->name = sqlite_name_of(c, s->path);
		err = sqlite_inspect(c, s);
		if (err)
			return err;
	}
	sqlite_shared_open(s);
	sqlite_signals_open(s);
	sqlite_versions_open(s);
	sqlite_counts_open(s);
	return sqlite_writer_start(c, s);
}

static enum app_err sqlite_open(struct ctx *c, struct db *db, const char *place)
{
	pthread_once(&library_once, library_configure);
	struct sqlite *s = mem_new(1, sizeof(*s));
	s->db = db;
	s->options = &db->options;
	s->hold = SQLITE_HOLD_NONE;
	random_bytes(&s->serial, sizeof(s->serial));
	pthread_mutex_init(&s->readers_lock, NULL);
	pthread_mutex_init(&s->ground_lock, NULL);
	/* Before the writer's thread is there. */
	db->state = s;
	enum app_err err = sqlite_start(c, s, place);
	if (err)
		sqlite_free(s);
	return err;
}

/*
 * Readers go before the writer, so that it is the last and its checkpoint finds nobody in the way.
 */
static void sqlite_close(struct db *db)
{
	struct sqlite *s = db->state;
	sqlite_writer_stop(s->writer);
	sqlite_readers_close(s);
	sqlite_writer_drop(s->writer);
	sqlite_free(s);
}

const struct db_driver sqlite_driver = {
	.name = "sqlite",
	.schemes = { "sqlite:" },
	.place = DB_PLACE_FILE,
	.memory = SQLITE_MEMORY,
	.tools = &sqlite_tools,
	.check = settings_check,
	.ground_check = sqlite_name_check,
	.files = sqlite_files,
	.open = sqlite_open,
	.close = sqlite_close,
	.ping = sqlite_ping,
	.stats = sqlite_stats,
	.query = sqlite_query,
	.next = sqlite_rows_next,
	.rows_close = sqlite_rows_close,
	.column_count = sqlite_column_count,
	.column_name = sqlite_column_name,
	.column_type = sqlite_column_type,
	.column_int = sqlite_column_int,
	.column_real = sqlite_column_real,
	.column_text = sqlite_column_text,
	.exec = sqlite_exec,
	.script = sqlite_script,
	.keys_last = sqlite_keys_last,
	.savepoint = sqlite_savepoint,
	.submit = sqlite_submit,
	.is_writer = sqlite_is_writer,
	.reads_begin = sqlite_reads_begin,
	.reads_end = sqlite_reads_end,
	.reads_renew = sqlite_reads_renew,
	.table_version = sqlite_table_version,
	.count_begin = sqlite_count_begin,
	.count_fail = sqlite_count_fail,
	.count_keep = sqlite_count_keep,
	.search_step = sqlite_search_step,
	.search_renew = sqlite_search_renew,
	.is_shared = sqlite_is_shared,
	.signals_send = sqlite_signals_send,
	.others_begin = sqlite_others_begin,
	.others_end = sqlite_others_end,
	.dialect = &sqlite_dialect,
};
