/*
 * The operation users.stats: how many accounts there are, how old they are on average, and how many
 * came lately. Two queries, for superusers.
 */
#include "base/arena.h"
#include "core/model.h"
#include "internal.h"
#include "roles.h"

struct totals {
	int64_t total, active, superusers;
	/* the moments at which they were created, on average */
	struct maybe_real created;
};
SCHEMA_OF(user_totals_schema, "user_totals", struct totals,
	FIELD(struct totals, total),
	FIELD(struct totals, active),
	FIELD(struct totals, superusers),
	FIELD(struct totals, created));
static const struct model_aggregate totals[] = AGGREGATES(
	{ MODEL_COUNT, .as = "total" }, { MODEL_COUNT, .condition = "is_active", .as = "active" },
	{ MODEL_COUNT, .condition = "is_superuser", .as = "superusers" },
	{ MODEL_AVERAGE, .column = "created_at", .as = "created" });

/* Accounts by the day they were created, counted in days since 1970. */
struct day_count {
	int64_t day, count;
};
SCHEMA_OF(user_day_count_schema, "user_day_count", struct day_count,
	FIELD(struct day_count, day),
	FIELD(struct day_count, count));
static const struct model_aggregate counts_of_day[] = AGGREGATES({ MODEL_COUNT, .as = "count" });

/* Days since a moment, in hundredths; 0 where there is none. */
static double age_of(struct ctx *c, struct maybe_real moment)
{
	if (moment.is != GIVEN)
		return 0;
	double days = ((double)ctx_now(c).us - moment.value) / (double)DAY_US;
	return (double)(int64_t)(days * 100 + 0.5) / 100;
}

static enum app_err totals_read(struct ctx *c, struct user_stats *ret)
{
	const struct model_aggregation all = {
		.model = &user_model,
		.aggregates = totals,
		.out = &user_totals_schema,
	};
	struct totals found;
	enum app_err err = model_aggregate(c, &all, &found);
	if (err)
		return err;
	ret->total = found.total;
	ret->active = found.active;
	ret->superusers = found.superusers;
	ret->average_age_days = age_of(c, found.created);
	return APP_OK;
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

/* Days without a new account have no row, but a place in the answer. */
static void spread(struct ctx *c, const struct array *counts, int64_t first, struct user_stats *ret)
{
	struct user_day *days = arena_zero(c->arena, USER_STATS_DAYS * sizeof(*days));
	for (int64_t i = 0; i < USER_STATS_DAYS; i++)
		days[i].day = (struct date){ first + i };
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
	.doc = "All, their average age, and those created within the last seven days, by day in "
	       "UTC.",
	.kind = QUERY,
	.access = ACCESS_WITH(&users_read),
	.out = &user_stats_schema,
	RUN(get_stats),
};
