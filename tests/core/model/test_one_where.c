/* One row by its id and a condition of the caller: who does not meet it is not there. */
#include "shelf_list.h"

static enum app_err get(int64_t id, const struct model_where *where, struct book *ret)
{
	ctx_recover(c);
	return model_get_where(c, &book_model, id, where, ret);
}

/* ---- which rows ---- */

struct get_case {
	int64_t id;
	struct model_where where;
	enum app_err err;
};

struct get_act {
	const struct get_case *of;
	struct book book;
};

static enum app_err get_run(struct ctx *ctx, void *arg)
{
	struct get_act *act = arg;
	return model_get_where(ctx, &book_model, act->of->id, &act->of->where, &act->book);
}

static void finds(const struct get_case *k, enum app_err err, const struct book *book)
{
	assert_int_equal(err, k->err);
	assert_int_equal(book->id, err ? -1 : k->id);
	if (err)
		store_says_text(&store, APP_NOT_FOUND, "Book not found");
}

/* Outside of a write and inside one, the second time with a text that is known. */
static void condition_decides(void **state)
{
	const struct get_case *k = *state;
	store_do(&store, SQL_SIX);
	for (int i = 0; i < 2; i++) {
		struct book book = { .id = -1 };
		finds(k, get(k->id, &k->where, &book), &book);
		struct get_act act = { .of = k, .book.id = -1 };
		ctx_recover(c);
		finds(k, db_write(c, get_run, &act), &act.book);
	}
}

static void no_condition_lets_every_row_in(void **state)
{
	(void)state;
	struct book book;
	store_do(&store, SQL_SIX);
	must(get(2, NULL, &book));
	assert_string_equal(book.title, "Beta 100%");
	assert_int_equal(get(6, NULL, &book), APP_NOT_FOUND);
}

/* ---- texts that are kept ---- */

static void values_are_of_each_call(void **state)
{
	(void)state;
	struct book book;
	store_do(&store, SQL_SIX);
	for (int64_t id = 1; id <= 5; id++)
		for (int64_t other = 1; other <= 5; other++) {
			const struct model_where is_other = { .sql = "id = $1",
							      .binds = BIND(other) };
			assert_int_equal(get(id, &is_other, &book),
					 id == other ? APP_OK : APP_NOT_FOUND);
		}
}

static void address_is_no_condition(void **state)
{
	(void)state;
	struct book book;
	char sql[] = "rank = 3", or_else[] = "rank = 1";
	const struct model_where where = { .sql = sql, .or_else = or_else };
	store_do(&store, SQL_SIX);
	must(get(1, &where, &book));
	must(get(3, &where, &book));
	strcpy(sql, "rank = 4");
	assert_int_equal(get(1, &where, &book), APP_NOT_FOUND);
	must(get(3, &where, &book));
	strcpy(or_else, "rank = 2");
	assert_int_equal(get(3, &where, &book), APP_NOT_FOUND);
}

/* Not even by who had none just before. */
static void empty_text_lets_nobody_in(void **state)
{
	(void)state;
	struct book book;
	store_do(&store, SQL_SIX);
	must(get(1, NULL, &book));
	assert_int_equal(get(1, &(struct model_where){ .sql = "" }, &book), APP_INTERNAL);
	must(get(1, NULL, &book));
}

static void deleted_ones_are_asked_for_each_time(void **state)
{
	(void)state;
	struct book book;
	struct model_where where = { .sql = "rank = 1", .with_deleted = true };
	store_do(&store, SQL_SIX);
	must(get(6, &where, &book));
	where.with_deleted = false;
	assert_int_equal(get(6, &where, &book), APP_NOT_FOUND);
	where.with_deleted = true;
	must(get(6, &where, &book));
}

static void value_too_many_is_not_the_id(void **state)
{
	(void)state;
	struct book book;
	struct model_where where = { .sql = "rank = $1", .binds = BIND(3) };
	store_do(&store, SQL_SIX);
	must(get(1, &where, &book));
	where.binds = BIND(3, 4);
	must(get(1, &where, &book));
	assert_int_equal(book.id, 1);
}

/* Else it would be the id, or what a client says, such as how many rows a page has. */
static void value_too_few_is_no_other(void **state)
{
	(void)state;
	struct book book;
	struct page page;
	struct list_query query = query_new();
	const struct model_where none = { .sql = "rank = $1" }, second = { .or_else = "rank = $1" };
	const struct model_where one = { .sql = "rank = $2 OR rank = $1", .binds = BIND(9) };
	const struct model_where *const wheres[] = { &none, &second, &one };
	store_do(&store, SQL_SIX);
	query.with_total = false;
	query.per_page = 2;
	for (size_t i = 0; i < COUNT_OF(wheres); i++) {
		int64_t count;
		assert_int_equal(get(3, wheres[i], &book), APP_INTERNAL);
		store_says_cause(&store, "names more values than .binds has");
		ctx_recover(c);
		assert_int_equal(model_list(c, &book_model, &query, wheres[i], &page),
				 APP_INTERNAL);
		ctx_recover(c);
		assert_int_equal(model_count(c, &book_model, wheres[i], &count), APP_INTERNAL);
	}
}

