/* The words of SQL, as far as it takes to find one's way in a statement. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/sql_table.h"

static const char *skip_idle(const char *at, const char *end)
{
	while (at < end) {
		if (isspace((unsigned char)*at)) {
			at++;
		} else if (end - at >= 2 && !strncmp(at, "--", 2)) {
			const char *line = memchr(at, '\n', (size_t)(end - at));
			at = line ? line + 1 : end;
		} else if (end - at >= 2 && !strncmp(at, "/*", 2)) {
			const char *close = strstr(at + 2, "*/");
			at = close && close < end ? close + 2 : end;
		} else {
			break;
		}
	}
	return at;
}

static bool is_word(char byte)
{
	return isalnum((unsigned char)byte) || byte == '_' || byte == '$' || (byte & 0x80);
}

/* Behind the closing quote; a doubled one is part of it. */
static const char *quoted_end(const char *at, const char *end)
{
	const char quote = *at++;
	for (; at < end; at++) {
		if (*at != quote)
			continue;
		if (at + 1 == end || at[1] != quote)
			return at + 1;
		at++;
	}
	return end;
}

bool sql_token_next(const char **at, const char *end, struct sql_token *ret)
{
	const char *start = skip_idle(*at, end), *stop = start;
	if (start == end)
		return false;
	if (strchr("'\"`", *start))
		stop = quoted_end(start, end);
	else if (is_word(*start))
		while (stop < end && is_word(*stop))
			stop++;
	else
		stop++;
	*ret = (struct sql_token){ start, (size_t)(stop - start) };
	*at = stop;
	return true;
}

bool sql_token_is(const struct sql_token *token, const char *word)
{
	const char *at = token->at;
	size_t len = token->len;
	if (len >= 2 && strchr("\"`", *at)) {
		at++;
		len -= 2;
	}
	return len == strlen(word) && !strncasecmp(at, word, len);
}

int sql_token_depth(const struct sql_token *token)
{
	return (*token->at == '(') - (*token->at == ')');
}

/* Whether it is the word as a name of SQL, which texts are not. */
static bool is_name(const struct sql_token *token, const char *word)
{
	return *token->at != '\'' && sql_token_is(token, word);
}

bool sql_token_is_in(const char *text, const char *word)
{
	struct sql_token token;
	const char *at = text, *end = text + strlen(text);
	while (sql_token_next(&at, end, &token))
		if (is_name(&token, word))
			return true;
	return false;
}

static bool opens_next(const char *at, const char *end)
{
	struct sql_token next;
	return sql_token_next(&at, end, &next) && sql_token_is(&next, "(");
}

bool sql_token_names_column(const char *text, const char *column)
{
	struct sql_token token;
	const char *at = text, *end = text + strlen(text);
	while (sql_token_next(&at, end, &token))
		if (is_name(&token, column) && !opens_next(at, end))
			return true;
	return false;
}
