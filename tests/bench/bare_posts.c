/*
 * The posts of the yardstick: pages with the SQL that croft makes for them, on this thread's own
 * connection, and many rows in one transaction as a program without a server would insert them.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <time.h>

#include "bare.h"

#define COLUMNS "id, title, content, status, author_id, published_at, created_at, updated_at"
#define SELECT "SELECT " COLUMNS " FROM posts WHERE "
#define COUNT "SELECT count(*) FROM posts WHERE "
#define LIVE "deleted_at IS NULL"
#define PUBLISHED LIVE " AND status = 'published'"

/*
 * ?1 is an offset or an id. croft reads a row more than the page has, to know whether another page
 * follows.
 */
static const char *const sql_page[] = {
	[POSTS_BY_NUMBER] = SELECT LIVE " ORDER BY id LIMIT 21 OFFSET ?1",
	[POSTS_PUBLISHED] = SELECT PUBLISHED " ORDER BY id LIMIT 21 OFFSET ?1",
	[POSTS_BY_CURSOR] = SELECT LIVE " AND id > ?1 ORDER BY id LIMIT 21",
	[POSTS_BY_KEY] = SELECT "id > ?1 ORDER BY id LIMIT 20",
};

static const char *const sql_count[] = {
	[POSTS_BY_NUMBER] = COUNT LIVE,
	[POSTS_PUBLISHED] = COUNT PUBLISHED,
	[POSTS_BY_CURSOR] = COUNT LIVE,
	[POSTS_BY_KEY] = COUNT LIVE,
};

enum { KINDS = POSTS_BY_KEY + 1, PER_PAGE = 20 };

static _Thread_local struct {
	sqlite3 *db;
	sqlite3_stmt *page[KINDS], *count[KINDS];
} reader;

static void reader_open(void)
{
	reader.db = store_opened(SQLITE_OPEN_READONLY);
	for (int i = 0; i < KINDS; i++) {
		reader.page[i] = store_prepared(reader.db, sql_page[i]);
		reader.count[i] = store_prepared(reader.db, sql_count[i]);
	}
}

static void add_post(struct text *out, sqlite3_stmt *row)
{
	TEXT_ADD(out, "{" NAME("id"));
	text_int(out, sqlite3_column_int64(row, 0));
	TEXT_ADD(out, "," NAME("title"));
	text_column(out, row, 1);
	TEXT_ADD(out, "," NAME("content"));
	text_column(out, row, 2);
	TEXT_ADD(out, "," NAME("status"));
	text_column(out, row, 3);
	TEXT_ADD(out, "," NAME("author_id"));
	text_int(out, sqlite3_column_int64(row, 4));
	TEXT_ADD(out, "," NAME("published_at"));
	if (sqlite3_column_type(row, 5) == SQLITE_NULL)
		TEXT_ADD(out, "null");
	else
		text_time(out, sqlite3_column_int64(row, 5));
	TEXT_ADD(out, "," NAME("created_at"));
	text_time(out, sqlite3_column_int64(row, 6));
	TEXT_ADD(out, "," NAME("updated_at"));
	text_time(out, sqlite3_column_int64(row, 7));
	TEXT_ADD(out, "}");
}

static void add_total(struct text *out, sqlite3_stmt *count)
{
	TEXT_ADD(out, "," NAME("total"));
	if (sqlite3_step(count) == SQLITE_ROW)
		text_int(out, sqlite3_column_int64(count, 0));
	sqlite3_reset(count);
}

void posts_page(enum posts_kind kind, int64_t from, bool with_total, struct text *ret)
{
	if ((unsigned)kind >= KINDS)
		return;
	if (!reader.db)
		reader_open();
	sqlite3_stmt *page = reader.page[kind];
	bool by_number = kind == POSTS_BY_NUMBER || kind == POSTS_PUBLISHED;
	int rows = 0;
	sqlite3_bind_int64(page, 1, by_number ? (from - 1) * PER_PAGE : from);
	TEXT_ADD(ret, "{" NAME("items") "[");
	while (sqlite3_step(page) == SQLITE_ROW)
		if (rows++ < PER_PAGE) {
			if (rows > 1)
				TEXT_ADD(ret, ",");
			add_post(ret, page);
		}
	sqlite3_reset(page);
	TEXT_ADD(ret, "]");
	if (with_total)
		add_total(ret, reader.count[kind]);
	TEXT_ADD(ret, "," NAME("per_page") "20}");
}

/* ---- many rows ---- */

static int64_t cpu_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

static const char SQL_INSERT[] = "INSERT INTO posts (title, content, status, "
				 "author_id, created_at, updated_at) "
				 "VALUES (?1, ?2, 'draft', 1, ?3, ?3)";

/* As in the bodies that tests/bench/run makes. */
static const char content[] =
	"The quiet machine changes the modern compass. As a rule the early bicycle paints the "
	"simple meadow rarely. On Sundays the wild archive watches the plain window without hurry. "
	"The small market explains the modest station, and the sharp engine follows.";

static void insert_post(sqlite3 *db, sqlite3_stmt *insert, int64_t number)
{
	char title[64];
	int len = snprintf(title, sizeof(title), "Post %lld of many", (long long)number);

	sqlite3_bind_text(insert, 1, title, len, SQLITE_STATIC);
	sqlite3_bind_text(insert, 2, content, sizeof(content) - 1, SQLITE_STATIC);
	sqlite3_bind_int64(insert, 3, store_now());
	if (sqlite3_step(insert) != SQLITE_DONE)
		store_die(db, SQL_INSERT);
	sqlite3_reset(insert);
}

void posts_insert(int64_t count)
{
	sqlite3 *db = store_opened(SQLITE_OPEN_READWRITE);

	store_run(db, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL");
	sqlite3_stmt *insert = store_prepared(db, SQL_INSERT);
	int64_t before = cpu_ns();
	store_run(db, "BEGIN IMMEDIATE");
	for (int64_t i = 1; i <= count; i++)
		insert_post(db, insert, i);
	store_run(db, "COMMIT");
	printf("%lld\n", (long long)(cpu_ns() - before));
	sqlite3_finalize(insert);
	sqlite3_close(db);
}
