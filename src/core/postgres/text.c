/*
 * Where statements begin and end in SQL text: past quotes, dollar quotes and comments. Enough to
 * run a script one statement at a time, so that a failure has a line, and to refuse COMMIT and the
 * like; the server does the parsing. A body of a function is written in $$ … $$: the form BEGIN
 * ATOMIC … END is cut at its semicolons.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/attr.h"
#include "base/str.h"
#include "internal.h"

static const char *find(const char *at, const char *end, const char *text)
{
	const char *found = memmem(at, (size_t)(end - at), text, strlen(text));
	return found ? found + strlen(text) : end;
}

/* Comments of this kind nest. */
static const char *block_comment_end(const char *at, const char *end)
{
	int depth = 0;
	while (end - at >= 2) {
		if (at[0] == '/' && at[1] == '*') {
			depth++;
			at += 2;
		} else if (at[0] == '*' && at[1] == '/') {
			at += 2;
			if (--depth == 0)
				return at;
		} else {
			at++;
		}
	}
	return end;
}

/* The quote of a part that goes on in a later line, as the standard has it, or NULL. */
static const char *next_part(const char *at, const char *end)
{
	bool has_line_end = false;
	for (; at < end && isspace((unsigned char)*at); at++)
		has_line_end = has_line_end || *at == '\n' || *at == '\r';
	return has_line_end && at < end && *at == '\'' ? at : NULL;
}

/*
 * A doubled quote is one, and a backslash protects what follows in texts with escapes alone, in all
 * their parts.
 */
static const char *quote_end(const char *at, const char *end, bool escapes)
{
	char quote = *at++;
	for (; at < end; at++) {
		if (escapes && *at == '\\' && at + 1 < end) {
			at++;
		} else if (*at == quote) {
			bool is_double = at + 1 < end && at[1] == quote;
			const char *part = escapes ? next_part(at + 1, end) : NULL;
			if (!is_double && !part)
				return at + 1;
			at = is_double ? at + 1 : part;
		}
	}
	return end;
}

static bool is_word(char byte)
{
	return isalnum((unsigned char)byte) || byte == '_' || (unsigned char)byte >= 0x80;
}

/* $$ … $$ and $tag$ … $tag$; a parameter such as $1 is one byte long here. */
static const char *dollar_end(const char *at, const char *end)
{
	const char *tag = at + 1;
	while (tag < end && is_word(*tag))
		tag++;
	if (tag == end || *tag != '$' || isdigit((unsigned char)at[1]))
		return at + 1;
	size_t len = (size_t)(tag + 1 - at);
	const char *close = memmem(at + len, (size_t)(end - at) - len, at, len);
	return close ? close + len : end;
}

/* Past one comment, quoted text, word or other byte. */
static const char *token_end(const char *at, const char *end)
{
	size_t left = (size_t)(end - at);
	if (left >= 2 && at[0] == '-' && at[1] == '-')
		return find(at, end, "\n");
	if (left >= 2 && at[0] == '/' && at[1] == '*')
		return block_comment_end(at, end);
	if (left >= 2 && (*at == 'e' || *at == 'E') && at[1] == '\'')
		return quote_end(at + 1, end, true);
	if (*at == '\'' || *at == '"')
		return quote_end(at, end, false);
	if (*at == '$')
		return dollar_end(at, end);
	if (!is_word(*at))
		return at + 1;
	bool is_number = isdigit((unsigned char)*at);
	while (at < end && (is_word(*at) || (*at == '$' && !is_number)))
		at++;
	return at;
}

const char *postgres_text_start(const char *at, const char *end)
{
	while (at < end) {
		bool comment = end - at >= 2 &&
			       ((at[0] == '-' && at[1] == '-') || (at[0] == '/' && at[1] == '*'));
		if (!comment && *at != ';' && !isspace((unsigned char)*at))
			break;
		at = comment ? token_end(at, end) : at + 1;
	}
	return at;
}

const char *postgres_text_end(const char *at, const char *end)
{
	while (at < end) {
		if (*at == ';')
			return at + 1;
		at = token_end(at, end);
	}
	return end;
}

size_t postgres_text_params(const char *at, const char *end)
{
	int64_t most = 0;
	while (at < end) {
		int64_t number = 0;
		if (*at == '$')
			str_read_digits(at + 1, (size_t)(end - at) - 1, &number);
		most = number > most ? number : most;
		at = token_end(at, end);
	}
	return (size_t)most;
}

bool postgres_text_is_control(const char *at, const char *end)
{
	static const char *const words[] = { "BEGIN",     "COMMIT",    "END",     "ROLLBACK",
					     "ABORT",     "SAVEPOINT", "RELEASE", "START",
					     "PREPARE",   "SET",       "RESET",   "DISCARD",
					     "DEALLOCATE" };
	size_t len = 0;
	while (at + len < end && is_word(at[len]))
		len++;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strlen(words[i]) == len && !strncasecmp(words[i], at, len))
			return true;
	}
	return false;
}
