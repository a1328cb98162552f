/*
 * Broken rules of the schema as errors a client can act on, in the words of
 * core/sqlite/constraint.c. The field is taken from the name of the rule, or from the columns that
 * DETAIL names before it goes on to the values.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "internal.h"

static const char *field(const PGresult *result, int code)
{
	const char *text = PQresultErrorField(result, code);
	return text ? text : "";
}

/* The column of a rule named "<table>_<column><suffix>"; NULL for another name. */
static const char *rule_column(struct ctx *c, const PGresult *result, const char *suffix)
{
	const char *rule = field(result, PG_DIAG_CONSTRAINT_NAME);
	const char *table = field(result, PG_DIAG_TABLE_NAME);
	size_t front = strlen(table), back = strlen(suffix), len = strlen(rule);
	if (!front || len <= front + 1 + back || !str_starts(rule, table) || rule[front] != '_' ||
	    !str_ends(rule, suffix))
		return NULL;
	return arena_strndup(c->arena, rule + front + 1, len - front - 1 - back);
}

/*
 * "… (post_id, tag)=(1, red) …" → "post_id, tag"; NULL when the key is an expression or there is no
 * DETAIL.
 */
static char *key_columns(struct ctx *c, const PGresult *result)
{
	const char *detail = field(result, PG_DIAG_MESSAGE_DETAIL);
	const char *open = strchr(detail, '('), *close = open ? strstr(open, ")=(") : NULL;
	if (!close)
		return NULL;
	char *columns = arena_strndup(c->arena, open + 1, (size_t)(close - open - 1));
	return strpbrk(columns, "()\"'") ? NULL : columns;
}

/*
 * The columns with something between them; without the "_key" of those that have it, if they are
 * origins.
 */
static const char *columns_join(struct ctx *c, const char *columns, bool origins,
				const char *between)
{
	struct buf text;
	buf_init(&text, c->arena);
	char *save = NULL, *copy = arena_strdup(c->arena, columns);
	for (char *at = strtok_r(copy, ", ", &save); at; at = strtok_r(NULL, ", ", &save)) {
		size_t len = strlen(at), key_len = strlen("_key");
		if (text.len)
			buf_add_text(&text, between);
		bool cut = origins && len > key_len && str_ends(at, "_key");
		buf_add(&text, at, cut ? len - key_len : len);
	}
	return buf_text(&text);
}

/*
 * "username_key" → "username" when the index is called users_username_key: the key is made of that
 * column (see .key in core/field.h), and clients know nothing of it.
 */
static const char *columns_text(struct ctx *c, const PGresult *result, const char *columns)
{
	const char *named = arena_printf(c->arena, "%s_%s_key", field(result, PG_DIAG_TABLE_NAME),
					 columns_join(c, columns, true, "_"));
	bool origins = str_eq(named, field(result, PG_DIAG_CONSTRAINT_NAME));
	return columns_join(c, columns, origins, " and ");
}

static enum app_err fail_unique(struct ctx *c, const PGresult *result)
{
	char *columns = key_columns(c, result);
	if (columns && strchr(columns, ','))
		return ctx_fail(c, APP_CONFLICT, "this combination of %s is already taken",
				columns_text(c, result, columns));
	const char *column = columns ? columns_text(c, result, columns)
				     : rule_column(c, result, "_key");
	return column ? ctx_fail(c, APP_CONFLICT, "%s is already taken", column)
		      : ctx_fail(c, APP_CONFLICT, "this value is already taken");
}

static enum app_err fail_check(struct ctx *c, const PGresult *result)
{
	const char *column = rule_column(c, result, "_check");
	return column ? ctx_fail_rule(c, column, "%s has a value that is not allowed", column)
		      : ctx_fail_rule(c, NULL, "a value is not allowed");
}

static enum app_err fail_null(struct ctx *c, const PGresult *result)
{
	const char *column = arena_strdup(c->arena, field(result, PG_DIAG_COLUMN_NAME));
	return ctx_fail_rule(c, column, "%s must not be null", column);
}

enum app_err postgres_constraint_fail(struct ctx *c, const PGresult *result, const char *state)
{
	if (!strcmp(state, "23505"))
		return fail_unique(c, result);
	if (!strcmp(state, "23503") || !strcmp(state, "23001"))
		return ctx_fail(
			c, APP_CONFLICT,
			"what this refers to does not exist, or something else still refers to it");
	if (!strcmp(state, "23502"))
		return fail_null(c, result);
	if (!strcmp(state, "23514"))
		return fail_check(c, result);
	if (!strcmp(state, "23P01"))
		return ctx_fail(c, APP_CONFLICT, "this value is already taken");
	/* The text of a RAISE is written by the author of the schema, for this. */
	if (!strcmp(state, "P0001"))
		return ctx_fail(c, APP_CONFLICT, "%s", field(result, PG_DIAG_MESSAGE_PRIMARY));
	return ctx_fail_cause(c, APP_INTERNAL,
			      "PostgreSQL: a rule of the schema was broken (SQLSTATE %s)", state);
}
