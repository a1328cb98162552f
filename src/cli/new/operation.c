/* An operation as the command line asks for it: its names, and whether they are free. */
#include "operation.h"

#include <glob.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/str.h"

enum app_err new_operation_read(struct ctx *c, const char *module, const char *verb,
				const char *kind, struct new_operation *ret)
{
	*ret = (struct new_operation){ module, verb, .is_query = str_eq(kind, "query") };
	enum app_err err = new_form_check(c, "a module", module);
	if (!err)
		err = new_form_check(c, "an operation", verb);
	if (err)
		return err;
	if (strlen(verb) > NEW_VERB_MAX)
		return ctx_fail(c, APP_INVALID,
				"'%s' is too long for an operation: it has at most %d characters",
				verb, NEW_VERB_MAX);
	if (kind && !ret->is_query && !str_eq(kind, "command"))
		return ctx_fail(c, APP_INVALID,
				"'%s' is no kind of operation: it is 'command', which may change "
				"something, or 'query', which only looks",
				kind);
	return APP_OK;
}

static enum app_err module_none(struct ctx *c, const char *module)
{
	glob_t found;
	struct buf names;
	buf_init(&names, c->arena);
	if (!glob("src/modules/*", GLOB_ONLYDIR, NULL, &found)) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			buf_printf(&names, "%s%s", i ? ", " : "", str_file_name(found.gl_pathv[i]));
		globfree(&found);
	}
	return ctx_fail(c, APP_NOT_FOUND, "there is no module '%s'; there are: %s", module,
			buf_text(&names));
}

static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);
	for (const char *at = strstr(text, word); at; at = strstr(at + len, word))
		if ((at == text || !str_is_word(at[-1])) && !str_is_word(at[len]))
			return true;
	return false;
}

/* The name that the operation would have too; NULL: none of them is there. */
static const char *taken_in(struct ctx *c, const struct new_operation *op, const char *text)
{
	static const char crud_verbs[] = " batch bulk create crud delete get list replace restore "
					 "update ";
	const char *module = op->module, *verb = op->verb;
	const char *name = arena_printf(c->arena, "%s_%s", module, verb);
	const char *const names[] = {
		name,
		arena_printf(c->arena, "%s_in", name),
		arena_printf(c->arena, "%s_in_schema", name),
		arena_printf(c->arena, "%s_out", name),
		arena_printf(c->arena, "%s_out_schema", name),
		arena_printf(c->arena, "do_%s", verb),
		arena_printf(c->arena, "/%s/%s", module, verb),
	};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (has_word(text, names[i]))
			return names[i];
	bool is_declared = strstr(text, arena_printf(c->arena, "CRUD_OPERATIONS(%s,", module));
	return is_declared && strstr(crud_verbs, arena_printf(c->arena, " %s ", verb)) ? name
										       : NULL;
}

static enum app_err names_check(struct ctx *c, const struct new_operation *op, const char *pattern)
{
	glob_t found;
	enum app_err err = APP_OK;
	if (glob(pattern, 0, NULL, &found))
		return APP_OK;
	for (size_t i = 0; !err && i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i], *text, *taken;
		err = new_file_read(c, path, &text);
		taken = err ? NULL : taken_in(c, op, text);
		if (taken)
			err = ctx_fail(c, APP_CONFLICT,
				       "the name '%s' is taken, by %s: choose another for the "
				       "operation",
				       taken, path);
	}
	globfree(&found);
	return err;
}

enum app_err new_operation_find(struct ctx *c, struct new_operation *op)
{
	const char *folder = arena_printf(c->arena, "src/modules/%s", op->module);
	const char *test = arena_printf(c->arena, "tests/modules/%s/test_%s.c", op->module,
					op->verb);
	if (access(folder, F_OK))
		return module_none(c, op->module);
	op->is_spread = !access(arena_printf(c->arena, "%s/internal.h", folder), F_OK);
	if (!access(test, F_OK))
		return ctx_fail(c, APP_CONFLICT,
				"there is %s already: choose another name for the operation", test);
	enum app_err err = names_check(c, op, arena_printf(c->arena, "%s/*.[ch]", folder));
	return err ? err : names_check(c, op, "include/*/*.h");
}
