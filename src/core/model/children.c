/*
 * Rows that the database deletes with the row they refer to (ON DELETE CASCADE). A row may have a
 * hundred thousand of them: as one statement they would hold up every other write, and be stopped
 * as one that takes too long, each time anew.
 */
#include "internal.h"

enum {
	CHILDREN_FEW = 200, /* deleted with the row itself; and so many at a time of more */
	CHILD_TABLES_MOST = 100,
};

/* Names as they stand in SQL, quoted where they need it. */
struct child {
	const char *table_name, *column_name;
};
SCHEMA(child,
	FIELD(struct child, table_name),
	FIELD(struct child, column_name));

static enum app_err children_find(struct ctx *c, const struct model *model, struct array *ret)
{
	return model_all(c, db_dialect(c)->children, BIND(model->table), &child_schema,
			 CHILD_TABLES_MOST, ret);
}

/* The rows of one table: what they are known by in it, at most so many. */
static void add_some(struct sql *sql, const struct child *child, const char *what, int64_t id,
		     int most)
{
	sql_add(sql, "SELECT ");
	sql_add(sql, what);
	sql_add(sql, " FROM ");
	sql_add(sql, child->table_name);
	sql_add(sql, " WHERE ");
	sql_add(sql, child->column_name);
	sql_add(sql, " = ");
	sql_bind(sql, db_bind_int(id));
	sql_add(sql, " LIMIT ");
	sql_bind(sql, db_bind_int(most));
}

static enum app_err child_has_many(struct ctx *c, const struct child *child, int64_t id, bool *ret)
{
	struct sql sql;
	int64_t count = 0;
	sql_init(&sql, c, NULL);
	sql_add(&sql, "SELECT count(*) FROM (");
	add_some(&sql, child, "1", id, CHILDREN_FEW + 1);
	sql_add(&sql, ") AS found");
	enum app_err err = model_int(c, buf_text(&sql.text), sql_binds(&sql), &count);
	*ret = count > CHILDREN_FEW;
	return err;
}

enum app_err model_has_many_children(struct ctx *c, const struct model *model, int64_t id,
				     bool *ret)
{
	struct array children = { 0 };
	*ret = false;
	/* in a write there is no other to wait */
	if (c->db || model->soft_delete)
		return APP_OK;
	enum app_err err = children_find(c, model, &children);
	const struct child *child = children.items;
	for (size_t i = 0; !err && !*ret && i < children.count; i++)
		err = child_has_many(c, &child[i], id, ret);
	return err;
}

struct piece {
	const struct child *child;
	int64_t id, deleted;
};

static enum app_err piece_run(struct ctx *c, void *arg)
{
	struct piece *piece = arg;
	struct sql sql;
	const struct db_dialect *dialect = db_dialect(c);
	sql_init(&sql, c, NULL);
	sql_add(&sql, "DELETE FROM ");
	sql_add(&sql, piece->child->table_name);
	sql_add(&sql, " WHERE ");
	sql_add(&sql, dialect->row_among[0]);
	add_some(&sql, piece->child, dialect->row_id, piece->id, CHILDREN_FEW);
	sql_add(&sql, dialect->row_among[1]);
	return db_exec(c, buf_text(&sql.text), sql_binds(&sql), &piece->deleted);
}

/* Each in an arena of its own: there may be thousands. */
static enum app_err piece_delete(struct ctx *c, struct piece *piece)
{
	AUTO(ctx_own) own;
	ctx_own_init(&own, c->app);
	own.c.deadline_us = c->deadline_us;
	own.c.clock = c->clock;
	enum app_err err = db_write(&own.c, piece_run, piece);
	const struct failure *failure = &own.c.failure;
	if (err == APP_INTERNAL)
		return ctx_fail_cause(c, err, "%s", failure->cause ? failure->cause : "-");
	return err ? ctx_fail_retry(c, err, failure->retry_after_s, "%s",
				    ctx_failure_text(&own.c, err))
		   : APP_OK;
}

/* A table that has few is left to the write that deletes the row. */
static enum app_err child_empty(struct ctx *c, const struct child *child, int64_t id)
{
	struct piece piece = { .child = child, .id = id };
	bool has_many;
	enum app_err err = child_has_many(c, child, id, &has_many);
	while (!err && has_many) {
		err = piece_delete(c, &piece);
		has_many = piece.deleted == CHILDREN_FEW;
	}
	return err;
}

enum app_err model_delete_children(struct ctx *c, const struct model *model, int64_t id)
{
	struct array children = { 0 };
	enum app_err err = children_find(c, model, &children);
	const struct child *child = children.items;
	for (size_t i = 0; !err && i < children.count; i++)
		err = child_empty(c, &child[i], id);
	return err;
}
