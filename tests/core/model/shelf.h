/*
 * A small library that the tests of core/model share: authors, books (softly deleted, timestamps, nullable columns),
 * tags of books. On a real file; a clock that only moves when told; statements of reading connections are counted.
 */
#ifndef CROFT_TESTS_MODEL_SHELF_H
#define CROFT_TESTS_MODEL_SHELF_H

#include "core/db/store.h"

#include <stdio.h>

#include "core/model.h"
#include "core/security.h"

#include "../../../src/core/db/sqlite.h"

#define SQL_SHELF \
	"CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL, team_id INTEGER) " \
	"STRICT;" \
	"CREATE TABLE teams (id INTEGER PRIMARY KEY, title TEXT NOT NULL) STRICT;" \
	"CREATE TABLE books (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL," \
	" author_id INTEGER REFERENCES authors (id), rank INTEGER, price REAL NOT NULL DEFAULT " \
	"1.5," \
	" sold INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, updated_at INTEGER NOT " \
	"NULL," \
	" deleted_at INTEGER," \
	" CONSTRAINT books_rank_check CHECK (rank <> 13)) STRICT;" \
	"CREATE UNIQUE INDEX books_title_key ON books (lower(title)) WHERE deleted_at IS NULL;" \
	"CREATE INDEX books_created_idx ON books (created_at) WHERE deleted_at IS NULL;" \
	"CREATE TABLE tags (id INTEGER PRIMARY KEY, label TEXT NOT NULL) STRICT;" \
	"CREATE TABLE book_tags (book_id INTEGER NOT NULL, tag_id INTEGER NOT NULL," \
	" PRIMARY KEY (book_id, tag_id)) STRICT, WITHOUT ROWID;" \
	"CREATE VIRTUAL TABLE books_fts USING fts5(title, content='', tokenize='unicode61');"

struct team {
	int64_t id;
	const char *title;
};

struct tag {
	int64_t id;
	const char *label;
};

struct author {
	int64_t id;
	const char *name;
	struct maybe_int team_id;
	struct team *team;
	struct list books;
};

struct book {
	int64_t id;
	const char *title;
	struct maybe_int author_id;
	struct maybe_int rank;
	double price;
	bool sold;
	struct instant created_at, updated_at;
	struct author *author;
	struct list tags;
	const char *shown; /* made up by the module */
};

struct book_input {
	int64_t ignored; /* comes from the path */
	const char *title;
	struct maybe_int author_id, rank;
	struct maybe_real price;
	struct maybe_bool sold;
	struct list lines;
};

extern const struct model team_model, tag_model, author_model, book_model;
extern const struct schema book_schema, author_schema;

static const struct relation author_team = { .kind = BELONGS_TO,
					     .model = &team_model,
					     .key = "team_id" };
static const struct relation author_books = { .kind = HAS_MANY,
					      .model = &book_model,
					      .key = "author_id",
					      .condition = "price < 100",
					      .most = 3 };
static const struct relation book_author = { .kind = BELONGS_TO,
					     .model = &author_model,
					     .key = "author_id" };
static const struct relation book_tags = { .kind = MANY_TO_MANY,
					   .model = &tag_model,
					   .through = "book_tags",
					   .through_ours = "book_id",
					   .through_theirs = "tag_id",
					   .most = 2 };

SCHEMA(team, FIELD(struct team, id), FIELD(struct team, title));
SCHEMA(tag, FIELD(struct tag, id), FIELD(struct tag, label));
SCHEMA(author, FIELD(struct author, id), FIELD(struct author, name, .sort = true),
       FIELD(struct author, team_id),
       FIELD(struct author, team, .object = &team_schema, .relation = &author_team),
       FIELD(struct author, books, .object = &book_schema, .relation = &author_books));
SCHEMA(book, FIELD(struct book, id, .sort = true), FIELD(struct book, title, .search = true),
       FIELD(struct book, author_id), FIELD(struct book, rank), FIELD(struct book, price),
       FIELD(struct book, sold), FIELD(struct book, created_at), FIELD(struct book, updated_at),
       FIELD(struct book, author, .object = &author_schema, .relation = &book_author),
       FIELD(struct book, tags, .object = &tag_schema, .relation = &book_tags),
       FIELD(struct book, shown, .nullable = true, .not_column = true));
