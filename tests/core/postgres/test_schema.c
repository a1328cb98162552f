/*
 * Migrations on PostgreSQL, and that sql/postgres makes the tables that sql/sqlite makes. Runs from
 * the repository.
 */
#include "core/db/store.h"

#include <glob.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/str.h"
#include "core/migrate.h"
#include "testing/postgres.h"
#include "testing/program.h"

static struct store store;

/* What is in the whole database is looked at here, so it is a new one. */
static void open_postgres(void)
{
	char url[POSTGRES_URL_ROOM];
	store_is_postgres = true;
	postgres_database(url);
	store_open_with(&store, (struct db_options){ .url = url });
}

static int setup(void **state)
{
	(void)state;
	open_postgres();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

/* ---- running them ---- */

static const char ONE[] = "-- migrate:up\nCREATE TABLE one (a bigint);\n"
			  "INSERT INTO one VALUES (1);\n-- migrate:down\nDROP TABLE one;\n";
static const char TWO[] =
	"-- migrate:up\nCREATE TABLE two (a bigint);\n"
	"CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS $body$\n"
	"BEGIN DELETE FROM one; RETURN 1; -- ';'\nEND $body$;\n/* a; /* b; */ c; */\n"
	"COMMENT ON TABLE two IS 'it''s; fine';\n"
	"-- migrate:down\nDROP FUNCTION f; DROP TABLE two;\n";

static const struct migration LIST[] = { { 1, "one", ONE }, { 2, "two", TWO } };

static int64_t tables(const char *name)
{
	return store_int(&store,
			 arena_printf(&store.scene.arena,
				      "SELECT count(*) FROM pg_class WHERE relname = '%s'", name));
}

static void up_and_down(void **state)
{
	(void)state;
	int64_t done = -1;
	must(migrate_up(&store.scene.c, LIST, 2, &done));
	assert_int_equal(done, 2);
	assert_int_equal(tables("two"), 1);
	must(migrate_up(&store.scene.c, LIST, 2, &done));
	assert_int_equal(done, 0);
	must(migrate_pending(&store.scene.c, LIST, 2, &done));
	assert_int_equal(done, 0);
	must(migrate_down(&store.scene.c, LIST, 2, 2, &done));
	assert_int_equal(done, 2);
	assert_int_equal(tables("one") + tables("two"), 0);
}

struct broken {
	const char *sql, *cause;
};

static void is_rolled_back(void **state)
{
	const struct broken *k = *state;
	const struct migration list[] = { LIST[0], { 2, "bad", k->sql } };
	int64_t done = -1;
	assert_int_equal(migrate_up(&store.scene.c, list, 2, &done), APP_INTERNAL);
	assert_int_equal(done, 1);
	store_says_cause(&store, k->cause);
	assert_int_equal(tables("half"), 0);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM croft_migrations"), 1);
}

#define BROKEN(sentence, ...) \
	{ \
		sentence, is_rolled_back, setup, teardown, (&(struct broken){ __VA_ARGS__ }) \
	}

struct starter {
	struct app app;
	const char *url;
	pthread_t thread;
	enum app_err err;
	int64_t done;
};

static void *starter_main(void *arg)
{
	struct starter *s = arg;
	AUTO(arena) arena;
	arena_init(&arena, 0);
	struct ctx c;
	ctx_init(&c, &s->app, &arena);
	const struct db_options options = store_patient(
		(struct db_options){ .url = s->url, .pool_max = 2 });
	s->err = db_open(&c, &options, &s->app.db);
	if (s->err)
		return NULL;
	s->err = migrate_up(&c, LIST, 2, &s->done);
	db_close(s->app.db);
	return NULL;
}

static void two_starters_share_the_work(void **state)
{
	(void)state;
	char url[POSTGRES_URL_ROOM];
	struct starter starters[4] = { 0 };
	int64_t done = 0;
	postgres_database(url);
	for (size_t i = 0; i < COUNT_OF(starters); i++) {
		starters[i].url = url;
		pthread_create(&starters[i].thread, NULL, starter_main, &starters[i]);
	}
	for (size_t i = 0; i < COUNT_OF(starters); i++) {
		pthread_join(starters[i].thread, NULL);
		assert_int_equal(starters[i].err, APP_OK);
		done += starters[i].done;
	}
	assert_int_equal(done, 2);
}

/* ---- both folders ---- */

#define BY_BYTES " COLLATE \"C\""
#define MORE_THAN_TABLES "('croft_migrations', 'sqlite_sequence')"
/* What a full-text index is made of differs; what it is made from is compared below. */
#define NOT_OF_SEARCH(name) \
	" AND " name " NOT LIKE '%\\_fts\\_%' ESCAPE '\\' AND " name \
	" NOT LIKE '%\\_search\\_todo' ESCAPE '\\' AND " name \
	" NOT LIKE '%\\_search\\_source' ESCAPE '\\'"
/* Neither virtual tables nor their shadow tables. */
#define SQLITE_TABLES \
	" FROM pragma_table_list m, pragma_table_info(m.name) t WHERE m.type = 'table'" \
	" AND m.schema = 'main' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'" \
	" AND m.name NOT IN " MORE_THAN_TABLES NOT_OF_SEARCH("m.name")

static const char SQLITE_COLUMNS[] =
	"SELECT m.name || '.' || t.name || CASE WHEN t.[notnull] OR t.pk THEN ' not null' ELSE "
	"'' END AS line" SQLITE_TABLES " ORDER BY line";
static const char POSTGRES_COLUMNS[] =
	"SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' not null' "
	"ELSE '' END" BY_BYTES " AS line FROM information_schema.columns"
	" WHERE table_schema = 'public' AND data_type <> 'tsvector'"
	" AND table_name NOT IN " MORE_THAN_TABLES NOT_OF_SEARCH("table_name") " ORDER BY line";

static const char SQLITE_KEYS[] =
	"SELECT m.name || ': ' || (SELECT group_concat(coalesce(i.name, 'expression')) FROM"
	" pragma_index_info(l.name) i) || CASE WHEN l.partial THEN ' partial' ELSE '' END AS line"
	" FROM pragma_table_list m, pragma_index_list(m.name) l WHERE m.type = 'table'"
	" AND l.[unique] AND m.name NOT IN " MORE_THAN_TABLES NOT_OF_SEARCH(
		"m.name") " UNION SELECT m.name || ': ' || group_concat(t.name)" SQLITE_TABLES
			  " AND t.pk GROUP BY m.name ORDER BY line";
static const char POSTGRES_KEYS[] =
	"SELECT DISTINCT t.relname || ': ' || (SELECT string_agg(coalesce(a.attname, 'expression'),"
	" ',' ORDER BY k.n) FROM unnest(CAST(x.indkey AS smallint[])) WITH ORDINALITY AS k (num, n)"
	" LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.num AND k.num <> 0)"
	" || CASE WHEN x.indpred IS NULL THEN '' ELSE ' partial' END" BY_BYTES " AS line"
	" FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid"
	" JOIN pg_namespace s ON s.oid = t.relnamespace WHERE s.nspname = 'public' AND "
	"x.indisunique"
	" AND t.relname NOT IN " MORE_THAN_TABLES NOT_OF_SEARCH("t.relname") " ORDER BY line";

/* Names too: errors are told by them. */
static const char SQLITE_INDEXES[] =
	"SELECT tbl_name || ' ' || name AS line FROM sqlite_schema WHERE type = 'index'"
	" AND sql IS NOT NULL ORDER BY line";
static const char POSTGRES_INDEXES[] =
	"SELECT tablename || ' ' || indexname" BY_BYTES " AS line FROM pg_indexes"
	" WHERE schemaname = 'public' AND indexname NOT LIKE '%\\_pkey'"
	" AND indexdef NOT LIKE '% USING gin (search)' ORDER BY line";

/* Which columns are searched: a view beside the index says it. */
static const char SQLITE_SEARCHED[] =
	"SELECT m.name || '.' || t.name AS line FROM sqlite_schema v, pragma_table_list m,"
	" pragma_table_info(m.name) t WHERE v.type = 'view' AND v.name = m.name || '_fts_source'"
	" AND instr(v.sql, t.name) ORDER BY line";
static const char POSTGRES_SEARCHED[] =
	"SELECT table_name || '.' || column_name" BY_BYTES " AS line"
	" FROM information_schema.view_column_usage WHERE view_schema = 'public'"
	" AND view_name = table_name || '_search_source' ORDER BY line";

/* The folder's migrations, in the arena. */
static size_t folder_read(const char *pattern, struct migration *list, size_t room)
{
	glob_t found;
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	assert_true(found.gl_pathc <= room);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char *text = program_read(".", found.gl_pathv[i]);
		assert_non_null(text);
		list[i] = (struct migration){ (int64_t)i + 1, "file",
					      arena_strdup(&store.scene.arena, text) };
		free(text);
	}
	size_t count = found.gl_pathc;
	globfree(&found);
	return count;
}

