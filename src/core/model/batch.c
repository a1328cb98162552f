/*
 * The statements of a batch: which rows one takes together, its SQL, and the ids that it gives.
 * What happens when one fails is insert_many.c's.
 */
#include "batch.h"

#include <stdlib.h>

#include "base/str.h"
#include "internal.h"

enum {
	ROWS_MOST = 64,   /* of one statement */
	BINDS_MOST = 960, /* of one statement; longer ones win nothing */
};

static const void *item_at(const struct batch *b, size_t i)
{
	return (const char *)b->in->items + i * b->schema->size;
}

/* Whether a row may lack a column of the others. */
static bool may_lack(const struct batch *b, const struct field *field)
{
	const struct field *row = schema_field(b->model->row, field->name);
	return db_dialect(b->c)->has_default && !(row && row->search) &&
	       !str_eq(field->name, "id") && !str_eq(field->name, "created_at") &&
	       !str_eq(field->name, "updated_at");
}

static bool fit_together(const struct batch *b, const void *one, const void *other)
{
	for (size_t i = 0; i < b->schema->count; i++) {
		const struct field *field = &b->schema->fields[i];
		if (insert_has(b->model, field, one) != insert_has(b->model, field, other) &&
		    !may_lack(b, field))
			return false;
	}
	return true;
}

/* Values of a row at most. */
static size_t columns_most(const struct batch *b)
{
	size_t columns = 3;
	for (size_t i = 0; i < b->schema->count; i++)
		columns += fold_written(b->model, &b->schema->fields[i]) ? 2 : 1;
	return columns;
}

/* A power of two, so that there are few statements to prepare. */
size_t batch_chunk_size(const struct batch *b)
{
	size_t most = ROWS_MOST, fit = 1, columns = columns_most(b);
	const void *first = item_at(b, b->done);
	while (most > 1 && most * columns > BINDS_MOST)
		most /= 2;
	while (fit < most && b->done + fit < b->in->count &&
	       fit_together(b, first, item_at(b, b->done + fit)))
		fit++;
	size_t size = 1;
	while (size * 2 <= fit)
		size *= 2;
	return size;
}

static void chunk_sql(struct sql *sql, const struct batch *b, size_t size)
{
	const struct insert_rows rows = { b->model, b->schema, item_at(b, b->done), size };
	sql_init(sql, b->c, NULL);
	insert_start(sql, &rows);
	for (size_t i = 0; i < size; i++) {
		if (i)
			sql_add(sql, "), (");
		insert_values(sql, &rows, i);
	}
	sql_add(sql, ")");
}

static int ids_compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static enum app_err ids_read(struct db_rows *rows, int64_t *ids, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		bool has_row = false;
		enum app_err err = db_rows_next(rows, &has_row);
		if (err)
			return err;
		if (!has_row)
			return ctx_fail_cause(rows->c, APP_INTERNAL,
					      "%zu rows were inserted and fewer returned", size);
		ids[i] = db_column_int(rows, 0);
	}
	return APP_OK;
}

/* Ids are drawn in the order of the rows, but nothing promises that they are returned in it. */
static enum app_err chunk_run_ids(const struct batch *b, struct sql *sql, size_t size)
{
	AUTO(db_rows) rows = { 0 };
	int64_t *ids = b->ids + b->done;
	sql_add(sql, " RETURNING id");
	enum app_err err = db_query(b->c, buf_text(&sql->text), sql_binds(sql), &rows);
	if (!err)
		err = ids_read(&rows, ids, size);
	const struct field *id = schema_field(b->schema, "id");
	if (!err && !(id && field_is_written(id)))
		qsort(ids, size, sizeof(*ids), ids_compare);
	return err;
}

static enum app_err chunk_check(const struct batch *b, size_t size)
{
	struct fold_fault fault = { NULL, NULL };
	enum app_err err = APP_OK;
	for (size_t i = 0; i < size && !err && !fault.what; i++)
		err = fold_check(b->c, b->model, b->schema, item_at(b, b->done + i), &fault);
	if (!err && fault.what)
		return ctx_fail(b->c, APP_INVALID, "%s %s", fault.field, fault.what);
	return err;
}

enum app_err batch_chunk_run(const struct batch *b, size_t size)
{
	struct sql sql;
	enum app_err err = chunk_check(b, size);
	if (err)
		return err;
	chunk_sql(&sql, b, size);
	if (b->ids)
		return chunk_run_ids(b, &sql, size);
	return db_exec(b->c, buf_text(&sql.text), sql_binds(&sql), NULL);
}
