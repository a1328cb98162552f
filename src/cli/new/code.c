/* The C of a module: its header, and the one file that is all of it. */
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/str.h"
#include "new.h"

enum { RULES_MAX = 8 };

/* What stands in the brackets of one column. */
struct rules {
	const char *items[RULES_MAX];
	size_t count;
};

static void rule_add(struct rules *rules, const char *rule)
{
	rules->items[rules->count++] = rule;
}

static const char *kind_of(struct ctx *c, const struct new_column *column)
{
	static const char *const kinds[] = {
		[NEW_TEXT] = "TEXT",   [NEW_SEARCHED] = "SEARCHED", [NEW_NAME] = "NAME",
		[NEW_INT] = "INT",     [NEW_REAL] = "REAL",         [NEW_BOOL] = "BOOL",
		[NEW_TIME] = "TIME",   [NEW_DATE] = "DATE",         [NEW_JSON] = "JSON",
		[NEW_CHOICE] = "TEXT", [NEW_OWNER] = "OWNER",
	};
	const char *kind = kinds[column->type];
	return column->is_null ? arena_printf(c->arena, "%s_OR_NULL", kind) : kind;
}

static void bounds_add(struct ctx *c, const struct new_column *column, struct rules *rules)
{
	long long min = column->min, max = column->max;
	if (column->type == NEW_INT) {
		rule_add(rules, arena_printf(c->arena, "MIN(%lld)", min));
		rule_add(rules, arena_printf(c->arena, "MAX(%lld)", max));
		return;
	}
	if (min)
		rule_add(rules, arena_printf(c->arena, ".min_len = %lld", min));
	rule_add(rules, arena_printf(c->arena, ".max_len = %lld", max));
}

const char *new_filter_rule(const struct new_column *column)
{
	switch (column->type) {
	case NEW_INT:
	case NEW_REAL:
	case NEW_TIME:
	case NEW_DATE: return ".filter = FILTER_RANGE";
	case NEW_BOOL: return ".filter = FILTER_EQ";
	case NEW_CHOICE: return ".filter = FILTER_EQ | FILTER_IN";
	default: return NULL;
	}
}

static void rules_of(struct ctx *c, const struct new_column *column, struct rules *ret)
{
	*ret = (struct rules){ 0 };
	rule_add(ret, kind_of(c, column));
	rule_add(ret, column->name);
	if (column->choices)
		rule_add(ret, arena_printf(c->arena, ".choices = %s_choices", column->name));
	if (column->has_bounds)
		bounds_add(c, column, ret);
	if (column->preset)
		rule_add(ret, arena_printf(c->arena, ".preset = \"%s\"", column->preset));
	if (column->is_sorted)
		rule_add(ret, ".sort = true");
	if (new_filter_rule(column))
		rule_add(ret, new_filter_rule(column));
}

/* Where they do not fit on a line, clang-format would put them in rows and columns. */
void new_choices_add(struct ctx *c, const struct new_column *column, struct buf *out)
{
	const char *words[NEW_CHOICES_MAX];
	size_t count = 0;
	struct buf line;
	buf_init(&line, c->arena);
	if (!column->choices)
		return;
	for (; column->choices[count]; count++)
		words[count] = arena_printf(c->arena, "\"%s\"", column->choices[count]);
	const char *start = arena_printf(
		c->arena, "static const char *const %s_choices[] = CHOICES(", column->name);
	new_fill(&line, start, "\n", words, count, ");\n");
	if (new_is_one_line(&line)) {
		buf_add_text(out, buf_text(&line));
		return;
	}
	buf_printf(out, "/* clang-format off */\n%s\n", start);
	new_fill(out, "\t", "\t", words, count, ");\n/* clang-format on */\n");
}

/* A table of one column stands on one line where it fits. */
static bool add_on_one_line(struct ctx *c, const struct new_module *m, const struct rules *rules,
			    struct buf *out)
{
	struct buf line;
	buf_init(&line, c->arena);
	new_fill(&line, arena_printf(c->arena, "COLUMNS(%s, (", m->singular), "\n", rules->items,
		 rules->count, "));\n");
	bool fits = new_is_one_line(&line);
	if (fits)
		buf_add_text(out, buf_text(&line));
	return fits;
}

static void columns_add(struct ctx *c, const struct new_module *m, struct buf *out)
{
	struct rules rules;
	rules_of(c, &m->columns[0], &rules);
	if (m->count == 1 && add_on_one_line(c, m, &rules, out))
		return;
	buf_printf(out, "COLUMNS(%s,\n", m->singular);
	for (size_t i = 0; i < m->count; i++) {
		rules_of(c, &m->columns[i], &rules);
		new_fill(out, "\t(", "\t ", rules.items, rules.count,
			 i + 1 == m->count ? "));\n" : "),\n");
	}
}

