/* threaded */
/* Whether the process lives is answered whatever a stage for all routes waits for. */
#include <stdatomic.h>

#include "core/http/house.h"
#include "modules/system.h"
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

static int open_with_keys(void **state)
{
	static const struct module *const modules[] = { &system_module, &keys, NULL };
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

#define ASK(sentence, ...) ROW_OF(sentence, is_answered, (&(struct alive_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ASK("a process says that it lives past a stage that must wait", "/health/live", 200,
		    false),
		ASK("whether it is ready it finds out behind that", "/health/ready", 503, true),
		ASK("other light queries are behind it, too", "/version", 503, true),
		ASK("and what the module of the stage has itself", "/keys/live", 503, true),
	};
	return rows_run_with("core/http/alive", rows, COUNT_OF(rows), open_with_keys, house_close);
}
