/*
 * Whether the names that a module would have are free: its files, its table, and what its macros
 * make in C. Reads the tree that the module is added to.
 */
#include <glob.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/schema.h"
#include "new.h"

/* A name that the module would have, too; zero: there is none. */
struct clash {
	const char *name;
	/* what it is made of there; NULL: it stands there itself */
	const char *of;
};

/* Looks through a file for such a name, which lives in the arena. */
typedef struct clash names_look(struct ctx *c, const struct new_module *m, const char *text);

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

/* Those which name what rows are, by what they make of that name. */
enum macro_kind { OF_SCHEMA = 1, OF_PAGE = 2, OF_COLUMNS = 4, OF_ALL = 7 };

static const struct macro {
	const char *name;
	enum macro_kind kind;
} macros[] = {
	{ "SCHEMA", OF_SCHEMA },           { "SCHEMA_WITH", OF_SCHEMA },
	{ "PAGE_SCHEMA", OF_PAGE },        { "COLUMNS", OF_COLUMNS },
	{ "COLUMNS_STRUCTS", OF_COLUMNS }, { "COLUMNS_SCHEMAS", OF_COLUMNS },
};

/* Structs, schemas, and with _row and _embedded what the document calls these in other forms. */
static const struct macro_end {
	const char *text;
	/* bits of enum macro_kind */
	unsigned kinds;
} macro_ends[] = {
	{ "", OF_ALL },
	{ "_row", OF_ALL },
	{ "_embedded", OF_ALL },
	{ "_page", OF_PAGE | OF_COLUMNS },
	{ "_create", OF_COLUMNS },
	{ "_set", OF_COLUMNS },
	{ "_update", OF_COLUMNS },
	{ "_replace", OF_COLUMNS },
	{ "_bulk", OF_COLUMNS },
	{ "_ref", OF_COLUMNS },
	{ "_delete", OF_COLUMNS },
	{ "_list", OF_COLUMNS },
	{ "_batch", OF_COLUMNS },
};

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

/* 0: the word is no such macro. */
static unsigned macro_kind_of(struct word word)
{
	for (size_t i = 0; i < COUNT_OF(macros); i++)
		if (is_word(word, macros[i].name))
			return macros[i].kind;
	return 0;
}

/* Whether the document calls the one, with the end, as it calls the other. */
static bool is_called(struct ctx *c, const char *name, const char *end, const char *other)
{
	struct buf one, two;
	buf_init(&one, c->arena);
	buf_init(&two, c->arena);
	schema_component_name(arena_printf(c->arena, "%s%s", name, end), &one);
	schema_component_name(other, &two);
	return str_eq(buf_text(&one), buf_text(&two));
}

/* What COLUMNS() makes of a row, against what a macro of the kind makes of what is there. */
static struct clash rows_clash(struct ctx *c, const char *row, unsigned kind, const char *there)
{
	for (size_t i = 0; i < COUNT_OF(macro_ends); i++) {
		const struct macro_end *end = &macro_ends[i];
		if (is_called(c, row, end->text, there))
			return (struct clash){ .name = there };
		if ((end->kinds & kind) && is_called(c, there, end->text, row))
			return (struct clash){ .name = row, .of = there };
	}
	return (struct clash){ 0 };
}

static bool is_taken(const struct new_module *m, struct word before, struct word word)
{
	return (is_word(before, "struct") && is_word(word, m->singular)) ||
	       is_made_of(word, m->name, module_ends, COUNT_OF(module_ends)) ||
	       is_made_of(word, m->singular, row_ends, COUNT_OF(row_ends));
}

static struct clash word_clash(struct ctx *c, const struct new_module *m, struct word before,
			       struct word word)
{
	unsigned kind = macro_kind_of(before);
	bool taken = is_taken(m, before, word);
	if (!taken && !kind)
		return (struct clash){ 0 };
	const char *there = arena_strndup(c->arena, word.at, word.len);
	return taken ? (struct clash){ .name = there } : rows_clash(c, m->singular, kind, there);
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

static struct clash c_look(struct ctx *c, const struct new_module *m, const char *text)
{
	struct clash clash = { 0 };
	struct word before = { "", 0 };
	for (const char *at = text; *at && !clash.name;) {
		const char *after = after_aside(text, at);
		if (after || !str_is_word(*at)) {
			at = after ? after : at + 1;
			continue;
		}
		struct word word = { at, 0 };
		while (str_is_word(*at))
			at++;
		word.len = (size_t)(at - word.at);
		clash = word_clash(c, m, before, word);
		before = word;
	}
	return clash;
}

/* ---- SQL ---- */

/* Tables and indexes of a database are names of one kind. */
static bool is_made(struct ctx *c, const char *name, const char *text)
{
	return strstr(text, arena_printf(c->arena, "TABLE %s (", name)) ||
	       strstr(text, arena_printf(c->arena, "INDEX %s ON ", name)) ||
	       strstr(text, arena_printf(c->arena, "INDEX %s\n", name));
}

/* So are what PostgreSQL makes of a table by itself: its key, and what its ids are drawn from. */
static struct clash table_clash(struct ctx *c, const char *name, const char *text)
{
	static const char *const ends[] = { "_pkey", "_id_seq" };
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (!str_ends(name, ends[i]))
			continue;
		const char *table = arena_strndup(c->arena, name, strlen(name) - strlen(ends[i]));
		if (strstr(text, arena_printf(c->arena, "TABLE %s (", table)))
			return (struct clash){ .name = name, .of = table };
	}
	return (struct clash){ .name = is_made(c, name, text) ? name : NULL };
}

static struct clash sql_look(struct ctx *c, const struct new_module *m, const char *text)
{
	struct clash clash = table_clash(c, m->name, text);
	for (size_t i = 0; i < m->count && !clash.name; i++) {
		const struct new_column *column = &m->columns[i];
		const char *key = new_key_index(c, m, column);
		if (column->type == NEW_NAME && is_made(c, key, text))
			clash.name = key;
	}
	return clash;
}

/* ---- all of them ---- */

static enum app_err clash_tell(struct ctx *c, const struct clash *clash, const char *path)
{
	if (!clash->name)
		return APP_OK;
	const char *made = clash->of ? arena_printf(c->arena, " what is made of '%s' in", clash->of)
				     : "";
	return ctx_fail(c, APP_CONFLICT,
			"the name '%s' is taken, by%s %s: choose another for the module, or for a "
			"row with --singular NAME",
			clash->name, made, path);
}

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
		if (err)
			break;
		const struct clash clash = look(c, m, text);
		err = clash_tell(c, &clash, path);
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
