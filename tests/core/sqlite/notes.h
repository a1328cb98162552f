/* A table of notes with a full-text index, for the tests of what the writer does at it. */
#ifndef CROFT_TESTS_CORE_SQLITE_NOTES_H
#define CROFT_TESTS_CORE_SQLITE_NOTES_H

#include "core/db/store.h"

#include "base/budget.h"
#include "core/model.h"
#include "core/schema.h"

struct note {
	int64_t id;
	const char *text;
};
SCHEMA(note,
	FIELD(struct note, id, .sort = true),
	FIELD(struct note, text, .search = true));

static const struct model note_model = {
	.name = "note", .table = "notes", .row = &note_schema, .fts_table = "notes_fts"
};

static const char SQL_NOTES[] =
	"CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;"
	"CREATE VIRTUAL TABLE notes_fts USING fts5 (words, tokenize = 'ascii', detail = 'none',"
	" columnsize = 0, prefix = '1 2 3');"
	"CREATE TABLE notes_fts_words (word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
	"CREATE TABLE notes_fts_todo (id INTEGER PRIMARY KEY) STRICT;"
	"CREATE VIEW notes_fts_source AS SELECT id, text FROM notes;"
	"CREATE TRIGGER notes_fts_insert AFTER INSERT ON notes BEGIN"
	" INSERT INTO notes_fts_todo (id) VALUES (new.id) ON CONFLICT DO NOTHING; END;"
	"CREATE TRIGGER notes_fts_delete AFTER DELETE ON notes BEGIN"
	" INSERT INTO notes_fts_todo (id) VALUES (old.id) ON CONFLICT DO NOTHING; END;"
	"CREATE TRIGGER notes_fts_update AFTER UPDATE OF id, text ON notes BEGIN"
	" INSERT INTO notes_fts_todo (id) VALUES (old.id), (new.id) ON CONFLICT DO NOTHING; END";

static struct store store;

static inline int notes_open(void **state)
{
	(void)state;
	store_open(&store);
	store_do(&store, SQL_NOTES);
	return 0;
}

static inline int notes_close(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

struct total {
	int64_t n;
};
SCHEMA(total, FIELD(struct total, n));

/* How many rows q finds, counted anew; -1: it cannot be told now. */
static inline int64_t found(const char *q)
{
	static const struct model_aggregate count[] = { { MODEL_COUNT, .as = "n" }, { 0 } };
	struct list_query query;
	struct total total = { 0 };
	ctx_recover(&store.scene.c);
	list_query_init(&query, &note_schema);
	query.q = q;
	const struct model_aggregation what = {
		.model = &note_model, .query = &query, .aggregates = count, .out = &total_schema
	};
	return model_aggregate(&store.scene.c, &what, &total) ? -1 : total.n;
}

/* Whether it is known before the first row that the search is for another thread. */
static inline bool spends_its_budget(const char *q)
{
	struct budget budget;
	budget_begin(&budget, &clock_system, SECONDS_US(600));
	store.scene.c.budget = &budget;
	(void)found(q);
	store.scene.c.budget = NULL;
	return budget.is_over;
}

static inline int64_t todo(void)
{
	return store_int_soon(&store, "SELECT count(*) FROM notes_fts_todo");
}

static inline void note_add(int i, const char *word)
{
	store_do(&store, arena_printf(&store.scene.arena,
				      "INSERT INTO notes (text) VALUES ('%s number%d')", word, i));
}

#endif