static char *lines_of(const char *sql)
{
	struct buf text;
	AUTO(db_rows) rows = { 0 };
	buf_init(&text, NULL);
	must(db_query(&store.scene.c, sql, BIND(), &rows));
	for (bool has; !db_rows_next(&rows, &has) && has;)
		buf_printf(&text, "%s\n", db_column_text(&rows, 0, NULL));
	char *lines = strdup(buf_text(&text));
	buf_done(&text);
	return lines;
}

enum { LOOKS = 4 };

static void look(bool postgres, const char *folder, const char *const *sql, char **lines)
{
	struct migration list[64];
	int64_t done;
	store_is_postgres = postgres;
	if (postgres)
		open_postgres();
	else
		store_open(&store);
	size_t count = folder_read(folder, list, COUNT_OF(list));
	if (migrate_up(&store.scene.c, list, count, &done))
		fail_msg("%s: %s", folder, store.scene.c.failure.cause);
	for (size_t i = 0; i < LOOKS; i++)
		lines[i] = lines_of(sql[i]);
	must(migrate_down(&store.scene.c, list, count, (int64_t)count, &done));
	assert_int_equal(done, count);
	store_close(&store);
}

static void both_folders_agree(void **state)
{
	(void)state;
	char *sqlite[LOOKS], *postgres[LOOKS];
	look(false, "sql/sqlite/*.sql",
	     (const char *const[]){ SQLITE_COLUMNS, SQLITE_KEYS, SQLITE_INDEXES, SQLITE_SEARCHED },
	     sqlite);
	look(true, "sql/postgres/*.sql",
	     (const char *const[]){ POSTGRES_COLUMNS, POSTGRES_KEYS, POSTGRES_INDEXES,
				    POSTGRES_SEARCHED },
	     postgres);
	for (size_t i = 0; i < LOOKS; i++) {
		assert_true(strlen(sqlite[i]) > 20);
		assert_string_equal(sqlite[i], postgres[i]);
		free(sqlite[i]);
		free(postgres[i]);
	}
}

