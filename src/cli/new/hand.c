/*
 * The C of a module that is written out: what COLUMNS() and CRUD_OPERATIONS() would make of its
 * columns, as structs, field tables and operations of its own, in a file for each subject.
 */
#include "hand.h"

#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"

/*
 * A template with "@" for the row and "~" for the module. A line that becomes too long goes on
 * behind its first bracket, as clang-format has it.
 */
static const char *filled(struct ctx *c, const struct new_module *m, const char *template)
{
	struct buf out;
	buf_init(&out, c->arena);
	for (const char *at = template; *at; at++) {
		if (*at == '@')
			buf_add_text(&out, m->singular);
		else if (*at == '~')
			buf_add_text(&out, m->name);
		else
			buf_add_char(&out, *at);
	}
	return new_wrapped(c, buf_text(&out));
}

/* ---- internal.h ---- */

struct member_types {
	const char *row, *row_or_null, *change;
};

static const struct member_types *types_of(const struct new_column *column)
{
	static const struct member_types types[] = {
		[NEW_TEXT] = { "const char *", "const char *", "struct maybe_text " },
		[NEW_INT] = { "int64_t ", "struct maybe_int ", "struct maybe_int " },
		[NEW_REAL] = { "double ", "struct maybe_real ", "struct maybe_real " },
		[NEW_BOOL] = { "bool ", "struct maybe_bool ", "struct maybe_bool " },
		[NEW_TIME] = { "struct instant ", "struct maybe_instant ",
			       "struct maybe_instant " },
		[NEW_DATE] = { "struct date ", "struct maybe_date ", "struct maybe_date " },
		[NEW_JSON] = { "struct raw_json ", "struct maybe_json ", "struct maybe_json " },
	};
	bool is_text = new_is_text(column) || column->type == NEW_CHOICE;
	return &types[is_text ? NEW_TEXT : column->type == NEW_OWNER ? NEW_INT : column->type];
}

static void members_add(const struct new_module *m, bool is_change, struct buf *out)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct new_column *column = &m->columns[i];
		const struct member_types *types = types_of(column);
		if (is_change && column->type != NEW_OWNER)
			buf_printf(out, "\t%s%s;\n", types->change, column->name);
		else if (!is_change)
			buf_printf(out, "\t%s%s;\n",
				   column->is_null ? types->row_or_null : types->row, column->name);
	}
}

static const char internal_middle[] = "\tstruct instant created_at, updated_at;\n};\n\n"
				      "struct @_ref {\n\tint64_t id;\n};\n\n"
				      "struct @_list {\n\tstruct list_query list;\n};\n\n"
				      "struct @_create {\n";
static const char internal_change[] = "};\n\n"
				      "/* Members that are absent stay as they are. */\n"
				      "struct @_update {\n\tint64_t id;\n\tconst char *if_match;\n";
static const char internal_end[] =
	"};\n\n"
	"struct @_delete {\n\tint64_t id;\n\tconst char *if_match;\n};\n\n"
	"extern const struct schema @_schema;\n"
	"extern const struct schema @_page_schema;\n"
	"extern const struct schema @_ref_schema;\n"
	"extern const struct schema @_list_schema;\n"
	"extern const struct schema @_create_schema;\n"
	"extern const struct schema @_update_schema;\n"
	"extern const struct schema @_delete_schema;\n\n"
	"extern const struct model @_model;\n\n"
	"extern const struct operation ~_list;\n"
	"extern const struct operation ~_get;\n"
	"extern const struct operation ~_create;\n"
	"extern const struct operation ~_update;\n"
	"extern const struct operation ~_delete;\n\n"
	"extern const struct route ~_routes[];\n";
static const char internal_permission[] = "extern const struct permission ~_manage;\n";

static const char *internal_text(struct ctx *c, const struct new_module *m)
{
	const char *guard = new_upper(c, m->name);
	struct buf out;
	buf_init(&out, c->arena);
	buf_printf(&out,
		   "/* What the files of the %s module share. */\n"
		   "#ifndef CROFT_SRC_MODULES_%s_INTERNAL_H\n"
		   "#define CROFT_SRC_MODULES_%s_INTERNAL_H\n\n"
		   "#include \"core/list.h\"\n#include \"core/model.h\"\n#include \"core/op.h\"\n"
		   "#include \"modules/%s.h\"\n\n"
		   "struct %s {\n\tint64_t id;\n",
		   m->name, guard, guard, m->name, m->singular);
	members_add(m, false, &out);
	buf_add_text(&out, filled(c, m, internal_middle));
	members_add(m, false, &out);
	buf_add_text(&out, filled(c, m, internal_change));
	members_add(m, true, &out);
	buf_add_text(&out, filled(c, m, internal_end));
	if (m->has_permission)
		buf_add_text(&out, filled(c, m, internal_permission));
	buf_add_lit(&out, "\n#endif\n");
	return buf_text(&out);
}

