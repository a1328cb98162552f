/* Changes of a table in PostgreSQL's words: ALTER TABLE knows them all. */
#include <string.h>

#include "auto.h"
#include "base/arena.h"
#include "base/str.h"

static void change(const struct auto_table *table, const char *up, const char *down)
{
	const char *start = arena_printf(table->plan->c->arena, "ALTER TABLE %s ",
					 table->model->table);
	auto_add(table->plan, AUTO_POSTGRES,
		 arena_printf(table->plan->c->arena, "%s%s;\n", start, up),
		 arena_printf(table->plan->c->arena, "%s%s;\n", start, down));
}

static void missing_add(const struct auto_table *table)
{
	const struct table_difference *at = NULL;
	struct arena *arena = table->plan->c->arena;
	while ((at = auto_next(table->plan, table->model->table, TABLE_COLUMN, at)))
		change(table,
		       arena_printf(arena, "ADD COLUMN %s",
				    auto_missing_sql(table, at, AUTO_POSTGRES)),
		       arena_printf(arena, "DROP COLUMN %s", at->column));
}

/* ---- null ---- */

static void null_change(const struct auto_table *table)
{
	const struct table_difference *at = NULL;
	struct ctx *c = table->plan->c;
	const char *name = table->model->table;
	while ((at = auto_next(table->plan, name, TABLE_NULL, at))) {
		const char *preset = auto_preset_of(c, at->field, AUTO_POSTGRES);
		const char *fill = arena_printf(c->arena,
						"UPDATE %s SET %s = %s WHERE %s IS NULL;\n", name,
						at->column, preset, at->column);
		const char *may = arena_printf(c->arena,
					       "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL;\n",
					       name, at->column);
		const char *must = arena_printf(c->arena,
						"%sALTER TABLE %s ALTER COLUMN %s SET NOT NULL;\n",
						preset ? fill : "", name, at->column);
		const struct db_column *column = db_columns_find(&table->there->columns,
								 at->column);
		auto_add(table->plan, AUTO_POSTGRES, column->may_be_null ? must : may,
			 column->may_be_null ? may : must);
	}
}

/* ---- rules ---- */

/* PostgreSQL names a CHECK that has no name after its column. */
static const char *rule_name(const struct auto_table *table, const char *column, const char *name)
{
	return name ? name
		    : arena_printf(table->plan->c->arena, "%s_%s_check", table->model->table,
				   column);
}

static const char *dropped(const struct auto_table *table, const char *column, const char *rule)
{
	return arena_printf(table->plan->c->arena, "ALTER TABLE %s DROP CONSTRAINT %s;\n",
			    table->model->table, rule_name(table, column, rule));
}

static void rule_change(const struct auto_table *table)
{
	const struct table_difference *at = NULL;
	struct ctx *c = table->plan->c;
	const char *name = table->model->table;
	while ((at = auto_next(table->plan, name, TABLE_RULE, at))) {
		struct new_column column = auto_column_of(table->plan, table->model, at->field);
		const char *rule = new_rules_sql(c, &table->names, &column, true);
		const char *up = "", *down = "";
		if (*rule) {
			up = arena_printf(c->arena, "ALTER TABLE %s ADD%s;\n", name, rule);
			down = dropped(table, at->column, NULL);
		}
		const struct sql_piece *piece = auto_piece_of(&table->text, at->column);
		struct sql_check old;
		if (auto_piece_check(c, arena_strndup(c->arena, piece->at, piece->len),
				     auto_condition_of(table, at->column), &old)) {
			up = arena_printf(c->arena, "%s%s", dropped(table, at->column, old.name),
					  up);
			down = arena_printf(
				c->arena, "%sALTER TABLE %s ADD CONSTRAINT %s\n    CHECK (%s);\n",
				down, name, rule_name(table, at->column, old.name), old.condition);
		}
		auto_add(table->plan, AUTO_POSTGRES, up, down);
	}
}

/* ---- columns that go ---- */

static const struct db_rule *rule_next(const struct auto_table *table, const char *column,
				       size_t *at)
{
	while (*at < table->there->rule_count) {
		const struct db_rule *rule = &table->there->rules[(*at)++];
		if (str_eq(rule->column, column))
			return rule;
	}
	return NULL;
}

