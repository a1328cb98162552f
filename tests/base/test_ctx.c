/* The request scope: what is recorded of a failure, and the vocabulary of errors. */
#include "base/ctx.h"

#include <string.h>

#include "base/str.h"
#include "testing/rows.h"
#include "testing/scene.h"

static void starts_clean(void **state)
{
	struct scene *s = *state;
	assert_ptr_equal(s->c.arena, &s->arena);
	assert_ptr_equal(s->c.app, &s->app);
	assert_int_equal(s->c.actor.kind, ACTOR_ANONYMOUS);
	assert_int_equal(s->c.failure.err, APP_OK);
	assert_false(ctx_is_late(&s->c));
	assert_string_equal(ctx_failure_text(&s->c, APP_CONFLICT), "Conflict");
	assert_string_equal(ctx_failure_code(&s->c, APP_CONFLICT), "conflict");
}

static void public_text(void **state)
{
	struct scene *s = *state;
	assert_int_equal(ctx_fail(&s->c, APP_CONFLICT, "username '%s' is taken", "ann"),
			 APP_CONFLICT);
	assert_string_equal(ctx_failure_text(&s->c, APP_CONFLICT), "username 'ann' is taken");
	assert_string_equal(ctx_failure_code(&s->c, APP_CONFLICT), "conflict");
	assert_null(s->c.failure.cause);
	assert_non_null(strstr(s->c.failure.file, "test_ctx.c"));
	assert_true(s->c.failure.line > 0);
}

static void cause_stays_private(void **state)
{
	struct scene *s = *state;
	enum app_err err = ctx_fail_cause(&s->c, APP_INTERNAL, "disk %d is gone", 3);
	assert_int_equal(err, APP_INTERNAL);
	assert_string_equal(s->c.failure.cause, "disk 3 is gone");
	assert_string_equal(ctx_failure_text(&s->c, err), "Internal Server Error");
}

static void own_slug(void **state)
{
	struct scene *s = *state;
	enum app_err err = ctx_fail_code(&s->c, APP_UNAUTHENTICATED, "token_expired",
					 "Sign in again");
	assert_int_equal(err, APP_UNAUTHENTICATED);
	assert_string_equal(ctx_failure_code(&s->c, err), "token_expired");
	assert_string_equal(ctx_failure_text(&s->c, err), "Sign in again");
}

static void retry_after(void **state)
{
	struct scene *s = *state;
	assert_int_equal(ctx_fail_retry(&s->c, APP_TOO_MANY, 30, "Wait %d s", 30), APP_TOO_MANY);
	assert_int_equal(s->c.failure.retry_after_s, 30);
	assert_string_equal(ctx_failure_text(&s->c, APP_TOO_MANY), "Wait 30 s");
}

static void first_failure_wins(void **state)
{
	struct scene *s = *state;
	(void)!ctx_fail(&s->c, APP_NOT_FOUND, "no such post");
	assert_int_equal(ctx_fail(&s->c, APP_CONFLICT, "second"), APP_CONFLICT);
	assert_int_equal(ctx_fail_cause(&s->c, APP_INTERNAL, "third"), APP_INTERNAL);
	assert_int_equal(s->c.failure.err, APP_NOT_FOUND);
	assert_string_equal(ctx_failure_text(&s->c, APP_NOT_FOUND), "no such post");
	/* Another error than the recorded one gets its own words, not those of the record. */
	assert_string_equal(ctx_failure_text(&s->c, APP_CONFLICT), "Conflict");
	ctx_recover(&s->c);
	assert_int_equal(s->c.failure.err, APP_OK);
	(void)!ctx_fail(&s->c, APP_CONFLICT, "after recovery");
	assert_string_equal(ctx_failure_text(&s->c, APP_CONFLICT), "after recovery");
}

static void client_text_is_no_format(void **state)
{
	struct scene *s = *state;
	(void)!ctx_fail(&s->c, APP_CONFLICT, "'%s'", "%n%s%x");
	assert_string_equal(ctx_failure_text(&s->c, APP_CONFLICT), "'%n%s%x'");
}

static struct instant frozen_now(const struct clock *clock)
{
	(void)clock;
	return (struct instant){ 1234567 };
}

static int64_t frozen_monotonic(const struct clock *clock)
{
	(void)clock;
	return 500;
}

static void clock_is_swappable(void **state)
{
	struct scene *s = *state;
	static const struct clock frozen = { .now = frozen_now, .monotonic_us = frozen_monotonic };
	s->c.clock = &frozen;
	assert_true(ctx_now(&s->c).us == 1234567);
	s->c.deadline_us = 501;
	assert_false(ctx_is_late(&s->c));
	s->c.deadline_us = 500;
	assert_true(ctx_is_late(&s->c));
	s->c.deadline_us = 0;
	assert_false(ctx_is_late(&s->c));
	s->c.clock = &clock_system;
}

static void errors_are_told_apart(void **state)
{
	(void)state;
	static const enum app_err all[] = {
#define X(name, status, slug, text) name,
		APP_ERR_LIST(X)
#undef X
	};
	assert_int_equal(APP_OK, 0);
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		assert_true(all[i] == APP_OK || app_err_status(all[i]) >= 400);
		assert_non_null(app_err_text(all[i]));
		for (size_t j = 0; j < i; j++) {
			assert_false(str_eq(app_err_slug(all[i]), app_err_slug(all[j])));
		}
	}
}

static int open_scene(void **state)
{
	static struct scene scene;
	scene_open(&scene);
	*state = &scene;
	return 0;
}

static int close_scene(void **state)
{
	scene_close(*state);
	return 0;
}

#define SCENE_ROW(sentence, fn) \
	{ \
		.name = (sentence), .test_func = (fn), .setup_func = open_scene, \
		.teardown_func = close_scene \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		SCENE_ROW("a context starts clean", starts_clean),
		SCENE_ROW("a failure keeps public text, file and line", public_text),
		SCENE_ROW("a cause is not public", cause_stays_private),
		SCENE_ROW("a failure may have its own slug", own_slug),
		SCENE_ROW("a failure may say when to come back", retry_after),
		SCENE_ROW("the first failure wins until recovery", first_failure_wins),
		SCENE_ROW("text from a client is never a format", client_text_is_no_format),
		SCENE_ROW("clock and deadline are the context's", clock_is_swappable),
		ROW("errors differ in slug, and each has a status of failure",
		    errors_are_told_apart),
	};
	return rows_run("base/ctx", rows, COUNT_OF(rows));
}