SCHEMA(book_input, FIELD(struct book_input, ignored, .in = IN_PATH),
       FIELD(struct book_input, title), FIELD(struct book_input, author_id),
       FIELD(struct book_input, rank), FIELD(struct book_input, price),
       FIELD(struct book_input, sold, .in = NOT_INPUT),
       FIELD(struct book_input, lines, .item_type = FIELD_TEXT));

const struct model team_model = { .name = "team", .table = "teams", .row = &team_schema };
const struct model tag_model = { .name = "tag", .table = "tags", .row = &tag_schema };
const struct model author_model = { .name = "author", .table = "authors", .row = &author_schema };
const struct model book_model = { .name = "book",
				  .table = "books",
				  .row = &book_schema,
				  .soft_delete = true,
				  .timestamps = true };

static struct store store;
static struct ctx *c = &store.scene.c;
static int64_t now_is = 1700000000000000;

static struct instant shelf_now(const struct clock *clock)
{
	(void)clock;
	return (struct instant){ now_is };
}

static int64_t shelf_monotonic(const struct clock *clock)
{
	(void)clock;
	return clock_system.monotonic_us(&clock_system);
}

static const struct clock shelf_clock = { .now = shelf_now, .monotonic_us = shelf_monotonic };

static const struct security_options shelf_secret = {
	.secret = "CANARY-secret-of-the-tests-0123456789",
	.issuer = "croft",
	.hash_memory_kib = 8,
	.hash_passes = 1,
	.hash_running = 1,
	.hash_waiting = 1,
};

static inline int shelf_open(void **state)
{
	(void)state;
	store_open(&store);
	c->clock = &shelf_clock;
	must(security_new(c, &shelf_secret, &store.scene.app.security));
	store_do(&store, SQL_SHELF);
	return 0;
}

static inline int shelf_close(void **state)
{
	(void)state;
	security_drop(store.scene.app.security);
	store_close(&store);
	return 0;
}

#define CASE(sentence, fn) \
	{ \
		sentence, fn, shelf_open, shelf_close, NULL \
	}
#define CASE_OF(sentence, fn, type, ...) \
	{ \
		sentence, fn, shelf_open, shelf_close, (&(struct type){ __VA_ARGS__ }) \
	}

/* ---- counting the statements of this thread's reader ---- */

static int statements;

static int on_statement(unsigned what, void *arg, void *stmt, void *text)
{
	(void)what, (void)arg, (void)stmt, (void)text;
	statements++;
	return 0;
}

static inline void statements_count(void)
{
	struct sqlite *s = *(struct sqlite **)(void *)((char *)store.db +
						       offsetof(struct db, state));
	struct sqlite_conn *conn;
	must(sqlite_reader(c, s, &conn));
	sqlite3_trace_v2(conn->handle, SQLITE_TRACE_STMT, on_statement, NULL);
	statements = 0;
}

/* ---- writes ---- */

/* One call inside a write. */
struct act {
	enum { INSERT, UPDATE, DELETE, RESTORE } what;
	int64_t id;
	struct book_input in;
	struct model_match match;
	struct book out;
};

static inline enum app_err act_run(struct ctx *ctx, void *arg)
{
	struct act *act = arg;
	switch (act->what) {
	case INSERT: return model_insert(ctx, &book_model, &book_input_schema, &act->in, &act->out);
	case UPDATE:
		return model_update(ctx, &book_model, act->id, &book_input_schema, &act->in,
				    &act->match, &act->out);
	case DELETE: return model_delete(ctx, &book_model, act->id, &act->match);
	case RESTORE: return model_restore(ctx, &book_model, act->id, &act->out);
	}
	return APP_INTERNAL;
}

static inline enum app_err act_try(struct act *act)
{
	app_recover(c);
	return db_write(c, act_run, act);
}

static inline struct book book_add(const char *title)
{
	struct act act = { .what = INSERT, .in.title = title };
	must(act_try(&act));
	return act.out;
}

#endif
