/*
 * The tests of a module: for each of its columns two values and one that is refused. What is done
 * with them is the same for all modules and stands in include/testing/crud_rows.h.
 */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "new.h"

/* As C has them: JSON with the other quotes, or NULL. */
struct samples {
	const char *first, *second, *refused;
};

/* The word, as long as the column wants it. */
static const char *text_of(struct ctx *c, const struct new_column *column, const char *word)
{
	struct buf text;
	buf_init(&text, c->arena);
	buf_add_text(&text, word);
	while ((int64_t)text.len < column->min)
		buf_add_char(&text, 'x');
	if ((int64_t)text.len > column->max)
		text.len = (size_t)column->max;
	return arena_printf(c->arena, "\"'%s'\"", buf_text(&text));
}

static struct samples texts_of(struct ctx *c, const struct new_column *column)
{
	return (struct samples){
		text_of(c, column, "one"),
		text_of(c, column, "two"),
		column->min ? "\"''\"" : "\"1\"",
	};
}

static struct samples integers_of(struct ctx *c, const struct new_column *column)
{
	int64_t first = column->has_bounds ? column->min : 1;
	int64_t second = column->has_bounds && first == column->max ? first : first + 1;
	return (struct samples){
		arena_printf(c->arena, "\"%" PRId64 "\"", first),
		arena_printf(c->arena, "\"%" PRId64 "\"", second),
		column->has_bounds ? arena_printf(c->arena, "\"%" PRId64 "\"", column->max + 1)
				   : "\"'x'\"",
	};
}

static struct samples choices_of(struct ctx *c, const struct new_column *column)
{
	return (struct samples){
		arena_printf(c->arena, "\"'%s'\"", column->choices[0]),
		arena_printf(c->arena, "\"'%s'\"", column->choices[1]),
		"\"'none of them'\"",
	};
}

static struct samples samples_of(struct ctx *c, const struct new_column *column)
{
	switch (column->type) {
	case NEW_INT: return integers_of(c, column);
	case NEW_CHOICE: return choices_of(c, column);
	case NEW_REAL: return (struct samples){ "\"1.5\"", "\"2.5\"", "\"'x'\"" };
	case NEW_BOOL: return (struct samples){ "\"true\"", "\"false\"", "\"'x'\"" };
	case NEW_TIME:
		return (struct samples){ "\"'2026-01-02T03:04:05Z'\"", "\"'2026-12-31T23:59:59Z'\"",
					 "\"'x'\"" };
	case NEW_DATE:
		return (struct samples){ "\"'2026-02-28'\"", "\"'2026-12-31'\"",
					 "\"'2026-02-29'\"" };
	case NEW_JSON: return (struct samples){ "\"{'one':1}\"", "\"[2]\"", "NULL" };
	default: return texts_of(c, column);
	}
}

static void value_add(struct ctx *c, const struct new_column *column, struct buf *out)
{
	struct samples samples = samples_of(c, column);
	const char *const items[] = {
		arena_printf(c->arena, "\"%s\"", column->name),
		samples.first,
		column->is_null ? "\"null\"" : samples.second,
		samples.refused,
	};
	new_fill(out, "\t{ ", "\t  ", items, COUNT_OF(items), " },\n");
}

const char *new_test_text(struct ctx *c, const struct new_module *m)
{
	struct buf out;
	buf_init(&out, c->arena);
	buf_printf(
		&out,
		"/* %s: what is stored, what is refused, who may. */\n"
		"#include \"testing/crud_rows.h\"\n\n"
		"#include \"modules/%s.h\"\n\n"
		"/* Of each column: as it is created, as it is changed, and what is refused. */\n"
		"/* clang-format off */\n"
		"static const struct crud_value values[] = {\n",
		new_capital(c, m->name), m->name);
	for (size_t i = 0; i < m->count; i++)
		if (m->columns[i].type != NEW_OWNER)
			value_add(c, &m->columns[i], &out);
	const char *const arguments[] = {
		"stage_open_three",
		arena_printf(c->arena, "\"modules/%s\"", m->name),
		arena_printf(c->arena, "%s_module", m->name),
		"values",
	};
	buf_add_lit(&out, "};\n/* clang-format on */\n\nint main(void)\n{\n");
	new_fill(&out, "\treturn CRUD_ROWS(", "\t\t\t ", arguments, COUNT_OF(arguments), ");\n");
	buf_add_lit(&out, "}\n");
	return buf_text(&out);
}
