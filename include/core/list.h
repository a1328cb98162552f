/*
 * List parameters: what a client may ask of a list, taken from the query string by the row schema's
 * flags (.sort, .filter, .search, .relation). An operation that lists has one field of type struct
 * list_query:
 *
 *	struct post_list { struct list_query list; };
 *	SCHEMA(post_list, LIST_FIELD(struct post_list, list, &post_schema));
 *
 * schema_bind() fills it and schema_document()/openapi print each parameter: page, per_page,
 * cursor, sort, q, fields, include, with_total, and FIELD[__OPERATOR] for each filter. Whatever is
 * not allowed there is a fault with its loc, never ignored. core/model turns it into SQL. What
 * others call the same (skip, limit, order_by, …) is taken too: list_query_aliases().
 */
#ifndef CROFT_CORE_LIST_H
#define CROFT_CORE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/schema.h"

struct arena;

enum {
	LIST_PER_PAGE = 20,
	LIST_PER_PAGE_MAX = 100,
	LIST_PAGE_MAX = 1000000,
	LIST_SKIP_MAX = (LIST_PAGE_MAX - 1) * LIST_PER_PAGE_MAX,
	LIST_SORTS_MAX = 4,
	LIST_FILTERS_MAX = 16,
	/* Values of one filter FIELD__in. */
	LIST_IN_MAX = 100,
	/* Code points of q and of a filter's text. */
	LIST_TEXT_MAX = 200,
	/* Relations of one path: include=author.team has 2. */
	LIST_INCLUDE_DEPTH = 2,
	LIST_INCLUDES_MAX = 8,
	/* Characters of a cursor: the longest that core/model gives fits. */
	LIST_CURSOR_MAX = 6144,
};

enum list_operator {
	LIST_EQ,
	LIST_NE,
	LIST_GT,
	LIST_GTE,
	LIST_LT,
	LIST_LTE,
	LIST_IN,
	LIST_LIKE,
	LIST_ISNULL
};

/*
 * A value of the field's type: FIELD_INT, FIELD_REAL, FIELD_BOOL, FIELD_INSTANT and FIELD_DATE are
 * set from the text. A plain date given for an instant is its first moment in UTC.
 */
struct list_value {
	enum field_type type;
	union {
		/*
		 * FIELD_INT; FIELD_BOOL, 0 or 1; FIELD_INSTANT, microseconds since 1970;
		 * FIELD_DATE, days since then.
		 */
		int64_t integer;
		double real;
		const char *text;
	};
};

struct list_filter {
	const struct field *field;
	enum list_operator operator;
	/* One; for LIST_IN up to LIST_IN_MAX; for LIST_ISNULL a FIELD_BOOL. */
	const struct list_value *values;
	size_t count;
};

struct list_sort {
	const struct field *field;
	bool descending;
};

/* One path of include=, such as "author" or "author.posts". */
struct list_include {
	const struct field *path[LIST_INCLUDE_DEPTH];
	size_t depth;
};

struct list_query {
	const struct schema *row;
	/* `page` counts from 1, and is 1 when a cursor was given. */
	int64_t page, per_page;
	/*
	 * Rows before the first, where the client counts these: `page` is then the one that the
	 * first row is on. 0: it follows of `page`.
	 */
	int64_t skip;
	/* As the client sent it: core/model checks it. NULL: the list is paged by number. */
	const char *cursor;
	/* Whether to count all rows. When the client does not say: by page yes, by cursor no. */
	bool with_total;
	/* The words to look for; NULL: none. */
	const char *q;
	struct list_sort sorts[LIST_SORTS_MAX];
	size_t sort_count;
	struct list_filter filters[LIST_FILTERS_MAX];
	size_t filter_count;
	struct list_include includes[LIST_INCLUDES_MAX];
	size_t include_count;
	/*
	 * The mask for struct array.hidden, never 0: what is not in fields=, and relations not in
	 * include=.
	 */
	uint64_t hidden;
};

extern const struct parameter_reader list_reader;

#define LIST_FIELD(owner, member, rows) \
	{ \
		.name = #member, .offset = offsetof(owner, member), \
		.size = sizeof(((owner *)0)->member), .type = FIELD_LIST_QUERY, .in = IN_QUERY, \
		.object = (rows), .reader = &list_reader \
	}

/*
 * A query as if the client had sent none: page 1, sorted by id, no relation included. For code that
 * lists by itself.
 */
void list_query_init(struct list_query *query, const struct schema *row);

/*
 * Describes each list parameter of a FIELD_LIST_QUERY as a field of its own (name, type, rules,
 * doc, preset), for documents and help texts. What it points to is in the arena.
 */
void list_query_parameters(const struct field *list, struct arena *arena,
			   void (*each)(void *data, const struct field *parameter), void *data);

/*
 * The aliases that a list takes beside its parameters: "`skip` for `page`, `limit` for `per_page`",
 * each by the rules and with the faults of what it stands for. A parameter or filter of the same
 * name goes before. `in` has the list query; the text is in the arena.
 */
const char *list_query_aliases(const struct schema *in, struct arena *arena);

/*
 * What every list answers. `total` and `pages` are given unless the client said with_total=false.
 */
struct page {
	struct array items;
	struct maybe_int total;
	int64_t page, per_page;
	struct maybe_int pages;
	/* Null on the last page. */
	struct maybe_text next_cursor;
};

/*
 * PAGE_SCHEMA(post): defines `const struct schema post_page_schema` for struct page with items of
 * post_schema.
 */
#define PAGE_SCHEMA(tag) \
	SCHEMA_OF(tag##_page_schema, #tag "_page", struct page, \
		  FIELD(struct page, items, .required = true, .object = &tag##_schema, \
			.narrowed = true, \
			.doc = "With fields= each row has only what it names, and the id."), \
		  FIELD(struct page, total, .required = true, .nullable = true, MIN(0), \
			.doc = "Rows on all pages"), \
		  FIELD(struct page, page, .required = true, MIN(1)), \
		  FIELD(struct page, per_page, .required = true, MIN(1)), \
		  FIELD(struct page, pages, .required = true, .nullable = true, MIN(0), \
			.doc = "Number of the last page"), \
		  FIELD(struct page, next_cursor, .required = true, .nullable = true, \
			.doc = "Send it as cursor= for the next page"))

#endif
