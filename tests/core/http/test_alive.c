/* threaded */
/*
 * Whether the process lives is answered whatever a stage for all routes waits for, and what is
 * vital waits behind nothing that is not.
 */
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/http/house.h"
#include "modules/system.h"
#include "testing/await.h"
#include "testing/client.h"

/* ---- a module whose stage finds what it asks away ---- */

static atomic_int passed;

static enum app_err find_it_away(struct ctx *c, struct http_exchange *x)
{
	(void)x;
	atomic_fetch_add(&passed, 1);
	return ctx_fail(c, APP_UNAVAILABLE, "it is away");
}

static const struct module_stage stages[] = {
	{
		.name = "keys",
		.place = BEFORE_OPERATION,
		.all_routes = true,
		.blocks = true,
		.run = find_it_away,
		.fails_with = { APP_UNAVAILABLE },
	},
	{ 0 },
};

static enum app_err do_nothing(struct ctx *c, const struct nothing *in, struct nothing *ret)
{
	(void)c, (void)in, (void)ret;
	return APP_OK;
}

OPERATION_FN(do_nothing, struct nothing, struct nothing)

static const struct operation own_live = { .name = "keys.live",
					   .summary = "Is it alive?",
					   .kind = QUERY,
					   .access = ACCESS_PUBLIC,
					   .light = true,
					   .vital = true,
					   RUN(do_nothing) };
static const struct route routes[] = {
	{ GET, "/keys/live", &own_live, .root = true, .status = 204 },
	{ 0 },
};
static const struct module keys = { .name = "keys", .routes = routes, .stages = stages };

/* ---- a module that is vital, too ---- */

enum { LARGE = 40 * 1024, LARGE_BODY = 10 * 1024 };

struct long_word {
	const char *word;
};
SCHEMA(long_word, FIELD(struct long_word, word, .required = true));

static enum app_err tell_all(struct ctx *c, const struct nothing *in, struct long_word *ret)
{
	char *word = arena_zero(c->arena, LARGE + 1);
	(void)in;
	memset(word, 'a', LARGE);
	ret->word = word;
	return APP_OK;
}

OPERATION_FN(tell_all, struct nothing, struct long_word)

static const struct operation long_live = { .name = "words.live",
					    .summary = "Is it alive, in many words?",
					    .kind = QUERY,
					    .access = ACCESS_PUBLIC,
					    .out = &long_word_schema,
					    .light = true,
					    .vital = true,
					    RUN(tell_all) };
/* What answers is its handler. */
static const struct operation words_told = { .name = "words.told",
					     .summary = "Is it alive?",
					     .kind = QUERY,
					     .access = ACCESS_PUBLIC,
					     .vital = true };

static enum app_err answer_word(struct ctx *c, struct http_exchange *x)
{
	(void)c;
	return http_answer(x, 200, "text/plain; charset=utf-8", "text", 4);
}

static const struct route word_routes[] = ROUTES(
	{ GET, "/words/live", &long_live, .root = true },
	{ POST, "/words/told", &words_told, .handle = answer_word, .root = true });
static const struct module words = { .name = "words", .routes = word_routes };

static int open_with_keys(void **state)
{
	static const struct module *const modules[] = { &system_module, &keys, &words, NULL };
	(void)state;
	house_open(modules, NULL);
	return 0;
}

/* ---- rows ---- */

struct alive_case {
	const char *target;
	int status;
	bool passes;
};

static void is_answered(void **state)
{
	const struct alive_case *row = *state;
	struct reply reply;
	int before = atomic_load(&passed);
	client_call(&house_server, &(struct request){ .method = "GET", .target = row->target },
		    &reply);
	assert_int_equal(reply.status, row->status);
	assert_int_equal(atomic_load(&passed) - before, row->passes);
	reply_done(&reply);
}

/* ---- a lane whose one thread has something to do ---- */

struct stuck {
	struct pool_job job;
	sem_t go;
	atomic_bool is_running, is_done;
};

static void stay(struct pool_job *job)
{
	struct stuck *stuck = (struct stuck *)(void *)job;
	atomic_store(&stuck->is_running, true);
	sem_wait(&stuck->go);
	atomic_store(&stuck->is_done, true);
}

struct stuck_case {
	enum pool_lane lane;
	const char *method, *target;
	int status;
	bool passes, has_large_body;
};

static void is_answered_meanwhile(void **state)
{
	const struct stuck_case *row = *state;
	struct stuck stuck = { .job.run = stay };
	char *body = row->has_large_body ? calloc(1, LARGE_BODY + 1) : NULL;
	struct reply reply;
	int before = atomic_load(&passed);
	if (body)
		memset(body, 'a', LARGE_BODY);
	sem_init(&stuck.go, 0, 0);
	assert_int_equal(pool_submit(house_stage.scene.app.pool, row->lane, &stuck.job), APP_OK);
	AWAIT(atomic_load(&stuck.is_running));
	client_call(&house_server,
		    &(struct request){ .method = row->method,
				       .target = row->target,
				       .headers = "Accept-Encoding: gzip\r\n",
				       .body = body },
		    &reply);
	sem_post(&stuck.go);
	AWAIT(atomic_load(&stuck.is_done));
	assert_int_equal(reply.status, row->status);
	assert_int_equal(atomic_load(&passed) - before, row->passes);
	reply_done(&reply);
	sem_destroy(&stuck.go);
	free(body);
}

#define MEANWHILE(sentence, ...) \
	ROW_OF(sentence, is_answered_meanwhile, (&(struct stuck_case){ __VA_ARGS__ }))
#define ASK(sentence, ...) ROW_OF(sentence, is_answered, (&(struct alive_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ASK("a process says that it lives past a stage that must wait", "/health/live", 200,
		    false),
		ASK("whether it is ready it finds out behind that", "/health/ready", 503, true),
		ASK("other light queries are behind it, too", "/version", 503, true),
		ASK("and what the module of the stage has itself", "/keys/live", 503, true),
		MEANWHILE("what is vital waits behind no work, whatever its own stage waits for",
			  POOL_WORK, "GET", "/keys/live", 503, .passes = true),
		MEANWHILE("nor does a long answer of it", POOL_WORK, "GET", "/words/live", 200,
			  .passes = false),
		MEANWHILE("but whoever sends much is not among the vital", POOL_VITAL, "POST",
			  "/words/told", 503, .passes = true, .has_large_body = true),
	};
	return rows_run_with("core/http/alive", rows, COUNT_OF(rows), open_with_keys, house_close);
}
