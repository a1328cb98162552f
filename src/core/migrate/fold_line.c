/*
 * The line "-- migrate:fold users.username into username_key" of a migration. "unique" after it: no
 * two rows may have one key. "beyond ascii": rows whose text is ASCII are left alone.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "internal.h"

static const char grammar[] =
	"this is no step: beside '-- migrate:up' and '-- migrate:down' there is '" MIGRATION_FOLD
	" TABLE.COLUMN into COLUMN', with 'unique' or 'unique where CONDITION' after it where no "
	"two rows may have one key, or 'beyond ascii' for a copy that ASCII does not need; and "
	"'" MIGRATION_KEYS_LAST "' where SQLite makes a table anew that others refer to";

static const char *skip_blanks(const char *at)
{
	while (*at == ' ' || *at == '\t')
		at++;
	return at;
}

/* A name of a table or column, copied; NULL when there is none. */
static const char *take_name(struct arena *arena, const char **at)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	size_t len = strspn(*at, letters);
	while (len && (str_is_digit((*at)[len]) || strchr(letters, (*at)[len])) && (*at)[len])
		len++;
	const char *name = len ? arena_strndup(arena, *at, len) : NULL;
	*at += len;
	return name;
}

static bool take_word(const char **at, const char *word)
{
	const char *from = skip_blanks(*at);
	size_t len = strlen(word);
	if (strncmp(from, word, len) || (from[len] && !strchr(" \t", from[len])))
		return false;
	*at = skip_blanks(from + len);
	return true;
}

static bool fold_read(struct arena *arena, const char *at, struct migration_fold *ret)
{
	ret->table = take_name(arena, &at);
	if (!ret->table || *at++ != '.')
		return false;
	ret->column = take_name(arena, &at);
	if (!ret->column || !take_word(&at, "into"))
		return false;
	ret->key = take_name(arena, &at);
	if (!ret->key)
		return false;
	ret->beyond_ascii = take_word(&at, "beyond");
	if (ret->beyond_ascii)
		return take_word(&at, "ascii") && !*at;
	ret->unique = take_word(&at, "unique");
	bool conditional = ret->unique && take_word(&at, "where");
	ret->condition = conditional ? at : NULL;
	return conditional ? *at : !*skip_blanks(at);
}

enum app_err migration_fold_read(struct ctx *c, const struct migration *m, const char *line,
				 int number, struct migration_fold *ret)
{
	size_t len = strcspn(line, "\n");
	if (len && line[len - 1] == '\r')
		len--;
	const char *text = arena_strndup(c->arena, line, len);
	*ret = (struct migration_fold){ .table = NULL };
	if (str_starts(text, MIGRATION_FOLD) && strchr(" \t", text[strlen(MIGRATION_FOLD)]) &&
	    fold_read(c->arena, skip_blanks(text + strlen(MIGRATION_FOLD)), ret))
		return APP_OK;
	return ctx_fail_cause(c, APP_INTERNAL, "%s, line %d: %s",
			      migration_file(c, m->number, m->name), number, grammar);
}
