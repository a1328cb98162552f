/*
 * Whether the choices of a field are those that the table lets in. Of CHECKs those are understood
 * that list the values of one column, as an author writes them and as the databases spell them:
 * CHECK (status IN ('a', 'b')), CHECK ((status = ANY (ARRAY['a'::text, 'b'::text]))). Others are
 * nobody's business here.
 */
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/str.h"
#include "check.h"

enum { VALUES_MOST = 200 };

/* The values that a CHECK lists. */
struct listed {
	const char *at[VALUES_MOST];
	size_t count;
};

/* ---- reading ---- */

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_TEXT, TOKEN_SIGN };

struct token {
	enum token_kind kind;
	const char *text;
	size_t len;
};

/* Behind the quote that closes the one at `at`, which is not doubled: SQL that runs has it. */
static const char *quoted_end(const char *at)
{
	char quote = *at;
	for (at++; *at; at++) {
		if (*at != quote)
			continue;
		if (at[1] != quote)
			break;
		at++;
	}
	return at + 1;
}

/* Behind blanks and comments, which SQLite keeps. */
static const char *token_start(const char *at)
{
	for (;;) {
		at += strspn(at, " \t\r\n");
		const char *end = NULL;
		if (str_starts(at, "--"))
			end = at + strcspn(at, "\n");
		else if (str_starts(at, "/*") && (end = strstr(at, "*/")))
			end += strlen("*/");
		if (!end)
			return at;
		at = end;
	}
}

static struct token token_next(const char **at)
{
	const char *start = token_start(*at), *end = start;
	struct token token = { TOKEN_SIGN, start, 1 };
	if (!*start) {
		token.kind = TOKEN_END;
	} else if (*start == '\'' || *start == '"') {
		end = quoted_end(start);
		token = (struct token){ *start == '"' ? TOKEN_WORD : TOKEN_TEXT, start + 1,
					(size_t)(end - start) - 2 };
	} else if (str_is_word(*start)) {
		while (str_is_word(*end))
			end++;
		token = (struct token){ TOKEN_WORD, start, (size_t)(end - start) };
	} else {
		end = start + 1;
	}
	*at = end;
	return token;
}

static bool is_word(struct token token, const char *word)
{
	return token.kind == TOKEN_WORD && token.len == strlen(word) &&
	       !strncasecmp(token.text, word, token.len);
}

/* What the databases write besides the values: casts, and what makes an array. */
static bool is_filling(struct token token)
{
	static const char *const words[] = { "any", "array", "text", "character", "varying" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (is_word(token, words[i]))
			return true;
	return token.kind == TOKEN_SIGN && strchr("()[],:", *token.text);
}

/* 'it''s' → it's */
static const char *text_of(struct ctx *c, struct token token)
{
	char *text = arena_zero(c->arena, token.len + 1), *to = text;
	for (size_t i = 0; i < token.len; i++) {
		*to++ = token.text[i];
		i += token.text[i] == '\'';
	}
	return text;
}

/* *depth counts brackets; 0: the CHECK has ended. */
static bool is_inside(struct token token, int *depth)
{
	if (token.kind == TOKEN_SIGN)
		*depth += (*token.text == '(') - (*token.text == ')');
	return token.kind != TOKEN_END && *depth > 0;
}

/* `at` stands behind CHECK. Whether it lists values of the column, and nothing else. */
static bool list_read(struct ctx *c, const char *at, const char *column, struct listed *ret)
{
	bool is_named = false, is_compared = false;
	int depth = 0;
	struct token token = token_next(&at);
	for (ret->count = 0; is_inside(token, &depth); token = token_next(&at)) {
		if (!is_named && is_word(token, column))
			is_named = true;
		else if (is_named && !is_compared && (is_word(token, "in") || *token.text == '='))
			is_compared = true;
		else if (is_compared && token.kind == TOKEN_TEXT && ret->count < VALUES_MOST)
			ret->at[ret->count++] = text_of(c, token);
		else if (!is_filling(token))
			return false;
	}
	return is_compared && ret->count;
}

/* In one of the texts with CHECKs. */
static bool list_find(struct ctx *c, const char *text, const char *column, struct listed *ret)
{
	for (struct token token = token_next(&text); token.kind != TOKEN_END;
	     token = token_next(&text))
		if (is_word(token, "check") && list_read(c, text, column, ret))
			return true;
	return false;
}

/* ---- comparing ---- */

static bool is_listed(const struct listed *listed, const char *value)
{
	for (size_t i = 0; i < listed->count; i++)
		if (str_eq(listed->at[i], value))
			return true;
	return false;
}

static bool is_choice(const struct field *field, const char *value)
{
	for (const char *const *choice = field->choices; *choice; choice++)
		if (str_eq(*choice, value))
			return true;
	return false;
}

static void compare(const struct table_check *t, const struct field *field,
		    const struct listed *listed)
{
	for (const char *const *choice = field->choices; *choice; choice++)
		if (!is_listed(listed, *choice))
			table_say(
				t,
				"the CHECK of the table %s refuses '%s' in the column %s, which is "
				"one of its field's choices",
				t->table, *choice, field->name);
	for (size_t i = 0; i < listed->count; i++)
		if (!is_choice(field, listed->at[i]))
			table_say(t,
				  "the CHECK of the table %s takes '%s' in the column %s, which is "
				  "none of its field's choices",
				  t->table, listed->at[i], field->name);
}

static void choices_check(const struct table_check *t, const char *text)
{
	const struct schema *row = t->model->row;
	struct listed listed;
	for (size_t i = 0; i < row->count; i++) {
		const struct field *field = &row->fields[i];
		if (field->choices && field_is_column(field) &&
		    list_find(t->c, text, field->name, &listed))
			compare(t, field, &listed);
	}
}

enum app_err check_choices(const struct table_check *t)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = db_query(t->c, db_dialect(t->c)->checks, BIND(t->table), &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row)
		choices_check(t, db_column_text(&rows, 0, NULL));
	return err;
}
