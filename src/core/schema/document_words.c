/* What is said of an input in words: its doc, and what becomes of a text before it is judged. */
#include <inttypes.h>

#include "base/buf.h"
#include "document.h"

static void add_spelling(const struct field *field, struct buf *out)
{
	if (field->trim)
		buf_add_lit(out, "White space at both ends is cut off");
	if (field->lower)
		buf_add_text(out, field->trim ? ", and letters" : "Letters");
	if (field->lower)
		buf_add_lit(out, " become small");
	buf_add_char(out, '.');
}

static void add_lengths(const struct field *field, struct buf *out)
{
	int64_t min = field->min_len, max = field->max_len;
	if (min > 1 && max)
		buf_printf(out, " What is left has %" PRId64 " to %" PRId64 " characters.", min,
			   max);
	else if (min > 1)
		buf_printf(out, " What is left has at least %" PRId64 " characters.", min);
	else if (max)
		buf_printf(out, " What is left has at most %" PRId64 " characters.", max);
}

static void add_choices(const struct field *field, struct buf *out)
{
	buf_add_lit(out, " It then is one of:");
	for (size_t i = 0; field->choices[i]; i++)
		buf_printf(out, "%s %s", i ? "," : "", field->choices[i]);
	buf_add_char(out, '.');
}

static void add_rules(const struct field *field, struct buf *out)
{
	struct field text = field->type == FIELD_ARRAY ? array_item(field) : *field;
	add_spelling(&text, out);
	if (text.trim)
		add_lengths(&text, out);
	if (text.pattern)
		buf_printf(out, " It then matches '%s'.", text.pattern);
	if (text.choices)
		add_choices(&text, out);
}

void field_describe_input(const struct field *field, struct buf *out)
{
	if (field->doc)
		buf_add_text(out, field->doc);
	if (!document_is_respelled(field))
		return;
	if (out->len)
		buf_add_text(out, out->data[out->len - 1] == '.' ? " " : ". ");
	add_rules(field, out);
}
