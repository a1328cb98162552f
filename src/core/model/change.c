/*
 * Changing, deleting and restoring one row, with the columns that are kept here: created_at,
 * updated_at and deleted_at. Only inside a write. Rules that a row breaks are told by core/db.
 */
#include "base/str.h"
#include "internal.h"

/* Of a write that ended so; one that had nothing to change is about the row, too. */
static enum app_err row_written(struct ctx *c, const struct model *model, int64_t id,
				enum app_err err)
{
	if (!err)
		ctx_touch(c, model->table, id);
	return err;
}

/* ---- update ---- */

static void set_start(struct sql *sql, const char **comma, const char *column)
{
	write_name(sql, comma, column);
	sql_add(sql, " = ");
}

/* Strictly later than before, even within one microsecond: ETags are made of it. */
static void set_updated_at(struct sql *sql, const char **comma)
{
	struct db_value now = db_bind_instant(ctx_now(sql->c));
	set_start(sql, comma, "updated_at");
	sql_add(sql, "CASE WHEN updated_at >= ");
	sql_bind(sql, now);
	sql_add(sql, " THEN updated_at + 1 ELSE ");
	sql_bind(sql, now);
	sql_add(sql, " END");
}

/* Starts "UPDATE posts SET …"; false when there is nothing to set. */
static bool update_start(struct sql *sql, const struct model *model, const struct schema *schema,
			 const void *in, const struct model_match *match, const char *searched)
{
	bool touch = match && match->touch;
	const char *comma = "";
	sql_add(sql, "UPDATE ");
	sql_add(sql, model->table);
	sql_add(sql, " SET ");
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (!write_has(field, in))
			continue;
		struct db_value value = field_value(field, in);
		set_start(sql, &comma, field->name);
		sql_bind(sql, value);
		if (!fold_written(model, field))
			continue;
		set_start(sql, &comma, fold_written(model, field));
		sql_bind(sql, fold_stored(sql->c, model, field, value));
	}
	if (searched) {
		set_start(sql, &comma, model->fts_column);
		db_dialect(sql->c)->search_value(sql, searched);
	}
	if (model->timestamps && (*comma || touch) && !write_gives(schema, in, "updated_at"))
		set_updated_at(sql, &comma);
	return *comma;
}

static enum app_err fail_changed(struct ctx *c, const struct model *model)
{
	return ctx_fail(c, APP_PRECONDITION_FAILED,
			"this %s was changed since you read it: read it again", model->name);
}

static enum app_err fail_altered(struct ctx *c)
{
	return ctx_fail_code(c, APP_PRECONDITION_FAILED, "altered_etag",
			     "If-Match needs the ETag as the server made it: a proxy that "
			     "compresses answers has put W/ before it or a suffix into it; send it "
			     "without those, or let the proxy leave answers alone (docs/proxy.md)");
}

static enum app_err fail_broken(struct ctx *c)
{
	return ctx_fail_code(c, APP_PRECONDITION_FAILED, "broken_etag",
			     "If-Match is no list of ETags: send each as the server gave it, with "
			     "its quotes");
}

static enum app_err updated_at_read(struct ctx *c, const struct model *model, int64_t id,
				    int64_t *ret_updated_at)
{
	struct sql sql;
	sql_init(&sql, c, NULL);
	sql_add(&sql, "SELECT updated_at FROM ");
	sql_add(&sql, model->table);
	sql_where_row(&sql, model, id, NULL);
	sql_add(&sql, db_dialect(c)->row_lock);
	enum app_err err = model_int(c, buf_text(&sql.text), sql_binds(&sql), ret_updated_at);
	return err == APP_NOT_FOUND ? model_not_found(c, model) : err;
}

struct etag_parts {
	int64_t id;
	struct instant updated_at;
};

static const struct field etag_fields[] = {
	FIELD(struct etag_parts, id),
	FIELD(struct etag_parts, updated_at),
};
static const struct schema etag_schema = {
	.name = "etag_parts",
	.size = sizeof(struct etag_parts),
	.fields = etag_fields,
	.count = COUNT_OF(etag_fields),
};

