/*
 * Full-text indexes of a PostgreSQL database: columns of type tsvector with a list of rows beside
 * them, <table>_<column>_todo, and a view that tells their text, <table>_<column>_source. Here the
 * words of listed rows are made by croft. Rows are locked before they are read, so that whoever
 * changes one at the same moment comes before or after.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/app.h"
#include "core/text.h"
#include "internal.h"

enum { STEP_ROWS = 250, NAME_ROOM = 80 };

static const char SQL_INDEXES[] =
	"SELECT t.relname::text, a.attname::text FROM pg_attribute AS a "
	"JOIN pg_class AS t ON t.oid = a.attrelid "
	"JOIN pg_class AS l ON l.relnamespace = t.relnamespace AND l.relkind = 'r' "
	"AND l.relname = t.relname || '_' || a.attname || '_todo' "
	"WHERE a.atttypid = 'tsvector'::regtype AND t.relkind = 'r' AND a.attgenerated = '' "
	"AND t.relnamespace = current_schema()::regnamespace "
	"AND t.relname ~ '^[A-Za-z0-9_]+$' AND a.attname ~ '^[A-Za-z0-9_]+$' ORDER BY 1, 2";

struct index {
	char table[NAME_ROOM], column[NAME_ROOM];
};

struct indexes {
	struct index *at;
	size_t count;
};

static enum app_err indexes_find(struct ctx *c, struct indexes *ret)
{
	AUTO(db_rows) rows = { 0 };
	struct indexes found = { 0 };
	bool has_row = false;
	enum app_err err = db_query(c, SQL_INDEXES, BIND(), &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row) {
		found.at = arena_grow(c->arena, found.at, found.count * sizeof(*found.at),
				      (found.count + 1) * sizeof(*found.at));
		struct index *index = &found.at[found.count++];
		snprintf(index->table, NAME_ROOM, "%s", db_column_text(&rows, 0, NULL));
		snprintf(index->column, NAME_ROOM, "%s", db_column_text(&rows, 1, NULL));
	}
	if (!err)
		*ret = found;
	return err;
}

/* ---- the indexes that are known ---- */

struct postgres_search {
	pthread_mutex_t lock; /* guards the next two */
	bool known;
	struct indexes indexes; /* on the heap */
};

static struct postgres_search *search_of(const struct ctx *c)
{
	return ((struct postgres *)c->app->db->state)->search;
}

void postgres_search_open(struct postgres *p)
{
	p->search = mem_new(1, sizeof(*p->search));
	pthread_mutex_init(&p->search->lock, NULL);
}

void postgres_search_close(struct postgres *p)
{
	pthread_mutex_destroy(&p->search->lock);
	free(p->search->indexes.at);
	free(p->search);
}

static void indexes_keep(struct ctx *c, const struct indexes *found)
{
	struct postgres_search *search = search_of(c);
	struct indexes kept = { mem_new(found->count + 1, sizeof(*kept.at)), found->count };
	if (found->count)
		memcpy(kept.at, found->at, found->count * sizeof(*kept.at));
	pthread_mutex_lock(&search->lock);
	free(search->indexes.at);
	search->indexes = kept;
	search->known = true;
	pthread_mutex_unlock(&search->lock);
}

static void indexes_forget(struct ctx *c)
{
	struct postgres_search *search = search_of(c);
	pthread_mutex_lock(&search->lock);
	search->known = false;
	pthread_mutex_unlock(&search->lock);
}

/* In the arena. False when none are known. */
static bool indexes_recall(struct ctx *c, struct indexes *ret)
{
	struct postgres_search *search = search_of(c);
	pthread_mutex_lock(&search->lock);
	bool known = search->known;
	if (known) {
		size_t size = search->indexes.count * sizeof(*ret->at);
		ret->count = search->indexes.count;
		ret->at = arena_raw(c->arena, size + 1);
		memcpy(ret->at, search->indexes.at, size);
	}
	pthread_mutex_unlock(&search->lock);
	return known;
}

static enum app_err indexes_get(struct ctx *c, struct indexes *ret)
{
	return indexes_recall(c, ret) ? APP_OK : indexes_find(c, ret);
}

/* ---- a look ---- */

static enum app_err lists_look(struct ctx *c, const struct indexes *indexes, bool *ret_due)
{
	struct buf sql;
	int64_t due = 0;
	*ret_due = false;
	if (!indexes->count)
		return APP_OK;
	buf_init(&sql, c->arena);
	for (size_t i = 0; i < indexes->count; i++)
		buf_printf(&sql, "%sEXISTS (SELECT FROM %s_%s_todo)", i ? " OR " : "SELECT ",
			   indexes->at[i].table, indexes->at[i].column);
	enum app_err err = db_query_int(c, buf_text(&sql), BIND(), &due);
	*ret_due = due != 0;
	return err;
}

