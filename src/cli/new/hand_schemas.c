/*
 * The field tables of a module that is written out, and its model. A rule that row and inputs share
 * is a macro: NAME_RULES.
 */
#include "hand.h"

#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/str.h"

enum { RULES_MAX = 12, FIELDS_MAX = NEW_COLUMNS_MAX + 3 };

/* A field, or what stands in its brackets. */
struct rules {
	const char *items[RULES_MAX];
	size_t count;
};

static void rule_add(struct rules *rules, const char *rule)
{
	if (rule)
		rules->items[rules->count++] = rule;
}

/* ---- what columns say ---- */

/* NULL: it has none. */
static const char *shared_name(struct ctx *c, const struct new_column *column)
{
	bool has = column->choices || column->has_bounds;
	return has ? arena_printf(c->arena, "%s_RULES", new_upper(c, column->name)) : NULL;
}

static void shared_add(struct ctx *c, const struct new_column *column, struct buf *out)
{
	long long min = column->min, max = column->max;
	if (!shared_name(c, column))
		return;
	buf_printf(out, "#define %s ", shared_name(c, column));
	if (column->choices)
		buf_printf(out, ".choices = %s_choices\n", column->name);
	else if (column->type == NEW_INT)
		buf_printf(out, "MIN(%lld), MAX(%lld)\n", min, max);
	else if (min)
		buf_printf(out, ".min_len = %lld, .max_len = %lld\n", min, max);
	else
		buf_printf(out, ".max_len = %lld\n", max);
}

static const char *filter_of(const struct new_column *column)
{
	if (column->type == NEW_OWNER)
		return ".filter = FILTER_EQ | FILTER_IN";
	if (column->type == NEW_SEARCHED || column->type == NEW_NAME)
		return ".filter = FILTER_TEXT";
	return new_filter_rule(column);
}

static struct rules row_rules(struct ctx *c, const struct new_column *column)
{
	struct rules rules = { 0 };
	rule_add(&rules, column->name);
	rule_add(&rules, ".required = true");
	rule_add(&rules, column->is_null ? ".nullable = true" : NULL);
	rule_add(&rules, shared_name(c, column));
	rule_add(&rules, column->is_sorted ? ".sort = true" : NULL);
	rule_add(&rules, filter_of(column));
	if (column->type == NEW_SEARCHED) {
		rule_add(&rules, ".search = true");
		rule_add(&rules, arena_printf(c->arena, ".folded = \"%s_folded\"", column->name));
	}
	if (column->type == NEW_NAME)
		rule_add(&rules, arena_printf(c->arena, ".key = \"%s_key\"", column->name));
	return rules;
}

static struct rules create_rules(struct ctx *c, const struct new_column *column)
{
	struct rules rules = { 0 };
	rule_add(&rules, column->name);
	if (column->type == NEW_OWNER)
		rule_add(&rules, ".in = NOT_INPUT");
	else if (column->preset)
		rule_add(&rules, arena_printf(c->arena, ".preset = \"%s\"", column->preset));
	else
		rule_add(&rules, column->is_null ? ".nullable = true" : ".required = true");
	rule_add(&rules, shared_name(c, column));
	return rules;
}

static struct rules update_rules(struct ctx *c, const struct new_column *column)
{
	struct rules rules = { 0 };
	if (column->type == NEW_OWNER)
		return rules;
	rule_add(&rules, column->name);
	rule_add(&rules, column->is_null ? ".nullable = true" : NULL);
	rule_add(&rules, shared_name(c, column));
	return rules;
}

/* ---- tables ---- */

/* The fields of one, each on lines of its own; a single one beside the macro where it fits. */
struct table {
	struct ctx *c;
	/* "book_create": of the struct and the schema */
	const char *tag;
	const char *fields[FIELDS_MAX];
	size_t count;
};

static void field_add(struct table *table, const char *macro, const struct rules *rules)
{
	struct buf text;
	const char *opening = arena_printf(table->c->arena, "\t%s(struct %s, ", macro, table->tag);
	char next[] = "\t            ";
	next[1 + strlen(macro) + 1] = '\0';
	buf_init(&text, table->c->arena);
	new_fill(&text, opening, next, rules->items, rules->count, ")");
	table->fields[table->count++] = buf_text(&text);
}

