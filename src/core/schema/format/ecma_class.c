/*
 * Characters, escapes and classes of ECMA-262 patterns, as PCRE2 reads them. The sets are spelled
 * out: those of PCRE2 depend on its options, and its \s is not that of ECMA-262 with any of them.
 */
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "ecma_read.h"

void ecma_refuse(struct ecma_reader *r, const char *why)
{
	if (!r->why)
		r->why = why;
}

/* ---- sets ---- */

/* As the inside of a class. White space is that of §22.2.2.9: WhiteSpace and LineTerminator. */
static const struct {
	char name;
	const char *members;
} sets[] = {
	{ 'd', "0-9" },
	{ 'D', "\\x{0}-\\x{2F}\\x{3A}-\\x{10FFFF}" },
	{ 'w', "0-9A-Z_a-z" },
	{ 'W', "\\x{0}-\\x{2F}\\x{3A}-\\x{40}\\x{5B}-\\x{5E}\\x{60}\\x{7B}-\\x{10FFFF}" },
	{ 's', "\\x{9}-\\x{D}\\x{20}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}"
	       "\\x{202F}\\x{205F}\\x{3000}\\x{FEFF}" },
	{ 'S', "\\x{0}-\\x{8}\\x{E}-\\x{1F}\\x{21}-\\x{9F}\\x{A1}-\\x{167F}\\x{1681}-\\x{1FFF}"
	       "\\x{200B}-\\x{2027}\\x{202A}-\\x{202E}\\x{2030}-\\x{205E}\\x{2060}-\\x{2FFF}"
	       "\\x{3001}-\\x{FEFE}\\x{FF00}-\\x{10FFFF}" },
};

static const char *set_members(char name)
{
	for (size_t i = 0; i < COUNT_OF(sets); i++)
		if (sets[i].name == name)
			return sets[i].members;
	return NULL;
}

/* \p{Lu}, \p{Script=Greek}: names that only PCRE2 knows are refused. */
static void read_property(struct ecma_reader *r)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_=";
	const char *name = r->at + 3;
	size_t len = r->at[2] == '{' ? strspn(name, letters) : 0;
	if (!len || name[len] != '}' || (len == 3 && name[0] == 'X')) {
		ecma_refuse(r, "a property is written \\p{Lu} or \\p{Script=Greek}");
		return;
	}
	buf_printf(r->out, "\\%c{", r->at[1]);
	static const char category[] = "General_Category=", short_category[] = "gc=";
	if (str_starts(name, category) || str_starts(name, short_category)) {
		size_t skip = str_starts(name, category) ? sizeof(category)
							 : sizeof(short_category);
		name += skip - 1;
		len -= skip - 1;
	}
	buf_add(r->out, name, len + 1);
	r->at = name + len + 1;
}

/* ---- characters ---- */

/* `count` digits from *at; moves it. */
static bool read_hex(const char **at, int count, uint32_t *ret)
{
	*ret = 0;
	for (int i = 0; i < count; i++) {
		int value = str_hex_value((*at)[i]);
		if (value < 0)
			return false;
		*ret = *ret * 16 + (uint32_t)value;
	}
	*at += count;
	return true;
}

/* \u{1F600}, from behind the brace; moves past the other one. */
static bool read_braced_hex(const char **at, uint32_t *ret)
{
	size_t len = strcspn(*at, "}");
	size_t zeros = strspn(*at, "0");
	if (!len || !(*at)[len] || (len > zeros && len - zeros > 6))
		return false;
	const char *digits = *at + (zeros < len ? zeros : len - 1);
	if (!read_hex(&digits, (int)(*at + len - digits), ret) || *ret > 0x10FFFF)
		return false;
	*at = digits + 1;
	return true;
}

/* Two escapes of surrogates are one character. */
static bool read_unicode(const char **at, uint32_t *ret)
{
	uint32_t low;
	if (**at == '{') {
		(*at)++;
		if (!read_braced_hex(at, ret))
			return false;
	} else if (!read_hex(at, 4, ret)) {
		return false;
	}
	if (*ret >= 0xD800 && *ret < 0xDC00 && str_starts(*at, "\\u")) {
		const char *next = *at + 2;
		if (!read_hex(&next, 4, &low) || low < 0xDC00 || low > 0xDFFF)
			return false;
		*ret = 0x10000 + ((*ret - 0xD800) << 10) + (low - 0xDC00);
		*at = next;
	}
	return *ret < 0xD800 || *ret > 0xDFFF;
}

