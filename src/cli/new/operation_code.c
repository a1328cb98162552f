/*
 * The C of an operation: a text that it takes and gives back, with all that is around the function,
 * from the route to the rows. What it is to do is the author's.
 */
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "operation.h"

/* As clang-format aligns what goes on behind an opening bracket. */
static const char *aligned(struct ctx *c, const char *opening)
{
	enum { TAB = 8 };
	size_t column = strlen(opening);
	char *text = arena_raw(c->arena, column + 1);
	memset(text, '\t', column / TAB);
	memset(text + column / TAB, ' ', column % TAB);
	text[column / TAB + column % TAB] = '\0';
	return text;
}

const char *new_operation_structs(struct ctx *c, const struct new_operation *op)
{
	return arena_printf(c->arena,
			    "struct %s_%s_in {\n"
			    "\tconst char *text;\n"
			    "};\n\n"
			    "struct %s_%s_out {\n"
			    "\tconst char *text;\n"
			    "};\n",
			    op->module, op->verb, op->module, op->verb);
}

/* Its one field stands on the line of the macro where it fits. */
static void schema_add(struct ctx *c, const char *tag, const char *const *rules, size_t count,
		       struct buf *out)
{
	struct buf line;
	buf_init(&line, c->arena);
	new_fill(&line, arena_printf(c->arena, "SCHEMA(%s, FIELD(struct %s, ", tag, tag), "\n",
		 rules, count, "));\n");
	if (new_is_one_line(&line)) {
		buf_add_text(out, buf_text(&line));
		return;
	}
	buf_printf(out, "SCHEMA(%s,\n", tag);
	new_fill(out, arena_printf(c->arena, "\tFIELD(struct %s, ", tag), "\t      ", rules, count,
		 "));\n");
}

const char *new_operation_schemas(struct ctx *c, const struct new_operation *op)
{
	const char *const in[] = { "text", ".required = true", ".min_len = 1", ".max_len = 200",
				   ".in = IN_QUERY" };
	static const char *const out_rules[] = { "text", ".required = true" };
	struct buf out;
	const char *tag = arena_printf(c->arena, "%s_%s", op->module, op->verb);
	buf_init(&out, c->arena);
	schema_add(c, arena_printf(c->arena, "%s_in", tag), in, COUNT_OF(in) - !op->is_query, &out);
	buf_add_char(&out, '\n');
	schema_add(c, arena_printf(c->arena, "%s_out", tag), out_rules, COUNT_OF(out_rules), &out);
	return buf_text(&out);
}

static void function_add(struct ctx *c, const struct new_operation *op, const char *tag,
			 struct buf *out)
{
	const char *opening = arena_printf(c->arena, "static enum app_err do_%s(", op->verb);
	const char *const arguments[] = {
		"struct ctx *c",
		arena_printf(c->arena, "const struct %s_in *in", tag),
		arena_printf(c->arena, "struct %s_out *ret", tag),
	};
	new_fill(out, opening, aligned(c, opening), arguments, COUNT_OF(arguments), ")\n");
	buf_add_lit(out, "{\n"
			 "\t(void)c;\n"
			 "\tret->text = in->text;\n"
			 "\treturn APP_OK;\n"
			 "}\n\n");
	static const char macro[] = "OPERATION_FN(";
	const char *const types[] = {
		arena_printf(c->arena, "do_%s", op->verb),
		arena_printf(c->arena, "struct %s_in", tag),
		arena_printf(c->arena, "struct %s_out", tag),
	};
	new_fill(out, macro, aligned(c, macro), types, COUNT_OF(types), ")\n");
}

const char *new_operation_code(struct ctx *c, const struct new_operation *op)
{
	struct buf out;
	const char *tag = arena_printf(c->arena, "%s_%s", op->module, op->verb);
	buf_init(&out, c->arena);
	buf_printf(&out, "/* ---- %s.%s ---- */\n\n", op->module, op->verb);
	if (!op->is_spread)
		buf_printf(&out, "%s\n%s\n", new_operation_structs(c, op),
			   new_operation_schemas(c, op));
	function_add(c, op, tag, &out);
	buf_printf(&out,
		   "\n%sconst struct operation %s = {\n"
		   "\t.name = \"%s.%s\",\n"
		   "\t.summary = \"%s\",\n"
		   "\t.kind = %s,\n"
		   "\t.access = ACCESS_USER,\n"
		   "\t.in = &%s_in_schema,\n"
		   "\t.out = &%s_out_schema,\n"
		   "\tRUN(do_%s),\n"
		   "};\n",
		   op->is_spread ? "" : "static ", tag, op->module, op->verb,
		   new_capital(c, op->verb), op->is_query ? "QUERY" : "COMMAND", tag, tag,
		   op->verb);
	return buf_text(&out);
}

const char *new_operation_route(struct ctx *c, const struct new_operation *op)
{
	struct buf out;
	buf_init(&out, c->arena);
	const char *const items[] = {
		op->is_query ? "GET" : "POST",
		arena_printf(c->arena, "\"/%s/%s\"", op->module, op->verb),
		arena_printf(c->arena, "&%s_%s", op->module, op->verb),
		".status = 200",
	};
	new_fill(&out, "\t{ ", "\t  ", items, COUNT_OF(items), " });\n");
	return buf_text(&out);
}

const char *new_operation_test(struct ctx *c, const struct new_operation *op)
{
	return arena_printf(
		c->arena,
		"/* %s.%s: what it answers, what it refuses, who may. */\n"
		"#include \"testing/stage.h\"\n\n"
		"#include \"app/modules.h\"\n"
		"#include \"base/attr.h\"\n"
		"#include \"core/module.h\"\n"
		"#include \"testing/store.h\"\n\n"
		"int main(void)\n"
		"{\n"
		"\tstatic const char name[] = \"%s.%s\";\n"
		"\tconst struct operation *op = module_find_operation(app_modules, name);\n"
		"\tconst struct CMUnitTest rows[] = {\n"
		"\t\tCASE(\"it gives back the text that it takes\", AS_ADA, op, "
		"\"{'text':'one'}\", "
		"APP_OK,\n"
		"\t\t     \"{'text':'one'}\"),\n"
		"\t\tCASE(\"it wants a text\", AS_ADA, op, \"{'text':''}\", APP_INVALID,\n"
		"\t\t     \"[{'type':'string_too_short','loc':['body','text'],'msg':'String should "
		"\"\n"
		"\t\t     \"have at least 1 character','input':'','ctx':{'min_length':1}}]\"),\n"
		"\t\tCASE(\"it is not for everyone\", AS_NOBODY, op, \"{'text':'one'}\", "
		"APP_UNAUTHENTICATED,\n"
		"\t\t     \"Not authenticated\"),\n"
		"\t};\n"
		"\treturn store_run(name, rows, COUNT_OF(rows), NULL, NULL);\n"
		"}\n",
		op->module, op->verb, op->module, op->verb);
}
