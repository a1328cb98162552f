/*
 * Whether the server can take requests. However many ask at once, its checks are run for few of
 * them: who asked before a check began shares what it found.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "core/app.h"
#include "core/db.h"
#include "core/http.h"
#include "internal.h"

/* ---- the checks ---- */

static size_t count_checks(const struct app *app)
{
	size_t count = 1; /* the database */
	for (const struct module *const *m = app->modules; *m; m++) {
		for (const struct health_check *check = (*m)->checks; check && check->name; check++)
			count++;
	}
	return count;
}

/* A failed check is part of the answer, not a failure of the request. */
static void run_check(struct ctx *c, const struct health_check *check, struct system_ready *ready)
{
	struct system_check *result = (struct system_check *)ready->checks.items;
	result += ready->checks.count++;
	enum app_err err = check->check(c);
	*result = (struct system_check){ .name = check->name, .ok = !err };
	if (!err)
		return;
	result->detail = ctx_failure_text(c, err);
	ready->status = "unavailable";
	ctx_recover(c);
}

static void run_checks(struct ctx *c, struct system_ready *ret)
{
	ret->status = "ready";
	ret->checks.items = arena_zero(c->arena,
				       count_checks(c->app) * sizeof(struct system_check));
	run_check(c, &(struct health_check){ "database", db_ping }, ret);
	for (const struct module *const *m = c->app->modules; *m; m++) {
		for (const struct health_check *check = (*m)->checks; check && check->name; check++)
			run_check(c, check, ret);
	}
}

/* ---- what the last of them found ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards the next */
static struct {
	const struct app *app; /* whose they are; NULL: nothing is kept nor shared */
	int64_t began_us;
	struct system_ready found; /* its checks and their details are on the heap */
} last;

static void last_forget(void)
{
	struct system_check *checks = (struct system_check *)last.found.checks.items;
	for (size_t i = 0; i < last.found.checks.count; i++)
		free((char *)(uintptr_t)checks[i].detail);
	free(checks);
	last.found.checks = (struct array){ 0 };
	last.began_us = 0;
}

static void last_belongs_to(const struct app *app)
{
	pthread_mutex_lock(&lock);
	last_forget();
	last.app = app;
	pthread_mutex_unlock(&lock);
}

enum app_err system_start(struct ctx *c)
{
	last_belongs_to(c->app);
	return APP_OK;
}

void system_stop(struct ctx *c)
{
	(void)c;
	last_belongs_to(NULL);
}

static void last_copy(const struct system_ready *found)
{
	const struct system_check *from = found->checks.items;
	struct system_check *to = mem_new(found->checks.count, sizeof(*to));
	for (size_t i = 0; i < found->checks.count; i++) {
		to[i] = from[i];
		to[i].detail = from[i].detail ? mem_strdup(from[i].detail) : NULL;
	}
	last.found = *found;
	last.found.checks.items = to;
}

/* What began later is nearer to how things are, though it may have ended before this. */
static void last_keep(const struct ctx *c, int64_t began_us, const struct system_ready *found)
{
	pthread_mutex_lock(&lock);
	if (last.app == c->app && began_us > last.began_us) {
		last_forget();
		last_copy(found);
		last.began_us = began_us;
	}
	pthread_mutex_unlock(&lock);
}

/* In the arena; false when nothing was found that is new enough. */
static bool last_share(const struct ctx *c, struct system_ready *ret)
{
	pthread_mutex_lock(&lock);
	bool is_new = c->asked_us && last.app == c->app && last.began_us >= c->asked_us;
	if (is_new) {
		size_t count = last.found.checks.count;
		const struct system_check *from = last.found.checks.items;
		struct system_check *to = arena_zero(c->arena, count * sizeof(*to));
		for (size_t i = 0; i < count; i++) {
			to[i] = from[i];
			to[i].detail = from[i].detail ? arena_strdup(c->arena, from[i].detail)
						      : NULL;
		}
		*ret = last.found;
		ret->checks.items = to;
	}
	pthread_mutex_unlock(&lock);
	return is_new;
}

/* ---- the operation ---- */

static enum app_err get_ready(struct ctx *c, const struct nothing *in, struct system_ready *ret)
{
	(void)in;
	if (c->app->http)
		http_server_probed(c->app->http);
	if (c->app->http && http_server_is_draining(c->app->http)) {
		ret->status = "stopping";
		return APP_OK;
	}
	if (last_share(c, ret))
		return APP_OK;
	int64_t began_us = c->clock->monotonic_us(c->clock);
	run_checks(c, ret);
	/* one that ran out of its time says nothing of the others' */
	if (c->asked_us && !ctx_is_late(c))
		last_keep(c, began_us, ret);
	return APP_OK;
}

OPERATION_FN(get_ready, struct nothing, struct system_ready)

const struct operation system_ready = {
	.name = "system.ready",
	.summary = "Can it take requests?",
	.doc = "Runs the checks of the database and of every module. 503 when one fails, and while "
	       "the server is stopping.",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.out = &system_ready_schema,
	.vital = true, /* a check may block */
	RUN(get_ready),
};

const struct operation system_health = {
	.name = "system.health",
	.summary = "Can it take requests?",
	.doc = "The same as system.ready, by the name that others know.",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.out = &system_ready_schema,
	.vital = true,
	RUN(get_ready),
};
