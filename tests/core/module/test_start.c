/* The order in which modules are started and stopped, and what becomes of one that fails. */
#include "core/module.h"

#include <string.h>

#include "base/arena.h"
#include "testing/rows.h"
#include "testing/scene.h"

static char done[32]; /* a letter a hook, in the order they were called */
static bool is_away;  /* what b needs */

static void note(const char *what)
{
	strcat(done, what);
}

static enum app_err start_a(struct ctx *c)
{
	note("a");
	return arena_zero(c->arena, 100) ? APP_OK : APP_INTERNAL;
}

static enum app_err start_b(struct ctx *c)
{
	if (is_away)
		return ctx_fail(c, APP_UNAVAILABLE, "not there yet");
	note("b");
	return APP_OK;
}

static enum app_err start_d(struct ctx *c)
{
	(void)c;
	note("d");
	return APP_OK;
}

static void stop_a(struct ctx *c)
{
	(void)c;
	note("A");
}

static void stop_c(struct ctx *c)
{
	(void)c;
	note("C");
}

static void stop_d(struct ctx *c)
{
	(void)c;
	note("D");
}

static const struct module a = { .name = "a", .start = start_a, .stop = stop_a };
static const struct module b = { .name = "b", .start = start_b };
static const struct module c = { .name = "c", .stop = stop_c };
static const struct module d = { .name = "d", .start = start_d, .stop = stop_d };
static const struct module *const modules[] = { &a, &b, &c, &d, NULL };

struct start {
	struct scene scene;
	size_t started;
};

static void begin(struct start *s, bool away)
{
	*done = '\0';
	is_away = away;
	s->started = 0;
	scene_open(&s->scene);
}

static enum app_err start(struct start *s)
{
	ctx_recover(&s->scene.c);
	return modules_start(&s->scene.c, modules, &s->started);
}

static void go_in_order(void **state)
{
	struct start s;
	(void)state;
	begin(&s, false);
	const struct arena_mark before = arena_mark(s.scene.c.arena);
	assert_int_equal(start(&s), APP_OK);
	assert_ptr_equal(arena_mark(s.scene.c.arena).at, before.at);
	modules_stop(&s.scene.c, modules, &s.started);
	assert_string_equal(done, "abdDCA");
	scene_close(&s.scene);
}

static void go_on_with_the_one_that_failed(void **state)
{
	struct start s;
	(void)state;
	begin(&s, true);
	assert_int_equal(start(&s), APP_UNAVAILABLE);
	assert_string_equal(done, "a");
	is_away = false;
	assert_int_equal(start(&s), APP_OK);
	assert_string_equal(done, "abd");
	scene_close(&s.scene);
}

static void stop_what_was_started(void **state)
{
	struct start s;
	(void)state;
	begin(&s, true);
	assert_int_equal(start(&s), APP_UNAVAILABLE);
	modules_stop(&s.scene.c, modules, &s.started);
	modules_stop(&s.scene.c, modules, &s.started);
	assert_string_equal(done, "aA");
	scene_close(&s.scene);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("modules start in their order and stop in reverse", go_in_order),
		ROW("a second try goes on with the module whose start failed",
		    go_on_with_the_one_that_failed),
		ROW("only what was started is stopped, and once", stop_what_was_started),
	};
	return rows_run("core/module start", rows, COUNT_OF(rows));
}
