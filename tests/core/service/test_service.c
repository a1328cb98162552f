/* Services: in which order they come and go, who reaches them, and what is in their place. */
#include "core/service.h"

#include <string.h>

#include "testing/rows.h"
#include "testing/scene.h"

static char done[32]; /* a letter a hook, in the order they were called */
static bool is_away;  /* what mailer needs */

struct cache {
	int64_t size;
};
SERVICE_DECLARE(cache);

struct mailer {
	int64_t sent, tries;
};
SERVICE_DECLARE(mailer);

static enum app_err start_cache(struct ctx *c, struct cache *cache)
{
	(void)c;
	strcat(done, "c");
	cache->size = 7;
	return APP_OK;
}

static void stop_cache(struct ctx *c, struct cache *cache)
{
	(void)c;
	assert_int_equal(cache->size, 7);
	strcat(done, "C");
}

SERVICE(cache, start_cache, stop_cache);

/* Uses the one before it. */
static enum app_err start_mailer(struct ctx *c, struct mailer *mailer)
{
	struct cache *cache;
	enum app_err err = cache_get(c, &cache);
	if (err)
		return err;
	if (++mailer->tries != 1)
		return ctx_fail(c, APP_INTERNAL, "not zeroed");
	if (is_away)
		return ctx_fail(c, APP_UNAVAILABLE, "not there yet");
	strcat(done, "m");
	return APP_OK;
}

static void stop_mailer(struct ctx *c, struct mailer *mailer)
{
	struct cache *cache;
	(void)mailer;
	assert_int_equal(cache_get(c, &cache), APP_OK);
	strcat(done, "M");
}

SERVICE(mailer, start_mailer, stop_mailer);

/* Zeroes will do, and nothing is to be ended. */
struct tally {
	int64_t count;
};
SERVICE_DECLARE(tally);
SERVICE(tally, NULL, NULL);

static void begin(struct scene *scene, const struct service_given *given)
{
	*done = '\0';
	is_away = false;
	scene_open(scene);
	scene->app.services = services_new(given);
}

static void end(struct scene *scene)
{
	services_stop(&scene->c, scene->app.services);
	services_drop(scene->app.services);
	scene_close(scene);
}

static void add_both(struct scene *scene)
{
	services_add(scene->app.services, &cache_service);
	services_add(scene->app.services, &mailer_service);
}

static enum app_err start(struct scene *scene)
{
	ctx_recover(&scene->c);
	return services_start(&scene->c, scene->app.services);
}

static void go_in_order(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, NULL);
	add_both(&scene);
	assert_int_equal(start(&scene), APP_OK);
	services_stop(&scene.c, scene.app.services);
	end(&scene);
	assert_string_equal(done, "cmMC");
}

static void are_found_by_their_types(void **state)
{
	(void)state;
	struct scene scene;
	struct cache *cache = NULL;
	struct mailer *mailer = NULL, *again = NULL;
	begin(&scene, NULL);
	add_both(&scene);
	assert_int_equal(start(&scene), APP_OK);
	assert_int_equal(cache_get(&scene.c, &cache), APP_OK);
	assert_int_equal(mailer_get(&scene.c, &mailer), APP_OK);
	assert_int_equal(cache->size, 7);
	mailer->sent = 3;
	assert_int_equal(mailer_get(&scene.c, &again), APP_OK);
	assert_ptr_equal(again, mailer);
	end(&scene);
}

static void one_without_functions_is_zeroes(void **state)
{
	(void)state;
	struct scene scene;
	struct tally *tally = NULL;
	begin(&scene, NULL);
	services_add(scene.app.services, &tally_service);
	assert_int_equal(start(&scene), APP_OK);
	assert_int_equal(tally_get(&scene.c, &tally), APP_OK);
	assert_int_equal(tally->count, 0);
	end(&scene);
}

static void one_that_failed_is_tried_again(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, NULL);
	add_both(&scene);
	is_away = true;
	assert_int_equal(start(&scene), APP_UNAVAILABLE);
	assert_string_equal(done, "c");
	is_away = false;
	assert_int_equal(start(&scene), APP_OK);
	end(&scene);
	assert_string_equal(done, "cmMC");
}

static void only_what_was_started_is_stopped(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, NULL);
	add_both(&scene);
	is_away = true;
	assert_int_equal(start(&scene), APP_UNAVAILABLE);
	end(&scene);
	assert_string_equal(done, "cC");
}

static void what_is_given_is_neither_started_nor_stopped(void **state)
{
	(void)state;
	struct scene scene;
	struct cache own = { .size = 1 }, *cache = NULL;
	begin(&scene, (const struct service_given[]){ GIVEN(cache, &own), { 0 } });
	add_both(&scene);
	assert_int_equal(start(&scene), APP_OK);
	assert_int_equal(cache_get(&scene.c, &cache), APP_OK);
	assert_ptr_equal(cache, &own);
	end(&scene);
	assert_string_equal(done, "mM");
}

/* For operations that are called without any module. */
static void what_is_given_needs_no_module(void **state)
{
	(void)state;
	struct scene scene;
	struct mailer own = { .sent = 1 }, *mailer = NULL;
	begin(&scene, (const struct service_given[]){ GIVEN(mailer, &own), { 0 } });
	assert_int_equal(mailer_get(&scene.c, &mailer), APP_OK);
	assert_ptr_equal(mailer, &own);
	end(&scene);
}

static void says(struct scene *scene, const char *cause)
{
	struct mailer *mailer = NULL;
	ctx_recover(&scene->c);
	assert_int_equal(mailer_get(&scene->c, &mailer), APP_INTERNAL);
	assert_null(mailer);
	assert_string_equal(scene->c.failure.cause, cause);
	assert_null(scene->c.failure.text);
}

static void one_that_nobody_lists_is_told(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, NULL);
	services_add(scene.app.services, &cache_service);
	assert_int_equal(start(&scene), APP_OK);
	says(&scene, "no module lists the service mailer in its .services");
	end(&scene);
}

static void one_that_comes_later_is_told(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, NULL);
	add_both(&scene);
	says(&scene, "the service mailer is not started yet: list it, or its module, before the "
		     "one that asks for it");
	end(&scene);
}

static void a_process_without_them_says_who_has_them(void **state)
{
	(void)state;
	struct scene scene;
	struct mailer *mailer = NULL;
	scene_open(&scene);
	assert_int_equal(mailer_get(&scene.c, &mailer), APP_UNAVAILABLE);
	assert_string_equal(ctx_failure_text(&scene.c, APP_UNAVAILABLE),
			    "The service mailer is not there: croft serve, run, user invite and "
			    "db explain start those of the modules, and nothing else does");
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("services start in their order and stop in reverse, once", go_in_order),
		ROW("each is found by its own type", are_found_by_their_types),
		ROW("one that has nothing to start or end is zeroes",
		    one_without_functions_is_zeroes),
		ROW("one that failed is tried again, and those before it are not",
		    one_that_failed_is_tried_again),
		ROW("only what was started is stopped", only_what_was_started_is_stopped),
		ROW("what is given is neither started nor stopped",
		    what_is_given_is_neither_started_nor_stopped),
		ROW("and needs no module", what_is_given_needs_no_module),
		ROW("one that no module lists is told to the log", one_that_nobody_lists_is_told),
		ROW("and so is one that is started later", one_that_comes_later_is_told),
		ROW("a process without services says who has them",
		    a_process_without_them_says_who_has_them),
	};
	return rows_run("core/service", rows, COUNT_OF(rows));
}
