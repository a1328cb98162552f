/*
 * The operation users.stats: how many accounts there are, and how many came lately. Two queries,
 * for superusers.
 */
#include <string.h>

#include "base/arena.h"
#include "core/model.h"
#include "internal.h"

#define DAY_US SECONDS_US(24 * 60 * 60)

static const struct model_aggregate totals[] = {
	{ MODEL_COUNT, .as = "total" },
	{ MODEL_COUNT, .condition = "is_active", .as = "active" },
	{ MODEL_COUNT, .condition = "is_superuser", .as = "superusers" },
	{ .as = NULL },
};

/* Accounts by the day they were created, counted in days since 1970. */
struct day_count {
	int64_t day, count;
};
SCHEMA_OF(user_day_count_schema, "user_day_count", struct day_count,
	FIELD(struct day_count, day),
	FIELD(struct day_count, count));
static const struct model_aggregate counts_of_day[] = {
	{ MODEL_COUNT, .as = "count" },
	{ .as = NULL },
};

static enum app_err totals_read(struct ctx *c, struct user_stats *ret)
{
	const struct model_aggregation all = {
		.model = &user_model,
		.aggregates = totals,
		.out = &user_stats_schema,
	};
	return model_aggregate(c, &all, ret);
}

static enum app_err days_read(struct ctx *c, int64_t first, struct array *ret)
{
	int64_t end = first + USER_STATS_DAYS;
	const struct model_where lately = { .sql = "created_at >= $1 AND created_at < $2",
					    .binds = BIND(first * DAY_US, end * DAY_US) };
	const struct model_aggregation by_day = {
		.model = &user_model,
		.aggregates = counts_of_day,
		.where = &lately,
		.out = &user_day_count_schema,
		.group = "created_at / 86400000000",
		.group_as = "day",
		.most = USER_STATS_DAYS,
	};
	return model_aggregate_by(c, &by_day, ret);
}

static const char *day_text(struct ctx *c, int64_t day)
{
	char text[INSTANT_TEXT_ROOM];
	instant_text((struct instant){ day * DAY_US }, text);
	return arena_strndup(c->arena, text, strlen("2026-01-02"));
}

/* Days without a new account have no row, but a place in the answer. */
static void spread(struct ctx *c, const struct array *counts, int64_t first, struct user_stats *ret)
{
	struct user_day *days = arena_zero(c->arena, USER_STATS_DAYS * sizeof(*days));
	for (int64_t i = 0; i < USER_STATS_DAYS; i++)
		days[i].day = day_text(c, first + i);
	const struct day_count *count = counts->items;
	for (size_t i = 0; i < counts->count; i++, count++) {
		days[count->day - first].count = count->count;
		ret->new_7_days += count->count;
	}
	ret->by_day = (struct array){ .items = days, .count = USER_STATS_DAYS };
}

static enum app_err get_stats(struct ctx *c, const struct nothing *in, struct user_stats *ret)
{
	(void)in;
	int64_t first = ctx_now(c).us / DAY_US - USER_STATS_DAYS + 1;
	struct array counts;
	enum app_err err = totals_read(c, ret);
	if (!err)
		err = days_read(c, first, &counts);
	if (err)
		return err;
	spread(c, &counts, first, ret);
	return APP_OK;
}

OPERATION_FN(get_stats, struct nothing, struct user_stats)

const struct operation users_stats = {
	.name = "users.stats",
	.summary = "Count the accounts",
	.doc = "All, and those created within the last seven days, by day in UTC.",
	.kind = QUERY,
	.access = ACCESS_SUPERUSER,
	.out = &user_stats_schema,
	RUN(get_stats),
};
