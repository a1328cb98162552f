/*
 * The rules of a field on a value that already has the right type: spelling, lengths, pattern,
 * choices, format, ranges, and the author's own. A value that keeps them is stored.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/text.h"
#include "format/pattern.h"
#include "internal.h"

/* ---- text ---- */

static bool check_length(struct binder *b, const struct subject *s, const char *text, size_t len)
{
	int64_t min = s->field->min_len, max = s->field->max_len;
	/* A code point has one to four bytes, so most texts need no counting. */
	if ((!max || len <= (size_t)max) && (!min || len >= (size_t)min * 4))
		return true;
	int64_t count = (int64_t)str_utf8_count(text, len);
	if (max && count > max) {
		fault_add(b, s, "string_too_long",
			  arena_printf(b->c->arena, "{\"max_length\":%" PRId64 "}", max),
			  "String should have at most %" PRId64 " character%s", max,
			  max == 1 ? "" : "s");
		return false;
	}
	if (count < min) {
		fault_add(b, s, "string_too_short",
			  arena_printf(b->c->arena, "{\"min_length\":%" PRId64 "}", min),
			  "String should have at least %" PRId64 " character%s", min,
			  min == 1 ? "" : "s");
		return false;
	}
	return true;
}

static bool check_pattern(struct binder *b, const struct subject *s, const char *text, size_t len)
{
	const char *pattern = s->field->pattern;
	if (!pattern || pattern_matches(pattern, text, len))
		return true;
	fault_add(b, s, "string_pattern_mismatch", fault_ctx(b, "pattern", pattern),
		  "String should match pattern '%s'", pattern);
	return false;
}

const char *choices_text(struct binder *b, const char *const *choices)
{
	struct buf out;
	buf_init(&out, b->c->arena);
	for (size_t i = 0; choices[i]; i++) {
		if (i)
			buf_add_text(&out, choices[i + 1] ? ", " : " or ");
		char quote = strchr(choices[i], '\'') ? '"' : '\'';
		buf_printf(&out, "%c%s%c", quote, choices[i], quote);
	}
	return buf_text(&out);
}

static bool check_choices(struct binder *b, const struct subject *s, const char *text)
{
	const char *const *choices = s->field->choices;
	if (!choices)
		return true;
	for (size_t i = 0; choices[i]; i++)
		if (strcmp(choices[i], text) == 0)
			return true;
	const char *expected = choices_text(b, choices);
	fault_add(b, s, "literal_error", fault_ctx(b, "expected", expected), "Input should be %s",
		  expected);
	return false;
}

static bool check_content(struct binder *b, const struct subject *s, const char *text, size_t len)
{
	return check_pattern(b, s, text, len) && check_choices(b, s, text);
}

/* In small letters, and without white space around it, if the field wants that. */
static void respell(struct binder *b, const struct subject *s, const char **text, size_t *len)
{
	if (s->field->trim)
		*text = text_trim(*text, len);
	if (s->field->lower)
		*text = text_lower(b->c->arena, *text, *len, len);
}

/* The rules of the table. The text ends with a NUL, and may become the format's spelling of it. */
static bool check_text(struct binder *b, const struct subject *s, const char **text, size_t *len)
{
	const char *sent = *text;
	if (!check_content(b, s, *text, *len))
		return false;
	if (s->field->format && !format_take(b, s, text, len))
		return false;
	/* Another spelling keeps the rules, too: as what is stored it may come back. */
	return *text == sent ||
	       (check_length(b, s, *text, *len) && check_content(b, s, *text, *len));
}

/* What the author's check made of a text: it may come back, too. */
static void take_made_text(struct binder *b, const struct subject *s, const char *text)
{
	if (!text) {
		take_made_null(b, s);
		return;
	}
	size_t len = strlen(text);
	respell(b, s, &text, &len);
	text = arena_strndup(b->c->arena, text, len);
	if (check_length(b, s, text, len) && check_text(b, s, &text, &len))
		*(const char **)field_slot(s->field, s->base) = text;
}

void take_text(struct binder *b, const struct subject *s, const char *text, size_t len)
{
	respell(b, s, &text, &len);
	if (!check_length(b, s, text, len))
		return;
	/* Not NUL-terminated yet when it comes from a query; the copy is. */
	text = arena_strndup(b->c->arena, text, len);
	if (!check_text(b, s, &text, &len))
		return;
	const char *made = text;
	if (!author_check(b, s, &made))
		return;
	if (made != text)
		take_made_text(b, s, made);
	else
		*(const char **)field_slot(s->field, s->base) = text;
}

