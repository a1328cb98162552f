/*
 * How many rows a list has. A count is remembered until the table changes, where the database can
 * tell when that is.
 */
#include <string.h>

#include "internal.h"

/* A condition that reads other tables may mean other rows although this one has not changed. */
static bool reads_other_tables(const struct model_where *where)
{
	return where && ((where->sql && strcasestr(where->sql, "select")) ||
			 (where->or_else && strcasestr(where->or_else, "select")));
}

/* The statement and its values, so that no two counts have the same. */
static void key_bytes(struct sql *sql, struct buf *ret_bytes)
{
	buf_init(ret_bytes, sql->c->arena);
	buf_add(ret_bytes, sql->text.data, sql->text.len);
	for (size_t i = 0; i < sql->count; i++) {
		const struct db_value *value = &sql->values[i];
		bool is_bytes = db_value_has_bytes(value);
		buf_add_char(ret_bytes, (char)value->type);
		/* A number's bits, or how long the text is that follows. */
		buf_add(ret_bytes, is_bytes ? (const void *)&value->len : &value->integer,
			sizeof(int64_t));
		if (is_bytes)
			buf_add(ret_bytes, value->bytes, value->len);
	}
}

/*
 * The version first: a change in between makes the number one of an older version, never of a
 * newer.
 */
static enum app_err remembered_count(struct ctx *c, const struct model *model, struct sql *sql,
				     int64_t *ret)
{
	struct db_memory_key key;
	if (!db_table_version(c, model->table, &key.version))
		return model_int(c, buf_text(&sql->text), sql_binds(sql), ret);
	struct buf bytes;
	key_bytes(sql, &bytes);
	key.bytes = bytes.data;
	key.len = bytes.len;
	key.sql = buf_text(&sql->text);
	key.table = model->table;
	key.binds = sql_binds(sql);
	if (db_recall(c, &key, ret))
		return APP_OK;
	db_remember_begin(c, &key);
	enum app_err err = model_int(c, buf_text(&sql->text), sql_binds(sql), ret);
	if (err)
		db_remember_nothing(c, &key);
	else
		db_remember(c, &key, *ret);
	return err;
}

static enum app_err part_count(struct ctx *c, const struct model *model,
			       const struct list_query *query, const struct model_where *where,
			       int64_t *ret)
{
	struct sql sql;
	sql_init_where(&sql, c, where);
	sql_add(&sql, "SELECT count(*)");
	sql_from(&sql, model, query, where);
	if (reads_other_tables(where))
		return model_int(c, buf_text(&sql.text), sql_binds(&sql), ret);
	return remembered_count(c, model, &sql, ret);
}

enum app_err total_count(struct ctx *c, const struct model *model, const struct list_query *query,
			 const struct model_where *where, int64_t *ret)
{
	if (!where_has_parts(query, where))
		return part_count(c, model, query, where, ret);
	int64_t counts[2] = { 0 };
	for (int i = 0; i < 2; i++) {
		const struct model_where part = where_part(where, i);
		enum app_err err = part_count(c, model, query, &part, &counts[i]);
		if (err)
			return err;
	}
	*ret = counts[0] + counts[1];
	return APP_OK;
}

enum app_err model_count(struct ctx *c, const struct model *model, const struct model_where *where,
			 int64_t *ret)
{
	enum app_err err = where_check(c, where);
	return err ? err : total_count(c, model, NULL, where, ret);
}