/* From here to the end of the write the row stays what it was found to be. */
static enum app_err etag_read(struct ctx *c, const struct model *model, int64_t id,
			      const void *before, char ret[MODEL_ETAG_ROOM])
{
	if (before) {
		model_etag(model->row, before, ret);
		return *ret ? APP_OK
			    : ctx_fail_cause(c, APP_INTERNAL,
					     "if_match of '%s' needs id and updated_at in its rows",
					     model->name);
	}
	int64_t updated_at;
	enum app_err err = updated_at_read(c, model, id, &updated_at);
	if (!err)
		model_etag(&etag_schema, &(struct etag_parts){ id, { updated_at } }, ret);
	return err;
}

static enum app_err match_check(struct ctx *c, const struct model *model, int64_t id,
				const struct model_match *match)
{
	if (!match || !match->if_match)
		return APP_OK;
	char etag[MODEL_ETAG_ROOM];
	enum app_err err = etag_read(c, model, id, match->before, etag);
	if (err)
		return err;
	switch (etag_match(match->if_match, etag)) {
	case ETAG_MATCHED: break;
	case ETAG_OTHER: return fail_changed(c, model);
	case ETAG_ALTERED: return fail_altered(c);
	case ETAG_BROKEN: return fail_broken(c);
	}
	return APP_OK;
}

enum app_err model_update(struct ctx *c, const struct model *model, int64_t id,
			  const struct schema *in_schema, const void *in,
			  const struct model_match *match, void *ret)
{
	enum app_err err = write_check(c, model, "model_update");
	if (!err)
		err = input_check(c, model, in_schema, in);
	if (!err)
		err = match_check(c, model, id, match);
	if (err)
		return err;
	struct sql sql;
	const char *searched;
	err = search_update(c, model, id, in_schema, in, &searched);
	if (err)
		return err;
	sql_init(&sql, c, NULL);
	if (!update_start(&sql, model, in_schema, in, match, searched))
		return row_written(c, model, id, model_get(c, model, id, ret));
	sql_where_row(&sql, model, id, NULL);
	write_returning(&sql, model);
	return row_written(c, model, id, row_read(c, model, &sql, ret));
}

/* ---- delete and restore ---- */

static void delete_start(struct sql *sql, const struct model *model)
{
	sql_add(sql, model->soft_delete ? "UPDATE " : "DELETE FROM ");
	sql_add(sql, model->table);
	if (!model->soft_delete)
		return;
	const char *comma = "";
	sql_add(sql, " SET ");
	set_start(sql, &comma, "deleted_at");
	sql_bind(sql, db_bind_instant(ctx_now(sql->c)));
	if (model->timestamps)
		set_updated_at(sql, &comma);
}

enum app_err model_delete(struct ctx *c, const struct model *model, int64_t id,
			  const struct model_match *match)
{
	enum app_err err = write_check(c, model, "model_delete");
	if (!err)
		err = match_check(c, model, id, match);
	if (err)
		return err;
	struct sql sql;
	int64_t changed = 0;
	sql_init(&sql, c, NULL);
	delete_start(&sql, model);
	sql_where_row(&sql, model, id, NULL);
	err = db_exec(c, buf_text(&sql.text), sql_binds(&sql), &changed);
	if (err)
		return err;
	return row_written(c, model, id, changed ? APP_OK : model_not_found(c, model));
}

enum app_err model_restore_into(struct ctx *c, const struct model *model, int64_t id, void *ret,
				size_t room)
{
	enum app_err err = write_check(c, model, "model_restore");
	if (!err)
		err = room_check(c, model->row, room);
	if (err)
		return err;
	if (!model->soft_delete)
		return model_not_found(c, model);
	struct sql sql;
	const char *comma = ", ";
	sql_init(&sql, c, NULL);
	sql_add(&sql, "UPDATE ");
	sql_add(&sql, model->table);
	sql_add(&sql, " SET deleted_at = NULL");
	if (model->timestamps)
		set_updated_at(&sql, &comma);
	sql_add(&sql, " WHERE id = ");
	sql_bind(&sql, db_bind_int(id));
	sql_add(&sql, " AND deleted_at IS NOT NULL");
	write_returning(&sql, model);
	return row_written(c, model, id, row_read(c, model, &sql, ret));
}
