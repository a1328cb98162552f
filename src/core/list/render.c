/*
 * A list query as the parameters that make it again, members of a flat object. What they mean is
 * said where they are read.
 */
#include <string.h>

#include "base/buf.h"
#include "internal.h"

/* ---- one value ---- */

static void add_instant(const struct list_value *value, struct buf *out)
{
	char text[INSTANT_TEXT_ROOM];
	buf_add(out, text, instant_text((struct instant){ value->integer }, text));
}

static void add_date(const struct list_value *value, struct buf *out)
{
	char text[DATE_TEXT_ROOM];
	buf_add(out, text, date_text((struct date){ value->integer }, text));
}

/* As it stands in a query. */
static void add_value(const struct list_value *value, struct buf *out)
{
	switch (value->type) {
	case FIELD_TEXT: buf_add_text(out, value->text); return;
	case FIELD_REAL: json_add_real(out, value->real); return;
	case FIELD_INSTANT: add_instant(value, out); return;
	case FIELD_DATE: add_date(value, out); return;
	case FIELD_BOOL: buf_add_text(out, value->integer ? "true" : "false"); return;
	default: buf_add_int(out, value->integer);
	}
}

/* One of several with commas between them, in quotes where it would be read as something else. */
static void add_term(const struct list_value *value, struct buf *out)
{
	if (value->type != FIELD_TEXT || (!strchr(value->text, ',') && *value->text != '"')) {
		add_value(value, out);
		return;
	}
	buf_add_char(out, '"');
	for (const char *at = value->text; *at; at++) {
		if (*at == '"')
			buf_add_char(out, '"');
		buf_add_char(out, *at);
	}
	buf_add_char(out, '"');
}

/* ---- parameters ---- */

/* The text becomes the member's value, and is empty again. */
static void add_member(const char *name, struct buf *text, struct buf *out)
{
	json_add_key(out, name);
	json_add_text(out, buf_text(text), text->len);
	buf_clear(text);
}

static void add_filter(const struct list_filter *filter, struct buf *text, struct buf *out)
{
	const char *suffix = list_operators[filter->operator].suffix;
	AUTO(buf) name = { 0 };
	buf_printf(&name, "%s%s", filter->field->name, suffix);
	for (size_t i = 0; i < filter->count; i++) {
		if (i)
			buf_add_char(text, ',');
		if (filter->operator== LIST_IN)
			add_term(&filter->values[i], text);
		else
			add_value(&filter->values[i], text);
	}
	add_member(buf_text(&name), text, out);
}

static void add_sort(const struct list_query *query, struct buf *text, struct buf *out)
{
	for (size_t i = 0; i < query->sort_count; i++)
		buf_printf(text, "%s%s%s", i ? "," : "", query->sorts[i].descending ? "-" : "",
			   query->sorts[i].field->name);
	if (query->sort_count)
		add_member("sort", text, out);
}

static void add_include(const struct list_query *query, struct buf *text, struct buf *out)
{
	for (size_t i = 0; i < query->include_count; i++) {
		const struct list_include *include = &query->includes[i];
		for (size_t at = 0; at < include->depth; at++)
			buf_printf(text, "%s%s", at ? "." : i ? "," : "", include->path[at]->name);
	}
	if (query->include_count)
		add_member("include", text, out);
}

/* What fields= has named is what it has not hidden, and the id; without it nothing is hidden. */
static void add_fields(const struct list_query *query, struct buf *text, struct buf *out)
{
	bool has_named = false;
	for (size_t i = 0; i < query->row->count; i++) {
		const struct field *field = &query->row->fields[i];
		bool hidden = (query->hidden >> i) & 1;
		has_named = has_named || (hidden && !field->relation);
		if (!hidden && field_may_show(field))
			buf_printf(text, "%s%s", text->len ? "," : "", field->name);
	}
	if (has_named)
		add_member("fields", text, out);
	buf_clear(text);
}

static void add_text(const char *name, const char *value, struct buf *out)
{
	if (!value)
		return;
	json_add_key(out, name);
	json_add_text(out, value, strlen(value));
}

static void add_int(const char *name, int64_t value, struct buf *out)
{
	json_add_key(out, name);
	buf_add_int(out, value);
}

void list_query_render(const struct field *field, const void *base, struct buf *out)
{
	const void *member = (const char *)base + field->offset;
	const struct list_query *query = member;
	AUTO(buf) text = { 0 };
	if (query->skip)
		add_int("skip", query->skip, out);
	else if (!query->cursor)
		add_int("page", query->page, out);
	add_int("per_page", query->per_page, out);
	add_text("cursor", query->cursor, out);
	add_sort(query, &text, out);
	add_text("q", query->q, out);
	add_fields(query, &text, out);
	add_include(query, &text, out);
	json_add_key(out, "with_total");
	buf_add_text(out, query->with_total ? "true" : "false");
	for (size_t i = 0; i < query->filter_count; i++)
		add_filter(&query->filters[i], &text, out);
}
