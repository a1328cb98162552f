/*
 * Regular expressions of ECMA-262 (2023, §22.2.1, with the flag u) in the words of PCRE2. Classes
 * are ecma_class.c's. Whatever the grammar does not allow is refused here; what is left, such as a
 * name that no group has, is refused by PCRE2.
 */
#include "ecma.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "ecma_read.h"

enum { GROUP_DEPTH_MAX = 64 };

/* What was read last: only a term can be repeated. */
enum last { NOTHING, TERM, ASSERTION, QUANTIFIED };

struct translation {
	struct ecma_reader r;
	enum last last;
	bool is_assertion[GROUP_DEPTH_MAX]; /* of each open group */
	size_t depth;
};

/* ---- groups ---- */

static void group_enter(struct translation *t, bool is_assertion)
{
	if (t->depth == GROUP_DEPTH_MAX) {
		ecma_refuse(&t->r, "groups are nested too deeply");
		return;
	}
	t->is_assertion[t->depth++] = is_assertion;
	t->last = NOTHING;
}

/* "(?<name>": the name, letters and digits of ASCII, is the same in both languages. */
static void read_group_name(struct translation *t)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	size_t len = strspn(t->r.at, letters);
	if (!len || str_is_digit(*t->r.at) || t->r.at[len] != '>') {
		ecma_refuse(&t->r, "the name of a group is letters, digits and _ between < and >");
		return;
	}
	buf_add(t->r.out, t->r.at, len + 1);
	t->r.at += len + 1;
}

static void read_group(struct translation *t)
{
	static const struct {
		const char *text;
		bool is_assertion, has_name;
	} kinds[] = {
		{ "(?:", false, false }, { "(?=", true, false },  { "(?!", true, false },
		{ "(?<=", true, false }, { "(?<!", true, false }, { "(?<", false, true },
	};
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (!str_starts(t->r.at, kinds[i].text))
			continue;
		t->r.at += strlen(kinds[i].text);
		buf_add_text(t->r.out, kinds[i].text);
		if (kinds[i].has_name)
			read_group_name(t);
		group_enter(t, kinds[i].is_assertion);
		return;
	}
	if (t->r.at[1] == '?') {
		ecma_refuse(&t->r, "there is no such group; inline flags are none either");
		return;
	}
	t->r.at++;
	buf_add_char(t->r.out, '(');
	group_enter(t, false);
}

static void close_group(struct translation *t)
{
	if (!t->depth) {
		ecma_refuse(&t->r, "a group is closed that was not opened");
		return;
	}
	t->r.at++;
	buf_add_char(t->r.out, ')');
	t->last = t->is_assertion[--t->depth] ? ASSERTION : TERM;
}

/* ---- quantifiers ---- */

/* {2}, {2,} or {2,5}: its length, or 0. PCRE2 counts to 65535. */
static size_t braces_len(const char *at)
{
	size_t len = 1, digits = strspn(at + len, "0123456789");
	if (!digits)
		return 0;
	len += digits;
	if (at[len] == ',') {
		len++;
		len += strspn(at + len, "0123456789");
	}
	return at[len] == '}' ? len + 1 : 0;
}

static void read_quantifier(struct translation *t)
{
	const char *at = t->r.at;
	size_t len = *at == '{' ? braces_len(at) : 1;
	if (!len)
		ecma_refuse(&t->r, "a brace that is meant as itself is written \\{");
	else if (t->last == QUANTIFIED)
		ecma_refuse(&t->r, "a quantifier follows another one");
	else if (t->last == ASSERTION)
		ecma_refuse(&t->r, "an assertion cannot be repeated");
	else if (t->last == NOTHING)
		ecma_refuse(&t->r, "nothing stands before the quantifier");
	if (t->r.why)
		return;
	len += at[len] == '?';
	buf_add(t->r.out, at, len);
	t->r.at += len;
	t->last = QUANTIFIED;
}

/* ---- terms ---- */

/* \1: what that group has matched; nothing, when it has not. */
static void read_reference(struct translation *t)
{
	size_t len = strspn(t->r.at + 1, "0123456789");
	buf_printf(t->r.out, "\\g{%.*s}", (int)len, t->r.at + 1);
	t->r.at += 1 + len;
	t->last = TERM;
}

static void read_escape(struct translation *t)
{
	char what = t->r.at[1];
	if (what == 'b' || what == 'B') {
		buf_add(t->r.out, t->r.at, 2);
		t->r.at += 2;
		t->last = ASSERTION;
	} else if (what >= '1' && what <= '9') {
		read_reference(t);
	} else if (what == 'k' && t->r.at[2] == '<') {
		buf_add_lit(t->r.out, "\\k<");
		t->r.at += 3;
		read_group_name(t);
		t->last = TERM;
	} else {
		ecma_atom(&t->r);
		t->last = TERM;
	}
}

static void read_assertion(struct translation *t)
{
	buf_add_char(t->r.out, *t->r.at++);
	t->last = ASSERTION;
}

static void read_any(struct translation *t)
{
	t->r.at++;
	buf_add_lit(t->r.out, "[^\\n\\r\\x{2028}\\x{2029}]");
	t->last = TERM;
}

static void read_bar(struct translation *t)
{
	buf_add_char(t->r.out, *t->r.at++);
	t->last = NOTHING;
}

static void read_term(struct translation *t)
{
	switch (*t->r.at) {
	case '(': read_group(t); return;
	case ')': close_group(t); return;
	case '|': read_bar(t); return;
	case '*':
	case '+':
	case '?':
	case '{': read_quantifier(t); return;
	case '^':
	case '$': read_assertion(t); return;
	case '.': read_any(t); return;
	case '\\': read_escape(t); return;
	case '}':
	case ']':
		ecma_refuse(&t->r, "a bracket that is meant as itself has a \\ before it");
		return;
	case '[': ecma_class(&t->r); break;
	default: ecma_atom(&t->r);
	}
	t->last = TERM;
}

bool ecma_translate(const char *pattern, struct buf *out, struct ecma_fault *ret_fault)
{
	struct translation t = { .r = { .at = pattern, .out = out } };
	if (!str_is_utf8(pattern, strlen(pattern)))
		ecma_refuse(&t.r, "it is not UTF-8");
	while (!t.r.why && *t.r.at)
		read_term(&t);
	if (t.depth)
		ecma_refuse(&t.r, "a group is not closed");
	if (t.r.why)
		*ret_fault = (struct ecma_fault){ t.r.why, (size_t)(t.r.at - pattern) };
	return !t.r.why;
}