static void columns_add(struct table *table, const struct new_module *m,
			struct rules (*of)(struct ctx *c, const struct new_column *column))
{
	for (size_t i = 0; i < m->count; i++) {
		const struct rules rules = of(table->c, &m->columns[i]);
		if (rules.count)
			field_add(table, "FIELD", &rules);
	}
}

#define ADD(table, macro, ...) \
	field_add(table, macro, \
		  &(const struct rules){ { __VA_ARGS__ }, \
					 COUNT_OF(((const char *const[]){ __VA_ARGS__ })) })

static void table_write(const struct table *table, struct buf *out)
{
	struct buf line;
	buf_init(&line, table->c->arena);
	buf_printf(&line, "SCHEMA(%s, %s);\n", table->tag, table->fields[0] + 1);
	if (table->count == 1 && new_is_one_line(&line)) {
		buf_printf(out, "%s\n", buf_text(&line));
		return;
	}
	buf_printf(out, "SCHEMA(%s,\n", table->tag);
	for (size_t i = 0; i < table->count; i++)
		buf_printf(out, "%s%s\n", table->fields[i], i + 1 < table->count ? "," : ");");
	buf_add_char(out, '\n');
}

static void row_write(struct ctx *c, const struct new_module *m, struct buf *out)
{
	struct table table = { c, m->singular, { 0 }, 0 };
	ADD(&table, "FIELD", "id", ".required = true", ".sort = true",
	    ".filter = FILTER_EQ | FILTER_IN");
	columns_add(&table, m, row_rules);
	ADD(&table, "FIELD", "created_at", ".required = true", ".sort = true",
	    ".filter = FILTER_RANGE");
	ADD(&table, "FIELD", "updated_at", ".required = true");
	table_write(&table, out);
	buf_printf(out,
		   "PAGE_SCHEMA(%s);\n\n"
		   "const struct model %s_model = {\n"
		   "\t.name = \"%s\",\n"
		   "\t.table = \"%s\",\n"
		   "\t.row = &%s_schema,\n"
		   "\t.timestamps = true,\n"
		   "};\n\n/* ---- inputs ---- */\n\n",
		   m->singular, m->singular, m->singular, m->name, m->singular);
}

static struct table table_of(struct ctx *c, const struct new_module *m, const char *end)
{
	return (struct table){ c, arena_printf(c->arena, "%s_%s", m->singular, end), { 0 }, 0 };
}

static void inputs_write(struct ctx *c, const struct new_module *m, struct buf *out)
{
	struct table ref = table_of(c, m, "ref"), list = table_of(c, m, "list");
	struct table create = table_of(c, m, "create"), update = table_of(c, m, "update");
	struct table gone = table_of(c, m, "delete");
	ADD(&ref, "FIELD", "id", "ID_RULES");
	table_write(&ref, out);
	ADD(&list, "LIST_FIELD", "list", arena_printf(c->arena, "&%s_schema", m->singular));
	table_write(&list, out);
	columns_add(&create, m, create_rules);
	table_write(&create, out);
	ADD(&update, "FIELD", "id", "ID_RULES");
	ADD(&update, "FIELD", "if_match", "IF_MATCH_RULES");
	columns_add(&update, m, update_rules);
	table_write(&update, out);
	ADD(&gone, "FIELD", "id", "ID_RULES");
	ADD(&gone, "FIELD", "if_match", "IF_MATCH_RULES");
	table_write(&gone, out);
}

const char *new_hand_schemas(struct ctx *c, const struct new_module *m)
{
	struct buf out;
	buf_init(&out, c->arena);
	buf_printf(&out,
		   "/* The field tables of %s and their model. */\n"
		   "#include \"internal.h\"\n\n",
		   m->name);
	for (size_t i = 0; i < m->count; i++)
		new_choices_add(c, &m->columns[i], &out);
	if (!str_ends(buf_text(&out), "\n\n"))
		buf_add_char(&out, '\n');
	for (size_t i = 0; i < m->count; i++)
		shared_add(c, &m->columns[i], &out);
	buf_printf(&out,
		   "#define ID_RULES .in = IN_PATH, .required = true, .doc = \"Id of the %s\"\n\n",
		   m->singular);
	row_write(c, m, &out);
	inputs_write(c, m, &out);
	out.len--; /* the empty line behind the last */
	return buf_text(&out);
}
