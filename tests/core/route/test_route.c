/* What a route's row says by itself. */
#include "core/route.h"

#include "testing/rows.h"

/* ---- who may ---- */

static const struct operation for_users = { .name = "a.get", .access = ACCESS_USER };

struct access_case {
	struct route route;
	enum op_access access;
};

static void has_access(void **state)
{
	const struct access_case *row = *state;
	assert_int_equal(route_access(&row->route), row->access);
}

/* ---- the last row ---- */

struct end_case {
	struct route route;
	bool is_end;
};

static void ends_table(void **state)
{
	const struct end_case *row = *state;
	assert_int_equal(route_is_end(&row->route), row->is_end);
}

static void no_table_is_at_its_end(void **state)
{
	(void)state;
	assert_true(route_is_end(NULL));
}

/* ---- methods ---- */

struct method_case {
	enum http_method method;
	const char *name;
};

static void has_name(void **state)
{
	const struct method_case *row = *state;
	assert_string_equal(route_method_name(row->method), row->name);
}

#define ACCESS(sentence, ...) ROW_OF(sentence, has_access, (&(struct access_case){ __VA_ARGS__ }))
#define END(sentence, ...) ROW_OF(sentence, ends_table, (&(struct end_case){ __VA_ARGS__ }))
#define METHOD(sentence, ...) ROW_OF(sentence, has_name, (&(struct method_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ACCESS("an operation says who may",
		       { .method = GET, .path = "/a", .op = &for_users }, ACCESS_USER),
		ACCESS("a raw handler's row says it itself",
		       { .method = GET, .path = "/a", .access = ACCESS_PUBLIC }, ACCESS_PUBLIC),
		ACCESS("a row that says nothing is nobody's", { .method = GET, .path = "/a" },
		       ACCESS_DENY),

		END("a zero row ends a table", { 0 }, true),
		END("one that forgot its path does not", { .method = GET }, false),
		END("nor one that forgot its method", { .path = "/a" }, false),
		END("nor one that forgot both", { .op = &for_users }, false),
		ROW("where no table is, there is no row", no_table_is_at_its_end),

		METHOD("the first method", GET, "GET"),
		METHOD("the last one", OPTIONS, "OPTIONS"),
		METHOD("none has no name", (enum http_method)0, "?"),
		METHOD("nor has one past the last", OPTIONS + 1, "?"),
	};

	return rows_run("core/route", rows, COUNT_OF(rows));
}
