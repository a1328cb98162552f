/* What is left in a context is found by its own type, and goes with the request. */
#include "base/left.h"

#include "testing/rows.h"
#include "testing/scene.h"

struct tenant {
	int64_t id;
};
LEFT_DECLARE(tenant);
LEFT(tenant);

/* The same members: another type all the same. */
struct quota {
	int64_t left;
};
LEFT_DECLARE(quota);
LEFT(quota);

static struct scene scene;

static int open_scene(void **state)
{
	(void)state;
	scene_open(&scene);
	return 0;
}

static int close_scene(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

static void nothing_is_there_at_first(void **state)
{
	(void)state;
	assert_null(tenant_left(&scene.c));
}

static void each_type_is_found_by_itself(void **state)
{
	(void)state;
	tenant_leave(&scene.c)->id = 7;
	assert_null(quota_left(&scene.c));
	quota_leave(&scene.c)->left = 8;
	assert_int_equal(tenant_left(&scene.c)->id, 7);
	assert_int_equal(quota_left(&scene.c)->left, 8);
}

static void the_last_one_counts(void **state)
{
	(void)state;
	tenant_leave(&scene.c)->id = 7;
	assert_int_equal(tenant_leave(&scene.c)->id, 0);
	tenant_left(&scene.c)->id = 9;
	assert_int_equal(tenant_left(&scene.c)->id, 9);
}

/* As when a query is begun again: the context is that of before, and the arena rewound. */
static void going_back_forgets_it(void **state)
{
	(void)state;
	tenant_leave(&scene.c)->id = 7;
	const struct ctx before = scene.c;
	const struct arena_mark mark = arena_mark(scene.c.arena);
	tenant_leave(&scene.c)->id = 8;
	scene.c = before;
	arena_rewind(scene.c.arena, mark);
	assert_int_equal(tenant_left(&scene.c)->id, 7);
}

static void the_next_request_finds_nothing(void **state)
{
	(void)state;
	tenant_leave(&scene.c)->id = 7;
	scene_next(&scene);
	assert_null(tenant_left(&scene.c));
}

#define LEFT_ROW(sentence, fn) \
	{ \
		sentence, fn, open_scene, close_scene, NULL \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		LEFT_ROW("nothing is left at first", nothing_is_there_at_first),
		LEFT_ROW("each type is found by itself", each_type_is_found_by_itself),
		LEFT_ROW("the last one that was left counts", the_last_one_counts),
		LEFT_ROW("going back in the request forgets it", going_back_forgets_it),
		LEFT_ROW("the next request finds nothing", the_next_request_finds_nothing),
	};
	return rows_run("base/left", rows, COUNT_OF(rows));
}
