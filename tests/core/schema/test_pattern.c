/* Patterns from several threads at once: each thread has its own cache, freed when it ends. */
#include "support/rows.h"

#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "core/schema.h"

struct name {
	const char *name, *slug;
};
SCHEMA(name, FIELD(struct name, name, .pattern = "^[A-Z][a-z]+$"),
       FIELD(struct name, slug, .pattern = "^(?:[a-z0-9]+-)*[a-z0-9]+$"));

enum { THREADS = 4, ROUNDS = 500 };

static enum app_err bind_name(struct arena *arena, const char *body)
{
	struct ctx c;
	struct name got;
	struct input input = { .body = body, .body_len = strlen(body) };
	ctx_init(&c, NULL, arena);
	return schema_bind(&c, &name_schema, &input, &got);
}

static void *bind_often(void *ret_wrong)
{
	AUTO(arena) arena = { 0 };
	int *wrong = ret_wrong;
	for (int i = 0; i < ROUNDS; i++) {
		*wrong += bind_name(&arena, "{\"name\":\"Ada\",\"slug\":\"ada-1\"}") != APP_OK;
		*wrong += bind_name(&arena, "{\"name\":\"ada\"}") != APP_INVALID;
		*wrong += bind_name(&arena, "{\"slug\":\"a--b\"}") != APP_INVALID;
		arena_reset(&arena);
	}
	return NULL;
}

static void threads_match_alike(void **state)
{
	(void)state;
	pthread_t threads[THREADS];
	int wrong[THREADS] = { 0 };
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, bind_often, &wrong[i]), 0);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(wrong[i], 0);
	}
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("four threads match the same patterns", threads_match_alike),
	};
	return rows_run("patterns", rows, COUNT_OF(rows));
}
