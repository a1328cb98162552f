/*
 * Names that cannot be: words of C, of SQL on either database, of croft, and of the parameters that
 * every list has. Refused rather than quoted, so that whoever writes SQL by hand need not quote
 * either.
 */
#include <string.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/str.h"
#include "new.h"

/* Also those of C23, and what headers define. */
static const char c_words[] =
	" alignas alignof asm auto bool break case char const constexpr continue default do"
	" double else enum errno extern false float for goto if inline int linux long nullptr"
	" register restrict return short signed sizeof st_atime st_ctime st_mtime static"
	" static_assert stderr stdin stdout struct switch thread_local true typedef typeof"
	" typeof_unqual union unix unsigned void volatile while"
	" ";

/* What one of the databases takes for no name of a table or column. */
static const char sql_words[] =
	" add all alter analyse analyze and any array as asc asymmetric authorization"
	" autoincrement between binary both case cast check cmax cmin collate collation column"
	" commit concurrently constraint create cross ctid current_catalog current_date"
	" current_role current_schema current_time current_timestamp current_user default"
	" deferrable delete desc distinct do drop else end escape except exists false fetch"
	" for foreign freeze from full grant group having if ilike in index initially inner"
	" insert intersect into is isnull join lateral leading left like limit localtime"
	" localtimestamp natural not nothing notnull null offset oid on only or order outer"
	" overlaps placing primary raise references returning right rowid select session_user"
	" set similar some symmetric system_user table tableoid tablesample then to trailing"
	" transaction true union unique update user using values variadic verbose when where"
	" window with xmax xmin"
	" ";

/* Of every table, and of what every list and change takes. */
static const char croft_words[] =
	" created_at cursor deleted_at fields id if_match include page per_page q sort updated_at"
	" with_total ";

static const char letters[] = "abcdefghijklmnopqrstuvwxyz";

static bool is_one_of(struct ctx *c, const char *words, const char *name)
{
	return strstr(words, arena_printf(c->arena, " %s ", name));
}

/* Two "_" part a column from what a filter does with it. */
static bool is_well_formed(const char *name)
{
	size_t len = strlen(name);
	return len && len <= NEW_NAME_MAX && strchr(letters, name[0]) && name[len - 1] != '_' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == len && !strstr(name, "__");
}

enum app_err new_form_check(struct ctx *c, const char *what, const char *name)
{
	if (is_well_formed(name))
		return APP_OK;
	return ctx_fail(c, APP_INVALID,
			"'%s' is no name for %s: it begins with a letter a-z, goes on with a-z, "
			"0-9 and single '_', and has at most %d characters",
			name, what, NEW_NAME_MAX);
}

/* What one row is called follows from the name of its module, unless it is said. */
static const char *another_of(const char *what)
{
	return str_eq(what, "a row") ? "choose another with --singular NAME" : "choose another";
}

enum app_err new_name_check(struct ctx *c, const char *what, const char *name)
{
	enum app_err err = new_form_check(c, what, name);
	if (err)
		return err;
	if (str_starts(name, "croft_") || str_starts(name, "sqlite_") || str_starts(name, "pg_"))
		return ctx_fail(c, APP_INVALID,
				"'%s' cannot be the name of %s: croft_, sqlite_ and pg_ begin the "
				"names of what is theirs; %s",
				name, what, another_of(what));
	bool is_of_c = is_one_of(c, c_words, name);
	if (is_of_c || is_one_of(c, sql_words, name))
		return ctx_fail(c, APP_INVALID,
				"'%s' cannot be the name of %s: it is a word of %s; %s", name, what,
				is_of_c ? "C" : "SQL", another_of(what));
	return APP_OK;
}

enum app_err new_column_name_check(struct ctx *c, const char *name)
{
	enum app_err err = new_name_check(c, "a column", name);
	if (err)
		return err;
	if (is_one_of(c, croft_words, name))
		return ctx_fail(c, APP_INVALID,
				"'%s' cannot be the name of a column: " APP_NAME
				" has it for every table or list; choose another",
				name);
	if (str_ends(name, "_folded"))
		return ctx_fail(c, APP_INVALID,
				"'%s' cannot be the name of a column: " APP_NAME
				" keeps what it searches in columns that end in _folded; choose "
				"another",
				name);
	if (strstr(name, "password"))
		return ctx_fail(
			c, APP_INVALID,
			"'%s' cannot be the name of a column: rows are shown to clients, and "
			"passwords are not; the users module keeps them",
			name);
	return APP_OK;
}
