/* Reads of the audit. */
#include "internal.h"

/* ---- audit.list ---- */

#define SUBJECT "subject = $1 AND subject_id = $2"

static const char SQL_SUBJECT[] = SUBJECT;
static const char SQL_SINCE[] = "id >= $1 AND at >= $2";
static const char SQL_SUBJECT_SINCE[] = SUBJECT " AND id >= $3 AND at >= $4";

static enum app_err where_of(struct ctx *c, const struct audit_list_input *in,
			     struct model_where *ret)
{
	int64_t first = 0, id = in->subject_id.value;
	struct instant since = in->since.value;
	bool has_since = in->since.is == GIVEN;
	enum app_err err = has_since ? audit_first_since(c, since, &first) : APP_OK;
	*ret = (struct model_where){ 0 };
	if (in->subject) {
		ret->sql = has_since ? SQL_SUBJECT_SINCE : SQL_SUBJECT;
		ret->binds = model_where_binds(c, BIND(in->subject, id, first, since));
		ret->binds.count = has_since ? 4 : 2;
	} else if (has_since) {
		ret->sql = SQL_SINCE;
		ret->binds = model_where_binds(c, BIND(first, since));
	}
	return err;
}

static enum app_err list_audit(struct ctx *c, const struct audit_list_input *in, struct page *ret)
{
	struct list_query query = in->list;
	struct model_where where;
	enum app_err err = where_of(c, in, &where);
	if (!query.sort_count) {
		query.sorts[0].field = schema_field(&audit_row_schema, "id");
		query.sorts[0].descending = true;
		query.sort_count = 1;
	}
	return err ? err : model_list(c, &audit_model, &query, &where, ret);
}

OPERATION_FN(list_audit, struct audit_list_input, struct page)

const struct operation audit_list = {
	.name = "audit.list",
	.summary = "List who had what done",
	.doc = "Newest first unless sort says otherwise. With subject and subject_id it is the "
	       "history of a row: the changes that were sent, of which it was the first row.",
	.kind = QUERY,
	.access = ACCESS_WITH(&audit_reading),
	.in = &audit_list_input_schema,
	.out = &audit_row_page_schema,
	RUN(list_audit),
};

/* ---- audit.export ---- */

static const char SQL_EXPORT[] =
	"SELECT id, at, operation, outcome, actor, user_id, key_id, address, request_id, subject,"
	" subject_id, change FROM audit WHERE id > $1 AND at >= $2 ORDER BY id LIMIT $3";

static enum app_err export_audit(struct ctx *c, const struct audit_export_input *in,
				 struct audit_rows *ret)
{
	int64_t after = in->after, first = 0;
	int64_t since = in->since.is == GIVEN ? in->since.value.us : INT64_MIN;
	enum app_err err = APP_OK;
	if (in->since.is == GIVEN)
		err = audit_first_since(c, in->since.value, &first);
	if (err)
		return err;
	if (first - 1 > after)
		after = first - 1;
	return model_all(c, SQL_EXPORT, BIND(after, since, in->count), &audit_row_schema,
			 AUDIT_EXPORT_MAX, &ret->rows);
}

OPERATION_FN(export_audit, struct audit_export_input, struct audit_rows)

const struct operation audit_export = {
	.name = "audit.export",
	.summary = "Take the audit elsewhere",
	.doc = "Oldest first, a JSON object on each line. Ask again with after= the id of the last "
	       "line, until none comes.",
	.kind = QUERY,
	.access = ACCESS_WITH(&audit_reading),
	.in = &audit_export_input_schema,
	.out = &audit_rows_schema,
	RUN(export_audit),
};
