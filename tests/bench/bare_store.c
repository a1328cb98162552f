/*
 * The users of the yardstick, in croft's table: a reading connection for each thread with prepared
 * statements, and one writing thread that puts all rows that wait into one durable commit.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bare.h"

#define COLUMNS "id, username, email, full_name, is_active, is_superuser, created_at, updated_at"
/* What croft gives each of its connections. */
#define CACHE_SIZE "-2048"

static const char SQL_ONE[] = "SELECT " COLUMNS " FROM users WHERE id = ?1";
static const char SQL_PAGE[] = "SELECT " COLUMNS " FROM users ORDER BY id LIMIT 20 OFFSET ?1";
static const char SQL_COUNT[] = "SELECT count(*) FROM users";
static const char SQL_INSERT[] =
	"INSERT INTO users (username, username_key, email, email_key, created_at, updated_at) "
	"VALUES (?1, lower(?1), ?2, lower(?2), ?3, ?3) RETURNING " COLUMNS;

struct reader {
	sqlite3 *db;
	sqlite3_stmt *one, *page, *count;
};

static const char *store_path;
static _Thread_local struct reader reader;

static struct {
	sqlite3 *db;
	sqlite3_stmt *insert;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct store_insert *first, **last;
	bool stopping;
} writer = { .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER };

_Noreturn void store_die(sqlite3 *db, const char *what)
{
	fprintf(stderr, "bare: %s: %s\n", what, db ? sqlite3_errmsg(db) : "no memory");
	exit(1);
}

void store_run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		store_die(db, sql);
}

sqlite3_stmt *store_prepared(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
	    SQLITE_OK)
		store_die(db, sql);
	return statement;
}

sqlite3 *store_opened(int flags)
{
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(store_path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		store_die(db, store_path);
	sqlite3_busy_timeout(db, 5000);
	store_run(db, "PRAGMA cache_size = " CACHE_SIZE);
	return db;
}

static struct reader *this_reader(void)
{
	if (!reader.db) {
		reader.db = store_opened(SQLITE_OPEN_READONLY);
		reader.one = store_prepared(reader.db, SQL_ONE);
		reader.page = store_prepared(reader.db, SQL_PAGE);
		reader.count = store_prepared(reader.db, SQL_COUNT);
	}
	return &reader;
}

/* ---- JSON ---- */

static void add_user(struct text *out, sqlite3_stmt *row)
{
	TEXT_ADD(out, "{" NAME("id"));
	text_int(out, sqlite3_column_int64(row, 0));
	TEXT_ADD(out, "," NAME("username"));
	text_column(out, row, 1);
	TEXT_ADD(out, "," NAME("email"));
	text_column(out, row, 2);
	TEXT_ADD(out, "," NAME("full_name"));
	text_column(out, row, 3);
	TEXT_ADD(out, "," NAME("is_active"));
	text_bool(out, sqlite3_column_int(row, 4));
	TEXT_ADD(out, "," NAME("is_superuser"));
	text_bool(out, sqlite3_column_int(row, 5));
	TEXT_ADD(out, "," NAME("created_at"));
	text_time(out, sqlite3_column_int64(row, 6));
	TEXT_ADD(out, "," NAME("updated_at"));
	text_time(out, sqlite3_column_int64(row, 7));
	TEXT_ADD(out, "}");
}

/* ---- reading ---- */

bool store_user(int64_t id, struct text *ret)
{
	sqlite3_stmt *one = this_reader()->one;

	sqlite3_bind_int64(one, 1, id);
	bool found = sqlite3_step(one) == SQLITE_ROW;
	if (found)
		add_user(ret, one);
	sqlite3_reset(one);
	return found;
}

void store_page(int64_t page, struct text *ret)
{
	struct reader *r = this_reader();
	int64_t total = 0;

	if (sqlite3_step(r->count) == SQLITE_ROW)
		total = sqlite3_column_int64(r->count, 0);
	sqlite3_reset(r->count);
	sqlite3_bind_int64(r->page, 1, (page - 1) * 20);
	TEXT_ADD(ret, "{" NAME("items") "[");
	for (bool first = true; sqlite3_step(r->page) == SQLITE_ROW; first = false) {
		if (!first)
			TEXT_ADD(ret, ",");
		add_user(ret, r->page);
	}
	sqlite3_reset(r->page);
	TEXT_ADD(ret, "]," NAME("total"));
	text_int(ret, total);
	TEXT_ADD(ret, "," NAME("page"));
	text_int(ret, page);
	TEXT_ADD(ret, "," NAME("per_page") "20," NAME("pages"));
	text_int(ret, (total + 19) / 20);
	TEXT_ADD(ret, "}");
}

/* ---- writing ---- */

int64_t store_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void insert_one(struct store_insert *insert)
{
	sqlite3_stmt *statement = writer.insert;

	sqlite3_bind_text(statement, 1, insert->username, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, insert->email, -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 3, store_now());
	int code = sqlite3_step(statement);
	insert->status = code == SQLITE_ROW ? 201 : code == SQLITE_CONSTRAINT ? 409 : 500;
	if (code == SQLITE_ROW)
		add_user(&insert->json, statement);
	sqlite3_reset(statement);
}

static void commit_all(struct store_insert *batch)
{
	store_run(writer.db, "BEGIN IMMEDIATE");
	for (struct store_insert *insert = batch; insert; insert = insert->next)
		insert_one(insert);
	store_run(writer.db, "COMMIT");
	for (struct store_insert *insert = batch, *next; insert; insert = next) {
		next = insert->next;
		insert->ready(insert);
	}
}

static struct store_insert *take_batch(void)
{
	pthread_mutex_lock(&writer.lock);
	while (!writer.first && !writer.stopping)
		pthread_cond_wait(&writer.wake, &writer.lock);
	struct store_insert *batch = writer.first;
	struct store_insert **end = &writer.first;
	for (int count = 0; *end && count < BARE_BATCH; count++)
		end = &(*end)->next;
	writer.first = *end;
	if (!writer.first)
		writer.last = &writer.first;
	*end = NULL;
	pthread_mutex_unlock(&writer.lock);
	return batch;
}

static void *write_on(void *unused)
{
	(void)unused;
	for (struct store_insert *batch; (batch = take_batch());)
		commit_all(batch);
	return NULL;
}

void store_submit(struct store_insert *insert)
{
	insert->next = NULL;
	pthread_mutex_lock(&writer.lock);
	*writer.last = insert;
	writer.last = &insert->next;
	pthread_cond_signal(&writer.wake);
	pthread_mutex_unlock(&writer.lock);
}

void store_use(const char *path)
{
	store_path = path;
}

void store_open(const char *path)
{
	store_use(path);
	writer.db = store_opened(SQLITE_OPEN_READWRITE);
	store_run(writer.db, "PRAGMA journal_mode = WAL");
	store_run(writer.db, "PRAGMA synchronous = FULL");
	writer.insert = store_prepared(writer.db, SQL_INSERT);
	writer.last = &writer.first;
	if (pthread_create(&writer.thread, NULL, write_on, NULL) != 0)
		store_die(NULL, "starting a thread");
}

void store_close(void)
{
	pthread_mutex_lock(&writer.lock);
	writer.stopping = true;
	pthread_cond_signal(&writer.wake);
	pthread_mutex_unlock(&writer.lock);
	pthread_join(writer.thread, NULL);
	sqlite3_finalize(writer.insert);
	sqlite3_close(writer.db);
}
