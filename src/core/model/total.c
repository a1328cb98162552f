/*
 * How many rows a list has. The count of a whole table is remembered until the table changes, where the database can
 * tell when that is. Called by list.c and by modules.
 */
#include "core/app.h"
#include "internal.h"

static enum app_err rows_count(struct ctx *c, const struct model *model,
			       const struct list_query *query, const struct model_where *where,
			       int64_t *ret)
{
	struct sql sql;
	sql_init_where(&sql, c, where);
	sql_add(&sql, "SELECT count(*) FROM ");
	sql_add(&sql, model->table);
	sql_where(&sql, model, query, where);
	return model_int(c, buf_text(&sql.text), sql_binds(&sql), ret);
}

enum { COUNT_ALL, COUNT_LIVE };

/* The version first: a change in between makes the number one of an older version, never of a newer. */
static enum app_err whole_count(struct ctx *c, const struct model *model,
				const struct model_where *where, int64_t *ret)
{
	bool live = model->soft_delete && !(where && where->with_deleted);
	const struct db_memory_key key = { model->table, live ? COUNT_LIVE : COUNT_ALL };
	uint64_t version;
	bool has_version = db_table_version(c, model->table, &version);
	if (has_version && db_recall(c, key, version, ret))
		return APP_OK;
	enum app_err err = rows_count(c, model, NULL, where, ret);
	if (!err && has_version)
		db_remember(c, key, version, *ret);
	return err;
}

enum app_err total_count(struct ctx *c, const struct model *model, const struct list_query *query,
			 const struct model_where *where, int64_t *ret)
{
	if (where_is_whole(query, where))
		return whole_count(c, model, where, ret);
	return rows_count(c, model, query, where, ret);
}

enum app_err model_count(struct ctx *c, const struct model *model, const struct model_where *where,
			 int64_t *ret)
{
	return total_count(c, model, NULL, where, ret);
}
