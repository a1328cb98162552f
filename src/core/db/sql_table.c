/* The pieces of a CREATE TABLE, and the CHECKs in them. */
#include "core/sql_table.h"

#include <string.h>

#include "base/arena.h"
#include "base/attr.h"

/* A name without its quotes. */
static const char *name_of(struct ctx *c, const struct sql_token *token)
{
	bool is_quoted = token->len >= 2 && strchr("\"`", *token->at);
	return arena_strndup(c->arena, token->at + is_quoted, token->len - 2 * is_quoted);
}

/* What rules of a whole table begin with; a column of such a name would stand in quotes. */
static bool begins_rule(const struct sql_token *token)
{
	static const char *const words[] = { "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK",
					     "FOREIGN" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (sql_token_is(token, words[i]) && token->len == strlen(words[i]))
			return true;
	return false;
}

static void piece_add(struct ctx *c, struct sql_table *table, const char *start, const char *end)
{
	struct sql_token first;
	size_t size = sizeof(*table->pieces), count = table->count++;
	const char *at = start;
	table->pieces = arena_grow(c->arena, table->pieces, count * size, (count + 1) * size);
	table->pieces[count] = (struct sql_piece){ .at = start, .len = (size_t)(end - start) };
	if (sql_token_next(&at, end, &first) && !begins_rule(&first))
		table->pieces[count].column = name_of(c, &first);
}

/* From behind the opening bracket to the one that closes it. */
static bool pieces_split(struct ctx *c, const char *at, const char *end, struct sql_table *ret)
{
	struct sql_token token;
	const char *start = at;
	for (int depth = 1; depth && sql_token_next(&at, end, &token);) {
		depth += sql_token_depth(&token);
		if (depth > 1 || (depth == 1 && !sql_token_is(&token, ",")))
			continue;
		piece_add(c, ret, start, token.at);
		start = at;
		ret->tail = depth ? NULL : token.at;
	}
	return ret->tail;
}

bool sql_table_split(struct ctx *c, const char *sql, struct sql_table *ret)
{
	struct sql_token token;
	const char *at = sql, *end = sql + strlen(sql);
	*ret = (struct sql_table){ 0 };
	if (!sql_token_next(&at, end, &token) || !sql_token_is(&token, "CREATE") ||
	    !sql_token_next(&at, end, &token) || !sql_token_is(&token, "TABLE") ||
	    !sql_token_next(&at, end, &token))
		return false;
	ret->head = arena_strndup(c->arena, sql, (size_t)(token.at - sql));
	const char *open = at;
	if (!sql_token_next(&at, end, &token) || !sql_token_is(&token, "("))
		return false;
	ret->open = arena_strndup(c->arena, open, (size_t)(at - open));
	return pieces_split(c, at, end, ret);
}

/* Behind the bracket that closes the one at *at; NULL: nothing opens there. */
static const char *brackets_end(const char *at, const char *end)
{
	struct sql_token token;
	int depth = 0;
	do {
		if (!sql_token_next(&at, end, &token))
			return NULL;
		depth += sql_token_depth(&token);
	} while (depth > 0);
	return sql_token_is(&token, ")") ? at : NULL;
}

/* The check whose word was read; `from` is where it begins. */
static bool check_take(struct ctx *c, const char **at, const char *end, struct sql_check *ret)
{
	struct sql_token open;
	const char *inside = *at, *close = brackets_end(*at, end);
	if (!close || !sql_token_next(&inside, end, &open))
		return false;
	ret->len = (size_t)(close - ret->at);
	ret->condition = arena_strndup(c->arena, inside, (size_t)(close - 1 - inside));
	*at = close;
	return true;
}

bool sql_check_next(struct ctx *c, const char **at, const char *end, struct sql_check *ret)
{
	struct sql_token token, name;
	int depth = 0;
	*ret = (struct sql_check){ 0 };
	while (sql_token_next(at, end, &token)) {
		depth += sql_token_depth(&token);
		if (!depth && sql_token_is(&token, "CONSTRAINT") &&
		    sql_token_next(at, end, &name)) {
			*ret = (struct sql_check){ .at = token.at, .name = name_of(c, &name) };
			continue;
		}
		bool is_named = ret->at;
		if (!is_named)
			ret->at = token.at;
		if (!depth && sql_token_is(&token, "CHECK"))
			return check_take(c, at, end, ret);
		*ret = (struct sql_check){ 0 };
	}
	return false;
}
