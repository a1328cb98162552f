/* The request scope and its record of what went wrong. */
#include "base/ctx.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>

void ctx_init(struct ctx *c, struct app *app, struct arena *arena)
{
	*c = (struct ctx){ .app = app, .arena = arena, .clock = &clock_system };
}

void ctx_own_init(struct ctx_own *own, struct app *app)
{
	arena_init(&own->arena, 0);
	ctx_init(&own->c, app, &own->arena);
}

void ctx_own_auto(struct ctx_own *own)
{
	arena_done(&own->arena);
}

void ctx_touch(struct ctx *c, const char *table, int64_t id)
{
	if (!c->touched.table)
		c->touched = (struct touched){ table, id };
}

struct instant ctx_now(const struct ctx *c)
{
	return c->clock->now(c->clock);
}

int64_t ctx_now_s(const struct ctx *c)
{
	return ctx_now(c).us / SECONDS_US(1);
}

bool ctx_is_late(const struct ctx *c)
{
	return c->deadline_us && c->clock->monotonic_us(c->clock) >= c->deadline_us;
}

/* `place`: the member of c->failure that the words are for. The first failure stays. */
static enum app_err record(struct ctx *c, const struct failure *failure, const char **place,
			   const char *format, va_list args)
{
	assert(failure->err != APP_OK);
	if (!c->failure.err) {
		c->failure = *failure;
		*place = arena_vprintf(c->arena, format, args);
	}
	return failure->err;
}

enum app_err ctx_record(struct ctx *c, const struct failure *failure, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	enum app_err err = record(c, failure, &c->failure.text, format, args);
	va_end(args);
	return err;
}

enum app_err ctx_record_cause(struct ctx *c, const struct failure *failure, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	enum app_err err = record(c, failure, &c->failure.cause, format, args);
	va_end(args);
	return err;
}

void ctx_recover(struct ctx *c)
{
	c->failure = (struct failure){ 0 };
}

const char *ctx_failure_text(const struct ctx *c, enum app_err err)
{
	return c->failure.err == err && c->failure.text ? c->failure.text : app_err_text(err);
}

const char *ctx_failure_code(const struct ctx *c, enum app_err err)
{
	return c->failure.err == err && c->failure.code ? c->failure.code : app_err_slug(err);
}
