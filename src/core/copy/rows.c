/*
 * Copying one table in pieces, each a write of its own. Where to go on after a stop is what the
 * target itself holds. Also the ids that the target hands out next.
 */
#include "core/inserter.h"
#include "internal.h"

struct piece_write {
	const struct copy_reader *reader;
	struct inserter inserter;
};

static enum app_err piece_write(struct ctx *c, void *arg)
{
	(void)c;
	struct piece_write *p = arg;
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < p->reader->rows; i++)
		err = inserter_add(&p->inserter, copy_reader_row(p->reader, i));
	return err ? err : inserter_flush(&p->inserter);
}

/* Lets the reader begin after the highest key that the target holds already. */
static enum app_err resume(struct copy_side *to, struct copy_reader *reader)
{
	AUTO(db_rows) rows = { 0 };
	struct arena *arena = to->c.arena;
	const struct copy_table *table = reader->table;
	bool has_row;
	const char *sql = arena_printf(
		arena, "SELECT %s FROM %s ORDER BY %s LIMIT 1", copy_column_list(arena, table),
		copy_quoted(arena, table->name), copy_key_list(to, table, " DESC"));
	enum app_err err = db_query_first(&to->c, sql, BIND(), &rows, &has_row);
	if (err || !has_row)
		return err;
	struct db_value *row = arena_zero(arena, table->column_count * sizeof(*row));
	for (size_t i = 0; i < table->column_count; i++)
		row[i] = copy_value(&rows, (int)i, &table->columns[i]);
	copy_reader_after(reader, row);
	return APP_OK;
}

static enum app_err pieces_copy(struct copy_side *from, struct copy_side *to,
				struct copy_reader *reader, const struct copy_progress *progress)
{
	const struct copy_table *table = reader->table;
	struct piece_write write = { .reader = reader };
	int64_t done = 0, total = 0;
	inserter_init(&write.inserter, &to->c,
		      arena_printf(to->c.arena, "INSERT INTO %s (%s) %sVALUES",
				   copy_quoted(to->c.arena, table->name),
				   copy_column_list(to->c.arena, table),
				   db_dialect(&to->c)->gives_ids),
		      table->column_count);
	enum app_err err = copy_count(from, table, &total);
	if (!err)
		err = copy_count(to, table, &done);
	if (!err)
		err = resume(to, reader);
	while (!err && !(err = copy_reader_next(reader)) && reader->rows) {
		err = db_write_slow(&to->c, piece_write, &write);
		if (err == APP_CONFLICT || err == APP_INTERNAL || err == APP_INVALID)
			err = copy_misfit(to, reader, &write.inserter, err);
		done += (int64_t)reader->rows;
		progress->tell(progress->arg, done, total);
	}
	return err;
}

enum app_err copy_rows(struct copy_side *from, struct copy_side *to, const struct copy_table *table,
		       const struct copy_progress *progress)
{
	struct copy_reader reader;
	copy_reader_init(&reader, from, table);
	enum app_err err = pieces_copy(from, to, &reader, progress);
	copy_reader_done(&reader);
	return err;
}

/* ---- numbering ---- */

struct numbering {
	const char *table, *column;
	int64_t last;
};

static enum app_err numbering_write(struct ctx *c, void *arg)
{
	const struct numbering *n = arg;
	return db_dialect(c)->last_id_set(c, n->table, n->column, n->last);
}

enum app_err copy_numbering(struct copy_side *from, struct copy_side *to,
			    const struct copy_table *table)
{
	if (table->key_count != 1 || table->keys[0]->type != DB_INT)
		return APP_OK;
	struct numbering n = { .table = table->name, .column = table->keys[0]->name };
	enum app_err err = db_dialect(&from->c)->last_id(&from->c, n.table, n.column, &n.last);
	if (err || n.last < 1)
		return err;
	return db_write_slow(&to->c, numbering_write, &n);
}
