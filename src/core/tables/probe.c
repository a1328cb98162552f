/* A condition of the database's own catalogue, asked of one value: no table is read. */
#include "base/arena.h"
#include "internal.h"

static const char *type_of(enum field_type type)
{
	switch (type) {
	case FIELD_TEXT: return "text";
	case FIELD_REAL: return "double precision";
	default: return "bigint";
	}
}

/* A comment may end the condition, and it may call its table by name. */
enum app_err probe_ask(struct comparison *k, const char *condition, const struct probe *probe,
		       enum probe_answer *ret)
{
	struct ctx *c = k->c;
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	const char *sql = arena_printf(
		c->arena,
		"SELECT CASE WHEN (%s\n) THEN %d WHEN NOT (%s\n) THEN %d ELSE %d END "
		"FROM (SELECT CAST($1 AS %s) AS \"%s\") AS \"%s\"",
		condition, PROBE_TRUE, condition, PROBE_FALSE, PROBE_NULL, type_of(probe->type),
		probe->column, k->there->name);
	enum app_err err = db_query_first(c, sql, (struct db_binds){ &probe->value, 1 }, &rows,
					  &has_row);
	if (err == APP_UNAVAILABLE)
		return err;
	if (err)
		ctx_recover(c);
	*ret = err || !has_row ? PROBE_UNKNOWN : (enum probe_answer)db_column_int(&rows, 0);
	return APP_OK;
}
