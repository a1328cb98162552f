/*
 * A new module's two lines in src/app/modules.c: its header among the others, in their order, and
 * itself at the end of the list.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "new.h"

static const char include_start[] = "#include \"modules/";
static const char list_start[] = "\nconst struct module *const app_modules[] = {\n";
static const char list_end[] = "\n\tNULL,\n};";

const char *new_line_after(const char *line)
{
	return line + strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n');
}

/* Where the line that includes the header stands in order; NULL: no module is included. */
static const char *include_place(const char *text, const char *line)
{
	const char *place = NULL;
	for (const char *at = text; *at; at = new_line_after(at)) {
		if (!str_starts(at, include_start))
			continue;
		if (strcmp(at, line) > 0)
			return at;
		place = new_line_after(at);
	}
	return place;
}

/* Behind the last module; NULL: there is no such list. */
static const char *list_place(const char *text)
{
	const char *start = strstr(text, list_start);
	const char *end = start ? strstr(start, list_end) : NULL;
	const char *close = start ? strstr(start, "\n};") : NULL;
	return end && end < close ? end + 1 : NULL;
}

enum app_err new_list_text(struct ctx *c, const struct new_module *m, const char *text,
			   const char **ret)
{
	const char *line = arena_printf(c->arena, "%s%s.h\"\n", include_start, m->name);
	const char *include = include_place(text, line), *list = list_place(text);
	if (!include || !list || list < include)
		return ctx_fail(
			c, APP_CONFLICT,
			"src/app/modules.c does not look as expected: it includes the headers of "
			"modules, \"modules/users.h\" as one, and then has a list app_modules that "
			"ends with a line NULL,; mend that first");
	*ret = arena_printf(c->arena, "%.*s%s%.*s\t&%s_module,\n%s", (int)(include - text), text,
			    line, (int)(list - include), include, m->name, list);
	return APP_OK;
}
