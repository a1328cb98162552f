/* A row schema with every kind of field a list can have, and a list query as one line of text. */
#ifndef CROFT_TESTS_CORE_LIST_LIST_ROWS_H
#define CROFT_TESTS_CORE_LIST_LIST_ROWS_H

#include "testing/json.h"
#include "testing/rows.h"
#include "testing/scene.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/json.h"
#include "core/list.h"
#include "core/model.h"

static const struct relation one = { .kind = BELONGS_TO }, many = { .kind = HAS_MANY };

struct team {
	int64_t id;
	const char *name;
};
SCHEMA(team,
	FIELD(struct team, id),
	FIELD(struct team, name));

struct user {
	int64_t id;
	const char *name;
	const struct team *team;
};
SCHEMA(user,
	FIELD(struct user, id),
	FIELD(struct user, name),
	FIELD(struct user, team, .object = &team_schema, .relation = &one));

static const char *const post_states[] = { "draft", "published", NULL };

struct post {
	int64_t id;
	const char *title;
	struct maybe_text summary;
	const char *status;
	double rating;
	bool pinned;
	struct instant created_at;
	struct maybe_instant seen_at;
	const char *key, *note, *password, *shout;
	const struct user *author;
	struct array tags;
};
SCHEMA(post,
	FIELD(struct post, id, .required = true, .sort = true,
	      .filter = FILTER_EQ | FILTER_IN | FILTER_ORDER, MAX(1000)),
	FIELD(struct post, title, .required = true, .sort = true, .search = true,
	      .filter = FILTER_TEXT, .min_len = 3, .max_len = 5, .pattern = "^[A-Z]"),
	FIELD(struct post, summary, .filter = FILTER_NULL | FILTER_LIKE),
	FIELD(struct post, status, .filter = FILTER_TEXT, .choices = post_states),
	FIELD(struct post, rating, .sort = true, .filter = FILTER_RANGE | FILTER_LIKE),
	FIELD(struct post, pinned, .filter = FILTER_EQ | FILTER_ORDER),
	FIELD(struct post, created_at, .sort = true, .filter = FILTER_RANGE | FILTER_NULL),
	FIELD(struct post, seen_at, .sort = true, .filter = FILTER_RANGE | FILTER_NULL | FILTER_IN),
	FIELD(struct post, key, .filter = FILTER_EQ, .format = FORMAT_UUID),
	FIELD(struct post, note),
	FIELD(struct post, password, .secret = true, .sort = true, .search = true,
	      .filter = FILTER_TEXT),
	FIELD(struct post, shout, .not_column = true, .sort = true, .search = true,
	      .filter = FILTER_TEXT),
	FIELD(struct post, author, .doc = "Who wrote it", .object = &user_schema, .relation = &one),
	FIELD(struct post, tags, .object = &team_schema, .relation = &many));

struct post_list {
	const char *tenant;
	struct list_query list;
};
SCHEMA(post_list,
	FIELD(struct post_list, tenant, .in = IN_QUERY, .max_len = 3),
	LIST_FIELD(struct post_list, list, &post_schema));

static inline void dump_value(const struct list_value *value, struct buf *out)
{
	switch (value->type) {
	case FIELD_TEXT: buf_printf(out, "'%s'", value->text); return;
	case FIELD_REAL: json_add_real(out, value->real); return;
	default: buf_add_int(out, value->integer);
	}
}

static inline void dump_filter(const struct list_filter *filter, struct buf *out)
{
	static const char *const words[] = { "eq",  "ne", "gt",   "gte",   "lt",
					     "lte", "in", "like", "isnull" };
	buf_printf(out, " %s %s", filter->field->name, words[filter->operator]);
	for (size_t i = 0; i < filter->count; i++) {
		buf_add_char(out, i ? ',' : ' ');
		dump_value(&filter->values[i], out);
	}
}

static inline void dump_include(const struct list_include *include, struct buf *out)
{
	buf_add_lit(out, " include ");
	for (size_t i = 0; i < include->depth; i++)
		buf_printf(out, "%s%s", i ? "." : "", include->path[i]->name);
}

static inline void dump_hidden(const struct list_query *query, struct buf *out)
{
	buf_add_lit(out, " hides");
	for (size_t i = 0; i < query->row->count; i++)
		if ((query->hidden >> i) & 1)
			buf_printf(out, " %s", query->row->fields[i].name);
}

/*
 * "1x20 total sort -id, title eq 'a' include author hides tags": what differs from no parameter at
 * all.
 */
static inline const char *dump_query(struct arena *arena, const struct list_query *query)
{
	struct buf out;
	buf_init(&out, arena);
	buf_printf(&out, "%lldx%lld%s", (long long)query->page, (long long)query->per_page,
		   query->with_total ? " total" : "");
	if (query->cursor)
		buf_printf(&out, " cursor %s", query->cursor);
	for (size_t i = 0; i < query->sort_count; i++)
		buf_printf(&out, " sort %s%s", query->sorts[i].descending ? "-" : "",
			   query->sorts[i].field->name);
	for (size_t i = 0; i < query->filter_count; i++)
		dump_filter(&query->filters[i], &out);
	if (query->q)
		buf_printf(&out, " q '%s'", query->q);
	for (size_t i = 0; i < query->include_count; i++)
		dump_include(&query->includes[i], &out);
	if (query->hidden != schema_hide_relations(query->row))
		dump_hidden(query, &out);
	return buf_text(&out);
}

/*
 * LOC type: message, one fault after the other. LOC is JSON as testing/json.h has it, the message
 * as it is.
 */
static inline const char *dump_faults(struct arena *arena, const struct field_fault *fault)
{
	struct buf out;
	buf_init(&out, arena);
	for (; fault; fault = fault->next)
		buf_printf(&out, "%s%s %s: %s", out.len ? "; " : "",
			   json_swapped(arena, fault->loc), fault->type, fault->msg);
	return buf_text(&out);
}

/* Splits "a=1&b=2", without decoding. */
static inline struct input_pair *query_pairs(struct arena *arena, const char *text)
{
	size_t count = 1;
	for (const char *at = text; *at; at++)
		count += *at == '&';
	struct input_pair *pairs = arena_zero(arena, (count + 1) * sizeof(*pairs)), *pair = pairs;
	while (*text) {
		size_t len = strcspn(text, "&"), name = strcspn(text, "=&");
		size_t value = name < len ? name + 1 : len;
		pair->name = arena_strndup(arena, text, name);
		pair->value = arena_strndup(arena, text + value, len - value);
		pair->value_len = len - value;
		pair++;
		text += len + (text[len] == '&');
	}
	return pairs;
}

#endif
