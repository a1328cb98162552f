/* One code that several bring at once. */
#ifndef CROFT_TESTS_MODULES_ACCOUNTS_RACE_H
#define CROFT_TESTS_MODULES_ACCOUNTS_RACE_H

#include "modules/accounts/internal.h"

#include "base/thread.h"
#include "testing/stage.h"

struct racer {
	struct stage *s;
	pthread_t thread;
	const struct operation *op;
	const char *json;
	enum app_err err;
};

static void *race_run(void *arg)
{
	struct racer *racer = arg;
	AUTO(ctx_own) own;
	ctx_own_init(&own, &racer->s->scene.app);
	AUTO(buf) out = { 0 };
	own.c.clock = &racer->s->clock.clock;
	racer->err = stage_run(&own.c, racer->op, racer->json, &out);
	return NULL;
}

/* One of four wins, and the code is of no use to the others. */
static void race_one_wins(struct stage *s, const struct operation *op, const char *json)
{
	struct racer racers[4];
	int won = 0;
	for (size_t i = 0; i < COUNT_OF(racers); i++) {
		racers[i] = (struct racer){ .s = s, .op = op, .json = json };
		assert_int_equal(thread_start(&racers[i].thread, "racer", race_run, &racers[i]), 0);
	}
	for (size_t i = 0; i < COUNT_OF(racers); i++) {
		pthread_join(racers[i].thread, NULL);
		won += !racers[i].err;
		assert_true(!racers[i].err || racers[i].err == APP_BAD_REQUEST);
	}
	assert_int_equal(won, 1);
}

#endif