/* Whether both have the same words, however these are written. */
static bool is_same(struct arena *arena, const char *a, const char *b)
{
	struct sql_token x, y;
	const char *a_end = a + strlen(a), *b_end = b + strlen(b);
	while (sql_token_next(&a, a_end, &x))
		if (!sql_token_next(&b, b_end, &y) ||
		    !sql_token_is(&x, arena_strndup(arena, y.at, y.len)))
			return false;
	return !sql_token_next(&b, b_end, &y);
}

/*
 * What SQLite has no type for is told by its rule: a truth is an integer that is 0 or 1, a day a
 * text that is a date.
 */
static bool is_type_rule(const struct auto_table *table, const struct db_column *column,
			 const char *condition)
{
	struct arena *arena = table->plan->c->arena;
	const char *name = column->name;
	const char *own = column->type == DB_INT ? arena_printf(arena, "%s IN (0, 1)", name)
						 : arena_printf(arena, "%s = date(%s)", name, name);
	return is_same(arena, condition, own);
}

static bool is_ruled(const struct auto_table *table, const struct db_column *column)
{
	const struct db_rule *rule;
	for (size_t at = 0; (rule = rule_next(table, column->name, &at));)
		if (is_type_rule(table, column, rule->condition))
			return true;
	return false;
}

static const char *type_of(const struct auto_table *table, const struct db_column *column)
{
	if (is_ruled(table, column))
		return column->type == DB_INT ? "BOOLEAN" : "DATE";
	switch (column->type) {
	case DB_INT: return "BIGINT";
	case DB_REAL: return "DOUBLE PRECISION";
	case DB_BLOB: return "BYTEA";
	default: return "TEXT COLLATE \"C\"";
	}
}

/* " REFERENCES users (id) ON DELETE CASCADE", or "": CHECK and NOT NULL may stand behind it. */
static const char *key_of(const struct auto_table *table, const char *column)
{
	struct sql_token token;
	struct ctx *c = table->plan->c;
	const struct sql_piece *piece = auto_piece_of(&table->text, column);
	const char *at = auto_piece_null(c, arena_strndup(c->arena, piece->at, piece->len), false);
	const char *end = at + strlen(at), *key = NULL, *key_end = NULL;
	while (sql_token_next(&at, end, &token)) {
		if (sql_token_is(&token, "REFERENCES"))
			key = token.at;
		else if (key &&
			 (sql_token_is(&token, "CONSTRAINT") || sql_token_is(&token, "CHECK")))
			break;
		if (key)
			key_end = at;
	}
	return key ? arena_printf(c->arena, " %.*s", (int)(key_end - key), key) : "";
}

/* As it was, but for what it held: so it may be null. */
static const char *column_again(const struct auto_table *table, const char *name)
{
	struct ctx *c = table->plan->c;
	const struct db_column *column = db_columns_find(&table->there->columns, name);
	struct buf out;
	size_t at = 0;
	buf_init(&out, c->arena);
	buf_printf(&out, "%s %s", name, type_of(table, column));
	const struct db_rule *rule;
	while ((rule = rule_next(table, name, &at))) {
		if (is_type_rule(table, column, rule->condition))
			continue;
		buf_printf(&out, "\n    CONSTRAINT %s CHECK (%s)",
			   rule_name(table, name, rule->name), rule->condition);
	}
	buf_add_text(&out, key_of(table, name));
	return buf_text(&out);
}

static void left_over_drop(const struct auto_table *table)
{
	const struct table_difference *at = NULL;
	struct arena *arena = table->plan->c->arena;
	while ((at = auto_next(table->plan, table->model->table, TABLE_LEFT_OVER, at)))
		change(table, arena_printf(arena, "DROP COLUMN %s", at->column),
		       arena_printf(arena, "ADD COLUMN %s", column_again(table, at->column)));
}

void auto_postgres_change(const struct auto_table *table)
{
	missing_add(table);
	null_change(table);
	rule_change(table);
	left_over_drop(table);
}
