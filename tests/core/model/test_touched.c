/* The row that a command is about: the first that was written in its name. */
#include "shelf.h"

static void is_about(const char *table, int64_t id)
{
	assert_string_equal(c->touched.table, table);
	assert_int_equal(c->touched.id, id);
	c->touched = (struct touched){ 0 };
}

static void each_write_tells_its_row(void **state)
{
	(void)state;
	struct book book = book_add("first");
	is_about("books", book.id);
	must(act_try(&(struct act){ .what = UPDATE, .id = book.id, .in.title = "second" }));
	is_about("books", book.id);
	must(act_try(&(struct act){ .what = DELETE, .id = book.id }));
	is_about("books", book.id);
	must(act_try(&(struct act){ .what = RESTORE, .id = book.id }));
	is_about("books", book.id);
}

static enum app_err insert_two(struct ctx *ctx, void *ret_ids)
{
	struct book_input in[] = { { .title = "one" }, { .title = "two" } };
	struct array all = { .items = in, .count = 2 };
	return model_insert_many(ctx, &book_model, &book_input_schema, "items", &all, ret_ids);
}

static void of_many_it_is_the_first(void **state)
{
	(void)state;
	int64_t ids[2];
	must(db_write(c, insert_two, ids));
	is_about("books", ids[0]);
}

static void many_without_ids_have_a_table(void **state)
{
	(void)state;
	must(db_write(c, insert_two, NULL));
	is_about("books", 0);
}

static void the_first_row_counts(void **state)
{
	(void)state;
	struct book first = book_add("first");
	book_add("second");
	is_about("books", first.id);
}

static void a_failure_touches_nothing(void **state)
{
	(void)state;
	assert_int_equal(act_try(&(struct act){ .what = DELETE, .id = 7 }), APP_NOT_FOUND);
	assert_int_equal(act_try(&(struct act){ .what = RESTORE, .id = 7 }), APP_NOT_FOUND);
	assert_int_equal(act_try(&(struct act){ .what = UPDATE, .id = 7, .in.title = "x" }),
			 APP_NOT_FOUND);
	assert_null(c->touched.table);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("a row that is made, changed, deleted, brought back is what it is about",
		     each_write_tells_its_row),
		CASE("of many rows it is the first", of_many_it_is_the_first),
		CASE("of many rows whose ids nobody asks for it is the table",
		     many_without_ids_have_a_table),
		CASE("the first row counts", the_first_row_counts),
		CASE("what is not found is not touched", a_failure_touches_nothing),
	};
	return store_run("core/model/touched", rows, COUNT_OF(rows), NULL, NULL);
}
