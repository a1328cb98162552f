/*
 * What a text may be, as JSON Schema: lengths, choices, formats and patterns. An input says besides
 * what the binder asks of every text, so that a client that keeps to the document is not refused.
 */
#include "document.h"

#include <string.h>

#include "base/str.h"
#include "format/email.h"
#include "format/url.h"

static void add_choices(struct buf *out, const char *const *choices)
{
	if (choices[0] && !choices[1]) {
		document_text(out, "const", choices[0]);
		return;
	}
	json_add_key(out, "enum");
	for (size_t i = 0; choices[i]; i++) {
		buf_add_char(out, i ? ',' : '[');
		json_add_text(out, choices[i], strlen(choices[i]));
	}
	buf_add_char(out, ']');
}

static const char *format_name(const struct field *field)
{
	static const char *const names[] = {
		[FORMAT_EMAIL] = "email",         [FORMAT_URI] = "uri",
		[FORMAT_UUID] = "uuid",           [FORMAT_DATE] = "date",
		[FORMAT_DATE_TIME] = "date-time", [FORMAT_PASSWORD] = "password",
	};
	return field->secret ? "password" : names[field->format];
}

/* ---- lengths ---- */

/* The most that the format takes, or 0. */
static int64_t format_max(const struct field *field, bool as_input)
{
	if (field->format == FORMAT_URI && !field->secret)
		return URL_MAX;
	return field->format == FORMAT_EMAIL && as_input ? EMAIL_MAX : 0;
}

/* Of what is sent to a .trim field no text is too long: see document_words.c. */
static void add_lengths(const struct field *field, bool as_input, struct buf *out)
{
	int64_t max = field->max_len, min = field->min_len, most = format_max(field, as_input);
	if (most && (!max || max > most))
		max = most;
	if (most == URL_MAX && !min)
		min = 1;
	if (max && !(as_input && field->trim))
		document_int(out, "maxLength", max);
	if (min)
		document_int(out, "minLength", min);
}

/* ---- patterns ---- */

/* What email.c takes. */
#define ATOM "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
#define LABEL "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
static const char email_pattern[] = "^(?=[^@]{1,64}@)" ATOM "(?:\\." ATOM ")*@(?:" LABEL
				    "\\.)+(?![0-9]+$)" LABEL "$";
static const char without_nul[] = "^[^\\x00]*$";

/* Behind the bracket that closes the class or the group at `at`. */
static const char *bracket_end(const char *at)
{
	char open = *at, close = open == '[' ? ']' : ')';
	int depth = 0;
	for (; *at; at++) {
		if (*at == '\\' && at[1])
			at++;
		else if (*at == '[' && open == '(')
			at = bracket_end(at) - 1;
		else if (*at == open && open == '(')
			depth++;
		else if (*at == close && (open == '[' || !--depth))
			return at + 1;
	}
	return at;
}

/*
 * Whether the class, from [ to ], may have a NUL in it: one that is negated names it, any other
 * does not.
 */
static bool class_takes_nul(const char *at, const char *end)
{
	size_t len = (size_t)(end - at);
	bool names = memmem(at, len, "\\x00", 4) || memmem(at, len, "\\0", 2);
	bool is_wide = memmem(at, len, "\\S", 2) || memmem(at, len, "\\D", 2) ||
		       memmem(at, len, "\\W", 2) || memmem(at, len, "\\P", 2) ||
		       memmem(at, len, "\\u", 2) || memmem(at, len, "\\p", 2);
	return at[1] == '^' ? !names : names || is_wide;
}

/*
 * One step of a walk through a pattern. Returns where the next begins; *ret_takes is set when the
 * part may be a NUL.
 */
static const char *part_read(const char *at, int *depth, bool *ret_takes)
{
	const char *next = at + 1;
	if (str_starts(at, "(?=") || str_starts(at, "(?!"))
		return bracket_end(at);
	*depth += (*at == '(') - (*at == ')');
	if (*at == '[')
		*ret_takes |= class_takes_nul(at, next = bracket_end(at));
	else if (*at == '\\' && at[1])
		*ret_takes |= strchr("SDWPpux0c", *next++) != NULL;
	else
		*ret_takes |= *at == '.' || (*at == '|' && !*depth);
	return next;
}

/* Whether a text with a NUL may match: not where the whole text is spelled out without one. */
static bool pattern_takes_nul(const char *pattern)
{
	const char *at = pattern, *last = pattern;
	bool takes = *at != '^';
	for (int depth = 0; *at;) {
		last = at;
		at = part_read(at, &depth, &takes);
	}
	return takes || *last != '$';
}

static const char not_only_space[] = "\\S";

static void add_pattern(const struct field *field, struct buf *out)
{
	const char *own = document_is_respelled(field) ? NULL : field->pattern;
	if (field->trim && field->min_len)
		own = not_only_space;
	if (own)
		document_text(out, "pattern", own);
	else if (field->format == FORMAT_EMAIL && !field->trim)
		document_text(out, "pattern", email_pattern);
	else if (document_is_respelled(field) ||
		 (!field->choices && (!field->format || field->format == FORMAT_PASSWORD)))
		document_text(out, "pattern", without_nul);
	if (!own || !pattern_takes_nul(own))
		return;
	json_add_key(out, "not");
	buf_add_lit(out, "{\"pattern\":\"\\\\x00\"}");
}

void document_text_rules(const struct field *field, bool as_input, struct buf *out)
{
	if (field->choices && !(as_input && document_is_respelled(field)))
		add_choices(out, field->choices);
	add_lengths(field, as_input, out);
	if (as_input)
		add_pattern(field, out);
	else if (field->pattern)
		document_text(out, "pattern", field->pattern);
	if (format_name(field))
		document_text(out, "format", format_name(field));
}
