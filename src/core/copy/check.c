/*
 * What a table holds as a number: the digests of its rows added up, which is the same whatever
 * order the rows come in and whichever database they come from.
 */
#include <string.h>

#include "base/buf.h"
#include "core/digest.h"
#include "internal.h"

static void add_number(struct buf *out, const void *number)
{
	buf_add(out, number, sizeof(int64_t));
}

static void add_bytes(struct buf *out, const void *bytes, size_t len)
{
	int64_t number = (int64_t)len;
	add_number(out, &number);
	buf_add(out, bytes, len);
}

static void add_json(struct buf *out, const struct db_value *value)
{
	AUTO(buf) form = { 0 };
	copy_json_add(&form, value->bytes, value->len);
	add_bytes(out, form.data, form.len);
}

/* Each value begins with its type, and bytes with their length: no two rows have one form. */
static void add_value(struct buf *out, const struct db_value *value)
{
	buf_add_char(out, (char)('0' + value->type));
	switch (value->type) {
	case DB_NULL: break;
	case DB_BOOL:
	case DB_DATE:
	case DB_INT: add_number(out, &value->integer); break;
	case DB_REAL: add_number(out, &value->real); break;
	case DB_JSON: add_json(out, value); break;
	case DB_TEXT:
	case DB_BLOB: add_bytes(out, value->bytes, value->len);
	}
}

static void row_add(const struct db_value *row, const struct copy_table *table, struct buf *form,
		    struct copy_sum *sum)
{
	unsigned char digest[DIGEST_BYTES];
	uint64_t lanes[COUNT_OF(sum->lanes)];
	buf_clear(form);
	for (size_t i = 0; i < table->column_count; i++)
		add_value(form, &row[i]);
	digest_bytes(form->data, form->len, digest);
	memcpy(lanes, digest, sizeof(lanes));
	for (size_t i = 0; i < COUNT_OF(lanes); i++)
		sum->lanes[i] += lanes[i];
	sum->rows++;
}

enum app_err copy_sum(struct copy_side *side, const struct copy_table *table,
		      const struct copy_progress *progress, struct copy_sum *ret)
{
	AUTO(buf) form = { 0 };
	struct copy_sum sum = { 0 };
	struct copy_reader reader;
	int64_t total = 0;
	enum app_err err = copy_count(side, table, &total);
	copy_reader_init(&reader, side, table);
	while (!err && !(err = copy_reader_next(&reader)) && reader.rows) {
		for (size_t i = 0; i < reader.rows; i++)
			row_add(copy_reader_row(&reader, i), table, &form, &sum);
		progress->tell(progress->arg, sum.rows, total);
	}
	copy_reader_done(&reader);
	if (!err)
		*ret = sum;
	return err;
}

bool copy_sum_eq(const struct copy_sum *a, const struct copy_sum *b)
{
	return a->rows == b->rows && !memcmp(a->lanes, b->lanes, sizeof(a->lanes));
}