const char *new_write_access(struct ctx *c, const struct new_module *m)
{
	if (new_owner_of(m))
		return "ACCESS_USER";
	return m->has_permission ? arena_printf(c->arena, "ACCESS_WITH(&%s_manage)", m->name)
				 : "ACCESS_SUPERUSER";
}

void new_permission_add(struct ctx *c, const struct new_module *m, struct buf *out)
{
	const char *words = new_owner_of(m) ? "\"Change and delete the %s of others\""
					    : "\"Create, change and delete %s\"";
	const char *const arguments[] = {
		arena_printf(c->arena, "%s_manage", m->name),
		arena_printf(c->arena, "\"%s.manage\"", m->name),
		arena_printf(c->arena, words, m->name),
	};
	if (!m->has_permission)
		return;
	new_fill(out, "PERMISSION(", "\t   ", arguments, COUNT_OF(arguments), ");\n");
	const char *list = arena_printf(
		c->arena,
		"static const struct permission *const permissions[] = PERMISSIONS(&%s_manage);\n",
		m->name);
	buf_add_text(out, new_wrapped(c, list));
}

static void operations_add(struct ctx *c, const struct new_module *m, struct buf *out)
{
	bool manages = m->has_permission && new_owner_of(m);
	const char *const arguments[] = {
		m->name,
		m->singular,
		"ACCESS_USER",
		new_write_access(c, m),
		arena_printf(c->arena, ".model = &%s_model", m->singular),
		arena_printf(c->arena, ".manage = &%s_manage", m->name),
	};
	new_fill(out, "CRUD_OPERATIONS(", "\t\t", arguments,
		 COUNT_OF(arguments) - (manages ? 0 : 1), ");\n");
}

static void model_add(const struct new_module *m, struct buf *out)
{
	buf_printf(out,
		   "static const struct model %s_model = {\n"
		   "\t.name = \"%s\",\n"
		   "\t.table = \"%s\",\n"
		   "\t.row = &%s_schema,\n"
		   "\t.timestamps = true,\n"
		   "};\n"
		   "static const struct model *const models[] = MODELS(&%s_model);\n",
		   m->singular, m->singular, m->name, m->singular, m->singular);
}

static void descriptor_add(struct ctx *c, const struct new_module *m, struct buf *out)
{
	buf_printf(out,
		   "static const struct route %s_routes[] = ROUTES(\n"
		   "\tCRUD_ROUTES(%s));\n\n",
		   m->name, m->name);
	buf_printf(out,
		   "const struct module %s_module = {\n"
		   "\t.name = \"%s\",\n"
		   "\t.doc = \"%s.\",\n"
		   "\t.routes = %s_routes,\n"
		   "%s"
		   "\t.models = models,\n"
		   "};\n",
		   m->name, m->name, new_capital(c, m->name), m->name,
		   m->has_permission ? "\t.permissions = permissions,\n" : "");
}

const char *new_code_text(struct ctx *c, const struct new_module *m)
{
	struct buf out;
	buf_init(&out, c->arena);
	buf_printf(&out,
		   "/* The %s module, made of its columns. Listed in src/app/modules.c. */\n"
		   "#include \"modules/%s.h\"\n\n"
		   "#include \"core/columns.h\"\n\n",
		   m->name, m->name);
	size_t before = out.len;
	for (size_t i = 0; i < m->count; i++)
		new_choices_add(c, &m->columns[i], &out);
	if (out.len > before)
		buf_add_char(&out, '\n');
	columns_add(c, m, &out);
	buf_add_char(&out, '\n');
	model_add(m, &out);
	buf_add_char(&out, '\n');
	new_permission_add(c, m, &out);
	if (m->has_permission)
		buf_add_char(&out, '\n');
	operations_add(c, m, &out);
	buf_add_char(&out, '\n');
	descriptor_add(c, m, &out);
	return buf_text(&out);
}

const char *new_upper(struct ctx *c, const char *name)
{
	char *text = arena_strdup(c->arena, name);
	for (char *at = text; *at; at++)
		*at = str_upper(*at);
	return text;
}

const char *new_header_text(struct ctx *c, const struct new_module *m)
{
	const char *guard = new_upper(c, m->name);
	return arena_printf(c->arena,
			    "/* %s: what other modules and the list of modules may use. */\n"
			    "#ifndef CROFT_MODULES_%s_H\n"
			    "#define CROFT_MODULES_%s_H\n\n"
			    "#include \"core/module.h\"\n\n"
			    "extern const struct module %s_module;\n\n"
			    "#endif\n",
			    new_capital(c, m->name), guard, guard, m->name);
}
