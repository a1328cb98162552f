/* Lists: filters, search, order with nulls, pages by number and by cursor, totals. */
#include "shelf_list.h"

/* ---- filters ---- */

struct filter_case {
	const char *field;
	enum list_operator operator;
	struct list_value values[3];
	size_t count;
	const char *q, *sql, *ids;
	bool with_deleted;
};

static void filter_finds(void **state)
{
	const struct filter_case *k = *state;
	store_do(&store, SQL_SIX);
	struct list_query query = query_new();
	if (k->field) {
		query.filters[0] = (struct list_filter){ field_of(k->field), k->operator, k->values,
							 k->count ? k->count : 1 };
		query.filter_count = 1;
	}
	query.q = k->q;
	struct db_value two = db_bind_int(2);
	struct model_where where = { .sql = k->sql,
				     .binds = { &two, k->sql != NULL },
				     .with_deleted = k->with_deleted };
	struct page page = list_of(&query, &where);
	assert_string_equal(ids_of(&page.items), k->ids);
	assert_int_equal(page.total.value, page.items.count);
	assert_int_equal(page.next_cursor.is, IS_NULL);
}

/* ---- order and pages ---- */

struct order_case {
	const char *sort, *ids;
};

/* Together they let every book in. */
static const struct model_where two_parts = {
	.sql = "sold",
	.or_else = "NOT sold AND price > $1",
	.binds = { &(struct db_value){ .type = DB_REAL, .real = -1 }, 1 },
};

static void order_is_total_and_nulls_last(void **state)
{
	const struct order_case *k = *state;
	store_do(&store, SQL_SIX);
	struct list_query query = query_new();
	query_sort(&query, k->sort);
	struct page page = list_of(&query, NULL);
	assert_string_equal(ids_of(&page.items), k->ids);
	page = list_of(&query, &two_parts);
	assert_string_equal(ids_of(&page.items), k->ids);
	assert_int_equal(page.total.value, 5);
}

/* What the pages of the query bring, one after the other. */
static const char *ids_along(struct list_query query, const struct model_where *where)
{
	const char *ids = "";
	for (int pages = 0;; pages++) {
		assert_true(pages < 6);
		struct page page = list_of(&query, where);
		assert_true(page.items.count > 0);
		ids = arena_printf(&store.scene.arena, "%s%s%s", ids, *ids ? " " : "",
				   ids_of(&page.items));
		if (page.next_cursor.is != GIVEN)
			return ids;
		query.cursor = page.next_cursor.value;
	}
}

/* The same by cursor, in pages of every size, and as the pages of numbers are. */
static void walk(const struct order_case *k, const struct model_where *where, int64_t size)
{
	struct list_query query = query_new();
	query_sort(&query, k->sort);
	query.per_page = size;
	assert_string_equal(ids_along(query, where), k->ids);
}

static void cursor_walks_the_same_way(void **state)
{
	const struct order_case *k = *state;
	store_do(&store, SQL_SIX);
	for (int64_t size = 1; size <= 5; size++) {
		walk(k, NULL, size);
		walk(k, &two_parts, size);
	}
}

static void two_parts_are_one_list(void **state)
{
	(void)state;
	store_do(&store, SQL_SIX);
	const struct model_where where = {
		.sql = "author_id = 1",
		.or_else = "rank = $1 AND coalesce(author_id, 0) <> 1",
		.binds = BIND((int64_t)3),
	};
	struct list_query query = query_new();
	query.per_page = 2;
	struct page page = list_of(&query, &where);
	assert_string_equal(ids_of(&page.items), "1 2");
	assert_int_equal(page.total.value, 3);
	query.page = 2;
	page = list_of(&query, &where);
	assert_string_equal(ids_of(&page.items), "4");
	query.page = 1;
	query.q = "elt";
	page = list_of(&query, &where);
	assert_string_equal(ids_of(&page.items), "4");
	assert_int_equal(page.total.value, 1);
	assert_int_equal(count_now(&where), 3);
}

static void pages_are_numbered(void **state)
{
	(void)state;
	store_do(&store, SQL_SIX);
	struct list_query query = query_new();
	query.per_page = 2;
	query.page = 3;
	struct page page = list_of(&query, NULL);
	assert_string_equal(ids_of(&page.items), "5");
	assert_int_equal(page.total.value, 5);
	assert_int_equal(page.pages.value, 3);
	assert_int_equal(page.page, 3);
	query.page = 9;
	page = list_of(&query, NULL);
	assert_int_equal(page.items.count, 0);
	query.with_total = false;
	page = list_of(&query, NULL);
	assert_int_equal(page.total.is, IS_NULL);
	assert_int_equal(page.pages.is, IS_NULL);
}

