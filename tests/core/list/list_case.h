/*
 * Rows that bind a query string or a flat object, and compare the list query, or all faults, with a
 * line of text.
 */
#ifndef CROFT_TESTS_CORE_LIST_LIST_CASE_H
#define CROFT_TESTS_CORE_LIST_LIST_CASE_H

#include "list_rows.h"

struct list_case {
	const char *query; /* or JSON as testing/json.h has it, in the rows of flat objects */
	const char *want;  /* the query's dump, or the faults */
};

static inline void expect_bound(const struct schema *schema, const struct list_case *row, bool flat)
{
	struct scene scene;
	struct post_list in;
	scene_open(&scene);
	struct input input = { .query = flat ? NULL : query_pairs(&scene.arena, row->query) };
	const char *json = json_swapped(&scene.arena, row->query);
	enum app_err err = flat ? schema_bind_flat(&scene.c, schema, json, strlen(json), &in)
				: schema_bind(&scene.c, schema, &input, &in);
	const char *got = err ? dump_faults(&scene.arena, scene.c.failure.fields)
			      : dump_query(&scene.arena, &in.list);
	assert_string_equal(got, row->want);
	assert_int_equal(err, row->want[0] == '[' ? APP_INVALID : APP_OK);
	scene_close(&scene);
}

static inline void query_row(void **state)
{
	expect_bound(&post_list_schema, *state, false);
}

static inline void flat_row(void **state)
{
	expect_bound(&post_list_schema, *state, true);
}

#define QUERY(sentence, query_, want_) \
	ROW_OF(sentence, query_row, (&(struct list_case){ .query = (query_), .want = (want_) }))
#define FLAT(sentence, json, want_) \
	ROW_OF(sentence, flat_row, (&(struct list_case){ .query = (json), .want = (want_) }))

#define AT(name) "['query','" name "'] "
#define VALUE(name, msg) AT(name) "value_error: Value error, " msg
#define EXTRA(name) AT(name) "extra_forbidden: Extra inputs are not permitted"
#define INT_FAULT(loc) \
	loc "int_parsing: Input should be a valid integer, unable to parse string as an integer"
#define BOOL_FAULT(name) \
	AT(name) "bool_parsing: Input should be a valid boolean, unable to interpret input"
#define LONG_TENANT AT("tenant") "string_too_long: String should have at most 3 characters"
#define AT_LEAST(name, n) AT(name) "greater_than_equal: Input should be greater than or equal to " n
#define AT_MOST(name, n) AT(name) "less_than_equal: Input should be less than or equal to " n
#define TWICE(name) VALUE(name, "given more than once")
#define NO_FILTER(name, field, are) VALUE(name, field " has no such filter; there are: " are)
#define SORTS "id, title, rating, created_at, seen_at"
#define NO_SORT(name) VALUE("sort", "'" name "' is no field to sort by; there are: " SORTS)
#define NO_INCLUDE(name) \
	VALUE("include", "'" name "' cannot be included; there are: author, author.team, tags")
#define FIELDS "id, title, summary, status, rating, pinned, created_at, seen_at, key, note, shout"
#define NO_FIELD(name) VALUE("fields", "'" name "' is no field; there are: " FIELDS)
#define NO_CHOICE "literal_error: Input should be 'draft' or 'published'"
#define TOO_LONG(name, most, count) \
	AT(name) "too_long: List should have at most " most " items after validation, not " count
#define X10(text) text text text text text text text text text text
#define X100(text) X10(X10(text))
#define UUID_LOWER "0a1b2c3d-0000-4000-8000-00000000000a"

#endif
