/* Counts, sums, extremes and averages: of all rows, of some, of none, and by group. */
#include "shelf_list.h"

struct sums {
	struct maybe_int author_id;
	int64_t books, ranks, ranked, dear;
	double prices;
	struct maybe_real average_rank, average_price;
	struct maybe_int least, newest;
	struct maybe_text last_title;
};
SCHEMA(sums,
	FIELD(struct sums, author_id),
	FIELD(struct sums, books),
	FIELD(struct sums, ranks),
	FIELD(struct sums, ranked),
	FIELD(struct sums, dear),
	FIELD(struct sums, prices),
	FIELD(struct sums, average_rank),
	FIELD(struct sums, average_price),
	FIELD(struct sums, least),
	FIELD(struct sums, newest),
	FIELD(struct sums, last_title));

static const struct model_aggregate everything[] = {
	{ MODEL_COUNT, .as = "books" },
	{ MODEL_SUM, "rank", .as = "ranks" },
	{ MODEL_COUNT, "rank", .as = "ranked" },
	{ MODEL_COUNT, .condition = "price > 2", .as = "dear" },
	{ MODEL_SUM, "price", .as = "prices" },
	{ MODEL_AVERAGE, "rank", .as = "average_rank" },
	{ MODEL_AVERAGE, "price", .condition = "sold", .as = "average_price" },
	{ MODEL_MIN, "rank", .as = "least" },
	{ MODEL_MAX, "created_at", .as = "newest" },
	{ MODEL_MAX, "title", .as = "last_title" },
	{ .as = NULL },
};

static struct sums sums_of(struct model_aggregation what)
{
	struct sums sums;
	what.model = &book_model;
	what.aggregates = what.aggregates ? what.aggregates : everything;
	what.out = &sums_schema;
	ctx_recover(c);
	if (model_aggregate(c, &what, &sums))
		fail_msg("%s", c->failure.cause ? c->failure.cause : c->failure.text);
	return sums;
}

static void of_all_rows(void **state)
{
	(void)state;
	store_do(&store, SQL_SIX);
	struct sums sums = sums_of((struct model_aggregation){ 0 });
	assert_int_equal(sums.books, 5);
	assert_int_equal(sums.ranks, 7);
	assert_int_equal(sums.ranked, 2); /* different ones */
	assert_int_equal(sums.dear, 3);
	assert_true(sums.prices == 10.5);
	assert_true(sums.average_rank.value > 2.3 && sums.average_rank.value < 2.4);
	assert_true(sums.average_price.value > 1.8 && sums.average_price.value < 1.9);
	assert_int_equal(sums.least.value, 1);
	assert_int_equal(sums.newest.value, 50);
	assert_string_equal(sums.last_title.value, "gamma_ray");
}

static void of_no_rows(void **state)
{
	(void)state;
	struct sums sums = sums_of((struct model_aggregation){ 0 });
	assert_int_equal(sums.books + sums.ranks + sums.ranked + sums.dear, 0);
	assert_true(sums.prices == 0);
	assert_int_equal(sums.average_rank.is, IS_NULL);
	assert_int_equal(sums.least.is, IS_NULL);
	assert_int_equal(sums.last_title.is, IS_NULL);
}

static void deleted_rows_are_seen_when_asked_for(void **state)
{
	(void)state;
	store_do(&store, SQL_SIX);
	const struct model_where all = { .with_deleted = true };
	struct sums sums = sums_of((struct model_aggregation){ .where = &all });
	assert_int_equal(sums.books, 6);
	assert_int_equal(sums.newest.value, 60);
}

static void conditions_share_the_values(void **state)
{
	(void)state;
	static const struct model_aggregate counts[] = {
		{ MODEL_COUNT, .as = "books" },
		{ MODEL_COUNT, .condition = "rank = $1", .as = "ranked" },
		{ .as = NULL },
	};
	store_do(&store, SQL_SIX);
	const struct model_where where = { .sql = "price < $2", .binds = BIND(3, 3.0) };
	struct sums sums = sums_of(
		(struct model_aggregation){ .aggregates = counts, .where = &where });
	assert_int_equal(sums.books, 4);
	assert_int_equal(sums.ranked, 2);
}