static bool read_control(const char **at, uint32_t *ret)
{
	if (!str_is_alpha(**at))
		return false;
	*ret = (uint32_t)(*(*at)++ & 0x1F);
	return true;
}

/* An escape that stands for one character, from behind the backslash. */
static bool read_escaped(const char **at, bool in_class, uint32_t *ret)
{
	static const char letters[] = "fnrtv", values[] = "\f\n\r\t\v";
	char what = *(*at)++;
	const char *letter = what ? strchr(letters, what) : NULL;
	if (letter)
		*ret = (uint32_t)values[letter - letters];
	else if (what == 'x')
		return read_hex(at, 2, ret);
	else if (what == 'u')
		return read_unicode(at, ret);
	else if (what == 'c')
		return read_control(at, ret);
	else if (what == '0' && !str_is_digit(**at))
		*ret = 0;
	else if (what == 'b' && in_class)
		*ret = 8;
	else if (what && (strchr("^$\\.*+?()[]{}|/", what) || (what == '-' && in_class)))
		*ret = (uint32_t)what;
	else
		return false;
	return true;
}

/* False after a refusal. */
static bool read_character(struct ecma_reader *r, bool in_class, uint32_t *ret)
{
	if (*r->at != '\\') {
		r->at += str_utf8_next(r->at, strlen(r->at), ret);
		return true;
	}
	const char *at = r->at + 1;
	if (!read_escaped(&at, in_class, ret)) {
		ecma_refuse(r, "ECMA-262 has no such escape");
		return false;
	}
	r->at = at;
	return true;
}

static void add_character(struct ecma_reader *r, uint32_t character)
{
	buf_printf(r->out, "\\x{%X}", (unsigned)character);
}

/* ---- terms ---- */

void ecma_atom(struct ecma_reader *r)
{
	uint32_t character;
	const char *members = *r->at == '\\' ? set_members(r->at[1]) : NULL;
	if (members) {
		buf_printf(r->out, "[%s]", members);
		r->at += 2;
	} else if (r->at[0] == '\\' && (r->at[1] == 'p' || r->at[1] == 'P')) {
		read_property(r);
	} else if (read_character(r, false, &character)) {
		add_character(r, character);
	}
}

/* A set inside a class; false when there is none. */
static bool read_inner_set(struct ecma_reader *r)
{
	const char *members = *r->at == '\\' ? set_members(r->at[1]) : NULL;
	if (members) {
		buf_add_text(r->out, members);
		r->at += 2;
		return true;
	}
	if (r->at[0] != '\\' || (r->at[1] != 'p' && r->at[1] != 'P'))
		return false;
	read_property(r);
	return true;
}

/* Whether a '-' follows that is not the last of the class. */
static bool is_range(const struct ecma_reader *r)
{
	return r->at[0] == '-' && r->at[1] && r->at[1] != ']';
}

static bool is_set(const char *at)
{
	return at[0] == '\\' && at[1] && (set_members(at[1]) || strchr("pP", at[1]));
}

static void read_member(struct ecma_reader *r)
{
	uint32_t first, last;
	if (read_inner_set(r)) {
		if (is_range(r))
			ecma_refuse(r, "a range has a character at each end");
		return;
	}
	if (!read_character(r, true, &first))
		return;
	add_character(r, first);
	if (!is_range(r))
		return;
	r->at++;
	if (is_set(r->at))
		ecma_refuse(r, "a range has a character at each end");
	else if (read_character(r, true, &last) && last < first)
		ecma_refuse(r, "the range is out of order");
	if (r->why)
		return;
	buf_add_char(r->out, '-');
	add_character(r, last);
}

void ecma_class(struct ecma_reader *r)
{
	r->at++;
	bool negated = *r->at == '^';
	r->at += negated;
	if (*r->at == ']') {
		/* nothing at all, or anything */
		buf_add_text(r->out, negated ? "[\\x{0}-\\x{10FFFF}]" : "(?!)");
		r->at++;
		return;
	}
	buf_add_text(r->out, negated ? "[^" : "[");
	while (!r->why && *r->at && *r->at != ']')
		read_member(r);
	if (!r->why && !*r->at)
		ecma_refuse(r, "a class is not closed");
	if (r->why)
		return;
	buf_add_char(r->out, ']');
	r->at++;
}
