/* Many rows at once: all or none, ids in order, and every faulty row named. */
#include "shelf.h"
#include "testing/json.h"

#include "core/trace.h"

struct batch {
	struct array in;
	int64_t *ids;
};

static enum app_err batch_run(struct ctx *ctx, void *arg)
{
	struct batch *batch = arg;
	return model_insert_many(ctx, &book_model, &book_input_schema, "items", &batch->in,
				 batch->ids);
}

static struct book_input *inputs_new(size_t count)
{
	struct book_input *in = arena_zero(&store.scene.arena, (count + 1) * sizeof(*in));
	for (size_t i = 0; i < count; i++)
		in[i].title = arena_printf(&store.scene.arena, "title %zu", i);
	return in;
}

static enum app_err batch_try(struct book_input *in, size_t count, int64_t *ids)
{
	struct batch batch = { .in = { .items = in, .count = count }, .ids = ids };
	ctx_recover(c);
	return db_write(c, batch_run, &batch);
}

struct many {
	size_t count;
	int every; /* so many rows have a rank: other columns */
	bool no_ids;
};

static void all_are_inserted_in_order(void **state)
{
	const struct many *k = *state;
	struct book_input *in = inputs_new(k->count);
	int64_t *ids = arena_zero(&store.scene.arena, (k->count + 1) * sizeof(*ids));
	for (size_t i = 0; k->every && i < k->count; i += (size_t)k->every)
		in[i].rank = (struct maybe_int){ GIVEN, 100 };
	must(batch_try(in, k->count, k->no_ids ? NULL : ids));
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books"), k->count);
	for (size_t i = 0; !k->no_ids && i < k->count; i++) {
		struct book book;
		must(model_get(c, &book_model, ids[i], &book));
		assert_string_equal(book.title, in[i].title);
		assert_int_equal(book.rank.is == GIVEN, k->every && i % (size_t)k->every == 0);
		assert_int_equal(book.created_at.us, now_is);
	}
}

static void every_faulty_row_is_named(void **state)
{
	(void)state;
	book_add("Emma");
	struct book_input *in = inputs_new(10);
	int64_t ids[10] = { 7 };
	in[1].title = "EMMA";
	in[3].rank = (struct maybe_int){ GIVEN, 13 };
	in[5].author_id = (struct maybe_int){ GIVEN, 99 };
	in[7].title = NULL;
	in[9].title = "title 0";
	assert_int_equal(batch_try(in, 10, ids), APP_INVALID);
	static const struct {
		const char *loc, *msg;
	} expected[] = {
		{ "['body','items',1,'title']", "title is already taken" },
		{ "['body','items',3,'rank']", "rank has a value" },
		{ "['body','items',5]", "does not exist" },
		{ "['body','items',7,'title']", "title must not be null" },
		{ "['body','items',9,'title']", "title is already taken" },
	};
	const struct field_fault *fault = c->failure.fields;
	for (size_t i = 0; i < COUNT_OF(expected); i++, fault = fault->next) {
		assert_non_null(fault);
		assert_json_equal(fault->loc, expected[i].loc);
		assert_non_null(strstr(fault->msg, expected[i].msg));
	}
	assert_null(fault);
	assert_int_equal(ids[0], 7);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books"), 1);
}

/* ---- how many statements that takes ---- */

static int64_t statements_of(struct book_input *in, size_t count, enum app_err want)
{
	int64_t runs = 0;
	int64_t *ids = arena_zero(&store.scene.arena, count * sizeof(*ids));
	struct trace *trace = trace_begin(c);
	assert_int_equal(batch_try(in, count, ids), want);
	for (const struct trace_statement *at = trace_statements(trace); at; at = at->next)
		runs += at->runs;
	trace_end(trace);
	return runs;
}

static void one_faulty_row_is_found_soon(void **state)
{
	(void)state;
	struct book_input *in = inputs_new(1000);
	in[777].title = "TITLE 3";
	int64_t runs = statements_of(in, 1000, APP_INVALID);
	assert_json_equal(c->failure.fields->loc, "['body','items',777,'title']");
	assert_null(c->failure.fields->next);
	if (runs > 80)
		fail_msg("%lld statements", (long long)runs);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books"), 0);
}

/* Each row with other columns than the one before. */
static void columns_may_change_from_row_to_row(void **state)
{
	(void)state;
	struct book_input *in = inputs_new(1000);
	for (int i = 0; i < 1000; i++) {
		in[i].rank = (struct maybe_int){ i % 2 ? GIVEN : ABSENT, 100 };
		in[i].price = (struct maybe_real){ i % 3 ? ABSENT : GIVEN, 7 };
	}
	int64_t runs = statements_of(in, 1000, APP_OK);
	if (store_is_postgres && runs > 40)
		fail_msg("%lld statements", (long long)runs);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books WHERE rank = 100"), 500);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books WHERE rank IS NULL"), 500);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books WHERE price = 7"), 334);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books WHERE price = 1.5"), 666);
}

static void faults_are_bounded(void **state)
{
	(void)state;
	struct book_input *in = inputs_new(300);
	for (int i = 0; i < 300; i++)
		in[i].title = "same";
	assert_int_equal(batch_try(in, 300, NULL), APP_INVALID);
	int count = 0;
	for (const struct field_fault *at = c->failure.fields; at; at = at->next)
		count++;
	assert_int_equal(count, FIELD_FAULTS_MAX);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books"), 0);
}

static void outside_a_write_is_a_mistake(void **state)
{
	(void)state;
	struct array in = { .items = inputs_new(1), .count = 1 };
	assert_int_equal(model_insert_many(c, &book_model, &book_input_schema, "items", &in, NULL),
			 APP_INTERNAL);
	store_says_cause(&store, "outside a write");
}

#define MANY(sentence, ...) CASE_OF(sentence, all_are_inserted_in_order, many, __VA_ARGS__)

int main(void)
{
	const struct CMUnitTest rows[] = {
		MANY("none", .count = 0),
		MANY("one", .count = 1),
		MANY("one statement full", .count = 64),
		MANY("some more than that", .count = 203),
		MANY("rows with different columns", .count = 150, .every = 3),
		MANY("without asking for ids", .count = 1000, .no_ids = true),
		CASE("every faulty row is named, and nothing is inserted",
		     every_faulty_row_is_named),
		CASE("one faulty row of a thousand is found in few statements",
		     one_faulty_row_is_found_soon),
		CASE("columns may change from row to row; what is absent is the default",
		     columns_may_change_from_row_to_row),
		CASE("faults are bounded", faults_are_bounded),
		CASE("outside a write it is a mistake", outside_a_write_is_a_mistake),
	};
	return store_run("core/model/insert_many", rows, COUNT_OF(rows), NULL, NULL);
}
