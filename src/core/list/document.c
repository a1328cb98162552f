/*
 * The list parameters as fields, for the OpenAPI document and help texts: what is accepted is said
 * by the same tables that query.c binds by.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "internal.h"

struct output {
	struct arena *arena;
	const struct schema *row;
	void (*each)(void *data, const struct field *parameter);
	void *data;
};

/* ---- patterns ---- */

/*
 * "a|b.c" as part of a regular expression. Names are words, so only the dots of paths have a
 * meaning.
 */
static const char *escape_dots(struct arena *arena, const char *names)
{
	struct buf out;
	buf_init(&out, arena);
	for (; *names; names++)
		buf_add_text(&out, *names == '.' ? "\\." : (char[]){ *names, '\0' });
	return buf_text(&out);
}

/* A term, and up to most - 1 further ones after commas. */
static const char *terms_pattern(struct arena *arena, const char *term, int most)
{
	return arena_printf(arena, "^(?:%s)(?:,(?:%s)){0,%d}$", term, term, most - 1);
}

/* An assertion that no name stands in two terms, which have `before` and `after` around it. */
static const char *nothing_twice(struct arena *arena, const char *names, const char *before,
				 const char *after)
{
	return arena_printf(arena, "(?!(?:[^,]*,)*%s(%s)%s,(?:[^,]*,)*%s\\1%s(?:,|$))", before,
			    names, after, before, after);
}

/* A choice as a member of a list: in quotes where it would be read as something else. */
static void add_choice(struct buf *out, const char *choice)
{
	bool quoted = strchr(choice, ',') || *choice == '"';
	if (quoted)
		buf_add_char(out, '"');
	for (; *choice; choice++) {
		if (strchr("^$\\.*+?()[]{}|/", *choice))
			buf_add_char(out, '\\');
		if (quoted && *choice == '"')
			buf_add_char(out, '"');
		buf_add_char(out, *choice);
	}
	if (quoted)
		buf_add_char(out, '"');
}

/* "draft|published" */
static const char *choices_joined(struct arena *arena, const char *const *choices)
{
	struct buf out;
	buf_init(&out, arena);
	for (size_t i = 0; choices[i]; i++) {
		if (i)
			buf_add_char(&out, '|');
		add_choice(&out, choices[i]);
	}
	return buf_text(&out);
}

/* Whether a value can have a comma or quotes, so that commas alone do not part the values. */
static bool is_quotable(const struct field *rules)
{
	if (rules->type != FIELD_TEXT || rules->format)
		return false;
	for (size_t i = 0; rules->choices && rules->choices[i]; i++)
		if (strpbrk(rules->choices[i], ",\""))
			return true;
	return !rules->choices;
}

/* One of many values in one text, each in quotes where it would be read as something else. */
static const char *quoted_pattern(struct arena *arena, const struct field *rules)
{
	if (rules->choices)
		return choices_joined(arena, rules->choices);
	return arena_printf(arena, "(?:[^,\"\\x00][^,\\x00]{0,%d})?|\"(?:[^\"\\x00]|\"\"){0,%d}\"",
			    LIST_TEXT_MAX - 1, LIST_TEXT_MAX);
}

/*
 * FIELD__in: an array with commas between the values, or a text where these may have some
 * themselves.
 */
static struct field many_values(const struct output *o, const struct field *one)
{
	struct field many = { .name = one->name, .type = FIELD_TEXT };
	if (is_quotable(one)) {
		many.pattern = terms_pattern(o->arena, quoted_pattern(o->arena, one), LIST_IN_MAX);
		return many;
	}
	many.type = FIELD_ARRAY;
	many.item_type = one->type;
	many.choices = one->choices;
	many.format = one->format;
	many.min_len = 1;
	many.max_len = LIST_IN_MAX;
	return many;
}

static void describe_sort(const struct output *o, struct field *sort)
{
	const char *names = list_names(o->arena, o->row, field_may_sort, "|");
	const char *term = arena_printf(o->arena, "-?(?:%s)|(?:%s):(?:asc|desc)", names, names);
	sort->pattern = arena_printf(o->arena, "^%s%s",
				     nothing_twice(o->arena, names, "-?", "(?::[a-z]+)?"),
				     terms_pattern(o->arena, term, LIST_SORTS_MAX) + 1);
	sort->doc = arena_printf(o->arena,
				 "Fields to sort by, at most %d with commas between them: %s. `-` "
				 "in front or `:desc` behind turns the order round. Rows that are "
				 "equal in all of them are sorted by id.",
				 LIST_SORTS_MAX,
				 list_names(o->arena, o->row, field_may_sort, ", "));
}