/* More conditions than there are places, of all lengths around what a place takes. */
static void many_and_long_ones_are_told_apart(void **state)
{
	(void)state;
	struct book book;
	store_do(&store, SQL_SIX);
	for (int i = 0; i < 600; i++) {
		const char *sql = arena_printf(&store.scene.arena, "title = '%*s' OR rank = 3", i,
					       "");
		const struct model_where where = { .sql = sql };
		must(get(1, &where, &book));
		assert_int_equal(get(3, &where, &book), APP_NOT_FOUND);
		const struct model_where other = { .sql = "rank = 1", .or_else = sql };
		must(get(3, &other, &book));
		assert_int_equal(get(2, &other, &book), APP_NOT_FOUND);
		must(get(2, NULL, &book));
	}
}

static void takes_one_statement(void **state)
{
	(void)state;
	struct book book;
	const struct model_where where = { .sql = "price > $1", .binds = BIND(1.0) };
	store_do(&store, SQL_SIX);
	statements_count();
	must(get(1, &where, &book));
	assert_int_equal(get(5, &where, &book), APP_NOT_FOUND);
	statements_are(2);
}

/* ---- conditions that a function fills in ---- */

static void is_alpha(struct ctx *ctx, struct model_where *ret)
{
	ret->sql = "title = $1 AND price > $2";
	ret->binds = model_where_binds(ctx, BIND("alpha", 1.0));
}

/* Uses the memory in which the values were made. */
static void is_none(struct ctx *ctx, struct model_where *ret)
{
	ret->sql = "title = $1 AND price > $2";
	ret->binds = model_where_binds(ctx, BIND("none", 9.0));
}

static void values_outlive_the_function(void **state)
{
	(void)state;
	struct book book;
	struct model_where where = { 0 }, none = { 0 };
	store_do(&store, SQL_SIX);
	is_alpha(c, &where);
	is_none(c, &none);
	must(get(1, &where, &book));
	assert_int_equal(get(1, &none, &book), APP_NOT_FOUND);
	assert_int_equal(model_where_binds(c, BIND()).count, 0);
}

#define GET(sentence, ...) CASE_OF(sentence, condition_decides, get_case, __VA_ARGS__)
#define VALUE(number) \
	{ \
		&(struct db_value){ .type = DB_INT, .integer = (number) }, 1 \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		GET("a row that meets the condition is read", .id = 3, .where.sql = "rank = 1"),
		GET("one that does not is not found, by its name", .id = 1, .where.sql = "rank = 1",
		    .err = APP_NOT_FOUND),
		GET("one that is not there is not found in the same words", .id = 9,
		    .where.sql = "rank = 1", .err = APP_NOT_FOUND),
		GET("one of which the condition knows nothing is not found", .id = 2,
		    .where.sql = "rank <> 1", .err = APP_NOT_FOUND),
		GET("the condition has values of its own", .id = 3,
		    .where = { .sql = "author_id = $1", .binds = VALUE(2) }),
		GET("which decide", .id = 3,
		    .where = { .sql = "author_id = $1", .binds = VALUE(1) }, .err = APP_NOT_FOUND),
		GET("the first of two conditions is enough", .id = 1,
		    .where = { .sql = "sold",
			       .or_else = "NOT sold AND author_id = $1",
			       .binds = VALUE(1) }),
		GET("and so is the second", .id = 2,
		    .where = { .sql = "sold",
			       .or_else = "NOT sold AND author_id = $1",
			       .binds = VALUE(1) }),
		GET("the second by itself decides, too", .id = 2,
		    .where = { .or_else = "author_id = $1 AND NOT sold", .binds = VALUE(1) }),
		GET("and lets in nothing else", .id = 1,
		    .where = { .or_else = "author_id = $1 AND NOT sold", .binds = VALUE(1) },
		    .err = APP_NOT_FOUND),
		GET("a row that meets neither is not found", .id = 4,
		    .where = { .sql = "sold",
			       .or_else = "NOT sold AND author_id = $1",
			       .binds = VALUE(1) },
		    .err = APP_NOT_FOUND),
		GET("an OR of the caller lets in no row of another id", .id = 9,
		    .where.sql = "rank = 1 OR rank = 3", .err = APP_NOT_FOUND),
		GET("a deleted row is not found, whatever it meets", .id = 6,
		    .where.sql = "rank = 1 OR rank = 3", .err = APP_NOT_FOUND),
		GET("unless deleted ones are asked for", .id = 6,
		    .where = { .sql = "rank = 1", .with_deleted = true }),
		GET("which must meet it, too", .id = 6,
		    .where = { .sql = "rank = 3", .with_deleted = true }, .err = APP_NOT_FOUND),
		CASE("without a condition it is the row of the id", no_condition_lets_every_row_in),
		CASE("the values are those of each call", values_are_of_each_call),
		CASE("a condition is what it says, not where it is written",
		     address_is_no_condition),
		CASE("a condition of no words is a mistake, not none", empty_text_lets_nobody_in),
		CASE("deleted rows are there for who asks for them, each time",
		     deleted_ones_are_asked_for_each_time),
		CASE("a value too many is not taken for the id", value_too_many_is_not_the_id),
		CASE("nor is the id, or a client's, taken for one too few",
		     value_too_few_is_no_other),
		CASE("many conditions and long ones are told apart",
		     many_and_long_ones_are_told_apart),
		CASE("a row is one statement, whether it meets the condition or not",
		     takes_one_statement),
		CASE("a function fills a condition in with values that outlive it",
		     values_outlive_the_function),
	};
	return store_run("core/model/one_where", rows, COUNT_OF(rows), NULL, NULL);
}
