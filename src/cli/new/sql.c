/*
 * The two migrations of a module: its table with the rules that the columns have in C, and its
 * indexes. Types, how ids are made and how bytes are counted differ between the two databases.
 */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "new.h"

struct migration_writer {
	struct ctx *c;
	const struct new_module *m;
	bool is_postgres;
	struct buf out;
};

const char *new_quoted(struct ctx *c, const char *text, size_t len)
{
	struct buf out;
	buf_init(&out, c->arena);
	buf_add_char(&out, '\'');
	for (size_t i = 0; i < len; i++) {
		buf_add_char(&out, text[i]);
		if (text[i] == '\'')
			buf_add_char(&out, '\'');
	}
	buf_add_char(&out, '\'');
	return buf_text(&out);
}

/* ---- columns ---- */

static const char *type_of(const struct migration_writer *w, const struct new_column *column)
{
	switch (column->type) {
	case NEW_INT:
	case NEW_TIME:
	case NEW_OWNER: return w->is_postgres ? "BIGINT" : "INTEGER";
	case NEW_REAL: return w->is_postgres ? "DOUBLE PRECISION" : "REAL";
	case NEW_BOOL: return w->is_postgres ? "BOOLEAN" : "INTEGER";
	case NEW_DATE: return w->is_postgres ? "DATE" : "TEXT";
	case NEW_JSON: return "TEXT";
	case NEW_TEXT:
	case NEW_SEARCHED:
	case NEW_NAME:
	case NEW_CHOICE: break;
	}
	return w->is_postgres ? "TEXT COLLATE \"C\"" : "TEXT";
}

/* On the line of the name while there is room. */
static void check_add(struct migration_writer *w, const char *column, const char *condition)
{
	const char *start = arena_printf(w->c->arena, "    CONSTRAINT %s_%s_check", w->m->name,
					 column);
	bool fits = strlen(start) + strlen(" ,") + strlen(condition) <= NEW_LINE_MAX;
	buf_printf(&w->out, "\n%s%s%s", start, fits ? " " : "\n    ", condition);
}

/* There may be many, of a model any number. */
static const char *choices_of(struct migration_writer *w, const struct new_column *column)
{
	struct ctx *c = w->c;
	size_t count = 0;
	struct buf text;
	while (column->choices[count])
		count++;
	const char **words = arena_zero(c->arena, (count + 1) * sizeof(*words));
	for (size_t i = 0; i < count; i++)
		words[i] = new_quoted(c, column->choices[i], strlen(column->choices[i]));
	buf_init(&text, c->arena);
	const char *opening = arena_printf(c->arena, "    CHECK (%s IN (", column->name);
	new_fill(&text, opening, "      ", words, count, "))");
	return buf_text(&text) + strlen("    ");
}

/* INT64_MIN and INT64_MAX are no bounds. */
static const char *bounds_of(struct migration_writer *w, const struct new_column *column)
{
	struct arena *arena = w->c->arena;
	const char *what = new_is_text(column) ? arena_printf(arena, "length(%s)", column->name)
					       : column->name;
	if (column->min == INT64_MIN)
		return arena_printf(arena, "CHECK (%s <= %" PRId64 ")", what, column->max);
	if (column->max == INT64_MAX)
		return arena_printf(arena, "CHECK (%s >= %" PRId64 ")", what, column->min);
	return arena_printf(arena, "CHECK (%s BETWEEN %" PRId64 " AND %" PRId64 ")", what,
			    column->min, column->max);
}

static void rules_add(struct migration_writer *w, const struct new_column *column)
{
	if (column->choices)
		check_add(w, column->name, choices_of(w, column));
	else if (column->has_bounds)
		check_add(w, column->name, bounds_of(w, column));
	else if (column->condition)
		check_add(w, column->name,
			  arena_printf(w->c->arena, "CHECK (%s)", column->condition));
	else if (column->type == NEW_BOOL && !w->is_postgres)
		check_add(w, column->name,
			  arena_printf(w->c->arena, "CHECK (%s IN (0, 1))", column->name));
	else if (column->type == NEW_DATE && !w->is_postgres)
		check_add(w, column->name,
			  arena_printf(w->c->arena, "CHECK (%s = date(%s))", column->name,
				       column->name));
}

/* No key is that of another name, as far as SQL can tell: of ASCII it is the text in lower case. */
static const char *key_check_of(struct migration_writer *w, const char *name)
{
	struct arena *arena = w->c->arena;
	const char *bytes = w->is_postgres ? "octet_length(" : "length(CAST(";
	const char *end = w->is_postgres ? ")" : " AS BLOB))";
	const char *start = arena_printf(arena, "CHECK (length(%s) < %s%s%s", name, bytes, name,
					 end);
	const char *rest = arena_printf(arena, "OR %s_key = lower(%s))", name, name);
	bool fits = strlen("    ") + strlen(start) + strlen(rest) + strlen(" ,") <= NEW_LINE_MAX;
	return arena_printf(arena, "%s%s%s", start, fits ? " " : "\n      ", rest);
}

