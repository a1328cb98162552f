/*
 * Fuzz target of where statements of PostgreSQL end. An automaton that goes byte by byte, after the
 * server's own scanner (scan.l), finds the semicolons that are none of a text, a name, a comment or
 * a body.
 */
#include "fuzz/target.h"

#include <ctype.h>

#include "base/str.h"
#include "core/postgres/internal.h"

enum state { PLAIN, WORD, NUMBER, QUOTED, LINE, BLOCK, BODY };

struct scan {
	enum state state;
	char quote;      /* QUOTED */
	bool escapes;    /* QUOTED: a backslash protects */
	int depth;       /* BLOCK */
	const char *tag; /* BODY: "$x$" */
	size_t tag_len, word_len;
};

static bool is_name(char byte)
{
	return str_is_alpha(byte) || byte == '_' || (byte & 0x80);
}

/* The length of "$tag$" here, or 0. */
static size_t tag_len(const char *at, const char *end)
{
	const char *stop = at + 1;
	while (stop < end && (is_name(*stop) || (stop > at + 1 && str_is_digit(*stop))))
		stop++;
	return stop < end && *stop == '$' ? (size_t)(stop + 1 - at) : 0;
}

/* A text that goes on behind an end of line: 'a' 'b' is one. */
static size_t gap_len(const char *at, const char *end)
{
	const char *start = at;
	bool has_end = false;
	for (; at < end && isspace((unsigned char)*at); at++)
		has_end |= *at == '\n' || *at == '\r';
	return has_end && at < end && *at == '\'' ? (size_t)(at + 1 - start) : 0;
}

/* Begins what begins here; returns the bytes it takes. */
static size_t begin(struct scan *s, const char *at, const char *end)
{
	bool has_two = end - at >= 2;
	bool is_escape = s->state == WORD && s->word_len == 1 && (at[-1] | 0x20) == 'e';
	s->state = PLAIN;
	if (has_two && at[0] == '-' && at[1] == '-') {
		s->state = LINE;
	} else if (has_two && at[0] == '/' && at[1] == '*') {
		s->state = BLOCK;
		s->depth = 1;
		return 2;
	} else if (*at == '\'' || *at == '"') {
		*s = (struct scan){ .state = QUOTED,
				    .quote = *at,
				    .escapes = is_escape && *at == '\'' };
	} else if (*at == '$' && (s->tag_len = tag_len(at, end))) {
		s->state = BODY;
		s->tag = at;
		return s->tag_len;
	} else if (is_name(*at)) {
		s->state = WORD;
		s->word_len = 1;
	} else if (str_is_digit(*at)) {
		s->state = NUMBER;
	}
	return 1;
}

static size_t go_on_in_quotes(struct scan *s, const char *at, const char *end)
{
	if (s->escapes && *at == '\\' && at + 1 < end)
		return 2;
	if (*at != s->quote)
		return 1;
	if (at + 1 < end && at[1] == s->quote)
		return 2;
	size_t gap = s->quote == '\'' ? gap_len(at + 1, end) : 0;
	s->state = gap ? QUOTED : PLAIN;
	return 1 + gap;
}

static size_t go_on(struct scan *s, const char *at, const char *end)
{
	bool has_two = end - at >= 2;
	switch (s->state) {
	case WORD:
		if (is_name(*at) || str_is_digit(*at) || *at == '$') {
			s->word_len++;
			return 1;
		}
		return begin(s, at, end);
	case NUMBER: return is_name(*at) || str_is_digit(*at) ? 1 : begin(s, at, end);
	case QUOTED: return go_on_in_quotes(s, at, end);
	case LINE: s->state = *at == '\n' ? PLAIN : LINE; return 1;
	case BLOCK:
		if (has_two && at[0] == '/' && at[1] == '*')
			s->depth++;
		else if (has_two && at[0] == '*' && at[1] == '/')
			s->depth--;
		else
			return 1;
		s->state = s->depth ? BLOCK : PLAIN;
		return 2;
	case BODY:
		if ((size_t)(end - at) < s->tag_len || memcmp(at, s->tag, s->tag_len) != 0)
			return 1;
		s->state = PLAIN;
		return s->tag_len;
	case PLAIN: break;
	}
	return begin(s, at, end);
}

/* Past the semicolon that ends what begins at `at`, or the end. */
static const char *end_again(const char *at, const char *end)
{
	struct scan scan = { 0 };
	while (at < end) {
		bool is_plain = scan.state == PLAIN || scan.state == WORD || scan.state == NUMBER;
		if (is_plain && *at == ';')
			return at + 1;
		at += go_on(&scan, at, end);
	}
	return end;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	const char *end = text + size;
	for (const char *at = text, *start, *stop; at < end; at = stop) {
		start = postgres_text_start(at, end);
		assert(start >= at && start <= end);
		/* what is passed over is no statement */
		assert(start == end || (!isspace((unsigned char)*start) && *start != ';'));
		if (start == end)
			break;
		stop = postgres_text_end(start, end);
		assert(stop > start && stop == end_again(start, end));
		(void)postgres_text_is_control(start, stop);
		assert(postgres_text_params(start, stop) <= POSTGRES_BINDS_MAX * (size_t)10 + 9);
	}
	free(text);
	return 0;
}
