/*
 * Lists that are sorted by what may be null: rows without a value come last, page by page, and an
 * index leads to each page on both databases.
 */
#include "shelf_list.h"

#include "core/trace.h"
#include "testing/postgres.h"

#define SQL_MANY \
	"INSERT INTO authors VALUES (1, 'Ann', NULL);" \
	"INSERT INTO books (title, author_id, rank, price, sold, created_at, updated_at)" \
	" WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)" \
	" SELECT 'title ' || i, 1, CASE WHEN i % 3 > 0 THEN i % 7 END, 1, i % 2 = 0, 1, 1 FROM n;" \
	"CREATE INDEX books_rank ON books (rank, id) WHERE deleted_at IS NULL;" \
	"CREATE INDEX books_sold ON books (sold, rank, id) WHERE deleted_at IS NULL;" \
	"ANALYZE"

static const struct list_value sold = { .type = FIELD_BOOL, .integer = 1 };
static const struct model_where halves = { .sql = "sold = TRUE", .or_else = "sold = FALSE" };

/* ---- the order, walked through ---- */

struct walk {
	const char *sort;
	bool filtered;
	const struct model_where *where;
};

static struct list_query walk_query(const struct walk *walk)
{
	struct list_query query = query_new();
	query_sort(&query, walk->sort);
	if (walk->filtered)
		query.filters[query.filter_count++] = (struct list_filter){ field_of("sold"),
									    LIST_EQ, &sold, 1 };
	return query;
}

/* Whether the second comes after the first. */
static bool is_in_order(const struct book *a, const struct book *b, bool descending)
{
	bool has_a = a->rank.is == GIVEN, has_b = b->rank.is == GIVEN;
	if (has_a != has_b)
		return has_a;
	if (has_a && a->rank.value != b->rank.value)
		return (a->rank.value < b->rank.value) != descending;
	return (a->id < b->id) != descending;
}

/* Each row once, from the first page to the last; pages end on a value, on its last, on null. */
static void pages_are_in_order(void **state)
{
	const struct walk *walk = *state;
	store_do(&store, SQL_MANY);
	struct list_query query = walk_query(walk);
	struct book last = { 0 };
	int64_t seen = 0, total = list_of(&query, walk->where).total.value;
	query.per_page = 90;
	do {
		struct page page = list_of(&query, walk->where);
		const struct book *books = page.items.items;
		for (size_t i = 0; i < page.items.count; last = books[i++])
			assert_true(!seen++ || is_in_order(&last, &books[i], *walk->sort == '-'));
		query.cursor = page.next_cursor.value;
	} while (query.cursor);
	assert_int_equal(seen, total);
	assert_int_equal(total, walk->filtered ? 1000 : 2000);
}

/* ---- the way to a page ---- */

static bool has(const char *plan, const char *part)
{
	return strstr(plan, part) != NULL;
}

/* What the parts bring, a page each, is sorted once at most, and no part by itself. */
static bool sorts_more(const char *plan)
{
	static const char node[] = "Sort  (";
	const char *sort = strstr(plan, node), *parts = strstr(plan, "Append");
	return has(plan, "TEMP B-TREE") ||
	       (sort && (!parts || sort > parts || has(sort + strlen(node), node)));
}

/* And no table is gone through. */
static void judge(const struct trace_statement *at)
{
	bool walks = has(at->plan, "Seq Scan") || has(at->plan, "SCAN books\n");
	if (strstr(at->sql, " LIMIT ") && (sorts_more(at->plan) || walks))
		fail_msg("%s\n%s", at->sql, at->plan);
}

static struct page asked(struct list_query *query, const struct model_where *where)
{
	struct trace *trace = trace_begin(c);
	struct page page = list_of(query, where);
	trace_end(trace);
	for (const struct trace_statement *at = trace_statements(trace); at; at = at->next)
		judge(at);
	return page;
}

/* The first page, one after a row with a value, and one after a row without. */
static void an_index_leads(void **state)
{
	const struct walk *walk = *state;
	store_do(&store, SQL_MANY);
	struct list_query query = walk_query(walk);
	query.with_total = false;
	query.per_page = 100;
	do
		query.cursor = asked(&query, walk->where).next_cursor.value;
	while (query.cursor);
}

static int open_with_indexes(void **state)
{
	if (store_is_postgres)
		postgres_prefer_indexes();
	return shelf_open(state);
}

#define WALK(sentence, ...) \
	{ sentence, pages_are_in_order, open_with_indexes, shelf_close, \
	  (&(struct walk){ __VA_ARGS__ }) }, \
	{ \
		sentence ": an index leads", an_index_leads, open_with_indexes, shelf_close, \
			(&(struct walk){ __VA_ARGS__ }) \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		WALK("ascending", .sort = "rank"),
		WALK("descending", .sort = "-rank"),
		WALK("ascending, with a filter", .sort = "rank", .filtered = true),
		WALK("descending, with a filter", .sort = "-rank", .filtered = true),
		WALK("ascending, of two conditions", .sort = "rank", .where = &halves),
		WALK("descending, of two conditions", .sort = "-rank", .where = &halves),
	};
	return store_run("core/model/nulls", rows, COUNT_OF(rows), NULL, NULL);
}
