/*
 * Where the pieces of an operation go in the files of its module: all into module.c above its
 * routes, as `croft new module` writes one; or, where there is an internal.h, each into the file of
 * its subject. Both are found by what stands there, never by a marker.
 */
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"
#include "operation.h"

static const char schema_line[] = "extern const struct schema ";
static const char routes_close[] = ");\n";
static const char operation_line[] = "extern const struct operation ";

static const char *with(struct ctx *c, const char *text, const char *at, const char *piece)
{
	return arena_printf(c->arena, "%.*s%s%s", (int)(at - text), text, piece, at);
}

/* The first line that begins so; NULL: none. */
static const char *line_find(const char *text, const char *start)
{
	while (*text && !str_starts(text, start))
		text = new_line_after(text);
	return *text ? text : NULL;
}

/* Behind the last line that begins so; there is one. */
static const char *behind_last(const char *text, const char *start)
{
	const char *found = text;
	for (const char *at = line_find(text, start); at; at = line_find(found, start))
		found = new_line_after(at);
	return found;
}

/* What stands between two empty lines begins here. */
static const char *paragraph_of(const char *text, const char *at)
{
	while (at - text >= 2 && !(at[-1] == '\n' && at[-2] == '\n'))
		at--;
	return at;
}

/* What closes the routes of the module, behind the last; NULL: there is no such table. */
static const char *routes_end(struct ctx *c, const struct new_operation *op, const char *text)
{
	const char *start = strstr(
		text,
		arena_printf(c->arena, "const struct route %s_routes[] = ROUTES(\n", op->module));
	return start ? strstr(start, routes_close) : NULL;
}

static enum app_err unlike(struct ctx *c, const char *path, const char *expected)
{
	return ctx_fail(c, APP_CONFLICT, "%s does not look as expected: %s; mend that first", path,
			expected);
}

static enum app_err routes_unlike(struct ctx *c, const struct new_operation *op, const char *path)
{
	return unlike(c, path,
		      arena_printf(c->arena,
				   "it has a table '%s_routes[] = ROUTES(' that ends with ');'",
				   op->module));
}

/* Each takes the text of its file and gives what it becomes. */
typedef enum app_err file_change(struct ctx *c, const struct new_operation *op,
				 struct new_file *file);

static enum app_err routes_change(struct ctx *c, const struct new_operation *op,
				  struct new_file *file)
{
	const char *end = routes_end(c, op, file->text);
	if (!end)
		return routes_unlike(c, op, file->path);
	file->text = arena_printf(c->arena, "%.*s,\n%s%s", (int)(end - file->text), file->text,
				  new_operation_route(c, op), end + strlen(routes_close));
	return APP_OK;
}

static const char routes_heading[] = "/* ---- routes ---- */\n\n";

/* Above the table of routes, which gets a heading of its own with the first operation. */
static const char *above_routes(struct ctx *c, const char *text, const char *table,
				const char *piece)
{
	size_t len = strlen(routes_heading);
	const char *at = paragraph_of(text, table);
	if ((size_t)(at - text) >= len && str_starts(at - len, routes_heading))
		return with(c, text, at - len, arena_printf(c->arena, "%s\n", piece));
	return with(c, text, at, arena_printf(c->arena, "%s\n%s", piece, routes_heading));
}

static enum app_err module_change(struct ctx *c, const struct new_operation *op,
				  struct new_file *file)
{
	if (!strstr(file->text, "#include \"core/columns.h\"\n"))
		return unlike(c, file->path,
			      "it includes \"core/columns.h\", or the module has an internal.h and "
			      "a file for each subject");
	enum app_err err = routes_change(c, op, file);
	if (err)
		return err;
	const char *start = arena_printf(c->arena, "%s_routes[] = ROUTES(\n", op->module);
	file->text = above_routes(c, file->text, strstr(file->text, start),
				  new_operation_code(c, op));
	return APP_OK;
}

static enum app_err internal_change(struct ctx *c, const struct new_operation *op,
				    struct new_file *file)
{
	const char *text = file->text, *module = op->module, *verb = op->verb;
	if (!line_find(text, schema_line) || !line_find(text, operation_line))
		return unlike(c, file->path,
			      "it has lines 'extern const struct schema …;' and 'extern const "
			      "struct operation …;'");
	text = with(c, text, behind_last(text, operation_line),
		    arena_printf(c->arena, "%s%s_%s;\n", operation_line, module, verb));
	text = with(c, text, behind_last(text, schema_line),
		    arena_printf(c->arena, "%s%s_%s_in_schema;\n%s%s_%s_out_schema;\n", schema_line,
				 module, verb, schema_line, module, verb));
	file->text = with(c, text, paragraph_of(text, line_find(text, schema_line)),
			  arena_printf(c->arena, "%s\n", new_operation_structs(c, op)));
	return APP_OK;
}

static enum app_err schemas_change(struct ctx *c, const struct new_operation *op,
				   struct new_file *file)
{
	file->text = arena_printf(c->arena, "%s\n%s", file->text, new_operation_schemas(c, op));
	return APP_OK;
}

static enum app_err code_change(struct ctx *c, const struct new_operation *op,
				struct new_file *file)
{
	file->text = arena_printf(c->arena, "%s\n%s", file->text, new_operation_code(c, op));
	return APP_OK;
}

static enum app_err change(struct ctx *c, const struct new_operation *op, const char *name,
			   file_change *make, struct new_file *ret)
{
	ret->path = arena_printf(c->arena, "src/modules/%s/%s", op->module, name);
	ret->is_change = true;
	if (access(ret->path, F_OK))
		return ctx_fail(c, APP_CONFLICT,
				"there is no %s: an operation goes into module.c alone, or into "
				"internal.h, schemas.c, routes.c and commands.c or queries.c; make "
				"the file first",
				ret->path);
	enum app_err err = new_clean_check(c, ret->path);
	if (!err)
		err = new_file_read(c, ret->path, &ret->text);
	return err ? err : make(c, op, ret);
}

enum app_err new_operation_files(struct ctx *c, const struct new_operation *op,
				 struct new_file ret[NEW_FILES_MAX], size_t *ret_count)
{
	const struct {
		const char *name;
		file_change *make;
		bool is_spread;
	} changes[] = {
		{ "module.c", module_change, false },
		{ "internal.h", internal_change, true },
		{ "schemas.c", schemas_change, true },
		{ op->is_query ? "queries.c" : "commands.c", code_change, true },
		{ "routes.c", routes_change, true },
	};
	size_t count = 0;
	ret[count++] = (struct new_file){
		.path = arena_printf(c->arena, "tests/modules/%s/test_%s.c", op->module, op->verb),
		.text = new_operation_test(c, op),
	};
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < COUNT_OF(changes); i++)
		if (changes[i].is_spread == op->is_spread)
			err = change(c, op, changes[i].name, changes[i].make, &ret[count++]);
	*ret_count = count;
	return err;
}
