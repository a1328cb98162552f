/*
 * Which rows a partial index has: whether all that a model shows are among them, by what its
 * condition means. That is asked of the database where it speaks of no more than deleted_at; of
 * what is joined by OR one part has to let them in, of what is joined by AND each.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/sql_table.h"
#include "internal.h"

static const char deleted_at[] = "deleted_at";

/* From one token to another. */
struct span {
	const char *at, *end;
};

/* The next part of what `word` joins; moves *rest behind it; false: there is none. */
static bool part_next(struct span *rest, const char *word, struct span *ret)
{
	struct sql_token token;
	const char *at = rest->at;
	int depth = 0;
	if (rest->at >= rest->end)
		return false;
	*ret = *rest;
	while (sql_token_next(&at, rest->end, &token)) {
		depth += sql_token_depth(&token);
		bool is_word = token.len == strlen(word) && sql_token_is(&token, word);
		if (depth || !is_word)
			continue;
		ret->end = token.at;
		rest->at = at;
		return true;
	}
	rest->at = rest->end;
	return true;
}

/* Without the brackets around all of it. */
static struct span bare(struct span span)
{
	struct sql_token token;
	const char *at = span.at;
	struct span inner = { NULL, NULL };
	int depth = 0;
	while (sql_token_next(&at, span.end, &token)) {
		depth += sql_token_depth(&token);
		if (!inner.at && !sql_token_is(&token, "("))
			return span;
		if (!inner.at)
			inner.at = at;
		if (depth)
			continue;
		inner.end = token.at;
		return sql_token_next(&at, span.end, &token) ? span : bare(inner);
	}
	return span;
}

/* ---- what a part says ---- */

static bool names_another(const struct comparison *k, const char *text)
{
	for (size_t i = 0; i < k->there->columns.count; i++) {
		const char *name = k->there->columns.at[i].name;
		bool is_known = k->model->soft_delete && str_eq(name, deleted_at);
		if (!is_known && sql_token_names_column(text, name))
			return true;
	}
	return false;
}

static bool word_skip(struct span *span, const char *word)
{
	struct sql_token token;
	const char *at = span->at;
	if (!sql_token_next(&at, span->end, &token) || *token.at == '\'' ||
	    !sql_token_is(&token, word))
		return false;
	span->at = at;
	return true;
}

/* "isbn_key", and what may stand before it: the column, as the table calls it; NULL: none. */
static const char *column_skip(const struct comparison *k, struct span *span)
{
	const struct db_columns *columns = &k->there->columns;
	const char *found = NULL;
	struct span unqualified = *span;
	if (word_skip(&unqualified, k->there->name) && word_skip(&unqualified, "."))
		*span = unqualified;
	bool is_in_brackets = word_skip(span, "[");
	for (size_t i = 0; !found && i < columns->count; i++)
		if (word_skip(span, columns->at[i].name))
			found = columns->at[i].name;
	return is_in_brackets && !word_skip(span, "]") ? NULL : found;
}

/* "isbn_key IS NOT NULL": the column; NULL: it says something else. */
static const char *never_null(const struct comparison *k, struct span span)
{
	struct sql_token token;
	const char *column = column_skip(k, &span);
	bool is = word_skip(&span, "IS");
	bool says_so = word_skip(&span, "NOT") ? word_skip(&span, "NULL")
					       : !is && word_skip(&span, "NOTNULL");
	return says_so && !sql_token_next(&span.at, span.end, &token) ? column : NULL;
}

static const char *text_of(const struct comparison *k, struct span span)
{
	return arena_strndup(k->c->arena, span.at, (size_t)(span.end - span.at));
}

static enum app_err living_ask(struct comparison *k, const char *text, struct partial *ret)
{
	const struct probe living = { deleted_at, FIELD_INT, DB_NONE };
	enum probe_answer answer;
	enum app_err err = probe_ask(k, text, &living, &answer);
	if (!err)
		*ret = (struct partial){ .is_whole = answer == PROBE_TRUE };
	return err;
}

/* ---- what parts say together ---- */

static bool is_joined_by(struct span span, const char *word)
{
	struct span part, rest = span;
	return part_next(&rest, word, &part) && part.end != span.end;
}

static enum app_err judge(struct comparison *k, struct span span, struct partial *ret);

static enum app_err any_judge(struct comparison *k, struct span rest, struct partial *ret)
{
	struct span span;
	enum app_err err = APP_OK;
	while (!err && part_next(&rest, "OR", &span)) {
		struct partial part;
		err = judge(k, span, &part);
		ret->is_whole |= !err && part.is_whole && !part.without_null_of;
	}
	return err;
}

static enum app_err all_judge(struct comparison *k, struct span rest, struct partial *ret)
{
	struct span span;
	enum app_err err = APP_OK;
	ret->is_whole = true;
	while (!err && part_next(&rest, "AND", &span)) {
		struct partial part;
		const char *before = ret->without_null_of;
		err = judge(k, span, &part);
		if (err)
			return err;
		ret->is_whole &= part.is_whole && !(before && part.without_null_of);
		ret->without_null_of = before ? before : part.without_null_of;
	}
	return err;
}

static enum app_err judge(struct comparison *k, struct span span, struct partial *ret)
{
	struct span inner = bare(span);
	const char *text = text_of(k, inner), *column = never_null(k, inner);
	*ret = (struct partial){ .is_whole = column, .without_null_of = column };
	if (column)
		return APP_OK;
	if (!names_another(k, text))
		return living_ask(k, text, ret);
	if (is_joined_by(inner, "OR"))
		return any_judge(k, inner, ret);
	return is_joined_by(inner, "AND") ? all_judge(k, inner, ret) : APP_OK;
}

enum app_err partial_judge(struct comparison *k, const char *condition, struct partial *ret)
{
	if (condition)
		return judge(k, (struct span){ condition, condition + strlen(condition) }, ret);
	*ret = (struct partial){ .is_whole = true };
	return APP_OK;
}