static void filters_of_a_list_count(void **state)
{
	(void)state;
	store_do(&store, SQL_SIX);
	struct list_query query = query_new();
	const struct list_value rank = { .type = FIELD_INT, .integer = 3 };
	query.filters[0] = (struct list_filter){ field_of("rank"), LIST_EQ, &rank, 1 };
	query.filter_count = 1;
	struct sums sums = sums_of((struct model_aggregation){ .query = &query });
	assert_int_equal(sums.books, 2);
	query.q = "delta";
	sums = sums_of((struct model_aggregation){ .query = &query });
	assert_int_equal(sums.books, 1);
}

static void by_group_in_its_order(void **state)
{
	(void)state;
	store_do(&store, SQL_SIX);
	const struct model_where has_author = { .sql = "author_id IS NOT NULL" };
	const struct model_aggregation by_author = { .model = &book_model,
						     .aggregates = everything,
						     .where = &has_author,
						     .out = &sums_schema,
						     .group = "author_id",
						     .group_as = "author_id",
						     .most = 2 };
	struct array groups;
	must(model_aggregate_by(c, &by_author, &groups));
	assert_int_equal(groups.count, 2);
	const struct sums *sums = groups.items;
	assert_int_equal(sums[0].author_id.value, 1);
	assert_int_equal(sums[0].books, 2);
	assert_int_equal(sums[0].ranks, 3);
	assert_int_equal(sums[1].author_id.value, 2);
	assert_true(sums[1].prices == 4.0);
}

static enum app_err groups_try(struct model_aggregation what)
{
	struct array groups;
	what.model = &book_model;
	what.aggregates = everything;
	what.out = &sums_schema;
	ctx_recover(c);
	return model_aggregate_by(c, &what, &groups);
}

static void mistakes_are_named(void **state)
{
	(void)state;
	store_do(&store, SQL_SIX);
	assert_int_equal(groups_try((struct model_aggregation){ .most = 2 }), APP_INTERNAL);
	store_says_cause(&store, "need .group and .group_as");
	assert_int_equal(groups_try((struct model_aggregation){
				 .group = "author_id", .group_as = "author_id", .most = 2 }),
			 APP_INTERNAL);
	store_says_cause(&store, "more than 2 rows");
	struct sums sums;
	ctx_recover(c);
	assert_int_equal(model_aggregate(c,
					 &(struct model_aggregation){ .model = &book_model,
								      .group = "rank" },
					 &sums),
			 APP_INTERNAL);
	store_says_cause(&store, "call model_aggregate_by()");
}

static void a_sum_that_does_not_fit_is_an_error(void **state)
{
	(void)state;
	store_do(&store, "INSERT INTO books (title, rank, created_at, updated_at) VALUES"
			 " ('a', 9223372036854775807, 1, 1), ('b', 1, 1, 1)");
	struct sums sums;
	const struct model_aggregation what = { .model = &book_model,
						.aggregates = everything,
						.out = &sums_schema };
	assert_int_equal(model_aggregate(c, &what, &sums), APP_INTERNAL);
	assert_non_null(c->failure.cause);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("each function sees all rows but deleted ones", of_all_rows),
		CASE("of no rows counts and sums are 0 and the others null", of_no_rows),
		CASE("deleted rows are seen when asked for", deleted_rows_are_seen_when_asked_for),
		CASE("conditions of one aggregate share the values of the whole",
		     conditions_share_the_values),
		CASE("the filters and q of a list choose the rows", filters_of_a_list_count),
		CASE("groups come in their order", by_group_in_its_order),
		CASE("a module's mistakes are named", mistakes_are_named),
		CASE("a sum that does not fit is an error, not a wrong number",
		     a_sum_that_does_not_fit_is_an_error),
	};
	return store_run("core/model/aggregate", rows, COUNT_OF(rows), NULL, NULL);
}