/* Sixteen filters of a hundred members each, which is all that a client may send. */
static struct list_query query_of_most(const char *field)
{
	struct list_query query = query_new();
	struct list_value *values = arena_zero(&store.scene.arena, LIST_IN_MAX * sizeof(*values));
	for (int i = 0; i < LIST_IN_MAX; i++)
		values[i] = (struct list_value){ .type = FIELD_INT, .integer = i };
	for (size_t i = 0; i < LIST_FILTERS_MAX; i++)
		query.filters[i] = (struct list_filter){ field_of(field), LIST_IN, values,
							 LIST_IN_MAX };
	query.filter_count = LIST_FILTERS_MAX;
	query.per_page = 1;
	return query;
}

static void the_most_filters_are_answered(void **state)
{
	(void)state;
	store_do(&store, SQL_SIX);
	struct list_query query = query_of_most("rank");
	query.q = "a";
	const double low = 1.0;
	const struct model_where where = { .sql = "price > $1", .binds = BIND(low) };
	query_sort(&query, "-rank,title");
	struct page page = list_of(&query, &where);
	assert_string_equal(ids_of(&page.items), "1");
	assert_int_equal(page.total.value, 3);
	query.cursor = page.next_cursor.value;
	page = list_of(&query, &where);
	assert_string_equal(ids_of(&page.items), "4");
}

/* Two conditions, each with and without the value that is sorted by. */
static void the_most_filters_are_answered_in_four_parts(void **state)
{
	(void)state;
	store_do(&store, SQL_SIX);
	struct list_query query = query_of_most("id");
	query_sort(&query, "-rank");
	assert_int_equal(list_of(&query, &two_parts).total.value, 5);
	assert_string_equal(ids_along(query, &two_parts), "4 1 3 5 2");
}

static void an_empty_table_has_no_pages(void **state)
{
	(void)state;
	struct list_query query = query_new();
	struct page page = list_of(&query, NULL);
	assert_int_equal(page.items.count, 0);
	assert_int_equal(page.total.is, GIVEN);
	assert_int_equal(page.total.value, 0);
	assert_int_equal(page.pages.value, 0);
}

static void inserts_do_not_move_a_cursor(void **state)
{
	(void)state;
	store_do(&store, SQL_SIX);
	struct list_query query = query_new();
	query_sort(&query, "created_at");
	query.per_page = 2;
	struct page page = list_of(&query, NULL);
	assert_string_equal(ids_of(&page.items), "1 2");
	store_do(&store,
		 "INSERT INTO books (title, created_at, updated_at) VALUES ('before', 1, 1);"
		 "DELETE FROM books WHERE id = 2");
	query.cursor = page.next_cursor.value;
	page = list_of(&query, NULL);
	assert_string_equal(ids_of(&page.items), "3 4");
}

#define SQL_MANY \
	"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 40000)" \
	" INSERT INTO books (title, created_at, updated_at) SELECT 'b' || x, x / 3, x FROM n"

/* What SQLite did for the statement: how many steps its virtual machine took. */
static int64_t steps_of_last;

static int on_profile(unsigned what, void *arg, void *stmt, void *ns)
{
	(void)what, (void)arg, (void)ns;
	steps_of_last = sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP, 1);
	return 0;
}

static void page_two_thousand_costs_what_page_one_does(void **state)
{
	(void)state;
	if (store_is_postgres)
		skip(); /* counts the steps of SQLite's machine */
	store_do(&store, SQL_MANY);
	struct list_query query = query_new();
	query_sort(&query, "-created_at");
	query.with_total = false;
	struct page first = list_of(&query, NULL);
	query.per_page = 39980;
	query.cursor = list_of(&query, NULL).next_cursor.value;
	query.per_page = 20;
	struct sqlite_conn *conn;
	must(sqlite_reader(c, store.db->state, &conn));
	sqlite3_trace_v2(conn->handle, SQLITE_TRACE_PROFILE, on_profile, NULL);
	struct page last = list_of(&query, NULL);
	int64_t steps_last = steps_of_last;
	query.cursor = NULL;
	list_of(&query, NULL);
	assert_int_equal(last.items.count, 20);
	assert_int_equal(((const struct book *)last.items.items)[19].id, 1);
	assert_int_equal(((const struct book *)first.items.items)[0].id, 40000);
	assert_true(steps_of_last > 0);
	assert_true(steps_last < steps_of_last + steps_of_last / 2);
}

#define INT(n) \
	{ \
		.type = FIELD_INT, .integer = (n) \
	}
