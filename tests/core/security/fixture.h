/* What the tests of core/security share: a scene with a frozen clock and cheap hashing. */
#ifndef CROFT_TESTS_CORE_SECURITY_FIXTURE_H
#define CROFT_TESTS_CORE_SECURITY_FIXTURE_H

#include <string.h>

#include "core/security.h"
#include "testing/rows.h"
#include "testing/scene.h"

#define SECRET "CANARY-secret-of-the-tests-0123456789"
#define NOW 1800000000

static struct instant frozen_now(const struct clock *clock)
{
	(void)clock;
	return (struct instant){ (int64_t)NOW * 1000000 };
}

static const struct clock frozen = { .now = frozen_now };

static const struct security_options cheap = {
	.secret = SECRET,
	.issuer = "croft",
	.hash_memory_kib = 8,
	.hash_passes = 1,
	.hash_running = 1,
	.hash_waiting = 1,
};

static void secure_scene_open(struct scene *scene, const struct security_options *options)
{
	scene_open(scene);
	scene->c.clock = &frozen;
	assert_int_equal(security_new(&scene->c, options, &scene->app.security), APP_OK);
}

static void secure_scene_close(struct scene *scene)
{
	security_drop(scene->app.security);
	scene_close(scene);
}

#endif