static void both_folders_have_the_same_files(void **state)
{
	(void)state;
	glob_t sqlite, postgres;
	assert_int_equal(glob("sql/sqlite/*.sql", 0, NULL, &sqlite), 0);
	assert_int_equal(glob("sql/postgres/*.sql", 0, NULL, &postgres), 0);
	assert_int_equal(sqlite.gl_pathc, postgres.gl_pathc);
	for (size_t i = 0; i < sqlite.gl_pathc; i++)
		assert_string_equal(strrchr(sqlite.gl_pathv[i], '/'),
				    strrchr(postgres.gl_pathv[i], '/'));
	globfree(&sqlite);
	globfree(&postgres);
}

#define CASE(sentence, fn) \
	{ \
		sentence, fn, setup, teardown, NULL \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("migrations go up and down", up_and_down),
		BROKEN("a syntax error names file and line",
		       .sql = "-- migrate:up\nCREATE TABLE half (a int);\n\nCREATE TABEL x (a "
			      "int);\n",
		       .cause = "0002_bad.sql, line 4: PostgreSQL: syntax error"),
		BROKEN("a failing statement names file and line",
		       .sql = "-- note\n-- migrate:up\nCREATE TABLE half (a int UNIQUE);\n"
			      "-- twice\nINSERT INTO half VALUES (1), (1);\n",
		       .cause = "0002_bad.sql, line 5: a is already taken"),
		BROKEN("a COMMIT in a file is refused before it runs",
		       .sql = "-- migrate:up\nCREATE TABLE half (a int);\nCOMMIT;\n",
		       .cause = "0002_bad.sql, line 3: BEGIN, COMMIT"),
		ROW("programs that start at once share the work", two_starters_share_the_work),
		ROW("both folders have the same files", both_folders_have_the_same_files),
		ROW("both folders make the same tables, columns, nulls, unique keys and searches",
		    both_folders_agree),
	};
	return rows_run("core/postgres schema", rows, COUNT_OF(rows));
}