/* ---- numbers ---- */

/* A bound as pydantic prints it: whole numbers without a point. */
static const char *bound_text(struct binder *b, double bound)
{
	struct buf out;
	if (fabs(bound) < 1e22 && bound == floor(bound))
		return arena_printf(b->c->arena, "%.0f", bound);
	buf_init(&out, b->c->arena);
	json_add_real(&out, bound);
	return buf_text(&out);
}

/* long double holds every int64_t exactly. */
static bool check_range(struct binder *b, const struct subject *s, long double value)
{
	const struct field *f = s->field;
	bool low = f->has_min && (f->exclusive_min ? value <= f->min : value < f->min);
	bool high = f->has_max && (f->exclusive_max ? value >= f->max : value > f->max);
	if (!low && !high)
		return true;
	bool exclusive = low ? f->exclusive_min : f->exclusive_max;
	static const struct {
		const char *type, *key, *words;
	} kinds[2][2] = {
		{ { "less_than_equal", "le", "less than or equal to" },
		  { "less_than", "lt", "less than" } },
		{ { "greater_than_equal", "ge", "greater than or equal to" },
		  { "greater_than", "gt", "greater than" } },
	};
	const char *bound = bound_text(b, low ? f->min : f->max);
	fault_add(b, s, kinds[low][exclusive].type,
		  arena_printf(b->c->arena, "{\"%s\":%s}", kinds[low][exclusive].key, bound),
		  "Input should be %s %s", kinds[low][exclusive].words, bound);
	return false;
}

void take_int(struct binder *b, const struct subject *s, int64_t value)
{
	int64_t made = value;
	if (!check_range(b, s, (long double)value) || !author_check(b, s, &made))
		return;
	if (made == value || check_range(b, s, (long double)made))
		*(int64_t *)field_slot(s->field, s->base) = made;
}

void take_real(struct binder *b, const struct subject *s, double value)
{
	double made = value;
	if (!check_range(b, s, value) || !author_check(b, s, &made))
		return;
	if (!isfinite(made))
		fault_add(b, s, "finite_number", NULL, "Input should be a finite number");
	else if (made == value || check_range(b, s, made))
		*(double *)field_slot(s->field, s->base) = made;
}

void take_bool(struct binder *b, const struct subject *s, bool value)
{
	if (author_check(b, s, &value))
		*(bool *)field_slot(s->field, s->base) = value;
}

void take_raw(struct binder *b, const struct subject *s, struct raw_json json)
{
	json.text = arena_strndup(b->c->arena, json.text, json.len);
	if (author_check(b, s, &json))
		*(struct raw_json *)field_slot(s->field, s->base) = json;
}

/* ---- null ---- */

void take_null(const struct subject *s)
{
	/* Everything else is null when it is zero, as it is. */
	if (s->field->maybe)
		field_set_null(s->field, s->base);
}

void take_made_null(struct binder *b, const struct subject *s)
{
	if (s->field->nullable)
		take_null(s);
	else
		fault_add(b, s, "value_error", "{\"error\":{}}", "Value error, must not be null");
}

/* ---- arrays ---- */

bool check_array_max(struct binder *b, const struct subject *s, size_t count)
{
	int64_t max = s->field->max_len;
	if (!max || count <= (size_t)max)
		return true;
	fault_add(b, s, "too_long",
		  arena_printf(b->c->arena,
			       "{\"field_type\":\"List\",\"max_length\":%" PRId64
			       ",\"actual_length\":%zu}",
			       max, count),
		  "List should have at most %" PRId64 " item%s after validation, not %zu", max,
		  max == 1 ? "" : "s", count);
	return false;
}

static bool check_array_min(struct binder *b, const struct subject *s, size_t count)
{
	int64_t min = s->field->min_len;
	if (min <= 0 || count >= (size_t)min)
		return true;
	fault_add(b, s, "too_short",
		  arena_printf(b->c->arena,
			       "{\"field_type\":\"List\",\"min_length\":%" PRId64
			       ",\"actual_length\":%zu}",
			       min, count),
		  "List should have at least %" PRId64 " item%s after validation, not %zu", min,
		  min == 1 ? "" : "s", count);
	return false;
}

void take_array(struct binder *b, const struct subject *s, struct array *array)
{
	size_t count = array->count;
	if (!check_array_min(b, s, count) || !author_check(b, s, array) || array->count == count)
		return;
	if (check_array_max(b, s, array->count))
		(void)check_array_min(b, s, array->count);
}
