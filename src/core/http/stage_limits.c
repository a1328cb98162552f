/*
 * The stages that count requests: by the network they come from before anything is looked up, and
 * by the account or its API key once that is known. Who has used up a limit is told when to come
 * again; everyone whom one counts is told what is left of it.
 */
#include "answer_add.h"
#include "answers.h"
#include "exchange.h"
#include "server.h"
#include "stage.h"

/* Of a key; routes begin at even addresses. */
enum limit_by { BY_NETWORK = 0, BY_USER };
/* Keys count by themselves: their numbers are those of no account. */
static const uint64_t KEYS = (uint64_t)1 << 63;

static const struct limits *limits_of(const struct http_exchange *x)
{
	return &x->server->limits;
}

static bool is_limited(const struct route *route)
{
	return route->limit.count != LIMIT_COUNT_NONE;
}

bool when_limited(const struct http_exchange *x)
{
	return limits_of(x)->of_all && x->client_network && is_limited(x->route);
}

bool when_user_limited(const struct http_exchange *x)
{
	return limits_of(x)->of_all && x->c.actor.user_id && !x->user_is_counted &&
	       is_limited(x->route);
}

static int seconds_of(int64_t us)
{
	return (int)((us + SECONDS_US(1) - 1) / SECONDS_US(1));
}

/* The answer tells of the one that has least left. */
static void note(struct http_exchange *x, const struct limit *limit,
		 const struct limit_answer *answer)
{
	if (x->limit.count && answer->allowed && answer->remaining >= x->limit_left.remaining)
		return;
	x->limit = *limit;
	x->limit_left = *answer;
}

static enum app_err take(struct http_exchange *x, struct limit_table *table, struct limit_key key,
			 const struct limit *limit)
{
	const struct limit_answer answer = limit_take(table, key, limit, x->began_us);
	note(x, limit, &answer);
	if (answer.allowed)
		return APP_OK;
	int seconds = seconds_of(answer.retry_us);
	return ctx_fail_retry(&x->c, APP_TOO_MANY, seconds,
			      "Too many requests; try again in %d second%s", seconds,
			      seconds == 1 ? "" : "s");
}

/* By what all routes count together, if anything, and then by the route's own. */
static enum app_err take_both(struct http_exchange *x, enum limit_by by, uint64_t who,
			      const struct limit *of_all, const struct limit *own)
{
	const struct limits *limits = limits_of(x);
	enum app_err err = APP_OK;
	if (of_all->count)
		err = take(x, limits->of_all, limit_key(limits->of_all, by, who), of_all);
	if (err || !own->count)
		return err;
	const struct limit_key key = limit_key(limits->of_routes,
					       (uint64_t)(uintptr_t)x->route | by, who);
	return take(x, limits->of_routes, key, own);
}

enum stage_result stage_limit_network(struct http_exchange *x)
{
	static const struct limit none = { 0 };
	bool is_public = route_access(x->route) == ACCESS_PUBLIC;
	enum app_err err = take_both(x, BY_NETWORK, x->client_network, &limits_of(x)->network,
				     is_public ? &x->route->limit : &none);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

static uint64_t who_of(const struct actor *actor)
{
	return actor->key_id ? KEYS | (uint64_t)actor->key_id : (uint64_t)actor->user_id;
}

enum stage_result stage_limit_user(struct http_exchange *x)
{
	x->user_is_counted = true;
	enum app_err err = take_both(x, BY_USER, who_of(&x->c.actor), &limits_of(x)->user,
				     &x->route->limit);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

void answers_of_limits(const struct router_entry *entry, struct answers *answers)
{
	if (is_limited(entry->route))
		answers->fails |= answers_bit(APP_TOO_MANY);
}

bool when_told_limit(const struct http_exchange *x)
{
	return x->limit.count != 0;
}

static void add_number(struct http_exchange *x, const char *name, int number)
{
	answer_add_header(x, name, arena_printf(&x->arena, "%d", number));
}

enum stage_result stage_tell_limit(struct http_exchange *x)
{
	const struct limit *limit = &x->limit;
	add_number(x, "RateLimit-Limit", limit->burst ? limit->burst : limit->count);
	add_number(x, "RateLimit-Remaining", x->limit_left.remaining);
	add_number(x, "RateLimit-Reset", seconds_of(x->limit_left.reset_us));
	return STAGE_NEXT;
}
