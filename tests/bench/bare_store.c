/*
 * The users of the yardstick, in croft's table: a reading connection for each thread with prepared statements, and
 * one writing thread that puts all rows that wait into one durable commit.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bare.h"

#define COLUMNS "id, username, email, full_name, is_active, is_superuser, created_at, updated_at"

static const char SQL_ONE[] = "SELECT " COLUMNS " FROM users WHERE id = ?1";
static const char SQL_PAGE[] = "SELECT " COLUMNS " FROM users ORDER BY id LIMIT 20 OFFSET ?1";
static const char SQL_COUNT[] = "SELECT count(*) FROM users";
static const char SQL_INSERT[] =
	"INSERT INTO users (username, email, created_at, updated_at) VALUES (?1, ?2, ?3, ?3) "
	"RETURNING " COLUMNS;

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

_Noreturn static void die(sqlite3 *db, const char *what)
{
	fprintf(stderr, "bare: %s: %s\n", what, db ? sqlite3_errmsg(db) : "no memory");
	exit(1);
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(db, sql);
}

static sqlite3_stmt *prepared(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
	    SQLITE_OK)
		die(db, sql);
	return statement;
}

static sqlite3 *opened(int flags)
{
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(store_path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		die(db, store_path);
	sqlite3_busy_timeout(db, 5000);
	return db;
}

static struct reader *this_reader(void)
{
	if (!reader.db) {
		reader.db = opened(SQLITE_OPEN_READONLY);
		reader.one = prepared(reader.db, SQL_ONE);
		reader.page = prepared(reader.db, SQL_PAGE);
		reader.count = prepared(reader.db, SQL_COUNT);
	}
	return &reader;
}

/* ---- JSON ---- */

static void add(struct text *out, const char *bytes, size_t len)
{
	if (out->len + len < sizeof(out->bytes)) {
		memcpy(out->bytes + out->len, bytes, len);
		out->len += len;
	}
}

#define ADD(out, literal) add((out), (literal), sizeof(literal) - 1)

static void add_column(struct text *out, sqlite3_stmt *row, int column)
{
	const char *value = (const char *)sqlite3_column_text(row, column);

	if (!value) {
		ADD(out, "null");
		return;
	}
	ADD(out, "\"");
	for (size_t clean; *value; value += clean) {
		clean = strcspn(value, "\"\\");
		add(out, value, clean);
		if (value[clean]) {
			add(out, (const char[]){ '\\', value[clean] }, 2);
			clean++;
		}
	}
	ADD(out, "\"");
}

static void add_int(struct text *out, int64_t value)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%lld", (long long)value);
	add(out, digits, (size_t)len);
}

static void add_time(struct text *out, int64_t us)
{
	time_t seconds = us / 1000000;
	struct tm at;
	char date[48];

	gmtime_r(&seconds, &at);
	int len = snprintf(date, sizeof(date), "\"%04d-%02d-%02dT%02d:%02d:%02d.%06dZ\"",
			   at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min,
			   at.tm_sec, (int)(us % 1000000));
	add(out, date, (size_t)len);
}

static void add_bool(struct text *out, int value)
{
	add(out, value ? "true" : "false", value ? 4 : 5);
}

static void add_user(struct text *out, sqlite3_stmt *row)
{
	ADD(out, "{\"id\":");
	add_int(out, sqlite3_column_int64(row, 0));
	ADD(out, ",\"username\":");
	add_column(out, row, 1);
	ADD(out, ",\"email\":");
	add_column(out, row, 2);
	ADD(out, ",\"full_name\":");
	add_column(out, row, 3);
	ADD(out, ",\"is_active\":");
	add_bool(out, sqlite3_column_int(row, 4));
	ADD(out, ",\"is_superuser\":");
	add_bool(out, sqlite3_column_int(row, 5));
	ADD(out, ",\"created_at\":");
	add_time(out, sqlite3_column_int64(row, 6));
	ADD(out, ",\"updated_at\":");
	add_time(out, sqlite3_column_int64(row, 7));
	ADD(out, "}");
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
	ADD(ret, "{\"items\":[");
	for (bool first = true; sqlite3_step(r->page) == SQLITE_ROW; first = false) {
		if (!first)
			ADD(ret, ",");
		add_user(ret, r->page);
	}
	sqlite3_reset(r->page);
	ADD(ret, "],\"total\":");
	add_int(ret, total);
	ADD(ret, ",\"page\":");
	add_int(ret, page);
	ADD(ret, ",\"per_page\":20,\"pages\":");
	add_int(ret, (total + 19) / 20);
	ADD(ret, "}");
}

/* ---- writing ---- */

static int64_t now_us(void)
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
	sqlite3_bind_int64(statement, 3, now_us());
	int code = sqlite3_step(statement);
	insert->status = code == SQLITE_ROW ? 201 : code == SQLITE_CONSTRAINT ? 409 : 500;
	if (code == SQLITE_ROW)
		add_user(&insert->json, statement);
	sqlite3_reset(statement);
}

static void commit_all(struct store_insert *batch)
{
	run(writer.db, "BEGIN IMMEDIATE");
	for (struct store_insert *insert = batch; insert; insert = insert->next)
		insert_one(insert);
	run(writer.db, "COMMIT");
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

void store_open(const char *path)
{
	store_path = path;
	writer.db = opened(SQLITE_OPEN_READWRITE);
	run(writer.db, "PRAGMA journal_mode = WAL");
	run(writer.db, "PRAGMA synchronous = FULL");
	writer.insert = prepared(writer.db, SQL_INSERT);
	writer.last = &writer.first;
	if (pthread_create(&writer.thread, NULL, write_on, NULL) != 0)
		die(NULL, "starting a thread");
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

void store_seed(int64_t count)
{
	char sql[512];

	snprintf(sql, sizeof(sql),
		 "WITH RECURSIVE n (i) AS (SELECT count(*) + 1 FROM users UNION ALL SELECT i + 1 "
		 "FROM n WHERE i < %lld) "
		 "INSERT INTO users (username, email, full_name, created_at, updated_at) "
		 "SELECT 'user' || i, 'user' || i || '@example.com', 'User ' || i, "
		 "1700000000000000 + i, 1700000000000000 + i "
		 "FROM n WHERE i <= %lld",
		 (long long)count, (long long)count);
	run(writer.db, sql);
}
