/* One column of a CREATE TABLE, changed in one thing; all else stays as it was written. */
#include <string.h>

#include "auto.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"

const struct sql_piece *auto_piece_of(const struct sql_table *text, const char *column)
{
	for (size_t i = 0; i < text->count; i++)
		if (text->pieces[i].column && str_eq(text->pieces[i].column, column))
			return &text->pieces[i];
	return NULL;
}

bool auto_piece_check(struct ctx *c, const char *piece, const char *condition,
		      struct sql_check *ret)
{
	const char *at = piece, *end = piece + strlen(piece);
	while (condition && sql_check_next(c, &at, end, ret))
		if (str_eq(ret->condition, condition))
			return true;
	return false;
}

/* Behind the last word of it: comments may follow. */
static const char *words_end(const char *piece)
{
	struct sql_token token;
	const char *at = piece, *end = piece + strlen(piece), *last = piece;
	while (sql_token_next(&at, end, &token))
		last = at;
	return last;
}

/* The text with `with` in the place of what stands from `from` to `to`. */
static const char *replaced(struct ctx *c, const char *piece, const char *from, const char *to,
			    const char *with)
{
	return arena_printf(c->arena, "%.*s%s%s", (int)(from - piece), piece, with, to);
}

/* Where the white space before `at` begins; what ends a comment is none. */
static const char *blank_start(const char *piece, const char *at)
{
	while (at > piece && strchr(" \n\t", at[-1]) && !strstr(piece, "--"))
		at--;
	return at;
}

const char *auto_piece_rule(struct ctx *c, const char *piece, const char *condition,
			    const char *rule)
{
	struct sql_check check;
	while (strchr(" \n", *rule) && *rule)
		rule++;
	if (auto_piece_check(c, piece, condition, &check)) {
		const char *from = *rule ? check.at : blank_start(piece, check.at);
		return replaced(c, piece, from, check.at + check.len, rule);
	}
	const char *end = words_end(piece);
	return *rule ? replaced(c, piece, end, end, arena_printf(c->arena, "\n    %s", rule))
		     : piece;
}

/* Where the first rule begins, behind the name and the type. */
static const char *rules_start(const char *piece)
{
	static const char *const words[] = { "CONSTRAINT", "CHECK",   "DEFAULT",   "REFERENCES",
					     "COLLATE",    "UNIQUE",  "GENERATED", "NOT",
					     "NULL",       "PRIMARY", "AS" };
	struct sql_token token;
	const char *at = piece, *end = piece + strlen(piece), *last = piece;
	bool is_name = true;
	while (sql_token_next(&at, end, &token)) {
		for (size_t i = 0; !is_name && i < COUNT_OF(words); i++)
			if (sql_token_is(&token, words[i]))
				return last;
		is_name = false;
		last = at;
	}
	return last;
}

const char *auto_piece_null(struct ctx *c, const char *piece, bool not_null)
{
	struct sql_token token, next;
	const char *at = piece, *end = piece + strlen(piece);
	if (not_null) {
		const char *start = rules_start(piece);
		return replaced(c, piece, start, start, " NOT NULL");
	}
	while (sql_token_next(&at, end, &token)) {
		const char *behind = at;
		if (!sql_token_is(&token, "NOT") || !sql_token_next(&behind, end, &next) ||
		    !sql_token_is(&next, "NULL"))
			continue;
		const char *from = token.at;
		while (from > piece && from[-1] == ' ')
			from--;
		return replaced(c, piece, from, behind, "");
	}
	return piece;
}