static void describe_fields(const struct output *o, struct field *fields)
{
	const char *names = list_names(o->arena, o->row, field_may_show, "|");
	fields->pattern = arena_printf(o->arena, "^%s%s", nothing_twice(o->arena, names, "", ""),
				       terms_pattern(o->arena, names, (int)o->row->count) + 1);
	fields->doc =
		"Fields of a row that are answered, with commas between them; the id always is. "
		"Without it a row has them all.";
}

static void describe_include(const struct output *o, struct field *include)
{
	const char *paths = escape_dots(o->arena, list_paths(o->arena, o->row, "|"));
	include->pattern = arena_printf(o->arena, "^%s%s", nothing_twice(o->arena, paths, "", ""),
					terms_pattern(o->arena, paths, LIST_INCLUDES_MAX) + 1);
	include->doc = arena_printf(
		o->arena, "Relations that are embedded, at most %d with commas between them: %s.",
		LIST_INCLUDES_MAX, list_paths(o->arena, o->row, ", "));
}

static void describe_search(const struct output *o, struct field *q)
{
	q->pattern = "\\S";
	q->doc = arena_printf(o->arena, "%s Looked through: %s.", q->doc,
			      list_names(o->arena, o->row, field_may_search, ", "));
}

/* ---- parameters ---- */

static void print_parameter(const struct output *o, const struct list_parameter *parameter)
{
	static const struct {
		const char *name;
		void (*describe)(const struct output *o, struct field *field);
	} known[] = {
		{ "sort", describe_sort },
		{ "fields", describe_fields },
		{ "include", describe_include },
		{ "q", describe_search },
	};
	struct field field = parameter->field;
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (strcmp(known[i].name, field.name) == 0)
			known[i].describe(o, &field);
	o->each(o->data, &field);
}

static bool is_parameter(const char *name)
{
	const struct list_parameter *parameter;
	for (size_t i = 0; (parameter = list_parameter_at(i)); i++)
		if (strcmp(parameter->field.name, name) == 0)
			return true;
	return false;
}

static const char in_quotes[] =
	" A value with a comma, or with a quote at its beginning, stands in quotes, and each quote "
	"inside is doubled.";

static void print_filter(const struct output *o, const struct list_filter_name *name)
{
	const struct list_operator_info *info = &list_operators[name->op];
	struct field field = list_filter_rules(name);
	field.name = arena_printf(o->arena, "%s%s", name->field->name, info->suffix);
	if (is_parameter(field.name))
		return;
	struct buf doc;
	buf_init(&doc, o->arena);
	const char *gap = strstr(info->doc, "%s");
	buf_add(&doc, info->doc, (size_t)(gap - info->doc));
	buf_add_text(&doc, name->field->name);
	buf_add_text(&doc, gap + 2);
	if (name->op == LIST_IN) {
		field = many_values(o, &field);
		if (field.type == FIELD_TEXT)
			buf_add_text(&doc, in_quotes);
		buf_printf(&doc, " At most %d.", LIST_IN_MAX);
	}
	if (name->field->key && (list_operators[name->op].bit & (FILTER_EQ | FILTER_IN)))
		buf_add_lit(&doc, " Case and form do not matter.");
	if (field.type == FIELD_INSTANT)
		buf_add_lit(&doc, " A date alone is its first moment in UTC.");
	field.doc = buf_text(&doc);
	o->each(o->data, &field);
}

static void print_filters(const struct output *o, const struct field *field)
{
	unsigned may = field_may_filter(field);
	for (size_t i = 0; i <= LIST_ISNULL; i++) {
		struct list_filter_name name = { field, (enum list_operator)i };
		if (may & list_operators[i].bit)
			print_filter(o, &name);
	}
}

void list_query_parameters(const struct field *list, struct arena *arena,
			   void (*each)(void *data, const struct field *parameter), void *data)
{
	struct output o = { .arena = arena, .row = list->object, .each = each, .data = data };
	const struct list_parameter *parameter;
	for (size_t i = 0; (parameter = list_parameter_at(i)); i++)
		if (list_parameter_is_offered(parameter, o.row))
			print_parameter(&o, parameter);
	for (size_t i = 0; i < o.row->count; i++)
		print_filters(&o, &o.row->fields[i]);
}