static enum app_err look_anew(struct ctx *c, bool *ret_due)
{
	struct indexes indexes;
	enum app_err err = indexes_find(c, &indexes);
	if (err)
		return err;
	err = lists_look(c, &indexes, ret_due);
	if (!err)
		indexes_keep(c, &indexes);
	return err;
}

/* A list that cannot be read may be gone, with its index. */
enum app_err postgres_search_look(struct ctx *c, bool anew, bool *ret_due)
{
	struct indexes indexes;
	/* a replica may lag behind */
	c->reads_primary = true;
	if (!anew && indexes_recall(c, &indexes) && !lists_look(c, &indexes, ret_due))
		return APP_OK;
	ctx_recover(c);
	indexes_forget(c);
	return look_anew(c, ret_due);
}

/* ---- one step ---- */

struct row {
	int64_t id;
	const char *text;
	size_t len;
};

struct step {
	struct row rows[STEP_ROWS];
	size_t count;
};

/*
 * Ids of the list that no other process is at. They stay there until the end, so that nobody waits
 * to put one on it.
 */
static enum app_err ids_take(struct ctx *c, const struct index *index, struct step *step)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	const char *sql = arena_printf(
		c->arena, "SELECT id FROM %s_%s_todo ORDER BY id LIMIT %d FOR UPDATE SKIP LOCKED",
		index->table, index->column, STEP_ROWS);
	enum app_err err = db_query(c, sql, BIND(), &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row && step->count < STEP_ROWS)
		step->rows[step->count++].id = db_column_int(&rows, 0);
	return err;
}

static enum app_err text_read(struct ctx *c, const char *sql, struct row *row, bool *ret_there)
{
	AUTO(db_rows) rows = { 0 };
	enum app_err err = db_query_first(c, sql, BIND(row->id), &rows, ret_there);
	const char *text = !err && *ret_there ? db_column_text(&rows, 0, &row->len) : NULL;
	row->text = text ? arena_strndup(c->arena, text, row->len) : NULL;
	return err;
}

/*
 * The text of the row, which is locked from here on; none when it is gone. A row that is just being
 * changed is left for the next time: *ret_held. To wait for it might be for ever.
 */
static enum app_err row_read(struct ctx *c, const struct index *index, struct row *row,
			     bool *ret_held)
{
	bool locked = false, there = false;
	const char *lock = arena_printf(
		c->arena, "SELECT '' FROM %s WHERE id = $1 FOR UPDATE SKIP LOCKED", index->table);
	const char *read = arena_printf(c->arena, "SELECT text FROM %s_%s_source WHERE id = $1",
					index->table, index->column);
	enum app_err err = text_read(c, lock, row, &locked);
	if (!err)
		err = text_read(c, read, row, &there);
	*ret_held = there && !locked;
	return err;
}

static enum app_err words_set(struct ctx *c, const struct index *index, const struct row *row)
{
	const char *sql = arena_printf(
		c->arena,
		"UPDATE %s SET %s = CAST(CAST($1 AS text) AS tsvector) WHERE id = $2 AND "
		"%s IS DISTINCT FROM CAST(CAST($1 AS text) AS tsvector)",
		index->table, index->column, index->column);
	const char *words = text_words_quoted(c->arena, row->text, row->len);
	return db_exec(c, sql, BIND(words, row->id), NULL);
}

static enum app_err row_index(struct ctx *c, const struct index *index, struct row *row,
			      int64_t *done)
{
	bool held;
	enum app_err err = row_read(c, index, row, &held);
	if (err || held)
		return err;
	if (row->text)
		err = words_set(c, index, row);
	if (err)
		return err;
	++*done;
	const char *sql = arena_printf(c->arena, "DELETE FROM %s_%s_todo WHERE id = $1",
				       index->table, index->column);
	return db_exec(c, sql, BIND(row->id), NULL);
}

static enum app_err index_step(struct ctx *c, const struct index *index, int64_t *ret_rows)
{
	struct step *step = arena_zero(c->arena, sizeof(*step));
	enum app_err err = ids_take(c, index, step);
	for (size_t i = 0; !err && i < step->count; i++)
		err = row_index(c, index, &step->rows[i], ret_rows);
	return err;
}

enum app_err postgres_search_step(struct ctx *c, int64_t *ret_rows)
{
	struct indexes indexes;
	enum app_err err = indexes_get(c, &indexes);
	*ret_rows = 0;
	for (size_t i = 0; !err && i < indexes.count; i++)
		err = index_step(c, &indexes.at[i], ret_rows);
	if (err)
		indexes_forget(c);
	return err;
}

enum app_err postgres_search_renew(struct ctx *c)
{
	struct indexes indexes;
	enum app_err err = indexes_find(c, &indexes);
	for (size_t i = 0; !err && i < indexes.count; i++) {
		const struct index *index = &indexes.at[i];
		const char *sql = arena_printf(
			c->arena,
			"INSERT INTO %s_%s_todo (id) SELECT id FROM %s ON CONFLICT DO NOTHING",
			index->table, index->column, index->table);
		err = db_exec(c, sql, BIND(), NULL);
	}
	return err;
}
