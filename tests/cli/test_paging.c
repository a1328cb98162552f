/*
 * What a page of posts costs in SQLite, whatever it is sorted by: `croft db explain` tells the
 * statement and its plan, and SQLite itself how many steps it takes for the first page and for one
 * deep in the list.
 */
#include "cli/database.h"
#include "testing/json.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { DEEP = 2400, PER_PAGE = 20, SQL_ROOM = 1024 };

struct sorting {
	const char *sort;
	const char *sql_key; /* the values that the page goes on after, in the order of the list */
};

static void explain(struct program *p, const char *sort, const char *cursor)
{
	char json[1024];
	snprintf(json, sizeof(json), "{'sort':'%s','with_total':false,'per_page':%d%s%s%s}", sort,
		 PER_PAGE, cursor ? ",'cursor':'" : "", cursor ? cursor : "", cursor ? "'" : "");
	program(p, "db", "explain", "posts.list", json);
	program_assert_code(p, 0);
	text_assert_lacks(p->out, "TEMP B-TREE");
}

static void take_cursor(struct program *p, const char *sort, char cursor[SQL_ROOM])
{
	char json[256];
	snprintf(json, sizeof(json), "{'sort':'%s','per_page':%d}", sort, PER_PAGE);
	program(p, "run", "posts.list", json);
	program_assert_code(p, 0);
	json_text(p->out, "next_cursor", cursor, SQL_ROOM);
	assert_string_not_equal(cursor, "");
}

static void take_sql(const struct program *p, char sql[SQL_ROOM])
{
	const char *at = strstr(p->out, "SELECT ");
	assert_non_null(at);
	snprintf(sql, SQL_ROOM, "%.*s", (int)strcspn(at, "\n"), at);
}

static sqlite3_stmt *prepared(sqlite3 *file, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(file, sql, -1, &stmt, NULL))
		fail_msg("%s: %s", sql, sqlite3_errmsg(file));
	return stmt;
}

/* Steps of SQLite's machine for the page that goes on after the row at `offset`. */
static int steps(sqlite3 *file, const char *sql, const struct sorting *sorting, int offset)
{
	char key[SQL_ROOM];
	snprintf(key, sizeof(key), sorting->sql_key, offset);
	sqlite3_stmt *after = prepared(file, key), *page = prepared(file, sql);
	assert_int_equal(sqlite3_step(after), SQLITE_ROW);
	int keys = sqlite3_column_count(after), got = 0;
	for (int i = 0; i < keys; i++)
		sqlite3_bind_value(page, i + 1, sqlite3_column_value(after, i));
	assert_int_equal(sqlite3_bind_int(page, keys + 1, PER_PAGE), SQLITE_OK);
	while (sqlite3_step(page) == SQLITE_ROW)
		got++;
	assert_int_equal(got, PER_PAGE);
	int count = sqlite3_stmt_status(page, SQLITE_STMTSTATUS_VM_STEP, 0);
	sqlite3_finalize(after);
	sqlite3_finalize(page);
	return count;
}

static void a_deep_page_costs_what_the_first_does(void **state)
{
	const struct sorting *sorting = *state;
	struct program p;
	char cursor[SQL_ROOM], sql[SQL_ROOM], path[128];
	sqlite3 *file;
	seeded_open(&p);
	explain(&p, sorting->sort, NULL);
	take_cursor(&p, sorting->sort, cursor);
	explain(&p, sorting->sort, cursor);
	text_assert_has(p.out, "SEARCH posts USING");
	take_sql(&p, sql);
	snprintf(path, sizeof(path), "%s/data/croft.db", p.folder);
	assert_int_equal(sqlite3_open(path, &file), SQLITE_OK);
	int first = steps(file, sql, sorting, 0), deep = steps(file, sql, sorting, DEEP);
	if (deep > first + first / 10)
		fail_msg("%d steps deep in the list, %d at its beginning: %s", deep, first, sql);
	assert_true(first < 100 * PER_PAGE);
	sqlite3_close(file);
	program_close(&p);
}

#define KEY(columns, order) \
	"SELECT " columns " FROM posts WHERE deleted_at IS NULL ORDER BY " order \
	" LIMIT 1 OFFSET %d"
#define SORTING(sort, columns, order) \
	ROW_OF("a deep page by cursor costs what the first does: sort=" sort, \
	       a_deep_page_costs_what_the_first_does, \
	       (&(struct sorting){ sort, KEY(columns, order) }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		SORTING("id", "id", "id"),
		SORTING("-id", "id", "id DESC"),
		SORTING("title", "title, id", "title, id"),
		SORTING("-title", "title, id", "title DESC, id DESC"),
		SORTING("created_at", "created_at, id", "created_at, id"),
		SORTING("-created_at", "created_at, id", "created_at DESC, id DESC"),
		SORTING("updated_at", "updated_at, id", "updated_at, id"),
		SORTING("-updated_at", "updated_at, id", "updated_at DESC, id DESC"),
	};
	return rows_run("cli/paging", rows, COUNT_OF(rows));
}
