/*
 * Finding the full-text indexes of a database: FTS5 tables with a list of rows to do. Holds the
 * names of all they need.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "core/sqlite/rows.h"
#include "state.h"

static const char SQL_INDEXES[] =
	"SELECT v.name FROM pragma_table_list AS v JOIN pragma_table_list AS t "
	"ON t.name = v.name || '_todo' JOIN sqlite_schema AS s ON s.name = v.name "
	"WHERE v.schema = 'main' AND t.schema = 'main' AND v.type = 'virtual' "
	"AND s.sql LIKE '%USING%fts5%' AND v.name NOT GLOB '*[^A-Za-z0-9_]*' ORDER BY v.name";

/* The text with the index's name in place of each @. */
static char *sql_of(const char *name, const char *text)
{
	AUTO(buf) sql = { 0 };
	for (; *text; text++) {
		if (*text == '@')
			buf_add_text(&sql, name);
		else
			buf_add_char(&sql, *text);
	}
	return mem_strdup(buf_text(&sql));
}

static struct fts_index *index_new(const char *name)
{
	struct fts_index *index = mem_new(1, sizeof(*index));
	index->name = mem_strdup(name);
	index->step_rows = FTS_STEP_ROWS_FIRST;
	index->row_bytes = 1;
	index->any = sql_of(name, "SELECT 1 FROM \"@_todo\" LIMIT 1 OFFSET $1");
	index->take = sql_of(name, "SELECT t.id, s.text FROM \"@_todo\" AS t LEFT JOIN "
				   "\"@_source\" AS s ON s.id = t.id ORDER BY t.id LIMIT $1");
	index->put = sql_of(name, "REPLACE INTO \"@\" (rowid, words) VALUES ($1, $2)");
	index->add = sql_of(name, "INSERT INTO \"@\" (rowid, words) VALUES ($1, $2)");
	index->last = sql_of(name, "SELECT coalesce(max(id), 0) FROM \"@_content\"");
	index->drop = sql_of(name, "DELETE FROM \"@\" WHERE rowid = $1");
	index->done = sql_of(name, "DELETE FROM \"@_todo\" WHERE id <= $1");
	index->word = sql_of(name, "INSERT OR IGNORE INTO \"@_words\" (word) VALUES ($1)");
	index->merge = sql_of(name, "INSERT INTO \"@\" (\"@\", rank) VALUES ($1, $2)");
	index->structure = sql_of(name, "SELECT block FROM \"@_data\" WHERE id = 10");
	index->rows = sql_of(name, "SELECT block FROM \"@_data\" WHERE id = 1");
	index->config = sql_of(name, "SELECT v FROM \"@_config\" WHERE k = 'pgsz'");
	index->source_rows = sql_of(name, "SELECT count(*) FROM \"@_source\"");
	index->known = mem_new(FTS_KNOWN, sizeof(*index->known));
	return index;
}

static void index_free(struct fts_index *index)
{
	char *const texts[] = { index->name,      index->any,  index->take,        index->put,
				index->drop,      index->done, index->word,        index->merge,
				index->structure, index->rows, index->source_rows, index->config,
				index->add,       index->last };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		free(texts[i]);
	free(index->known);
	free(index);
}

void fts_indexes_free(struct fts_index *indexes)
{
	while (indexes) {
		struct fts_index *next = indexes->next;
		index_free(indexes);
		indexes = next;
	}
}

enum app_err fts_indexes_find(struct ctx *c, struct fts_index **ret)
{
	SQLITE_ROWS rows = { 0 };
	struct fts_index *indexes = NULL, **end = &indexes;
	bool has_row = false;
	enum app_err err = sqlite_query(c, SQL_INDEXES, BIND(), &rows);
	while (!err && !(err = sqlite_rows_next(&rows, &has_row)) && has_row) {
		*end = index_new(sqlite_column_text(&rows, 0, NULL));
		end = &(*end)->next;
	}
	if (err) {
		fts_indexes_free(indexes);
		return err;
	}
	*ret = indexes;
	return APP_OK;
}
