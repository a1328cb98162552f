/*
 * Whether the names that a module would have are free: its files, its table, and what its macros
 * make in C. Reads the tree that the module is added to.
 */
#include <glob.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"
#include "new.h"

/* Looks through a file for a name of the module; in the arena, or NULL when there is none. */
typedef const char *names_look(struct ctx *c, const struct new_module *m, const char *text);

/* ---- C ---- */

/* What the macros make of the name of the module, and of that of a row. */
static const char *const module_ends[] = { "_module", "_crud",    "_routes", "_list",
					   "_get",    "_create",  "_update", "_replace",
					   "_delete", "_restore", "_batch",  "_bulk" };
static const char *const row_ends[] = {
	"_schema",      "_model",      "_page_schema",   "_create",      "_create_schema",  "_set",
	"_set_schema",  "_update",     "_update_schema", "_replace",     "_replace_schema", "_bulk",
	"_bulk_schema", "_ref_schema", "_delete_schema", "_list_schema", "_batch_schema",
};
/* What COLUMNS() adds to the name of a row, for a struct, a schema or both. */
static const char *const columns_ends[] = { "_create", "_set",    "_update", "_replace", "_bulk",
					    "_ref",    "_delete", "_list",   "_page",    "_batch" };

struct word {
	const char *at;
	size_t len;
};

static bool is_word(struct word word, const char *text)
{
	return word.len == strlen(text) && !strncmp(word.at, text, word.len);
}

static bool is_made_of(struct word word, const char *stem, const char *const *ends, size_t count)
{
	size_t len = strlen(stem);
	if (word.len <= len || strncmp(word.at, stem, len) != 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (is_word((struct word){ word.at + len, word.len - len }, ends[i]))
			return true;
	return false;
}

/* The other way round: what COLUMNS() makes of the row that is there would be this name. */
static bool is_end_of(struct word row, const char *name)
{
	for (size_t i = 0; i < COUNT_OF(columns_ends); i++)
		if (strlen(name) == row.len + strlen(columns_ends[i]) &&
		    !strncmp(name, row.at, row.len) && str_ends(name, columns_ends[i]))
			return true;
	return false;
}

/* The name of a row by itself is taken where it is a struct, or made one. */
static bool is_row_taken(const char *name, struct word before, struct word word)
{
	bool is_columns = is_word(before, "COLUMNS");
	if (is_columns || is_word(before, "SCHEMA"))
		return is_word(word, name) || (is_columns && is_end_of(word, name)) ||
		       is_made_of(word, name, columns_ends, COUNT_OF(columns_ends));
	return is_word(before, "struct") && is_word(word, name);
}

static bool is_taken(const struct new_module *m, struct word before, struct word word)
{
	return is_row_taken(m->singular, before, word) ||
	       is_made_of(word, m->name, module_ends, COUNT_OF(module_ends)) ||
	       is_made_of(word, m->singular, row_ends, COUNT_OF(row_ends));
}

static bool is_word_char(char byte)
{
	return str_is_alpha(byte) || str_is_digit(byte) || byte == '_';
}

/* Behind the comment or the directive that begins here; NULL: none does. */
static const char *after_aside(const char *text, const char *at)
{
	if (str_starts(at, "/*")) {
		const char *end = strstr(at, "*/");
		return end ? end + 2 : at + strlen(at);
	}
	if (*at != '#' || (at > text && at[-1] != '\n'))
		return NULL;
	while (*at && (*at != '\n' || at[-1] == '\\'))
		at++;
	return at;
}

static const char *c_look(struct ctx *c, const struct new_module *m, const char *text)
{
	struct word before = { "", 0 };
	for (const char *at = text; *at;) {
		const char *after = after_aside(text, at);
		if (after || !is_word_char(*at)) {
			at = after ? after : at + 1;
			continue;
		}
		struct word word = { at, 0 };
		while (is_word_char(*at))
			at++;
		word.len = (size_t)(at - word.at);
		if (is_taken(m, before, word))
			return arena_strndup(c->arena, word.at, word.len);
		before = word;
	}
	return NULL;
}

/* ---- SQL ---- */

/* Tables and indexes of a database are names of one kind. */
static bool is_made(struct ctx *c, const char *name, const char *text)
{
	return strstr(text, arena_printf(c->arena, "TABLE %s (", name)) ||
	       strstr(text, arena_printf(c->arena, "INDEX %s ON ", name)) ||
	       strstr(text, arena_printf(c->arena, "INDEX %s\n", name));
}

static const char *sql_look(struct ctx *c, const struct new_module *m, const char *text)
{
	if (is_made(c, m->name, text))
		return m->name;
	for (size_t i = 0; i < m->count; i++) {
		const struct new_column *column = &m->columns[i];
		const char *key = new_key_index(c, m, column);
		if (column->type == NEW_NAME && is_made(c, key, text))
			return key;
	}
	return NULL;
}

/* ---- all of them ---- */

static enum app_err names_look_in(struct ctx *c, const struct new_module *m, const char *pattern,
				  names_look *look)
{
	glob_t found;
	enum app_err err = APP_OK;
	if (glob(pattern, 0, NULL, &found))
		return APP_OK;
	for (size_t i = 0; !err && i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i], *text;
		err = new_file_read(c, path, &text);
		const char *name = err ? NULL : look(c, m, text);
		if (name)
			err = ctx_fail(
				c, APP_CONFLICT,
				"the name '%s' is taken, by %s: choose another for the module, "
				"or for a row with --singular NAME",
				name, path);
	}
	globfree(&found);
	return err;
}

static enum app_err paths_check(struct ctx *c, const struct new_module *m)
{
	const char *const paths[] = {
		arena_printf(c->arena, "src/modules/%s", m->name),
		arena_printf(c->arena, "include/modules/%s.h", m->name),
		arena_printf(c->arena, "tests/modules/%s", m->name),
		/* what the tests of all modules share */
		arena_printf(c->arena, "tests/modules/%s.h", m->name),
	};
	for (size_t i = 0; i < COUNT_OF(paths); i++)
		if (!access(paths[i], F_OK))
			return ctx_fail(c, APP_CONFLICT,
					"there is %s already: choose another name for the module",
					paths[i]);
	return APP_OK;
}

enum app_err new_names_check(struct ctx *c, const struct new_module *m)
{
	enum app_err err = paths_check(c, m);
	if (!err)
		err = names_look_in(c, m, "include/*/*.h", c_look);
	if (!err)
		err = names_look_in(c, m, "src/modules/*/*.[ch]", c_look);
	if (!err)
		err = names_look_in(c, m, "sql/sqlite/*.sql", sql_look);
	return err;
}
