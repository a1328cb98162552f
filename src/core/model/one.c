/* Reading one row by its id or another column. Lists are in list.c. */
#include <string.h>

#include "internal.h"

enum app_err fail_not_found(struct ctx *c, const struct model *model)
{
	char first = model->name[0];
	if (first >= 'a' && first <= 'z')
		first = (char)(first - 'a' + 'A');
	return ctx_fail(c, APP_NOT_FOUND, "%c%s not found", first, model->name + 1);
}

static enum app_err one_read(struct ctx *c, const struct model *model, struct sql *sql, void *ret)
{
	enum app_err err = model_one_sql(c, sql, model->row, ret);
	return err == APP_NOT_FOUND ? fail_not_found(c, model) : err;
}

static void select_start(struct sql *sql, struct ctx *c, const struct model *model,
			 const char *column)
{
	sql_init(sql, c, NULL);
	sql_add(sql, "SELECT ");
	sql_columns(sql, model->row);
	sql_add(sql, " FROM ");
	sql_add(sql, model->table);
	sql_add(sql, " WHERE ");
	sql_add(sql, column);
	sql_add(sql, " = ");
}

/* ---- by id: the most frequent statement of all ---- */

enum { KNOWN_SLOTS = 8, KNOWN_ROOM = 480 };

struct known {
	struct model model;
	char text[KNOWN_ROOM]; /* "": none */
};

/* Thread-local because putting the text together costs as much as a lock that all threads share. */
static _Thread_local struct known known[KNOWN_SLOTS];

static bool is_known(const struct known *slot, const struct model *model)
{
	return *slot->text && slot->model.row == model->row && slot->model.table == model->table &&
	       slot->model.soft_delete == model->soft_delete;
}

static const char *get_text(struct ctx *c, const struct model *model)
{
	struct known *slot = &known[(uintptr_t)model / sizeof(*model) % KNOWN_SLOTS];
	if (is_known(slot, model))
		return slot->text;
	struct sql sql;
	select_start(&sql, c, model, "id");
	sql_add(&sql, model->soft_delete ? "$1 AND deleted_at IS NULL" : "$1");
	const char *text = buf_text(&sql.text);
	if (sql.text.len < KNOWN_ROOM) {
		slot->model = *model;
		strcpy(slot->text, text);
	}
	return text;
}

enum app_err model_get(struct ctx *c, const struct model *model, int64_t id, void *ret)
{
	enum app_err err = model_one(c, get_text(c, model), BIND(id), model->row, ret);
	return err == APP_NOT_FOUND ? fail_not_found(c, model) : err;
}

enum app_err model_get_to_change(struct ctx *c, const struct model *model, int64_t id, void *ret)
{
	enum app_err err = write_check(c, model, "model_get_to_change");
	if (err)
		return err;
	struct sql sql;
	select_start(&sql, c, model, "id");
	sql_bind(&sql, db_bind_int(id));
	if (model->soft_delete)
		sql_add(&sql, " AND deleted_at IS NULL");
	sql_add(&sql, db_dialect(c)->row_lock);
	return one_read(c, model, &sql, ret);
}

enum app_err model_get_deleted(struct ctx *c, const struct model *model, int64_t id, void *ret)
{
	struct sql sql;
	select_start(&sql, c, model, "id");
	sql_bind(&sql, db_bind_int(id));
	if (c->db)
		sql_add(&sql, db_dialect(c)->row_lock);
	return one_read(c, model, &sql, ret);
}

enum app_err model_find(struct ctx *c, const struct model *model, const char *column,
			struct db_value value, void *ret)
{
	struct sql sql;
	const struct field *field = schema_field(model->row, column);
	bool by_key = field && field->key;
	select_start(&sql, c, model, by_key ? field->key : column);
	sql_bind(&sql, by_key ? fold_value(c, value) : value);
	if (model->soft_delete)
		sql_add(&sql, " AND deleted_at IS NULL");
	sql_add(&sql, " ORDER BY id LIMIT 1");
	return one_read(c, model, &sql, ret);
}
