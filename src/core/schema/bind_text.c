/*
 * Text values to members, parsed in pydantic's lax way (" 5 ", "on"). Which text belongs to which
 * field is bind_pairs.c's.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "format/number.h"
#include "internal.h"

static void bind_int_text(struct binder *b, const struct subject *s)
{
	int64_t value;
	switch (number_int_of_text(s->text, s->len, &value)) {
	case NUMBER_OK: take_int(b, s, value); return;
	case NUMBER_TOO_BIG:
		fault_add(b, s, "int_parsing_size", NULL,
			  "Unable to parse input string as an integer, exceeded maximum size");
		return;
	default:
		fault_add(b, s, "int_parsing", NULL,
			  "Input should be a valid integer, unable to parse string as an integer");
	}
}

static void bind_real_text(struct binder *b, const struct subject *s)
{
	double value;
	switch (number_real_of_text(s->text, s->len, &value)) {
	case NUMBER_OK: take_real(b, s, value); return;
	case NUMBER_TOO_BIG:
		fault_add(b, s, "finite_number", NULL, "Input should be a finite number");
		return;
	default:
		fault_add(b, s, "float_parsing", NULL,
			  "Input should be a valid number, unable to parse string as a number");
	}
}

static void bind_bool_text(struct binder *b, const struct subject *s)
{
	bool value;
	if (bool_of_text(s->text, s->len, &value))
		take_bool(b, s, value);
	else
		fault_add(b, s, "bool_parsing", NULL,
			  "Input should be a valid boolean, unable to interpret input");
}

/* Without the blanks around it, as it stands in a body. */
static struct raw_json trim_raw(const char *text, size_t len)
{
	while (len && strchr(" \t\n\r", text[len - 1]))
		len--;
	size_t start = 0;
	while (strchr(" \t\n\r", text[start]))
		start++;
	return (struct raw_json){ text + start, len - start };
}

static void bind_raw_text(struct binder *b, const struct subject *s)
{
	size_t at;
	const char *why;
	if (!json_check_inner(s->text, s->len, &at, &why)) {
		fault_add(b, s, "json_invalid", fault_ctx(b, "error", why), "Invalid JSON: %s",
			  why);
		return;
	}
	struct raw_json json = trim_raw(s->text, s->len);
	if (*json.text == 'n')
		take_made_null(b, s);
	else
		take_raw(b, s, json);
}

/* C text cannot hold a NUL, and nothing after it may be dropped in silence. */
static bool is_clean_text(const struct subject *s)
{
	return !memchr(s->text, '\0', s->len) && str_is_utf8(s->text, s->len);
}

/* What is read as a text first. */
static void bind_clean_text(struct binder *b, const struct subject *s)
{
	switch (s->field->type) {
	case FIELD_INSTANT: take_instant(b, s, arena_strndup(b->c->arena, s->text, s->len)); return;
	case FIELD_DATE: take_date(b, s, arena_strndup(b->c->arena, s->text, s->len)); return;
	default: take_text(b, s, s->text, s->len);
	}
	assert(s->field->type == FIELD_TEXT);
}

void bind_text_value(struct binder *b, const struct subject *s)
{
	switch (s->field->type) {
	case FIELD_INT: bind_int_text(b, s); return;
	case FIELD_REAL: bind_real_text(b, s); return;
	case FIELD_BOOL: bind_bool_text(b, s); return;
	case FIELD_RAW_JSON: bind_raw_text(b, s); return;
	default: break;
	}
	if (!is_clean_text(s))
		fault_add(b, s, "string_unicode", NULL,
			  "Input should be a valid string, unable to parse raw data as a unicode "
			  "string");
	else
		bind_clean_text(b, s);
}