#define TEXT(t) \
	{ \
		.type = FIELD_TEXT, .text = (t) \
	}
#define FILTER(sentence, ...) CASE_OF(sentence, filter_finds, filter_case, __VA_ARGS__)
#define ONE(sentence, name, op, value, found) \
	FILTER(sentence, .field = name, .operator= op, .values = { value }, .ids = found)
#define ORDER(terms, found) \
	CASE_OF("order " terms, order_is_total_and_nulls_last, order_case, terms, found), \
		CASE_OF("cursors along " terms, cursor_walks_the_same_way, order_case, terms, \
			found)
int main(void)
{
	const struct CMUnitTest rows[] = {
		FILTER("no filter: all that is not deleted, by id", .ids = "1 2 3 4 5"),
		FILTER("deleted rows are seen when asked for", .with_deleted = true,
		       .ids = "1 2 3 4 5 6"),
		ONE("equal", "rank", LIST_EQ, INT(3), "1 4"),
		ONE("not equal, and null is not either", "rank", LIST_NE, INT(3), "2 3 5"),
		ONE("greater", "created_at", LIST_GT, INT(20), "4 5"),
		ONE("greater or equal", "created_at", LIST_GTE, INT(20), "2 3 4 5"),
		ONE("less", "created_at", LIST_LT, INT(20), "1"),
		ONE("less or equal", "created_at", LIST_LTE, INT(20), "1 2 3"),
		FILTER("a real number", .field = "price", .operator= LIST_EQ,
		       .values = { { .type = FIELD_REAL, .real = 2.5 } }, .ids = "2 4"),
		FILTER("a truth", .field = "sold", .operator= LIST_EQ,
		       .values = { { .type = FIELD_BOOL, .integer = 1 } }, .ids = "1 3 5"),
		FILTER("one of three", .field = "id", .operator= LIST_IN,
		       .values = { INT(5), INT(1), INT(77) }, .count = 3, .ids = "1 5"),
		ONE("contains, in any case", "title", LIST_LIKE, TEXT("ALPH"), "1"),
		ONE("a percent sign is itself", "title", LIST_LIKE, TEXT("0%"), "2"),
		ONE("an underscore is itself", "title", LIST_LIKE, TEXT("a_r"), "3"),
		ONE("a quote is itself", "title", LIST_LIKE, TEXT("' OR 1=1 --"), ""),
		FILTER("is null", .field = "rank", .operator= LIST_ISNULL,
		       .values = { { .type = FIELD_BOOL, .integer = 1 } }, .ids = "2 5"),
		FILTER("is not null", .field = "rank", .operator= LIST_ISNULL,
		       .values = { { .type = FIELD_BOOL, .integer = 0 } }, .ids = "1 3 4"),
		FILTER("q looks through the search fields", .q = "AMM", .ids = "3"),
		FILTER("the caller's condition is one more", .sql = "author_id = $1", .ids = "3 5"),
		FILTER("all conditions hold at once", .sql = "author_id = $1", .field = "rank",
		       .operator= LIST_EQ, .values = { INT(1) }, .q = "gamma", .ids = "3"),
		ORDER("id", "1 2 3 4 5"),
		ORDER("-id", "5 4 3 2 1"),
		ORDER("created_at", "1 2 3 4 5"),
		ORDER("-created_at", "5 4 3 2 1"),
		ORDER("rank", "3 1 4 2 5"),
		ORDER("-rank", "4 1 3 5 2"),
		ORDER("rank,-price", "3 4 1 2 5"),
		ORDER("-price,rank", "3 4 2 1 5"),
		ORDER("rank,author_id", "3 1 4 2 5"),
		ORDER("sold,-rank,title", "4 2 1 3 5"),
		ORDER("-sold,price", "5 1 3 2 4"),
		ORDER("title", "2 1 4 5 3"),
		CASE("two conditions make one list, one total, one search", two_parts_are_one_list),
		CASE("pages are numbered and counted", pages_are_numbered),
		CASE("a list with the most filters of the most members is answered",
		     the_most_filters_are_answered),
		CASE("so is one that is read in four parts, page by page",
		     the_most_filters_are_answered_in_four_parts),
		CASE("an empty table has a total of none", an_empty_table_has_no_pages),
		CASE("inserts and deletes before it do not move a cursor",
		     inserts_do_not_move_a_cursor),
		CASE("page 2,000 by cursor costs what page 1 does",
		     page_two_thousand_costs_what_page_one_does),
	};
	return store_run("core/model/list", rows, COUNT_OF(rows), NULL, NULL);
}
