/* Reading one row by its id or another column. Lists are in list.c. */
#include "base/arena.h"
#include "base/str.h"
#include "internal.h"

enum app_err model_not_found(struct ctx *c, const struct model *model)
{
	return ctx_fail(c, APP_NOT_FOUND, "%c%s not found", str_upper(model->name[0]),
			model->name + 1);
}

enum app_err row_read(struct ctx *c, const struct model *model, struct sql *sql, void *ret)
{
	enum app_err err = model_one_sql(c, sql, model->row, ret);
	return err == APP_NOT_FOUND ? model_not_found(c, model) : err;
}

/* ---- by id ---- */

static struct db_binds binds_and_id(struct ctx *c, struct db_binds binds, int64_t id)
{
	struct db_value *values = arena_raw(c->arena, (binds.count + 1) * sizeof(*values));
	for (size_t i = 0; i < binds.count; i++)
		values[i] = binds.values[i];
	values[binds.count] = db_bind_int(id);
	return (struct db_binds){ values, binds.count + 1 };
}

/* `lock`: what the statement ends with, "" or the driver's word that keeps the row as it is. */
static enum app_err row_get(struct ctx *c, const struct model *model, int64_t id,
			    const struct model_where *where, const char *lock, void *ret)
{
	static const struct model_where none;
	if (!where)
		where = &none;
	enum app_err err = where_check(c, where);
	if (err)
		return err;
	const char *sql = one_sql(c, model, where);
	if (*lock)
		sql = arena_printf(c->arena, "%s%s", sql, lock);
	err = model_one(c, sql, binds_and_id(c, where->binds, id), model->row, ret);
	return err == APP_NOT_FOUND ? model_not_found(c, model) : err;
}

enum app_err model_get_into(struct ctx *c, const struct model *model, int64_t id, void *ret,
			    size_t room)
{
	enum app_err err = room_check(c, model->row, room);
	return err ? err : row_get(c, model, id, NULL, "", ret);
}

enum app_err model_get_where(struct ctx *c, const struct model *model, int64_t id,
			     const struct model_where *where, void *ret)
{
	return row_get(c, model, id, where, c->db ? db_dialect(c)->row_lock : "", ret);
}

/* ---- by another column ---- */

enum app_err model_find_into(struct ctx *c, const struct model *model, const char *column,
			     struct db_value value, void *ret, size_t room)
{
	enum app_err err = room_check(c, model->row, room);
	if (err)
		return err;
	struct sql sql;
	const struct field *field = schema_field(model->row, column);
	bool by_key = field && field->key;
	sql_init(&sql, c, NULL);
	sql_select(&sql, model);
	sql_and(&sql);
	sql_add(&sql, by_key ? field->key : column);
	sql_add(&sql, " = ");
	sql_bind(&sql, by_key ? fold_value(c, value) : value);
	sql_where(&sql, model, NULL);
	sql_add(&sql, " ORDER BY id LIMIT 1");
	return row_read(c, model, &sql, ret);
}