/* ---- queries.c, routes.c, module.c ---- */

static const char queries[] =
	"/* Reads of the ~ module. */\n"
	"#include \"internal.h\"\n"
	"\n"
	"/* ---- ~.list ---- */\n"
	"\n"
	"static enum app_err do_list(struct ctx *c, const struct @_list *in, struct page *ret)\n"
	"{\n"
	"\treturn model_list(c, &@_model, &in->list, NULL, ret);\n"
	"}\n"
	"\n"
	"OPERATION_FN(do_list, struct @_list, struct page)\n"
	"\n"
	"const struct operation ~_list = {\n"
	"\t.name = \"~.list\",\n"
	"\t.summary = \"List the rows of ~\",\n"
	"\t.kind = QUERY,\n"
	"\t.access = ACCESS_USER,\n"
	"\t.in = &@_list_schema,\n"
	"\t.out = &@_page_schema,\n"
	"\tRUN(do_list),\n"
	"};\n"
	"\n"
	"/* ---- ~.get ---- */\n"
	"\n"
	"static enum app_err do_get(struct ctx *c, const struct @_ref *in, struct @ *ret)\n"
	"{\n"
	"\treturn model_get(c, &@_model, in->id, ret);\n"
	"}\n"
	"\n"
	"OPERATION_FN(do_get, struct @_ref, struct @)\n"
	"\n"
	"const struct operation ~_get = {\n"
	"\t.name = \"~.get\",\n"
	"\t.summary = \"Read a row of ~\",\n"
	"\t.kind = QUERY,\n"
	"\t.access = ACCESS_USER,\n"
	"\t.in = &@_ref_schema,\n"
	"\t.out = &@_schema,\n"
	"\tRUN(do_get),\n"
	"};\n";

static const char routes[] =
	"/* The route table of the ~ module: which operation answers where. */\n"
	"#include \"internal.h\"\n"
	"\n"
	"const struct route ~_routes[] = ROUTES(\n"
	"\t{ GET, \"/~\", &~_list, .status = 200 },\n"
	"\t{ POST, \"/~\", &~_create, .status = 201 },\n"
	"\t{ GET, \"/~/{id}\", &~_get, .status = 200 },\n"
	"\t{ PATCH, \"/~/{id}\", &~_update, .status = 200 },\n"
	"\t{ DELETE, \"/~/{id}\", &~_delete, .status = 204 });\n";

static const char *module_text(struct ctx *c, const struct new_module *m)
{
	struct buf out;
	buf_init(&out, c->arena);
	buf_add_text(&out,
		     filled(c, m,
			    "/* The ~ module: its descriptor. Listed in src/app/modules.c. */\n"
			    "#include \"internal.h\"\n\n"));
	new_permission_add(c, m, &out);
	buf_add_text(&out, filled(c, m,
				  "static const struct model *const models[] = MODELS(&@_model);\n"
				  "\n"
				  "const struct module ~_module = {\n"
				  "\t.name = \"~\",\n"));
	buf_printf(&out, "\t.doc = \"%s.\",\n\t.routes = %s_routes,\n%s\t.models = models,\n};\n",
		   new_capital(c, m->name), m->name,
		   m->has_permission ? "\t.permissions = permissions,\n" : "");
	return buf_text(&out);
}

size_t new_hand_files(struct ctx *c, const struct new_module *m,
		      struct new_file ret[NEW_HAND_FILES])
{
	const struct {
		const char *name, *text;
	} files[] = {
		{ "internal.h", internal_text(c, m) },
		{ "schemas.c", new_hand_schemas(c, m) },
		{ "queries.c", filled(c, m, queries) },
		{ "commands.c", filled(c, m, new_hand_commands(c, m)) },
		{ "routes.c", filled(c, m, routes) },
		{ "module.c", module_text(c, m) },
	};
	for (size_t i = 0; i < COUNT_OF(files); i++)
		ret[i] = (struct new_file){
			.path = arena_printf(c->arena, "src/modules/%s/%s", m->name, files[i].name),
			.text = files[i].text,
		};
	return COUNT_OF(files);
}
