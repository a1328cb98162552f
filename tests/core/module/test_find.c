/* Operations are found by their names, whether or not a route leads to them. */
#include "core/module.h"

#include "testing/rows.h"

static enum app_err run(struct ctx *c, void *in, void *ret)
{
	(void)c, (void)in, (void)ret;
	return APP_OK;
}

static const struct operation routed = { .name = "test.routed", .run = run };
static const struct operation listed = { .name = "test.listed", .run = run };
static const struct operation idle = { .name = "test.idle" };
static const struct operation nameless = { .run = run };

static const struct route routes[] = {
	{ GET, .op = NULL }, { .path = "/w" }, { GET, "/x", .op = &routed }, { 0 }
};
static const struct operation *const operations[] = { &nameless, &idle, &listed, NULL };
static const struct module empty = { .name = "empty" };
static const struct module test = { .name = "test", .routes = routes, .operations = operations };
static const struct module *const modules[] = { &empty, &test, NULL };

struct name_case {
	const char *name;
	const struct operation *found; /* NULL: there is none */
};

static void finds(void **state)
{
	const struct name_case *row = *state;
	assert_ptr_equal(module_find_operation(modules, row->name), row->found);
}

#define FINDS(sentence, name, found) ROW_OF(sentence, finds, (&(struct name_case){ name, found }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		FINDS("one with a route, behind rows that lack a path or a method", "test.routed",
		      &routed),
		FINDS("one without a route, behind one that has no name", "test.listed", &listed),
		FINDS("none that cannot be run", "test.idle", NULL),
		FINDS("none of another name", "test.none", NULL),
		FINDS("none whose name only begins so", "test.rou", NULL),
	};
	return rows_run("core/module find", rows, COUNT_OF(rows));
}