/* What croft keeps beside it. */
static void beside_add(struct migration_writer *w, const struct new_column *column)
{
	const char *name = column->name, *type = type_of(w, column);
	if (column->type == NEW_SEARCHED)
		buf_printf(&w->out, "%s_folded %s", name, type);
	if (column->type != NEW_NAME)
		return;
	buf_printf(&w->out, "%s_key %s%s", name, type, column->is_null ? "" : " NOT NULL");
	check_add(w, arena_printf(w->c->arena, "%s_key", name), key_check_of(w, name));
}

static void key_add(struct migration_writer *w, const struct new_column *column)
{
	buf_printf(&w->out, " REFERENCES %s (id) ON DELETE %s",
		   column->refers_to ? column->refers_to : "users",
		   column->is_null ? "SET NULL" : "CASCADE");
}

static void column_add(struct migration_writer *w, const struct new_column *column)
{
	buf_printf(&w->out, "%s %s%s", column->name, type_of(w, column),
		   column->is_null ? "" : " NOT NULL");
	if (column->filler)
		buf_printf(&w->out, " DEFAULT %s", column->filler);
	if (column->type == NEW_OWNER)
		key_add(w, column);
	rules_add(w, column);
}

/* What one of the above adds, by itself. */
static const char *text_of(struct ctx *c, const struct new_module *m,
			   const struct new_column *column, bool is_postgres,
			   void (*add)(struct migration_writer *w, const struct new_column *column))
{
	struct migration_writer w = { .c = c, .m = m, .is_postgres = is_postgres };
	buf_init(&w.out, c->arena);
	add(&w, column);
	return buf_text(&w.out);
}

const char *new_column_sql(struct ctx *c, const struct new_module *m,
			   const struct new_column *column, bool is_postgres)
{
	return text_of(c, m, column, is_postgres, column_add);
}

const char *new_beside_sql(struct ctx *c, const struct new_module *m,
			   const struct new_column *column, bool is_postgres)
{
	return text_of(c, m, column, is_postgres, beside_add);
}

const char *new_rules_sql(struct ctx *c, const struct new_module *m,
			  const struct new_column *column, bool is_postgres)
{
	return text_of(c, m, column, is_postgres, rules_add);
}

/* A column in its table, and what is beside it. */
static void line_add(struct migration_writer *w, const struct new_column *column)
{
	size_t before;
	buf_add_lit(&w->out, "  ");
	column_add(w, column);
	buf_add_lit(&w->out, ",\n  ");
	before = w->out.len;
	beside_add(w, column);
	if (w->out.len > before)
		buf_add_lit(&w->out, ",\n");
	else
		w->out.len -= strlen("  ");
}

static void table_add(struct migration_writer *w)
{
	const char *integer = w->is_postgres ? "BIGINT" : "INTEGER";
	buf_printf(&w->out, "CREATE TABLE %s (\n  id %s PRIMARY KEY%s,\n", w->m->name,
		   w->is_postgres ? "BIGINT GENERATED BY DEFAULT AS IDENTITY" : "INTEGER",
		   w->is_postgres ? "" : " AUTOINCREMENT");
	for (size_t i = 0; i < w->m->count; i++)
		line_add(w, &w->m->columns[i]);
	buf_printf(&w->out, "  created_at %s NOT NULL,\n  updated_at %s NOT NULL", integer,
		   integer);
	if (w->m->soft_delete)
		buf_printf(&w->out, ",\n  deleted_at %s", integer);
	buf_printf(&w->out, "\n)%s;\n", w->is_postgres ? "" : " STRICT");
}

const char *new_table_sql(struct ctx *c, const struct new_module *m, bool is_postgres)
{
	struct migration_writer w = { .c = c, .m = m, .is_postgres = is_postgres };
	buf_init(&w.out, c->arena);
	table_add(&w);
	return buf_text(&w.out);
}

const char *new_migration_text(struct ctx *c, const struct new_module *m, bool is_postgres)
{
	struct migration_writer w = { .c = c, .m = m, .is_postgres = is_postgres };
	buf_init(&w.out, c->arena);
	buf_printf(&w.out, "-- %s.\n-- migrate:up\n", new_capital(c, m->name));
	table_add(&w);
	buf_add_char(&w.out, '\n');
	buf_add_text(&w.out, new_indexes_sql(c, m));
	buf_printf(&w.out, "\n-- migrate:down\nDROP TABLE %s;\n", m->name);
	return buf_text(&w.out);
}
