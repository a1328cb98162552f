/* Cursors that are refused: of other lists, changed, cut, or made up. */
#include "shelf_list.h"
#include "testing/json.h"

struct foreign {
	const char *sort;
	bool filtered, searched, other_model, with_deleted, where;
};

static void refuse(struct list_query *query, const struct model *model,
		   const struct model_where *where)
{
	struct page page;
	ctx_recover(c);
	assert_int_equal(model_list(c, model, query, where, &page), APP_INVALID);
	assert_non_null(c->failure.fields);
	assert_json_equal(c->failure.fields->loc, "['query','cursor']");
	assert_null(c->failure.fields->next);
}

static const char *cursor_of_first_page(struct list_query *query)
{
	query->per_page = 2;
	return list_of(query, NULL).next_cursor.value;
}

static void foreign_cursor_is_refused(void **state)
{
	const struct foreign *k = *state;
	static const struct list_value three = { .type = FIELD_INT, .integer = 3 };
	store_do(&store, SQL_SIX);
	struct list_query query = query_new();
	query_sort(&query, "rank");
	query.cursor = cursor_of_first_page(&query);
	list_of(&query, NULL);
	struct model model = book_model;
	struct model_where where = { .with_deleted = k->with_deleted,
				     .sql = k->where ? "id > 0" : NULL };
	if (k->sort)
		query_sort(&query, k->sort);
	if (k->filtered)
		query.filters[query.filter_count++] = (struct list_filter){ field_of("rank"),
									    LIST_EQ, &three, 1 };
	if (k->searched)
		query.q = "a";
	if (k->other_model)
		model.table = "papers";
	refuse(&query, &model, &where);
}

/* Clients put their parameters in any order. */
static void order_of_filters_says_nothing(void **state)
{
	(void)state;
	static const struct list_value values[] = { { .type = FIELD_INT, .integer = 3 },
						    { .type = FIELD_INT, .integer = 9 } };
	struct list_query query = query_new();
	store_do(&store, SQL_SIX);
	query.filters[0] = (struct list_filter){ field_of("rank"), LIST_NE, &values[0], 1 };
	query.filters[1] = (struct list_filter){ field_of("rank"), LIST_NE, &values[1], 1 };
	query.filter_count = 2;
	query.cursor = cursor_of_first_page(&query);
	query.filters[0].values = &values[1];
	query.filters[1].values = &values[0];
	list_of(&query, NULL);
	query.filters[1].values = &values[1];
	refuse(&query, &book_model, NULL);
}

static void longest_cursor_fits(void **state)
{
	(void)state;
	struct list_query query = query_new();
	store_do(&store, store_either("INSERT INTO books (title, created_at, updated_at) SELECT"
				      " replace(hex(zeroblob(512)), '0', x.c), 1, 1"
				      " FROM (SELECT 'a' AS c UNION SELECT 'b') AS x",
				      "INSERT INTO books (title, created_at, updated_at) SELECT"
				      " repeat(x.c, 1024), 1, 1"
				      " FROM (SELECT 'a' AS c UNION SELECT 'b') AS x"));
	query.per_page = 1;
	query.sort_count = LIST_SORTS_MAX;
	for (size_t i = 0; i < LIST_SORTS_MAX; i++)
		query.sorts[i].field = field_of("title");
	query.cursor = list_of(&query, NULL).next_cursor.value;
	assert_in_range(strlen(query.cursor), LIST_SORTS_MAX * 1024, LIST_CURSOR_MAX);
	list_of(&query, NULL);
}

static void every_changed_byte_is_noticed(void **state)
{
	(void)state;
	store_do(&store, SQL_SIX);
	struct list_query query = query_new();
	char *cursor = arena_strdup(&store.scene.arena, cursor_of_first_page(&query));
	query.cursor = cursor;
	for (size_t i = 0; cursor[i]; i++) {
		char was = cursor[i];
		cursor[i] = was == 'A' ? 'B' : 'A';
		refuse(&query, &book_model, NULL);
		cursor[i] = was;
	}
	for (size_t len = strlen(cursor); len-- > 0;) {
		char *cut = arena_strndup(&store.scene.arena, cursor, len);
		query.cursor = cut;
		refuse(&query, &book_model, NULL);
	}
}

static void nonsense_is_refused(void **state)
{
	store_do(&store, SQL_SIX);
	struct list_query query = query_new();
	query.cursor = *state;
	refuse(&query, &book_model, NULL);
}

/* Three titles that no cursor has room for, and are alike in what it has room for. */
static void add_long_titles(void)
{
	store_do(&store,
		 store_either("INSERT INTO books (title, created_at, updated_at) SELECT"
			      " replace(hex(zeroblob(600)), '0', 'a') || x.c, 1, 1"
			      " FROM (SELECT 'b' AS c UNION SELECT 'c' UNION SELECT 'a') AS x",
			      "INSERT INTO books (title, created_at, updated_at) SELECT"
			      " repeat('a', 1200) || x.c, 1, 1"
			      " FROM (SELECT 'b' AS c UNION SELECT 'c' UNION SELECT 'a') AS x"));
}

static void long_texts_are_sorted_by(void **state)
{
	(void)state;
	add_long_titles();
	struct list_query query = query_new();
	query_sort(&query, "-title");
	query.per_page = 1;
	for (char last = 'c'; last >= 'a'; last--) {
		const struct page page = list_of(&query, NULL);
		const struct book *book = page.items.items;
		assert_int_equal(page.items.count, 1);
		assert_int_equal(book->title[1200], last);
		query.cursor = page.next_cursor.value;
		assert_int_equal(query.cursor != NULL, last > 'a');
	}
}

/* One from whom the row is hidden meanwhile is told nothing of where it stands. */
static void row_of_a_long_text_must_be_there(void **state)
{
	(void)state;
	add_long_titles();
	struct list_query query = query_new();
	query_sort(&query, "title");
	query.cursor = cursor_of_first_page(&query);
	store_do(&store, "DELETE FROM books WHERE title LIKE '%ab'");
	refuse(&query, &book_model, NULL);
}

#define FOREIGN(sentence, ...) CASE_OF(sentence, foreign_cursor_is_refused, foreign, __VA_ARGS__)
#define NONSENSE(sentence, text) \
	{ \
		sentence, nonsense_is_refused, shelf_open, shelf_close, (void *)(uintptr_t)(text) \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		FOREIGN("a cursor of another order is refused", .sort = "-rank"),
		FOREIGN("a cursor of other filters is refused", .filtered = true),
		FOREIGN("a cursor of another q is refused", .searched = true),
		FOREIGN("a cursor of another table is refused", .other_model = true),
		FOREIGN("a cursor of another condition is refused", .where = true),
		FOREIGN("a cursor of another view of deleted rows is refused",
			.with_deleted = true),
		CASE("a cursor does not mind the order of filters", order_of_filters_says_nothing),
		CASE("the longest cursor that is given is taken back", longest_cursor_fits),
		CASE("every changed or missing byte of a cursor is noticed",
		     every_changed_byte_is_noticed),
		NONSENSE("an empty cursor is refused", ""),
		NONSENSE("a cursor that is not base64url is refused", "%%%"),
		NONSENSE("a cursor that nobody signed is refused",
			 "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
		CASE("a list sorted by texts longer than a cursor has all its pages",
		     long_texts_are_sorted_by),
		CASE("a page that ended with such a text needs its row to go on",
		     row_of_a_long_text_must_be_there),
	};
	return store_run("core/model/cursor", rows, COUNT_OF(rows), NULL, NULL);
}
